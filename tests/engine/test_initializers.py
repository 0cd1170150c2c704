"""Where weights start: the distributions that the tables promise, and the shapes of their draws."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.choices import BIAS_INITIALIZERS, INITIALIZERS
from engine.experiment import BiasInitializer, Initializer
from engine.streams import stream
from tests.engine.reference.build import bare

FANS = [(300, 200), (200, 300), (1, 40_000), (40_000, 1), (250, 250)]
# The standard deviation of a weight, from the papers.
STDS: dict[str, Callable[[int, int], float]] = {
    "zeros": lambda i, o: 0,
    "constant": lambda i, o: 0,
    "uniform": lambda i, o: 0.7 / math.sqrt(3),
    "normal": lambda i, o: 0.01,
    "lecun_uniform": lambda i, o: 1 / math.sqrt(i),
    "lecun_normal": lambda i, o: 1 / math.sqrt(i),
    "xavier_uniform": lambda i, o: math.sqrt(2 / (i + o)),
    "xavier_normal": lambda i, o: math.sqrt(2 / (i + o)),
    "he_uniform": lambda i, o: math.sqrt(2 / i),
    "he_normal": lambda i, o: math.sqrt(2 / i),
    "orthogonal": lambda i, o: 1 / math.sqrt(max(i, o)),
    "lsuv": lambda i, o: 1 / math.sqrt(max(i, o)),
}


def draw(start: Initializer, fan_in: int, fan_out: int, seed: int = 0) -> np.ndarray:
    return start.entry.draw(stream(seed, "weights"), fan_in, fan_out, start.parameters)


@pytest.mark.parametrize(("fan_in", "fan_out"), FANS)
@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_spread(name: str, fan_in: int, fan_out: int) -> None:
    start = Initializer(name)
    w = draw(start, fan_in, fan_out)
    assert w.shape == (fan_in, fan_out)
    std = STDS[name](fan_in, fan_out)
    assert w.std() == pytest.approx(std, rel=0.02, abs=1e-12)
    centre = start["value"] if name == "constant" else 0
    assert w.mean() == pytest.approx(centre, abs=max(4 * std / math.sqrt(w.size), 1e-12))


@pytest.mark.parametrize("name", [name for name, entry in INITIALIZERS.items() if entry.shape == "uniform"])
def test_uniform_draws_fill_their_interval_evenly(name: str) -> None:
    w = draw(Initializer(name), 300, 200)
    limit = INITIALIZERS[name].spread(300, 200, Initializer(name).parameters)
    assert limit == pytest.approx(math.sqrt(3) * STDS[name](300, 200), rel=1e-12)
    assert 0.999 * limit < np.abs(w).max() <= limit
    shares = np.histogram(w, 20, (-limit, limit))[0] / w.size
    np.testing.assert_allclose(shares, 0.05, atol=0.004)


@pytest.mark.parametrize("name", [name for name, entry in INITIALIZERS.items() if entry.shape == "normal"])
def test_normal_draws_are_normal_and_not_truncated(name: str) -> None:
    std = STDS[name](300, 200)
    assert INITIALIZERS[name].spread(300, 200, Initializer(name).parameters) == pytest.approx(std, rel=1e-12)
    z = draw(Initializer(name), 300, 200) / std
    for bound, share in ((1, 0.68269), (2, 0.95450), (3, 0.99730)):
        assert (np.abs(z) < bound).mean() == pytest.approx(share, abs=0.006)
    assert np.abs(z).max() > 3.5, "a truncated normal stops at 2"


@pytest.mark.parametrize("name", ["orthogonal", "lsuv"])
@pytest.mark.parametrize(("fan_in", "fan_out"), [(20, 20), (30, 12), (12, 30), (1, 5), (5, 1), (1, 1)])
def test_orthogonal_starts_are_orthonormal(name: str, fan_in: int, fan_out: int) -> None:
    w = draw(Initializer(name), fan_in, fan_out)
    gram = w.T @ w if fan_in >= fan_out else w @ w.T
    np.testing.assert_allclose(gram, np.eye(min(fan_in, fan_out)), atol=1e-13)


def test_orthogonal_starts_have_their_gain_and_keep_lengths() -> None:
    w = draw(Initializer("orthogonal", gain=3), 20, 50)
    x = np.random.default_rng(0).standard_normal((10, 20))
    np.testing.assert_allclose(np.linalg.norm(x @ w, axis=1), 3 * np.linalg.norm(x, axis=1), rtol=1e-13)


def test_orthogonal_starts_are_uniform_over_all_rotations_and_reflections() -> None:
    """Haar: every entry has mean 0 and variance 1 / n, and half of the determinants are -1."""
    draws = np.array([draw(Initializer("orthogonal"), 3, 3, seed) for seed in range(2000)])
    np.testing.assert_allclose(draws.mean(axis=0), 0, atol=0.06)
    np.testing.assert_allclose(draws.var(axis=0), 1 / 3, atol=0.03)
    np.testing.assert_allclose((draws**4).mean(axis=0), 3 / 15, atol=0.03)
    assert np.linalg.det(draws).mean() == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("start", "low", "high"),
    [(Initializer("uniform", limit=0.2), -0.2, 0.2), (Initializer("constant", value=-3), -3, -3),
     (Initializer("normal", std=0), 0, 0), (Initializer("orthogonal", gain=0), 0, 0)],
)  # fmt: skip
def test_parameters_are_heard(start: Initializer, low: float, high: float) -> None:
    w = draw(start, 100, 100)
    assert low <= w.min() <= low + 0.01
    assert high - 0.01 <= w.max() <= high


def test_biases() -> None:
    for name in BIAS_INITIALIZERS:
        start = BiasInitializer(name)
        b = start.entry.draw(stream(0, "biases"), 1, 7, start.parameters)[0]
        assert (b == start.parameters.get("value", 0)).all()
    assert BiasInitializer("constant", value=2)["value"] == 2


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if name not in ("zeros", "constant")])
def test_layers_and_seeds_have_draws_of_their_own(name: str) -> None:
    x = np.random.default_rng(0).standard_normal((50, 8))
    networks = (bare(8, [(8, "tanh")] * 3, initializer=name, seed=seed, x=x) for seed in (0, 1))
    drawn = [w for network in networks for w, _ in network.weights()]
    for index, w in enumerate(drawn):
        assert not any(np.allclose(w, other) for other in drawn[:index])


def test_precision_rounds_the_same_draws() -> None:
    for name in INITIALIZERS:
        exact = bare(8, [(40, "tanh")], initializer=name, precision="float64").weights()[0][0]
        rounded = bare(8, [(40, "tanh")], initializer=name, precision="float32").weights()[0][0]
        assert np.array_equal(exact.astype(np.float32), rounded)
