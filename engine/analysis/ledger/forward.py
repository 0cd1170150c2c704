"""The way forward, layer by layer, and the loss: each step a line.

The order within a layer, of which most have only the first and the third step (:mod:`engine.blocks`):

    u = Σ x w + b;  z = norm(u) + s;  a = f(z);  o = d · norm(a)

A step that a layer has not is left out, and the name of the next one stands in its place: without
normalization and skip the sum itself is called z.
"""

from dataclasses import dataclass

import numpy as np

from engine.analysis.ledger.functions import ACTIVATIONS, PERCEPTRON_RULE, Loss, softmax
from engine.analysis.ledger.functions import LOSSES as LOSS_FUNCTIONS
from engine.analysis.ledger.lines import FORWARD, LOSS, Array, Book, term
from engine.choice import Choice
from engine.choices import ACTIVATIONS as ENTRIES
from engine.experiment import Experiment, Layer
from engine.extras import penalties
from engine.rules import is_perceptron

Tensors = dict[str, Array]


@dataclass(frozen=True, eq=False)
class Trace:
    """What one layer computed for the rows, as far as the way back needs it.

    Attributes
    ----------
    x : (rows, inputs) what entered
    z, a, out : (rows, units) pre-activations, activations and what is handed on
    kept : (rows, units) the factors of dropout, or None
    hat : (rows, units) the numbers brought to mean 0 and variance 1, or None
    variance : (units,) by which that was done, or None
    """

    x: Array
    z: Array
    a: Array
    out: Array
    kept: Array | None
    hat: Array | None
    variance: Array | None


def forward(
    experiment: Experiment, tensors: Tensors, x: Array, kept: dict[int, Array], book: Book
) -> list[Trace]:
    """Write every layer's lines for the rows of a batch.

    Parameters
    ----------
    tensors : all parameters by name
    x : (rows, inputs)
    kept : the factors of dropout by layer
    """
    traces: list[Trace] = []
    for index, layer in enumerate(experiment.network.layers):
        book.turn_to(FORWARD, index)
        own = {name.rpartition(".")[2]: array for name, array in tensors.items()
               if name.startswith(f"layers.{index}.")}  # fmt: skip
        skipped = None if layer.skip_from is None else traces[layer.skip_from].out
        traces.append(_layer(layer, own, x, skipped, kept.get(index), book))
        x = traces[-1].out
    return traces


def _layer(
    layer: Layer, own: Tensors, x: Array, skipped: Array | None, kept: Array | None, book: Book
) -> Trace:
    norm, hat, variance = layer.batch_norm.name, None, None
    before = "z" if skipped is None else "ũ"
    name = "u" if norm == "before" or skipped is not None else "z"
    z = book.write(
        "sum", f"{name} = Σₖ xₖ · wₖ + b", term(name, _weighted(x, own), "row unit"),
        term("xₖ", x, "row input"), term("wₖ", own["weight"], "input unit"), term("b", own["bias"], "unit"),
    )  # fmt: skip
    if norm == "before":
        z, hat, variance = _normalize(layer, own, name, before, z, book)
        name = before
    if skipped is not None:
        z = book.write("skip", f"z = {name} + s", term("z", z + skipped, "row unit"),
                       term(name, z, "row unit"), term("s", skipped, "row unit"))  # fmt: skip
    a = out = _activate(layer.activation, z, book)
    name = "a"
    if norm == "after":
        out, hat, variance = _normalize(layer, own, "a", "ã", a, book)
        name = "ã"
    if kept is not None:
        out = book.write("dropout", f"o = {name} · d", term("o", out * kept, "row unit"),
                         term(name, out, "row unit"), term("d", kept, "row unit"))  # fmt: skip
    return Trace(x, z, a, out, kept, hat, variance)


def _weighted(x: Array, own: Tensors) -> Array:
    """Return x W + b (rows, units), rows that are the same giving the same to the last bit.

    A matrix product from BLAS may sum the last rows in another order. Normalization would make numbers with a
    sign of such differences.
    """
    return np.einsum("ri,iu->ru", x, own["weight"]) + own["bias"]


def _normalize(
    layer: Layer, own: Tensors, name: str, into: str, values: Array, book: Book
) -> tuple[Array, Array, Array]:
    """Write the lines of batch normalization; return what comes out, the hat and the variance."""
    mean, variance = own["running_mean"], own["running_variance"]
    if layer.trainable:  # a frozen layer uses its running statistics in training too
        all_rows, n = term(f"{name}ᵣ", values, "batch unit"), term("n", len(values))
        # Summed from the first row on: the mean of numbers that are all the same is that number, exactly.
        shifted = values[0] + (values - values[0]).mean(axis=0)
        mean = book.write("batch_mean", f"μ = Σᵣ {name}ᵣ / n", term("μ", shifted, "unit"), all_rows, n)
        squares = np.square(values - mean).mean(axis=0)
        variance = book.write(
            "batch_variance", f"σ² = Σᵣ ({name}ᵣ − μ)² / n", term("σ²", squares, "unit"),
            all_rows, term("μ", mean, "unit"), n,
        )  # fmt: skip
    epsilon = layer.batch_norm["epsilon"]
    hat = book.write(
        "normalize" if layer.trainable else "normalize_running", f"h = ({name} − μ) / √(σ² + ε)",
        term("h", (values - mean) / np.sqrt(variance + epsilon), "row unit"), term(name, values, "row unit"),
        term("μ", mean, "unit"), term("σ²", variance, "unit"), term("ε", epsilon),
    )  # fmt: skip
    out = book.write(
        "scale_shift", f"{into} = γ · h + β", term(into, own["scale"] * hat + own["shift"], "row unit"),
        term("γ", own["scale"], "unit"), term("h", hat, "row unit"), term("β", own["shift"], "unit"),
    )  # fmt: skip
    return out, hat, variance


def _activate(chosen: Choice, z: Array, book: Book) -> Array:
    if chosen.name == "softmax":
        return book.write("activation", "a = exp(z) / Σₖ exp(zₖ)", term("a", softmax(z), "row unit"),
                          term("z", z, "row unit"), term("zₖ", z, "row output"))  # fmt: skip
    a = ACTIVATIONS[chosen.name].value(z, parameter_of(chosen))
    formula = f"a = f(z) = {ENTRIES[chosen.name].formula}"
    own = (term(name, value) for name, value in chosen.parameters.items())
    return book.write("activation", formula, term("a", a, "row unit"), term("z", z, "row unit"), *own)


def parameter_of(chosen: Choice) -> float:
    """Return the one parameter of an activation or loss, 0 for those without."""
    return next(iter(chosen.parameters.values()), 0.0)


def loss_of(experiment: Experiment) -> Loss:
    """Return the functions of the experiment's loss."""
    return PERCEPTRON_RULE if is_perceptron(experiment) else LOSS_FUNCTIONS[experiment.loss.name]


def write_loss(
    experiment: Experiment, tensors: Tensors, last: Trace, y: Array, weights: Array | None, book: Book
) -> None:
    """Write the lines from the network's outputs to the loss with its penalties.

    Parameters
    ----------
    last : of the output layer
    y : (rows, outputs) targets
    weights : (rows,) the weight of each row's class, or None
    """
    book.turn_to(LOSS)
    chosen, loss = experiment.loss, loss_of(experiment)
    m = (term("m", y.shape[1]),) if "/ m" in loss.formula else ()
    z = (term("zₖ", last.z, "row output"),) if "zₖ" in loss.formula else ()
    own = (term(name, value) for name, value in chosen.parameters.items())
    each = book.write(
        "row_loss", loss.formula, term("ℓ", loss.rows(last.z, last.a, y, parameter_of(chosen)), "row"),
        term("aₖ", last.a, "row output"), term("yₖ", y, "row output"), *z, *m, *own,
    )  # fmt: skip
    if weights is not None:
        each = book.write("class_weight", "ℓ ← c · ℓ", term("ℓ", weights * each, "row"),
                          term("c", weights, "row"), term("ℓ", each, "row"))  # fmt: skip
    mean = book.write("mean_loss", "L = Σᵣ ℓᵣ / n", term("L", each.mean()), term("ℓᵣ", each, "batch"),
                      term("n", len(each)))  # fmt: skip
    _write_penalties(experiment, tensors, mean, book)


def _write_penalties(experiment: Experiment, tensors: Tensors, loss: float, book: Book) -> None:
    l1, l2 = penalties(experiment)
    weights = [tensors[f"layers.{index}.weight"] for index in range(len(l1))]
    for symbol, strengths, sums in (
        ("λ₁", l1, [np.abs(w).sum() for w in weights]), ("λ₂", l2, [np.square(w).sum() for w in weights]),
    ):  # fmt: skip
        if strengths.any():
            power = "|w|" if symbol == "λ₁" else "w²"
            total = sum(strength * part for strength, part in zip(strengths, sums, strict=True))
            loss = book.write(
                "l1_loss" if symbol == "λ₁" else "l2_loss", f"L ← L + Σₜ {symbol} · Σ{power}",
                term("L", loss + total), term("L", loss), term(symbol, strengths, "tensor"),
                term(f"Σ{power}", sums, "tensor"),
            )  # fmt: skip
