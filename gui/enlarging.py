"""Cards that can be moved and enlarged, and those for one picture that has left another card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.i18n import language, tr
from gui.views.base import open_below
from gui.widgets.basics import Card, IconButton

if TYPE_CHECKING:
    from gui.views.base import View


class Enlarging(Card):
    """A card that is carried by its head, and asks for the whole window when it is clicked twice.

    Signals:
        enlarged: it was clicked twice.
        carried(QPoint): it was pulled by its head to a point of the screen.
        let_go: the button was let go after that.
    """

    enlarged = Signal()
    carried = Signal(QPoint)
    let_go = Signal()

    def __init__(self, key: str = "", parent: QWidget | None = None, name: str = "") -> None:
        super().__init__(key, parent)
        self._name = name or key
        self._grip: QPoint | None = None
        self._carrying = False
        self.header.setCursor(Qt.CursorShape.OpenHandCursor)
        language.changed.connect(self._say_how)
        self._say_how()

    def called(self) -> str:
        """Return the card's name in the current language."""
        return tr(self._name)

    def head(self) -> QRect:
        """Return the part by which the card is carried."""
        return (
            QRect(0, 0, self.width(), self.header.geometry().bottom()) if self.header.isVisible() else QRect()
        )

    def _say_how(self) -> None:
        self.header.title.setToolTip(tr("Drag to move this card; Alt+Shift and the arrows do it too."))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.enlarged.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = self.mapFromGlobal(event.globalPosition()).toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self.head().contains(point):
            self._grip = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.globalPosition().toPoint()
        if self._grip is None:
            return
        far = (point - self._grip).manhattanLength() >= QApplication.startDragDistance()
        if self._carrying or far:
            self._carrying = True
            self.carried.emit(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            self._grip, carrying, self._carrying = None, self._carrying, False
            if carrying:
                self.let_go.emit()


class Lender(Protocol):
    """A card that can do without some of what it shows."""

    def lend(self, part: str) -> QWidget:
        """Hand out a part by its name."""

    def take_home(self, part: str) -> None:
        """Have a part again."""

    def pictures_of(self, part: str) -> list[View]:
        """Return the pictures of a part, the most important first."""

    def can_lend(self, part: str) -> bool:
        """Whether something is left without a part."""


class PartCard(Enlarging):
    """A card for one part of another card, empty until that part is wanted by itself.

    Attributes:
        part: its name; picture: the first one on it; home: the name of the card that it belongs to.
        out: whether the part is here.
    """

    def __init__(self, part: str, key: str, home: str, lender: Lender) -> None:
        super().__init__(key)
        self.part, self.home, self.out = part, home, False
        self._lender, self.picture = lender, lender.pictures_of(part)[0]
        self.ways = IconButton("more", "Ways to show the picture", kind="flat", size=20)
        self.ways.clicked.connect(lambda: open_below(self.ways, self.picture))
        self.header.row.addWidget(self.ways)
        self.hide()

    def show_title(self, shown: bool) -> None:
        super().show_title(True)  # its name is nowhere else

    def set_out(self, out: bool) -> None:
        """Take the part here, or give it back."""
        if out == self.out:
            return
        self.out = out
        if out:
            widget = self._lender.lend(self.part)
            self.body.addWidget(widget, 1)
            widget.show()
        else:
            self._lender.take_home(self.part)

    def owns(self, widget: QWidget) -> bool:
        """Whether a widget is the part, or a picture of it, wherever it is now."""
        return widget in self._lender.pictures_of(self.part)

    def can_leave(self) -> bool:
        """Whether its home can do without the part."""
        return self.out or self._lender.can_lend(self.part)
