"""Nothing is lost on saving, opening and closing: tried with the keys and the mouse, dialogs and all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from gui import settings
from gui.controller import Controller
from gui.dialogs import whole_name
from gui.main_window import MainWindow
from gui.views.export import save_table

Settle = Callable[[Controller], None]
Key, Modifier, Answer = Qt.Key, Qt.KeyboardModifier, QMessageBox.StandardButton
OLD = "what was there"


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1366, 745)


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
