"""Activations and losses for callers in Python: the kernels' own code on whole arrays.

Arrays may have any shape and are taken as float64, or as float32 where they are of that type.
"""

import numpy as np

from engine.choices.activations import SOFTMAX, activate, softmax, times_derivative
from engine.choices.losses import output_delta, row_loss
from engine.jit import jit


@jit
def _values(code: int, parameter: float, z: np.ndarray, units: int, a: np.ndarray) -> None:
    activate(1, code, parameter, z, a)
    if code == SOFTMAX:
        softmax(a, units, 1, units, z.size // units)


@jit
def _derivatives(code: int, parameter: float, z: np.ndarray, a: np.ndarray, out: np.ndarray) -> None:
    activate(1, code, parameter, z, a)
    times_derivative(1, code, parameter, z, a, out)


@jit
def _loss_values(code: int, parameter: float, units: int, z: np.ndarray, a: np.ndarray, y: np.ndarray,
                 out: np.ndarray) -> None:  # fmt: skip
    for r in range(out.size):
        out[r] = row_loss(1, code, parameter, units, z, a, y, r * units, 1, r * units, 1)


@jit
def _loss_derivatives(code: int, parameter: float, units: int, a: np.ndarray, y: np.ndarray,
                      out: np.ndarray) -> None:  # fmt: skip
    output_delta(1, code, parameter, units, a, y, 1.0, out)


def values(code: int, parameter: float, z: np.ndarray) -> np.ndarray:
    """Return the activation of each pre-activation.

    Parameters
    ----------
    code, parameter : which activation, and its parameter (any number for one without)
    z : (..., units) pre-activations; softmax is taken over the last axis

    Returns
    -------
    (..., units) in z's precision.
    """
    z = _floating(z)
    a = np.empty_like(z)
    if z.size:
        _values(code, parameter, z.reshape(-1), z.shape[-1] if z.ndim else 1, a.reshape(-1))
    return a


def derivatives(code: int, parameter: float, z: np.ndarray) -> np.ndarray:
    """Return the activation's derivative at each pre-activation; at a kink that of the branch to the left.

    Parameters
    ----------
    code, parameter, z : as for :func:`values`

    Raises
    ------
    ValueError
        for softmax, each of whose outputs depends on all of its inputs
    """
    if code == SOFTMAX:
        raise ValueError("the derivative of softmax is not one number a unit")
    z = _floating(z)
    out = np.where(np.isnan(z), z, z.dtype.type(1))
    if z.size:
        _derivatives(code, parameter, z.reshape(-1), np.empty_like(z).reshape(-1), out.reshape(-1))
    return out


def loss_values(code: int, parameter: float, z: np.ndarray, a: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the loss (n,) of each row, in float64.

    Parameters
    ----------
    code, parameter : which loss, and its parameter
    z, a, y : (n, units) logits, of which the cross-entropies are computed, outputs and targets
    """
    z, a, y = _alike(z, a, y)
    out = np.empty(len(a))
    if a.size:
        _loss_values(code, parameter, a.shape[1], z.reshape(-1), a.reshape(-1), y.reshape(-1), out)
    return out


def loss_derivatives(code: int, parameter: float, a: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the derivative (n, units) of each row's own loss, not divided by the number of rows.

    It is by the output, or by the logit for the losses that :func:`engine.choices.losses.is_of_logits` names.

    Parameters
    ----------
    code, parameter : which loss, and its parameter
    a, y : (n, units) outputs and targets
    """
    a, y = _alike(a, y)
    out = np.empty_like(a)
    if a.size:
        _loss_derivatives(code, parameter, a.shape[1], a.reshape(-1), y.reshape(-1), out.reshape(-1))
    return out


def _floating(array: np.ndarray) -> np.ndarray:
    """Return an array as kernels take it: float32 or float64, C order, not read-only."""
    kind = np.float32 if np.asarray(array).dtype == np.float32 else np.float64
    return np.require(array, kind, ("C", "W"))


def _alike(*arrays: np.ndarray) -> list[np.ndarray]:
    """Return arrays of one shape (n, units) in the first one's precision. Raises ValueError for others."""
    made = [_floating(array) for array in arrays]
    if any(array.ndim != 2 or array.shape != made[0].shape for array in made):
        raise ValueError(f"these shapes are not one (n, units): {', '.join(str(a.shape) for a in made)}")
    return [array.astype(made[0].dtype, copy=False) for array in made]
