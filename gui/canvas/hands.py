"""What mouse and keyboard do on the canvas. The controller carries out every edit, so all can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from engine import edits
from gui.canvas.scene import Item, column_at, item_at, neighbour, rect_of, stops, units_in
from gui.canvas.wording import column_name
from gui.i18n import tr

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.canvas.canvas import NetworkCanvas

Edit = tuple[Callable[[], "Experiment"], str, str | None]

ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
MORE = (Qt.Key.Key_Plus, Qt.Key.Key_Insert)
LESS = (Qt.Key.Key_Minus,)
AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
DO = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
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
        self.point = QPointF()
        self._pressed: Item | None = None
        self._from: QPointF | None = None
        self._again: tuple[QPointF, Item] | None = None
        self._closed: int | None = None  # the layer whose fields the press closed: its click opens none

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
        """Draw the rubber band, once the mouse went far enough from an empty place."""
        assert self._from is not None
        far = (self.point - self._from).manhattanLength() >= QApplication.startDragDistance()
        free = self._pressed is None or self._pressed[0] in ("link", "unit")
        if free and (far or self.band is not None):
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
        """Do what was clicked, or end the rubber band."""
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return
        self._from = None
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
        if item is None:
            self.stand_on(None)
        elif item[0] in PRESSED:
            self.do(item)
        elif item[0] == "unit" and more:
            self.selected ^= {(int(item[1]), int(item[2]))}
            self.moved.emit()
        else:
            self.stand_on(item)
            if item[0] in ("head", "block") and item[1] != self._closed:
                self.canvas.open_editor(int(item[1]))
            self._closed = None

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
        return self.cursor is not None and (key in ARROWS or key in MORE + LESS + DO + (Qt.Key.Key_Escape,))

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key means; return whether it means anything."""
        if not self.takes(event):
            return False
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.stand_on(neighbour(self.canvas.geometry_now, self.cursor, *ARROWS[key]))
        elif key == Qt.Key.Key_Escape:
            self.stand_on(None)
        elif key in AWAY:
            self.delete()
        elif key in DO and self.cursor is not None:
            self.click(self.cursor)
        elif self.cursor is not None:
            self._change_count(self.cursor, 1 if key in MORE else -1)
        return True

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
        if self.cursor is not None and rect_of(geometry, self.cursor) is None:
            layer = min(int(self.cursor[1]), layers - 1)
            column = geometry.column(layer)
            wanted = [stop for stop in stops(column) if stop[0] in ("unit", "block")]
            self.cursor = wanted[-1] if self.cursor[0] == "unit" else ("head", layer)

    # Edits

    def do(self, item: Item) -> None:
        """Carry out a click on a circle."""
        kind, number = item[0], int(item[1])
        experiment = self.canvas.experiment
        if kind == "insert":
            self._attempt(lambda: edits.insert_layer(experiment, number), tr("Add a layer"))
        elif kind == "close":
            self._attempt(lambda: edits.remove_layer(experiment, number), tr("Remove a layer"))
        else:
            self._change_count(item, 1 if kind == "add" else -1)

    def _change_count(self, item: Item, by: int) -> None:
        """Give the column of an item one unit more or less; on a circle between heads, add a layer."""
        layer, experiment = int(item[1]), self.canvas.experiment
        if item[0] == "insert":
            if by > 0:
                self.do(item)
            return
        if layer >= 0:
            count = experiment.network.layers[layer].units + by
            self._attempt(
                lambda: edits.set_units(experiment, layer, count),
                tr("Add a unit") if by > 0 else tr("Remove a unit"), f"network.layers[{layer}].units",
            )  # fmt: skip

    def delete(self) -> None:
        """Remove the selected units, else the layer or unit that the keyboard stands on."""
        experiment = self.canvas.experiment
        counts = Counter(layer for layer, _ in self.selected if layer >= 0)
        if counts:
            last = len(experiment.network.layers) - 1
            if counts.keys() - {last}:
                counts.pop(last, None)  # a rubber band over all columns means what can be removed
            text = (
                tr("Remove a unit")
                if counts.total() == 1
                else tr("Remove {count} units", count=counts.total())
            )
            self._attempt(lambda: without_units(experiment, counts), text)
        elif self.cursor is not None and self.cursor[0] in ("head", "block") and int(self.cursor[1]) >= 0:
            layer = int(self.cursor[1])
            text = tr("Remove {name}", name=column_name(experiment, layer))
            self._attempt(lambda: edits.remove_layer(experiment, layer), text)

    def _attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None) -> None:
        self.canvas.controller.attempt(function, text, place)


def picked_by(item: Item | None) -> tuple[str | int, ...] | None:
    """Return what the others are told that was picked."""
    if item is None or (item[0] in ("head", "block", "unit") and int(item[1]) < 0):
        return None
    if item[0] in ("head", "block"):
        return ("layer", item[1])
    return item if item[0] in ("unit", "link") else None


def without_units(experiment: Experiment, counts: Counter[int]) -> Experiment:
    """Return the experiment with so many units fewer in each layer; a layer without any goes."""
    for layer in sorted(counts, reverse=True):
        units = experiment.network.layers[layer].units - counts[layer]
        experiment = edits.set_units(experiment, layer, max(units, 0))
    return experiment
