"""What happens to a layer's numbers besides z = W a + b and a = f(z): batch normalization, skips, dropout.

Only networks with :class:`engine.extras.Extras` get here. The order of a layer is

    u = W x + b;  z = norm(u) + skipped;  a = f(z);  out = dropout(norm(a))

with one norm at most. A layer's block stands in each row of the scratch memory at the same place; unit j of
row r of it at ``first + j * unit_step + r * row_step``, in lanes and in matrices alike.

Rows of the scratch memory: Z, OUT, DELTA and TARGETS as for every network, then

* HAT : what batch normalization brought to mean 0 and variance 1; on the way back, the gradient before it
* STATISTICS : for each layer four numbers a unit, one kind after the other: the batch's means and variances,
  and the means over it of d and of h · d (:func:`normalize_backward`) where they are GIVEN
* ACTIVATED : f(z), where normalization or dropout makes something else of it; where no layer does, there is
  no such row (:func:`engine.scratch.work_space`)
* KEPT : 0 for a unit that is left out of a row, else 1 / (1 - dropout); no row without dropout
"""

from typing import NamedTuple

import numpy as np

from engine.choices.activations import activate, times_derivative
from engine.extras import CLIP_NORM, CLIP_VALUE, GIVEN, NORM_AFTER, NORM_BEFORE, OWN, RUNNING, Extras
from engine.jit import jit_inline
from engine.streams import bits_of, stream_of

Z, OUT, DELTA, TARGETS, HAT, STATISTICS, ACTIVATED, KEPT = range(8)
STATISTICS_OF_UNIT = 4
INFERENCE, WHOLE = -2, -1  # moments: running statistics; the batch's own statistics, every unit kept


class Place(NamedTuple):
    """Where a layer's block stands in the scratch memory, and how many rows and units it has."""

    first: int
    end: int
    unit_step: int
    row_step: int
    rows: int
    units: int
    statistics: int


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
def source_of(extras: Extras, layer: int, moment: int) -> int:
    """Return where a layer's normalization takes its statistics from: OWN, RUNNING or GIVEN."""
    return RUNNING if moment == INFERENCE else extras.statistics[layer]


@jit_inline
def normalize(extras: Extras, theta: np.ndarray, layer: int, columns: int, place: Place, values: np.ndarray,
              out: np.ndarray, work: np.ndarray, moment: int) -> None:  # fmt: skip
    """Bring each unit to mean 0 and variance 1, then to its scale and shift.

    A frozen layer uses its running statistics in training too, as in inference. Those of a batch that is
    not here as a whole are GIVEN.
    """
    kind = theta.dtype.type
    scale = extras.scales[layer]
    source = source_of(extras, layer, moment)
    for j in range(place.units):
        first, known = place.first + j * place.unit_step, place.statistics + j
        if source == OWN:
            mean, variance = moments(values, first, place.row_step, place.rows)
            work[STATISTICS, known] = mean
            work[STATISTICS, known + place.units] = variance
        elif source == GIVEN:
            mean = float(work[STATISTICS, known])
            variance = float(work[STATISTICS, known + place.units])
        else:
            mean = float(theta[scale + 2 * columns + j])
            variance = float(theta[scale + 3 * columns + j])
        std = np.sqrt(variance + extras.epsilons[layer])
        # A variance that is too large for a number leaves no number, not 0.
        middle, factor = kind(mean), kind(1 / std if std - std == 0 else std - std)
        for r in range(place.rows):
            i = first + r * place.row_step
            work[HAT, i] = (values[i] - middle) * factor
            out[i] = theta[scale + j] * work[HAT, i] + theta[scale + columns + j]


@jit_inline
def moments(values: np.ndarray, first: int, step: int, rows: int) -> tuple[float, float]:
    """Return mean and variance (divided by the number of rows) of numbers ``step`` apart, in float64.

    Sums are of what numbers differ from the first one: if all are the same, that is their mean to the last
    bit and nothing is left of them. A rounded mean would leave numbers whose sign a ReLU takes for something.
    """
    base, off, variance = float(values[first]), 0.0, 0.0
    for r in range(rows):
        off += float(values[first + r * step]) - base
    mean = base + off / rows
    for r in range(rows):
        off = float(values[first + r * step]) - mean
        variance += off * off
    return mean, variance / rows


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
def normalize_backward(extras: Extras, theta: np.ndarray, layer: int, columns: int, place: Place,
                       work: np.ndarray, moment: int, grad: np.ndarray) -> None:  # fmt: skip
    """Write into HAT the gradient of what was normalized, from that of the result in DELTA.

    Ioffe and Szegedy 2015, with the sums over the batch: with h the normalized number, d its gradient,
    scale / σ · (d - mean(d) - h · mean(d h)). What belongs to no unit or row becomes 0.
    """
    kind = theta.dtype.type
    scale, delta, hat = extras.scales[layer], work[DELTA], work[HAT]
    source = source_of(extras, layer, moment)
    for j in range(place.units):
        first, known = place.first + j * place.unit_step, place.statistics + j
        sum_d, sum_dh = 0.0, 0.0
        for r in range(place.rows):
            i = first + r * place.row_step
            sum_d += float(delta[i])
            sum_dh += float(delta[i]) * float(hat[i])
        grad[scale + j] += kind(sum_dh)
        grad[scale + columns + j] += kind(sum_d)
        if source == RUNNING:
            variance, sum_d, sum_dh = float(theta[scale + 3 * columns + j]), 0.0, 0.0
        else:
            variance = float(work[STATISTICS, known + place.units])
        factor = theta[scale + j] * kind(1 / np.sqrt(variance + extras.epsilons[layer]))
        mean_d, mean_dh = kind(sum_d / place.rows), kind(sum_dh / place.rows)
        if source == GIVEN:
            mean_d = work[STATISTICS, known + 2 * place.units]
            mean_dh = work[STATISTICS, known + 3 * place.units]
        for r in range(place.rows):
            i = first + r * place.row_step
            hat[i] = factor * (delta[i] - mean_d - hat[i] * mean_dh)
    clear_rest(hat, place)


@jit_inline
def clear_rest(values: np.ndarray, place: Place) -> None:
    """Set what a block holds besides its units and rows to 0: lanes without a row, or padding columns."""
    if place.row_step == 1:
        for j in range(place.units):
            for i in range(place.first + j * place.unit_step + place.rows,
                           place.first + (j + 1) * place.unit_step):  # fmt: skip
                values[i] = 0
    else:
        for r in range(place.rows):
            for i in range(place.first + r * place.row_step + place.units,
                           place.first + (r + 1) * place.row_step):  # fmt: skip
                values[i] = 0


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


@jit_inline
def hold_back(extras: Extras, grad: np.ndarray) -> None:
    """Set the gradient to 0 where nothing may move, then clip it."""
    for i in range(grad.size):
        if extras.active[i] == 0:
            grad[i] = 0
    clip(extras.clip, extras.clip_limit, grad)


@jit_inline
def clip(code: int, limit: float, grad: np.ndarray) -> None:
    """Clip a gradient. What is not finite is not made so: NaN stays NaN, infinity stays or becomes NaN.

    Of a gradient whose norm is NaN or infinite nobody knows how much too long it is: all of it becomes NaN.
    """
    kind = grad.dtype.type
    if code == CLIP_VALUE:
        high, low = kind(limit), kind(-limit)
        for i in range(grad.size):
            g = grad[i]
            if g - g == 0:
                grad[i] = high if g > high else low if g < low else g
    if code == CLIP_NORM:
        square = 0.0
        for i in range(grad.size):
            square += float(grad[i]) * float(grad[i])
        norm = np.sqrt(square)
        if not norm <= limit:
            factor = kind(limit / norm if norm - norm == 0 else norm - norm)
            for i in range(grad.size):
                grad[i] *= factor


@jit_inline
def put_back(extras: Extras, before: np.ndarray, theta: np.ndarray) -> None:
    """Undo an update where nothing may move: momentum and decay would move it without a gradient."""
    for i in range(theta.size):
        if extras.active[i] == 0:
            theta[i] = before[i]


@jit_inline
def shrink(extras: Extras, weights: np.ndarray, biases: np.ndarray, rate: float, theta: np.ndarray) -> None:
    """Move each weight towards 0 by rate · l1, and no further: the proximal step of L1."""
    for layer in range(weights.size):
        if extras.thresholds[layer] > 0 and extras.frozen[layer] == 0:
            reach = theta.dtype.type(rate * extras.thresholds[layer])
            for i in range(weights[layer], biases[layer]):
                w = theta[i]
                theta[i] = w - reach if w > reach else w + reach if w < -reach else w - w


@jit_inline
def limit_norms(extras: Extras, sizes: np.ndarray, columns: np.ndarray, weights: np.ndarray,
                theta: np.ndarray) -> None:  # fmt: skip
    """Shorten the weights into each unit to the layer's largest norm (Srebro and Shraibman 2005).

    Where one of them is NaN or infinite, so is their norm, and all of them become NaN.
    """
    for layer in range(weights.size):
        most = extras.max_norms[layer]
        if most > 0 and extras.frozen[layer] == 0:
            step = columns[layer + 1]
            for j in range(sizes[layer + 1]):
                square = 0.0
                for k in range(sizes[layer]):
                    w = float(theta[weights[layer] + k * step + j])
                    square += w * w
                norm = np.sqrt(square)
                if not norm <= most:
                    factor = theta.dtype.type(most / norm if norm - norm == 0 else norm - norm)
                    for k in range(sizes[layer]):
                        theta[weights[layer] + k * step + j] *= factor


@jit_inline
def follow_statistics(extras: Extras, sizes: np.ndarray, columns: np.ndarray, starts: np.ndarray, rows: int,
                      work: np.ndarray, theta: np.ndarray) -> None:  # fmt: skip
    """Move the running statistics towards the batch's; its variance as of a sample, n / (n - 1).

    Parameters
    ----------
    starts : (layers + 2,) where each layer's block begins, times the rows
    """
    for layer in range(sizes.size - 1):
        if extras.norms[layer] != 0 and extras.frozen[layer] == 0:
            old = extras.momenta[layer]
            units, step = sizes[layer + 1], columns[layer + 1]
            mean, place = extras.scales[layer] + 2 * step, STATISTICS_OF_UNIT * starts[layer + 1]
            correction = rows / (rows - 1.0) if rows > 1 else 1.0
            for j in range(units):
                new = work[STATISTICS, place + j]
                theta[mean + j] = old * theta[mean + j] + (1 - old) * new
                new = correction * work[STATISTICS, place + units + j]
                theta[mean + step + j] = old * theta[mean + step + j] + (1 - old) * new
