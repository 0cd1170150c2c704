"""A panel alone, with a controller that trains nothing, and hands for its controls."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment
from engine.files import save_weights
from engine.session import Session
from gui.i18n import language
from gui.panels.top_bar import TopBar
from gui.theme import apply, dress
from gui.widgets.combo import ChoiceBox
from gui.widgets.number_field import NumberField
from tests.gui.fakes import SPIRAL, FakeController

Make = Callable[..., tuple[FakeController, QWidget]]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    """A function that shows a panel of a kind, for an experiment or the first one."""
    language.set("en")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply(application)

    def build(kind: type, experiment: Experiment | None = None) -> tuple[FakeController, QWidget]:
        controller = FakeController(experiment)
        panel = kind(controller)
        controller.setParent(panel)
        qtbot.addWidget(panel)
        dress(panel)
        panel.resize(1600 if kind is TopBar else 258, 900)
        panel.show()
        qtbot.waitExposed(panel)
        return controller, panel

    return build


def weights_in(folder: Path, name: str = "w") -> str:
    """Write the first weights of the first experiment to a file; return its path."""
    path = folder / f"{name}.safetensors"
    save_weights(path, Session(Experiment.from_json(SPIRAL)).initial)
    return str(path)


def enter(field: NumberField, text: str) -> None:
    """Replace what stands in a field and press Enter."""
    field.setFocus()
    field.selectAll()
    if text:
        QTest.keyClicks(field, text)
    else:
        QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)


def press(switch: QWidget) -> None:
    """Click a switch."""
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(8, switch.height() // 2))


def pick(box: ChoiceBox, key: str) -> None:
    """Choose in a list with the keyboard."""
    box.setFocus()
    steps = box.keys().index(key) - max(box.currentIndex(), 0)
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
