"""What a newcomer stumbled over in the window, each tried as it was met."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from engine.experiment import EarlyStopping, Experiment
from engine.resources import resource
from gui import pictures
from gui.controller import Controller
from gui.frame import Frame
from gui.i18n import language
from gui.main_window import MainWindow
from gui.pages import Pages
from gui.panels.generalize import GeneralizePanel
from gui.puts import Put
from gui.theme import font, themes
from gui.trainer import Trainer
from gui.views.activation_cloud import ActivationCloud
from gui.views.loss_curve import LossCurve

Settle = Callable[[Controller], None]


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1366, 745)


def test_words_to_press_have_room_when_the_projector_comes_on(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    controller.begin(Experiment.load(resource("examples", "iris.json")))
    settle(controller)
    with qtbot.waitSignal(themes.changed):
        qtbot.keyClick(window, Qt.Key.Key_P)
    QApplication.processEvents()
    matrix = window.result.results[2]
    assert matrix.isVisible()
    for button in matrix.switch.buttons:
        assert button.width() >= QFontMetrics(font("small", bold=True)).horizontalAdvance(button.text())


def test_paper_has_the_chosen_word_alone_and_a_margin(tmp_path: Path, controller: Controller) -> None:
    view = ActivationCloud()
    pictures.draw(view, controller.frame, 860, 260, tmp_path)
    shown = [button for button in view.switch.buttons if not button.isHidden()]
    assert [button.text() for button in shown] == ["on the function"]
    assert shown[0].width() >= QFontMetrics(font("small", bold=True)).horizontalAdvance("on the function")
    image = QImage(str(tmp_path / "activation_cloud.png"))
    edge = pictures.MARGIN * pictures.SHARPNESS
    paper = image.pixelColor(0, 0)
    assert all(image.pixelColor(x, y) == paper for x in range(edge) for y in range(image.height()))
    assert image.size().width() == 860 * pictures.SHARPNESS


def test_a_curve_on_paper_says_that_it_is_the_loss(tmp_path: Path, controller: Controller) -> None:
    view = LossCurve()
    assert controller.frame is not None
    pictures.draw(view, controller.frame, 560, 320, tmp_path)
    assert not view.switch.buttons[0].isHidden() and view.switch.buttons[1].isHidden() and view.log.isHidden()
    wide = QFontMetrics(font("small", bold=True)).horizontalAdvance("loss")
    assert view.switch.buttons[0].width() >= wide and view.switch.width() >= wide


def test_pausing_inside_an_epoch_measures_there(experiment: Experiment) -> None:
    trainer = Trainer()
    trainer.load(experiment)
    trainer._pace.measuring = 1.0  # as on a large set: measured at the ends of epochs alone
    trainer.run_slice(0.5, lambda: False)
    assert trainer.measure_here() is None
    assert trainer.frame("paused").metrics == trainer.frame("paused").snapshot.metrics(
        trainer.frame("paused").data
    )


def test_the_worker_measures_when_it_is_paused(
    qtbot: QtBot, controller: Controller, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.pace.QUICK_MEASURE", -1.0)  # as on a large set
    controller.set_speed(1.0)
    controller.play()
    frames: list[Frame] = []
    controller.frame_changed.connect(frames.append)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].snapshot.batch > 0, timeout=60_000)
    controller.pause()
    settle(controller)
    frame = controller.frame
    assert frame is not None and frame.metrics == frame.snapshot.metrics(frame.data)


def test_what_was_put_in_and_taken_back_is_no_part_of_the_way(controller: Controller, settle: Settle) -> None:
    start = controller.frame
    assert start is not None
    name = "layers.1.weight"
    controller.propose(controller.experiment, "type", puts=[Put(name, (0, 0), 5.0)])
    settle(controller)
    assert controller.frame is not None
    assert np.abs(controller.frame.path[-1][1] - start.path[0][1]).max() > 1
    controller.undo_stack.undo()
    settle(controller)
    assert controller.frame is not None
    for _, theta in controller.frame.path:
        np.testing.assert_array_equal(theta, start.path[0][1])


def test_going_on_past_the_plan_is_said(qtbot: QtBot, window: MainWindow, controller: Controller,
                                        settle: Settle) -> None:  # fmt: skip
    controller.run_to(20)
    settle(controller)
    said: list[str] = []
    controller.message.connect(said.append)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: controller.frame is not None and controller.frame.epoch > 20, timeout=60_000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    settle(controller)
    assert said == ["This goes on past the 20 epochs planned, until you pause."]
    assert "(20 planned)" in window.top.counter.accessibleName()


@pytest.mark.parametrize("best", [True, False])
def test_weights_that_were_put_back_are_said(controller: Controller, settle: Settle, best: bool) -> None:
    stopping = EarlyStopping(patience=1, min_delta=10.0, restore_best=best)
    controller.begin(edits.stop_early(controller.experiment, stopping))
    settle(controller)
    said: list[str] = []
    controller.message.connect(said.append)
    controller.play()
    settle(controller)
    assert said[-1].startswith("Stopped early in epoch 2") and ("its weights are back" in said[-1]) == best


def test_nothing_old_is_shown_while_another_experiment_is_got_ready(
    window: MainWindow, controller: Controller, settle: Settle
) -> None:
    controller.run_to(3)
    for page in Pages.NAMES:
        window.bottom.pages.open(page)
        settle(controller)
    settle(controller)
    results = [picture for picture in window.pictures() if picture is not window.network.canvas]
    assert sum(bool(picture.summary()) for picture in results) > 8
    controller.begin(Experiment.load(resource("examples", "iris.json")))
    assert [type(picture).__name__ for picture in results if picture.summary() or picture.table()] == []
    window.grab()  # empty states can be painted
    settle(controller)
    assert window.result.metrics.summary()


def test_a_change_that_goes_on_keeps_what_is_shown(window: MainWindow, controller: Controller,
                                                   settle: Settle) -> None:  # fmt: skip
    controller.edit("optimizer.learning_rate", 0.02, "rate")
    assert window.result.metrics.summary()
    settle(controller)


@pytest.mark.parametrize("trained", [0, 2])
def test_rows_set_aside_by_early_stopping_are_said(window: MainWindow, controller: Controller, settle: Settle,
                                                   trained: int) -> None:  # fmt: skip
    controller.run_to(trained)
    settle(controller)
    panel = GeneralizePanel(controller)
    said: list[str] = []
    controller.message.connect(said.append)
    panel.resize(258, 900)
    panel.show()
    QTest.mouseClick(panel.early, Qt.MouseButton.LeftButton)
    settle(controller)
    assert said[-1].startswith("20% of the training rows now validate")
    assert ("Ctrl+Z undoes it" in said[-1]) == bool(trained)
    panel.deleteLater()


def test_the_validation_loss_has_its_line_where_rows_validate(
    window: MainWindow, controller: Controller, settle: Settle
) -> None:
    curve = window.result.curve
    controller.run_to(4)
    settle(controller)
    narrow = curve._legend.width()
    assert not np.isfinite(curve.validation()).any()
    language.set("pt")
    controller.begin(edits.stop_early(controller.experiment, EarlyStopping(patience=50)))
    settle(controller)
    controller.run_to(4)
    settle(controller)
    frame = controller.frame
    assert frame is not None
    epochs, shown = curve._validation.getData()
    assert epochs[-1] == 4 and shown[-1] == frame.metrics["validation_loss"]
    assert "validation_loss" in curve.table()[0]
    assert curve._legend.width() > narrow
    assert curve._legend.geometry().right() < curve.width()
    assert curve.switch.buttons[0].geometry().right() < curve._legend.x()
    window.resize(1080, 768)
    window.set_projector(True)
    QApplication.processEvents()
    assert curve.isVisible() and curve._legend.geometry().right() < curve.width()


def test_a_layers_frame_goes_with_the_mouse(qtbot: QtBot, window: MainWindow, controller: Controller,
                                            settle: Settle) -> None:  # fmt: skip
    window.bottom.pages.open("signal")
    QApplication.processEvents()
    settle(controller)
    signal, canvas = window.bottom.pages.signal, window.network.canvas
    x = signal.axes().plot.left() + 2
    QTest.mouseClick(signal, Qt.MouseButton.LeftButton, pos=QPoint(round(x), signal.height() // 2))
    assert canvas.pointed == ("layer", 0)
    QApplication.sendEvent(signal, QEvent(QEvent.Type.Leave))
    assert canvas.pointed is None
