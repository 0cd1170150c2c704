"""Batch normalization (Ioffe and Szegedy 2015): forward, back, and the running statistics.

Statistics stand in a row of the scratch memory of their own (:mod:`engine.places`).
"""

import numpy as np

from engine.extras import GIVEN, OWN, RUNNING, Extras
from engine.jit import jit_inline
from engine.places import DELTA, HAT, INFERENCE, STATISTICS, STATISTICS_OF_UNIT, Place, clear_rest


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
