"""From an experiment to the columns' shapes: what their heads say and how wide their names are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetricsF

from engine.rules import dataset_of
from gui.canvas import marks, wording
from gui.canvas.heads import Head, sizes
from gui.canvas.layout import DRAWN_UNITS, Column, Shape
from gui.i18n import name_of, number, tr
from gui.theme import font, px

if TYPE_CHECKING:
    from engine.experiment import Experiment

WIDEST_LABEL = 84


def count(experiment: Experiment, layer: int) -> int:
    """Return how many units a column has; -1 is the inputs."""
    return len(experiment.data.features or ()) if layer < 0 else experiment.network.layers[layer].units


def image_of(experiment: Experiment) -> tuple[int, int] | None:
    """Return (height, width) of the inputs as an image, when all its pixels are inputs."""
    entry = dataset_of(experiment)
    return entry.image if entry.image and experiment.data.features == entry.features else None


def names(experiment: Experiment, layer: int) -> list[str]:
    """Return the names beside a column's units; none for hidden layers, single outputs and blocks."""
    if count(experiment, layer) > DRAWN_UNITS:
        return []
    if layer < 0:
        return [name_of("feature", feature) for feature in experiment.data.features or ()]
    if layer == len(experiment.network.layers) - 1 and count(experiment, layer) > 1:
        return [name_of("class", name) for name in dataset_of(experiment).classes]
    return []


def heads_of(experiment: Experiment) -> list[Head]:
    """Return every column's head, the inputs first."""
    layers = experiment.network.layers
    return [
        Head(
            wording.head_lines(experiment, layer),
            layers[layer].activation if layer >= 0 else None,
            bool(wording.without_gradient(experiment, layer)),
            marks.marks_of(experiment, layer),
        )
        for layer in range(-1, len(layers))
    ]  # fmt: skip


def shapes_of(experiment: Experiment, heads: list[Head]) -> list[Shape]:
    """Return every column's shape, the inputs first."""
    last, image = len(experiment.network.layers) - 1, image_of(experiment)
    return [
        Shape(
            count(experiment, layer), sizes(head), _label_width(names(experiment, layer)),
            hidden=0 <= layer < last, output=layer == last, picture=image if layer == 0 else None,
            ratio=image[0] / image[1] if image and layer < 0 else None, marks=marks.sizes(head.marks),
        )
        for layer, head in enumerate(heads, start=-1)
    ]  # fmt: skip


def skips_of(experiment: Experiment) -> list[tuple[int, int]]:
    """Return (source, layer) of every skip."""
    layers = enumerate(experiment.network.layers)
    return [(layer.skip_from, index) for index, layer in layers if layer.skip_from is not None]


def _label_width(labels: list[str]) -> float:
    """Return the width of the names, of which long ones stand on two lines."""
    if not labels:
        return 0.0
    metrics = QFontMetricsF(font("small", bold=True))
    longest_word = max(metrics.horizontalAdvance(word) for label in labels for word in label.split())
    longest = max(metrics.horizontalAdvance(label) for label in labels)
    return max(longest_word, min(longest, px(WIDEST_LABEL))) + 2


def caption(experiment: Experiment, column: Column) -> str:
    """Return what stands in a block: how many units, and how many of them are shown."""
    if column.block is None:
        return ""
    whole = count(experiment, column.layer)
    if column.block.cells and len(column.block.cells) < whole:
        return tr("{shown} of {count}", shown=number(len(column.block.cells)), count=number(whole))
    words = wording.units_words(whole) if column.layer >= 0 else wording.head_lines(experiment, -1)[0][0]
    fits = QFontMetricsF(font("small")).horizontalAdvance(words) < column.block.caption.width() - px(8)
    return words if fits else number(whole)
