"""The controller: every change can be undone, every file error is one sentence, training obeys."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine import edits
from engine.experiment import Activation, Experiment, Initializer, Optimizer, replace_at
from engine.session import Session
from gui.commands import forget_old_trainings
from gui.controller import Controller, first_experiment
from gui.i18n import language

Settle = Callable[[Controller], None]


def test_reset_returns_to_the_same_weights(qtbot: QtBot, controller: Controller, settle: Settle) -> None:
    start = controller.frame.snapshot.theta
    controller.play()
    qtbot.waitUntil(lambda: controller.state == "paused", timeout=20_000)
    assert controller.frame.epoch == 20 and not np.array_equal(controller.frame.snapshot.theta, start)
    controller.reset()
    settle(controller)
    assert controller.frame.epoch == 0 and np.array_equal(controller.frame.snapshot.theta, start)


def test_training_stops_at_its_epochs_and_goes_on_when_asked(qtbot: QtBot, controller: Controller) -> None:
    with qtbot.waitSignal(controller.message) as said:
        controller.play()
    assert "20" in said.args[0]
    qtbot.waitUntil(lambda: controller.frame.epoch == 20)
    controller.play()
    qtbot.waitUntil(lambda: controller.frame.epoch > 40)
    controller.pause()


def test_steps(qtbot: QtBot, controller: Controller, settle: Settle) -> None:
    controller.step_batch()
    settle(controller)
    assert (controller.frame.snapshot.update, controller.frame.epoch) == (1, 0)
    controller.step_epoch()
    settle(controller)
    assert (controller.frame.snapshot.batch, controller.frame.epoch) == (0, 1)


def test_undo_everything_gives_the_first_experiment(controller: Controller, settle: Settle) -> None:
    first, start = controller.experiment, controller.frame.snapshot.theta
    controller.attempt(lambda: edits.insert_layer(controller.experiment, 0, 3), "Add a layer")
    controller.attempt(lambda: edits.choose_data(controller.experiment, "iris"), "Data")
    relu, he = Activation("relu"), Initializer("he_normal")
    controller.attempt(lambda: edits.choose_activation(controller.experiment, 0, relu), "Activation")
    controller.attempt(lambda: edits.choose_initializer(controller.experiment, he), "Initializer")
    controller.propose(replace_at(controller.experiment, "optimizer", Optimizer("momentum")), "Optimizer")
    controller.new_dice()
    assert controller.undo_stack.count() == 6
    last = controller.experiment
    while controller.undo_stack.canUndo():
        controller.undo_stack.undo()
    assert controller.experiment == first
    settle(controller)
    assert np.array_equal(controller.frame.snapshot.theta, start)
    while controller.undo_stack.canRedo():
        controller.undo_stack.redo()
    assert controller.experiment == last


def test_quick_repeats_on_one_field_are_one_step(controller: Controller) -> None:
    first = controller.experiment
    for rate in (0.02, 0.03, 0.04):
        controller.edit("optimizer.learning_rate", rate, "Rate")
    assert controller.undo_stack.count() == 1
    controller.edit("training.batch_size", 5, "Batch")
    assert controller.undo_stack.count() == 2
    controller.undo_stack.undo()
    controller.undo_stack.undo()
    assert controller.experiment == first


def test_an_edit_and_back_again_leaves_no_step(controller: Controller) -> None:
    old = controller.experiment.optimizer["learning_rate"]
    controller.edit("optimizer.learning_rate", 0.5, "Rate")
    controller.edit("optimizer.learning_rate", old, "Rate")
    assert controller.undo_stack.count() == 0


def test_a_unit_more_and_less_again_leaves_a_way_back_to_the_training(
    controller: Controller, settle: Settle
) -> None:
    controller.run_to(7)
    settle(controller)
    left = controller.frame.snapshot
    for units in (5, 4):  # within a second: one step, but the training had to restart on the way
        controller.attempt(lambda units=units: edits.set_units(controller.experiment, 0, units), "Units", "0")
        settle(controller)
    assert controller.undo_stack.count() == 1 and controller.frame.epoch == 0
    controller.undo_stack.undo()
    settle(controller)
    assert controller.frame.snapshot.update == left.update
    assert np.array_equal(controller.frame.snapshot.theta, left.theta)


@pytest.mark.parametrize("change", [
    lambda now: edits.choose_optimizer(now, Optimizer("sgd")),
    lambda now: replace_at(now, "training.batch_size", 7),
    lambda now: replace_at(now, "network.layers.0.cut", [[0, 0]]),
])  # fmt: skip
def test_undone_before_it_trains_on_a_change_leaves_no_trace(
    controller: Controller, settle: Settle, change: Callable[[Experiment], Experiment]
) -> None:
    controller.run_to(3)
    controller.step_batch()  # in the middle of an epoch
    settle(controller)
    left, experiment = controller.frame.snapshot, controller.experiment
    controller.attempt(lambda: change(experiment), "Change")
    settle(controller)
    controller.undo_stack.undo()
    settle(controller)
    back = controller.frame.snapshot
    assert controller.experiment == experiment
    assert np.array_equal(back.theta, left.theta) and np.array_equal(back.slots, left.slots)
    assert (back.epoch, back.batch) == (left.epoch, left.batch)
    controller.step_epoch()
    settle(controller)
    straight = Session(experiment)
    straight.run(4)
    assert np.array_equal(controller.frame.snapshot.theta, straight.snapshot().theta)


def test_what_stands_still_shows_its_own_loss(
    qtbot: QtBot, controller: Controller, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.pace.CHEAP", -1.0)  # measured as rarely as a large set is
    monkeypatch.setattr("gui.pace.APART", 1e9)
    controller.edit("training.epochs", 1_000_000, "Epochs")
    controller.set_speed(math.inf)
    controller.play()
    qtbot.waitUntil(lambda: controller.frame.epoch > 30)
    controller.hold()
    settle(controller)
    shown = controller.frame
    assert shown.metrics == shown.snapshot.metrics(shown.data)
    assert shown.curves.train_loss[-1] == shown.metrics["train_loss"]


def test_a_wrong_value_is_said_and_changes_nothing(qtbot: QtBot, controller: Controller) -> None:
    first = controller.experiment
    with qtbot.waitSignals([controller.message, controller.experiment_changed]):
        controller.edit("optimizer.learning_rate", -1, "Rate")
    assert controller.experiment == first and not controller.undo_stack.count()


def test_undoing_an_architecture_goes_back_to_its_training(controller: Controller, settle: Settle) -> None:
    controller.run_to(7)
    settle(controller)
    before = controller.frame
    controller.attempt(lambda: edits.insert_layer(controller.experiment, 0, 3), "Add a layer")
    settle(controller)
    assert controller.frame.epoch == 0
    controller.undo_stack.undo()
    settle(controller)
    assert controller.frame.epoch == 7
    assert np.array_equal(controller.frame.snapshot.theta, before.snapshot.theta)
    assert np.array_equal(controller.frame.curves.epochs, before.curves.epochs)


def test_a_rate_change_continues(controller: Controller, settle: Settle) -> None:
    controller.run_to(5)
    controller.edit("optimizer.learning_rate", 0.5, "Rate")
    settle(controller)
    assert controller.frame.epoch == 5
    assert controller.frame.experiment.optimizer["learning_rate"] == 0.5


def test_no_frame_of_another_network_is_at_hand(controller: Controller, settle: Settle) -> None:
    controller.attempt(lambda: edits.insert_layer(controller.experiment, 0, 3), "Add a layer")
    assert controller.frame is None
    settle(controller)
    assert len(controller.frame.experiment.network.layers) == 3


def test_save_and_open(qtbot: QtBot, controller: Controller, settle: Settle, tmp_path: Path) -> None:
    controller.edit("optimizer.learning_rate", 0.25, "Rate")
    assert not controller.is_saved
    saved, path = controller.experiment, tmp_path / "mine.json"
    assert controller.disk.save(path) and controller.is_saved and controller.path == path
    controller.new_dice()
    assert controller.disk.open(path) and controller.experiment == saved
    settle(controller)


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 99}', '{"data": {"name": "nothing"}}'])
def test_a_bad_file_is_one_sentence(qtbot: QtBot, controller: Controller, tmp_path: Path, text: str) -> None:
    first, path = controller.experiment, tmp_path / "bad.json"
    path.write_text(text)
    with qtbot.waitSignal(controller.message) as said:
        assert not controller.disk.open(path)
    assert said.args[0].startswith("bad.json") and "\n" not in said.args[0]
    assert controller.experiment == first


def test_a_missing_file_is_one_sentence(qtbot: QtBot, controller: Controller, tmp_path: Path) -> None:
    with qtbot.waitSignal(controller.message) as said:
        assert not controller.disk.open(tmp_path / "none.json")
    assert "none.json" in said.args[0]


def test_weights_go_out_and_come_back(controller: Controller, settle: Settle, tmp_path: Path) -> None:
    controller.run_to(4)
    settle(controller)
    theta = controller.frame.snapshot.theta
    assert controller.disk.save_weights(tmp_path / "w.safetensors")
    controller.reset()
    settle(controller)
    start = controller.frame.snapshot.theta
    assert controller.disk.load_weights(tmp_path / "w.safetensors")
    settle(controller)
    assert np.array_equal(controller.frame.snapshot.theta, theta)
    controller.undo_stack.undo()
    settle(controller)
    assert np.array_equal(controller.frame.snapshot.theta, start)
    controller.undo_stack.redo()
    settle(controller)
    assert np.array_equal(controller.frame.snapshot.theta, theta)


def test_the_first_experiment_is_the_spiral() -> None:
    experiment: Experiment = first_experiment()
    assert experiment.data.name == "spiral"


def test_what_is_saved_is_whole_or_the_old_one(controller: Controller, tmp_path: Path) -> None:
    path = tmp_path / "ação e reação.json"
    assert controller.disk.save(path)
    old = path.read_bytes()
    controller.propose(replace_at(controller.experiment, "title", "half \ud83d"), "Title")
    assert controller.disk.save(path) and Experiment.load(path).title == "half \ud83d"
    (tmp_path / "full.json").symlink_to("/dev/full")
    if Path("/dev/full").exists():
        assert not controller.disk.save(tmp_path / "full.json")
    assert not controller.disk.save(tmp_path) and not controller.disk.save(tmp_path / "none" / "x.json")
    assert old and sorted(each.name for each in tmp_path.iterdir()) == ["ação e reação.json", "full.json"]


@pytest.mark.parametrize("code", ["en", "pt"])
@pytest.mark.parametrize("content", [b"\x89PNG\r\n\xff\xfe", b"", b"[" * 100_000, b"9" * 5000, b"caf\xe9"])
def test_foreign_files_are_one_sentence(controller: Controller, tmp_path: Path, code: str,
                                        content: bytes) -> None:  # fmt: skip
    said: list[str] = []
    controller.message.connect(said.append)
    language.set(code)
    (tmp_path / "odd").write_bytes(content)
    first = controller.experiment
    assert not controller.disk.open(tmp_path / "odd") and not controller.disk.open(tmp_path)
    assert not controller.disk.load_weights(tmp_path / "odd") and not controller.disk.load_weights(tmp_path)
    assert len(said) == 4 and all("\n" not in sentence for sentence in said)
    assert controller.experiment == first


def test_weights_too_large_for_the_precision_are_refused(
    controller: Controller, settle: Settle, tmp_path: Path
) -> None:
    from safetensors.numpy import save_file

    shapes = {"layers.0.weight": (2, 4), "layers.0.bias": 4, "layers.1.weight": (4, 1), "layers.1.bias": 1}
    save_file({name: np.full(shape, 1e300) for name, shape in shapes.items()}, tmp_path / "w.safetensors")
    assert not controller.disk.load_weights(tmp_path / "w.safetensors")


def test_only_so_much_memory_is_kept_for_undoing(controller: Controller, settle: Settle) -> None:
    for _ in range(4):
        controller.new_dice()
        settle(controller)
    stack = controller.undo_stack
    commands = [stack.command(index) for index in range(stack.count())]
    assert all(command.arrays() for command in commands)
    forget_old_trainings(stack, most=1)
    assert [bool(command.arrays()) for command in commands] == [False, False, False, True]
    while stack.canUndo():
        stack.undo()
    settle(controller)
    assert controller.frame.epoch == 0
