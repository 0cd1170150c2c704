"""The example experiments: each one loads, says what it shows in two languages, and shows it."""

import json

import numpy as np
import pytest

from engine import Experiment, Session
from engine.resources import resource

NAMES = sorted(path.stem for path in resource("examples").glob("*.json"))
# At the end of its own epochs: the accuracy reached on training and test rows, or the loss for regressions.
ACCURACY = {
    "spiral": (0.98, 0.95), "circle": (0.97, 0.95), "moons": (0.99, 0.98),
    "gate_xor": (1, 1), "gate_or_perceptron": (1, 1),
    "iris": (0.96, 0.93), "wine": (0.99, 0.9), "breast_cancer": (0.98, 0.95), "digits": (0.99, 0.96),
    "concert": (1, 1), "spiral_three_arms": (0.97, 0.9), "credit": (0.98, 0.95),
    "mnist": (0.97, 0.9), "mnist_784_128_10_xavier": (0.97, 0.9), "mnist_784_128_10_he": (0.97, 0.9),
}  # fmt: skip
LOSS = {"sine": (0.03, 0.04), "gaussian_bump": (0.002, 0.002)}


def load(name: str) -> Experiment:
    return Experiment.load(resource("examples", f"{name}.json"))


def test_the_ones_that_were_asked_for_are_there() -> None:
    wanted = {"spiral", "digits", "mnist", "iris", "gate_xor", "sine", *ACCURACY, *LOSS, "symmetry", "zeros"}
    assert set(NAMES) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_written_example_reads_back_as_the_same_experiment(name: str) -> None:
    example = load(name)
    assert example.version == 1
    assert Experiment.from_json(example.to_json()) == example


@pytest.mark.parametrize("name", NAMES)
def test_titles_are_unique_and_translated(name: str) -> None:
    translations = json.loads(resource("translations", "pt_BR", "examples.json").read_text(encoding="utf-8"))
    title = load(name).title
    assert title and translations[title]
    assert [load(other).title for other in NAMES].count(title) == 1


def test_the_default_is_the_net_of_the_benchmark() -> None:
    spiral = load("spiral")
    assert [layer.units for layer in spiral.network.layers] == [8, 8, 1]
    assert (spiral.optimizer.name, spiral.training.batch_size) == ("adam", 10)


def test_the_courses_pair_differs_in_the_start_alone() -> None:
    xavier, he = (json.loads(load(f"mnist_784_128_10_{start}").to_json()) for start in ("xavier", "he"))
    for plain in (xavier, he):
        assert [layer["units"] for layer in plain["network"]["layers"]] == [128, 10]
        assert plain["training"]["batch_size"] == 128
        plain.pop("title")
        for layer in plain["network"]["layers"]:
            layer.pop("initializer")
    assert xavier == he


@pytest.mark.parametrize("name", ACCURACY)
def test_classifiers_reach_their_accuracy(name: str) -> None:
    session = Session(load(name))
    session.run(session.experiment.training.epochs)
    metrics, (train, test) = session.metrics(), ACCURACY[name]
    assert metrics["train_accuracy"] >= train and metrics["test_accuracy"] >= test


@pytest.mark.parametrize("name", LOSS)
def test_regressions_reach_their_loss(name: str) -> None:
    session = Session(load(name))
    session.run(session.experiment.training.epochs)
    metrics, (train, test) = session.metrics(), LOSS[name]
    assert metrics["train_loss"] <= train and metrics["test_loss"] <= test


def test_the_credit_neuron_has_the_weights_of_the_bill() -> None:
    """0.5, 0.4 and 0.7 up to a common factor, once the scaling is undone."""
    session = Session(load("credit"))
    session.run(session.experiment.training.epochs)
    weights = session.weights()[0][0][:, 0] * session.data.scaler[1]
    np.testing.assert_allclose(weights / weights.sum(), np.array([0.5, 0.4, 0.7]) / 1.6, rtol=0.05)


def test_the_perceptron_needs_more_than_one_epoch() -> None:
    session = Session(load("gate_or_perceptron"))
    session.step_epoch()
    assert session.metrics()["train_accuracy"] < 1


def test_units_that_start_equal_stay_identical_and_learn_less() -> None:
    session = Session(load("symmetry"))
    session.run(session.experiment.training.epochs)
    weights, _ = session.weights()[0]
    assert np.array_equal(weights, np.repeat(weights[:, :1], weights.shape[1], axis=1))
    assert weights[0, 0] != 0.5
    assert session.metrics()["train_accuracy"] < 0.8


def test_weights_that_start_at_zero_never_move() -> None:
    session = Session(load("zeros"))
    session.run(session.experiment.training.epochs)
    assert all(np.array_equal(weights, np.zeros_like(weights)) for weights, _ in session.weights())
    assert session.metrics()["train_loss"] == pytest.approx(np.log(2), abs=1e-3)
