"""Losses: means over rows, and over outputs where not said otherwise; no ½ but the one in Huber's.

The cross-entropies are computed from the logits z, never from a rounded probability, so they cannot
overflow, and their gradient with respect to z is simply a - y. Hinge and perceptron take targets of 0 and 1
for -1 and 1, so with one output a row is classed by the output's sign (:func:`decision_threshold`).

At a kink the flat branch counts: the gradient of |a - y| is 0 where a = y, that of max(0, x) where x = 0.
"""

import math

import numpy as np

from engine.choices.base import Entry, Parameter, Range, family
from engine.elementary import HALF, ONE, TWO, ZERO, softplus, within
from engine.jit import jit_inline

MSE, BINARY_CROSS_ENTROPY, CATEGORICAL_CROSS_ENTROPY, PERCEPTRON_RULE = range(4)
BASIC = 4  # losses below this code are in every compiled network, the others only where one is used
MAE, HUBER, HINGE, PERCEPTRON = range(BASIC, 8)

LOSSES = family(
    Entry("mse", MSE, "Σ (a − y)² / n", "Gauss 1809; Legendre 1805",
          sentence="The mean squared error: the usual loss for numbers; large errors count most."),
    Entry("binary_cross_entropy", BINARY_CROSS_ENTROPY, "−y ln a − (1 − y) ln(1 − a), a = sigmoid(z)",
          "Good 1952; Goodfellow, Bengio and Courville 2016, section 6.2.2.2",
          sentence="How unlikely the true class was held to be: the usual loss for two classes."),
    Entry("categorical_cross_entropy", CATEGORICAL_CROSS_ENTROPY, "−Σ yⱼ ln aⱼ, a = softmax(z)",
          "Bridle 1990; Goodfellow, Bengio and Courville 2016, section 6.2.2.3",
          sentence="How unlikely the true class was held to be: the usual loss for several classes."),
    Entry("mae", MAE, "Σ |a − y| / n", "Boscovich 1757",
          sentence="The mean absolute error: every error counts as it is, so that outliers pull less."),
    Entry("huber", HUBER,
          "Σ h(a − y) / n,  h(d) = d² / 2 (|d| ≤ delta),  delta · |d| − delta² / 2 (|d| > delta)",
          "Huber 1964", (Parameter("delta", 1.0, Range(1e-6, 1e6)),),
          sentence="Squared for errors up to delta and straight beyond: smooth, and outliers pull less."),
    Entry("hinge", HINGE, "Σ max(0, 1 − t · a) / n,  t = 2 y − 1", "Cortes and Vapnik 1995",
          sentence="The support vector machine's: each row should lie on its side by a margin of 1."),
    Entry("perceptron", PERCEPTRON, "Σ max(0, −t · a) / n,  t = 2 y − 1", "Rosenblatt 1958",
          sentence="The perceptron's: only rows on the wrong side count, by how far they lie there."),
)  # fmt: skip


def decision_threshold(loss: str) -> float:
    """Return the value above which a single output means class 1, by the key of the loss.

    It is the middle of the targets: 0 and 1, or -1 and 1 for hinge and perceptron.
    """
    return 0.0 if loss in ("hinge", "perceptron") else 0.5


@jit_inline
def _element(code: int, parameter: float, a: float, y: float) -> float:
    """Return what one output adds to a loss after BASIC, times the number of outputs."""
    if code == MAE:
        return abs(a - y)
    if code == HUBER:
        size = abs(a - y)
        return HALF * size * size if size <= parameter else parameter * (size - HALF * parameter)
    value = (ONE if code == HINGE else ZERO) - (TWO * y - ONE) * a
    return ZERO if value < ZERO else value


@jit_inline
def _element_slope(code: int, parameter: float, a: float, y: float) -> float:
    """Return the derivative of :func:`_element` by the output; NaN where the output or its target is."""
    if code == MAE:
        difference = a - y
        return ONE if difference > ZERO else -ONE if difference < ZERO else difference
    if code == HUBER:
        return within(a - y, parameter)
    sign = TWO * y - ONE
    value = (ONE if code == HINGE else ZERO) - sign * a
    return ZERO if value <= ZERO else -sign if value > ZERO else value


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
    units : outputs a row, over which all but the cross-entropies are means
    a, y, delta : (n,) flat outputs, targets and result, all in the same order
    """
    if more is not None and code >= BASIC:
        share, own = a.dtype.type(scale / units), a.dtype.type(parameter)
        for i in range(a.size):
            delta[i] = share * _element_slope(code, own, a[i], y[i])
        return
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
    if more is not None and code >= BASIC:
        own = a.dtype.type(parameter)
        for j in range(units):
            total += float(_element(code, own, a[start + j * step], y[target + j * target_step]))
        return total / units
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
    if more is not None and code >= BASIC:
        own = a.dtype.type(parameter)
        for j in range(units):
            for r in range(lanes):
                out[r] += share * _element(code, own, a[j * lanes + r], y[j * lanes + r])
        return
    for j in range(units):
        first = j * lanes
        if code == BINARY_CROSS_ENTROPY:
            for r in range(lanes):
                out[r] += softplus(z[first + r]) - y[first + r] * z[first + r]
        else:
            for r in range(lanes):
                difference = a[first + r] - y[first + r]
                out[r] += difference * difference * share
