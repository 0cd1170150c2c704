"""The bar at the top: it follows the training, counts its epochs and leaves out what it has no room for."""

import math
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.frame import Timeline
from gui.i18n import language
from gui.panels.top_bar import TopBar
from gui.theme import themes
from gui.widgets import time_line
from tests.gui.panels import Make


def test_the_bar_follows_state_and_speed(make: Make) -> None:
    controller, bar = make(TopBar)
    controller.set_state("preparing")
    assert not bar.play.isEnabled()
    assert bar.play.text() == "Preparing…"
    controller.set_state("paused")
    QTest.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert (controller.state, bar.play.text()) == ("playing", "Pause")
    for button in (bar.reset, bar.batch, bar.epoch, bar.dice):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.calls == ["reset", "step_batch", "step_epoch", "new_dice"]
    QTest.keyClick(bar.speed.slider, Qt.Key.Key_End)
    assert math.isinf(controller.speed)
    assert bar.speed.words.text() == "as fast as it goes"


def test_waiting_for_long_is_said_and_a_light_runs(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    controller, bar = make(TopBar)
    now = 100.0
    monkeypatch.setattr(time_line.time, "monotonic", lambda: now)
    bar.resize(1280, 60)
    still = bar.progress.grab().toImage()
    controller.set_state("preparing")
    assert bar.progress.waited == 0 and bar.progress.grab().toImage() == still  # a moment is not worth a word
    now = 104.2
    assert round(bar.progress.waited, 1) == 4.2
    early = bar.progress.grab().toImage()
    now = 104.6
    assert still != early != bar.progress.grab().toImage()
    controller.set_state("paused")
    assert bar.progress.waited == 0 and bar.progress.grab().toImage() == still


def test_the_bar_counts_past_the_planned_epochs(make: Make) -> None:
    controller, bar = make(TopBar)
    frame = SimpleNamespace(
        epoch=250, epochs_per_second=123.4, state="paused", snapshot=SimpleNamespace(batch=0),
        timeline=Timeline(0, 250, 250),
    )  # fmt: skip
    bar.show_frame(frame)
    assert bar.counter.accessibleName() == "Epoch 250 (200 planned)"
    assert bar.progress.share == 1.0
    frame.snapshot.batch = 3
    bar.show_frame(frame)
    assert bar.counter.accessibleName() == "Epoch 250 (200 planned) · batch 3"
    frame.state = "playing"  # it would flicker
    bar.show_frame(frame)
    assert bar.counter.accessibleName() == "Epoch 250 (200 planned)"


def test_the_menu_switches_theme_and_language(make: Make) -> None:
    _, bar = make(TopBar)
    actions = {action.text(): action for action in bar.menu.actions()}
    actions["Light"].trigger()
    assert themes.chosen == "light"
    actions["Português"].trigger()
    assert language.code == "pt"


def test_a_narrow_bar_leaves_out_what_can_be_missed(qtbot: QtBot, make: Make) -> None:
    _, bar = make(TopBar)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 720)
    bar.setParent(window)
    bar.setGeometry(0, 0, 1280, 72)
    bar.show()
    window.show()
    assert not bar.speed.isHidden()
    themes.set_scale(1.75)
    assert bar.progress.isHidden()
    assert not bar.play.isHidden()
    assert bar.layout().minimumSize().width() <= 1280
    themes.set_scale(1.0)
    assert not bar.progress.isHidden()
