"""A layout that leaves it to a function where its widgets stand."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Layout(QLayout):
    """Has a function place the widgets whenever their room changes; holds no window open."""

    def __init__(self, place: Callable[[QRect], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._placing = place, False
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

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
