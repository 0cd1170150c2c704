"""What is chosen on the canvas: where the keyboard stands, which units and layers are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.canvas.acts import Acts
from gui.canvas.scene import Item, exists, spot_of, stops

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas


class Chosen(QObject):
    """The selection.

    Attributes:
        acts: what can be done with it.
        cursor: the item that the keyboard stands on.
        selected: (layer, unit) of the selected units.
        layers: the layers that are chosen as a whole.

    Signals:
        moved: what mouse or keyboard are at changed; repaint.
        picked(object): what was picked, as in Controller.selection_changed.
    """

    moved = Signal()
    picked = Signal(object)

    def __init__(self, canvas: NetworkCanvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.acts = Acts(canvas)
        self.cursor: Item | None = None
        self.selected: set[tuple[int, int]] = set()
        self.layers: set[int] = set()

    def stand_on(self, item: Item | None) -> None:
        """Move the keyboard to an item, which selects it and tells the others."""
        self.selected = {(int(item[1]), int(item[2]))} if item is not None and item[0] == "unit" else set()
        self.layers = set()
        self.go(item)

    def go(self, item: Item | None) -> None:
        """Move the keyboard to an item; what is chosen stays so."""
        if item != self.cursor:
            self.canvas.close_editor()
        self.cursor = item
        if item is not None:
            self.canvas.reveal(spot_of(self.canvas.geometry_now, item))
        self.moved.emit()
        self.picked.emit(picked_by(item))

    def take(self, item: Item) -> None:
        """Take a unit or a layer into what is chosen, or out of it."""
        layer = int(item[1])
        if item[0] == "unit":
            self.selected ^= {(layer, int(item[2]))}
        elif item[0] in ("head", "block") and layer >= 0:
            self.layers ^= {layer}
        self.moved.emit()

    def choose_all(self) -> None:
        """Choose every hidden layer; without any, nothing."""
        self.stand_on(None)
        self.layers = set(range(len(self.canvas.experiment.network.layers) - 1))
        self.moved.emit()

    def chosen_layers(self) -> set[int]:
        """Return the layers that are chosen: as a whole or by a unit, else the one the keyboard is on."""
        chosen = self.layers | {layer for layer, _ in self.selected}
        return {layer for layer in chosen or self.layer_at_hand() if layer >= 0}

    def layer_at_hand(self) -> set[int]:
        """Return the layer on whose head or block the keyboard stands, when nothing else is chosen."""
        on_layer = self.cursor is not None and self.cursor[0] in ("head", "block")
        if self.cursor is None or not on_layer or self.layers or self.selected:
            return set()
        return {int(self.cursor[1])} - {-1}

    def tidy(self) -> None:
        """Drop what is not there any more after the experiment changed."""
        geometry = self.canvas.geometry_now
        layers = len(geometry.columns) - 1
        self.selected = {
            (layer, unit)
            for layer, unit in self.selected
            if layer < layers and unit < len(geometry.column(layer).units)
        }
        self.layers = {layer for layer in self.layers if layer < layers - 1}
        if self.cursor is not None and not exists(geometry, self.cursor):
            layer = min(int(self.cursor[1]), layers - 1)
            column = geometry.column(layer)
            wanted = [stop for stop in stops(column) if stop[0] in ("unit", "block")]
            self.cursor = wanted[-1] if self.cursor[0] == "unit" else ("head", layer)

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


def picked_by(item: Item | None) -> tuple[str | int, ...] | None:
    """Return what the others are told that was picked."""
    if item is None or (item[0] in ("head", "block", "unit") and int(item[1]) < 0):
        return None
    if item[0] in ("head", "block"):
        return ("layer", item[1])
    return item if item[0] in ("unit", "link") else None
