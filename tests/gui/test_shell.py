"""What is around the pictures: gaps to drag, what is remembered, the actions."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QMessageBox,
)
from pytestqt.qtbot import QtBot

from gui import app, settings
from gui.controller import Controller
from gui.dividers import Divider, Shares
from gui.i18n import language
from gui.main_window import MainWindow
from gui.palette import Palette
from gui.settings import recall, remember, set_damaged_aside
from gui.toast import covered

Settle = Callable[[Controller], None]
Show = Callable[..., MainWindow]


@pytest.fixture
def window(show_window: Show) -> MainWindow:
    return show_window(1600, 1000)


def pull(qtbot: QtBot, divider: Divider, across: int, down: int) -> None:
    """Drag a gap with the mouse."""
    start = QPointF(divider.rect().center())
    qtbot.mousePress(divider, Qt.MouseButton.LeftButton, pos=start.toPoint())
    origin = QPointF(divider.mapToGlobal(start.toPoint()))
    for share in (0.5, 1.0):
        point = origin + QPointF(across, down) * share
        button = Qt.MouseButton.LeftButton
        event = QMouseEvent(
            QEvent.Type.MouseMove, start, point, button, button, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(divider, event)
    qtbot.mouseRelease(divider, Qt.MouseButton.LeftButton, pos=start.toPoint())


def gap(window: MainWindow, axis: str) -> Divider:
    """Return the gap beside the result ("row"), or the one above the pictures below ("column")."""
    return next(divider for divider in window.arranger.dividers if divider.axis == axis)


def test_gaps_are_dragged_remembered_and_reset(qtbot: QtBot, window: MainWindow, show_window: Show) -> None:
    width, height = window.result.width(), window.bottom.height()
    pull(qtbot, gap(window, "row"), -80, 0)
    pull(qtbot, gap(window, "column"), 0, -60)
    qtbot.waitUntil(lambda: abs(window.result.width() - width - 80) <= 2)
    qtbot.waitUntil(lambda: abs(window.bottom.height() - height - 60) <= 2)
    assert gap(window, "row").geometry().right() < window.result.geometry().left()
    again = show_window(1600, 1000)
    assert (again.result.width(), again.bottom.height()) == (window.result.width(), window.bottom.height())
    again.hide()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(
        window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    qtbot.waitUntil(lambda: (window.result.width(), window.bottom.height()) == (width, height))
    assert Shares.read(recall("layout")) == Shares()


def test_gaps_move_by_keys_and_keep_room_for_the_rest(qtbot: QtBot, window: MainWindow) -> None:
    width = window.result.width()
    gap(window, "row").setFocus()
    qtbot.keyClick(gap(window, "row"), Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: window.result.width() > width)
    qtbot.mouseDClick(gap(window, "row"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.result.width() == width)
    pull(qtbot, gap(window, "row"), -5000, 0)
    pull(qtbot, gap(window, "column"), 0, -5000)
    qtbot.waitUntil(lambda: window.result.width() > 1.5 * width)
    assert window.network.width() > 0.3 * window.width() and window.network.height() > 0.3 * window.height()
    window.set_projector(True)
    assert not window.arranger.dividers


@pytest.mark.parametrize("text", ["", "x,y", "0.3", "2,0.1", "nan,0.2", "0.1,0.2,0.3"])
def test_a_layout_that_cannot_be_read_is_the_designs(text: str) -> None:
    assert Shares.read(text) == Shares()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x01broken", b"[General]\nthe\0me=dark\n", b"<html>\n[[[\n"]
)
def test_a_damaged_settings_file_is_set_aside_and_said(content: bytes) -> None:
    path = settings.folder() / "settings.ini"
    path.write_bytes(content)
    name = set_damaged_aside()
    aside = path.with_name(name)
    assert name and aside.read_bytes() == content and not path.exists()
    remember("theme", "light")
    assert recall("theme") == "light" and not set_damaged_aside()
    language.set("en")
    assert name in app.say_damaged(name)
    aside.unlink()


@pytest.mark.parametrize(
    ("text", "speed"), [("50.0", 50), ("inf", float("inf")), ("", 20), ("-1", 20), ("x", 20), ("nan", 20)]
)
def test_a_speed_is_remembered(text: str, speed: float) -> None:
    assert app.speed_of(text, 20) == speed


def test_the_slider_keeps_its_speed(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.top.speed.slider.setFocus()
    qtbot.keyClick(window.top.speed.slider, Qt.Key.Key_End)
    assert app.speed_of(recall("speed"), 20) == float("inf")


def test_every_action_is_in_a_menu_and_in_the_palette(qtbot: QtBot, window: MainWindow) -> None:
    palette = Palette(window)
    qtbot.addWidget(palette)
    listed = {palette.found.item(row).data(Qt.ItemDataRole.UserRole) for row in range(palette.found.count())}
    actions = window.actions_by_key
    enabled = {key for key, action in actions.by_key.items() if action.isEnabled()}
    assert listed == enabled
    shown_in = {action for menu in actions._menus.values() for action in menu.actions()}
    assert all(action in shown_in for key, action in actions.by_key.items() if actions._entries[key].listed)
    assert all(actions._entries[key].menu.split("/")[0] in actions._menus for key in actions.by_key)
    assert all(action.text().strip() for action in actions.by_key.values())
    # An action that no menu lists is offered by the look menu at the right of the bar, or opens it.
    unlisted = {key for key in actions.by_key if not actions._entries[key].listed}
    assert all(key.startswith(("theme_", "language_")) or key == "menu" for key in unlisted)
    palette.close()


def test_dialogs_leave_nothing(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: pytest.fail("nothing was changed"))
    for key in ("shortcuts", "commands", "gallery"):
        window.actions_by_key[key].trigger()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert QApplication.activeModalWidget() is None
    assert Path(settings.folder()).is_dir()


@pytest.mark.parametrize("width, height, lines", [(1280, 720, 1), (1080, 640, 2), (1920, 1080, 3)])
def test_a_sentence_covers_nothing_that_is_pressed(show_window, width, height, lines):
    window = show_window(width, height)
    window.toast.say(" ".join(["This is a rather long sentence about what was done just now."] * 2 * lines))
    place = window.toast.geometry()
    assert place.height() >= lines * window.toast.fontMetrics().height()
    assert covered(place, window._pressed_places()) == 0
    window.toast.stop()
