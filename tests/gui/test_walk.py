"""Anything in any order: no exception, nothing stuck, undo leads back, and the bits are the engine's."""

import math
import random
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from engine.choices import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCALINGS, SCHEDULES
from engine.experiment import Activation, Experiment, Initializer, Optimizer, from_plain
from engine.session import Session
from gui.controller import Controller
from gui.i18n import language
from gui.main_window import MainWindow
from gui.widgets.combo import ChoiceBox
from gui.widgets.number_field import NumberField
from gui.widgets.slider import Slider
from gui.widgets.switch import Switch
from tests.gui.drawing import drag

Settle = Callable[[Controller], None]
SETS = ("circle", "gate_xor", "plane", "sine", "digits", "iris")
VALUES: dict[str, list] = {
    "optimizer.learning_rate": [0, 1e-3, 0.1, 1000.0, 1e300, -1],
    "training.batch_size": [1, 10, 100_000, 0],
    "training.epochs": [1, 20, 10**7],
    "training.precision": ["float32", "float64"],
    "training.target_loss": [None, 0.0, 0.5],
    "training.augmentation.input_noise": [0, 0.1],
    "training.augmentation.shift": [0, 1],
    "schedule": list(SCHEDULES),
    "regularization.gradient_clip": [None, 0.5],
    "regularization.max_norm": [None, 1.0],
    "regularization.class_weights": [None, "balanced"],
    "regularization.l1": [0, 1.0],
    "regularization.l2": [0, 1e-3, 1e30],
    "data.samples": [4, 5, 60, 500],
    "data.test_fraction": [0, 0.5, 0.95],
    "data.noise": [0, 1],
    "data.scaling": list(SCALINGS),
    "loss": list(LOSSES),
    "seeds.data": [0, 1],
    "seeds.init": [0, 1],
    "seeds.order": [0, 1],
}


class Walk:
    """A user who does not think."""

    def __init__(self, window: MainWindow, qtbot: QtBot, seed: int) -> None:
        self.window, self.controller, self.qtbot = window, window.controller, qtbot
        self.dice = random.Random(seed)
        self.canvas = window.network.pictures()[0]

    def step(self) -> None:
        controller = self.controller
        actions: list[Callable[[], object]] = [
            self.edit, self.edit, self.edit, self.data, self.activation, self.initializer, self.optimizer,
            self.insert, self.remove, self.units, self.click, self.click, self.page, self.drag, self.link,
            self.layer_field, self.choose, self.slowly,
            self.control, self.control, self.draw,
            controller.new_dice, controller.play, controller.play, controller.pause, controller.toggle,
            controller.step_batch, controller.step_epoch, controller.reset, controller.undo_stack.undo,
            controller.undo_stack.undo, controller.undo_stack.redo,
            lambda: controller.set_speed(self.dice.choice([1, 20, math.inf])),
            lambda: language.set(self.dice.choice(["pt", "en"])),
        ]  # fmt: skip
        self.dice.choice(actions)()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        self.qtbot.wait(self.dice.choice([0, 0, 1, 20]))

    def attempt(self, function: Callable[[], Experiment]) -> None:
        self.controller.attempt(function, "Walk")

    def layer(self) -> int:
        return self.dice.randrange(len(self.now.network.layers))

    @property
    def now(self) -> Experiment:
        return self.controller.experiment

    def edit(self) -> None:
        place = self.dice.choice(list(VALUES))
        self.controller.edit(place, self.dice.choice(VALUES[place]), "Walk")

    def data(self) -> None:
        name = self.dice.choice(SETS)
        self.attempt(lambda: edits.choose_data(self.now, name))

    def activation(self) -> None:
        layer, chosen = self.layer(), Activation(self.dice.choice(list(ACTIVATIONS)))
        self.attempt(lambda: edits.choose_activation(self.now, layer, chosen))

    def initializer(self) -> None:
        layer, chosen = self.layer(), Initializer(self.dice.choice(list(INITIALIZERS)))
        self.attempt(lambda: edits.choose_initializer(self.now, chosen, layer))

    def optimizer(self) -> None:
        chosen = Optimizer(self.dice.choice(list(OPTIMIZERS)))
        self.attempt(lambda: edits.choose_optimizer(self.now, chosen))

    def insert(self) -> None:
        index, units = self.layer(), self.dice.choice([1, 4, 33])
        if len(self.now.network.layers) < 5:
            self.attempt(lambda: edits.insert_layer(self.now, index, units))

    def remove(self) -> None:
        layer = self.layer()
        self.attempt(lambda: edits.remove_layer(self.now, layer))

    def units(self) -> None:
        layer, units = self.layer(), self.dice.choice([0, 1, 3, 20])
        self.attempt(lambda: edits.set_units(self.now, layer, units))

    def click(self) -> None:
        where = QPoint(self.dice.randrange(self.canvas.width()), self.dice.randrange(self.canvas.height()))
        self.qtbot.mouseMove(self.canvas, where)
        self.qtbot.mouseClick(self.canvas, Qt.MouseButton.LeftButton, pos=where)
        if self.dice.random() < 0.3:
            keys = [Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Plus, Qt.Key.Key_Minus]
            self.qtbot.keyClick(self.canvas, self.dice.choice(keys))

    def control(self) -> None:
        """Use any control of any section with the keyboard."""
        side = self.window.side
        side.open_section(self.dice.randrange(len(side.panels)), side)
        fields = [field for kind in (NumberField, ChoiceBox, Switch, Slider)
                  for field in side.flyout.content.findChildren(kind)
                  if field.isVisible() and field.isEnabled()]  # fmt: skip
        field = self.dice.choice(fields)
        field.setFocus()
        if isinstance(field, NumberField):
            field.selectAll()
            self.qtbot.keyClicks(field, self.dice.choice(["0", "1", "0.5", "-1", "3", "x", "", "1e9", "20"]))
            self.qtbot.keyClick(field, Qt.Key.Key_Return)
        elif isinstance(field, Switch):
            self.qtbot.keyClick(field, Qt.Key.Key_Space)
        else:
            self.qtbot.keyClick(field, self.dice.choice([Qt.Key.Key_Up, Qt.Key.Key_Down]))

    def draw(self) -> None:
        """Draw, erase or move points on the boundary, where it is shown."""
        tools = self.window.result.points
        picture = tools.boundary
        tools.set_on(True)
        if tools.on and picture.isVisible():
            tools.set_erasing(self.dice.random() < 0.2)
            there = picture.square().toRect()
            for _ in range(2):
                place = QPoint(self.dice.randint(there.left(), there.right()),
                               self.dice.randint(there.top(), there.bottom()))  # fmt: skip
                self.qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=place)
            keys = [Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_Left, Qt.Key.Key_Return, Qt.Key.Key_Delete]
            self.qtbot.keyClick(picture, self.dice.choice(keys))
        tools.set_on(False)

    def point(self) -> QPointF:
        return QPointF(self.dice.randrange(self.canvas.width()), self.dice.randrange(self.canvas.height()))

    def drag(self) -> None:
        drag(self.qtbot, self.canvas, self.point(), self.point())

    def link(self) -> None:
        layer = self.layer()
        sizes = [len(self.now.data.features or ()), *(one.units for one in self.now.network.layers)]
        link = ("link", layer, self.dice.randrange(sizes[layer]), self.dice.randrange(sizes[layer + 1]))
        acts = self.canvas.hands.acts
        self.dice.choice([
            lambda: acts.cut(link), lambda: acts.type_weight(link, 0.5),
            lambda: acts.type_bias(("unit", layer, link[3]), -1.0),
        ])()  # fmt: skip

    def layer_field(self) -> None:
        fields = {
            "dropout": [0, 0.5],
            "batch_norm": [True, False],
            "trainable": [True, False],
            "l2": [None, 1],
        }
        field = self.dice.choice(list(fields))
        self.controller.edit(
            f"network.layers[{self.layer()}].{field}", self.dice.choice(fields[field]), "Walk"
        )

    def choose(self) -> None:
        acts = self.canvas.hands.acts
        self.canvas.hands.choose_all()
        few = len(self.now.network.layers) < 4
        self.dice.choice([acts.freeze_chosen, acts.duplicate if few else acts.delete, acts.copy])()
        self.canvas.zoom_by(self.dice.choice([0.5, 2]), self.point())

    def slowly(self) -> None:
        motion = self.canvas.motion
        self.dice.choice([motion.start, motion.start, motion.stop, self.window.network.canvas.toggle])()

    def page(self) -> None:
        self.window.bottom.pages.open(self.dice.choice(list(self.window.bottom.pages.NAMES)))


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1300, 760)


@pytest.mark.parametrize("seed", range(3))
def test_anything_in_any_order(qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle,
                               seed: int) -> None:  # fmt: skip
    failures: list[object] = []
    controller.failed.connect(failures.append)
    controller.desk.failed.connect(failures.append)
    controller.undo_stack.setUndoLimit(0)  # none
    first, walk = controller.experiment, Walk(window, qtbot, seed)
    for _ in range(120):
        walk.step()
    controller.pause()
    walk.canvas.motion.stop()
    settle(controller)
    assert controller.frame is not None and controller.frame.experiment == controller.experiment
    last, steps = controller.experiment, controller.undo_stack.index()
    while controller.undo_stack.canUndo():
        controller.undo_stack.undo()
    assert controller.experiment == first
    settle(controller)
    assert controller.frame.experiment == first
    while controller.undo_stack.index() < steps:  # what the walk itself took back at its end stays so
        controller.undo_stack.redo()
    assert controller.experiment == last
    while controller.undo_stack.canUndo():
        controller.undo_stack.undo()
    controller.reset()
    controller.run_to(5)
    settle(controller)
    alone = Session(first)
    alone.run(5)
    assert np.array_equal(controller.frame.snapshot.theta, alone.snapshot().theta)
    assert not failures
    window.toast.stop()


@pytest.mark.parametrize("name", ["circle", "gate_xor", "sine", "iris"])
def test_every_last_activation_on_every_kind_of_data(window: MainWindow, controller: Controller,
                                                     settle: Settle, name: str) -> None:  # fmt: skip
    failures: list[object] = []
    controller.failed.connect(failures.append)
    controller.desk.failed.connect(failures.append)
    controller.attempt(lambda: edits.choose_data(controller.experiment, name), "Data")
    controller.attempt(lambda: edits.set_units(controller.experiment, 0, 0), "One layer")
    for last in map(Activation, ACTIVATIONS):
        controller.attempt(lambda last=last: edits.choose_activation(controller.experiment, -1, last), "Last")
        controller.step_epoch()
        settle(controller)
        assert controller.frame.experiment == controller.experiment
        assert controller.frame.snapshot.update > 0 or controller.frame.epoch == 0
    assert not failures
    window.toast.stop()


def test_rows_for_training_only(window: MainWindow, controller: Controller, settle: Settle) -> None:
    failures: list[object] = []
    controller.desk.failed.connect(failures.append)
    for name in ("circle", "plane", "sine", "iris"):
        controller.attempt(lambda name=name: edits.choose_data(controller.experiment, name), "Data")
        controller.edit("data.test_fraction", 0, "No test")
        controller.step_epoch()
        settle(controller)
        assert "test_loss" not in controller.frame.metrics
        assert all(picture.summary() is not None for picture in window.pictures())
    assert not failures


def test_a_network_beyond_memory_is_refused_in_words(controller: Controller, qtbot: QtBot) -> None:
    layers = [*({"units": 4096} for _ in range(3)), {"units": 1, "activation": "sigmoid"}]
    whole = {"data": {"name": "circle"}, "network": {"layers": layers}}
    with qtbot.waitSignal(controller.message) as said:
        controller.attempt(lambda: from_plain(whole), "Big")
    assert "25" in said.args[0] and "weights are too many" in said.args[0]
