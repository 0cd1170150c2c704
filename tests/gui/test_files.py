"""Nothing is lost on saving, opening and closing: tried with the keys and the mouse, dialogs and all."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from engine.data.csv_table import prepare
from engine.experiment import Experiment
from engine.resources import resource
from gui import disk, settings
from gui.controller import Controller
from gui.dialogs import whole_name
from gui.main_window import MainWindow
from gui.views.export import save_table
from gui.widgets.number_field import NumberField

Settle = Callable[[Controller], None]
Key, Modifier, Answer = Qt.Key, Qt.KeyboardModifier, QMessageBox.StandardButton
OLD = "what was there"


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1920, 1080)  # the column at the left is whole


@contextmanager
def answering(window: MainWindow, name: str = "",
              answer: Answer = Answer.No) -> Iterator[list[str]]:  # fmt: skip
    """Type a name into a dialog for files, then leave it; press a button where something is asked.

    Yields the questions.
    """
    asked: list[str] = []

    def look() -> None:
        front = QApplication.activeModalWidget()
        if isinstance(front, QMessageBox):
            asked.append(front.text())
            QTest.mouseClick(front.button(answer), Qt.MouseButton.LeftButton)
        elif isinstance(front, QFileDialog) and front.property("named"):
            QTest.keyClick(front, Key.Key_Escape)
        elif isinstance(front, QFileDialog):
            front.setProperty("named", True)
            field = front.findChild(QLineEdit)
            field.setText(name)  # typed, it would bring up Qt's list of names that begin so
            QTest.keyClick(field, Key.Key_Return)

    window.activateWindow()  # it is not by itself after a dialog, without a desktop
    assert QTest.qWaitForWindowActive(window)
    clock = QTimer()
    clock.timeout.connect(look)
    clock.start(30)
    yield asked
    clock.stop()


@pytest.mark.parametrize("name, there", [
    ("mine", "mine.json"), ("mine.json", "mine.json"), ("my.net", "my.net.json"), ("MINE.JSON", "MINE.JSON"),
])  # fmt: skip
def test_an_experiment_is_replaced_only_when_one_agrees(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str, there: str
) -> None:
    settings.remember("folder", str(tmp_path))
    (tmp_path / there).write_text(OLD, encoding="utf-8")
    for answer in (Answer.No, Answer.Yes):
        assert (tmp_path / there).read_text(encoding="utf-8") == OLD
        with answering(window, name, answer) as asked:
            qtbot.keyClick(window, Key.Key_S, Modifier.ControlModifier | Modifier.ShiftModifier)
        assert asked == [f"{there} exists already. Replace it?"]
    assert '"learning_rate"' in (tmp_path / there).read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == [there]


def test_weights_and_numbers_too(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    settings.remember("folder", str(tmp_path))
    for path in (tmp_path / "mine.safetensors", tmp_path / "mine.csv"):
        path.write_text(OLD, encoding="utf-8")
    with answering(window, "mine") as asked:
        window.files.save_weights()
        save_table(window, [("epoch", "loss")], str(tmp_path / "loss"))
    assert asked == [f"mine.{kind} exists already. Replace it?" for kind in ("safetensors", "csv")]
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {OLD}


def test_a_name_without_the_ending_gets_it() -> None:
    assert whole_name("a/mine", (".json",)) == "a/mine.json"
    assert whole_name("my.net", (".json",)) == "my.net.json"
    assert whole_name("numbers.TXT", (".csv", ".txt")) == "numbers.TXT"
    assert whole_name("to be opened", ()) == "to be opened"


def type_rate(qtbot: QtBot, window: MainWindow, text: str) -> NumberField:
    """Click into the learning rate and type another one, without Enter."""
    fields = window.side.findChildren(NumberField)
    field = next(each for each in fields if each.accessibleName() == "Learning rate" and each.isVisible())
    window.activateWindow()
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert QTest.qWaitForWindowActive(window) and field.hasFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    return field


def rate_of(path: Path) -> object:
    return Experiment.load(path).optimizer.parameters["learning_rate"]


def test_what_is_still_being_typed_is_saved(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "mine.json"
    controller.disk.save(path)
    before = rate_of(path)
    field = type_rate(qtbot, window, "0.077")
    qtbot.keyClick(field, Key.Key_S, Modifier.ControlModifier)
    assert rate_of(path) == 0.077 != before and not window.isWindowModified()
    field = type_rate(qtbot, window, "nothing")
    qtbot.keyClick(field, Key.Key_S, Modifier.ControlModifier)
    assert rate_of(path) == 0.077 and field.text() == "0.077"  # the field shows what the file has
    settle(controller)


def test_closing_asks_about_what_is_still_being_typed(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle, tmp_path: Path
) -> None:
    controller.disk.save(tmp_path / "mine.json")
    type_rate(qtbot, window, "0.077")
    with answering(window, answer=Answer.Cancel) as asked:
        assert not window.close()
    assert asked == ["Save the changes to this experiment?"]
    with answering(window, answer=Answer.Save):
        window.open_example(resource("examples", "iris.json"))
    assert rate_of(tmp_path / "mine.json") == 0.077 and controller.experiment.data.name == "iris"
    settle(controller)


def test_a_step_is_trained_with_what_is_still_being_typed(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    type_rate(qtbot, window, "0.077")
    qtbot.mouseClick(window.top.epoch, Qt.MouseButton.LeftButton)  # it leaves the keyboard to the field
    settle(controller)
    assert controller.frame.epoch == 1
    assert controller.frame.experiment.optimizer.parameters["learning_rate"] == 0.077


def test_what_is_saved_in_the_past_leaves_the_later_changes_unsaved(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle, tmp_path: Path
) -> None:
    path, said = tmp_path / "mine.json", []
    controller.disk.save(path)
    before = rate_of(path)
    controller.message.connect(said.append)
    controller.run_to(2)
    settle(controller)
    controller.edit("optimizer.learning_rate", 0.077, "Learning rate")
    controller.run_to(4)
    settle(controller)
    for key in (Key.Key_Home, Key.Key_S, Key.Key_End):
        qtbot.keyClick(window, key, Modifier.ControlModifier if key == Key.Key_S else Modifier.NoModifier)
        settle(controller)
    assert rate_of(path) == before and "later changes are not in it" in " ".join(said)
    assert controller.experiment.optimizer.parameters["learning_rate"] == 0.077
    assert window.isWindowModified()
    qtbot.keyClick(window, Key.Key_S, Modifier.ControlModifier)
    assert rate_of(path) == 0.077 and not window.isWindowModified()
    qtbot.keyClick(window, Key.Key_Home)  # to look at the past loses nothing
    settle(controller)
    assert controller.experiment.optimizer.parameters["learning_rate"] == before
    assert not window.isWindowModified()


@pytest.mark.parametrize("changed", [True, False])
def test_a_change_while_a_table_is_read_is_not_lost(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, changed: bool,
) -> None:  # fmt: skip
    typed = threading.Event()
    monkeypatch.setattr(disk, "prepare_table", lambda *given: typed.wait(20) and prepare(*given))
    rows = "".join(f"{n % 7},{n % 5},{'ab'[n % 2]}\n" for n in range(60))
    (tmp_path / "table.csv").write_text("one,two,kind\n" + rows, encoding="utf-8")
    data = {"name": "csv", "path": str(tmp_path / "table.csv")}
    layers = [{"units": 3}, {"units": 1, "activation": "sigmoid"}]
    plain = {"data": data, "network": {"layers": layers}}
    (tmp_path / "mine.json").write_text(json.dumps(plain), encoding="utf-8")
    said: list[str] = []
    controller.message.connect(said.append)
    window.files.open_path(tmp_path / "mine.json")
    assert said == ["Reading table.csv…"]
    if changed:
        type_rate(qtbot, window, "0.077")
    typed.set()
    qtbot.waitUntil(lambda: controller.path is not None or len(said) > 1, timeout=20_000)
    settle(controller)
    if changed:
        assert said[1] == "mine.json was not opened: the experiment was changed meanwhile. Open it again."
        assert controller.experiment.optimizer.parameters["learning_rate"] == 0.077
        assert controller.undo_stack.canUndo() and controller.path is None
    else:
        assert controller.experiment.data.name == "csv" and controller.path == tmp_path / "mine.json"
