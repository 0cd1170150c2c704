"""The bar at the top: it follows the training, counts its epochs and leaves out what it has no room for."""

import math
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.frame import Timeline
from gui.i18n import language
from gui.panels.top_bar import LEAST_LINE, TopBar
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


def test_the_menu_switches_theme_and_language(qtbot: QtBot, make: Make) -> None:
    _, bar = make(TopBar)
    actions = {action.text(): action for action in bar.menu.actions()}
    actions["Light"].trigger()
    qtbot.waitUntil(lambda: themes.chosen == "light")
    actions["Português"].trigger()
    qtbot.waitUntil(lambda: language.code == "pt")


@pytest.mark.parametrize("code", ["pt", "en"])
@pytest.mark.parametrize(
    ("width", "scale", "words"),
    [(1056, 1.0, True), (1256, 1.0, True), (1056, 2.0, False), (1256, 2.0, False)],
)
def test_the_time_line_has_a_place_at_every_width(
    qtbot: QtBot, make: Make, width: int, scale: float, words: bool, code: str
) -> None:
    """What can be missed is left out instead, and nothing stands on anything else."""
    controller, bar = make(TopBar)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(width, 400)
    bar.setParent(window)
    language.set(code)
    themes.set_scale(scale)
    bar.set_form(round((60 if words else 45) * scale), sparse=not words)
    bar.setGeometry(0, 0, width, bar.height())
    bar.show()
    window.show()
    frame = SimpleNamespace(epoch=0, epochs_per_second=0, state="paused", snapshot=SimpleNamespace(batch=0),
                            timeline=Timeline(0, 200, 200))  # fmt: skip
    for epoch, batch in ((0, 0), (200, 0), (1200, 0), (1200, 12)):
        frame.epoch, frame.snapshot.batch = epoch, batch
        bar.show_frame(frame)
        bar.layout().activate()
        row = [one for one in bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
               if not one.isHidden() and not one.isWindow()]  # fmt: skip
        assert {bar.progress, bar.play, bar.epoch, bar.projector, bar.counter} <= set(row)
        assert not words or epoch > 200 or not bar.speed.isHidden()
        assert bar.progress.width() >= LEAST_LINE and bar.counter.width() >= bar.counter.minimumWidth()
        row.sort(key=lambda one: one.x())
        assert row[-1].geometry().right() < width
        assert all(a.geometry().right() < b.x() for a, b in zip(row, row[1:], strict=False))
    place = QPoint(bar.progress.width() // 4, bar.progress.height() // 2)
    QTest.mouseClick(bar.progress, Qt.MouseButton.LeftButton, pos=place)
    assert "go_to" in str(controller.calls)
