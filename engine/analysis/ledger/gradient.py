"""From what arrives at a layer to the gradient of its parameters, penalties and cut links included."""

import math
from dataclasses import dataclass

import numpy as np

from engine.analysis.ledger.backward import Delta
from engine.analysis.ledger.forward import Tensors, Trace
from engine.analysis.ledger.lines import GRADIENT, Array, Book, Term, term
from engine.experiment import Experiment, Layer
from engine.extras import gradient_penalties, mask_of


@dataclass(frozen=True)
class Place:
    """Which parameter: of a layer's tensor ("weight", "bias", "scale" or "shift"), from source to unit."""

    layer: int
    tensor: str
    source: int | None
    unit: int

    @property
    def array(self) -> str:
        """The name of its array, such as ``layers.0.weight``."""
        return f"layers.{self.layer}.{self.tensor}"

    @property
    def index(self) -> tuple[int, ...]:
        """Where it stands in that array."""
        return (self.unit,) if self.source is None else (self.source, self.unit)

    @property
    def symbol(self) -> str:
        """What the lines of the gradient call it."""
        return {"weight": "w", "bias": "b", "scale": "γ", "shift": "β"}[self.tensor]

    def __str__(self) -> str:
        return f"{self.array}[{','.join(map(str, self.index))}]"


def is_cut(layer: Layer, place: Place) -> bool:
    """Whether the parameter is the weight of a link that is cut."""
    return place.tensor == "weight" and place.index in layer.cut


def _bias_cancels(layer: Layer) -> bool:
    """Whether the batch's mean takes the biases off again."""
    return layer.batch_norm.name == "before" and layer.trainable


def gradients(experiment: Experiment, tensors: Tensors, traces: list[Trace], deltas: list[Delta]) -> Tensors:
    """Return the gradient of the mean loss and penalties by all parameters, by name; 0 for cut links."""
    l1, l2 = gradient_penalties(experiment)
    found: Tensors = {}
    for index, (layer, trace, delta) in enumerate(
        zip(experiment.network.layers, traces, deltas, strict=True)
    ):
        name, n = f"layers.{index}.", len(trace.x)
        w = tensors[f"{name}weight"]
        dw = trace.x.T @ delta.u / n + l1[index] * np.sign(w) + 2 * l2[index] * w
        found[f"{name}weight"] = np.where(mask_of(layer, len(w)) == 0, 0.0, dw)
        found[f"{name}bias"] = delta.u.mean(axis=0) * (0 if _bias_cancels(layer) else 1)
        if delta.normalized is not None and trace.hat is not None:
            found[f"{name}scale"] = (delta.normalized * trace.hat).mean(axis=0)
            found[f"{name}shift"] = delta.normalized.mean(axis=0)
    return found


def write_gradient(
    place: Place, experiment: Experiment, tensors: Tensors, trace: Trace, delta: Delta, book: Book
) -> float:
    """Write the last factor of each row, their mean and what penalties add; return the gradient."""
    book.turn_to(GRADIENT, place.layer)
    layer, symbol = experiment.network.layers[place.layer], place.symbol
    if place.tensor == "bias" and _bias_cancels(layer):
        return book.write("bias_cancels", "g = ∂L/∂b = 0", term("g", 0.0))
    each, name = _rows(place, trace, delta, book)
    grad = book.write("mean_gradient", f"g = ∂L/∂{symbol} = Σᵣ {name} / n", term("g", each.mean()),
                      term(name, each, "batch"), term("n", len(each)))  # fmt: skip
    if place.tensor == "weight":
        grad = _with_penalties(place, experiment, float(tensors[place.array][place.index]), grad, book)
    if is_cut(layer, place):
        grad = book.write("cut", "g ← 0", term("g", 0.0))
    return grad


def _rows(place: Place, trace: Trace, delta: Delta, book: Book) -> tuple[Array, str]:
    """Write the last factor of each row; return the products (rows,) and what each is called in a sum."""
    unit = place.unit
    if place.tensor == "bias":
        return delta.u[:, unit], f"{delta.u_name}ᵣ"
    if place.tensor == "weight":
        arrived = term(delta.u_name, delta.u[:, unit], "row")
        return _products("weight_product", "w", arrived, term("x", trace.x[:, place.source], "row"), book)
    assert delta.normalized is not None and trace.hat is not None
    arrived = term(delta.normalized_name, delta.normalized[:, unit], "row")
    if place.tensor == "shift":
        return arrived.value, f"{arrived.name}ᵣ"
    return _products("scale_product", "γ", arrived, term("h", trace.hat[:, unit], "row"), book)


def _products(kind: str, symbol: str, arrived: Term, below: Term, book: Book) -> tuple[Array, str]:
    name = f"∂ℓ/∂{symbol}"
    formula = f"{name} = {arrived.name} · {below.name}"
    product = term(name, arrived.value * below.value, "row")
    return book.write(kind, formula, product, arrived, below), f"{name}ᵣ"


def _with_penalties(place: Place, experiment: Experiment, w: float, grad: float, book: Book) -> float:
    l1, l2 = (float(each[place.layer]) for each in gradient_penalties(experiment))
    if l1:
        sign = math.copysign(1.0, w) if w else w  # sgn(0) = 0
        grad = book.write("l1_gradient", "g ← g + λ₁ · sgn(w)", term("g", grad + l1 * sign), term("g", grad),
                          term("λ₁", l1), term("w", w))  # fmt: skip
    if l2:
        grad = book.write("l2_gradient", "g ← g + 2 · λ₂ · w", term("g", grad + 2 * l2 * w), term("g", grad),
                          term("λ₂", l2), term("w", w))  # fmt: skip
    return grad
