"""Optimizers, from plain gradient descent to L-BFGS, each as (state, update).

The state is plain data: slots, arrays of the parameters' size. The batch size decides whether descent is
stochastic, in mini-batches or over the whole set.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from engine.choices import optimizer_steps as steps
from engine.choices.base import NOT_NEGATIVE, POSITIVE, Entry, Parameter, Range, family
from engine.choices.optimizer_steps import LEAST_NORMAL, bias, normal
from engine.jit import jit_inline

if TYPE_CHECKING:
    from engine.choice import Optimizer

SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM = range(6)
BASIC = 6  # optimizers below this code are in every compiled training, the others only where one is used
ADADELTA, ADAMW, AMSGRAD, NADAM, ADAMAX, LION, RPROP, LBFGS = range(BASIC, BASIC + 8)
HYPERPARAMETERS = 8  # learning rate and what follows it, in the order of an entry's parameters


@dataclass(frozen=True)
class OptimizerEntry(Entry):
    """An optimizer.

    Attributes
    ----------
    slots : how many arrays of the parameters' size it keeps; L-BFGS, for each step that it remembers
    whole_batch : whether every update needs the gradient over all training rows; such optimizers find the
        length of their steps by themselves, and a schedule has no meaning for them
    own_steps : whether it evaluates the loss along the way and so is not one of :func:`update`'s
    common_rate : whether its learning rate means what it means to gradient descent
    """

    slots: int = field(default=0, kw_only=True)
    whole_batch: bool = field(default=False, kw_only=True)
    own_steps: bool = field(default=False, kw_only=True)
    common_rate: bool = field(default=True, kw_only=True)

    @property
    def has_rate(self) -> bool:
        """Whether there is a learning rate among its parameters."""
        return any(parameter.key == "learning_rate" for parameter in self.parameters)


_DECAY = Range(0, 1, high_open=True)
_BETAS = Parameter("beta1", 0.9, _DECAY), Parameter("beta2", 0.999, _DECAY)
_EPSILON = Parameter("epsilon", 1e-8, POSITIVE)
_CORRECTION = Parameter("bias_correction", True, kind="switch")
_HATS = "m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)"
_MOMENTS = "m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  "


def _rate(default: float) -> Parameter:
    return Parameter("learning_rate", default, NOT_NEGATIVE)


OPTIMIZERS = family(
    OptimizerEntry(
        "sgd", SGD, "θ ← θ − η g", "Cauchy 1847; Robbins and Monro 1951", (_rate(0.01),),
        sentence="Steps straight down the gradient: the plainest descent, and the measure of all others.",
    ),
    OptimizerEntry(
        "momentum", MOMENTUM, "v ← μ v + g;  θ ← θ − η v", "Polyak 1964",
        (_rate(0.01), Parameter("momentum", 0.9, _DECAY)), slots=1,
        sentence="Gathers speed like a heavy ball: faster along a valley, calmer across it.",
    ),
    OptimizerEntry(
        "nesterov", NESTEROV, "v ← μ v + g;  θ ← θ − η (g + μ v)", "Nesterov 1983; Sutskever et al. 2013",
        (_rate(0.01), Parameter("momentum", 0.9, _DECAY)), slots=1,
        sentence="Momentum that looks ahead, and so brakes earlier before it overshoots.",
    ),
    OptimizerEntry(
        "adagrad", ADAGRAD, "s ← s + g²;  θ ← θ − η g / (√s + ε)", "Duchi, Hazan and Singer 2011",
        (_rate(0.01), Parameter("epsilon", 1e-10, POSITIVE),
         Parameter("initial_accumulator", 0.0, NOT_NEGATIVE)), slots=1,
        sentence="Gives every weight a rate of its own, which shrinks with all gradients it has seen; "
                 "good for rare inputs.",
    ),
    OptimizerEntry(
        "rmsprop", RMSPROP, "s ← ρ s + (1 − ρ) g²;  θ ← θ − η g / (√s + ε)", "Tieleman and Hinton 2012",
        (_rate(0.001), Parameter("rho", 0.9, _DECAY), _EPSILON), slots=1,
        sentence="AdaGrad that forgets: it divides by the size of the recent gradients only, "
                 "so the steps do not die out.",
    ),
    OptimizerEntry(
        "adam", ADAM, _MOMENTS + "θ ← θ − η m̂ / (√v̂ + ε),  " + _HATS, "Kingma and Ba 2015",
        (_rate(0.001), *_BETAS, _EPSILON, _CORRECTION), slots=2,
        sentence="Momentum and RMSProp in one, corrected for starting at zero: "
                 "the usual choice when one does not want to tune.",
    ),
    OptimizerEntry(
        "adadelta", ADADELTA,
        "s ← ρ s + (1 − ρ) g²;  Δ = g √(u + ε) / √(s + ε);  u ← ρ u + (1 − ρ) Δ²;  θ ← θ − η Δ",
        "Zeiler 2012", (_rate(1.0), Parameter("rho", 0.95, _DECAY), Parameter("epsilon", 1e-6, POSITIVE)),
        slots=2, common_rate=False,
        sentence="Measures each step by the steps before it and needs no rate; it starts slowly.",
    ),
    OptimizerEntry(
        "adamw", ADAMW, _MOMENTS + "θ ← (1 − η λ) θ − η m̂ / (√v̂ + ε),  " + _HATS,
        "Loshchilov and Hutter 2019",
        (_rate(0.001), *_BETAS, _EPSILON, Parameter("weight_decay", 0.01, NOT_NEGATIVE), _CORRECTION),
        slots=2,
        sentence="Adam whose weights also shrink a little at every step, whatever their gradients: "
                 "against overfitting, better with Adam than L2.",
    ),
    OptimizerEntry(
        "amsgrad", AMSGRAD, _MOMENTS + "w ← max(w, v̂);  θ ← θ − η m̂ / (√w + ε),  " + _HATS,
        "Reddi, Kale and Kumar 2018", (_rate(0.001), *_BETAS, _EPSILON, _CORRECTION), slots=3,
        sentence="Adam that never forgets its largest gradient, so that its rates can only fall.",
    ),
    OptimizerEntry(
        "nadam", NADAM, _MOMENTS + "θ ← θ − η (β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) g / (1 − β₁ᵗ)) / (√v̂ + ε),  "
        "v̂ = v / (1 − β₂ᵗ)", "Dozat 2016", (_rate(0.001), *_BETAS, _EPSILON, _CORRECTION), slots=2,
        sentence="Adam that looks ahead as Nesterov's momentum does.",
    ),
    OptimizerEntry(
        "adamax", ADAMAX,
        "m ← β₁ m + (1 − β₁) g;  u ← max(β₂ u, |g| + ε);  θ ← θ − η m̂ / u,  m̂ = m / (1 − β₁ᵗ)",
        "Kingma and Ba 2015", (_rate(0.002), *_BETAS, _EPSILON, _CORRECTION), slots=2,
        sentence="Adam that divides by the largest recent gradient instead of a mean: "
                 "calm when single gradients are huge.",
    ),
    OptimizerEntry(
        "lion", LION, "c = β₁ m + (1 − β₁) g;  θ ← (1 − η λ) θ − η sign(c);  m ← β₂ m + (1 − β₂) g",
        "Chen et al. 2023",
        (_rate(0.0001), Parameter("beta1", 0.9, _DECAY), Parameter("beta2", 0.99, _DECAY),
         Parameter("weight_decay", 0.0, NOT_NEGATIVE)), slots=1,
        sentence="Looks only at the sign of its momentum: all weights step equally far; "
                 "it wants a rate some ten times smaller than Adam's.",
    ),
    OptimizerEntry(
        "rprop", RPROP,
        "Δ ← η₊ Δ (g p > 0),  η₋ Δ (g p < 0);  θ ← θ − p (g p ≥ 0);  p ← Δ sign(g) (g p ≥ 0),  0 (g p < 0)",
        "Riedmiller and Braun 1993; Igel and Hüsken 2003",
        (_rate(0.01), Parameter("eta_minus", 0.5, Range(0, 1, low_open=True, high_open=True)),
         Parameter("eta_plus", 1.2, Range(1, 10)), Parameter("min_step", 1e-6, Range(0, 0.001)),
         Parameter("max_step", 50.0, Range(0.001, 1e6))), slots=2, whole_batch=True,
        sentence="Looks only at signs: a weight's step grows while its gradient keeps its sign "
                 "and shrinks when it turns; the rate is the first step's, and every update takes all rows.",
    ),
    OptimizerEntry(
        "lbfgs", LBFGS, "θ ← θ − α H g,  H ≈ (∇²L)⁻¹,  α: L(θ − α H g) < L(θ)",
        "Nocedal 1980; Liu and Nocedal 1989",
        (Parameter("memory", 10, Range(1, 100), kind="whole"),), slots=2, whole_batch=True, own_steps=True,
        common_rate=False,
        sentence="Learns the valley's curvature from its last steps and searches for the length of each: "
                 "few, costly updates with all rows, for small data sets.",
    ),
)  # fmt: skip


@jit_inline
def parts_of_slots(slots: np.ndarray, first: int, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return an optimizer's state for some parameters: the same part of every slot, the last one repeated."""
    flat, size, last = slots.reshape(-1), slots.shape[1], slots.shape[0] - 1
    one, two = min(1, last) * size, min(2, last) * size
    return flat[first:end], flat[one + first : one + end], flat[two + first : two + end]


@jit_inline
def update(more: int | None, code: int, hyper: np.ndarray, learning_rate: float, t: int, theta: np.ndarray,
           grad: np.ndarray, slots: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:  # fmt: skip
    """Move the parameters once, by any optimizer but L-BFGS, which is :mod:`engine.lbfgs`.

    Parameters
    ----------
    more : 1 to have the optimizers after BASIC compiled too, None for a training without them
    code : which optimizer
    hyper : (HYPERPARAMETERS,) float64, the entry's parameters in its order
    learning_rate : this update's, from the schedule
    t : the number of this update since the optimizer started, from 1
    theta, grad : (n,) parameters, changed in place, and their gradient
    slots : three arrays (n,), of which as many as the entry has slots are its state, changed in place
    """
    kind = theta.dtype.type
    rate, one, least = kind(learning_rate), kind(1), kind(LEAST_NORMAL)
    first = slots[0]
    if more is not None:  # noqa: SIM102  only by a test of its own does Numba leave it out
        if code >= BASIC:
            _update_later(code, hyper, learning_rate, t, theta, grad, slots)
            return
    if code == SGD:
        for i in range(theta.size):
            theta[i] -= rate * grad[i]
    elif code == MOMENTUM:
        mu = kind(hyper[1])
        for i in range(theta.size):
            first[i] = normal(mu * first[i] + grad[i], least)
            theta[i] -= rate * first[i]
    elif code == NESTEROV:
        mu = kind(hyper[1])
        for i in range(theta.size):
            first[i] = normal(mu * first[i] + grad[i], least)
            theta[i] -= rate * (grad[i] + mu * first[i])
    elif code == ADAGRAD:
        epsilon = kind(hyper[1])
        for i in range(theta.size):
            first[i] += grad[i] * grad[i]
            theta[i] -= rate * grad[i] / (np.sqrt(first[i]) + epsilon)
    elif code == RMSPROP:
        rho, epsilon = kind(hyper[1]), kind(hyper[2])
        for i in range(theta.size):
            first[i] = normal(rho * first[i] + (one - rho) * grad[i] * grad[i], least)
            theta[i] -= rate * grad[i] / (np.sqrt(first[i]) + epsilon)
    else:
        second = slots[1]
        beta1, beta2, epsilon = kind(hyper[1]), kind(hyper[2]), kind(hyper[3])
        # m̂ and v̂ differ from m and v by factors that are the same for all parameters.
        step = kind(learning_rate / bias(hyper[1], t, hyper[4]))
        unbias = kind(1 / math.sqrt(bias(hyper[2], t, hyper[4])))
        rest1, rest2 = kind(1 - hyper[1]), kind(1 - hyper[2])
        for i in range(theta.size):
            g = grad[i]
            first[i] = normal(beta1 * first[i] + rest1 * g, least)
            second[i] = normal(beta2 * second[i] + rest2 * g * g, least)
            theta[i] -= step * first[i] / (np.sqrt(second[i]) * unbias + epsilon)


@jit_inline
def _update_later(code: int, hyper: np.ndarray, learning_rate: float, t: int, theta: np.ndarray,
                  grad: np.ndarray, slots: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:  # fmt: skip
    """Do the update of an optimizer after BASIC."""
    first = slots[0]
    if code == ADADELTA:
        steps.adadelta(hyper, learning_rate, theta, grad, first, slots[1])
    elif code == ADAMW:
        steps.adamw(hyper, learning_rate, t, theta, grad, first, slots[1])
    elif code == AMSGRAD:
        steps.amsgrad(hyper, learning_rate, t, theta, grad, first, slots[1], slots[2])
    elif code == NADAM:
        steps.nadam(hyper, learning_rate, t, theta, grad, first, slots[1])
    elif code == ADAMAX:
        steps.adamax(hyper, learning_rate, t, theta, grad, first, slots[1])
    elif code == LION:
        steps.lion(hyper, learning_rate, theta, grad, first)
    elif code == RPROP:
        steps.rprop(hyper, theta, grad, first, slots[1])


def more(chosen: "Optimizer") -> int | None:
    """Return what :func:`update` is to be compiled with for a training by this optimizer."""
    return 1 if chosen.entry.code >= BASIC and not chosen.entry.own_steps else None


def hyperparameters(values: dict[str, float]) -> np.ndarray:
    """Return an optimizer's parameters as the array that :func:`update` takes; a switch is 1 or 0."""
    hyper = np.zeros(HYPERPARAMETERS)
    hyper[: len(values)] = list(values.values())
    return hyper


def fresh_slots(chosen: "Optimizer", size: int, dtype: np.dtype) -> np.ndarray:
    """Return the state before the first update, (slots, size) with at least one row.

    Zeros, but for AdaGrad's first accumulator and the size of Rprop's first step.
    """
    values, slots = chosen.parameters, chosen.entry.slots
    fresh = np.zeros((max(1, slots * int(values.get("memory", 1))), size), dtype)
    if chosen.name == "adagrad":
        fresh[0] = values["initial_accumulator"]
    elif chosen.name == "rprop":
        fresh[1] = values["learning_rate"]
    return fresh


def keeps_slots(old: "Optimizer", new: "Optimizer") -> bool:
    """Whether a training goes on with its slots when it changes from one optimizer to the other.

    Where a parameter only speaks in the fresh slots, another value of it starts anew.
    """
    if old.name != new.name:
        return False
    starts = {"adagrad": "initial_accumulator", "rprop": "learning_rate", "lbfgs": "memory"}
    return old.name not in starts or old[starts[old.name]] == new[starts[old.name]]
