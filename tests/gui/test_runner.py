"""The worker and its mailbox: pace, interruption, divergence, failures, an orderly end."""

import math
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine import edits
from engine.experiment import EarlyStopping, Experiment, Initializer, replace_at
from engine.session import Session
from gui import runner
from gui.controller import Controller
from gui.i18n import language
from gui.recorder import Recorder, Thinned
from gui.theme import themes
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
    limit = 1 + 2 / trainer.batches
    for _ in range(100):  # a slice ends by the clock too, which others' work makes earlier
        trainer.run_slice(limit, never)
    assert trainer.position == pytest.approx(limit)


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
    assert frame.diverged == outcome
    trainer.change(replace_at(diverging_experiment, "optimizer.learning_rate", 1e-3))
    assert trainer.frame("paused").diverged is None
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


def block(controller: Controller) -> threading.Event:
    """Keep the worker from everything that comes until the event is set."""
    event = threading.Event()
    controller._runner.worker.post(lambda: event.wait(20) and None)
    return event


def test_changes_around_an_opened_file_come_in_order(settle, controller: Controller) -> None:
    other = edits.choose_data(controller.experiment, "iris")
    go = block(controller)
    controller.edit("seeds.init", 5, "Before")
    controller.begin(other)
    controller.edit("seeds.init", 7, "After")
    go.set()
    settle(controller)
    assert controller.frame is not None and controller.frame.experiment == controller.experiment
    assert controller.experiment.data.name == "iris" and controller.experiment.seeds.init == 7


def test_of_changes_in_a_row_only_the_newest_is_carried_out(settle, experiment: Experiment) -> None:
    changes = []

    class Counted(Session):
        def change(self, experiment: Experiment) -> str:
            changes.append(experiment)
            return super().change(experiment)

    controller = Controller(experiment, make=Counted)
    try:
        settle(controller)
        go = block(controller)
        for seed in range(1, 20):
            controller.edit("seeds.init", seed, "Seed")
        go.set()
        settle(controller)
        assert changes == [controller.experiment]
    finally:
        controller.close()


def test_a_change_that_fails_trains_nothing_else_and_can_be_undone(
    qtbot, settle, experiment: Experiment
) -> None:
    class Small(Session):
        def change(self, experiment: Experiment) -> str:
            if experiment.network.layers[0].units > 100:
                self.experiment = experiment
                raise MemoryError
            return super().change(experiment)

        def __init__(self, experiment: Experiment) -> None:
            if experiment.network.layers[0].units > 100:
                raise MemoryError
            super().__init__(experiment)

    controller = Controller(experiment, make=Small)
    try:
        settle(controller)
        controller.run_to(3)
        settle(controller)
        with qtbot.waitSignal(controller.message) as said:
            controller.attempt(lambda: edits.set_units(controller.experiment, 0, 200), "Units")
        assert "memory" in said.args[0]
        with qtbot.waitSignal(controller.failed):
            controller.play()
        settle(controller)
        assert controller.frame is None and controller.state == "paused"
        controller.undo_stack.undo()
        settle(controller)
        assert controller.frame is not None and controller.frame.epoch == 3
        controller.step_epoch()
        settle(controller)
        assert controller.frame.epoch == 4
    finally:
        controller.close()


def test_the_last_frame_is_shown_however_long_it_takes(qtbot, settle, controller: Controller,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    frame = Trainer.frame

    def slow(*arguments: object) -> object:
        time.sleep(0.06)
        return frame(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "frame", slow)
    controller.set_speed(math.inf)
    controller.play()
    settle(controller)
    assert controller.frame is not None and controller.frame.epoch == 20


def test_closing_does_not_wait_for_a_long_computation(experiment: Experiment,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(runner, "PATIENCE", 0.05)
    controller, go = Controller(experiment), threading.Event()
    controller._runner.worker.post(lambda: go.wait(20) and None)
    controller._runner.submit("long", lambda: go.wait(20))
    start = time.monotonic()
    assert not controller.close() and time.monotonic() - start < 5
    go.set()
    controller._runner.worker.close(20)
    controller._runner._pool.close(20)


def test_the_way_is_recorded_on_after_enormous_steps() -> None:
    recorder = Recorder(2)
    for epoch, size in enumerate((1.0, 1e25, 1e300, 1.0, 2.0)):
        recorder.add(epoch, {"train_loss": 1.0}, np.full(2, size))
    epochs = [epoch for epoch, _ in recorder.path()]
    assert epochs[0] == 0 and epochs[-1] == 4 and 2 not in epochs


def test_first_weights_beyond_all_bounds_are_said(qtbot, settle, controller: Controller) -> None:
    enormous = Initializer("constant", value=1e300)
    controller.attempt(lambda: edits.choose_initializer(controller.experiment, enormous), "Start")
    settle(controller)
    with qtbot.waitSignal(controller.message) as said:
        controller.play()
    assert "at the start" in said.args[0]
    settle(controller)


def test_a_closed_controller_rests(settle, experiment: Experiment) -> None:
    controller = Controller(experiment)
    for name in ("iris", "sine", "digits"):
        controller.attempt(lambda name=name: edits.choose_data(controller.experiment, name), "Data")
    controller.play()
    controller.close()
    settle(controller)
    assert not controller.busy and controller.state == "paused"


def test_the_curves_end_with_the_epoch_not_with_the_weights_that_come_back(experiment: Experiment) -> None:
    stopping = EarlyStopping(patience=1, min_delta=10.0)
    of = replace_at(experiment, "data.validation_fraction", 0.3)
    of = replace_at(of, "training.early_stopping", stopping)
    trainer = Trainer()
    trainer.load(of)
    trainer.run_to(50, never)
    frame = trainer.frame("paused")
    assert trainer.stopped is not None and trainer.stopped.restored
    alone = Session(replace_at(of, "training.early_stopping", None))
    alone.run(frame.epoch)
    assert frame.curves.train_loss[-1] == alone.metrics()["train_loss"] != frame.metrics["train_loss"]
    assert frame.metrics == frame.snapshot.metrics(frame.data)


def test_the_training_is_held_while_all_takes_another_look(
    qtbot: QtBot, settle, controller: Controller
) -> None:
    controller.edit("training.epochs", 1_000_000, "Epochs")
    settle(controller)
    controller.set_speed(float("inf"))
    controller.play()
    trainer = controller._runner.worker._trainer
    qtbot.waitUntil(lambda: trainer.epoch > 3)
    seen: list[int] = []

    def look() -> None:
        seen.append(trainer.epoch)
        time.sleep(0.05)
        seen.append(trainer.epoch)

    themes.changed.connect(look)
    language.changed.connect(look)
    try:
        themes.set("light")
        language.set("pt")
    finally:
        themes.changed.disconnect(look)
        language.changed.disconnect(look)
    assert seen[0] == seen[1] and seen[2] == seen[3]
    for _ in range(30):  # the turn is had soon: the training took it again before one who waited woke up
        with controller._runner.worker.held():
            epoch = trainer.epoch
            time.sleep(0.002)
            assert trainer.epoch == epoch
        time.sleep(0.002)
    qtbot.waitUntil(lambda: trainer.epoch > seen[-1])
    controller.pause()
