"""What the card beside the mouse says, and the popups: live numbers and the formulas they stand in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gui.canvas import shapes
from gui.canvas.wording import column_name, head_card, signed, skip_card
from gui.i18n import name_of, number, tr
from gui.widgets.formula import formula_words

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.canvas.canvas import NetworkCanvas
    from gui.canvas.scene import Item

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
ONE_LINE = 40  # letters of a formula


def lines_of(canvas: NetworkCanvas, item: Item) -> list[str]:
    """Return what the card says about an item."""
    kind, layer, experiment = item[0], int(item[1]), canvas.experiment
    marks = [mark.sentence for mark in canvas.heads[layer + 1].marks] if kind != "insert" else []
    if kind == "link":
        return link_lines(canvas, layer, int(item[2]), int(item[3]))
    if kind == "unit":
        return unit_lines(canvas, layer, int(item[2]))
    if kind in ("head", "block"):
        return [*head_card(experiment, layer), *marks]
    if kind == "mark":
        return [marks[int(item[2])]]
    if kind == "skip":
        return [skip_card(experiment, layer)]
    return [circle_card(str(kind))]


def circle_card(kind: str) -> str:
    """Return what a click on a circle does."""
    return {
        "insert": tr("Add a layer here"),
        "add": tr("Add a unit"),
        "remove": tr("Remove a unit"),
        "close": tr("Remove this layer"),
    }[kind]


def unit_name(experiment: Experiment, layer: int, unit: int) -> str:
    """Return what a unit is called, in full: ``Layer 2 · unit 3``, ``Input x₁``."""
    names = shapes.names(experiment, layer)
    name = names[unit] if unit < len(names) else ""
    if layer < 0:
        return tr("Input {name}", name=name or number(unit + 1))
    title = f"{column_name(experiment, layer)} · " + tr("unit {number}", number=unit + 1)
    return f"{title} · {name}" if name else title


def symbol(experiment: Experiment, layer: int, unit: int) -> str:
    """Return what formulas call the output of a unit: ``x₁`` for an input, ``a₃`` for others."""
    if layer < 0:
        return name_of("feature", (experiment.data.features or ())[unit])
    return "a" + str(unit + 1).translate(_LOWERED)


def unit_lines(canvas: NetworkCanvas, layer: int, unit: int) -> list[str]:
    """Return a unit's name, its bias and what it computes."""
    title = unit_name(canvas.experiment, layer, unit)
    if layer < 0:
        return [title]
    bias = canvas.bias(layer, unit)
    formulas = unit_formulas(canvas.experiment, layer)
    if bias is None:
        return [title, *formulas]
    slope = canvas.bias_gradient(layer, unit)
    live = tr("bias {value}", value=signed(bias))
    if slope is not None and math.isfinite(slope):
        live += " · " + tr("gradient {value}", value=signed(slope, 2))
    return [title, live, *formulas]


def unit_formulas(experiment: Experiment, layer: int) -> list[str]:
    """Return what a unit of a layer computes, step by step."""
    here = experiment.network.layers[layer]
    z = "z = Σ w · x + b"
    if here.batch_norm.name == "before":
        z += ";  " + formula_words(tr(here.batch_norm.entry.formula))
    if here.skip_from is not None:
        z += ";  " + tr("z ← z + output of {name}", name=column_name(experiment, here.skip_from))
    name = name_of("activations", here.activation.name)
    formula = formula_words(tr(here.activation.entry.formula))
    if formula == "z":
        return [z, unbroken("a = z")]
    return [z, f"{unbroken(f'a = {name}(z)')} {unbroken(f'= {formula}')}"]


def unbroken(formula: str) -> str:
    """Return a formula that no line ends in, where it is short enough to stand in one line."""
    return formula.replace(" ", "\N{NO-BREAK SPACE}") if len(formula) <= ONE_LINE else formula


def link_lines(canvas: NetworkCanvas, layer: int, unit: int, later: int) -> list[str]:
    """Return a link's weight, its gradient, and what raising it would do to the loss."""
    experiment, weight = canvas.experiment, canvas.weight(layer, unit, later)
    if (unit, later) in experiment.network.layers[layer].cut:
        return [tr("This link is cut: its weight stays 0. A click offers to join it.")]
    if weight is None:
        return [tr("weight")]
    if not math.isfinite(weight):
        return [tr("weight {value}: the training has diverged", value=number(weight))]
    gradient = canvas.gradient(layer, unit, later)
    if gradient is None or not math.isfinite(gradient):
        return [tr("weight {value}", value=signed(weight)), _kind(weight)]
    live = tr("weight {value} · gradient {gradient}", value=signed(weight), gradient=signed(gradient, 2))
    return [live, effect(gradient), gradient_formula(experiment, layer, unit, later)]


def gradient_formula(experiment: Experiment, layer: int, unit: int, later: int) -> str:
    """Return where a link's gradient comes from, its delta being that of the unit it leads to."""
    before = symbol(experiment, layer - 1, unit)
    delta = "δ" + str(later + 1).translate(_LOWERED)
    return tr("∂L/∂w = mean of {delta} · {source} over the training rows", delta=delta, source=before)


def _kind(weight: float) -> str:
    return tr("no weight") if weight == 0 else tr("positive") if weight > 0 else tr("negative")


def effect(gradient: float) -> str:
    """Return what raising a weight does to the loss."""
    if gradient == 0:
        return tr("changing this weight a little leaves the loss as it is")
    if gradient < 0:
        return tr("raising this weight lowers the loss")
    return tr("raising this weight raises the loss")
