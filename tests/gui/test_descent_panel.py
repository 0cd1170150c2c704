"""How a network descends: optimizer, loss, batches and epochs, each proposed from its control."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.choices import LOSSES, OPTIMIZERS
from engine.experiment import Loss, Optimizer
from gui.panels.descent import DescentPanel
from tests.gui.panels import Make, enter


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
