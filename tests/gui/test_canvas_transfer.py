"""Transfer on the canvas: weights of a file or of a training before, frozen, seen and undone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from engine import edits
from engine.experiment import replace_at
from engine.files import save_weights
from gui.canvas import transfer
from gui.canvas.menu import entries_for
from gui.canvas.wording import head_lines
from gui.controller import Controller
from gui.i18n import language
from gui.runs import MOST, Runs
from tests.gui.drawing import hover

Settle = Callable[[Controller], None]


@pytest.fixture
def said(live) -> list[str]:
    sentences: list[str] = []
    live.controller.message.connect(sentences.append)
    return sentences


def other_data(controller: Controller, settle: Settle) -> np.ndarray:
    """Leave the training for another data set; return the first layer's weights that were left."""
    left = controller.frame.snapshot.weights()[0][0]
    controller.attempt(lambda: edits.choose_data(controller.experiment, "moons"), "Data")
    settle(controller)
    return left


def first_weights(controller: Controller) -> np.ndarray:
    return controller.frame.snapshot.weights()[0][0]


def test_a_layer_starts_with_a_training_before(live, settle, qtbot):
    controller = live.controller
    left = other_data(controller, settle)
    assert not np.array_equal(first_weights(controller), left)
    runs = dict(entries_for(live, ("head", 0)))["Weights from a training before"]
    assert [text for text, _ in runs] == [controller.runs.kept[0].name()]
    assert runs[0][0].startswith("Gaussians · 2 – 4 – 1 · epoch 1 · loss ")
    runs[0][1]()
    settle(controller)
    assert np.array_equal(first_weights(controller), left)
    assert [short for _, short in head_lines(controller.experiment, 0)] == [
        "from another training", "taken over", "taken over"]  # fmt: skip
    controller.step_epoch()
    settle(controller)
    controller.reset()
    settle(controller)
    assert np.array_equal(first_weights(controller), left)
    controller.undo_stack.undo()  # the reset
    controller.undo_stack.undo()
    settle(controller)
    assert controller.experiment.network.layers[0].initializer.name != "from_file"
    assert not np.array_equal(first_weights(controller), left)


def test_what_was_loaded_and_frozen_is_seen(live, settle):
    controller = live.controller
    other_data(controller, settle)
    transfer.load_from_run(live, [0], controller.runs.kept[0])
    live.hands.stand_on(("head", 0))
    live.hands.acts.freeze_chosen()
    settle(controller)
    before = first_weights(controller)
    controller.step_epoch()
    settle(controller)
    assert np.array_equal(first_weights(controller), before)
    marks = live.geometry_now.column(0).marks
    assert [mark.kind for mark in live.heads[1].marks] == ["copied", "frozen"]
    hover(live, marks[0].center())
    assert live.card_lines()[0].startswith("Starts with the weights of layer 1 in gaussians_2-4-1_epoch1_")
    language.set("pt")
    assert live.card_lines()[0].startswith("Começa com os pesos da camada 1 de gaussians")


def test_several_layers_take_a_file(live, settle, tmp_path: Path, monkeypatch):
    controller = live.controller
    save_weights(tmp_path / "mine.safetensors", controller.frame.snapshot)
    other_data(controller, settle)
    monkeypatch.setattr(transfer, "ask_file", lambda *_: str(tmp_path / "mine.safetensors"))
    live.hands.layers = {0, 1}
    transfer.choose_file(live)
    settle(controller)
    assert [layer.initializer.name for layer in controller.experiment.network.layers] == ["from_file"] * 2
    assert controller.undo_stack.undoText() == "Load weights into 2 layers"


def test_the_fields_of_a_layer_ask_for_the_file(live, settle, tmp_path: Path, monkeypatch):
    save_weights(tmp_path / "mine.safetensors", live.controller.frame.snapshot)
    for answer, name in (("", "xavier_uniform"), (str(tmp_path / "mine.safetensors"), "from_file")):
        monkeypatch.setattr(transfer, "ask_file", lambda *_, answer=answer: answer)
        live.open_editor(0)
        live._editor.initializer.box.picked.emit("from_file")
        settle(live.controller)
        assert live.experiment.network.layers[0].initializer.name == name
        if live._editor is not None:
            assert live._editor.initializer.box.key() == name
    live.close_editor()


def test_what_does_not_fit_is_said_and_changes_nothing(live, settle, said):
    controller = live.controller
    other_data(controller, settle)
    controller.attempt(lambda: edits.set_units(controller.experiment, 0, 6), "Units")
    settle(controller)
    before = controller.experiment
    transfer.load_from_run(live, [0], controller.runs.kept[-1])
    assert controller.experiment == before and "does not fit" in said[-1]


def test_a_layer_that_is_resized_starts_as_usual(live, settle):
    controller = live.controller
    other_data(controller, settle)
    transfer.load_from_run(live, [0], controller.runs.kept[0])
    settle(controller)
    live.hands.acts.change_count(("add", 0), 1)
    settle(controller)
    assert controller.experiment.network.layers[0].initializer.name == "xavier_uniform"
    assert controller.frame is not None and controller.state == "paused"


def test_the_list_of_trainings_opens_or_says_why_not(live, settle, said, qtbot):
    controller = live.controller
    assert transfer.choose_run(live) is None and "head" in said[-1]
    transfer.choose_file(live)
    assert "head" in said[-1]
    live.hands.stand_on(("head", 0))
    assert transfer.choose_run(live) is None and "no earlier training" in said[-1]
    other_data(controller, settle)
    live.hands.stand_on(("head", 0))
    menu = transfer.choose_run(live)
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    settle(controller)
    assert controller.experiment.network.layers[0].initializer.name == "from_file"


def test_runs_are_few_and_each_is_there_once(live, settle):
    runs, controller = Runs(), live.controller
    runs.keep(None)
    frame = controller.frame
    runs.keep(frame)
    runs.keep(frame)
    assert len(runs.kept) == 1
    for _ in range(MOST + 2):
        controller.step_batch()
        settle(controller)
        runs.keep(controller.frame)
    assert len(runs.kept) == MOST
    assert runs.kept[0].snapshot.update == controller.frame.snapshot.update
    assert runs.kept[0].write() == runs.kept[0].write()


def test_trainings_are_kept_when_they_are_left_and_only_then(live, settle):
    controller = live.controller
    controller.edit("optimizer.learning_rate", 0.5, "Rate")
    settle(controller)
    assert not controller.runs.kept
    controller.reset()
    settle(controller)
    assert len(controller.runs.kept) == 1
    controller.new_dice()
    settle(controller)
    assert len(controller.runs.kept) == 1  # nothing had been trained
    controller.step_batch()
    settle(controller)
    controller.begin(replace_at(controller.experiment, "seeds.data", 5))
    settle(controller)
    assert len(controller.runs.kept) == 2
