"""Schedules, stopping, augmentation, whole-batch steps: as a session follows them, and replays them."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Session
from engine.cli import train
from engine.experiment import Experiment, from_plain, replace_at, to_plain

PARTS: dict[str, dict[str, Any]] = {
    "cosine": {"schedule": "cosine"},
    "plateau": {"schedule": {"name": "plateau", "patience": 1, "factor": 0.5}},
    "early": {"data": {"validation_fraction": 0.3}, "training": {"early_stopping": {"patience": 3}}},
    "noise": {"training": {"augmentation": {"input_noise": 0.2, "jitter": 0.1}}},
    "lbfgs": {"optimizer": "lbfgs", "training": {"batch_size": 1000}},
    "rprop": {"optimizer": "rprop", "training": {"batch_size": 1000}},
}


def course(**parts: Any) -> Experiment:
    """Return 2-5-1 on noisy moons, with other parts."""
    plain: dict[str, Any] = {
        "data": {"name": "moons", "samples": 80, "noise": 0.3} | parts.pop("data", {}),
        "network": {"layers": [{"units": 5, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]},
        "training": {"batch_size": 8, "epochs": 20, "precision": "float64"} | parts.pop("training", {}),
    }
    return from_plain(plain | parts)


def test_the_rate_follows_the_schedule() -> None:
    session = Session(course(schedule="cosine", optimizer={"name": "sgd", "learning_rate": 0.5}))
    assert session.learning_rate == 0.5
    total = 20 * session.batches
    session.run(7)
    x, y = session.data.x_train, session.data.y_train
    assert session.learning_rate == pytest.approx(0.25 * (1 + np.cos(np.pi * session.update / total)))
    rate, before = session.learning_rate, session.weights()
    rows = session.batch_order(7)[:8]
    _, grads = session.loss_and_gradients(x[rows], y[rows])
    session.step_batch()
    for (w, b), (old_w, old_b), (dw, db) in zip(session.weights(), before, grads, strict=True):
        np.testing.assert_allclose(w, old_w - rate * dw, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(b, old_b - rate * db, rtol=1e-12, atol=1e-15)
    assert Session(course(**PARTS["lbfgs"])).learning_rate is None


def test_a_plateau_lowers_the_rate() -> None:
    session = Session(course(schedule={"name": "plateau", "patience": 2, "factor": 0.1, "min_delta": 10.0},
                             optimizer={"name": "sgd", "learning_rate": 0.5}))  # fmt: skip
    rates = []
    for _ in range(6):
        session.step_epoch()
        rates.append(session.learning_rate)
    assert rates == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005, 0.005])


def test_early_stopping_brings_the_best_weights_back() -> None:
    chosen = course(
        data={"validation_fraction": 0.4, "samples": 40},
        optimizer={"name": "adam", "learning_rate": 0.2},
        training={"early_stopping": {"patience": 4}, "epochs": 500},
    )
    session, alone = Session(chosen), Session(replace_at(chosen, "training.early_stopping", None))
    session.run(500)
    stop = session.stopped
    assert stop is not None and stop.reason == "early_stopping" and session.epoch == stop.epoch < 500
    losses = [alone.metrics()["validation_loss"]]
    for _ in range(stop.epoch):
        alone.step_epoch()
        losses.append(alone.metrics()["validation_loss"])
    assert stop.best_epoch == stop.epoch - 4 == 1 + int(np.argmin(losses[1:]))
    assert session.metrics()["validation_loss"] == min(losses[1:]) == stop.value
    left = session.before_restore
    assert left is not None and np.array_equal(left.theta, alone.snapshot().theta)
    session.run(3)  # whoever goes on goes on
    assert session.epoch > stop.epoch and session.before_restore is None


def test_the_table_and_the_ledger_say_which_weights_are_back(tmp_path: Path) -> None:
    chosen = course(
        data={"validation_fraction": 0.4, "samples": 40}, optimizer={"name": "adam", "learning_rate": 0.2},
        training={"early_stopping": {"patience": 2}, "epochs": 500, "precision": "float64"},
    )  # fmt: skip
    assert train(chosen, None, tmp_path).startswith("Stopped early")
    with (tmp_path / "history.csv").open(encoding="utf-8") as stream:
        *rows, last, back = csv.DictReader(stream)
    best = int(back["weights_of_epoch"])
    assert best == int(back["epoch"]) - 2 and last["epoch"] == back["epoch"] == last["weights_of_epoch"]
    assert all(row["epoch"] == row["weights_of_epoch"] for row in rows)
    assert {k: v for k, v in rows[best].items() if "loss" in k} == {
        k: v for k, v in back.items() if "loss" in k
    }
    assert last["validation_loss"] > back["validation_loss"]

    session = Session(chosen)
    weight = "layers.0.weight[1,2]"
    for _ in range(int(back["update"])):
        ledger = session.explain(None, weight)
        session.step_batch()
        assert ledger.new_value == pytest.approx(session.parameters()["layers.0.weight"][1, 2], rel=1e-10)
    assert [line.kind for line in ledger.steps][-1] == "restored"


def test_a_target_loss_stops() -> None:
    session = Session(course(training={"target_loss": 0.4, "epochs": 1000}))
    session.run(1000)
    assert session.stopped is not None and session.stopped.reason == "target_loss"
    assert session.metrics()["train_loss"] <= 0.4 and session.epoch == session.stopped.epoch < 1000


def test_augmentation_changes_what_is_trained_on_and_nothing_else() -> None:
    noisy, plain = Session(course(**PARTS["noise"])), Session(course())
    np.testing.assert_array_equal(noisy.data.x_train, plain.data.x_train)
    np.testing.assert_array_equal(noisy.snapshot().theta, plain.snapshot().theta)
    noisy.run(1)
    plain.run(1)
    assert not np.array_equal(noisy.snapshot().theta, plain.snapshot().theta)


@pytest.mark.parametrize("optimizer", ["lbfgs", "rprop"])
def test_whole_batches_go_down(optimizer: str) -> None:
    session = Session(course(**PARTS[optimizer]))
    before = session.metrics()["train_loss"]
    session.run(30)
    assert session.update == 30 and session.metrics()["train_loss"] < 0.5 * before
    extras = to_plain(session.experiment)
    extras["network"]["layers"][0] |= {"cut": [[0, 1]], "batch_norm": True, "dropout": 0.2}
    special = Session(from_plain(extras))
    special.run(5)
    named = special.parameters()
    assert named["layers.0.weight"][0, 1] == 0 and np.isfinite(special.snapshot().theta).all()
    assert not np.array_equal(named["layers.0.running_mean"], np.zeros(5))


@pytest.mark.parametrize("part", PARTS)
def test_replays_are_exact(part: str) -> None:
    chosen = course(**PARTS[part])
    session = Session(chosen)
    session.run(2)
    if session.batches > 1:
        session.step_batch()
    middle = session.snapshot()
    session.run(9)
    end, stopped = session.snapshot(), session.stopped
    session.restore(middle)
    session.run(9)
    np.testing.assert_array_equal(session.snapshot().theta, end.theta)
    other = Session(chosen)
    other.restore(middle)
    while other.update < end.update:
        other.step_batch()
    np.testing.assert_array_equal(other.snapshot().theta, end.theta)
    np.testing.assert_array_equal(other.snapshot().slots, end.slots)
    assert other.learning_rate == session.learning_rate
    assert (other.stopped is None) == (stopped is None)
