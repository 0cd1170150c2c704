"""What is done to the network on the canvas, each act one step that can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from engine import edits, links
from engine.experiment import Experiment
from engine.layer_copies import copy_layers, paste_layers, remove_units
from gui.canvas.pull import Pull, join
from gui.canvas.scene import Item
from gui.canvas.training_rows import freeze_words, skip_words
from gui.canvas.wording import column_name
from gui.i18n import tr
from gui.puts import Put

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas


COPIED = "relevo_layers"  # what the clipboard's text begins with


class Acts:
    """The edits of one canvas; the controller carries them out and says what is wrong with them."""

    def __init__(self, canvas: NetworkCanvas) -> None:
        self.canvas = canvas

    @property
    def now(self) -> Experiment:
        """The experiment that is edited."""
        return self.canvas.experiment

    def attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None,
                puts: Sequence[Put] = ()) -> None:  # fmt: skip
        """Propose what a function returns."""
        self.canvas.controller.attempt(function, text, place, puts)

    def do(self, item: Item) -> None:
        """Carry out a click on a circle."""
        kind, number, now = item[0], int(item[1]), self.now
        if kind == "insert":
            self.attempt(lambda: edits.insert_layer(now, number), tr("Add a layer"))
        elif kind == "close":
            self.attempt(lambda: edits.remove_layer(now, number), tr("Remove a layer"))
        else:
            self.change_count(item, 1 if kind == "add" else -1)

    def change_count(self, item: Item, by: int) -> None:
        """Give the column of an item one unit more or less; on a circle between heads, add a layer."""
        layer, now = int(item[1]), self.now
        if item[0] == "insert":
            if by > 0:
                self.do(item)
            return
        if layer >= 0:
            count = now.network.layers[layer].units + by
            self.attempt(
                lambda: edits.set_units(now, layer, count),
                tr("Add a unit") if by > 0 else tr("Remove a unit"), f"network.layers[{layer}].units",
            )  # fmt: skip

    def delete(self) -> None:
        """Remove the chosen layers and units, else what the keyboard stands on."""
        hands, now = self.canvas.hands, self.now
        last = len(now.network.layers) - 1
        units = {(layer, unit) for layer, unit in hands.selected if layer >= 0}
        layers = hands.layers | hands.layer_at_hand()
        if layers or {layer for layer, _ in units} - {last}:
            # A rubber band over all columns means what can be removed.
            units = {(layer, unit) for layer, unit in units if layer not in {*layers, last}}
        if layers or units:
            self.attempt(lambda: without(now, layers, units), _removal(now, layers, units))
        elif hands.cursor is not None and hands.cursor[0] == "skip":
            self.skip(None, int(hands.cursor[1]))
        elif hands.cursor is not None and hands.cursor[0] == "link" and not self.is_cut(hands.cursor):
            self.cut(hands.cursor)

    def copy(self) -> None:
        """Put the chosen layers on the clipboard, as text that a file could hold."""
        chosen = sorted(self.canvas.hands.chosen_layers())
        if chosen:
            copies = copy_layers(self.now, chosen)
            QGuiApplication.clipboard().setText(json.dumps({COPIED: copies}, indent=1))

    def paste(self) -> None:
        """Insert the layers of the clipboard behind the chosen ones, else before the output."""
        copies = clipboard_layers()
        if copies:
            self._insert(copies, tr("Paste layers"))

    def duplicate(self) -> None:
        """Insert copies of the chosen layers behind them."""
        chosen = sorted(self.canvas.hands.chosen_layers())
        if chosen:
            self._insert(copy_layers(self.now, chosen), tr("Duplicate layers"))

    def _insert(self, copies: list[dict[str, Any]], text: str) -> None:
        now, hands = self.now, self.canvas.hands
        last = len(now.network.layers) - 1
        index = min(max(hands.chosen_layers(), default=last - 1) + 1, last)
        self.attempt(lambda: paste_layers(now, index, copies), text)
        if self.now is not now:
            hands.stand_on(None)
            hands.layers = set(range(index, index + len(copies)))
            hands.moved.emit()

    def freeze_chosen(self) -> None:
        """Freeze the chosen layers, or unfreeze them when all are frozen."""
        now, chosen = self.now, sorted(self.canvas.hands.chosen_layers())
        if chosen:
            frozen = any(now.network.layers[layer].trainable for layer in chosen)
            self.attempt(
                lambda: reduce(lambda made, layer: links.freeze(made, layer, frozen), chosen, now),
                freeze_words(frozen),
            )

    def skip(self, source: int | None, layer: int) -> None:
        """Lead a skip into a layer, or take it away."""
        now = self.now
        self.attempt(lambda: links.skip(now, source, layer), skip_words(source))

    def freeze(self, layer: int, frozen: bool) -> None:
        """Keep a layer's weights, or train them again."""
        now = self.now
        self.attempt(lambda: links.freeze(now, layer, frozen), freeze_words(frozen))

    def is_cut(self, link: Item) -> bool:
        """Whether a link is cut."""
        layer, unit, later = (int(number) for number in link[1:])
        return (unit, later) in self.now.network.layers[layer].cut

    def cut(self, link: Item) -> None:
        """Cut a link, or join it again."""
        now, cut = self.now, not self.is_cut(link)
        layer, unit, later = (int(number) for number in link[1:])
        self.attempt(
            lambda: links.cut_link(now, layer, unit, later, cut),
            tr("Cut a link") if cut else tr("Join a link"),
        )

    def type_weight(self, link: Item, value: float) -> None:
        """Set a link's weight."""
        now, (layer, unit, later) = self.now, (int(number) for number in link[1:])
        # The same number once more changes no experiment: the training has moved the weight since.
        again = (unit, later, value) in now.network.layers[layer].typed_weights
        self.attempt(
            lambda: links.type_weight(now, layer, unit, later, value), tr("Type a weight"),
            f"network.layers[{layer}].typed_weights[{unit},{later}]",
            [Put(f"layers.{layer}.weight", (unit, later), value)] if again else (),
        )  # fmt: skip

    def type_bias(self, unit: Item, value: float) -> None:
        """Set a unit's bias."""
        now, (layer, number) = self.now, (int(part) for part in unit[1:])
        again = (number, value) in now.network.layers[layer].typed_biases
        self.attempt(
            lambda: links.type_bias(now, layer, number, value), tr("Type a bias"),
            f"network.layers[{layer}].typed_biases[{number}]",
            [Put(f"layers.{layer}.bias", (number,), value)] if again else (),
        )  # fmt: skip

    def pulled(self, pull: Pull) -> None:
        """Make the connection that was drawn; one that is there already is picked."""
        target, now = pull.target, self.now
        if target is None:
            return
        if pull.source[0] == "unit":
            self.canvas.hands.stand_on(("link", int(target[1]), int(pull.source[2]), int(target[2])))
        text = tr("Add a skip") if pull.source[0] == "head" else tr("Join a link")
        self.attempt(lambda: join(now, pull.source, target), text)


def without(experiment: Experiment, layers: set[int], units: set[tuple[int, int]]) -> Experiment:
    """Return the experiment without these layers and these (layer, unit)."""
    for layer in sorted(layers | {layer for layer, _ in units}, reverse=True):
        if layer in layers:
            experiment = edits.remove_layer(experiment, layer)
        else:
            gone = [unit for where, unit in units if where == layer]
            experiment = remove_units(experiment, layer, gone)
    return experiment


def _removal(experiment: Experiment, layers: set[int], units: set[tuple[int, int]]) -> str:
    """Return what a removal is called in the undo list."""
    if layers and units:
        return tr("Delete what is chosen")
    if len(layers) == 1:
        return tr("Remove {name}", name=column_name(experiment, *layers))
    if layers:
        return tr("Remove {count} layers", count=len(layers))
    return tr("Remove a unit") if len(units) == 1 else tr("Remove {count} units", count=len(units))


def clipboard_layers() -> list[dict[str, Any]]:
    """Return the copies of layers on the clipboard; none when something else is there."""
    try:
        copies = json.loads(QGuiApplication.clipboard().text())[COPIED]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return copies if isinstance(copies, list) else []
