"""What noise, split and scaling make of the rows, against NumPy on the rows themselves."""

import numpy as np
import pytest

from engine.analysis.data_stages import BINS, FEWEST_BINS, POINTS, stages, strips
from engine.data import load
from engine.edits import choose_data
from engine.experiment import Experiment, from_plain, replace_at


def experiment(name: str, **data: object) -> Experiment:
    plain = {"data": {"name": "circle"}, "network": {"layers": [{"units": 1, "activation": "sigmoid"}]}}
    return choose_data(from_plain(plain), name, **data)


@pytest.mark.parametrize("scaling", ["none", "standard", "minmax"])
def test_inputs_before_and_after_scaling(scaling: str) -> None:
    chosen = experiment("iris", scaling=scaling)
    data = load(chosen)
    made = stages(chosen, data)
    assert made.names == data.features and made.others == 0
    np.testing.assert_allclose(made.before.means, data.raw_train.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(made.before.stds, data.raw_train.std(axis=0), rtol=1e-5)
    np.testing.assert_allclose([made.before.low, made.before.high],
                               [data.raw_train.min(), data.raw_train.max()], rtol=1e-5)  # fmt: skip
    if scaling == "standard":
        np.testing.assert_allclose(made.after.means, 0, atol=1e-5)
        np.testing.assert_allclose(made.after.stds, 1, rtol=1e-5)
    if scaling == "minmax":
        assert (made.after.low, made.after.high) == pytest.approx((-1, 1))


def test_of_many_inputs_those_that_vary_most_are_shown() -> None:
    chosen = experiment("wine")
    data = load(chosen)
    made = stages(chosen, data)
    widest = set(np.argsort(data.raw_train.std(axis=0))[-6:].tolist())
    assert made.names == tuple(name for index, name in enumerate(data.features) if index in widest)
    assert made.others == 7 and made.names[-1] == "proline"


def test_a_constant_column_keeps_its_number() -> None:
    chosen = experiment("points", points=[[3, 0, 0], [3, 1, 1], [3, 2, 0]])
    made = stages(chosen, load(chosen))
    assert made.before.means[0] == pytest.approx(3) and made.after.means[0] == 0


def test_rows_are_counted() -> None:
    chosen = replace_at(experiment("circle", samples=200), "data.validation_fraction", 0.25)
    assert stages(chosen, load(chosen)).rows == (75, 25, 100)


def test_strips_hold_every_row() -> None:
    values = np.random.default_rng(0).normal(size=(400, 3)) * (1, 5, 0.1)
    made = strips(values)
    assert made.shares.shape == (3, BINS) and made.shares.max(axis=1).tolist() == [1, 1, 1]
    counts, _ = np.histogram(values[:, 1], BINS, (values.min(), values.max()))
    np.testing.assert_allclose(made.shares[1], counts / counts.max())
    assert strips(np.zeros((5, 1))).shares.shape == (1, FEWEST_BINS)
    assert strips(np.arange(17.0)[:, None]).shares.min() == 1, "whole numbers leave no gaps"


def test_noise_moves_the_same_rows() -> None:
    clean, noisy = (stages(chosen, load(chosen)) for chosen in (
        experiment("moons"), replace_at(experiment("moons"), "data.noise", 0.3)))  # fmt: skip
    assert (clean.noise, noisy.noise) == (0, 0.3)
    np.testing.assert_array_equal(clean.clean.first, clean.noisy.first)
    np.testing.assert_array_equal(noisy.clean.labels, noisy.noisy.labels)
    assert len(noisy.clean.first) == POINTS
    moved = np.hypot(noisy.noisy.first - noisy.clean.first, noisy.noisy.second - noisy.clean.second)
    assert 0.05 < np.median(moved) < 3
    sine = replace_at(experiment("sine"), "data.noise", 0.5)
    of_sine = stages(sine, load(sine))
    np.testing.assert_array_equal(of_sine.clean.first, of_sine.noisy.first)
    assert np.abs(of_sine.clean.second - of_sine.noisy.second).max() > 0.1
    plane = replace_at(experiment("plane"), "data.noise", 0.5)
    assert stages(plane, load(plane)).clean is None
