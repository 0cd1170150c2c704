"""Schedules against optax where it has them, else against their formula."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Session
from engine.choices import SCHEDULES
from engine.experiment import ExperimentError, Schedule, from_plain, replace_at, to_plain
from engine.schedule import Plateau, factors, observe
from tests.engine.reference.build import experiment

BATCHES, EPOCHS = 7, 30
TOTAL = BATCHES * EPOCHS

VALUES: list[tuple[str, dict[str, float]]] = [
    *((key, {}) for key in SCHEDULES),
    ("inverse_time", {"decay": 3.0}), ("step", {"factor": 0.1, "every": 4}), ("exponential", {"factor": 0.5}),
    ("cosine", {"final": 0.2}), ("warmup_cosine", {"start": 0.0, "warmup": 0.25, "final": 0.1}),
    ("warmup_cosine", {"warmup": 0.0}), ("one_cycle", {"start": 0.3, "warmup": 0.5, "final": 0.01}),
    ("one_cycle", {"warmup": 0.0}),
]  # fmt: skip


def authority(schedule: Schedule) -> Callable[[Any], Any]:
    """Return the factor at an update, by optax or the formula."""
    import optax

    v = schedule.parameters
    made: dict[str, Callable[[], Callable[[Any], Any]]] = {
        "constant": lambda: optax.constant_schedule(1.0),
        "plateau": lambda: optax.constant_schedule(1.0),
        "inverse_time": lambda: lambda t: 1 / (1 + v["decay"] * t / BATCHES),
        "step": lambda: optax.exponential_decay(1.0, BATCHES * int(v["every"]), v["factor"], staircase=True),
        "exponential": lambda: optax.exponential_decay(1.0, BATCHES, v["factor"]),
        "cosine": lambda: optax.cosine_decay_schedule(1.0, TOTAL, v["final"]),
        "warmup_cosine": lambda: optax.warmup_cosine_decay_schedule(
            v["start"], 1.0, int(v["warmup"] * TOTAL), TOTAL, v["final"]
        ),
        "one_cycle": lambda: optax.cosine_onecycle_schedule(
            TOTAL, 1.0, v["warmup"], 1 / v["start"], v["start"] / v["final"]
        ),
    }
    return made[schedule.name]()


@pytest.mark.parametrize(("name", "values"), VALUES)
def test_every_update_has_the_authoritys_rate(name: str, values: dict[str, float]) -> None:
    import jax

    jax.config.update("jax_enable_x64", True)
    schedule = Schedule(name, **values)
    truth = jax.vmap(authority(schedule))(np.arange(TOTAL))
    found = factors(schedule, 0, TOTAL, BATCHES, EPOCHS)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, truth, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("name", "values"), VALUES)
def test_the_last_rate_stays(name: str, values: dict[str, float]) -> None:
    schedule = Schedule(name, **values)
    found = factors(schedule, TOTAL - 1, 50, BATCHES, EPOCHS)
    assert np.all(found == found[0])
    assert found[0] == factors(schedule, 0, TOTAL, BATCHES, EPOCHS)[-1]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(VALUES), st.integers(0, 300), st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_cut_into_pieces_it_is_the_same_to_the_bit(
    chosen: tuple[str, dict[str, float]], first: int, pieces: list[int]
) -> None:
    schedule, count = Schedule(chosen[0], **chosen[1]), sum(pieces)
    whole, parts, done = factors(schedule, first, count, BATCHES, EPOCHS), [], first
    for piece in pieces:
        parts.append(factors(schedule, done, piece, BATCHES, EPOCHS))
        done += piece
    assert np.array_equal(whole, np.concatenate(parts))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_rate_is_never_above_the_optimizers_own_nor_negative(data: st.DataObject) -> None:
    entry = SCHEDULES[data.draw(st.sampled_from(list(SCHEDULES)))]
    values: dict[str, float] = {}
    for parameter in entry.parameters:
        low, high = parameter.range.low, min(parameter.range.high, 50)
        whole = parameter.kind == "whole"
        number = data.draw(st.integers(int(low), int(high)) if whole else st.floats(low, high))
        values[parameter.key] = number if number in parameter.range else 0.5
    batches, epochs = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    found = factors(Schedule(entry.key, **values), 0, 100, batches, epochs)
    assert found.shape == (100,)
    assert np.all((found >= 0) & (found <= 1 + 1e-12))


def test_a_decay_beyond_all_numbers_leaves_no_rate() -> None:
    found = factors(Schedule("inverse_time", decay=1e308), 0, 4 * BATCHES, BATCHES, EPOCHS)
    assert found[0] == 1 and found[-1] == 0


def test_marks_along_the_way() -> None:
    def at(name: str, *updates: int, **values: float) -> list[float]:
        whole = factors(Schedule(name, **values), 0, 100, 10, 10)
        return [round(float(whole[t]), 6) for t in updates]

    assert at("step", 0, 19, 20, 39, 40, every=2) == [1, 1, 0.5, 0.5, 0.25]
    assert at("exponential", 0, 10, 20, factor=0.5) == [1, 0.5, 0.25]
    assert at("inverse_time", 0, 10, 30, decay=1) == [1, 0.5, 0.25]
    assert at("cosine", 0, 50, final=0.2) == [1, 0.6]
    assert at("warmup_cosine", 0, 5, 10, 55, start=0.5, warmup=0.1) == [0.5, 0.75, 1, 0.5]
    assert at("one_cycle", 0, 15, 30, 65, start=0.2, final=0) == [0.2, 0.6, 1, 0.5]


# Plateau.


@pytest.mark.parametrize(("patience", "lowest"), [(1, 0.5), (3, 0.001)])
def test_plateau_is_optax_s(patience: int, lowest: float) -> None:
    import jax
    from optax.contrib import reduce_on_plateau

    jax.config.update("jax_enable_x64", True)
    rule, one = reduce_on_plateau(0.3, patience, rtol=0.0, atol=0.25, min_scale=lowest), np.ones(1)
    update = jax.jit(lambda state, loss: rule.update(one, state, value=loss)[1])
    schedule = Schedule("plateau", factor=0.3, patience=patience, min_delta=0.25, lowest=lowest)

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.floats(0, 10, allow_subnormal=False) | st.just(float("nan")), max_size=40))
    def follow(losses: list[float]) -> None:
        state, truth = Plateau(), rule.init(one)
        for loss in losses:
            state, truth = observe(schedule, state, loss), update(truth, loss)
            assert state.factor == pytest.approx(float(truth.scale), rel=1e-12)
            assert state.best == float(truth.best_value)

    follow()


def test_plateau_waits_and_reduces_down_to_the_lowest() -> None:
    schedule, state, seen = Schedule("plateau", patience=2, min_delta=0.1, lowest=0.2), Plateau(), []
    for loss in (1.0, 0.95, 0.89, 0.9, float("nan"), 0.9, 0.9, 0.9, 0.9, 0.5):
        state = observe(schedule, state, loss)
        seen.append(state.factor)
    assert seen == [1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2]
    assert (state.best, state.bad_epochs) == (0.5, 0)


# In a training.


def test_a_training_follows_its_schedule() -> None:
    training = {"epochs": 3, "batch_size": 25, "precision": "float64"}
    optimizer = {"name": "sgd", "learning_rate": 0.5}
    chosen = experiment((3,), optimizer=optimizer, schedule="one_cycle", training=training)
    session = Session(chosen)
    rates = 0.5 * factors(chosen.schedule, 0, 60, 10, 3)
    for t in range(40):
        rows = session.batch_order(t // 10)[t % 10 * 25 :][:25]
        _, grads = session.loss_and_gradients(session.data.x_train[rows], session.data.y_train[rows])
        before = session.weights()
        session.step_batch()
        for (w, b), (dw, db), (w0, b0) in zip(session.weights(), grads, before, strict=True):
            np.testing.assert_allclose(w, w0 - rates[t] * dw, rtol=0, atol=1e-14)
            np.testing.assert_allclose(b, b0 - rates[t] * db, rtol=0, atol=1e-14)


def test_a_schedule_may_change_on_the_way() -> None:
    session = Session(experiment((3,)))
    session.run(2)
    assert session.change(replace_at(session.experiment, "schedule", "cosine")) == "continues"
    session.run(1)


@pytest.mark.parametrize("optimizer", ["rprop", "lbfgs"])
def test_an_optimizer_with_steps_of_its_own_takes_no_schedule(optimizer: str) -> None:
    chosen = to_plain(experiment((3,), optimizer=optimizer))
    with pytest.raises(ExperimentError, match="schedule: .* finds its own step sizes"):
        from_plain(chosen | {"schedule": "cosine"})
