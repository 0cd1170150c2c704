"""How large signals are in a wide network of random weights, and how fast two of them become alike.

The weights have the variance sw2 / n_in and the biases the variance sb2. In a wide layer each
pre-activation is normal, with a variance q that the layer before decides (Poole et al. 2016; Schoenholz et
al. 2017):

    q' = sw2 E[φ(√q z)²] + sb2,    χ₁ = sw2 E[φ'(√q z)²],    z ~ N(0, 1)

Where q no longer changes, the squared distance of two inputs that hardly differ is multiplied by χ₁ in each
layer: below 1 all inputs end up alike (order), above 1 any two are torn apart (chaos), and at 1 signals reach
any depth.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Function = Callable[[np.ndarray], np.ndarray]


class Nonlinearity(NamedTuple):
    """An activation and its derivative, both of arrays."""

    value: Function
    slope: Function


TANH = Nonlinearity(np.tanh, lambda z: 1 - np.tanh(z) ** 2)
# At the kink, the slope whose square is the mean of those on both sides.
RELU = Nonlinearity(lambda z: np.maximum(z, 0), lambda z: np.heaviside(z, math.sqrt(0.5)))

# Many points beat clever ones: at a high gain tanh(√q z) is nearly a step, which the 201 nodes of a
# Gauss-Hermite rule miss by 3 %.
_REACH, _POINTS = 10.0, 4_001
_TRIES, _TOLERANCE = 100_000, 1e-13
_LARGEST = 100.0  # q at which no critical point is looked for any more


def _normal(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places z and weights that sum to 1, for means over N(0, 1)."""
    z = np.linspace(-_REACH, _REACH, points)
    weights = np.exp(-z * z / 2)
    return z, weights / weights.sum()


_Z, _WEIGHTS = _normal(_POINTS)


def mean_square(function: Function, q: float) -> float:
    """Return E[f(√q z)²] for z ~ N(0, 1)."""
    return float(_WEIGHTS @ np.square(function(math.sqrt(q) * _Z)))


def next_variance(phi: Nonlinearity, q: float, sw2: float, sb2: float = 0.0) -> float:
    """Return the variance of the pre-activations one layer after they had the variance q."""
    return sw2 * mean_square(phi.value, q) + sb2


def fixed_variance(phi: Nonlinearity, sw2: float, sb2: float = 0.0, start: float = 1.0) -> float:
    """Return the variance q* at which the pre-activations settle; NaN where they grow without end."""
    q = start
    for _ in range(_TRIES):
        before, q = q, next_variance(phi, q, sw2, sb2)
        if abs(q - before) <= _TOLERANCE * max(q, 1.0):
            return q
        if not q < 1e100:
            break
    return math.nan


def chi_1(phi: Nonlinearity, q: float, sw2: float) -> float:
    """Return by how much the squared distance of two near inputs grows in a layer."""
    return sw2 * mean_square(phi.slope, q)


def depth_scale(chi: float) -> float:
    """Return after how many layers a small difference has changed by the factor e: 1 / |ln χ₁|."""
    return math.inf if chi == 1 else 1 / abs(math.log(chi))


def critical(phi: Nonlinearity, sb2: float) -> tuple[float, float]:
    """Return (sw2, q*) between order and chaos, where χ₁ = 1, for biases of a variance above 0.

    At a given q*, χ₁ = 1 says what sw2 is, and the fixed point then what sb2 is, which grows with q*: the one
    that gives this sb2 is found by bisection. Raises ValueError where it would be above 100.
    """

    def biases(q: float) -> float:
        return q - mean_square(phi.value, q) / mean_square(phi.slope, q)

    low, high = 0.0, _LARGEST
    if not 0 < sb2 < biases(high):
        raise ValueError(f"{sb2} is not above 0 and below {biases(high)}")
    for _ in range(80):
        q = (low + high) / 2
        low, high = (q, high) if biases(q) < sb2 else (low, q)
    return 1 / mean_square(phi.slope, q), q


def next_correlation(phi: Nonlinearity, c: float, q: float, sw2: float, sb2: float = 0.0,
                     points: int = 401) -> float:  # fmt: skip
    """Return the correlation of two inputs one layer after it was c, both with the fixed variance q.

    A mean over a square of so many points each way: exact for smooth activations, to 1e-4 for ReLU.
    """
    z, weights = _normal(points)
    first = phi.value(math.sqrt(q) * z)
    second = phi.value(math.sqrt(q) * (c * z[:, None] + math.sqrt(max(0.0, 1 - c * c)) * z))
    return (sw2 * float((weights * first) @ second @ weights) + sb2) / q
