"""The generated sets: where their points lie, and what noise, size and seed change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choices.datasets import DATASETS, READY
from engine.data import preview
from engine.data.generated import MAKERS, make
from engine.data.tables import TABLES

CLASSES = ("line", "circle", "rings", "xor", "checkerboard", "gaussians", "moons", "spiral")
NUMBERS = ("plane", "gaussian_bump", "sine")


def test_every_set_is_generated_or_a_table_or_read() -> None:
    by_origin = {origin: [key for key, entry in DATASETS.items() if entry.origin == origin]
                 for origin in ("generated", "table", "read", "own")}  # fmt: skip
    assert by_origin["generated"] == list(MAKERS)
    assert by_origin["table"] == list(TABLES)
    assert by_origin["read"] == ["digits", "mnist", "iris", "wine", "breast_cancer"]
    assert by_origin["own"] == ["points", "csv"] and sum(map(len, by_origin.values())) == len(DATASETS)


@pytest.mark.parametrize("name", MAKERS)
@settings(max_examples=15, deadline=None)
@given(samples=st.integers(4, 300), noise=st.floats(0, 1), seed=st.integers(0, 2**32 - 1))
def test_rows_are_finite_and_of_the_described_shape(name: str, samples: int, noise: float, seed: int) -> None:
    entry = DATASETS[name]
    rows = make(name, samples, noise, seed)
    n = samples
    assert rows.raw.shape == (n, len(entry.inputs)) and rows.raw.dtype == np.float64
    assert np.isfinite(rows.raw).all() and np.isfinite(rows.targets).all()
    if entry.classes:
        assert rows.labels.dtype == np.int64 and set(rows.labels) <= {0, 1}
        assert abs(2 * rows.labels.sum() - n) <= 1  # balanced
    else:
        assert rows.targets.shape == (n, 1)


@pytest.mark.parametrize("name", [*CLASSES, *NUMBERS])
def test_the_same_seed_gives_the_same_rows_and_another_seed_others(name: str) -> None:
    first, again, other = (make(name, 100, 0.2, seed) for seed in (3, 3, 4))
    assert np.array_equal(first.raw, again.raw) and np.array_equal(first.targets, again.targets)
    assert not np.array_equal(first.raw, other.raw)


@pytest.mark.parametrize("name", [key for key in CLASSES if key != "gaussians"])
def test_noise_moves_points_along_the_same_directions(name: str) -> None:
    calm, some, more = (make(name, 200, noise, 0).raw for noise in (0.0, 0.25, 0.5))
    assert np.abs(some - calm).max() > 0
    np.testing.assert_allclose(more - calm, 2 * (some - calm), atol=1e-12)


@pytest.mark.parametrize("name", NUMBERS)
def test_noise_of_a_regression_falls_on_the_targets_alone(name: str) -> None:
    calm, noisy = make(name, 2000, 0.0, 0), make(name, 2000, 0.5, 0)
    assert np.array_equal(calm.raw, noisy.raw)
    assert np.std(noisy.targets - calm.targets) == pytest.approx(0.5, rel=0.05)


def test_line_is_separated_by_the_line_with_room_to_spare() -> None:
    rows = make("line", 1000, 0.0, 5)
    distance = (3 * rows.raw[:, 0] + 4 * rows.raw[:, 1]) / 5
    assert np.array_equal(distance > 0, rows.labels == 1)
    assert np.abs(distance).min() >= 0.3 - 1e-12


def test_circle_is_a_disc_within_a_ring() -> None:
    rows = make("circle", 1000, 0.0, 5)
    radius = np.hypot(*rows.raw.T)
    assert radius[rows.labels == 1].max() <= 2.5
    assert 3.5 <= radius[rows.labels == 0].min() and radius.max() <= 5


def test_xor_is_one_where_the_signs_differ() -> None:
    rows = make("xor", 1000, 0.0, 5)
    assert np.array_equal(rows.raw[:, 0] * rows.raw[:, 1] < 0, rows.labels == 1)
    assert np.abs(rows.raw).min() >= 0.3
    assert len(np.unique(np.sign(rows.raw), axis=0)) == 4


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.5, 4.0)])
def test_gaussians_have_the_centres_and_variances_of_the_playground(noise: float, variance: float) -> None:
    rows = make("gaussians", 40_000, noise, 1)
    for label, centre in ((0, -2), (1, 2)):
        cloud = rows.raw[rows.labels == label]
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.05)
        np.testing.assert_allclose(cloud.var(axis=0), variance, rtol=0.05)


def test_moons_are_two_half_circles() -> None:
    rows = make("moons", 500, 0.0, 2)
    for label, side in ((0, 1), (1, -1)):
        x, y = side * rows.raw[rows.labels == label].T / 3.4
        np.testing.assert_allclose((x + 0.5) ** 2 + (y + 0.25) ** 2, 1, atol=1e-12)
        assert (y + 0.25).min() >= -1e-12


@pytest.mark.parametrize("samples", [100, 101])
def test_spiral_without_noise_lies_exactly_on_its_two_arms(samples: int) -> None:
    rows = make("spiral", samples, 0.0, 9)
    radius = np.hypot(*rows.raw.T)
    for label, turn in ((1, 0), (0, np.pi)):
        arm, r = rows.raw[rows.labels == label], radius[rows.labels == label]
        angle = 3.5 * np.pi * r / 5 + turn
        np.testing.assert_allclose(arm, np.column_stack([r * np.sin(angle), r * np.cos(angle)]), atol=1e-12)
        np.testing.assert_allclose(np.sort(r), 5 * np.arange(1, len(r) + 1) / len(r))


@pytest.mark.parametrize(("name", "truth"), [
    ("gate_and", [0, 0, 0, 1]), ("gate_or", [0, 1, 1, 1]), ("gate_xor", [0, 1, 1, 0]),
])  # fmt: skip
def test_gates_are_their_truth_tables(name: str, truth: list[int]) -> None:
    rows = preview(name)
    assert rows.raw.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert rows.labels.tolist() == truth


def test_regressions_without_noise_are_their_formulas() -> None:
    plane, bump, sine = (make(name, 50, 0.0, 0) for name in NUMBERS)
    np.testing.assert_allclose(plane.targets[:, 0], plane.raw.sum(axis=1) / 10)
    np.testing.assert_allclose(bump.targets[:, 0], np.exp(-(bump.raw**2).sum(axis=1) / 8))
    np.testing.assert_allclose(sine.targets, np.sin(sine.raw))


@pytest.mark.parametrize("name", READY)
def test_a_preview_has_few_rows_of_every_set(name: str) -> None:
    rows = preview(name, samples=60)
    entry = DATASETS[name]
    assert len(rows.raw) == (entry.rows if entry.origin == "table" else 60)
    assert len(rows.labels) == (len(rows.raw) if entry.classes else 0)
    assert len(rows.targets) == (0 if entry.classes else len(rows.raw))
    if DATASETS[name].classes:
        assert set(rows.labels) == set(range(len(DATASETS[name].classes)))
