"""A check box for what is either on or off, with the face of a number field."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton, QWidget

from gui.guard import guarded
from gui.theme import px, theme, themes
from gui.widgets.icons import pixmap


class Switch(QCheckBox):
    """On or off; its caption stands elsewhere, as that of a number field does.

    Attributes:
        value: whether it is on

    Signals:
        committed(bool): the user turned it over
    """

    committed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self.committed)
        themes.changed.connect(self._rescale)
        self._rescale()

    def _rescale(self) -> None:
        self.setFixedHeight(px(28))

    @property
    def value(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    def set_value(self, value: float) -> None:
        """Show it on or off without proposing anything."""
        self.setChecked(bool(value))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, and in it the tick, which a style sheet cannot colour."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        tick = pixmap("check", theme().accent_text, box.width(), self.devicePixelRatioF())
        QPainter(self).drawPixmap(box.topLeft(), tick)
