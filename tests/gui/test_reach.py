"""Without a mouse: in every state of the window each control has a name and a role, and Tab reaches it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.edits import choose_data
from gui.controller import Controller
from gui.dividers import Divider
from gui.main_window import MainWindow
from gui.menus import SECTIONS
from gui.pages import Pages
from gui.panels.csv_page import CsvPage
from gui.views.base import View

CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QTabBar, Divider, View)
NO_ROLE = (QAccessible.Role.NoRole, QAccessible.Role.StaticText)
MOST = 400  # presses of Tab


@pytest.fixture
def window(show_window: Callable[..., MainWindow], controller: Controller,
           settle: Callable[[Controller], None]) -> MainWindow:  # fmt: skip
    made = show_window(1920, 1080)
    controller.step_epoch()
    settle(controller)
    made.activateWindow()
    return made


def front() -> QWidget:
    found = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    return found or next(top for top in QApplication.topLevelWidgets() if isinstance(top, MainWindow))


def by_tab() -> set[QWidget]:
    """Return every widget that Tab comes to."""
    reached: list[QWidget] = []
    for _ in range(MOST):
        focus = QApplication.focusWidget()
        if focus is None or (focus in reached and focus is not reached[-1]):
            break  # once round; on the network Tab goes from layer to layer first
        if focus not in reached:
            reached.append(focus)
        QTest.keyClick(front().windowHandle(), Qt.Key.Key_Tab)
    return set(reached)


def beside_the_chosen(control: QWidget) -> bool:
    """Whether the arrows go to a control from the chosen one of its group, which Tab reaches."""
    if not isinstance(control, QAbstractButton) or control.isChecked():
        return False
    return control.autoExclusive() or (control.group() is not None and control.group().exclusive())


def controls(inside: QWidget) -> list[QWidget]:
    """Return what can be used in a window, but for parts of other controls."""
    return [
        each for each in inside.findChildren(QWidget)
        if isinstance(each, CONTROLS) and each.isVisible() and each.isEnabled() and each.window() is inside
        and not isinstance(each, QScrollBar | QHeaderView)
        and not isinstance(each.parentWidget(), QComboBox | QTabBar)
    ]  # fmt: skip


def everything_is_reached(least: int) -> None:
    inside = front()
    found, reached = controls(inside), by_tab()
    assert len(found) >= least, "the state is not the one that was meant"
    nameless, roleless, missed = [], [], []
    for each in found:
        told = QAccessible.queryAccessibleInterface(each)
        if not told.text(QAccessible.Text.Name):
            nameless.append(each)
        if told.role() in NO_ROLE:
            roleless.append(each)
        if each not in reached and not beside_the_chosen(each):
            missed.append((each, each.accessibleName()))
    assert not nameless
    assert not roleless
    assert not missed


@pytest.mark.parametrize("page", Pages.NAMES)
def test_on_every_page(window: MainWindow, page: str) -> None:
    window.bottom.pages.open(page)
    everything_is_reached(40)


@pytest.mark.parametrize(("size", "projector"), [
    ((1600, 1000), False), ((1280, 720), False), ((1920, 1080), True),
])  # fmt: skip
def test_in_every_form_of_the_window(window: MainWindow, size: tuple[int, int], projector: bool) -> None:
    window.resize(*size)
    window.set_projector(projector)
    everything_is_reached(12)


@pytest.mark.parametrize("key", [key for key, _, _ in SECTIONS])
def test_in_every_section(window: MainWindow, key: str) -> None:
    window.open_section(key)
    if window.side.flyout is None:  # the keyboard went to the section in the column; once more opens it
        window.open_section(key)
    everything_is_reached(3)
    window.side.flyout.close()


@pytest.mark.parametrize(("key", "least"), [("gallery", 16), ("commands", 2), ("shortcuts", 2)])
def test_in_every_dialog(window: MainWindow, key: str, least: int) -> None:
    window.actions_by_key[key].trigger()
    everything_is_reached(least)
    QApplication.activeModalWidget().reject()


@pytest.mark.parametrize(("item", "least"), [
    (("head", 0), 8), (("unit", 0, 1), 2), (("link", 0, 0, 1), 2),
])  # fmt: skip
def test_in_the_fields_on_the_network(window: MainWindow, item: tuple, least: int) -> None:
    canvas = window.network.canvas
    canvas.hands.stand_on(item)
    canvas.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    popup = canvas._editor
    assert popup is not None
    found = [each for each in controls(window) if popup.isAncestorOf(each)]
    assert len(found) >= least and all(each.accessibleName() for each in found)
    wanted, reached = {each for each in found if not beside_the_chosen(each)}, set()
    while QApplication.focusWidget() not in reached:
        reached.add(QApplication.focusWidget())
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert wanted <= reached and canvas._editor is popup


def test_while_points_are_drawn(window: MainWindow, controller: Controller,
                                settle: Callable[[Controller], None]) -> None:  # fmt: skip
    controller.attempt(lambda: choose_data(controller.experiment, "points"), "Data")
    settle(controller)
    window.result.points.set_on(True)
    assert controls(window.result.window()) and window.result.points.bar.classes[0].isVisible()
    everything_is_reached(40)


def test_with_a_table_of_ones_own(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    table = tmp_path / "a.csv"
    table.write_text("size,city,kind\n" + "1,Natal,u\n2,Recife,v\n" * 9, encoding="utf-8")
    window.side.open_table(str(table))
    page = window.side.flyout.content
    assert isinstance(page, CsvPage)
    qtbot.waitUntil(lambda: not page.progress.isVisible(), timeout=20_000)
    everything_is_reached(5)
    window.side.flyout.close()
