"""What is done to the network on the canvas, each act one step that can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine import edits, links
from engine.experiment import Experiment
from gui.canvas.pull import Pull, join
from gui.canvas.scene import Item
from gui.canvas.training_rows import freeze_words, skip_words
from gui.canvas.wording import column_name
from gui.i18n import tr
from gui.puts import Put

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas


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
        """Remove the selected units, else the layer, unit or skip that the keyboard stands on."""
        hands, now = self.canvas.hands, self.now
        counts = Counter(layer for layer, _ in hands.selected if layer >= 0)
        if counts:
            last = len(now.network.layers) - 1
            if counts.keys() - {last}:
                counts.pop(last, None)  # a rubber band over all columns means what can be removed
            one = counts.total() == 1
            text = tr("Remove a unit") if one else tr("Remove {count} units", count=counts.total())
            self.attempt(lambda: without_units(now, counts), text)
        elif hands.cursor is not None and hands.cursor[0] in ("head", "block") and int(hands.cursor[1]) >= 0:
            layer = int(hands.cursor[1])
            text = tr("Remove {name}", name=column_name(now, layer))
            self.attempt(lambda: edits.remove_layer(now, layer), text)
        elif hands.cursor is not None and hands.cursor[0] == "skip":
            self.skip(None, int(hands.cursor[1]))
        elif hands.cursor is not None and hands.cursor[0] == "link" and not self.is_cut(hands.cursor):
            self.cut(hands.cursor)

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


def without_units(experiment: Experiment, counts: Counter[int]) -> Experiment:
    """Return the experiment with so many units fewer in each layer; a layer without any goes."""
    for layer in sorted(counts, reverse=True):
        units = experiment.network.layers[layer].units - counts[layer]
        experiment = edits.set_units(experiment, layer, max(units, 0))
    return experiment
