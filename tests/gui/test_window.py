"""The window as a whole: it shows at once, plays by keyboard, asks before it forgets, and closes in order."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox, QToolButton
from pytestqt.qtbot import QtBot

from engine import edits
from engine.experiment import Experiment
from engine.resources import resource
from engine.session import Session
from gui import about, faults, palette
from gui.actions import plain
from gui.controller import Controller
from gui.i18n import language, translations
from gui.main_window import MainWindow
from gui.theme import themes

Settle = Callable[[Controller], None]


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1600, 900)


def test_it_shows_before_anything_is_compiled(qtbot: QtBot, english: None, experiment: Experiment) -> None:
    controller = Controller(experiment, start=False)
    window = MainWindow(controller)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    assert controller.state == "preparing" and controller.frame is None
    assert not window.top.play.isEnabled()
    assert all(picture.waits for picture in window.pictures())  # nothing says "Press Play" meanwhile


def test_new_begins_from_nothing_and_asks_first(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    button, asked = QMessageBox.StandardButton, list[str]()
    answers = [button.Cancel, button.Discard]
    monkeypatch.setattr(
        QMessageBox, "question", lambda *about: asked.append(about[2]) or answers.pop(0)
    )  # fmt: skip
    controller.edit("optimizer", "sgd", "Descent")
    settle(controller)
    changed = controller.experiment
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert controller.experiment is changed and len(asked) == 1  # cancelled: nothing is lost
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settle(controller)
    new = controller.experiment
    assert len(asked) == 2 and new == edits.begin_anew(changed) and new.data == changed.data
    assert [layer.units for layer in new.network.layers] == [1] and new.optimizer.name == "adam"
    assert controller.frame.epoch == 0 and controller.path is None and controller.is_saved
    assert window.windowTitle().startswith("New experiment")
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert len(asked) == 2  # nothing was changed since
    settle(controller)


def test_space_plays_and_pauses(qtbot: QtBot, window: MainWindow, controller: Controller) -> None:
    controller.edit("training.epochs", 1_000_000, "Epochs")
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert controller.state == "playing"
    qtbot.waitUntil(lambda: controller.frame.epoch > 2)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert controller.state == "paused"


def test_keys_step_reset_and_throw(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    start = controller.frame.snapshot.theta
    qtbot.keyClick(window, Qt.Key.Key_Right)
    settle(controller)
    assert controller.frame.epoch == 1
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    settle(controller)
    assert controller.frame.snapshot.batch == 1
    qtbot.keyClick(window, Qt.Key.Key_R)
    settle(controller)
    assert np.array_equal(controller.frame.snapshot.theta, start)
    qtbot.keyClick(window, Qt.Key.Key_D)
    settle(controller)
    assert not np.array_equal(controller.frame.snapshot.theta, start)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(controller)
    assert np.array_equal(controller.frame.snapshot.theta, start)


def test_a_reset_is_undone_with_the_whole_way_and_changes_no_file(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Right)
        settle(controller)
    left = controller.frame
    qtbot.keyClick(window, Qt.Key.Key_R)
    settle(controller)
    assert controller.frame.epoch == 0 and controller.frame.before is not None
    assert not window.isWindowModified() and controller.is_saved  # the experiment is the same
    qtbot.keyClick(window, Qt.Key.Key_Right)
    settle(controller)
    qtbot.keyClick(window, Qt.Key.Key_Z, control)
    settle(controller)
    back = controller.frame
    assert back.epoch == 3 and np.array_equal(back.snapshot.theta, left.snapshot.theta)
    assert np.array_equal(back.curves.train_loss, left.curves.train_loss) and back.timeline.end == 3
    qtbot.keyClick(window, Qt.Key.Key_Right)  # on from there, to the same bits as without a reset
    settle(controller)
    straight = Session(controller.experiment)
    straight.run(4)
    assert np.array_equal(controller.frame.snapshot.theta, straight.snapshot().theta)
    qtbot.keyClick(window, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    settle(controller)
    assert controller.frame.epoch == 0
    controller.new_dice()
    assert window.isWindowModified() and not controller.is_saved


def test_a_focused_button_keeps_space(qtbot: QtBot, window: MainWindow, controller: Controller) -> None:
    button: QToolButton = window.top.epoch
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: controller.frame.epoch == 1)
    assert controller.state == "paused"


def test_every_action_has_a_name_in_both_languages(window: MainWindow) -> None:
    known = translations("pt")
    for key, action in window.actions_by_key.by_key.items():
        entry = window.actions_by_key._entries[key]
        assert plain(action.text())
        assert not entry.translated or entry.text in known, entry.text
        assert all(name in known for name in entry.menu.split("/")), entry.menu


def test_titles_and_tabs_are_translated(window: MainWindow) -> None:
    cards = [window.network, window.result]
    texts = {*window.bottom.pages.NAMES.values(), *(card.header.title.key for card in cards)}
    assert texts <= set(translations("pt"))


def test_shortcuts_are_unique(window: MainWindow) -> None:
    actions = window.actions_by_key.by_key.values()
    used = [sequence.toString() for action in actions for sequence in action.shortcuts()]
    assert len(used) == len(set(used))


@pytest.mark.parametrize("code", ["en", "pt"])
def test_letters_of_a_menu_are_unique(window: MainWindow, code: str) -> None:
    language.set(code)
    for menu in window.actions_by_key._menus.values():
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(letters) == len(set(letters)), texts


def test_the_fitting_result_is_shown(window: MainWindow, controller: Controller, settle: Settle) -> None:
    boundary, curve, matrix = window.result.results
    assert boundary.isVisible() and not curve.isVisible() and not matrix.isVisible()
    for name, shown in (("sine", curve), ("digits", matrix), ("plane", boundary)):
        controller.attempt(lambda name=name: edits.choose_data(controller.experiment, name), "Data")
        settle(controller)
        assert [picture for picture in (boundary, curve, matrix) if picture.isVisible()] == [shown]


def test_tabs_that_say_nothing_are_hidden(window: MainWindow, controller: Controller, settle: Settle) -> None:
    bar = window.bottom.pages.bar
    assert [bar.isTabVisible(index) for index in range(3)] == [True, False, True]
    controller.attempt(lambda: edits.choose_data(controller.experiment, "digits"), "Data")
    settle(controller)
    window.bottom.pages.open("first_layer")
    assert bar.isTabVisible(1) and window.bottom.pages.first_layer.isVisible()
    controller.undo_stack.undo()
    settle(controller)
    assert not bar.isTabVisible(1) and window.bottom.pages.surface.isVisible()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("code", ["en", "pt"])
def test_cards_lie_beside_each_other_inside_the_window(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int], code: str
) -> None:
    language.set(code)
    window.resize(*size)
    cards = [window.top, window.side, window.network, window.result, window.bottom]
    room = window.centralWidget()

    def laid_out() -> None:
        areas = [card.geometry() for card in cards]
        assert all(room.rect().contains(area) for area in areas)
        assert not any(a.intersects(b) for a in areas for b in areas if a is not b)
        assert window.network.width() > 0.5 * size[0]

    qtbot.waitUntil(laid_out)
    assert (window.width(), window.height()) == size


def test_one_card_takes_the_window_and_gives_it_back(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.result.width() > 0)
    width = window.result.width()
    window.result.enlarged.emit()
    qtbot.waitUntil(lambda: window.result.width() > 1500)
    assert not window.network.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.result.width() == width)
    assert window.network.isVisible()


def test_projector_scales_and_back(qtbot: QtBot, window: MainWindow) -> None:
    for scaled in (True, False):
        qtbot.keyClick(window, Qt.Key.Key_F5)
        # The button shows it at once, the rest follows, and is drawn when it is whole.
        assert window.top.projector.isChecked() == scaled and (themes.scale > 1) != scaled
        qtbot.waitUntil(lambda scaled=scaled: (themes.scale > 1) == scaled and window.updatesEnabled())


def test_theme_and_language_are_remembered(qtbot: QtBot, window: MainWindow) -> None:
    from gui.settings import recall

    window.actions_by_key["theme_light"].trigger()
    window.actions_by_key["language_pt"].trigger()
    qtbot.waitUntil(lambda: (recall("theme"), recall("language")) == ("light", "pt"))
    assert window.updatesEnabled()
    assert plain(window.actions_by_key["step_epoch"].text()) == "Avançar uma época"


def test_a_look_that_was_wanted_gives_way_to_the_next_one(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_key["theme_light"].trigger()
    window.actions_by_key["theme_contrast"].trigger()
    qtbot.waitUntil(lambda: themes.current.name == "contrast" and window.updatesEnabled())
    window.actions_by_key["theme_light"].trigger()
    themes.set("dark")
    qtbot.wait(20)
    assert themes.current.name == "dark" and window.updatesEnabled()


def test_messages_are_shown(window: MainWindow, controller: Controller) -> None:
    controller.edit("optimizer.learning_rate", -1, "Rate")
    assert window.toast.isVisible() and window.toast.text()
    window.toast.stop()


def test_unsaved_changes_are_asked_about(
    window: MainWindow, controller: Controller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Save]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    path = tmp_path / "kept.json"
    monkeypatch.setattr("gui.files.ask_file", lambda *_, **__: str(path))
    controller.edit("optimizer.learning_rate", 0.5, "Rate")
    assert window.isWindowModified()
    assert not window.close() and window.isVisible()
    assert window.close()
    assert Experiment.load(path) == controller.experiment


def test_the_title_of_an_example_is_translated(window: MainWindow, controller: Controller) -> None:
    window.open_example(resource("examples", "moons.json"))
    language.set("pt")
    try:
        assert window.windowTitle().startswith("Duas luas com o momentum de Nesterov")
    finally:
        language.set("en")


def test_a_dropped_file_is_opened(
    window: MainWindow, controller: Controller, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.json"
    edits.choose_data(controller.experiment, "moons").save(path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, left, none)
    window.dropEvent(event)
    settle(controller)
    assert controller.experiment.data.name == "moons" and "dropped" in window.windowTitle()


def test_every_example_opens(window: MainWindow, controller: Controller, settle: Settle) -> None:
    keys = [key for key in window.actions_by_key.by_key if key.startswith("example_")]
    assert len(keys) >= 8
    for key in keys:
        if "mnist" not in key:
            window.actions_by_key[key].trigger()
            settle(controller)
            assert controller.frame is not None


def test_the_palette_finds_and_does(qtbot: QtBot, window: MainWindow, controller: Controller) -> None:
    language.set("pt")
    dialog = palette.Palette(window)
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog.field, "avancar epoca")
    assert dialog.found.count() == 1
    dialog.search("no such command")
    assert dialog.found.item(0).text() == "Nada encontrado"
    dialog.run()  # does nothing, and stays
    dialog.search("avancar epoca")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: controller.frame.epoch == 1)


def test_a_fault_is_one_dialog_and_the_experiment_survives(
    qtbot: QtBot, window: MainWindow, controller: Controller, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = faults.Faults(window)
    first = controller.experiment
    for _ in range(2):
        try:
            raise KeyError("on purpose")
        except KeyError:
            shown.report(*sys.exc_info())  # type: ignore[arg-type]
    assert shown.box is not None and "on purpose" in shown.box.detailedText()
    shown.box.close()
    qtbot.waitUntil(lambda: shown.box is None)
    assert controller.experiment == first
    assert "on purpose" in capsys.readouterr().err


def test_licences_name_the_parts() -> None:
    text = about.licences()
    assert "PySide6" in text and "SIL" in text and "MNIST" in text
