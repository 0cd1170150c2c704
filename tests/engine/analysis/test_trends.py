"""What the curves say, on networks that were really trained to have the fault and on sound ones."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.finding import NOTE, WARNING
from engine.analysis.trends import descent, growth, oscillation, overfitting, plateau, too_slow
from engine.experiment import from_plain
from engine.session import Session

NONE = np.empty(0)
TANH, SIGMOID = {"units": 8, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}


@cache
def trained(name, optimizer, rate, epochs, initializer="xavier_uniform", samples=500, noise=0.0, batch=10):
    """Return (epochs, training losses, test losses) of a 2-8-8-1 network, measured after every epoch."""
    layers = [{**layer, "initializer": initializer} for layer in (TANH, TANH, SIGMOID)]
    session = Session(from_plain({
        "data": {"name": name, "samples": samples, "noise": noise}, "network": {"layers": layers},
        "optimizer": {"name": optimizer, "learning_rate": rate}, "training": {"batch_size": batch},
    }))  # fmt: skip
    rows = [session.metrics()]
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            session.step_epoch()
            rows.append(session.metrics())
    train, test = (np.array([row[key] for row in rows]) for key in ("train_loss", "test_loss"))
    return np.arange(len(rows), dtype=float), train, test


def kind(*course):
    found = descent(*trained(*course)[:2])
    return found.kind if found else None


@pytest.mark.parametrize("course", [
    ("gaussians", "sgd", 0.03, 40), ("gaussians", "adam", 0.003, 60), ("xor", "momentum", 0.01, 60),
    ("circle", "adam", 0.01, 60), ("spiral", "adam", 0.01, 100), ("circle", "sgd", 0.1, 60),
])  # fmt: skip
def test_sound_trainings_are_left_alone_at_every_moment(course):
    epochs, train, _ = trained(*course)
    for end in range(len(epochs) + 1):
        found = descent(epochs[:end], train[:end])
        assert found is None or found.level == NOTE or (found.kind == "plateau" and course[0] == "spiral")


@pytest.mark.parametrize("name", ["gaussians", "xor", "circle", "spiral"])
@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 1e-5), ("momentum", 1e-6), ("adam", 1e-6)])
def test_a_rate_that_is_too_low_is_seen_by_the_straight_line(name, optimizer, rate):
    assert kind(name, optimizer, rate, 40) == "slow"


@pytest.mark.parametrize(("name", "optimizer", "rate"), [
    ("xor", "adam", 1.0), ("circle", "adam", 1.0), ("circle", "sgd", 10.0), ("xor", "momentum", 10.0),
])  # fmt: skip
def test_a_rate_that_is_too_high_swings_or_grows(name, optimizer, rate):
    assert kind(name, optimizer, rate, 40) in ("oscillation", "growth")


def test_descent_just_beyond_the_stable_rate_of_a_parabola_swings():
    # L = h w² / 2 with rate 2 / h: w changes its sign for ever; a little noise makes the loss go up and down.
    steps = np.arange(60.0)
    loss = 1 + 0.3 * np.cos(np.pi * steps)
    found = oscillation(steps, loss)
    assert found.kind == "oscillation"
    assert found.values == {"low": pytest.approx(0.7), "high": pytest.approx(1.3)}
    assert found.place == ("epoch", 30.0)
    assert oscillation(steps, 1 + 0.3 * np.exp(-steps / 10)) is None
    assert oscillation(steps, 5 * np.exp(-steps / 10) + 0.01 * np.cos(np.pi * steps)) is None  # late, small


def test_zeros_stand_on_a_plateau_from_the_first_epoch_on():
    epochs, train, _ = trained("spiral", "sgd", 0.1, 40, "zeros")
    found = descent(epochs, train)
    assert (found.kind, found.level) == ("plateau", WARNING)
    assert found.values == {"epoch": 0, "loss": pytest.approx(np.log(2), rel=1e-3)}


def test_a_plateau_begins_where_the_loss_comes_within_one_percent():
    epochs = np.arange(61.0)
    loss = np.where(epochs < 20, 2 - 0.05 * epochs, 1.0)
    assert plateau(epochs, loss).values == {"epoch": 20, "loss": 1}
    assert plateau(epochs[:35], loss[:35]) is None  # too short
    low = plateau(epochs, np.where(epochs < 20, 20 - 0.95 * epochs, 1.0))
    assert low.level == NOTE  # it has arrived
    assert plateau(epochs, np.where(epochs < 20, 200 - 9.95 * epochs, 1.0)) is None  # at nothing


def test_a_loss_that_grows_is_told_with_both_numbers():
    epochs = np.arange(41.0)
    found = growth(epochs, 0.7 + 0.05 * epochs)
    assert found.values["first"] == 0.7
    assert found.values["now"] == pytest.approx(0.7 + 0.05 * 35)
    assert growth(epochs, 0.7 + 0.005 * epochs) is None


def test_only_straight_and_small_falls_are_slow():
    epochs = np.arange(101.0)
    assert too_slow(epochs, 1 - 0.001 * epochs).values == {"share": pytest.approx(0.1), "epochs": 100}
    assert too_slow(epochs, 1 - 0.004 * epochs) is None  # a good part is learned
    assert too_slow(epochs, 0.9 + 0.1 * np.exp(-epochs / 10)) is None  # levels off
    assert too_slow(epochs, 1 - 1e-9 * np.exp(epochs / 6)) is None  # leaves a saddle
    assert too_slow(epochs, np.ones(101)) is None


def test_many_weights_and_few_noisy_rows_overfit():
    epochs, train, test = trained("spiral", "adam", 0.03, 150, samples=60, noise=0.4)
    found = overfitting(epochs, train, test)
    assert found is not None
    best = found.values["epoch"]
    assert best == epochs[np.argmin(test)]
    assert found.place == ("epoch", best)
    assert overfitting(*trained("gaussians", "sgd", 0.03, 40)) is None


def test_overfitting_needs_patience_a_margin_and_a_training_loss_that_falls():
    epochs = np.arange(31.0)
    train = np.linspace(0.7, 0.1, 31)
    test = np.where(epochs < 15, 0.7 - 0.02 * epochs, 0.42 + 0.01 * (epochs - 14))
    found = overfitting(epochs, train, test)
    assert found is not None
    assert found.values["epoch"] == 14
    assert overfitting(epochs[:20], train[:20], test[:20]) is None  # too soon
    assert overfitting(epochs, train[::-1], test) is None  # it does not learn at all
    flat = np.where(epochs < 15, test, 0.421)
    assert overfitting(epochs, train, flat) is None  # within the margin
    assert overfitting(NONE, NONE, NONE) is None


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=60))
def test_no_curve_breaks_it(losses):
    with np.errstate(all="ignore"):
        found = descent(np.arange(float(len(losses))), np.array(losses))
    if found is not None:
        assert np.isfinite(list(found.values.values())).all()
