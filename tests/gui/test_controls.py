"""The controls for everything else that the engine can do: each proposes, shows and says what is on."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.choices import CLIPPINGS, NORMALIZATIONS, SCHEDULES
from engine.choices.base import Range
from engine.data import load
from engine.edits import choose_data, choose_optimizer, set_hidden, stop_early
from engine.experiment import (
    BatchNorm,
    EarlyStopping,
    Experiment,
    Initializer,
    Optimizer,
    Schedule,
    from_plain,
    replace_at,
    to_plain,
)  # fmt: skip
from engine.schedule import curve, factors
from gui.controller import Controller
from gui.i18n import language
from gui.panels.data import DataPanel
from gui.panels.descent import DescentPanel
from gui.panels.generalize import GeneralizePanel
from gui.panels.start import StartPanel
from gui.widgets.optional_field import OptionalField
from tests.gui.panels import Make, enter, pick, press, weights_in


def changed(experiment: Experiment, **places: object) -> Experiment:
    for place, value in places.items():
        experiment = replace_at(experiment, place.replace("__", "."), value)
    return experiment


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_is_chosen_set_and_drawn(make: Make, name: str) -> None:
    controller, panel = make(DescentPanel)
    panel.schedule.box.activated.emit(panel.schedule.box.keys().index(name))
    assert controller.experiment.schedule.name == name
    assert set(panel.schedule.fields) == {parameter.key for parameter in SCHEDULES[name].parameters}
    assert panel.curve.isHidden() == (name == "constant")
    assert panel.schedule.box.toolTip().startswith(SCHEDULES[name].sentence)
    for parameter in SCHEDULES[name].parameters:
        field = panel.schedule.fields[parameter.key]
        QTest.keyClick(field, Qt.Key.Key_Up)
        assert controller.experiment.schedule[parameter.key] == field.value != parameter.default
    drawn = panel.curve.grab().toImage()
    controller.undo() if SCHEDULES[name].parameters else None
    assert not panel.grab().isNull() and not drawn.isNull()


@pytest.mark.parametrize("name", [key for key in SCHEDULES if key != "plateau"])
def test_the_curve_of_a_schedule_is_the_engines(name: str) -> None:
    schedule = Schedule(name)
    epochs, shown = curve(schedule, 25, 200, points=4)
    exact = factors(schedule, 0, 25 * 200, 25, 200)
    assert epochs[0] == 0 and len(epochs) == len(shown) == 4
    np.testing.assert_array_equal(shown, exact[np.rint(epochs * 25).astype(int)])


def test_the_curve_of_a_very_long_training_is_short() -> None:
    epochs, shown = curve(Schedule("cosine"), 100_000, 10_000_000)
    assert len(epochs) == len(shown) == 200


def test_the_curve_says_what_it_shows_and_where_it_is(make: Make) -> None:
    controller, panel = make(DescentPanel)
    pick(panel.schedule.box, "step")
    words = panel.curve.accessibleName()
    assert words == "Steps: the learning rate goes from 0.001 to 0.00013, at most 0.001."
    before = panel.curve.grab().toImage()
    panel.curve.show_epoch(100)
    assert panel.curve.grab().toImage() != before
    pick(panel.schedule.box, "plateau")
    assert "until the loss no longer falls" in panel.curve.accessibleName()


@pytest.mark.parametrize("name", CLIPPINGS)
def test_gradients_are_clipped(make: Make, name: str) -> None:
    controller, panel = make(DescentPanel)
    panel.clipping.box.activated.emit(panel.clipping.box.keys().index(name))
    assert controller.experiment.regularization.gradient_clip.name == name
    if name != "none":
        enter(panel.clipping.fields["limit"], "0.5")
        assert controller.experiment.regularization.gradient_clip["limit"] == 0.5
        assert controller.undone[-1][1] == "Gradient clipping, Limit: 0.5"


def test_a_target_loss_is_set_and_taken_away(make: Make) -> None:
    controller, panel = make(DescentPanel)
    assert panel.target.text() == "" and panel.target.placeholderText() == "none"
    enter(panel.target, "0.05")
    assert controller.experiment.training.target_loss == 0.05
    enter(panel.target, "")
    assert controller.experiment.training.target_loss is None
    assert controller.undone[-1][1] == "Target loss: none"
    controller.undo()
    assert panel.target.text() == "0.05"


def test_what_an_optimizer_cannot_have_is_off(make: Make) -> None:
    controller, panel = make(DescentPanel)
    panel.choose("lbfgs")
    assert not panel.schedule.row.isEnabled() and not panel.clipping.row.isEnabled()
    panel.choose("sgd")
    assert panel.schedule.row.isEnabled() and panel.clipping.row.isEnabled()


def test_proximal_l1_gives_way_to_another_optimizer(make: Make) -> None:
    controller, panel = make(GeneralizePanel)
    assert not panel.proximal.isEnabled()
    controller.propose(choose_optimizer(controller.experiment, Optimizer("sgd")), "")
    press(panel.proximal)
    assert controller.experiment.regularization.l1_proximal is True
    controller.propose(choose_optimizer(controller.experiment, Optimizer("adam")), "")
    assert controller.experiment.regularization.l1_proximal is False


def test_dropout_and_normalization_reach_every_hidden_layer_and_no_other(make: Make) -> None:
    controller, panel = make(GeneralizePanel)
    enter(panel.dropout, "20")
    pick(panel.norm.box, "after")
    *hidden, last = controller.experiment.network.layers
    assert [layer.dropout for layer in hidden] == [0.2, 0.2] and last.dropout == 0
    assert {layer.batch_norm for layer in hidden} == {BatchNorm("after")} and last.batch_norm.name == "none"
    enter(panel.norm.fields["momentum"], "0.5")
    assert {layer.batch_norm["momentum"] for layer in controller.experiment.network.layers[:-1]} == {0.5}
    controller.propose(replace_at(controller.experiment, "network.layers[0].dropout", 0.5), "")
    assert (panel.dropout.text(), panel.dropout.placeholderText()) == ("", "varies")
    before = controller.experiment
    enter(panel.dropout, "")
    assert controller.experiment is before
    assert set(panel.norm.box.keys()) == set(NORMALIZATIONS)


def test_a_network_without_hidden_layers_has_none_of_it(make: Make) -> None:
    plain = {"data": {"name": "line"}, "network": {"layers": [{"units": 1, "activation": "sigmoid"}]}}
    _, panel = make(GeneralizePanel, from_plain(plain))
    assert not panel.dropout.isEnabled() and not panel.norm.row.isEnabled()


def test_early_stopping_brings_its_rows_and_leaves_without_them(make: Make) -> None:
    controller, panel = make(GeneralizePanel)
    assert panel._stopping.isHidden()
    press(panel.early)
    experiment = controller.experiment
    assert experiment.training.early_stopping == EarlyStopping()
    assert experiment.data.validation_fraction == 0.2
    enter(panel.patience, "7")
    enter(panel.fall, "0.001")
    press(panel.best)
    expected = EarlyStopping(patience=7, min_delta=0.001, restore_best=False)
    assert controller.experiment.training.early_stopping == expected
    press(panel.early)
    assert controller.experiment.training.early_stopping is None
    controller.undo()
    assert panel.early.isChecked() and panel.patience.text() == "7"


def test_limits_and_changed_rows(make: Make) -> None:
    controller, panel = make(GeneralizePanel)
    enter(panel.penalties["l1"], "0.01")
    enter(panel.largest, "2")
    enter(panel.noise, "0.3")
    enter(panel.jitter, "0.1")
    chosen, rows = controller.experiment.regularization, controller.experiment.training.augmentation
    assert (chosen.l1, chosen.max_norm, rows.input_noise, rows.jitter) == (0.01, 2.0, 0.3, 0.1)
    assert not panel.shift.isEnabled()
    controller.propose(choose_data(controller.experiment, "digits"), "")
    enter(panel.shift, "1")
    assert controller.experiment.training.augmentation.shift == 1
    enter(panel.largest, "")
    assert controller.experiment.regularization.max_norm is None
    assert controller.messages == []


def test_classes_weigh_as_they_should(make: Make) -> None:
    controller, panel = make(GeneralizePanel)
    panel.weights.box.activated.emit(1)
    assert controller.experiment.regularization.class_weights == "balanced"
    panel.weights.box.activated.emit(2)
    enter(panel.weights.fields[1], "4")
    assert controller.experiment.regularization.class_weights == (1.0, 4.0)
    assert panel.weights.fields[1].accessibleName() == "Class weights: 1"
    panel.weights.box.activated.emit(0)
    assert controller.experiment.regularization.class_weights is None
    assert panel.weights.fields == []


def test_rarer_choices_of_data(make: Make) -> None:
    controller, panel = make(DataPanel)
    enter(panel.validation.field, "10")
    enter(panel.labels.field, "25")
    enter(panel.classes, "3")
    data = controller.experiment.data
    assert (data.validation_fraction, data.label_noise, data.classes) == (0.1, 0.25, 3)
    assert controller.experiment.network.layers[-1].units == 3, "the output fits"
    panel.shares.box.activated.emit(1)
    enter(panel.shares.fields[2], "2")
    assert controller.experiment.data.class_shares == (1.0, 1.0, 2.0)
    panel.choose("iris")
    assert panel.classes_row.isHidden() and controller.experiment.data.classes is None
    panel.choose("sine")
    assert panel.shares.isHidden() and not panel.labels_row.isEnabled()
    assert controller.messages == []


def test_what_a_set_can_predict(make: Make, tmp_path: Path) -> None:
    controller, panel = make(DataPanel)
    assert panel.task_row.isHidden()
    rows = "".join(f"{i % 5},{i % 3},{i % 2}\n" for i in range(30))
    (tmp_path / "a.csv").write_text("a,b,y\n" + rows)
    controller.propose(choose_data(controller.experiment, "csv", path=str(tmp_path / "a.csv")), "")
    assert not panel.task_row.isHidden() and panel.task.key() == "classes"
    pick(panel.task, "regression")
    assert controller.experiment.data.task == "regression"
    assert controller.experiment.network.layers[-1].activation.name == "linear"


def test_options_switches_and_files_of_a_start(make: Make, monkeypatch: pytest.MonkeyPatch,
                                               tmp_path: Path) -> None:  # fmt: skip
    controller, panel = make(StartPanel)
    panel.choose("variance_scaling")
    pick(panel.parameters["mode"], "fan_avg")
    pick(panel.parameters["distribution"], "uniform")
    press(panel.parameters["gain_by_activation"])
    first = controller.experiment.network.layers[0].initializer
    assert first.settings == {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform",
                              "gain_by_activation": True}  # fmt: skip
    assert controller.undone[-1][1] == "Gain of the activation: on"
    one, two = weights_in(tmp_path, "one"), weights_in(tmp_path, "two")
    monkeypatch.setattr("gui.panels.start.ask_file", lambda *_: one)
    monkeypatch.setattr("gui.widgets.file_field.ask_file", lambda *_: two)
    panel.choose("from_file")
    assert panel.parameters["path"].text() == "one.safetensors"
    QTest.mouseClick(panel.parameters["path"], Qt.MouseButton.LeftButton)
    assert controller.experiment.network.layers[0].initializer.settings["path"] == two


def test_a_field_that_may_be_empty(qtbot: QtBot) -> None:
    language.set("en")
    field, given = OptionalField(Range(0), "ratio", first=3.0), []
    qtbot.addWidget(field)
    field.committed.connect(given.append)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Up)
    enter(field, "")
    enter(field, "")
    enter(field, "-1")
    assert given == [3.0, 5.0, None]
    assert field.property("wrong") is True
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


HIDDEN = {
    "data": {"name": "spiral", "validation_fraction": 0.2},
    "network": {"layers": [{"units": 4, "initializer": "orthogonal"}, {"units": 3, "activation": "tanh"},
                           {"units": 1, "activation": "sigmoid"}]},
}  # fmt: skip


def test_settings_that_need_no_new_start_go_on(controller: Controller, settle: Callable) -> None:
    """Rate, penalties, dropout and clipping take effect at the next update; normalization starts anew."""
    controller.step_epoch()
    settle(controller)
    said: list[str] = []
    controller.message.connect(said.append)
    for change in (
        lambda now: set_hidden(now, dropout=0.2),
        lambda now: changed(now, regularization__l2=0.01, schedule="cosine", training__batch_size=20),
        lambda now: changed(now, regularization__gradient_clip=1.0, regularization__max_norm=2.0),
    ):
        controller.attempt(lambda change=change: change(controller.experiment), "")
        settle(controller)
    assert said == [] and controller.frame.epoch == 1
    controller.attempt(lambda: set_hidden(controller.experiment, batch_norm=BatchNorm("before")), "")
    settle(controller)
    assert said == ["The training starts anew with this change; Ctrl+Z undoes it."]
    assert controller.frame.epoch == 0
    controller.undo_stack.undo()
    settle(controller)
    assert controller.frame.epoch == 1


def test_edits_of_hidden_layers_and_stopping() -> None:
    experiment = from_plain(HIDDEN)
    assert to_plain(set_hidden(experiment, dropout=0.5))["network"]["layers"][2]["dropout"] == 0
    stopped = stop_early(experiment, EarlyStopping(patience=3))
    assert stopped.data.validation_fraction == 0.2, "what is there stays"
    assert stop_early(stopped, None).training.early_stopping is None
    assert Initializer("orthogonal") == experiment.network.layers[0].initializer


def test_the_rows_are_shown_before_and_after(make: Make) -> None:
    controller, panel = make(DataPanel)
    picture = panel.stages
    assert picture.stages is None and "as soon as they are read" in picture.accessibleName()
    seen = []
    for name, noise in (("moons", 0.2), ("sine", 0.1), ("wine", 0.0), ("gate_xor", 0.0), ("digits", 0.0)):
        experiment = choose_data(controller.experiment, name)
        experiment = replace_at(experiment, "data.noise", noise) if noise else experiment
        controller.frame = SimpleNamespace(experiment=experiment, data=load(experiment), epoch=0)
        controller.frame_changed.emit(controller.frame)
        controller.errands.run()
        assert picture.height() == picture.sizeHint().height()
        seen.append((picture.grab().toImage(), picture.stages.clean is not None))
        shown = vars(controller.frame)
    assert len({image.height() for image, _ in seen}) > 1
    assert [scattered for _, scattered in seen] == [True, True, False, False, False]
    made = []
    for noise in (0.0, 0.4):  # what lies above must not move under the mouse that raises the noise
        experiment = replace_at(choose_data(controller.experiment, "moons"), "data.noise", noise)
        controller.frame = SimpleNamespace(experiment=experiment, data=load(experiment), epoch=0)
        controller.frame_changed.emit(controller.frame)
        controller.errands.run()
        made.append((picture.height(), picture.stages.noise))
    assert [noise for _, noise in made] == [0.0, 0.4] and made[0][0] == made[1][0]
    controller.frame = SimpleNamespace(**shown)
    controller.frame_changed.emit(controller.frame)
    controller.errands.run()
    assert picture.accessibleName().startswith("1437 rows train, 0 validate, 360 test.")
    language.set("pt")
    assert picture.accessibleName().startswith("1437 linhas treinam")


def test_rows_are_looked_at_only_while_they_are_seen(make: Make) -> None:
    controller, panel = make(DataPanel)
    panel.put_away(panel.rare)
    controller.frame = SimpleNamespace(
        experiment=controller.experiment, data=load(controller.experiment), epoch=0
    )
    controller.frame_changed.emit(controller.frame)
    assert controller.errands.waiting == []
    panel.put_away([])
    assert len(controller.errands.waiting) == 1
    controller.frame_changed.emit(controller.frame)
    assert len(controller.errands.waiting) == 1, "the same rows are looked at once"
