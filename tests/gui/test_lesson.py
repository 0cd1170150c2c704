"""A first lesson in the real window, with the mouse alone: draw, choose, play, pause, reset, undo."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment, from_plain
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.panels.descent import DescentPanel
from gui.panels.start import StartPanel
from gui.widgets.combo import ChoiceBox

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def experiment() -> Experiment:
    """2-1 on two Gaussians: nothing is drawn yet."""
    return from_plain({
        "data": {"name": "gaussians", "samples": 60},
        "network": {"layers": [{"units": 1, "activation": "sigmoid"}]},
        "training": {"epochs": 100_000},
    })  # fmt: skip


def click(qtbot: QtBot, widget: QWidget, rect: QRectF | None = None) -> None:
    point = rect.center().toPoint() if rect is not None else QPoint(widget.width() // 2, widget.height() // 2)
    qtbot.mouseMove(widget, point)
    qtbot.mouseClick(widget, LEFT, pos=point)


def pick(qtbot: QtBot, box: ChoiceBox, key: str) -> None:
    """Open a drop-down list and click on an entry."""
    click(qtbot, box)
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    place = view.visualRect(view.model().index(box.keys().index(key), 0)).center()
    # Qt takes a click on an entry only some time after the list opened.
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    qtbot.mouseMove(view.viewport(), place)
    qtbot.mouseClick(view.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: not view.isVisible())


def undo_all(stack: QUndoStack) -> None:
    while stack.canUndo():
        stack.undo()


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1920, 1080)


def test_a_first_lesson(qtbot: QtBot, window: MainWindow, controller: Controller, experiment: Experiment,
                        settle: Callable[[Controller], None]) -> None:  # fmt: skip
    canvas = window.network.canvas

    for layer in range(2):
        click(qtbot, canvas, canvas.add_layer_rect(layer))
        while controller.experiment.network.layers[layer].units < 8:
            click(qtbot, canvas, canvas.add_unit_rect(layer))
    assert [layer.units for layer in controller.experiment.network.layers] == [8, 8, 1]
    pick(qtbot, window.findChild(StartPanel).initializer, "he_normal")
    pick(qtbot, window.findChild(DescentPanel).optimizer, "momentum")
    pick(qtbot, window.findChild(DescentPanel).optimizer, "adam")
    assert {layer.initializer.name for layer in controller.experiment.network.layers} == {"he_normal"}
    assert controller.experiment.optimizer.name == "adam"
    settle(controller)
    start = controller.frame.snapshot

    click(qtbot, window.top.play)
    assert controller.state == "playing"
    qtbot.waitUntil(lambda: controller.frame.epoch > 3, timeout=20_000)
    click(qtbot, window.top.play)
    settle(controller)
    assert not np.array_equal(controller.frame.snapshot.theta, start.theta)
    click(qtbot, window.top.reset)
    settle(controller)
    assert controller.frame.snapshot.update == 0
    assert np.array_equal(controller.frame.snapshot.theta, start.theta)

    undo_all(controller.undo_stack)
    assert controller.experiment == experiment
    settle(controller)
    assert controller.frame.experiment == experiment
