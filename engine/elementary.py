"""The elementary functions of the kernels: exact in float64, vectorised in float32.

The C library's functions are called one number at a time. In float32 a polynomial does as well as the
precision shows and is computed for 8 or 16 numbers at once. NaN stays NaN: a comparison with NaN is
false, so the clamps below let it through.

Each function stands here as it is in float64 and in Python, and below it what kernels use for float32.
"""

import math
from collections.abc import Callable

import numpy as np
from numba import types
from numba.extending import overload

from engine.jit import FASTMATH, INLINE, jit_in_both

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
# Exact in float32 and so in float64 too: beside either they leave a number in its precision.
ZERO: float = f32(0.0)
HALF: float = f32(0.5)
ONE: float = f32(1.0)
TWO: float = f32(2.0)

# ln(1 + u) = 2 atanh(s) = 2 (s + s³/3 + s⁵/5 + ...), s = u / (2 + u): at most 1/3 for u in [0, 1].
A1, A2, A3, A4, A5, A6, A7 = (f32(1 / n) for n in (3, 5, 7, 9, 11, 13, 15))

# The normal distribution's tail beyond t is e^(-t²/2) k P(k), k = 1 / (1 + 0.35 t): a minimax fit of P for
# t in [0, 12.5], within a relative 4e-8.
NORMAL_STEP = f32(0.35)
M0, M1, M2, M3, M4, M5, M6, M7, M8 = (f32(c) for c in (
    0.1396230427, 0.1398322296, 0.1200573817, 0.1045767469, -0.02079201671, 0.1556215778, -0.2524315496,
    0.1422954966, -0.02878290891))  # fmt: skip
DENSITY = 1 / math.sqrt(2 * math.pi)  # of the normal distribution at 0
DENSITY32 = f32(DENSITY)
ROOT_HALF = math.sqrt(0.5)

# sin(r) = r - r³/6 + ..., in float64, within 1e-9 for r in [-π/2, π/2]; r = x - n π, π in three parts, of
# which the first two have 24 bits each, so that n times them is exact for |x| up to SINE_END.
S3, S5, S7, S9, S11, S13 = (sign / math.factorial(n) for n, sign in (
    (3, -1), (5, 1), (7, -1), (9, 1), (11, -1), (13, 1)))  # fmt: skip
PI_HIGH, PI_MIDDLE = 3.1415927410125732, -8.742277657347586e-08
PI_LOW = -3.4302489988857658e-15
SINE_END = f32(1e8)

Function = Callable[..., float]


def _in_float32(function: Function, in_order: bool = False) -> Callable[[Function], Function]:
    """Have kernels use the function that follows in place of ``function`` where its first number is float32.

    ``in_order`` is for accuracy that rests on the order of the operations.
    """
    flags = {"fastmath": False if in_order else FASTMATH} | INLINE

    def register(single: Function) -> Function:
        def chosen(*numbers: types.Type) -> Function:
            return single if numbers[0] == types.float32 else function

        overload(function, jit_options=flags, strict=False)(chosen)
        return single

    return register


def tanh(x: float) -> float:
    """Return tanh(x)."""
    return math.tanh(x)


@_in_float32(tanh)
def tanh32(x: float) -> float:
    """Return tanh(x) within a relative 3e-7."""
    c = TANH_END if x > TANH_END else x
    c = -TANH_END if c < -TANH_END else c
    s = c * c
    p = c * (P0 + s * (P1 + s * (P2 + s * (P3 + s * (P4 + s * (P5 + s * P6))))))
    q = Q0 + s * (Q1 + s * (Q2 + s * Q3))
    return x if abs(x) < TINY else p / q


def exp(x: float) -> float:
    """Return e^x."""
    return np.float64(math.exp(x))  # in Python, a float beside a float32 constant would count as one


@_in_float32(exp, in_order=True)
def exp32(x: float) -> float:
    """Return e^x within a relative 1e-7; x is clamped to [-87.3, 88]."""
    c = EXP_HIGH if x > EXP_HIGH else x
    c = EXP_LOW if c < EXP_LOW else c
    n = np.floor(c * LOG2_E + HALF)
    r = (c - n * LN2_HIGH) - n * LN2_LOW
    e = r * r * (E5 + r * (E4 + r * (E3 + r * (E2 + r * (E1 + r * E0))))) + r + ONE
    power = np.int32((np.int32(n) + np.int32(127)) << np.int32(23))
    return e * power.view(np.float32)


def expm1(x: float) -> float:
    """Return e^x - 1, its small values too within rounding."""
    return math.expm1(x)


@_in_float32(expm1, in_order=True)
def expm1_32(x: float) -> float:
    """Return e^x - 1 within a relative 3e-7, as 2^n (e^r - 1) + (2^n - 1); x is clamped as for exp."""
    c = EXP_HIGH if x > EXP_HIGH else x
    c = EXP_LOW if c < EXP_LOW else c
    n = np.floor(c * LOG2_E + HALF)
    r = (c - n * LN2_HIGH) - n * LN2_LOW
    e = r * r * (E5 + r * (E4 + r * (E3 + r * (E2 + r * (E1 + r * E0))))) + r
    power = np.int32((np.int32(n) + np.int32(127)) << np.int32(23)).view(np.float32)
    return e * power + (power - ONE)


def softplus(x: float) -> float:
    """Return ln(1 + e^x) without overflow, as max(x, 0) + ln(1 + e^-|x|)."""
    return (0.0 if x < 0 else x) + math.log1p(math.exp(-abs(x)))


@_in_float32(softplus)
def softplus32(x: float) -> float:
    """Return ln(1 + e^x) within a relative 4e-7."""
    u = exp(-abs(x))
    s = u / (TWO + u)
    q = s * s
    log = TWO * s * (ONE + q * (A1 + q * (A2 + q * (A3 + q * (A4 + q * (A5 + q * (A6 + q * A7)))))))
    return (ZERO if x < ZERO else x) + log


def sigmoid(x: float) -> float:
    """Return 1 / (1 + e^-x), its small values too within rounding."""
    return 1 / (1 + math.exp(-x))


@_in_float32(sigmoid)
def sigmoid32(x: float) -> float:
    """Return 1 / (1 + e^-x) within 2e-7, as (1 + tanh(x / 2)) / 2."""
    return HALF * tanh(HALF * x) + HALF


def normal_density(x: float) -> float:
    """Return φ(x) = exp(-x² / 2) / √(2π)."""
    return DENSITY * math.exp(-0.5 * x * x)


@_in_float32(normal_density)
def normal_density32(x: float) -> float:
    """Return φ(x) for x in [-12.5, 12.5]."""
    return DENSITY32 * exp(-HALF * x * x)


def normal_share(x: float) -> float:
    """Return Φ(x) = (1 + erf(x / √2)) / 2, its small values too within rounding."""
    return 0.5 * math.erfc(-x * ROOT_HALF)


@_in_float32(normal_share)
def normal_share32(x: float) -> float:
    """Return Φ(x) within 2e-7 for x in [-12.5, 12.5], its small values within a relative 5e-6."""
    k = ONE / (ONE + NORMAL_STEP * abs(x))
    p = M0 + k * (M1 + k * (M2 + k * (M3 + k * (M4 + k * (M5 + k * (M6 + k * (M7 + k * M8)))))))
    tail = k * p * exp(-HALF * x * x)
    return tail if x < ZERO else ONE - tail


def sine(x: float, quarters: int) -> float:
    """Return sin(x + quarters π / 2); quarters is 0 or 1."""
    return math.cos(x) if quarters else math.sin(x)


@_in_float32(sine, in_order=True)
def sine32(x: float, quarters: int) -> float:
    """Return sin(x + quarters π / 2) within 1e-7.

    It is 1 beyond 1e8, where neighbouring numbers lie turns apart: those are left to the C library.
    """
    if abs(x) > SINE_END:
        return ONE
    shift, wide = 0.5 * quarters, np.float64(x)
    n = np.floor(wide / math.pi + shift + 0.5)
    turns = n - shift
    r = ((wide - turns * PI_HIGH) - turns * PI_MIDDLE) - turns * PI_LOW
    q = r * r
    s = r + r * q * (S3 + q * (S5 + q * (S7 + q * (S9 + q * (S11 + q * S13)))))
    return f32(s if n == 2 * np.floor(0.5 * n) else -s)


# One number at a time, in its own precision. What grows like z to the right is z times a share that goes from
# 0 to 1, and 0 times infinity is not a number: beyond an end, where the share is 0 or 1 to the last digit
# and its parts are still ordinary numbers, the share is that of the end.


@jit_in_both
def within(z: float, end: float) -> float:
    """Return z cut to [-end, end]."""
    return -end if z < -end else end if z > end else z


@jit_in_both
def logistic(z: float) -> float:
    """Return 1 / (1 + e^-z), its small values too within rounding."""
    u = exp(-abs(z))
    return (u if z < ZERO else ONE) / (ONE + u)


@jit_in_both
def gelu(z: float, end: float) -> float:
    """Return z Φ(z)."""
    return ZERO if z < -end else z * normal_share(within(z, end))


@jit_in_both
def gelu_slope(z: float, end: float) -> float:
    """Return Φ(z) + z φ(z)."""
    c = within(z, end)
    return normal_share(c) + c * normal_density(c)


@jit_in_both
def silu(z: float, end: float) -> float:
    """Return z s, s the logistic function of z."""
    return ZERO if z < -end else z * logistic(within(z, end))


@jit_in_both
def silu_slope(z: float, end: float) -> float:
    """Return s (1 + z (1 - s)), s the logistic function of z."""
    c = within(z, end)
    return logistic(c) * (ONE + c * logistic(-c))


@jit_in_both
def mish_parts(c: float) -> tuple[float, float]:
    """Return t = tanh(ln(1 + e^c)) and 1 - t, as n / (n + 2) and 2 / (n + 2), n = e^c (e^c + 2).

    Above 0 both parts of the fractions are divided by e^2c, so that nothing overflows.
    """
    u = exp(-abs(c))
    n = u * (u + TWO) if c < ZERO else ONE + TWO * u
    two = TWO if c < ZERO else TWO * u * u
    return n / (n + two), two / (n + two)


@jit_in_both
def mish(z: float, end: float) -> float:
    """Return z tanh(ln(1 + e^z))."""
    return ZERO if z < -end else z * mish_parts(within(z, end))[0]


@jit_in_both
def mish_slope(z: float, end: float) -> float:
    """Return t + z (1 - t²) s, t = tanh(ln(1 + e^z)), s the logistic function of z."""
    c = within(z, end)
    t, rest = mish_parts(c)
    return t + c * rest * (ONE + t) * logistic(c)
