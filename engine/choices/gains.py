"""By how much the weights before an activation must be larger, so that it passes its variance on.

A layer of n inputs whose weights have the variance gain² / n hands on numbers of the size that came in, if
gain² E[φ(z)²] = 1 for z ~ N(0, 1) (He et al. 2015, section 2.2). That rule gives √2 for ReLU. The gains of
tanh (5/3), sigmoid (1) and SELU (3/4) are those of PyTorch's ``calculate_gain``, which differ from it.
"""

import math
from collections.abc import Callable


def _leaky(slope: float) -> float:
    """E[φ²] = (1 + slope²) / 2."""
    return math.sqrt(2 / (1 + slope * slope))


def _elu(alpha: float) -> float:
    """E[φ²] = 1/2 + α² (e² Φ(−2) − 2 √e Φ(−1) + 1/2), with Φ the normal distribution function."""
    below = math.e**2 * _below(-2) - 2 * math.exp(0.5) * _below(-1) + 0.5
    return 1 / math.sqrt(0.5 + alpha * alpha * below)


def _below(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


# By activation: a number, or what makes one of the activation's parameter.
GAINS: dict[str, float | Callable[[float], float]] = {
    "linear": 1.0, "sigmoid": 1.0, "softmax": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "leaky_relu": _leaky,
    "selu": 3 / 4,
    # By the rule above, for want of a published one:
    "step": math.sqrt(2), "elu": _elu, "gelu": 1.5335304412, "silu": 1.6765324703, "softplus": 1.0418668355,
    "softsign": 2.3375333631, "mish": 1.4868475813, "hard_tanh": 1.3920361405, "sine": 1.5208666232,
}  # fmt: skip


def gain_of(activation: str, parameter: float = 0.0) -> float:
    """Return the gain of an activation with its one parameter; 1 for one without an entry."""
    gain = GAINS.get(activation, 1.0)
    return gain(parameter) if callable(gain) else gain
