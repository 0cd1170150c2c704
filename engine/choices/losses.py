"""Losses: means over rows, and over outputs for MSE; no ½ anywhere.

The cross-entropies are computed from the logits z, never from a rounded probability, so they cannot
overflow, and their gradient with respect to z is simply a - y.
"""

import math

import numpy as np

from engine.choices.base import Entry, family
from engine.elementary import softplus
from engine.jit import jit_inline

MSE, BINARY_CROSS_ENTROPY, CATEGORICAL_CROSS_ENTROPY, PERCEPTRON_RULE = range(4)
BASIC = 4  # losses below this code are in every compiled network, the others only where one is used

LOSSES = family(
    Entry("mse", MSE, "Σ (a − y)² / n", "Gauss 1809; Legendre 1805"),
    Entry("binary_cross_entropy", BINARY_CROSS_ENTROPY, "−y ln a − (1 − y) ln(1 − a), a = sigmoid(z)",
          "Good 1952; Goodfellow, Bengio and Courville 2016, section 6.2.2.2"),
    Entry("categorical_cross_entropy", CATEGORICAL_CROSS_ENTROPY, "−Σ yⱼ ln aⱼ, a = softmax(z)",
          "Bridle 1990; Goodfellow, Bengio and Courville 2016, section 6.2.2.3"),
)  # fmt: skip


@jit_inline
def is_of_logits(code: int) -> bool:
    """Whether :func:`output_delta` writes dL/dz, past the activation, for this loss."""
    return code in (BINARY_CROSS_ENTROPY, CATEGORICAL_CROSS_ENTROPY, PERCEPTRON_RULE)


@jit_inline
def output_delta(more: int | None, code: int, parameter: float, units: int, a: np.ndarray, y: np.ndarray,
                 scale: float, delta: np.ndarray) -> None:  # fmt: skip
    """Write the gradient that enters the output layer, times ``scale`` (1 / rows).

    Parameters
    ----------
    more : 1 to have the losses after BASIC compiled too, None for a network without them
    code : which loss. Those of the logits (:func:`is_of_logits`) write dL/dz, the others dL/da.
    parameter : the loss's parameter
    units : outputs a row, over which MSE is a mean
    a, y, delta : (n,) flat outputs, targets and result, all in the same order
    """
    factor = a.dtype.type(2 * scale / units if code == MSE else scale)
    for i in range(a.size):
        delta[i] = factor * (a[i] - y[i])


@jit_inline
def row_loss(more: int | None, code: int, parameter: float, units: int, z: np.ndarray, a: np.ndarray,
             y: np.ndarray, start: int, step: int, target: int, target_step: int) -> float:  # fmt: skip
    """Return the loss of one row.

    Output j stands at ``start + j * step`` of the flat z and a, its target at ``target + j * target_step``
    of y.
    """
    if code == CATEGORICAL_CROSS_ENTROPY:
        top = z[start]
        for j in range(1, units):
            top = z[start + j * step] if z[start + j * step] > top else top
        sum_exp, chosen = 0.0, 0.0
        for j in range(units):
            below_top = float(z[start + j * step] - top)
            sum_exp += math.exp(below_top)
            wanted = float(y[target + j * target_step])
            chosen += wanted * below_top if wanted != 0 else 0.0  # 0 times -inf is not a number
        return math.log(sum_exp) - chosen
    total = 0.0
    for j in range(units):
        logit, wanted_j = z[start + j * step], y[target + j * target_step]
        if code == BINARY_CROSS_ENTROPY:
            total += float(softplus(logit) - wanted_j * logit)
        else:
            difference = float(a[start + j * step] - wanted_j)
            total += difference * difference / units
    return total


@jit_inline
def lane_losses(more: int | None, code: int, parameter: float, units: int, z: np.ndarray, a: np.ndarray,
                y: np.ndarray, lanes: int, out: np.ndarray) -> None:  # fmt: skip
    """Write the loss of each of ``lanes`` rows side by side: output j of row r is at j * lanes + r."""
    if code == CATEGORICAL_CROSS_ENTROPY:
        for r in range(lanes):
            out[r] = row_loss(more, code, parameter, units, z, a, y, r, lanes, r, lanes)
        return
    out[:lanes] = 0
    share = z.dtype.type(1 / units)
    for j in range(units):
        first = j * lanes
        if code == BINARY_CROSS_ENTROPY:
            for r in range(lanes):
                out[r] += softplus(z[first + r]) - y[first + r] * z[first + r]
        else:
            for r in range(lanes):
                difference = a[first + r] - y[first + r]
                out[r] += difference * difference * share
