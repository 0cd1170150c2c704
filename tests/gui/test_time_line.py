"""The time line in the window: by mouse and keys to any moment, and what the controls show there."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.edits import choose_optimizer
from engine.experiment import Optimizer
from engine.session import Session
from gui.controller import Controller
from gui.i18n import language
from gui.main_window import MainWindow
from tests.gui.drawing import move

Settle = Callable[[Controller], None]


@pytest.fixture
def window(show_window: Callable[..., MainWindow], controller: Controller, settle: Settle) -> MainWindow:
    made = show_window(1600, 900)
    controller.run_to(12)
    settle(controller)
    return made


def test_keys_go_back_and_forth(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    there = controller.frame.snapshot
    epochs = []
    for key in (Qt.Key.Key_PageUp, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(window, key)
        settle(controller)
        epochs.append(controller.frame.epoch)
    assert epochs == [11, 10, 0, 12]
    assert np.array_equal(controller.frame.snapshot.theta, there.theta)
    qtbot.mouseClick(window.top.back, Qt.MouseButton.LeftButton)
    settle(controller)
    assert controller.frame.epoch == 11
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    settle(controller)
    assert np.array_equal(controller.frame.snapshot.theta, there.theta)


def test_dragging_the_handle_goes_there(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    line = window.top.progress
    y = line.height() // 2
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(round(line._x(12)), y))
    for epoch in (9, 5, 3):
        move(line, QPoint(round(line._x(epoch)), y).toPointF())
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(round(line._x(3)), y))
    settle(controller)
    assert controller.frame.epoch == 3 and line.value() == 3
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() - 2, y))
    settle(controller)
    assert controller.frame.epoch == 12 and line.value() == 12  # it goes no farther than was trained
    qtbot.keyClick(line, Qt.Key.Key_Left)
    settle(controller)
    assert controller.frame.epoch == 11


def test_the_controls_show_what_held_then(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    adam = controller.experiment
    controller.attempt(lambda: choose_optimizer(adam, Optimizer("sgd")), "SGD")
    controller.edit("network.layers[0].dropout", 0.25, "Dropout")
    controller.run_to(16)
    settle(controller)
    now = controller.experiment
    assert [words for _, words in window.top.progress.marks] == ["SGD … since epoch 12"]
    controller.go_to(4)
    settle(controller)
    assert controller.experiment == adam and controller.frame.epoch == 4
    controller.run_to(16)
    settle(controller)
    assert controller.experiment == now and controller.frame.experiment == now
    language.set("pt")
    assert [words for _, words in window.top.progress.marks] == ["SGD … desde a época 12"]


def test_undo_in_the_past_leaves_the_change_out(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    adam = controller.experiment
    controller.attempt(lambda: choose_optimizer(adam, Optimizer("sgd")), "SGD")
    controller.run_to(16)
    controller.go_to(4)
    settle(controller)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    controller.run_to(16)
    settle(controller)
    plain = Session(adam)
    plain.run(16)
    assert np.array_equal(controller.frame.snapshot.theta, plain.snapshot().theta)


def test_an_edit_outruns_what_the_past_brings(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    controller.attempt(lambda: choose_optimizer(controller.experiment, Optimizer("sgd")), "SGD")
    controller.run_to(16)
    settle(controller)
    controller.go_to(4)
    controller.edit("optimizer.learning_rate", 0.02, "Rate")  # before the window knows of the moment there
    settle(controller)
    assert controller.experiment.optimizer.parameters["learning_rate"] == 0.02
    assert controller.frame.experiment == controller.experiment and controller.frame.epoch == 4


def test_the_whole_line_can_be_reached_by_tab(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.top.reset.setFocus()
    seen: list[QWidget | None] = []
    for _ in range(12):
        seen.append(window.focusWidget())
        qtbot.keyClick(seen[-1], Qt.Key.Key_Tab)
    assert window.top.back in seen and window.top.progress in seen
