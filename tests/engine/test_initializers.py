"""Where weights start: the distributions that the tables promise, and the shapes of their draws."""

import hashlib
import math
from collections.abc import Callable

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine import Session
from engine.choices import BIAS_INITIALIZERS, INITIALIZERS
from engine.experiment import BiasInitializer, ExperimentError, Initializer, replace_at
from engine.streams import stream
from tests.engine.reference.build import bare, experiment

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
    "truncated_normal": lambda i, o: 0.05 * 0.87962566,
    "variance_scaling": lambda i, o: 1 / math.sqrt(i),
}


RANDOM = [name for name in INITIALIZERS if name not in ("zeros", "constant", "identity", "from_file")]


def draw(start: Initializer, fan_in: int, fan_out: int, seed: int = 0) -> np.ndarray:
    return start.entry.draw(stream(seed, "weights"), fan_in, fan_out, start.settings)


@pytest.mark.parametrize(("fan_in", "fan_out"), FANS)
@pytest.mark.parametrize("name", STDS)
def test_mean_and_spread(name: str, fan_in: int, fan_out: int) -> None:
    start = Initializer(name)
    w = draw(start, fan_in, fan_out)
    assert w.shape == (fan_in, fan_out)
    std = STDS[name](fan_in, fan_out)
    assert w.std() == pytest.approx(std, rel=0.02, abs=1e-12)
    centre = start["value"] if name == "constant" else 0
    assert w.mean() == pytest.approx(centre, abs=max(4 * std / math.sqrt(w.size), 1e-12))


SHAPES = {name: entry.shape for name, entry in INITIALIZERS.items() if name in STDS}


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape == "uniform"])
def test_uniform_draws_fill_their_interval_evenly(name: str) -> None:
    w = draw(Initializer(name), 300, 200)
    limit = INITIALIZERS[name].spread(300, 200, Initializer(name).parameters)
    assert limit == pytest.approx(math.sqrt(3) * STDS[name](300, 200), rel=1e-12)
    assert 0.999 * limit < np.abs(w).max() <= limit
    shares = np.histogram(w, 20, (-limit, limit))[0] / w.size
    np.testing.assert_allclose(shares, 0.05, atol=0.004)


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape == "normal"])
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
     (Initializer("normal", std=0), 0, 0), (Initializer("orthogonal", gain=0), 0, 0),
     (Initializer("truncated_normal", std=0.5), -1, 1), (Initializer("identity", gain=0), 0, 0),
     (Initializer("sparse", std=0), 0, 0), (Initializer("variance_scaling", scale=0), 0, 0)],
)  # fmt: skip
def test_parameters_are_heard(start: Initializer, low: float, high: float) -> None:
    w = draw(start, 100, 100)
    assert low <= w.min() <= low + 0.01
    assert high - 0.01 <= w.max() <= high


def test_biases() -> None:
    for name in ("zeros", "constant"):
        start = BiasInitializer(name)
        b = start.entry.draw(stream(0, "biases"), 1, 7, start.settings)[0]
        assert (b == start.parameters.get("value", 0)).all()
    assert BiasInitializer("constant", value=2)["value"] == 2


@pytest.mark.parametrize(
    ("start", "law"),
    [({"name": "uniform", "limit": 0.4}, stats.uniform(-0.4, 0.8)),
     ({"name": "normal", "std": 0.2}, stats.norm(0, 0.2))],
)  # fmt: skip
def test_random_biases_have_streams_of_their_own(start: dict, law: object) -> None:
    """Neither the initializer of the weights nor that of the biases changes what the other draws."""
    made = {
        (weights, name): Session(experiment((300, 300), initializer=weights, bias=bias)).weights()
        for weights in ("he_normal", "zeros")
        for name, bias in (("zeros", "zeros"), ("drawn", start))
    }
    biases = [b for _, b in made["he_normal", "drawn"]]
    for (w, b), (plain, none), (_, other) in zip(
        made["he_normal", "drawn"], made["he_normal", "zeros"], made["zeros", "drawn"], strict=True
    ):
        assert np.array_equal(w, plain)
        assert np.array_equal(b, other)
        assert not none.any()
    assert stats.kstest(np.concatenate(biases), law.cdf).pvalue > 0.01  # type: ignore[attr-defined]
    assert not np.allclose(biases[0], biases[1])


@pytest.mark.parametrize("name", RANDOM)
def test_layers_and_seeds_have_draws_of_their_own(name: str) -> None:
    x = np.random.default_rng(0).standard_normal((50, 8))
    networks = (bare(8, [(8, "tanh")] * 3, initializer=name, seed=seed, x=x) for seed in (0, 1))
    drawn = [w for network in networks for w, _ in network.weights()]
    for index, w in enumerate(drawn):
        assert not any(np.allclose(w, other) for other in drawn[:index])


def test_precision_rounds_the_same_draws() -> None:
    for name in STDS:
        exact = bare(8, [(40, "tanh")], initializer=name, precision="float64").weights()[0][0]
        rounded = bare(8, [(40, "tanh")], initializer=name, precision="float32").weights()[0][0]
        assert np.array_equal(exact.astype(np.float32), rounded)


# The family, and that its members are what they always were.

DIGESTS = {
    "zeros": "d0f3fee818d0a367", "constant": "565ffb20dbe174cf", "uniform": "b3faf505c297bad2",
    "normal": "67b86daa491fd5c9", "lecun_uniform": "ff6aa41b11289d80", "lecun_normal": "bb2ba9ecc72dc29c",
    "xavier_uniform": "c10bbd9be921906d", "xavier_normal": "48197455e674262a",
    "he_uniform": "075f73b5eba85588", "he_normal": "23c02b2045c05e17",
}  # fmt: skip


@pytest.mark.parametrize("name", DIGESTS)
def test_draws_are_those_of_the_first_version(name: str) -> None:
    start, digest = Initializer(name), hashlib.sha256()
    for fan_in, fan_out in ((7, 5), (20, 30), (1, 9)):
        for seed in (0, 1):
            w = start.entry.draw(stream(seed, "weights", 2), fan_in, fan_out, start.settings)
            digest.update(w.tobytes())
    assert digest.hexdigest()[:16] == DIGESTS[name]


def test_orthogonal_draws_are_those_of_the_first_version() -> None:
    """To rounding: the last bits of a QR decomposition are the processor's."""
    first = [[-0.901195738068155, -0.10563733854453701], [0.345931496725148, 0.4089626003297706],
             [0.26110848561717126, -0.9064162091648289]]  # fmt: skip
    for name in ("orthogonal", "lsuv"):
        w = Initializer(name).entry.draw(stream(5, "weights", 2), 3, 2, Initializer(name).settings)
        np.testing.assert_allclose(w, first, rtol=0, atol=1e-14)


MEMBERS = {
    "lecun_uniform": (1, "fan_in", "uniform"), "lecun_normal": (1, "fan_in", "normal"),
    "xavier_uniform": (1, "fan_avg", "uniform"), "xavier_normal": (1, "fan_avg", "normal"),
    "he_uniform": (2, "fan_in", "uniform"), "he_normal": (2, "fan_in", "normal"),
}  # fmt: skip


@pytest.mark.parametrize("name", MEMBERS)
def test_the_named_ones_are_cases_of_variance_scaling(name: str) -> None:
    scale, mode, distribution = MEMBERS[name]
    same = Initializer("variance_scaling", scale=scale, mode=mode, distribution=distribution)
    for fan_in, fan_out in ((7, 5), (3, 64), (1, 1)):
        assert np.array_equal(draw(same, fan_in, fan_out), draw(Initializer(name), fan_in, fan_out))


@pytest.mark.parametrize("distribution", ["normal", "truncated_normal", "uniform"])
@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
def test_variance_scaling_is_that_of_jax(mode: str, distribution: str) -> None:
    fan_in, fan_out, scale = 300, 150, 1.7
    theirs = jax.nn.initializers.variance_scaling(scale, mode, distribution)
    expected = np.asarray(theirs(jax.random.key(0), (fan_in, fan_out)), float)
    start = Initializer("variance_scaling", scale=scale, mode=mode, distribution=distribution)
    w = draw(start, fan_in, fan_out)
    fan = {"fan_in": 300, "fan_out": 150, "fan_avg": 225}[mode]
    assert w.std() == pytest.approx(math.sqrt(scale / fan), rel=0.015)
    assert w.std() == pytest.approx(expected.std(), rel=0.02)
    if distribution != "normal":
        assert np.abs(w).max() == pytest.approx(np.abs(expected).max(), rel=0.01)
    assert stats.ks_2samp(w.ravel()[:20_000], expected.ravel()[:20_000]).pvalue > 0.01


@settings(max_examples=30, deadline=None)
@given(st.floats(1e-3, 1e3), st.integers(1, 40), st.integers(1, 40), st.sampled_from(["fan_in", "fan_out"]))
def test_a_spread_is_that_of_its_scale(scale: float, fan_in: int, fan_out: int, mode: str) -> None:
    """Four times the scale is twice the weights, whatever the layer."""
    one, four = (Initializer("variance_scaling", scale=factor * scale, mode=mode) for factor in (1, 4))
    np.testing.assert_allclose(draw(four, fan_in, fan_out), 2 * draw(one, fan_in, fan_out), rtol=1e-14)


@pytest.mark.parametrize("start", [Initializer("truncated_normal", std=0.3), Initializer("variance_scaling")])
def test_truncated_draws_follow_the_truncated_normal(start: Initializer) -> None:
    w = draw(start, 200, 100)
    shape, spread, zeros = start.entry.distribution(200, 100, start.settings)
    assert (shape, zeros) == ("truncated_normal", 0)
    assert 1.99 * spread < np.abs(w).max() <= 2 * spread
    assert stats.kstest(w.ravel(), stats.truncnorm(-2, 2, scale=spread).cdf).pvalue > 0.01


# The new ones.


@pytest.mark.parametrize(("fan_in", "fan_out"), [(4, 4), (3, 7), (7, 3), (1, 5), (5, 1)])
def test_the_identity_hands_its_inputs_on(fan_in: int, fan_out: int) -> None:
    start = Initializer("identity", gain=2)
    w = draw(start, fan_in, fan_out)
    x = np.random.default_rng(0).standard_normal((5, fan_in))
    both = min(fan_in, fan_out)
    assert np.array_equal((x @ w)[:, :both], 2 * x[:, :both])
    assert not (x @ w)[:, both:].any()
    shape, spread, zeros = start.entry.distribution(fan_in, fan_out, start.settings)
    assert (shape, spread) == ("point", 2)
    assert zeros == pytest.approx((w == 0).mean())


@pytest.mark.parametrize(("fan_in", "links"), [(200, 15), (200, 200), (8, 15), (1, 1), (50, 1)])
def test_sparse_units_have_so_many_links(fan_in: int, links: int) -> None:
    start = Initializer("sparse", nonzero=links, std=0.5)
    w = draw(start, fan_in, 300)
    assert (np.count_nonzero(w, axis=0) == min(links, fan_in)).all()
    assert stats.kstest(w[w != 0], stats.norm(0, 0.5).cdf).pvalue > 0.01
    if fan_in > links > 1:
        uses = np.count_nonzero(w, axis=1)
        assert stats.chisquare(uses).pvalue > 0.001, "every input is as likely"
    shape, spread, zeros = start.entry.distribution(fan_in, 300, start.settings)
    assert (shape, spread) == ("normal", 0.5)
    assert zeros == pytest.approx((w == 0).mean(), abs=1e-12)


def test_a_constant_may_differ_from_layer_to_layer() -> None:
    chosen = experiment((3, 3))
    layers = [{"units": 3, "initializer": {"name": "constant", "value": value}} for value in (0.1, 0.2)]
    plain = {"layers": [*layers, {"units": 1, "activation": "sigmoid"}]}
    weights = Session(replace_at(chosen, "network", plain)).weights()
    assert [float(w[0, 0]) for w, _ in weights[:2]] == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [({"mode": "fan"}, 'mode: "fan" is not one of fan_in, fan_out, fan_avg'),
     ({"mode": 1}, "mode: 1 is not one of fan_in, fan_out, fan_avg"),
     ({"distribution": "cauchy"}, 'distribution: "cauchy" is not one of normal, truncated_normal, uniform'),
     ({"gain_by_activation": 1}, "gain_by_activation: 1 is not true or false"),
     ({"scale": -1}, "scale: -1 is not in [0, ∞)")],
)  # fmt: skip
def test_what_a_parameter_cannot_be_is_said(parameters: dict, message: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Initializer("variance_scaling", **parameters)
    assert str(caught.value) == message


def test_every_start_has_a_sentence() -> None:
    sentences = [entry.sentence for table in (INITIALIZERS, BIAS_INITIALIZERS) for entry in table.values()]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)
