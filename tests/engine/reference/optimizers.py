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


def _uncorrected(name: str, values: Values) -> Step:
    """Return an optimizer of Adam's family without bias correction, as its formula says."""
    m, v, largest, u = (np.zeros(1) for _ in range(4))
    beta1, beta2, epsilon = values["beta1"], values["beta2"], values["epsilon"]

    def step(theta: np.ndarray, grad: np.ndarray, t: int) -> np.ndarray:
        nonlocal m, v, largest, u
        m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
        largest, u = np.maximum(largest, v), np.maximum(beta2 * u, np.abs(grad) + epsilon)
        above = beta1 * m + (1 - beta1) * grad if name == "nadam" else m
        below = {"amsgrad": np.sqrt(largest) + epsilon, "adamax": u}.get(name, np.sqrt(v) + epsilon)
        keep = 1 - values["learning_rate"] * values.get("weight_decay", 0.0)
        return keep * theta - values["learning_rate"] * above / below

    return step


def _adam_like(name: str) -> Callable[[Values], Step]:
    """Return optax's optimizer of that name, or the formula where the bias is not corrected."""

    def build(v: Values) -> optax.GradientTransformation:
        more = {"weight_decay": v["weight_decay"]} if "weight_decay" in v else {}
        return getattr(optax, name)(v["learning_rate"], v["beta1"], v["beta2"], v["epsilon"], **more)

    def make(values: Values) -> Step:
        return _optax(build)(values) if values["bias_correction"] else _uncorrected(name, values)

    return make


# optax puts the epsilon of these two inside the root; the formula's stands outside.
AUTHORITIES: dict[str, Callable[[Values], Step]] = {
    "sgd": _optax(lambda v: optax.sgd(v["learning_rate"])),
    "momentum": _optax(lambda v: optax.sgd(v["learning_rate"], momentum=v["momentum"])),
    "nesterov": _optax(lambda v: optax.sgd(v["learning_rate"], momentum=v["momentum"], nesterov=True)),
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adadelta": _optax(lambda v: optax.adadelta(v["learning_rate"], v["rho"], v["epsilon"])),
    "lion": _optax(
        lambda v: optax.lion(v["learning_rate"], v["beta1"], v["beta2"], weight_decay=v["weight_decay"])
    ),
    "rprop": _optax(
        lambda v: optax.rprop(v["learning_rate"], v["eta_minus"], v["eta_plus"], v["min_step"], v["max_step"])
    ),
    **{name: _adam_like(name) for name in ("adam", "adamw", "amsgrad", "nadam", "adamax")},
}
