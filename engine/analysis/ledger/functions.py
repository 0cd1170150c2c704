"""Activations and losses once more, in NumPy and float64: value, derivative and the formula of either.

The kernels' own stand in :mod:`engine.choices`; these are written from the formulas alone, so that a ledger
is a second opinion. At a kink the branch of x < 0 counts, for losses the flat one; NaN passes through.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.analysis.ledger.lines import Array

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


class Activation(NamedTuple):
    """f(z, parameter), its derivative f′(z, a, parameter), how that is written and whether with the a."""

    value: Callable[[Array, float], Array]
    slope: Callable[[Array, Array, float], Array]
    slope_formula: str
    of_a: bool = False


class Loss(NamedTuple):
    """The loss of each row and its derivative by each output, or by each logit.

    Attributes
    ----------
    rows : (z, a, y (n, outputs), parameter) to (n,)
    slope : (a, y (n, outputs), parameter) to (n, outputs): dℓ/da, for one of the logits dℓ/dz
    formula, slope_formula : of one row, with m the number of outputs
    of_logits : whether the slope is already that by z
    """

    rows: Callable[[Array, Array, Array, float], Array]
    slope: Callable[[Array, Array, float], Array]
    formula: str
    slope_formula: str
    of_logits: bool = False


def _logistic(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def _softplus(z: Array) -> Array:
    return np.logaddexp(0, z)


def _normal_share(z: Array) -> Array:
    """Return Φ(z), the share of the normal distribution below z."""
    from scipy.special import ndtr  # loaded where it is needed: it takes a while

    return ndtr(z)


def _normal_density(z: Array) -> Array:
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def softmax(z: Array) -> Array:
    """Return each row's softmax; the largest logit is taken off first, so nothing overflows."""
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _mish_slope(z: Array, a: Array, p: float) -> Array:
    t = np.tanh(_softplus(z))
    return t + z * (1 - t * t) * _logistic(z)


def _same(value: Array, where: Array) -> Array:
    """Return the value, NaN where the other array is."""
    return np.where(np.isnan(where), where, value)


ACTIVATIONS: dict[str, Activation] = {
    "step": Activation(lambda z, p: _same(np.where(z > 0, 1.0, 0.0), z), lambda z, a, p: 0 * z, "0"),
    "linear": Activation(lambda z, p: z.copy(), lambda z, a, p: np.ones_like(z), "1"),
    "sigmoid": Activation(lambda z, p: _logistic(z), lambda z, a, p: a * (1 - a), "a · (1 − a)", True),
    "tanh": Activation(lambda z, p: np.tanh(z), lambda z, a, p: 1 - a * a, "1 − a²", True),
    "relu": Activation(
        lambda z, p: np.where(z < 0, 0.0, z), lambda z, a, p: np.where(z <= 0, 0.0, 1.0),
        "1 (z > 0),  0 (z ≤ 0)",
    ),
    "leaky_relu": Activation(
        lambda z, p: np.where(z < 0, p * z, z), lambda z, a, p: np.where(z <= 0, p, 1.0),
        "1 (z > 0),  slope (z ≤ 0)",
    ),
    "elu": Activation(
        lambda z, p: np.where(z < 0, p * np.expm1(z), z),
        lambda z, a, p: np.where(z <= 0, p * np.exp(z), 1.0), "1 (z > 0),  alpha · eᶻ (z ≤ 0)",
    ),
    "selu": Activation(
        lambda z, p: SELU_SCALE * np.where(z < 0, SELU_ALPHA * np.expm1(z), z),
        lambda z, a, p: SELU_SCALE * np.where(z <= 0, SELU_ALPHA * np.exp(z), 1.0),
        "1.0507 (z > 0),  1.7581 · eᶻ (z ≤ 0)",
    ),
    "gelu": Activation(
        lambda z, p: z * _normal_share(z), lambda z, a, p: _normal_share(z) + z * _normal_density(z),
        "Φ(z) + z · φ(z)",
    ),
    "silu": Activation(
        lambda z, p: z * _logistic(z), lambda z, a, p: _logistic(z) * (1 + z * _logistic(-z)),
        "s · (1 + z · (1 − s)),  s = 1 / (1 + e⁻ᶻ)",
    ),
    "softplus": Activation(lambda z, p: _softplus(z), lambda z, a, p: _logistic(z), "1 / (1 + e⁻ᶻ)"),
    "softsign": Activation(
        lambda z, p: z / (1 + np.abs(z)), lambda z, a, p: 1 / (1 + np.abs(z)) ** 2, "1 / (1 + |z|)²"
    ),
    "mish": Activation(
        lambda z, p: z * np.tanh(_softplus(z)), _mish_slope,
        "t + z · (1 − t²) / (1 + e⁻ᶻ),  t = tanh(ln(1 + eᶻ))",
    ),
    "sine": Activation(lambda z, p: np.sin(z), lambda z, a, p: np.cos(z), "cos z"),
    "hard_tanh": Activation(
        lambda z, p: np.clip(z, -1, 1), lambda z, a, p: np.where((z <= -1) | (z > 1), 0.0, 1.0),
        "1 (−1 < z ≤ 1),  0 (z ≤ −1),  0 (z > 1)",
    ),
}  # fmt: skip


def _binary_rows(z: Array, a: Array, y: Array, p: float) -> Array:
    return (_softplus(z) - y * z).sum(axis=1)


def _categorical_rows(z: Array, a: Array, y: Array, p: float) -> Array:
    below = z - z.max(axis=1, keepdims=True)
    chosen = np.where(y != 0, y * below, 0.0)  # 0 times -inf is not a number
    return np.log(np.exp(below).sum(axis=1)) - chosen.sum(axis=1)


def _huber_rows(z: Array, a: Array, y: Array, p: float) -> Array:
    size = np.abs(a - y)
    return np.where(size <= p, size * size / 2, p * (size - p / 2)).mean(axis=1)


def _margin_rows(margin: float) -> Callable[[Array, Array, Array, float], Array]:
    def rows(z: Array, a: Array, y: Array, p: float) -> Array:
        return np.maximum(0, margin - (2 * y - 1) * a).mean(axis=1)

    return rows


def _margin_slope(margin: float) -> Callable[[Array, Array, float], Array]:
    def slope(a: Array, y: Array, p: float) -> Array:
        sign = 2 * y - 1
        missing = margin - sign * a
        return _same(np.where(missing > 0, -sign, 0.0), missing) / a.shape[1]

    return slope


LOSSES: dict[str, Loss] = {
    "mse": Loss(
        lambda z, a, y, p: np.square(a - y).mean(axis=1), lambda a, y, p: 2 * (a - y) / a.shape[1],
        "ℓ = Σₖ (aₖ − yₖ)² / m", "∂ℓ/∂a = 2 · (a − y) / m",
    ),
    "binary_cross_entropy": Loss(
        _binary_rows, lambda a, y, p: a - y,
        "ℓ = −Σₖ (yₖ · ln aₖ + (1 − yₖ) · ln(1 − aₖ)) = Σₖ (ln(1 + exp(zₖ)) − yₖ · zₖ)",
        "δ = ∂ℓ/∂z = a − y", True,
    ),
    "categorical_cross_entropy": Loss(
        _categorical_rows, lambda a, y, p: a - y,
        "ℓ = −Σₖ yₖ · ln aₖ = ln(Σₖ exp(zₖ)) − Σₖ yₖ · zₖ", "δ = ∂ℓ/∂z = a − y", True,
    ),
    "mae": Loss(
        lambda z, a, y, p: np.abs(a - y).mean(axis=1), lambda a, y, p: np.sign(a - y) / a.shape[1],
        "ℓ = Σₖ |aₖ − yₖ| / m", "∂ℓ/∂a = sgn(a − y) / m",
    ),
    "huber": Loss(
        _huber_rows, lambda a, y, p: np.clip(a - y, -p, p) / a.shape[1],
        "ℓ = Σₖ h(aₖ − yₖ) / m,  h(d) = d² / 2 (|d| ≤ delta),  delta · |d| − delta² / 2 (|d| > delta)",
        "∂ℓ/∂a = max(−delta, min(delta, a − y)) / m",
    ),
    "hinge": Loss(
        _margin_rows(1), _margin_slope(1), "ℓ = Σₖ max(0, 1 − (2 · yₖ − 1) · aₖ) / m",
        "∂ℓ/∂a = −s / m (s · a < 1),  0 (s · a ≥ 1),  s = 2 · y − 1",
    ),
    "perceptron": Loss(
        _margin_rows(0), _margin_slope(0), "ℓ = Σₖ max(0, −(2 · yₖ − 1) · aₖ) / m",
        "∂ℓ/∂a = −s / m (s · a < 0),  0 (s · a ≥ 0),  s = 2 · y − 1",
    ),
}  # fmt: skip

# A single step layer under plain gradient descent: the loss shown is the squared error, the share of errors,
# but what enters the layer is not its derivative, which would be 0.
PERCEPTRON_RULE = LOSSES["mse"]._replace(
    slope=lambda a, y, p: a - y, slope_formula="δ = a − y", of_logits=True
)
