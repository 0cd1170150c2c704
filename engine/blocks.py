"""What happens to a layer's numbers besides z = W a + b and a = f(z): batch normalization, skips, dropout.

Only networks with :class:`engine.extras.Extras` get here. The order of a layer is

    u = W x + b;  z = norm(u) + skipped;  a = f(z);  out = dropout(norm(a))

with one norm at most (:mod:`engine.normalization`).
"""

import numpy as np

from engine.choices.activations import activate, times_derivative
from engine.extras import NORM_AFTER, NORM_BEFORE, Extras
from engine.jit import jit_inline
from engine.normalization import normalize, normalize_backward
from engine.places import ACTIVATED, DELTA, HAT, KEPT, OUT, Place, Z, clear_rest
from engine.streams import bits_of, stream_of


@jit_inline
def after_products(extras: Extras, more: int | None, codes: np.ndarray, parameters: np.ndarray,
                   starts: np.ndarray, length: int, theta: np.ndarray, layer: int, columns: int, place: Place,
                   work: np.ndarray, moment: int, first_row: int) -> None:  # fmt: skip
    """Go from a layer's u in Z to what it hands on in OUT.

    Parameters
    ----------
    codes, parameters : of the activations
    starts, length : each layer's block begins at its start times this
    columns : the layer's columns in memory
    moment : INFERENCE, WHOLE, or the batch's number, which says which units are left out
    first_row : the number within the batch of the first row here
    """
    z, out, f = work[Z], work[OUT], work[row_of_activated(extras, layer)]
    first, end = place.first, place.end
    if extras.norms[layer] == NORM_BEFORE:
        normalize(extras, theta, layer, columns, place, z, z, work, moment)
    if extras.skips[layer] >= 0:
        other = starts[extras.skips[layer] + 1] * length
        for i in range(end - first):
            z[first + i] += out[other + i]
    activate(more, codes[layer], parameters[layer], z[first:end], f[first:end])
    for i in range(first, end):
        out[i] = f[i]
    if extras.norms[layer] == NORM_AFTER:
        normalize(extras, theta, layer, columns, place, out, out, work, moment)
    if extras.dropouts[layer] > 0 and moment >= 0:
        leave_out(extras.dropout_key, extras.dropouts[layer], moment, layer, first_row, place, work[KEPT])
        for i in range(first, end):
            out[i] *= work[KEPT, i]


@jit_inline
def row_of_activated(extras: Extras, layer: int) -> int:
    """Return the row of the scratch memory where a layer's f(z) stands."""
    return ACTIVATED if extras.norms[layer] == NORM_AFTER or extras.dropouts[layer] > 0 else OUT


@jit_inline
def leave_out(key: int, share: float, moment: int, layer: int, first_row: int, place: Place,
              kept: np.ndarray) -> None:  # fmt: skip
    """Draw which units of which rows are left out: the same for the same batch, whatever came before."""
    stream = stream_of(stream_of(key, moment), layer)
    keep = kept.dtype.type(1 / (1 - share))
    for r in range(place.rows):
        for j in range(place.units):
            i = place.first + j * place.unit_step + r * place.row_step
            kept[i] = keep if bits_of(stream, (first_row + r) * place.units + j) >= share else 0
    clear_rest(kept, place)


@jit_inline
def before_outputs(extras: Extras, more: int | None, codes: np.ndarray, parameters: np.ndarray,
                   starts: np.ndarray, length: int, theta: np.ndarray, layer: int, columns: int, place: Place,
                   work: np.ndarray, moment: int, grad: np.ndarray) -> None:  # fmt: skip
    """Turn a hidden layer's dL/dout in DELTA, as the next layer sees it, into dL/dz.

    Parameters as in :func:`after_products`; the gradients of scale and shift are added to grad.
    """
    delta, first, end = work[DELTA], place.first, place.end
    for later in range(layer + 1, extras.skips.size):
        if extras.skips[later] == layer:
            other = starts[later + 1] * length
            for i in range(end - first):
                delta[first + i] += delta[other + i]
    if extras.dropouts[layer] > 0 and moment >= 0:
        for i in range(first, end):
            delta[i] *= work[KEPT, i]
    if extras.norms[layer] == NORM_AFTER:
        normalize_backward(extras, theta, layer, columns, place, work, moment, grad)
        for i in range(first, end):
            delta[i] = work[HAT, i]
    f = work[row_of_activated(extras, layer)]
    times_derivative(more, codes[layer], parameters[layer], work[Z, first:end], f[first:end],
                     delta[first:end])  # fmt: skip


@jit_inline
def weigh_rows(class_weights: np.ndarray, targets: np.ndarray, target_unit: int, target_row: int, units: int,
               place: Place, delta: np.ndarray) -> None:  # fmt: skip
    """Multiply each row's dL/dz of the output layer by the weight of its class."""
    for r in range(place.rows):
        factor = delta.dtype.type(weight_of_row(class_weights, targets, r * target_row, target_unit, units))
        for j in range(place.units):
            delta[place.first + j * place.unit_step + r * place.row_step] *= factor


@jit_inline
def weight_of_row(class_weights: np.ndarray, targets: np.ndarray, first: int, step: int, units: int) -> float:
    """Return the weight of a row's class; its targets are ``step`` apart."""
    if units == 1:
        return class_weights[1] if targets[first] > 0.5 else class_weights[0]
    best = 0
    for j in range(1, units):
        if targets[first + j * step] > targets[first + best * step]:
            best = j
    return class_weights[best]
