"""Losses: means over rows, and over outputs for MSE; no ½ anywhere.

The cross-entropies are computed from the logits z, never from a rounded probability, so they cannot
overflow, and their gradient with respect to z is simply a - y.
"""

import math

import numpy as np

from engine.choices.base import Entry, family
from engine.jit import jit

MSE, BINARY_CROSS_ENTROPY, CATEGORICAL_CROSS_ENTROPY, PERCEPTRON_RULE = range(4)

LOSSES = family(
    Entry("mse", MSE, "mean (a − y)²", "Gauss 1809; Legendre 1805"),
    Entry("binary_cross_entropy", BINARY_CROSS_ENTROPY, "−y ln a − (1 − y) ln(1 − a), a = sigmoid(z)",
          "Good 1952; Goodfellow, Bengio and Courville 2016, section 6.2.2.2"),
    Entry("categorical_cross_entropy", CATEGORICAL_CROSS_ENTROPY, "−Σ yⱼ ln aⱼ, a = softmax(z)",
          "Bridle 1990; Goodfellow, Bengio and Courville 2016, section 6.2.2.3"),
)  # fmt: skip


@jit
def output_delta(code: int, units: int, a: np.ndarray, y: np.ndarray, scale: float, delta: np.ndarray) -> None:
    """Write the gradient that enters the output layer, times ``scale`` (1 / rows).

    Parameters
    ----------
    code : which loss. MSE writes dL/da; the cross-entropies and the perceptron rule write dL/dz.
    units : outputs a row, over which MSE is a mean
    a, y, delta : (n,) flat outputs, targets and result, all in the same order
    """
    factor = a.dtype.type(2 * scale / units if code == MSE else scale)
    for i in range(a.size):
        delta[i] = factor * (a[i] - y[i])


@jit
def row_loss(code: int, units: int, z: np.ndarray, a: np.ndarray, y: np.ndarray, start: int, step: int,
             y_start: int, y_step: int) -> float:  # fmt: skip
    """Return the loss of one row, in float64.

    Output j stands at ``start + j * step`` of the flat z and a, its target at ``y_start + j * y_step`` of y.
    """
    total = 0.0
    if code == BINARY_CROSS_ENTROPY:
        for j in range(units):
            logit = float(z[start + j * step])
            # ln(1 + e^z) - y z = max(z, 0) + ln(1 + e^-|z|) - y z
            largest = 0.0 if logit < 0 else logit
            total += largest + math.log1p(math.exp(-abs(logit))) - float(y[y_start + j * y_step]) * logit
    elif code == CATEGORICAL_CROSS_ENTROPY:
        top = float(z[start])
        for j in range(1, units):
            value = float(z[start + j * step])
            top = value if value > top else top
        sum_exp, chosen = 0.0, 0.0
        for j in range(units):
            below_top = float(z[start + j * step]) - top
            sum_exp += math.exp(below_top)
            target = float(y[y_start + j * y_step])
            chosen += target * below_top if target != 0 else 0.0  # 0 times -inf is not a number
        total = math.log(sum_exp) - chosen
    else:
        for j in range(units):
            difference = float(a[start + j * step]) - float(y[y_start + j * y_step])
            total += difference * difference / units
    return total
