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
        sentence="Pulls every weight towards 0 with the same force: what is not needed ends near 0.",
    ),
    Entry(
        "l2", 1, "λ Σw²", "Hoerl and Kennard 1970",
        (Parameter("l2", 0.0, NOT_NEGATIVE),),
        sentence="Pulls every weight towards 0, large ones harder: the function becomes smoother.",
    ),
)  # fmt: skip


@jit_inline
def add_penalties(layout: "Layout", theta: np.ndarray, grad: np.ndarray, l1: np.ndarray,
                  l2: np.ndarray) -> None:  # fmt: skip
    """Add the gradient of l1 sum |w| + l2 sum w² over each layer's weights to grad (size,)."""
    kind = theta.dtype.type
    for layer in range(l1.size):
        if l1[layer] == 0 and l2[layer] == 0:
            continue
        zero, lasso, ridge = kind(0), kind(l1[layer]), kind(2 * l2[layer])
        for i in range(layout.weights[layer], layout.biases[layer]):
            w = theta[i]
            sign = lasso if w > zero else -lasso if w < zero else w * zero  # NaN stays NaN
            grad[i] += sign + ridge * w


@np.errstate(over="ignore")  # infinite is what a sum of such weights is
def penalty(weights: Iterable[np.ndarray], l1: np.ndarray, l2: np.ndarray) -> float:
    """Return l1 sum |w| + l2 sum w², with each layer's own l1 and l2; 0 where they are 0, whatever w is."""
    total = 0.0
    for w, lasso, ridge in zip(weights, l1, l2, strict=True):
        total += lasso * np.abs(w).sum(dtype=float) if lasso else 0.0
        total += ridge * np.square(w, dtype=float).sum() if ridge else 0.0
    return float(total)
