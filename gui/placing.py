"""Layouts of our own: the list of items that Qt leaves to them, and one that a function places."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Items(QLayout):
    """A layout that knows what is in it; derived ones say where that stands.

    Attributes:
        items: what is in it, in order.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self.items.append(item)

    def count(self) -> int:
        return len(self.items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self.items[index] if 0 <= index < len(self.items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self.items.pop(index) if 0 <= index < len(self.items) else None


class Layout(Items):
    """Has a function place the widgets whenever their room changes; holds no window open."""

    def __init__(self, place: Callable[[QRect], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._placing = place, False

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def minimumSize(self) -> QSize:
        return QSize(0, 0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        if not self._placing:  # what is shown on the way asks for its place once more
            self._placing = True
            self._place(rect)
            self._placing = False
