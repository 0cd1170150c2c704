"""Penalties that keep weights small. They fall on weights, never on biases."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from engine.choices.base import NOT_NEGATIVE, Entry, Parameter, family
from engine.jit import jit_inline

if TYPE_CHECKING:
    from engine.plan import Layout

REGULARIZERS = family(
    Entry(
        "l1", 0, "λ Σ|w|", "Tibshirani 1996",
        (Parameter("l1", 0.0, NOT_NEGATIVE),),
    ),
    Entry(
        "l2", 1, "λ Σw²", "Hoerl and Kennard 1970",
        (Parameter("l2", 0.0, NOT_NEGATIVE),),
    ),
)  # fmt: skip


@jit_inline
def add_penalties(layout: "Layout", theta: np.ndarray, grad: np.ndarray, l1: float, l2: float) -> None:
    """Add the gradient of l1 sum |w| + l2 sum w² over all weights to grad (size,)."""
    if l1 == 0 and l2 == 0:
        return
    kind = theta.dtype.type
    zero, lasso, ridge = kind(0), kind(l1), kind(2 * l2)
    for layer in range(layout.weights.size):
        for i in range(layout.weights[layer], layout.biases[layer]):
            w = theta[i]
            sign = lasso if w > zero else -lasso if w < zero else w * zero  # NaN stays NaN
            grad[i] += sign + ridge * w


def penalty(weights: Iterable[np.ndarray], l1: float, l2: float) -> float:
    """Return l1 sum |w| + l2 sum w² over the weight matrices."""
    return float(sum(l1 * np.abs(w).sum(dtype=float) + l2 * np.square(w).sum(dtype=float) for w in weights))
