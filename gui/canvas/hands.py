"""What mouse and keyboard do on the canvas. The controller carries out every edit, so all can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from gui.canvas.acts import Acts
from gui.canvas.pull import SOURCES, Pull
from gui.canvas.scene import (
    Item,
    column_at,
    exists,
    item_at,
    link_beside,
    neighbour,
    rect_of,
    stops,
    units_in,
)  # fmt: skip

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas

ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
MORE = (Qt.Key.Key_Plus, Qt.Key.Key_Insert)
LESS = (Qt.Key.Key_Minus,)
AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
DO = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TO_LINKS = Qt.Key.Key_L  # from a unit to the links into it
SAME_PLACE = 4  # pixels within which a second click is at the same place
PRESSED = ("insert", "add", "remove", "close")


class Hands(QObject):
    """The state of mouse and keyboard.

    Attributes:
        hovered: the item under the mouse.
        around: the layer whose column the mouse is in.
        cursor: the item that the keyboard stands on.
        selected: (layer, unit) of the selected units.
        band: the rubber band while one is drawn.
        pull: the connection while one is drawn.
        point: where the mouse is.

    Signals:
        moved: hovered, cursor, selection or band changed; repaint.
        picked(object): what was picked, as in Controller.selection_changed.
    """

    moved = Signal()
    picked = Signal(object)

    def __init__(self, canvas: NetworkCanvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.hovered: Item | None = None
        self.around: int | None = None
        self.cursor: Item | None = None
        self.selected: set[tuple[int, int]] = set()
        self.band: QRectF | None = None
        self.pull: Pull | None = None
        self.acts = Acts(canvas)
        self.point = QPointF()
        self._pressed: Item | None = None
        self._from: QPointF | None = None
        self._again: tuple[QPointF, Item] | None = None
        self._closed: Item | None = None  # what the press closed the fields of: its click opens none

    # Mouse

    def item_at(self, point: QPointF) -> Item | None:
        """Return what a click at a point means.

        A second click at the very place of a click on a circle repeats it, though the circle has moved.
        """
        geometry = self.canvas.geometry_now
        if self._again is not None and (point - self._again[0]).manhattanLength() < SAME_PLACE:
            item = self._again[1]
            if rect_of(geometry, item) is not None:
                return item
        found = item_at(geometry, point, self.canvas.weights)
        hidden = found is not None and found[0] in ("remove", "close") and column_at(geometry, point) is None
        return None if hidden else found

    def move(self, event: QMouseEvent) -> None:
        """Follow the mouse: what it is over, or the rubber band."""
        self.point = event.position()
        if self._from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._stretch()
            return
        if self._again is not None and (self.point - self._again[0]).manhattanLength() >= SAME_PLACE:
            self._again = None
        self.hover(self.item_at(self.point), column_at(self.canvas.geometry_now, self.point))

    def hover(self, item: Item | None, around: int | None) -> None:
        """Take note of what the mouse is over."""
        self.hovered, self.around = item, around
        shape = Qt.CursorShape.PointingHandCursor if item else Qt.CursorShape.ArrowCursor
        if self.canvas.cursor().shape() != shape:
            self.canvas.setCursor(shape)
        self.moved.emit()

    def _stretch(self) -> None:
        """Draw a connection from a head or a unit, or the rubber band from elsewhere."""
        assert self._from is not None
        far = (self.point - self._from).manhattanLength() >= QApplication.startDragDistance()
        pressed = self._pressed
        if pressed is not None and pressed[0] in SOURCES and (far or self.pull is not None):
            self.pull = self.pull or Pull(pressed)
            self.hovered = self.item_at(self.point)
            self.pull.over(self.hovered)
            self.moved.emit()
        elif (pressed is None or pressed[0] == "link") and (far or self.band is not None):
            self.band = QRectF(self._from, self.point).normalized()
            self.selected = units_in(self.canvas.geometry_now, self.band)
            self.moved.emit()

    def press(self, event: QMouseEvent) -> None:
        """Note what was pressed; it is done on release, as everywhere."""
        self._closed = self.canvas.close_editor()
        if event.button() == Qt.MouseButton.LeftButton:
            self.point = self._from = event.position()
            self._pressed = self.item_at(self.point)

    def release(self, event: QMouseEvent) -> None:
        """Do what was clicked, or end the rubber band or the connection."""
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return
        self._from = None
        if self.pull is not None:
            pull, self.pull = self.pull, None
            self.moved.emit()
            self.acts.pulled(pull)
            return
        if self.band is not None:
            self.band = None
            self.cursor = None
            self.moved.emit()
            return
        item = self.item_at(event.position())
        if item == self._pressed:
            self.click(item, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            if item is not None and item[0] in ("add", "remove"):
                self._again = (event.position(), item)

    def click(self, item: Item | None, more: bool = False) -> None:
        """Do what a click on an item means; ``more`` adds a unit to the selection."""
        closed, self._closed = self._closed, None
        if item is None:
            self.stand_on(None)
        elif item[0] in PRESSED:
            self.acts.do(item)
        elif item[0] == "mark":
            self.canvas.open_editor(
                int(item[1]), self.canvas.heads[int(item[1]) + 1].marks[int(item[2])].kind
            )
        elif item[0] == "unit" and more:
            self.selected ^= {(int(item[1]), int(item[2]))}
            self.moved.emit()
        else:
            self.stand_on(item)
            self._open(item, closed)

    def _open(self, item: Item, closed: Item | None, typing: bool = False) -> None:
        """Open the fields of an item, unless the click closed them."""
        if item[0] in ("head", "block"):
            if closed != ("head", item[1]):
                self.canvas.open_editor(int(item[1]))
        elif item != closed:
            self.canvas.open_popup(item, typing)

    # Keyboard

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the canvas: once the keyboard stands on something."""
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if not plain or (key in ARROWS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier):
            return False
        if key in AWAY:
            return bool(self.selected) or self.cursor is not None
        known = key in ARROWS or key in MORE + LESS + DO + (Qt.Key.Key_Escape, TO_LINKS)
        return self.cursor is not None and (known or self._types(event))

    def _types(self, event: QKeyEvent) -> bool:
        """Whether a key begins a number that the link or unit under the keyboard gets."""
        if self.cursor is None or self.cursor[0] not in ("link", "unit") or not event.text():
            return False
        return event.text() in ("0123456789,.-" if self.cursor[0] == "link" else "0123456789,.")

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key means; return whether it means anything."""
        if not self.takes(event):
            return False
        key = Qt.Key(event.key())
        if self._types(event):
            self._type(event)
        elif key in ARROWS:
            self.stand_on(neighbour(self.canvas.geometry_now, self.cursor, *ARROWS[key]))
        elif key == Qt.Key.Key_Escape:
            if self.canvas.close_editor() is None:
                self.stand_on(None)
        elif key == TO_LINKS:
            link = link_beside(self.canvas.geometry_now, self.cursor) if self.cursor is not None else None
            self.stand_on(link or self.cursor)
        elif key in AWAY:
            self.acts.delete()
        elif key in DO and self.cursor is not None:
            if self.cursor[0] in PRESSED:
                self.click(self.cursor)
            else:
                self._open(self.cursor, None, typing=True)
        elif self.cursor is not None:
            self.acts.change_count(self.cursor, 1 if key in MORE else -1)
        return True

    def _type(self, event: QKeyEvent) -> None:
        """Hand a key on to the number of the link or unit under the keyboard."""
        assert self.cursor is not None
        self.canvas.open_popup(self.cursor, typing=True)
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            field.keyPressEvent(event)

    def next_column(self, forward: bool) -> bool:
        """Go on to the next column's head; return False behind the last, where Tab leaves the canvas."""
        here = -2 if self.cursor is None else int(self.cursor[1]) - (self.cursor[0] == "insert")
        if self.cursor is None and not forward:
            here = len(self.canvas.geometry_now.columns) - 1
        there = here + 1 if forward else here - 1
        if not -1 <= there < len(self.canvas.geometry_now.columns) - 1:
            self.stand_on(None)
            return False
        self.stand_on(("head", there))
        return True

    def stand_on(self, item: Item | None) -> None:
        """Move the keyboard to an item, which selects it and tells the others."""
        if item != self.cursor:
            self.canvas.close_editor()
        self.cursor = item
        self.selected = {(int(item[1]), int(item[2]))} if item is not None and item[0] == "unit" else set()
        self.moved.emit()
        self.picked.emit(picked_by(item))

    def tidy(self) -> None:
        """Drop what is not there any more after the experiment changed."""
        geometry = self.canvas.geometry_now
        layers = len(geometry.columns) - 1
        self.selected = {
            (layer, unit)
            for layer, unit in self.selected
            if layer < layers and unit < len(geometry.column(layer).units)
        }
        there = self.canvas.underMouse() and self.hovered is not None
        self.hovered = self.item_at(self.point) if there else None
        self.around = column_at(geometry, self.point) if there else None
        self.pull = None
        if self.cursor is not None and not exists(geometry, self.cursor):
            layer = min(int(self.cursor[1]), layers - 1)
            column = geometry.column(layer)
            wanted = [stop for stop in stops(column) if stop[0] in ("unit", "block")]
            self.cursor = wanted[-1] if self.cursor[0] == "unit" else ("head", layer)


def picked_by(item: Item | None) -> tuple[str | int, ...] | None:
    """Return what the others are told that was picked."""
    if item is None or (item[0] in ("head", "block", "unit") and int(item[1]) < 0):
        return None
    if item[0] in ("head", "block"):
        return ("layer", item[1])
    return item if item[0] in ("unit", "link") else None
