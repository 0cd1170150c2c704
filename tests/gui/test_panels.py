"""The panels: each control shows the experiment, proposes another, and follows what others change."""

import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from engine.choices import DATASETS, INITIALIZERS, LOSSES, OPTIMIZERS
from engine.choices.datasets import READY
from engine.edits import choose_data, choose_initializer
from engine.experiment import Initializer, Loss, Optimizer
from gui.frame import Timeline
from gui.i18n import language
from gui.panels.data import DataPanel
from gui.panels.data_pictures import picture
from gui.panels.descent import DescentPanel
from gui.panels.gallery import DataThumbnail, groups
from gui.panels.side_column import SideColumn
from gui.panels.start import StartPanel
from gui.panels.top_bar import TopBar
from gui.theme import THEMES, apply, themes
from gui.widgets import time_line
from gui.widgets.number_field import NumberField
from tests.gui.fakes import FakeController

Make = Callable[[type], tuple[FakeController, QWidget]]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    language.set("en")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if not application.styleSheet():  # another theme or scale brings its own
        apply(application)

    def build(kind: type) -> tuple[FakeController, QWidget]:
        controller = FakeController()
        panel = kind(controller)
        controller.setParent(panel)
        qtbot.addWidget(panel)
        panel.resize(1600 if kind is TopBar else 260, 700)
        panel.show()
        qtbot.waitExposed(panel)
        return controller, panel

    return build


def enter(field: NumberField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def controls(widget: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QSlider)
    found = [child for kind in kinds for child in widget.findChildren(kind)]
    return [child for child in found if child.isVisibleTo(widget)]


@pytest.mark.parametrize("kind", [DataPanel, StartPanel, DescentPanel, TopBar, SideColumn])
def test_every_control_has_a_name_and_the_keyboard(make: Make, kind: type) -> None:
    _, panel = make(kind)
    found = controls(panel)
    assert found
    for control in found:
        assert control.accessibleName(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.accessibleName()


@pytest.mark.parametrize("kind", [DataPanel, StartPanel, DescentPanel, TopBar])
def test_languages_and_themes_switch_live(make: Make, kind: type) -> None:
    _, panel = make(kind)
    english = {control.accessibleName() for control in controls(panel)}
    for name in THEMES:
        themes.set(name)
        assert not panel.grab().isNull()
    language.set("pt")
    portuguese = {control.accessibleName() for control in controls(panel)}
    assert len(english & portuguese) < len(english) / 2
    language.set("en")
    assert {control.accessibleName() for control in controls(panel)} == english


@pytest.mark.parametrize("name", READY)
def test_every_data_set_can_be_chosen_and_shown(make: Make, name: str) -> None:
    controller, panel = make(DataPanel)
    panel.choose(name)
    assert controller.experiment.data.name == name
    assert [one.key for one in panel.thumbnails.thumbnails if one.isChecked()] == [name]
    assert not panel.grab().isNull()
    entry = DATASETS[name]
    assert panel.noise.isEnabledTo(panel) == entry.noisy
    assert panel.samples.isEnabledTo(panel) == entry.split
    assert controller.messages == []


def test_rows_of_ones_own_are_shown(make: Make, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("size,city,kind\n" + "1,Natal,u\n2,Recife,v\n3,Natal,u\n" * 9)
    controller, panel = make(DataPanel)
    chosen = controller.experiment
    for own, samples in (
        (choose_data(chosen, "csv", path=str(tmp_path / "a.csv")), True),
        (choose_data(chosen, "points", points=[[0, 1, 0], [1, 0, 1], [2, 2, 2]]), False),
    ):
        controller.attempt(lambda own=own: own, "Data")
        assert [one.key for one in panel.thumbnails.thumbnails if one.isChecked()] == [own.data.name]
        assert not panel.grab().isNull()
        assert panel.samples.isEnabledTo(panel) == samples and not panel.noise.isEnabledTo(panel)
        panel.choose(own.data.name)
        assert controller.experiment == own, "what is chosen already stays as it is"
        panel.choose("circle")
        assert panel.thumbnails.thumbnails[-1].key == "digits"


@pytest.mark.parametrize("name", DATASETS)
def test_every_picture_shows_something_and_not_another_sets(qtbot: QtBot, name: str) -> None:
    drawn = {key: picture(key, 50, 1.0).toImage() for key in DATASETS}
    colours = {drawn[name].pixel(x, y) for x in range(50) for y in range(50)}
    assert len(colours) > 3
    assert not any(drawn[name] == drawn[other] for other in DATASETS if other != name)


def test_thumbnails_choose(make: Make) -> None:
    controller, panel = make(DataPanel)
    circle = next(one for one in panel.thumbnails.thumbnails if one.key == "circle")
    assert circle.accessibleName() == "Circle"
    QTest.mouseClick(circle, Qt.MouseButton.LeftButton)
    assert controller.experiment.data.name == "circle"
    moons = next(one for one in panel.thumbnails.thumbnails if one.key == "moons")
    moons.setFocus()
    QTest.keyClick(moons, Qt.Key.Key_Space)
    assert controller.experiment.data.name == "moons"


def test_the_gallery_holds_every_data_set(make: Make) -> None:
    assert sorted(key for keys in groups().values() for key in keys) == sorted(DATASETS)
    assert groups()["Your own"] == ["points", "csv"]
    controller, panel = make(DataPanel)
    panel.open_gallery()
    panel.gallery.picked.emit("iris")
    assert controller.experiment.data.name == "iris"
    assert panel.gallery is None
    panel.open_gallery()
    own = next(one for one in panel.gallery.findChildren(DataThumbnail) if one.key == "points")
    QTest.mouseClick(own, Qt.MouseButton.LeftButton)
    assert controller.experiment.data.name == "points"
    assert controller.messages == ["The pencil above the result draws more of them (Ctrl+E)."]


def test_data_fields_propose(make: Make) -> None:
    controller, panel = make(DataPanel)
    language.set("pt")
    enter(panel.noise.field, "0,2")
    enter(panel.training.field, "80%")
    enter(panel.samples, "300")
    enter(panel.seed, "7")
    data = controller.experiment.data
    assert (data.noise, data.test_fraction, data.samples) == (0.2, 0.2, 300)
    assert controller.experiment.seeds.data == 7
    assert [text for _, text in controller.undone][0] == "Ruído: 0,2"
    for _ in range(4):
        controller.undo()
    shown = panel.noise.field.text(), panel.training.field.text(), panel.samples.text()
    assert shown == ("0", "50%", "500")


def test_features_keep_at_least_one(make: Make) -> None:
    controller, panel = make(DataPanel)
    chips = panel.features.inline.chips
    chips["x1^2"].click()
    assert controller.experiment.data.features == ("x1", "x2", "x1^2")
    for key in ("x1", "x2", "x1^2"):
        chips[key].click()
    assert controller.experiment.data.features == ("x1^2",)
    assert chips["x1^2"].isChecked()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_initializer_is_shown_with_its_parameters(
    make: Make, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.panels.start.ask_file", lambda *_: "w.safetensors")
    controller, panel = make(StartPanel)
    panel.initializer.activated.emit(panel.initializer.keys().index(name))
    assert {layer.initializer.name for layer in controller.experiment.network.layers} == {name}
    assert set(panel.parameters) == {parameter.key for parameter in INITIALIZERS[name].parameters}
    for key, value in controller.experiment.network.layers[0].initializer.settings.items():
        assert panel.parameters[key].value == value
    assert panel.formula.text()
    assert panel.curve.accessibleName()
    assert not panel.grab().isNull()


def test_a_file_that_is_not_picked_changes_no_start(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.panels.start.ask_file", lambda *_: "")
    controller, panel = make(StartPanel)
    before, said = controller.experiment, []
    controller.message.connect(said.append)
    panel.initializer.activated.emit(panel.initializer.keys().index("from_file"))
    assert controller.experiment == before
    assert len(said) == 1
    assert panel.initializer.key() == before.network.layers[0].initializer.name


def test_start_parameters_reach_every_layer(make: Make) -> None:
    controller, panel = make(StartPanel)
    panel.choose("normal")
    enter(panel.parameters["std"], "0.05")
    assert {layer.initializer["std"] for layer in controller.experiment.network.layers} == {0.05}
    assert panel.curve.spread == 0.05
    panel.choose_biases("constant")
    enter(panel.bias_parameters["value"], "-1")
    assert {layer.bias_initializer["value"] for layer in controller.experiment.network.layers} == {-1.0}
    enter(panel.seed, "3")
    assert controller.experiment.seeds.init == 3


def test_layers_that_differ_are_said_to(make: Make) -> None:
    controller, panel = make(StartPanel)
    controller.propose(choose_initializer(controller.experiment, Initializer("he_normal"), layer=0), "")
    assert panel.initializer.key() is None
    assert panel.initializer.placeholderText() == "He norm. · Xavier norm."
    controller.propose(choose_initializer(controller.experiment, Initializer("zeros"), layer=1), "")
    assert panel.initializer.placeholderText() == "Layers differ"


@pytest.mark.parametrize(
    ("start", "words"),
    [(Initializer("truncated_normal", std=0.5),
      "Weights start around 0 with a standard deviation of 0.44, none beyond ±1."),
     (Initializer("variance_scaling", distribution="uniform", scale=2 / 3),
      "Weights start evenly between −1 and 1."),
     (Initializer("variance_scaling", distribution="normal", gain_by_activation=True),
      "Weights start around 0 with a standard deviation of 1.18."),
     (Initializer("identity", gain=2), "87.5% of the weights start at 0, the others at 2."),
     (Initializer("sparse", nonzero=1),
      "50.0% of the weights start at 0, the others around it (standard deviation 1)."),
     (Initializer("sparse"), "Weights start around 0 with a standard deviation of 1."),
     (Initializer("from_file", path="w"), "Weights and biases are copied from a file.")],
)  # fmt: skip
def test_the_curve_says_where_weights_start(make: Make, start: Initializer, words: str) -> None:
    controller, panel = make(StartPanel)
    controller.propose(choose_initializer(controller.experiment, start), "")
    assert panel.curve.accessibleName() == panel.curve.toolTip() == words
    drawn = panel.curve.grab().toImage()
    panel.curve.show_distribution("point", 0.0)
    assert panel.curve.grab().toImage() != drawn
    language.set("pt")
    controller.experiment_changed.emit(controller.experiment)
    assert panel.curve.accessibleName() not in ("", words)


def test_biases_are_drawn_by_their_parameters(make: Make) -> None:
    controller, panel = make(StartPanel)
    panel.choose_biases("normal")
    assert panel.bias_parameters["std"].accessibleName() == "Bias std. deviation"
    enter(panel.bias_parameters["std"], "0.05")
    assert {layer.bias_initializer["std"] for layer in controller.experiment.network.layers} == {0.05}
    panel.choose("normal")
    assert set(panel.parameters) == set(panel.bias_parameters) == {"std"}


def test_the_curve_is_of_the_first_layer(make: Make) -> None:
    _, panel = make(StartPanel)
    assert panel.curve.spread == pytest.approx(math.sqrt(2 / (2 + 8)))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_is_built_from_its_entry(make: Make, name: str) -> None:
    controller, panel = make(DescentPanel)
    enter(panel.parameters["learning_rate"], "0.03")
    panel.optimizer.activated.emit(panel.optimizer.keys().index(name))
    chosen = controller.experiment.optimizer
    assert chosen.name == name
    if chosen.entry.common_rate:
        assert chosen["learning_rate"] == 0.03
    assert set(panel.parameters) == {parameter.key for parameter in OPTIMIZERS[name].parameters}
    for key, value in controller.experiment.optimizer.parameters.items():
        assert panel.parameters[key].value == value
        assert panel.parameters[key].accessibleName()


def test_the_switch_of_the_bias_correction(make: Make) -> None:
    controller, panel = make(DescentPanel)
    switch = panel.parameters["bias_correction"]
    assert switch.isChecked()
    assert switch.accessibleName() == "Correction"
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(8, switch.height() // 2))
    assert controller.experiment.optimizer["bias_correction"] is False
    assert not switch.isChecked()
    controller.edit("optimizer.bias_correction", True, "")
    assert switch.isChecked()


def test_an_optimizer_of_whole_batches_gets_them(make: Make) -> None:
    controller, panel = make(DescentPanel)
    panel.choose("lbfgs")
    experiment = controller.experiment
    assert experiment.optimizer.name == "lbfgs"
    assert experiment.training.batch_size == experiment.data.samples
    assert panel.parameters["memory"].text() == "10"
    panel.choose("adam")
    assert controller.experiment.optimizer == Optimizer("adam")


def test_descent_fields_propose(make: Make) -> None:
    controller, panel = make(DescentPanel)
    enter(panel.batch, "16")
    enter(panel.epochs, "50")
    enter(panel.seed, "9")
    panel.loss.activated.emit(panel.loss.keys().index("mse"))
    panel.precision.activated.emit(1)
    experiment = controller.experiment
    assert experiment.training.batch_size == 16
    assert (experiment.training.epochs, experiment.seeds.order) == (50, 9)
    assert (experiment.loss.name, experiment.training.precision) == ("mse", "float64")


def test_a_loss_shows_its_parameters_and_what_it_does(make: Make) -> None:
    controller, panel = make(DescentPanel)
    assert not panel.loss_parameters
    panel.loss.activated.emit(panel.loss.keys().index("huber"))
    assert panel.loss_parameters["delta"].accessibleName() == "Delta"
    enter(panel.loss_parameters["delta"], "0.5")
    assert controller.experiment.loss == Loss("huber", delta=0.5)
    hint = panel.loss.itemData(panel.loss.keys().index("mae"), Qt.ItemDataRole.ToolTipRole)
    said = (LOSSES["mae"].sentence, LOSSES["mae"].formula, LOSSES["mae"].reference)
    assert hint.replace("\u00a0", " ") == "\n".join(said)
    panel.loss.activated.emit(panel.loss.keys().index("mae"))
    assert not panel.loss_parameters


def test_a_wrong_number_leaves_everything_as_it_was(make: Make) -> None:
    controller, panel = make(DescentPanel)
    before = controller.experiment
    enter(panel.parameters["beta1"], "1")
    assert controller.experiment is before
    assert panel.parameters["beta1"].property("wrong") is True
    QTest.keyClick(panel.parameters["beta1"], Qt.Key.Key_Escape)
    assert panel.parameters["beta1"].text() == "0.9"


def test_the_bar_follows_state_and_speed(make: Make) -> None:
    controller, bar = make(TopBar)
    controller.set_state("preparing")
    assert not bar.play.isEnabled()
    assert bar.play.text() == "Preparing…"
    controller.set_state("paused")
    QTest.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert (controller.state, bar.play.text()) == ("playing", "Pause")
    for button in (bar.reset, bar.batch, bar.epoch, bar.dice):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.calls == ["reset", "step_batch", "step_epoch", "new_dice"]
    QTest.keyClick(bar.speed.slider, Qt.Key.Key_End)
    assert math.isinf(controller.speed)
    assert bar.speed.words.text() == "as fast as it goes"


def test_waiting_for_long_is_said_and_a_light_runs(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    controller, bar = make(TopBar)
    now = 100.0
    monkeypatch.setattr(time_line.time, "monotonic", lambda: now)
    bar.resize(1280, 60)
    still = bar.progress.grab().toImage()
    controller.set_state("preparing")
    assert bar.progress.waited == 0 and bar.progress.grab().toImage() == still  # a moment is not worth a word
    now = 104.2
    assert round(bar.progress.waited, 1) == 4.2
    early = bar.progress.grab().toImage()
    now = 104.6
    assert still != early != bar.progress.grab().toImage()
    controller.set_state("paused")
    assert bar.progress.waited == 0 and bar.progress.grab().toImage() == still


def test_the_bar_counts_past_the_planned_epochs(make: Make) -> None:
    controller, bar = make(TopBar)
    frame = SimpleNamespace(
        epoch=250, epochs_per_second=123.4, state="paused", snapshot=SimpleNamespace(batch=0),
        timeline=Timeline(0, 250, 250),
    )  # fmt: skip
    bar.show_frame(frame)
    assert bar.counter.accessibleName() == "Epoch 250 (200 planned)"
    assert bar.progress.share == 1.0
    frame.snapshot.batch = 3
    bar.show_frame(frame)
    assert bar.counter.accessibleName() == "Epoch 250 (200 planned) · batch 3"
    frame.state = "playing"  # it would flicker
    bar.show_frame(frame)
    assert bar.counter.accessibleName() == "Epoch 250 (200 planned)"


def test_the_menu_switches_theme_and_language(make: Make) -> None:
    _, bar = make(TopBar)
    actions = {action.text(): action for action in bar.menu.actions()}
    actions["Light"].trigger()
    assert themes.chosen == "light"
    actions["Português"].trigger()
    assert language.code == "pt"


def nothing_is_cut(column: SideColumn) -> None:
    for _ in range(3):
        QApplication.processEvents()
    for panel in column.panels:
        bottom = panel.mapTo(column, panel.rect().bottomLeft()).y()
        assert bottom <= column.height() - 8
        assert panel.height() >= panel.rows.totalHeightForWidth(panel.width())


@pytest.mark.parametrize(("size", "mode"), [
    ((1920, 1080), "full"), ((1600, 900), "short"), ((1280, 720), "folded"),
])  # fmt: skip
@pytest.mark.parametrize("code", ["en", "pt"])
def test_the_column_fits(qtbot: QtBot, make: Make, size: tuple[int, int], mode: str, code: str) -> None:
    language.set(code)
    window = QWidget()
    qtbot.addWidget(window)
    controller = FakeController()
    controller.setParent(window)
    column = SideColumn(controller, window)
    window.resize(*size)
    column.setGeometry(12, 96, 292, size[1] - 108)
    window.show()
    qtbot.waitExposed(window)
    column.adapt(QSize(*size))
    assert column.mode == mode
    if mode != "folded":
        nothing_is_cut(column)
        panel = column.panels[1]
        panel.choose("normal")  # the most lines that there are
        panel.choose_biases("constant")
        column.panels[2].choose("adagrad")
        nothing_is_cut(column)
        column.panels[0].choose("digits")
        nothing_is_cut(column)
    else:
        column.open_section(0, column)
        assert column.flyout is not None
        column.flyout.close()


def test_a_narrow_bar_leaves_out_what_can_be_missed(qtbot: QtBot, make: Make) -> None:
    _, bar = make(TopBar)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 720)
    bar.setParent(window)
    bar.setGeometry(0, 0, 1280, 72)
    bar.show()
    window.show()
    assert not bar.speed.isHidden()
    themes.set_scale(1.75)
    assert bar.progress.isHidden()
    assert not bar.play.isHidden()
    assert bar.layout().minimumSize().width() <= 1280
    themes.set_scale(1.0)
    assert not bar.progress.isHidden()
