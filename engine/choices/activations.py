"""Activation functions, from the threshold of McCulloch and Pitts on.

At a kink the branch of x < 0 counts: relu(0) = 0 with slope 0, and step(0) = 0; of hard_tanh's two kinks the
branch to the left, so its slope is 0 at -1 and 1 at 1. NaN passes through: every branch is written so that a
false comparison hands on x itself.

The kernels below work on flat arrays, so they serve every memory layout; softmax, which looks at a whole
row, is told how far apart a row's units and the rows stand.
"""

import math

import numpy as np

from engine.choices.base import Entry, Parameter, Range, family
from engine.elementary import (
    SINE_END,
    exp,
    expm1,
    gelu,
    gelu_slope,
    logistic,
    mish,
    mish_slope,
    sigmoid,
    silu,
    silu_slope,
    sine,
    softplus,
    tanh,
    within,
)
from engine.jit import jit_inline

STEP, LINEAR, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTMAX = range(7)
BASIC = 7  # activations below this code are in every compiled network, the others only where one is used
ELU, SELU, GELU, SILU, SOFTPLUS, SOFTSIGN, MISH, SINE, HARD_TANH = range(BASIC, 16)
# The fixed point of Klambauer et al.: mean 0 and variance 1 in give the same out.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805

ACTIVATIONS = family(
    Entry("step", STEP, "1 (z > 0),  0 (z ≤ 0)", "McCulloch and Pitts 1943; Rosenblatt 1958",
          sentence="A threshold: a unit is either on or off, and no gradient passes it."),
    Entry("linear", LINEAR, "z", "-",
          sentence="The weighted sum itself: the usual output for numbers; hidden, it adds nothing."),
    Entry("sigmoid", SIGMOID, "1 / (1 + e⁻ᶻ)", "Verhulst 1838; Rumelhart, Hinton and Williams 1986",
          sentence="A smooth threshold from 0 to 1: the usual output for two classes, as a probability."),
    Entry("tanh", TANH, "(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)", "LeCun et al. 1998",
          sentence="A smooth threshold from −1 to 1, good in the hidden layers of small networks."),
    Entry("relu", RELU, "max(0, z)", "Nair and Hinton 2010",
          sentence="Passes what is positive and stops the rest: fast, and its gradient does not fade."),
    Entry("leaky_relu", LEAKY_RELU, "z (z > 0),  slope · z (z ≤ 0)", "Maas, Hannun and Ng 2013",
          (Parameter("slope", 0.01, Range(-10, 10)),),
          sentence="A ReLU with a small slope below 0, so that no unit dies."),
    Entry("softmax", SOFTMAX, "eᶻⁱ / Σⱼ eᶻʲ", "Bridle 1990",
          sentence="Makes the outputs probabilities that add up to 1: the usual output for several classes."),
    Entry("elu", ELU, "z (z > 0),  alpha · (eᶻ − 1) (z ≤ 0)", "Clevert, Unterthiner and Hochreiter 2016",
          (Parameter("alpha", 1.0, Range(0, 10)),),
          sentence="A ReLU that bends towards −alpha below 0, so that means stay near 0 and no unit dies."),
    Entry("selu", SELU, "1.0507 · z (z > 0),  1.7581 · (eᶻ − 1) (z ≤ 0)",
          "Klambauer, Unterthiner, Mayr and Hochreiter 2017",
          sentence="An ELU scaled to keep mean 0 and variance 1 through the layers, from LeCun normal on."),
    Entry("gelu", GELU, "z · Φ(z),  Φ(z) = (1 + erf(z / √2)) / 2", "Hendrycks and Gimpel 2016",
          sentence="A smooth ReLU, z times the normal distribution's share below z; usual in transformers."),
    Entry("silu", SILU, "z / (1 + e⁻ᶻ)", "Elfwing, Uchibe and Doya 2018; Hendrycks and Gimpel 2016",
          sentence="A smooth ReLU, z times its sigmoid, also called swish; it dips a little below 0."),
    Entry("softplus", SOFTPLUS, "ln(1 + eᶻ)", "Dugas et al. 2001",
          sentence="A ReLU without its corner: always positive, and its slope is the sigmoid."),
    Entry("softsign", SOFTSIGN, "z / (1 + |z|)", "Bergstra et al. 2009; Glorot and Bengio 2010",
          sentence="Like tanh, but it nears −1 and 1 more slowly, so that its gradient fades later."),
    Entry("mish", MISH, "z · tanh(ln(1 + eᶻ))", "Misra 2020",
          sentence="A smooth ReLU much like SiLU: it dips a little below 0 and then grows like z."),
    Entry("sine", SINE, "sin z", "Parascandolo, Huttunen and Virtanen 2016; Sitzmann et al. 2020",
          sentence="A wave, for targets that repeat or have fine detail; sensitive to its first weights."),
    Entry("hard_tanh", HARD_TANH, "max(−1, min(1, z))", "Collobert 2004",
          sentence="A tanh made of three straight lines: cheap, but without a gradient beyond −1 and 1."),
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
    elif code < BASIC:
        for i in range(n):
            a[i] = z[i]
    if more is not None:
        narrow = z.itemsize == 4
        end, normal_end, huge = kind(40 if narrow else 350), kind(12.5 if narrow else 37.5), kind(1e30)
        if code in (ELU, SELU):
            alpha, scale = (below, one) if code == ELU else (kind(SELU_ALPHA), kind(SELU_SCALE))
            for i in range(n):
                a[i] = scale * (alpha * expm1(z[i]) if z[i] < zero else z[i])
        elif code == GELU:
            for i in range(n):
                a[i] = gelu(z[i], normal_end)
        elif code == SILU:
            for i in range(n):
                a[i] = silu(z[i], end)
        elif code == SOFTPLUS:
            for i in range(n):
                a[i] = softplus(z[i])
        elif code == SOFTSIGN:
            for i in range(n):
                c = within(z[i], huge)
                a[i] = c / (one + abs(c))
        elif code == MISH:
            for i in range(n):
                a[i] = mish(z[i], end)
        elif code == SINE:
            for i in range(n):
                a[i] = sine(z[i], 0)
            for i in range(n):
                if abs(z[i]) > SINE_END:
                    a[i] = math.sin(z[i])
        elif code == HARD_TANH:
            for i in range(n):
                a[i] = within(z[i], one)


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
    if more is not None:
        narrow = z.itemsize == 4
        end, normal_end = kind(40 if narrow else 350), kind(12.5 if narrow else 37.5)
        if code in (ELU, SELU):
            alpha, scale = (below, one) if code == ELU else (kind(SELU_ALPHA), kind(SELU_SCALE))
            for i in range(n):
                delta[i] *= scale * (alpha * exp(z[i]) if z[i] <= zero else one)
        elif code == GELU:
            for i in range(n):
                delta[i] *= gelu_slope(z[i], normal_end)
        elif code == SILU:
            for i in range(n):
                delta[i] *= silu_slope(z[i], end)
        elif code == SOFTPLUS:
            for i in range(n):
                delta[i] *= logistic(within(z[i], end))
        elif code == SOFTSIGN:
            for i in range(n):
                share = one / (one + abs(z[i]))
                delta[i] *= share * share
        elif code == MISH:
            for i in range(n):
                delta[i] *= mish_slope(z[i], end)
        elif code == SINE:
            for i in range(n):
                delta[i] *= sine(z[i], 1)
            for i in range(n):
                if abs(z[i]) > SINE_END:
                    delta[i] *= math.cos(z[i])
        elif code == HARD_TANH:
            for i in range(n):
                delta[i] *= zero if z[i] <= -one else zero if z[i] > one else one


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
def softmax_of_rows(a: np.ndarray, units: int, step: int, rows: int) -> None:
    """Do what :func:`softmax` does where a row's units stand next to each other, and rows ``step`` apart."""
    for r in range(rows):
        row = a[r * step : r * step + units]
        top = row[0]
        for j in range(1, units):
            top = row[j] if row[j] > top else top
        for j in range(units):
            row[j] -= top
    for i in range(a.size):
        a[i] = exp(a[i])
    for r in range(rows):
        row = a[r * step : r * step + units]
        total = a.dtype.type(0)
        for j in range(units):
            total += row[j]
        for j in range(units):
            row[j] /= total


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
