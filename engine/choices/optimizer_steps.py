"""What one update of the later optimizers computes, each with the arithmetic of its formula.

The formulas stand in :mod:`engine.choices.optimizers`. Everywhere ``theta`` (n,) are the parameters, changed
in place, ``grad`` (n,) their gradient, ``hyper`` the entry's parameters in its order, ``rate`` the learning
rate of this update and ``t`` its number, from 1. The other arrays are the slots. Factors that are the same
for all parameters are computed once, in float64.
"""

import math

import numpy as np

from engine.jit import jit_inline

LEAST_NORMAL = float(np.finfo(np.float32).tiny)  # below it, a processor takes a hundred times as long


@jit_inline
def normal(value: float, least: float) -> float:
    """Return the value, or 0 where it has faded below the smallest normal number; NaN stays NaN."""
    return value - value if abs(value) < least else value


@jit_inline
def larger(a: float, b: float) -> float:
    """Return the larger of two numbers; NaN when either is."""
    return a if a > b else b if b >= a else a + b


@jit_inline
def sign(value: float, one: float) -> float:
    """Return 1, 0 or -1; NaN for NaN, and for infinity, which is no direction to follow."""
    zero = one - one
    return (one if value > zero else -one if value < zero else zero) + zero * value


@jit_inline
def bias(beta: float, t: int, corrected: float) -> float:
    """Return 1 − βᵗ, by which a mean that started at 0 is too small; 1 where that is not corrected."""
    return 1 - math.pow(beta, float(t)) if corrected != 0 else 1.0


@jit_inline
def adadelta(hyper: np.ndarray, rate: float, theta: np.ndarray, grad: np.ndarray, squares: np.ndarray,
             steps: np.ndarray) -> None:  # fmt: skip
    """Each step is as large as the steps before it, in the gradient's own units."""
    kind = theta.dtype.type
    rho, rest, epsilon = kind(hyper[1]), kind(1 - hyper[1]), kind(hyper[2])
    share, least = kind(rate), kind(LEAST_NORMAL)
    for i in range(theta.size):
        g = grad[i]
        squares[i] = normal(rho * squares[i] + rest * g * g, least)
        step = np.sqrt(steps[i] + epsilon) / np.sqrt(squares[i] + epsilon) * g
        steps[i] = normal(rho * steps[i] + rest * step * step, least)
        theta[i] -= share * step


@jit_inline
def adamw(hyper: np.ndarray, rate: float, t: int, theta: np.ndarray, grad: np.ndarray, first: np.ndarray,
          second: np.ndarray) -> None:  # fmt: skip
    """Adam, after every parameter was shrunk by a share of rate · decay."""
    kind = theta.dtype.type
    beta1, beta2, epsilon, least = kind(hyper[1]), kind(hyper[2]), kind(hyper[3]), kind(LEAST_NORMAL)
    rest1, rest2, keep = kind(1 - hyper[1]), kind(1 - hyper[2]), kind(1 - rate * hyper[4])
    step = kind(rate / bias(hyper[1], t, hyper[5]))
    unbias = kind(1 / math.sqrt(bias(hyper[2], t, hyper[5])))
    for i in range(theta.size):
        g = grad[i]
        first[i] = normal(beta1 * first[i] + rest1 * g, least)
        second[i] = normal(beta2 * second[i] + rest2 * g * g, least)
        theta[i] = keep * theta[i] - step * first[i] / (np.sqrt(second[i]) * unbias + epsilon)


@jit_inline
def amsgrad(hyper: np.ndarray, rate: float, t: int, theta: np.ndarray, grad: np.ndarray, first: np.ndarray,
            second: np.ndarray, largest: np.ndarray) -> None:  # fmt: skip
    """Adam with the largest v̂ so far in place of v̂."""
    kind = theta.dtype.type
    beta1, beta2, epsilon, least = kind(hyper[1]), kind(hyper[2]), kind(hyper[3]), kind(LEAST_NORMAL)
    rest1, rest2 = kind(1 - hyper[1]), kind(1 - hyper[2])
    step = kind(rate / bias(hyper[1], t, hyper[4]))
    unbias = kind(1 / bias(hyper[2], t, hyper[4]))
    for i in range(theta.size):
        g = grad[i]
        first[i] = normal(beta1 * first[i] + rest1 * g, least)
        second[i] = normal(beta2 * second[i] + rest2 * g * g, least)
        largest[i] = larger(largest[i], second[i] * unbias)
        theta[i] -= step * first[i] / (np.sqrt(largest[i]) + epsilon)


@jit_inline
def nadam(hyper: np.ndarray, rate: float, t: int, theta: np.ndarray, grad: np.ndarray, first: np.ndarray,
          second: np.ndarray) -> None:  # fmt: skip
    """Adam with Nesterov's look ahead: the coming mean and this gradient in place of the mean."""
    kind = theta.dtype.type
    beta1, beta2, epsilon, least = kind(hyper[1]), kind(hyper[2]), kind(hyper[3]), kind(LEAST_NORMAL)
    rest1, rest2 = kind(1 - hyper[1]), kind(1 - hyper[2])
    # The mean is corrected as it will be one update later, the gradient as of now.
    ahead = kind(rate * hyper[1] / bias(hyper[1], t + 1, hyper[4]))
    now = kind(rate * (1 - hyper[1]) / bias(hyper[1], t, hyper[4]))
    unbias = kind(1 / math.sqrt(bias(hyper[2], t, hyper[4])))
    for i in range(theta.size):
        g = grad[i]
        first[i] = normal(beta1 * first[i] + rest1 * g, least)
        second[i] = normal(beta2 * second[i] + rest2 * g * g, least)
        theta[i] -= (ahead * first[i] + now * g) / (np.sqrt(second[i]) * unbias + epsilon)


@jit_inline
def adamax(hyper: np.ndarray, rate: float, t: int, theta: np.ndarray, grad: np.ndarray, first: np.ndarray,
           largest: np.ndarray) -> None:  # fmt: skip
    """Adam with the largest recent gradient in place of the root of the mean square."""
    kind = theta.dtype.type
    beta1, rest1, beta2 = kind(hyper[1]), kind(1 - hyper[1]), kind(hyper[2])
    epsilon, least = kind(hyper[3]), kind(LEAST_NORMAL)
    step = kind(rate / bias(hyper[1], t, hyper[4]))
    for i in range(theta.size):
        first[i] = normal(beta1 * first[i] + rest1 * grad[i], least)
        largest[i] = larger(beta2 * largest[i], abs(grad[i]) + epsilon)
        theta[i] -= step * first[i] / largest[i]


@jit_inline
def lion(hyper: np.ndarray, rate: float, theta: np.ndarray, grad: np.ndarray,
         mean: np.ndarray) -> None:  # fmt: skip
    """A step of one size along each sign of a mean between momentum and gradient."""
    kind = theta.dtype.type
    step, keep = kind(rate), kind(1 - rate * hyper[3])
    beta1, rest1, beta2, rest2 = kind(hyper[1]), kind(1 - hyper[1]), kind(hyper[2]), kind(1 - hyper[2])
    one, least = kind(1), kind(LEAST_NORMAL)
    for i in range(theta.size):
        g = grad[i]
        theta[i] = keep * theta[i] - step * sign(beta1 * mean[i] + rest1 * g, one)
        mean[i] = normal(beta2 * mean[i] + rest2 * g, least)


@jit_inline
def rprop(hyper: np.ndarray, theta: np.ndarray, grad: np.ndarray, planned: np.ndarray,
          sizes: np.ndarray) -> None:  # fmt: skip
    """As in optax: a step is planned in one update and taken in the next, unless the sign has turned."""
    kind = theta.dtype.type
    shrink, grow, low, high = kind(hyper[1]), kind(hyper[2]), kind(hyper[3]), kind(hyper[4])
    one, zero = kind(1), kind(0)
    for i in range(theta.size):
        g = grad[i]
        agreement = g * planned[i]
        if agreement > zero:
            sizes[i] = max(low, min(high, grow * sizes[i]))
        elif agreement < zero:
            sizes[i] = max(low, min(high, shrink * sizes[i]))
        turned = agreement < zero
        theta[i] -= zero if turned else planned[i] + zero * g  # a gradient that is no number shows at once
        planned[i] = zero if turned else sizes[i] * sign(g, one)
