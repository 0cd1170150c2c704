"""A drop-down list with our arrow, and one that is filled from a table of choices."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from gui.guard import guarded
from gui.i18n import language, name_of, tr
from gui.theme import font, mix, px, theme, themes
from gui.widgets.icons import pixmap

Hints = dict[str, Callable[[], str]]


class ComboBox(QComboBox):
    """A drop-down list; ``kind`` "main" is the larger, bold form."""

    def __init__(self, kind: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setMaxVisibleItems(16)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        themes.changed.connect(self._rescale)
        self._rescale()

    def _rescale(self) -> None:
        self.view().setFont(font("body"))  # not the bold face of the large form
        self.setFixedHeight(px(36 if self.property("kind") == "main" else 28))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel that scrolls past must not change the experiment

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter too; what is typed chooses in the open list only, where one sees what it meets."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showPopup()
        elif event.text().isprintable() and event.text() not in ("", " "):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def showPopup(self) -> None:
        width = self.view().sizeHintForColumn(0) + px(36)
        self.view().setMinimumWidth(max(width, self.width()))
        super().showPopup()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        now, side = theme(), px(16)
        colour = now.muted if self.isEnabled() else mix(now.muted, now.panel, 0.5)
        painter = QPainter(self)
        arrow = pixmap("chevron", colour, side, self.devicePixelRatioF())
        x, y = self.width() - side - px(7), (self.height() - side) / 2
        painter.drawPixmap(QRectF(x, y, side, side), arrow, QRectF(arrow.rect()))


class ChoiceBox(ComboBox):
    """A drop-down list of the keys of one family, shown by their names in the current language.

    Attributes:
        family: the family's name for :func:`gui.i18n.name_of`
        name: the English accessible name, where no label gives it one

    Signals:
        picked(str): the user chose this key
    """

    picked = Signal(str)

    def __init__(self, family: str, keys: Iterable[str] = (), kind: str = "plain", name: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(kind, parent)
        self.family, self.name = family, name
        self._keys: list[str] = []
        self._hints: Hints = {}
        self.set_keys(keys)
        self.activated.connect(self._activated)
        language.changed.connect(self.retranslate)

    def set_keys(self, keys: Iterable[str], hints: Hints | None = None) -> None:
        """Offer these keys, in this order; ``hints`` give tooltips by key."""
        keys = list(keys)
        if keys == self._keys:
            return
        self._keys, self._hints = keys, hints or {}
        self.clear()
        for key in keys:
            self.addItem("", key)
        self.retranslate()

    def keys(self) -> list[str]:
        """Return the keys on offer."""
        return list(self._keys)

    def set_key(self, key: str | None, otherwise: str = "") -> None:
        """Show a key as chosen; None shows the text ``otherwise``."""
        self.setPlaceholderText(otherwise)
        self.setCurrentIndex(self._keys.index(key) if key in self._keys else -1)

    def key(self) -> str | None:
        """Return the key that is shown as chosen."""
        return self.currentData()

    def retranslate(self) -> None:
        """Show every name in the current language."""
        if self.name:
            self.setAccessibleName(tr(self.name))
        for index, key in enumerate(self._keys):
            self.setItemText(index, name_of(self.family, key))
            if key in self._hints:
                self.setItemData(index, self._hints[key](), Qt.ItemDataRole.ToolTipRole)

    def _activated(self, index: int) -> None:
        self.picked.emit(self._keys[index])
