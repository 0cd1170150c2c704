"""Where the cards stand: everything fits into every window, on a desk and in a room."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from engine import edits
from gui.arrangement import SMALLEST, arrange
from gui.controller import Controller
from gui.i18n import language
from gui.main_window import MainWindow
from gui.theme import font, themes

SIZES = [SMALLEST, (1280, 720), (1366, 768), (1600, 900), (1920, 1080)]
DATA = ["spiral", "sine", "wine", "digits"]


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("projector", [False, True])
def test_the_network_keeps_most_of_the_width(size: tuple[int, int], projector: bool) -> None:
    now = arrange(*size, 2.0 if projector else 1.0, projector)
    assert now.result < 0.4 * size[0]
    assert now.bar + now.bottom * now.pages + 3 * now.gap < 0.6 * size[1]


def test_a_room_gets_no_chrome_and_the_tabs_only_where_there_is_room() -> None:
    small, large = arrange(1280, 720, 2, True), arrange(1920, 1080, 2, True)
    assert not small.side and not large.side
    assert not small.pages and large.pages


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("projector", [False, True])
@pytest.mark.parametrize("code", ["en", "pt"])
def test_nothing_asks_for_more_room_than_the_window_has(
    qtbot: QtBot, window: MainWindow, controller: Controller, size: tuple[int, int], projector: bool,
    code: str,
) -> None:  # fmt: skip
    language.set(code)
    window.resize(*size)
    window.set_projector(projector)
    for name in DATA:
        controller.attempt(lambda name=name: edits.choose_data(controller.experiment, name), "Data")
        for only in (None, window.network, window.result, window.bottom):
            window.show_only(only)
            QCoreApplication.sendPostedEvents()
            room = window.centralWidget().rect()
            assert (room.width(), room.height()) == size
            cards = (window.top, window.side, window.network, window.result, window.bottom)
            for card in (card for card in cards if card.isVisible()):
                assert room.contains(card.geometry()), (name, only, card)
                if card in (window.top, window.side):
                    continue  # they leave out what has no room
                least = card.layout().minimumSize()
                assert least.width() <= card.width() and least.height() <= card.height(), (name, card, least)


def test_projector_mode_writes_large_and_hides_what_is_not_looked_at(window: MainWindow) -> None:
    window.resize(1280, 720)
    window.set_projector(True)
    assert font("small").pixelSize() >= 24
    assert not window.side.isVisible() and not window.bottom.isVisible()
    assert not window.top.menu_button.isVisible()
    window.show_only(window.bottom)
    assert window.bottom.isVisible() and not window.network.isVisible()


def test_escape_goes_back_one_step_at_a_time(qtbot: QtBot, window: MainWindow) -> None:
    window.set_projector(True)
    window.show_only(window.result)
    window.show_everything()
    assert window.network.isVisible() and window.projector
    window.network.canvas.open_editor(0)
    window.show_everything()
    assert window.network.canvas.close_editor() is None and window.projector
    window.show_everything()
    assert not window.projector and themes.scale == 1


def test_nothing_is_framed_at_the_start(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    assert window.focusWidget() is window.network.canvas
    assert window.network.canvas.hands.cursor is None
    window.show_only(window.result)
    assert window.focusWidget() is not window.top.reset


@pytest.mark.parametrize("key", ["data", "start", "descent"])
def test_sections_open_without_their_column(qtbot: QtBot, window: MainWindow, key: str) -> None:
    window.resize(1280, 720)
    window.set_projector(True)
    window.actions_by_key[f"section_{key}"].trigger()
    assert window.side.flyout is not None
    assert window.side.flyout.height() <= window.height()
    qtbot.keyClick(window.side.flyout, Qt.Key.Key_Escape)
