"""Sets of k classes: where their points lie, how many rows each class has, and labels wrong on purpose."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError, Session
from engine.choices.datasets import DATASETS
from engine.data import load, preview
from engine.data.generated import make, spread
from engine.data.labels import counts, flip
from engine.experiment import from_plain, replace_at
from engine.rules import dataset_of

K_SETS = [key for key, entry in DATASETS.items() if entry.any_classes and entry.origin == "generated"]


def chosen(name: str, classes: int = 2, **data: Any) -> Experiment:
    """Return an experiment with a softmax output for so many classes."""
    last = {"units": classes, "activation": "softmax"}
    data = {"name": name, **data} | ({"classes": classes} if DATASETS[name].any_classes else {})
    return from_plain({"data": data, "network": {"layers": [last]}, "loss": "categorical_cross_entropy"})


def polar(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return radius and angle, the angle from the second axis on, as the formulas have it."""
    return np.hypot(*raw.T), np.arctan2(raw[:, 0], raw[:, 1]) % (2 * np.pi)


# Where the points lie


def two_armed_spiral(n: int) -> np.ndarray:
    """Return the spiral as it was before it could have more arms."""
    labels = np.arange(n) % 2
    share = (np.arange(n) // 2 + 1) / np.array([n - n // 2, n // 2])[labels]
    angle = 1.75 * 2 * np.pi * share + np.where(labels == 1, 0, np.pi)
    return np.round(np.column_stack([5 * share * np.sin(angle), 5 * share * np.cos(angle)]), 12)


@pytest.mark.parametrize("n", [4, 101, 500])
def test_two_arms_are_the_two_arms_that_there_were_to_the_last_bit(n: int) -> None:
    assert np.array_equal(make("spiral", n, 0.0, 0).raw, two_armed_spiral(n))


def test_two_clouds_are_the_two_clouds_that_there_were_to_the_last_bit() -> None:
    rows, clouds = make("gaussians", 300, 0.2, 4), make("gaussians", 300, 0.7, 4)
    centres = 2.0 * (2.0 * rows.labels - 1)[:, None]
    spread_out = (rows.raw - centres) / np.sqrt(0.5 + 7 * 0.2) * np.sqrt(0.5 + 7 * 0.7)
    np.testing.assert_allclose(clouds.raw, centres + spread_out, atol=1e-12)


@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_arms_are_one_arm_turned(k: int) -> None:
    rows = make("spiral", 60 * k, 0.0, 1, k)
    radius, angle = polar(rows.raw)
    for label in range(k):
        own = rows.labels == label
        np.testing.assert_allclose(np.sort(radius[own]), 5 * np.arange(1, 61) / 60)
        turned = angle[own] - 3.5 * np.pi * radius[own] / 5 - 2 * np.pi * (k - 1 - label) / k
        np.testing.assert_allclose(np.cos(turned), 1, atol=1e-12)


@pytest.mark.parametrize("k", [2, 3, 10])
def test_rings_lie_within_each_other_with_room_between_them(k: int) -> None:
    rows = make("rings", 400 * k, 0.0, 2, k)
    radius, angle = polar(rows.raw)
    for label in range(k):
        own = radius[rows.labels == label] * k / 5
        assert label + 0.5 <= own.min() < label + 0.52 and label + 0.98 < own.max() <= label + 1
    assert np.histogram(angle, 8)[0].min() > 0.4 * len(angle) / 8


@pytest.mark.parametrize("k", [2, 3, 4, 10])
def test_fields_of_the_board_are_in_turn_and_all_of_them_are_used(k: int) -> None:
    rows = make("checkerboard", 400 * k, 0.0, 3, k)
    side = max(4, k)
    place = (rows.raw + 5) / (10 / side)
    field = np.floor(place).astype(int)
    assert np.array_equal(field.sum(axis=1) % k, rows.labels)
    assert np.abs(place - field - 0.5).max() <= 0.4
    assert len(np.unique(field, axis=0)) == side**2


@pytest.mark.parametrize("k", [2, 3, 7])
def test_clouds_stand_around_one_circle(k: int) -> None:
    rows = make("gaussians", 4000 * k, 0.0, 5, k)
    centres = np.array([rows.raw[rows.labels == label].mean(axis=0) for label in range(k)])
    radius, angle = polar(centres)
    np.testing.assert_allclose(radius, np.sqrt(8), atol=0.06)
    np.testing.assert_allclose(np.diff(angle) % (2 * np.pi), 2 * np.pi / k, atol=0.04)


def test_the_concert_is_decided_by_the_money_alone() -> None:
    rows = preview("concert")
    assert rows.raw.tolist() == [[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    assert np.array_equal(rows.labels, rows.raw[:, 2])
    assert np.array_equal(rows.labels, 3 * rows.raw[:, 0] + 2 * rows.raw[:, 1] + 6 * rows.raw[:, 2] > 5)


def test_the_bill_is_the_lectures_table() -> None:
    rows = preview("bill")
    assert rows.raw.tolist() == [[50, 20, 50], [10, 10, 20], [80, 90, 100]]
    assert rows.targets.tolist() == [[0.47], [0.42], [0.89]]


def test_credit_is_made_by_the_neuron_of_the_bill() -> None:
    rows = make("credit", 1000, 0.0, 6)
    score = rows.raw @ np.array([0.5, 0.4, 0.7]) + 1
    assert rows.raw.min() >= 0 and rows.raw.max() <= 100
    assert np.array_equal(score > 81, rows.labels == 1)
    np.testing.assert_allclose(rows.targets[:, 0], 1 / (1 + np.exp(-(score - 81) / 15)))
    noisy = make("credit", 1000, 0.4, 6)
    assert np.abs(noisy.raw - rows.raw).max() <= 20 and noisy.raw.min() >= 0 and noisy.raw.max() <= 100
    assert np.array_equal(noisy.targets, rows.targets)


def test_credit_may_be_a_chance() -> None:
    plain = {"data": {"name": "credit", "task": "regression"}, "loss": "mse",
             "network": {"layers": [{"units": 1, "activation": "linear"}]}}  # fmt: skip
    data = load(from_plain(plain))
    assert (data.task, data.classes, len(data.labels_train)) == ("regression", (), 0)
    assert 0 < data.y_train.min() < 0.05 and 0.95 < data.y_train.max() < 1


@pytest.mark.parametrize("name", K_SETS)
@pytest.mark.parametrize("k", [2, 3, 10])
def test_sets_of_k_classes_can_be_trained_on(name: str, k: int) -> None:
    experiment = chosen(name, k, samples=100)
    entry = dataset_of(experiment)
    assert entry.classes == tuple("0123456789"[:k])
    assert entry.task == ("binary" if k == 2 else "multiclass")
    session = Session(experiment)
    assert session.data.y_train.shape == (50, k) and set(session.data.labels_train) == set(range(k))
    session.step_epoch()
    assert np.isfinite(session.metrics()["train_loss"])


# How many rows each class has


@given(n=st.integers(1, 300), k=st.integers(2, 10))
def test_equal_shares_are_no_shares(n: int, k: int) -> None:
    assert np.array_equal(spread(n, k), spread(n, k, (1.0,) * k))


@given(n=st.integers(4, 500), shares=st.lists(st.floats(0.01, 100), min_size=2, max_size=10))
def test_classes_have_their_shares_and_stand_among_each_other(n: int, shares: list[float]) -> None:
    labels = spread(n, len(shares), tuple(shares))
    exact = n * np.array(shares) / sum(shares)
    assert len(labels) == n
    assert np.abs(np.bincount(labels, minlength=len(shares)) - exact).max() < 1
    half = np.bincount(labels[: n // 2], minlength=len(shares))
    assert np.abs(half - exact / 2).max() < 2


def class_sizes(experiment: Experiment) -> list[int]:
    data = load(experiment)
    return np.bincount(np.concatenate([data.labels_train, data.labels_test])).tolist()


@pytest.mark.parametrize("name", [*K_SETS, "circle", "line", "xor", "moons", "credit"])
def test_generated_classes_may_be_unbalanced(name: str) -> None:
    assert class_sizes(chosen(name, class_shares=[9, 1], samples=200)) == [180, 20]


def test_sets_that_are_read_give_as_many_rows_as_keep_the_shares() -> None:
    assert class_sizes(chosen("breast_cancer", class_shares=[0.1, 0.9])) == [40, 356]
    assert class_sizes(chosen("breast_cancer", class_shares=[0.1, 0.9], samples=100)) == [10, 90]
    assert class_sizes(chosen("iris", 3, class_shares=[1, 1, 2])) == [25, 25, 50]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0.01, 10)), min_size=2, max_size=6),
       st.integers(2, 400))  # fmt: skip
def test_shares_never_ask_for_more_rows_than_there_are(
    classes: list[tuple[int, float]], samples: int
) -> None:
    sizes, shares = np.array([size for size, _ in classes]), tuple(share for _, share in classes)
    taken = counts(sizes, samples, shares)
    assert (taken <= sizes).all() and (taken >= 0).all() and 0 < taken.sum() <= samples
    exact = np.array(shares) / sum(shares) * taken.sum()
    assert np.abs(taken - exact).max() <= 1 + 1e-6
    assert counts(sizes, samples, None).sum() == min(samples, sizes.sum())


# Labels wrong on purpose


@given(n=st.integers(1, 200), k=st.integers(2, 10), share=st.floats(0, 1), seed=st.integers(0, 2**32 - 1))
def test_exactly_the_share_of_labels_is_wrong(n: int, k: int, share: float, seed: int) -> None:
    labels = spread(n, k)
    flipped = flip(labels, k, share, seed)
    assert (flipped != labels).sum() == round(share * n)
    assert flipped.min() >= 0 and flipped.max() < k
    more = flip(labels, k, (1 + share) / 2, seed)
    assert np.array_equal(more[flipped != labels], flipped[flipped != labels]), "more noise keeps the first"


def test_every_other_class_is_as_likely() -> None:
    flipped = flip(np.zeros(6000, np.int64), 4, 1.0, 3)
    np.testing.assert_allclose(np.bincount(flipped, minlength=4) / 6000, [0, 1 / 3, 1 / 3, 1 / 3], atol=0.03)


@pytest.mark.parametrize(("name", "classes"), [("circle", 2), ("iris", 3), ("gate_xor", 2), ("spiral", 3)])
def test_only_training_labels_are_wrong(name: str, classes: int) -> None:
    data: dict[str, Any] = {"validation_fraction": 0.2} if DATASETS[name].split else {}
    clean, wrong = (load(chosen(name, classes, label_noise=noise, **data)) for noise in (0.0, 0.25))
    assert (clean.labels_train != wrong.labels_train).sum() == round(0.25 * len(clean.labels_train))
    assert np.array_equal(wrong.y_train.argmax(axis=1), wrong.labels_train)
    for part in ("x_train", "x_validation", "y_validation", "x_test", "y_test", "labels_test"):
        assert np.array_equal(getattr(clean, part), getattr(wrong, part)), part


def test_the_data_seed_chooses_the_wrong_labels() -> None:
    first = chosen("gate_xor", label_noise=0.5)
    seen = [load(replace_at(first, "seeds.data", seed)).labels_train != (0, 1, 1, 0) for seed in range(8)]
    assert len(set(map(tuple, seen))) > 1 and all(wrong.sum() == 2 for wrong in seen)
    assert load(replace_at(first, "seeds.order", 5)) is load(first)


# What does not fit


@pytest.mark.parametrize(("data", "message"), [
    ({"name": "spiral", "classes": 1}, r"data.classes: 1 is not in \[2, 10\]"),
    ({"name": "spiral", "classes": 11}, r"data.classes: 11 is not in \[2, 10\]"),
    ({"name": "iris", "classes": 3}, "data.classes: iris has its own classes"),
    ({"name": "plane", "classes": 2}, "data.classes: plane has its own classes"),
    ({"name": "plane", "label_noise": 0.1}, "data.label_noise: plane has numbers and no classes"),
    ({"name": "plane", "class_shares": [1, 1]}, "data.class_shares: plane has numbers and no classes"),
    ({"name": "gate_or", "class_shares": [1, 1]}, "data.class_shares: gate_or always trains and tests"),
    ({"name": "spiral", "class_shares": [1, 1, 1]}, "data.class_shares: 3 shares do not fit 2 classes"),
    ({"name": "spiral", "class_shares": []}, "data.class_shares: 0 shares do not fit 2 classes"),
    ({"name": "spiral", "class_shares": [1, 0]}, r"data.class_shares\[1\]: 0 is not in \[1e-06, 1000000\]"),
    ({"name": "spiral", "class_shares": [1, -1]}, r"data.class_shares\[1\]: -1 is not in \[1e-06, 1000000\]"),
    ({"name": "spiral", "label_noise": 1.5}, r"data.label_noise: 1.5 is not in \[0, 1\]"),
    ({"name": "spiral", "task": "classes"}, "data.task: spiral takes no such choice"),
    ({"name": "credit", "task": "guess"}, "data.task: guess is not a known task"),
    ({"name": "credit", "task": "regression", "label_noise": 0.1}, "data.label_noise: credit has numbers"),
    ({"name": "concert", "samples": 4}, "data.samples: concert always trains and tests on all its rows"),
    ({"name": "bill", "test_fraction": 0.5}, "data.test_fraction: bill always trains and tests on all"),
])  # fmt: skip
def test_what_does_not_fit_is_said(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        from_plain({"data": data, "network": {"layers": [{"units": 1, "activation": "sigmoid"}]}})
