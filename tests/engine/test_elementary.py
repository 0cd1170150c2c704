"""The elementary functions of both precisions against NumPy and SciPy in float64."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import special

from engine import elementary
from engine.jit import jit

KINDS = {"float32": np.float32, "float64": np.float64}
TRUTH: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": np.tanh,
    "exp": np.exp,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(0, x),
    "expm1": np.expm1,
    "logistic": special.expit,
    "normal_density": lambda x: np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi),
    "normal_share": special.ndtr,
    "sine": np.sin,
    "cosine": np.cos,
}


@jit
def _tanh(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.tanh(x[i])


@jit
def _exp(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.exp(x[i])


@jit
def _sigmoid(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.sigmoid(x[i])


@jit
def _softplus(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.softplus(x[i])


@jit
def _expm1(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.expm1(x[i])


@jit
def _logistic(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.logistic(x[i])


@jit
def _normal_density(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.normal_density(x[i])


@jit
def _normal_share(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.normal_share(x[i])


@jit
def _sine(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.sine(x[i], 0)


@jit
def _cosine(x: np.ndarray, out: np.ndarray) -> None:
    for i in range(x.size):
        out[i] = elementary.sine(x[i], 1)


COMPILED = {
    "tanh": _tanh, "exp": _exp, "sigmoid": _sigmoid, "softplus": _softplus, "expm1": _expm1,
    "logistic": _logistic, "normal_density": _normal_density, "normal_share": _normal_share, "sine": _sine,
    "cosine": _cosine,
}  # fmt: skip
RISING = ("tanh", "exp", "sigmoid", "softplus", "expm1", "logistic", "normal_share")


def computed(name: str, x: np.ndarray) -> np.ndarray:
    out = np.empty_like(x)
    COMPILED[name](x, out)
    return out


def spread(low: float, high: float, kind: type) -> np.ndarray:
    """Return numbers from low to high, evenly, and of every size around 0."""
    tiny = np.geomspace(1e-30, min(abs(low), high), 20_000)
    return np.concatenate([np.linspace(low, high, 200_001), tiny, -tiny]).astype(kind)


# name, range, bound on the relative and on the absolute error, in float32 and in float64
BOUNDS = [
    ("tanh", (-30, 30), (3e-7, 0), (8e-16, 0)),
    ("exp", (-87, 88), (1.3e-7, 0), (8e-16, 0)),
    ("sigmoid", (-30, 30), (0, 2e-7), (8e-16, 0)),
    ("softplus", (-80, 80), (4e-7, 0), (8e-16, 0)),
    ("expm1", (-80, 88), (3e-7, 0), (8e-16, 0)),
    ("logistic", (-80, 80), (3e-7, 0), (8e-16, 0)),
    ("normal_density", (-12.5, 12.5), (6e-6, 0), (2e-14, 0)),
    ("normal_share", (-12.5, 12.5), (6e-6, 0), (2e-14, 0)),
    ("normal_share", (-4, 12.5), (0, 2e-7), (0, 4e-16)),
    ("sine", (-1e8, 1e8), (0, 1e-7), (0, 2e-16)),
    ("sine", (-3, 3), (2e-7, 0), (8e-16, 0)),
    ("cosine", (-1e8, 1e8), (0, 1e-7), (0, 2e-16)),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "interval", "single", "double"), BOUNDS)
def test_errors_are_bounded(
    name: str,
    interval: tuple[float, float],
    single: tuple[float, float],
    double: tuple[float, float],
    kind: str,
) -> None:
    x = spread(*interval, KINDS[kind])
    relative, absolute = single if kind == "float32" else double
    truth = TRUTH[name](x.astype(float))
    error = np.abs(computed(name, x).astype(float) - truth)
    assert (error <= relative * np.abs(truth) + absolute).all(), error.max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", COMPILED)
def test_not_a_number_stays_one(name: str, kind: str) -> None:
    for length in (1, 7, 33):  # vectors and what is left over
        assert np.isnan(computed(name, np.full(length, math.nan, KINDS[kind]))).all()
    mixed = np.zeros(33, KINDS[kind])
    mixed[5] = math.nan
    assert np.flatnonzero(np.isnan(computed(name, mixed))).tolist() == [5]


@pytest.mark.parametrize("kind", KINDS)
def test_far_out(kind: str) -> None:
    far = np.array([-np.inf, -1e30, -1000, 1000, 1e30, np.inf], KINDS[kind])
    np.testing.assert_allclose(computed("tanh", far), [-1, -1, -1, 1, 1, 1], rtol=3e-7)
    np.testing.assert_allclose(computed("sigmoid", far), [0, 0, 0, 1, 1, 1], atol=2e-7)
    low, high = computed("exp", far)[:3], computed("exp", far)[3:]
    assert (low < 2e-38).all()
    assert (high > 1e38).all(), "in float32 exp stops at e^88"
    softplus = computed("softplus", far)
    assert (softplus[:3] < 2e-38).all()
    np.testing.assert_allclose(softplus[3:], far[3:], rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_at_zero(kind: str) -> None:
    zero = np.zeros(20, KINDS[kind])
    assert (computed("tanh", zero) == 0).all()
    assert (computed("exp", zero) == 1).all()
    assert (computed("sigmoid", zero) == 0.5).all()
    np.testing.assert_allclose(computed("softplus", zero), math.log(2), rtol=4e-7)
    assert (computed("expm1", zero) == 0).all()
    assert (computed("sine", zero) == 0).all()
    assert (computed("cosine", zero) == 1).all()
    np.testing.assert_allclose(computed("normal_share", zero), 0.5, rtol=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_symmetry_and_order(kind: str) -> None:
    x = np.linspace(0, 40, 10_001).astype(KINDS[kind])
    for name in ("tanh", "sine"):
        assert np.array_equal(computed(name, x), -computed(name, -x))
    step = 1e-6 if kind == "float32" else 1e-15
    for name in RISING:
        assert (np.diff(computed(name, x)) >= -step * np.abs(computed(name, x)[1:])).all()


def test_a_place_in_a_vector_changes_no_bit() -> None:
    """Vectors and what is left over after them give the same."""
    rng = np.random.default_rng(0)
    for kind in KINDS.values():
        x = rng.uniform(-20, 20, 61).astype(kind)
        for name in COMPILED:
            together = computed(name, x)
            alone = np.array([computed(name, x[i : i + 1])[0] for i in range(x.size)])
            np.testing.assert_allclose(alone, together, rtol=4 * np.finfo(kind).eps, atol=1e-37)


def test_in_python_they_are_what_they_say() -> None:
    for name, truth in TRUTH.items():
        for x in (-3.0, 0.0, 2.5):
            given = ("sine", x, name == "cosine") if name in ("sine", "cosine") else (name, x)
            found = getattr(elementary, given[0])(*given[1:])
            assert float(found) == pytest.approx(float(truth(np.array(x))), rel=1e-15)
