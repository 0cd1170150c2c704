"""Activation functions, from the threshold of McCulloch and Pitts on.

At a kink the branch of x < 0 counts: relu(0) = 0 with slope 0, and step(0) = 0. NaN passes through: every
branch is written so that a false comparison hands on x itself.

The kernels below work on flat arrays, so they serve every memory layout; softmax, which looks at a whole
row, is told how far apart a row's units and the rows stand.
"""

import numpy as np

from engine.choices.base import Entry, Parameter, Range, family
from engine.elementary import exp, sigmoid, tanh
from engine.jit import jit_inline

STEP, LINEAR, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTMAX = range(7)
BASIC = 7  # activations below this code are in every compiled network, the others only where one is used

ACTIVATIONS = family(
    Entry("step", STEP, "1 (z > 0),  0 (z ≤ 0)", "McCulloch and Pitts 1943; Rosenblatt 1958"),
    Entry("linear", LINEAR, "z", "-"),
    Entry("sigmoid", SIGMOID, "1 / (1 + e⁻ᶻ)", "Verhulst 1838; Rumelhart, Hinton and Williams 1986"),
    Entry("tanh", TANH, "(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)", "LeCun et al. 1998"),
    Entry("relu", RELU, "max(0, z)", "Nair and Hinton 2010"),
    Entry("leaky_relu", LEAKY_RELU, "z (z > 0),  slope · z (z ≤ 0)", "Maas, Hannun and Ng 2013",
          (Parameter("slope", 0.01, Range(-10, 10)),)),
    Entry("softmax", SOFTMAX, "eᶻⁱ / Σⱼ eᶻʲ", "Bridle 1990"),
)  # fmt: skip


@jit_inline
def activate(more: int | None, code: int, parameter: float, z: np.ndarray, a: np.ndarray) -> None:
    """Write the activation of each pre-activation.

    Parameters
    ----------
    more : 1 to have the activations after BASIC compiled too, None for a network without them
    code : which activation
    parameter : the activation's parameter, such as the slope of leaky_relu below 0
    z : (n,) pre-activations
    a : (n,) receives the activations; softmax's are only copied, see :func:`softmax`
    """
    kind = z.dtype.type
    zero, one, below = kind(0), kind(1), kind(parameter)
    n = z.size
    if code == STEP:
        for i in range(n):
            # z - z is 0, or NaN where z is NaN
            a[i] = one if z[i] > zero else z[i] - z[i] if z[i] != z[i] else zero
    elif code == SIGMOID:
        for i in range(n):
            a[i] = sigmoid(z[i])
    elif code == TANH:
        for i in range(n):
            a[i] = tanh(z[i])
    elif code == RELU:
        for i in range(n):
            a[i] = zero if z[i] < zero else z[i]
    elif code == LEAKY_RELU:
        for i in range(n):
            a[i] = below * z[i] if z[i] < zero else z[i]
    else:
        for i in range(n):
            a[i] = z[i]


@jit_inline
def times_derivative(more: int | None, code: int, parameter: float, z: np.ndarray, a: np.ndarray,
                     delta: np.ndarray) -> None:  # fmt: skip
    """Multiply each dL/da by the activation's derivative, which makes it dL/dz.

    Parameters
    ----------
    z, a : (n,) pre-activations and activations
    delta : (n,) dL/da on entry, dL/dz on return. The step's derivative is 0 everywhere, softmax's is not
        a number a unit and is handled in :func:`softmax_backward`.
    """
    kind = z.dtype.type
    zero, one, below = kind(0), kind(1), kind(parameter)
    n = z.size
    if code == STEP:
        for i in range(n):
            delta[i] *= zero
    elif code == SIGMOID:
        for i in range(n):
            delta[i] *= a[i] * (one - a[i])
    elif code == TANH:
        for i in range(n):
            delta[i] *= one - a[i] * a[i]
    elif code == RELU:
        for i in range(n):
            delta[i] *= zero if z[i] <= zero else one
    elif code == LEAKY_RELU:
        for i in range(n):
            delta[i] *= below if z[i] <= zero else one


@jit_inline
def softmax(a: np.ndarray, units: int, unit_step: int, row_step: int, rows: int) -> None:
    """Turn each row's logits into their softmax; the largest is taken off first, so nothing overflows.

    Unit j of row r stands at ``j * unit_step + r * row_step`` of the flat array a, which ends with the last
    row's last column; what else it holds becomes meaningless.
    """
    for r in range(rows):
        top = a[r * row_step]
        for j in range(1, units):
            value = a[j * unit_step + r * row_step]
            top = value if value > top else top
        for j in range(units):
            a[j * unit_step + r * row_step] -= top
    # All rows in one loop, padding included: it is long enough to be done 8 or 16 numbers at a time.
    for i in range(a.size):
        a[i] = exp(a[i])
    for r in range(rows):
        total = a.dtype.type(0)
        for j in range(units):
            total += a[j * unit_step + r * row_step]
        for j in range(units):
            a[j * unit_step + r * row_step] /= total


@jit_inline
def softmax_backward(a: np.ndarray, delta: np.ndarray, units: int, unit_step: int, row_step: int,
                     rows: int) -> None:  # fmt: skip
    """Turn dL/da into dL/dz of a softmax: delta_j = a_j (delta_j - sum_k a_k delta_k)."""
    for r in range(rows):
        dot = a.dtype.type(0)
        for j in range(units):
            i = j * unit_step + r * row_step
            dot += a[i] * delta[i]
        for j in range(units):
            i = j * unit_step + r * row_step
            delta[i] = a[i] * (delta[i] - dot)
