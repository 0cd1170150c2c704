"""The optimizers once more, in float64: optax where it has the same definition, else the formula in NumPy.

An authority is ``make(values) -> step`` with ``step(theta, grad, t) -> theta`` on vectors; t counts from 1.
Import it inside a test: loading optax takes a second.
"""

from collections.abc import Callable

import jax
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)

Values = dict[str, float]
Step = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


def _optax(build: Callable[[Values], optax.GradientTransformation]) -> Callable[[Values], Step]:
    def make(values: Values) -> Step:
        rule = build(values)
        update = jax.jit(rule.update)
        state: list[object] = []

        def step(theta: np.ndarray, grad: np.ndarray, t: int) -> np.ndarray:
            if not state:
                state.append(rule.init(theta))
            change, state[0] = update(grad, state[0], theta)
            return theta + np.asarray(change)

        return step

    return make


def _adagrad(values: Values) -> Step:
    s = values["initial_accumulator"]

    def step(theta: np.ndarray, grad: np.ndarray, t: int) -> np.ndarray:
        nonlocal s
        s = s + grad**2
        return theta - values["learning_rate"] * grad / (np.sqrt(s) + values["epsilon"])

    return step


def _rmsprop(values: Values) -> Step:
    s, rho = 0.0, values["rho"]

    def step(theta: np.ndarray, grad: np.ndarray, t: int) -> np.ndarray:
        nonlocal s
        s = rho * s + (1 - rho) * grad**2
        return theta - values["learning_rate"] * grad / (np.sqrt(s) + values["epsilon"])

    return step


# optax puts the epsilon of these two inside the root; the formula's stands outside.
AUTHORITIES: dict[str, Callable[[Values], Step]] = {
    "sgd": _optax(lambda v: optax.sgd(v["learning_rate"])),
    "momentum": _optax(lambda v: optax.sgd(v["learning_rate"], momentum=v["momentum"])),
    "nesterov": _optax(lambda v: optax.sgd(v["learning_rate"], momentum=v["momentum"], nesterov=True)),
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _optax(lambda v: optax.adam(v["learning_rate"], v["beta1"], v["beta2"], v["epsilon"])),
}
