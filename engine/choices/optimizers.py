"""Optimizers, from plain gradient descent to Adam, each as (state, update).

The state is plain data: at most two slots, arrays of the parameters' size. The batch size decides
whether descent is stochastic, in mini-batches or over the whole set.
"""

import math

import numpy as np

from engine.choices.base import NOT_NEGATIVE, POSITIVE, Entry, Parameter, Range, family
from engine.jit import jit_inline

SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM = range(6)
BASIC = 6  # optimizers below this code are in every compiled training, the others only where one is used
SLOTS = 2  # the most that any optimizer here keeps
LEAST_NORMAL = float(np.finfo(np.float32).tiny)  # below it, a processor takes a hundred times as long
HYPERPARAMETERS = 8  # learning rate and what follows it, in the order of an entry's parameters

_DECAY = Range(0, 1, high_open=True)


def _rate(default: float) -> Parameter:
    return Parameter("learning_rate", default, NOT_NEGATIVE)


OPTIMIZERS = family(
    Entry("sgd", SGD, "θ ← θ − η g", "Cauchy 1847; Robbins and Monro 1951", (_rate(0.01),)),
    Entry("momentum", MOMENTUM, "v ← μ v + g;  θ ← θ − η v", "Polyak 1964",
          (_rate(0.01), Parameter("momentum", 0.9, _DECAY))),
    Entry("nesterov", NESTEROV, "v ← μ v + g;  θ ← θ − η (g + μ v)",
          "Nesterov 1983; Sutskever et al. 2013", (_rate(0.01), Parameter("momentum", 0.9, _DECAY))),
    Entry("adagrad", ADAGRAD, "s ← s + g²;  θ ← θ − η g / (√s + ε)", "Duchi, Hazan and Singer 2011",
          (_rate(0.01), Parameter("epsilon", 1e-10, POSITIVE),
           Parameter("initial_accumulator", 0.0, NOT_NEGATIVE))),
    Entry("rmsprop", RMSPROP, "s ← ρ s + (1 − ρ) g²;  θ ← θ − η g / (√s + ε)",
          "Tieleman and Hinton 2012", (_rate(0.001), Parameter("rho", 0.9, _DECAY),
                                       Parameter("epsilon", 1e-8, POSITIVE))),
    Entry("adam", ADAM, "m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  "
          "θ ← θ − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)", "Kingma and Ba 2015",
          (_rate(0.001), Parameter("beta1", 0.9, _DECAY), Parameter("beta2", 0.999, _DECAY),
           Parameter("epsilon", 1e-8, POSITIVE))),
)  # fmt: skip


@jit_inline
def _normal(value: float, least: float) -> float:
    """Return the value, or 0 where it has faded below the smallest normal number; NaN stays NaN."""
    return value - value if abs(value) < least else value


@jit_inline
def update(more: int | None, code: int, hyper: np.ndarray, learning_rate: float, t: int, theta: np.ndarray,
           grad: np.ndarray, slots: np.ndarray) -> None:  # fmt: skip
    """Move the parameters once.

    Parameters
    ----------
    more : 1 to have the optimizers after BASIC compiled too, None for a training without them
    code : which optimizer
    hyper : (HYPERPARAMETERS,) float64, the entry's parameters in its order
    learning_rate : this update's, from the schedule
    t : the number of this update since the optimizer started, from 1
    theta, grad : (n,) parameters, changed in place, and their gradient
    slots : (SLOTS, n) the optimizer's state, changed in place
    """
    kind = theta.dtype.type
    rate, one, least = kind(learning_rate), kind(1), kind(LEAST_NORMAL)
    first, second = slots[0], slots[1]
    if code == SGD:
        for i in range(theta.size):
            theta[i] -= rate * grad[i]
    elif code == MOMENTUM:
        mu = kind(hyper[1])
        for i in range(theta.size):
            first[i] = _normal(mu * first[i] + grad[i], least)
            theta[i] -= rate * first[i]
    elif code == NESTEROV:
        mu = kind(hyper[1])
        for i in range(theta.size):
            first[i] = _normal(mu * first[i] + grad[i], least)
            theta[i] -= rate * (grad[i] + mu * first[i])
    elif code == ADAGRAD:
        epsilon = kind(hyper[1])
        for i in range(theta.size):
            first[i] += grad[i] * grad[i]
            theta[i] -= rate * grad[i] / (np.sqrt(first[i]) + epsilon)
    elif code == RMSPROP:
        rho, epsilon = kind(hyper[1]), kind(hyper[2])
        for i in range(theta.size):
            first[i] = _normal(rho * first[i] + (one - rho) * grad[i] * grad[i], least)
            theta[i] -= rate * grad[i] / (np.sqrt(first[i]) + epsilon)
    else:
        beta1, beta2, epsilon = kind(hyper[1]), kind(hyper[2]), kind(hyper[3])
        # m̂ and v̂ differ from m and v by factors that are the same for all parameters.
        step = kind(learning_rate / (1 - math.pow(hyper[1], float(t))))
        unbias = kind(1 / math.sqrt(1 - math.pow(hyper[2], float(t))))
        rest1, rest2 = kind(1 - hyper[1]), kind(1 - hyper[2])
        for i in range(theta.size):
            g = grad[i]
            first[i] = _normal(beta1 * first[i] + rest1 * g, least)
            second[i] = _normal(beta2 * second[i] + rest2 * g * g, least)
            theta[i] -= step * first[i] / (np.sqrt(second[i]) * unbias + epsilon)


def hyperparameters(values: dict[str, float]) -> np.ndarray:
    """Return an optimizer's parameters as the array that :func:`update` takes."""
    hyper = np.zeros(HYPERPARAMETERS)
    hyper[: len(values)] = list(values.values())
    return hyper


def fresh_slots(values: dict[str, float], size: int, dtype: np.dtype) -> np.ndarray:
    """Return the state (SLOTS, size) before the first update: zeros, or AdaGrad's first accumulator."""
    slots = np.zeros((SLOTS, size), dtype)
    slots[0] = values.get("initial_accumulator", 0.0)
    return slots
