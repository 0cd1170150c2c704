"""What holds an update back: cut links and frozen layers, clipping, proximal L1, largest norms."""

import numpy as np

from engine.extras import CLIP_NORM, CLIP_VALUE, Extras
from engine.jit import jit_inline


@jit_inline
def hold_back(extras: Extras, grad: np.ndarray) -> None:
    """Set the gradient to 0 where nothing may move, then clip it."""
    for i in range(grad.size):
        if extras.active[i] == 0:
            grad[i] = 0
    clip(extras.clip, extras.clip_limit, grad)


@jit_inline
def clip(code: int, limit: float, grad: np.ndarray) -> None:
    """Clip a gradient. What is not finite is not made so: NaN stays NaN, infinity stays or becomes NaN.

    Of a gradient whose norm is NaN or infinite nobody knows how much too long it is: all of it becomes NaN.
    """
    kind = grad.dtype.type
    if code == CLIP_VALUE:
        high, low = kind(limit), kind(-limit)
        for i in range(grad.size):
            g = grad[i]
            if g - g == 0:
                grad[i] = high if g > high else low if g < low else g
    if code == CLIP_NORM:
        square = 0.0
        for i in range(grad.size):
            square += float(grad[i]) * float(grad[i])
        norm = np.sqrt(square)
        if not norm <= limit:
            factor = kind(limit / norm if norm - norm == 0 else norm - norm)
            for i in range(grad.size):
                grad[i] *= factor


@jit_inline
def put_back(extras: Extras, before: np.ndarray, theta: np.ndarray) -> None:
    """Undo an update where nothing may move: momentum and decay would move it without a gradient."""
    for i in range(theta.size):
        if extras.active[i] == 0:
            theta[i] = before[i]


@jit_inline
def shrink(extras: Extras, weights: np.ndarray, biases: np.ndarray, rate: float, theta: np.ndarray) -> None:
    """Move each weight towards 0 by rate · l1, and no further: the proximal step of L1."""
    for layer in range(weights.size):
        if extras.thresholds[layer] > 0 and extras.frozen[layer] == 0:
            reach = theta.dtype.type(rate * extras.thresholds[layer])
            for i in range(weights[layer], biases[layer]):
                w = theta[i]
                theta[i] = w - reach if w > reach else w + reach if w < -reach else w - w


@jit_inline
def limit_norms(extras: Extras, sizes: np.ndarray, columns: np.ndarray, weights: np.ndarray,
                theta: np.ndarray) -> None:  # fmt: skip
    """Shorten the weights into each unit to the layer's largest norm (Srebro and Shraibman 2005).

    Where one of them is NaN or infinite, so is their norm, and all of them become NaN.
    """
    for layer in range(weights.size):
        most = extras.max_norms[layer]
        if most > 0 and extras.frozen[layer] == 0:
            step = columns[layer + 1]
            for j in range(sizes[layer + 1]):
                square = 0.0
                for k in range(sizes[layer]):
                    w = float(theta[weights[layer] + k * step + j])
                    square += w * w
                norm = np.sqrt(square)
                if not norm <= most:
                    factor = theta.dtype.type(most / norm if norm - norm == 0 else norm - norm)
                    for k in range(sizes[layer]):
                        theta[weights[layer] + k * step + j] *= factor
