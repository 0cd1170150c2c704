"""Large networks, trained by two threads: the bits of one, and the steps of the whole batch's gradient."""

from typing import Any

import numpy as np
import pytest

from engine import Session, team
from engine.experiment import Experiment, replace_at
from tests.engine.reference.build import experiment

BATCH = 287  # 1,437 rows make five of them, and one of 2 rows


def large(**more: Any) -> Experiment:
    return experiment(**({"hidden": (300, 200), "data": "digits", "output": "softmax", "activation": "relu",
                          "batch_size": BATCH} | more))  # fmt: skip


def trained(chosen: Experiment, epochs: int = 3) -> Session:
    session = Session(chosen)
    session.run(epochs)
    return session


def bits(session: Session) -> bytes:
    snapshot = session.snapshot()
    return snapshot.theta.tobytes() + snapshot.slots.tobytes()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_the_number_of_threads_changes_no_bit(optimizer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = large(optimizer=optimizer)
    found = []
    for threads in ("1", "2", "2", "1"):
        monkeypatch.setenv("RELEVO_THREADS", threads)
        found.append(bits(trained(chosen)))
    assert found == found[:1] * 4
    assert found[0] != bits(Session(chosen)), "nothing moved"


def test_however_it_is_cut_into_steps() -> None:
    """Few updates are done by one thread, many by two."""
    by_batch = Session(large())
    for _ in range(3 * by_batch.batches):
        by_batch.step_batch()
    assert bits(by_batch) == bits(trained(large()))


def test_steps_follow_the_gradient_of_the_whole_batch() -> None:
    """Every batch of an epoch, the last one of 2 rows, with penalties, in float64."""
    rate = 0.1
    chosen = large(optimizer="sgd", precision="float64")
    for place, value in (("optimizer.learning_rate", rate), ("regularization.l1", 1e-4),
                         ("regularization.l2", 1e-3)):  # fmt: skip
        chosen = replace_at(chosen, place, value)
    session = Session(chosen)
    order = session.batch_order(0)
    for first in range(0, len(order), BATCH):
        rows, before = order[first : first + BATCH], session.weights()
        x, y = session.data.x_train[rows], session.data.y_train[rows]
        gradients = session.loss_and_gradients(x, y)[1]
        session.step_batch()
        for now, old, grad in zip(session.weights(), before, gradients, strict=True):
            for part in range(2):
                expected = old[part] - rate * grad[part]
                assert np.abs(now[part] - expected).max() <= 1e-13 * np.abs(expected).max()
    assert session.epoch == 1


def test_a_last_batch_of_one_row() -> None:
    session = trained(large(batch_size=359), 2)  # 4 x 359 + 1
    assert session.batches == 5
    assert np.isfinite(session.snapshot().theta).all()


@pytest.mark.parametrize("initializer", ["zeros", "constant"])
def test_units_that_start_identical_stay_so(initializer: str) -> None:
    session = trained(large(initializer=initializer, activation="tanh"))
    for w, b in session.weights()[:-1]:
        assert (w == w[:, :1]).all()
        assert (b == b[0]).all()


def test_what_is_not_a_number_reaches_all_parameters() -> None:
    session = Session(large(activation="tanh"))
    weights = session.weights()
    weights[0][0][0, 0] = np.nan
    session.set_weights(weights)
    session.run(1)
    assert np.isnan(session.weights()[-1][0]).all()


def test_who_is_large_is_a_matter_of_size_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for threads in ("1", "2"):
        monkeypatch.setenv("RELEVO_THREADS", threads)
        assert team.is_large(Session(large()).plan, BATCH)
        assert not team.is_large(Session(large()).plan, 64)
        assert not team.is_large(Session(large(hidden=(40,))).plan, 128)
        assert not team.is_large(Session(large(hidden=(8,))).plan, 10**6), "lanes"


@pytest.mark.parametrize(("wanted", "threads"), [("1", 1), ("2", 2), ("16", 2)])
def test_the_number_of_threads_can_be_set(wanted: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEVO_THREADS", wanted)
    assert team.threads() == threads


@pytest.mark.parametrize("wanted", ["", "0", "-1", "many"])
def test_the_number_of_threads_is_else_that_of_cores(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEVO_THREADS", wanted)
    monkeypatch.setattr(team.os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert team.threads() == 1
    monkeypatch.setattr(team.os, "sched_getaffinity", lambda _: set(range(12)), raising=False)
    assert team.threads() == 2
