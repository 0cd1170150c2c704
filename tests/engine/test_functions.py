"""Activations, losses and their derivatives, one by one: values, kinks, ends, NaN."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import special

from engine import functions
from engine.choices import ACTIVATIONS, LOSSES
from engine.choices.losses import decision_threshold

NAN, INF = math.nan, math.inf
KINDS = {"float32": np.float32, "float64": np.float64}
CURVES = [key for key in ACTIVATIONS if key != "softmax"]
PLAIN = ("mse", "mae", "huber", "hinge", "perceptron")  # losses of the outputs, not of the logits


def default(key: str) -> float:
    return float(next((p.default for p in (ACTIVATIONS | LOSSES)[key].parameters), 0.0))


def values(key: str, z: object, parameter: float | None = None, kind: type = np.float64) -> np.ndarray:
    chosen = default(key) if parameter is None else parameter
    return functions.values(ACTIVATIONS[key].code, chosen, np.asarray(z, kind))


def slopes(key: str, z: object, parameter: float | None = None, kind: type = np.float64) -> np.ndarray:
    chosen = default(key) if parameter is None else parameter
    return functions.derivatives(ACTIVATIONS[key].code, chosen, np.asarray(z, kind))


def losses(key: str, a: object, y: object, parameter: float | None = None) -> list[float]:
    chosen = default(key) if parameter is None else parameter
    a, y = np.asarray(a, float), np.asarray(y, float)
    return functions.loss_values(LOSSES[key].code, chosen, a, a, y).tolist()


def loss_slopes(key: str, a: object, y: object, parameter: float | None = None) -> list[list[float]]:
    chosen = default(key) if parameter is None else parameter
    a, y = np.asarray(a, float), np.asarray(y, float)
    return functions.loss_derivatives(LOSSES[key].code, chosen, a, y).tolist()


def wide(kind: type) -> np.ndarray:
    """Return numbers from -100 to 100 and of every size around 0."""
    tiny = np.geomspace(1e-30, 100, 5_000)
    return np.concatenate([np.linspace(-100, 100, 100_001), tiny, -tiny]).astype(kind)


ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805
# value, derivative, and how far each may be off in float32, times max(1, |z|)
TRUTH: dict[str, tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray], float]] = {
    "elu": (lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
            lambda z: np.exp(np.minimum(z, 0)), 2e-7),
    "selu": (lambda z: SCALE * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0))),
             lambda z: SCALE * np.where(z > 0, 1, ALPHA * np.exp(np.minimum(z, 0))), 4e-7),
    "gelu": (lambda z: z * special.ndtr(z),
             lambda z: special.ndtr(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi), 3e-7),
    "silu": (lambda z: z * special.expit(z),
             lambda z: special.expit(z) * (1 + z * special.expit(-z)), 3e-7),
    "softplus": (lambda z: np.logaddexp(0, z), special.expit, 3e-7),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: (1 + abs(z)) ** -2, 3e-7),
    "mish": (lambda z: z * np.tanh(np.logaddexp(0, z)),
             lambda z: np.tanh(np.logaddexp(0, z))
             + z * special.expit(z) / np.cosh(np.minimum(np.logaddexp(0, z), 300)) ** 2, 4e-7),
    "sine": (np.sin, np.cos, 1e-7),
    "hard_tanh": (lambda z: np.clip(z, -1, 1), lambda z: np.where((z > -1) & (z <= 1), 1, 0), 0),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", TRUTH)
def test_values_and_derivatives_over_a_wide_range(key: str, kind: str) -> None:
    z = wide(KINDS[kind])
    value, slope, single = TRUTH[key]
    bound = single if kind == "float32" else 1e-15
    for found, truth in (
        (values(key, z, kind=KINDS[kind]), value),
        (slopes(key, z, kind=KINDS[kind]), slope),
    ):
        assert found.dtype == KINDS[kind]
        expected = truth(z.astype(float))
        error = np.abs(found.astype(float) - expected)
        assert (error <= bound * np.maximum(1, np.abs(z))).all(), (error.max(), z[error.argmax()])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["elu", "selu", "gelu", "silu", "softsign", "mish", "sine", "hard_tanh"])
def test_next_to_zero_every_digit_counts(key: str, kind: str) -> None:
    tiny = np.geomspace(1e-20, 0.5, 2_000)
    z = np.concatenate([tiny, -tiny]).astype(KINDS[kind])
    truth = TRUTH[key][0](z.astype(float))
    bound = 6e-7 if kind == "float32" else 1e-15
    np.testing.assert_allclose(values(key, z, kind=KINDS[kind]), truth, rtol=bound, atol=0)


def test_derivatives_equal_those_of_jax() -> None:
    import jax

    from tests.engine.reference.network import ACTIVATIONS as AUTHORITY

    z = np.random.default_rng(0).normal(0, 3, 500)
    for key in CURVES:
        authority = jax.jit(jax.vmap(jax.grad(AUTHORITY[key]), (0, None)))
        for parameter in (0.3, 1.0, 2.0) if ACTIVATIONS[key].parameters else (0.0,):
            np.testing.assert_allclose(
                slopes(key, z, parameter), authority(z, parameter), rtol=1e-12, atol=1e-14, err_msg=key
            )


def test_at_kinks_the_branch_to_the_left_counts() -> None:
    assert slopes("relu", [0.0]) == 0
    assert slopes("leaky_relu", [0.0], 0.2) == 0.2
    assert slopes("elu", [0.0], 0.4) == 0.4
    assert slopes("selu", [0.0]) == pytest.approx(ALPHA * SCALE)
    assert slopes("hard_tanh", [-1.0, 1.0]).tolist() == [0, 1]
    assert values("step", [0.0]) == 0
    assert values("hard_tanh", [-1.0, 1.0]).tolist() == [-1, 1]


ENDS = {
    "step": (0, 1), "linear": (-INF, INF), "sigmoid": (0, 1), "tanh": (-1, 1), "relu": (0, INF),
    "leaky_relu": (-INF, INF), "elu": (-1, INF), "selu": (-ALPHA * SCALE, INF), "gelu": (0, INF),
    "silu": (0, INF), "softplus": (0, INF), "softsign": (-1, 1), "mish": (0, INF), "sine": (NAN, NAN),
    "hard_tanh": (-1, 1),
}  # fmt: skip
SLOPES_AT_ENDS = {
    "step": (0, 0), "linear": (1, 1), "sigmoid": (0, 0), "tanh": (0, 0), "relu": (0, 1),
    "leaky_relu": (0.01, 1), "elu": (0, 1), "selu": (0, SCALE), "gelu": (0, 1), "silu": (0, 1),
    "softplus": (0, 1), "softsign": (0, 0), "mish": (0, 1), "sine": (NAN, NAN), "hard_tanh": (0, 0),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", CURVES)
def test_infinities_give_the_limits(key: str, kind: str) -> None:
    ends = np.array([-INF, INF])
    for found, expected in ((values, ENDS), (slopes, SLOPES_AT_ENDS)):
        np.testing.assert_allclose(found(key, ends, kind=KINDS[kind]), expected[key], rtol=1e-6, atol=5e-7)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", CURVES)
def test_nothing_overflows_far_out(key: str, kind: str) -> None:
    far = np.array([-1e38, -1e30, -1e9, -1e4, 1e4, 1e9, 1e30, 1e38])
    assert np.isfinite(values(key, far, kind=KINDS[kind])).all()
    assert np.isfinite(slopes(key, far, kind=KINDS[kind])).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", CURVES)
def test_not_a_number_stays_one(key: str, kind: str) -> None:
    z = np.zeros(37)
    z[[3, 36]] = NAN  # in a vector, and in what is left after the vectors
    for found in (values(key, z, kind=KINDS[kind]), slopes(key, z, kind=KINDS[kind])):
        assert np.flatnonzero(np.isnan(found)).tolist() == [3, 36]


@pytest.mark.parametrize("z", [2e8, -3e15, 1.2345e30])
def test_the_sine_of_huge_numbers_is_right_in_float32_too(z: float) -> None:
    x = np.float32(z)
    assert values("sine", [x], kind=np.float32)[0] == pytest.approx(math.sin(float(x)), abs=1e-6)
    assert slopes("sine", [x], kind=np.float32)[0] == pytest.approx(math.cos(float(x)), abs=1e-6)


def test_any_shape_goes_in_and_comes_out() -> None:
    z = np.random.default_rng(0).standard_normal((4, 3, 2))
    for shaped in (z, z[::2], z.T, z[0, 0], np.array(0.5), np.empty((0, 3))):
        assert values("gelu", shaped).shape == slopes("gelu", shaped).shape == shaped.shape
        np.testing.assert_allclose(values("gelu", shaped), shaped * special.ndtr(shaped), rtol=1e-14)
    fixed = np.zeros(3)
    fixed.flags.writeable = False
    assert values("tanh", fixed).tolist() == [0, 0, 0]
    assert values("relu", [-1, 2], kind=np.int64).tolist() == [0, 2]


def test_softmax_is_taken_over_the_last_axis() -> None:
    z = np.random.default_rng(0).standard_normal((2, 5, 3))
    np.testing.assert_allclose(values("softmax", z), special.softmax(z, axis=-1), rtol=1e-14)
    with pytest.raises(ValueError, match="softmax"):
        slopes("softmax", z)


def test_losses_by_hand() -> None:
    a, y = [[0.5, -1.0], [3.0, 0.0]], [[1.0, 0.0], [1.0, 1.0]]
    assert losses("mse", a, y) == [(0.25 + 1) / 2, (4 + 1) / 2]
    assert losses("mae", a, y) == [(0.5 + 1) / 2, (2 + 1) / 2]
    assert losses("huber", a, y) == [(0.125 + 0.5) / 2, (1.5 + 0.5) / 2]
    assert losses("huber", a, y, 0.5) == [(0.125 + 0.375) / 2, (0.875 + 0.375) / 2]
    assert losses("hinge", a, y) == [(0.5 + 0) / 2, (0 + 1) / 2]
    assert losses("perceptron", [[-2.0, 1.0]], [[1.0, 0.0]]) == [(2 + 1) / 2]
    assert losses("perceptron", a, y) == [0, 0]
    assert loss_slopes("mae", a, y) == [[-0.5, -0.5], [0.5, -0.5]]
    assert loss_slopes("huber", a, y, 0.75) == [[-0.25, -0.375], [0.375, -0.375]]
    assert loss_slopes("hinge", a, y) == [[-0.5, 0], [0, -0.5]]
    assert loss_slopes("perceptron", [[-2.0, 1.0]], [[1.0, 0.0]]) == [[-0.5, 0.5]]


def test_losses_at_their_kinks() -> None:
    assert loss_slopes("mae", [[1.0], [0.0]], [[1.0], [0.0]]) == [[0], [0]]
    assert loss_slopes("hinge", [[1.0], [-1.0]], [[1.0], [0.0]]) == [[0], [0]]
    assert loss_slopes("perceptron", [[0.0], [0.0]], [[1.0], [0.0]]) == [[0], [0]]
    assert loss_slopes("huber", [[2.0], [-1.0]], [[1.0], [0.0]]) == [[1], [-1]]


@pytest.mark.parametrize("key", LOSSES)
def test_what_is_not_a_number_is_no_loss(key: str) -> None:
    for a, y in (([[NAN, 0.0]], [[1.0, 0.0]]), ([[0.0, 1.0]], [[0.0, NAN]])):
        assert np.isnan(losses(key, a, y)).all()
        assert np.isnan(loss_slopes(key, a, y)).sum() == 1


def test_infinite_outputs_are_infinite_losses_unless_they_are_right() -> None:
    for key in ("mse", "mae", "huber"):
        assert losses(key, [[INF], [-INF]], [[1.0], [1.0]]) == [INF, INF]
    for key in ("hinge", "perceptron"):
        assert losses(key, [[INF], [-INF], [INF], [-INF]], [[1.0], [1.0], [0.0], [0.0]]) == [0, INF, INF, 0]
    assert loss_slopes("mae", [[INF], [-INF]], [[0.0], [0.0]]) == [[1], [-1]]
    assert loss_slopes("mse", [[INF]], [[0.0]]) == [[INF]]


def test_losses_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 1\), \(1, 1\)"):
        functions.loss_derivatives(0, 0.0, np.zeros((2, 1)), np.zeros((1, 1)))
    assert functions.loss_values(0, 0.0, *np.zeros((3, 0, 2))).shape == (0,)


def test_the_threshold_is_the_middle_of_the_targets() -> None:
    assert {key for key in LOSSES if decision_threshold(key) == 0} == {"hinge", "perceptron"}
    assert {decision_threshold(key) for key in LOSSES} == {0.0, 0.5}
