"""The way back by the chain rule: from the loss of each row to every layer, each factor a line.

Everything here is the gradient of the sum of the rows' losses; the mean is taken at the end. δ is dℓ/dz of
the line's layer. What normalization does mixes the rows of a batch, so that "its" row's loss is then that of
all of them.
"""

from dataclasses import dataclass

import numpy as np

from engine.analysis.ledger.forward import Tensors, Trace, loss_of, parameter_of
from engine.analysis.ledger.functions import ACTIVATIONS
from engine.analysis.ledger.lines import BACKWARD, Array, Book, term
from engine.choice import Choice
from engine.experiment import Experiment, Layer


@dataclass(frozen=True, eq=False)
class Delta:
    """What arrives at one layer, each (rows, units).

    Attributes
    ----------
    z : dℓ/dz
    u : dℓ/du, of the weighted sum: the same where nothing is normalized before the activation
    u_name : what the lines call it
    normalized : dℓ/d of what normalization gave, or None
    normalized_name : what the lines call it
    """

    z: Array
    u: Array
    u_name: str
    normalized: Array | None
    normalized_name: str


def backward(
    experiment: Experiment, tensors: Tensors, traces: list[Trace], y: Array, weights: Array | None,
    down_to: int, book: Book,
) -> list[Delta]:  # fmt: skip
    """Return what arrives at every layer, and write the lines of those from ``down_to`` on.

    Parameters
    ----------
    tensors, traces : parameters by name, and what each layer computed
    y, weights : as in :func:`engine.analysis.ledger.forward.write_loss`
    """
    layers = experiment.network.layers
    found: dict[int, Delta] = {}
    for index in range(len(layers) - 1, -1, -1):
        page = book if index >= down_to else Book()
        page.turn_to(BACKWARD, index)
        layer, trace = layers[index], traces[index]
        if index == len(layers) - 1:
            dz = _output_delta(experiment, trace, y, weights, page)
            inner: tuple[Array | None, str] = (None, "")
        else:
            skips = [found[later].z for later in range(index + 1, len(layers))
                     if layers[later].skip_from == index]  # fmt: skip
            below = tensors[f"layers.{index + 1}.weight"]
            dz, inner = _hidden_delta(index, layer, tensors, trace, found[index + 1], below, skips, page)
        du, name = dz, "δ"
        if layer.batch_norm.name == "before":
            du = _normalize_back(layer, tensors[f"layers.{index}.scale"], trace, dz, "δ", "u", page)
            inner, name = (dz, "δ"), "∂ℓ/∂u"
        found[index] = Delta(dz, du, name, *inner)
    return [found[index] for index in range(len(layers))]


def _output_delta(experiment: Experiment, trace: Trace, y: Array, weights: Array | None, book: Book) -> Array:
    """Write the lines from the loss to dℓ/dz of the output layer."""
    chosen, loss = experiment.loss, loss_of(experiment)
    slope = loss.slope(trace.a, y, parameter_of(chosen))
    name = "δ" if loss.of_logits else "∂ℓ/∂a"
    kind = "loss_slope" if name == "∂ℓ/∂a" else "logit_slope" if "∂" in loss.slope_formula else "perceptron"
    m = (term("m", y.shape[1]),) if "/ m" in loss.slope_formula else ()
    own = (term(key, value) for key, value in chosen.parameters.items())
    grad = book.write(kind, loss.slope_formula, term(name, slope, "row unit"),
                      term("a", trace.a, "row unit"), term("y", y, "row unit"), *m, *own)  # fmt: skip
    if weights is not None:
        grad = book.write("class_weight_slope", f"{name} ← c · {name}",
                          term(name, weights[:, None] * grad, "row unit"), term("c", weights, "row"),
                          term(name, grad, "row unit"))  # fmt: skip
    if loss.of_logits:
        return grad
    return _through_activation(experiment.network.layers[-1].activation, trace, grad, book)


def _hidden_delta(
    index: int, layer: Layer, tensors: Tensors, trace: Trace, after: Delta, w: Array, skips: list[Array],
    book: Book,
) -> tuple[Array, tuple[Array | None, str]]:  # fmt: skip
    """Write the lines from the layers after a hidden one to its dℓ/dz.

    Return it, and what arrived at the normalization after the activation, with its name.
    """
    normed = layer.batch_norm.name == "after"
    inside = "∂ℓ/∂ã" if normed else "∂ℓ/∂a"
    name = inside if trace.kept is None else "∂ℓ/∂o"
    carried = after.u_name.replace("∂u", "∂uₖ") if after.u_name != "δ" else "δₖ"
    grad = book.write("back", f"{name} = Σₖ {carried} · wₖ", term(name, after.u @ w.T, "row unit"),
                      term(carried, after.u, "row next"), term("wₖ", w, "unit next"))  # fmt: skip
    for skipped in skips:
        grad = book.write("skip_back", f"{name} ← {name} + δₛ", term(name, grad + skipped, "row unit"),
                          term(name, grad, "row unit"), term("δₛ", skipped, "row unit"))  # fmt: skip
    if trace.kept is not None:
        outside, kept = term(name, grad, "row unit"), term("d", trace.kept, "row unit")
        result = term(inside, grad * trace.kept, "row unit")
        grad = book.write("dropout_back", f"{inside} = {name} · d", result, outside, kept)
    arrived: tuple[Array | None, str] = (None, "")
    if normed:
        arrived = (grad, inside)
        scale = tensors[f"layers.{index}.scale"]
        grad = _normalize_back(layer, scale, trace, grad, inside, "a", book)
    return _through_activation(layer.activation, trace, grad, book), arrived


def _through_activation(chosen: Choice, trace: Trace, grad: Array, book: Book) -> Array:
    """Write how dℓ/da becomes dℓ/dz."""
    above = term("∂ℓ/∂a", grad, "row unit")
    if chosen.name == "softmax":
        a = trace.a
        return book.write(
            "softmax_delta", "δ = ∂ℓ/∂z = a · (∂ℓ/∂a − Σₖ aₖ · ∂ℓ/∂aₖ)",
            term("δ", a * (grad - (a * grad).sum(axis=1, keepdims=True)), "row unit"),
            term("a", a, "row unit"), above, term("aₖ", a, "row output"), term("∂ℓ/∂aₖ", grad, "row output"),
        )  # fmt: skip
    function = ACTIVATIONS[chosen.name]
    own = (term(name, value) for name, value in chosen.parameters.items() if name in function.slope_formula)
    of_a = (term("a", trace.a, "row unit"),) if function.of_a else ()
    slope = book.write(
        "slope", f"f′(z) = {function.slope_formula}",
        term("f′(z)", function.slope(trace.z, trace.a, parameter_of(chosen)), "row unit"),
        term("z", trace.z, "row unit"), *of_a, *own,
    )  # fmt: skip
    return book.write("delta", "δ = ∂ℓ/∂z = ∂ℓ/∂a · f′(z)", term("δ", grad * slope, "row unit"), above,
                      term("f′(z)", slope, "row unit"))  # fmt: skip


def _normalize_back(
    layer: Layer, scale: Array, trace: Trace, grad: Array, name: str, into: str, book: Book
) -> Array:
    """Write how the gradient of what normalization gave becomes that of what it was given.

    Ioffe and Szegedy 2015: of each unit's gradients over the batch it takes their mean off, and what they
    have in common with h; mean and variance would follow them.
    """
    assert trace.hat is not None and trace.variance is not None
    epsilon, hat, variance = layer.batch_norm["epsilon"], trace.hat, trace.variance
    common = (term("γ", scale, "unit"), term("σ²", variance, "unit"), term("ε", epsilon))
    arrived, result = term(name, grad, "row unit"), f"∂ℓ/∂{into}"
    factor = scale / np.sqrt(variance + epsilon)
    if not layer.trainable:
        return book.write("norm_back_running", f"{result} = γ / √(σ² + ε) · {name}",
                          term(result, factor * grad, "row unit"), *common, arrived)  # fmt: skip
    n, each = term("n", len(grad)), term(f"{name}ᵣ", grad, "batch unit")
    p = book.write("norm_back_mean", f"p = Σᵣ {name}ᵣ / n", term("p", grad.mean(axis=0), "unit"), each, n)
    q = book.write(
        "norm_back_product", f"q = Σᵣ {name}ᵣ · hᵣ / n", term("q", (grad * hat).mean(axis=0), "unit"), each,
        term("hᵣ", hat, "batch unit"), n,
    )  # fmt: skip
    return book.write(
        "norm_back", f"{result} = γ / √(σ² + ε) · ({name} − p − h · q)",
        term(result, factor * (grad - p - hat * q), "row unit"), *common, arrived, term("p", p, "unit"),
        term("h", hat, "row unit"), term("q", q, "unit"),
    )  # fmt: skip
