"""tanh, sigmoid, exp and softplus for the kernels: exact in float64, vectorised in float32.

The C library's functions are called one number at a time. In float32 a polynomial does as well as the
precision shows and is computed for 8 or 16 numbers at once. NaN stays NaN: a comparison with NaN is
false, so the clamps below let it through.
"""

import math

import numpy as np
from numba import types
from numba.extending import overload

from engine.jit import FASTMATH, INLINE, jit_in_order, jit_inline

f32 = np.float32

# tanh(x) = x P(x²) / Q(x²), a minimax fit on [-7.9, 7.9]; beyond, it stays at 1 - 2.4e-7. As in Eigen.
_P = tuple(f32(c) for c in (4.89352455891786e-03, 6.37261928875436e-04, 1.48572235717979e-05,
                            5.12229709037114e-08, -8.60467152213735e-11, 2.00018790482477e-13,
                            -2.76076847742355e-16))  # fmt: skip
_Q = tuple(f32(c) for c in (4.89352518554385e-03, 2.26843463243900e-03, 1.18534705686654e-04,
                            1.19825839466702e-06))  # fmt: skip
P0, P1, P2, P3, P4, P5, P6 = _P
Q0, Q1, Q2, Q3 = _Q
TANH_END, TINY = f32(7.90531110763549805), f32(0.0004)

# exp(x) = 2^n exp(r), r = x - n ln 2 in [-ln 2 / 2, ln 2 / 2]; ln 2 in two parts, so that r is exact. Cephes.
LOG2_E, LN2_HIGH, LN2_LOW = f32(1.44269504088896341), f32(0.693359375), f32(-2.12194440e-4)
E0, E1, E2, E3, E4, E5 = (f32(c) for c in (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
                                           4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1))  # fmt: skip
EXP_LOW, EXP_HIGH = f32(-87.3), f32(88.0)
HALF, ONE, TWO = f32(0.5), f32(1.0), f32(2.0)

# ln(1 + u) = 2 atanh(s) = 2 (s + s³/3 + s⁵/5 + ...), s = u / (2 + u): at most 1/3 for u in [0, 1].
A1, A2, A3, A4, A5, A6, A7 = (f32(1 / n) for n in (3, 5, 7, 9, 11, 13, 15))


@jit_inline
def tanh32(x: float) -> float:
    """Return tanh of a float32 within a relative 3e-7."""
    c = TANH_END if x > TANH_END else x
    c = -TANH_END if c < -TANH_END else c
    s = c * c
    p = c * (P0 + s * (P1 + s * (P2 + s * (P3 + s * (P4 + s * (P5 + s * P6))))))
    q = Q0 + s * (Q1 + s * (Q2 + s * Q3))
    return x if abs(x) < TINY else p / q


@jit_in_order
def exp32(x: float) -> float:
    """Return exp of a float32 within a relative 1e-7; x is clamped to [-87.3, 88]."""
    c = EXP_HIGH if x > EXP_HIGH else x
    c = EXP_LOW if c < EXP_LOW else c
    n = np.floor(c * LOG2_E + HALF)
    r = (c - n * LN2_HIGH) - n * LN2_LOW
    e = r * r * (E5 + r * (E4 + r * (E3 + r * (E2 + r * (E1 + r * E0))))) + r + ONE
    power = np.int32((np.int32(n) + np.int32(127)) << np.int32(23))
    return e * power.view(np.float32)


@jit_inline
def softplus32(x: float) -> float:
    """Return ln(1 + e^x) of a float32 within a relative 4e-7, as max(x, 0) + ln(1 + e^-|x|)."""
    zero = f32(0)
    u = exp32(-abs(x))
    s = u / (TWO + u)
    q = s * s
    log = TWO * s * (ONE + q * (A1 + q * (A2 + q * (A3 + q * (A4 + q * (A5 + q * (A6 + q * A7)))))))
    return (zero if x < zero else x) + log


@jit_inline
def sigmoid32(x: float) -> float:
    """Return 1 / (1 + e^-x) of a float32 within 2e-7, as (1 + tanh(x / 2)) / 2."""
    return HALF * tanh32(HALF * x) + HALF


@jit_inline
def sigmoid64(x: float) -> float:
    """Return 1 / (1 + e^-x) of a float64, its small values too within rounding."""
    return 1.0 / (1.0 + math.exp(-x))


@jit_inline
def softplus64(x: float) -> float:
    """Return ln(1 + e^x) of a float64, as max(x, 0) + ln(1 + e^-|x|)."""
    return (0.0 if x < 0 else x) + math.log1p(math.exp(-abs(x)))


def tanh(x: float) -> float:
    """Return tanh(x) in the precision of x."""
    return math.tanh(x)


def sigmoid(x: float) -> float:
    """Return 1 / (1 + e^-x) in the precision of x."""
    return 1 / (1 + math.exp(-x))


def exp(x: float) -> float:
    """Return exp(x) in the precision of x."""
    return math.exp(x)


def softplus(x: float) -> float:
    """Return ln(1 + e^x) in the precision of x, without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


# Numba compares the signatures of the two functions below, annotations included: so they have none.
_OPTIONS = {"fastmath": FASTMATH} | INLINE


@overload(tanh, jit_options=_OPTIONS)
def _tanh(x):  # type: ignore[no-untyped-def]
    return (lambda x: tanh32(x)) if x == types.float32 else (lambda x: math.tanh(x))


@overload(sigmoid, jit_options=_OPTIONS)
def _sigmoid(x):  # type: ignore[no-untyped-def]
    return (lambda x: sigmoid32(x)) if x == types.float32 else (lambda x: sigmoid64(x))


@overload(exp, jit_options=_OPTIONS)
def _exp(x):  # type: ignore[no-untyped-def]
    return (lambda x: exp32(x)) if x == types.float32 else (lambda x: math.exp(x))


@overload(softplus, jit_options=_OPTIONS)
def _softplus(x):  # type: ignore[no-untyped-def]
    return (lambda x: softplus32(x)) if x == types.float32 else (lambda x: softplus64(x))
