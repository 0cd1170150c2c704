"""The worker and its mailbox: pace, interruption, divergence, failures, an orderly end."""

import math
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from engine.experiment import Experiment, replace_at
from engine.session import Session
from gui.controller import Controller
from gui.recorder import Recorder, Thinned
from gui.trainer import Diverged, Trainer

never: Callable[[], bool] = lambda: False  # noqa: E731


@pytest.fixture
def trainer(experiment: Experiment) -> Trainer:
    made = Trainer()
    made.load(experiment)
    return made


def test_thinned_keeps_first_and_newest_evenly_spread() -> None:
    thinned: Thinned[int] = Thinned(100)
    for index in range(10_001):
        thinned.add(index, index)
    assert thinned.items[0] == 0 and thinned.items[-1] == 10_000
    assert 40 <= len(thinned.items) <= 101
    gaps = np.diff(thinned.positions)
    assert gaps[:-1].max() <= 2.5 * gaps[:-1].min()


def test_recorder_bounds_the_path_of_a_big_net() -> None:
    recorder = Recorder(2_000_000)
    for epoch in range(40):
        recorder.add(epoch, {"train_loss": 1.0}, np.full(2_000_000, epoch, np.float32))
    assert len(recorder.path()) <= 9
    assert recorder.path()[0][0] == 0 and recorder.path()[-1][0] == 39
    assert math.isnan(recorder.curves().test_accuracy[0])


def test_slices_give_the_bits_of_training_at_once(trainer: Trainer, experiment: Experiment) -> None:
    while trainer.epoch < 30:
        trainer.run_slice(30, never)
    plain = Session(experiment)
    plain.run(30)
    assert trainer.epoch == 30
    assert np.array_equal(trainer.frame("paused").snapshot.theta, plain.snapshot().theta)


def test_a_slice_stops_at_its_limit_inside_an_epoch(trainer: Trainer) -> None:
    trainer.run_slice(1 + 2 / trainer.batches, never)
    assert trainer.position == pytest.approx(1 + 2 / trainer.batches)


def test_a_slice_stops_when_interrupted(trainer: Trainer) -> None:
    trainer.run_slice(math.inf, lambda: True)
    assert trainer.position == 0


def test_curves_and_path_start_at_the_beginning_and_end_now(trainer: Trainer) -> None:
    trainer.run_to(300, never)
    frame = trainer.frame("paused")
    assert frame.curves.epochs[0] == 0 and frame.curves.epochs[-1] == 300
    assert np.all(np.diff(frame.curves.epochs) > 0)
    assert np.array_equal(frame.path[0][1], frame.initial.theta)
    assert np.array_equal(frame.path[-1][1], frame.snapshot.theta)
    assert frame.metrics == frame.snapshot.metrics(frame.data)


@pytest.fixture
def diverging_experiment(experiment: Experiment) -> Experiment:
    from engine.edits import choose_activation
    from engine.experiment import Activation

    made = choose_activation(experiment, 1, Activation("linear"))
    made = choose_activation(made, 0, Activation("linear"))
    return replace_at(made, "optimizer", {"name": "sgd", "learning_rate": 5.0})


def test_divergence_names_the_update_and_stays_before_it(diverging_experiment: Experiment) -> None:
    trainer = Trainer()
    trainer.load(diverging_experiment)
    outcome = None
    while outcome is None and trainer.epoch < 500:
        outcome = trainer.run_slice(500, never)
    assert isinstance(outcome, Diverged)
    frame = trainer.frame("paused")
    assert np.isfinite(frame.snapshot.theta).all() and math.isfinite(frame.metrics["train_loss"])
    assert np.isfinite(frame.curves.train_loss).all()
    assert outcome.update == frame.snapshot.update + 1
    again = Session(diverging_experiment)
    for _ in range(outcome.update):
        again.step_batch()
    assert not math.isfinite(again.metrics()["train_loss"]) or not np.isfinite(again.snapshot().theta).all()


def test_speed_limit_holds(qtbot, controller: Controller) -> None:
    controller.set_speed(20)
    controller.play()
    start = time.monotonic()
    qtbot.waitUntil(lambda: controller.frame is not None and controller.frame.epoch >= 10, timeout=20_000)
    assert time.monotonic() - start > 0.35
    assert controller.frame.snapshot.epoch < 20


def test_a_failing_session_is_said_and_survived(qtbot, settle, experiment: Experiment) -> None:
    broken = threading.Event()

    class Failing(Session):
        def step_epoch(self) -> None:
            if broken.is_set():
                raise OverflowError("on purpose")
            super().step_epoch()

    controller = Controller(experiment, make=Failing)
    try:
        settle(controller)
        broken.set()
        with qtbot.waitSignal(controller.message) as said:
            controller.step_epoch()
        assert "OverflowError" in said.args[0]
        broken.clear()
        controller.step_epoch()
        qtbot.waitUntil(lambda: controller.frame is not None and controller.frame.epoch == 1)
    finally:
        controller.close()


def test_closing_while_training_ends_the_threads(qtbot, controller: Controller) -> None:
    controller.play()
    qtbot.waitUntil(lambda: controller.frame.epoch > 0)
    controller.close()
    assert not [thread for thread in threading.enumerate() if thread.name in ("training", "analysis")]


def test_nothing_ticks_while_nothing_can_change(controller: Controller, timers: Callable[[], list]) -> None:
    assert not timers()
