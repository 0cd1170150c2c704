"""Colours, lengths and the style sheet."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QMessageBox, QPushButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gui.colours import contrast_ratio
from gui.main_window import MainWindow
from gui.stylesheet import sheet
from gui.theme import (
    THEMES,
    diverging,
    diverging_table,
    font,
    mix,
    px,
    stylesheet,
    theme,
    themes,
    viridis_table,
)  # fmt: skip

TOOL_TIP = Qt.WindowType.ToolTip


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read(name: str) -> None:
    now = THEMES[name]
    for background in (now.background, now.panel, now.raised):
        assert contrast_ratio(now.text, background) >= 7
        assert contrast_ratio(now.muted, background) >= 4.5
    assert contrast_ratio(now.accent_text, now.accent) >= 4.5


def test_high_contrast_is_high() -> None:
    now = THEMES["contrast"]
    assert contrast_ratio(now.text, now.panel) == pytest.approx(21)
    assert min(contrast_ratio(colour, now.panel) for colour in (now.muted, now.accent, now.positive)) >= 7


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_style_sheet_is_filled(name: str, scale: float) -> None:
    text = sheet(THEMES[name], lambda length: round(length * scale))
    assert "$" not in text
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in re.findall(r"#[^;\s]+(?=;)", text))
    assert f"border-radius: {round(10 * scale)}px" in text


def test_a_change_is_announced_once(qtbot: QtBot) -> None:
    with qtbot.waitSignal(themes.changed):
        themes.set("light")
    assert theme().name == "light"
    with qtbot.assertNotEmitted(themes.changed):
        themes.set("light")
    assert THEMES["light"].panel in stylesheet(theme())


def test_unknown_theme_is_an_error() -> None:
    with pytest.raises(KeyError):
        themes.set("pink")


def test_scale_reaches_lengths_and_type(qtbot: QtBot) -> None:
    themes.set_scale(2.0)
    assert px(12) == 24
    assert font("large").pixelSize() == 56


def test_figures_have_one_width(qtbot: QtBot) -> None:
    metrics = QFontMetrics(font("body"))
    assert len({metrics.horizontalAdvance(figure * 10) for figure in "0123456789"}) == 1


def test_mixtures() -> None:
    assert mix("#000000", "#ffffff", 0) == "#000000"
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#000000", "#ffffff", 2) == "#ffffff"


def test_diverging_colours() -> None:
    now = theme()
    assert (diverging(-1), diverging(0), diverging(1)) == (now.negative, now.panel, now.positive)
    table = diverging_table()
    assert table.shape == (256, 4)
    assert table.dtype == np.uint8
    assert (table[:, 3] == 255).all()
    assert "#" + bytes(table[0, :3]).hex() == now.negative
    assert "#" + bytes(table[-1, :3]).hex() == now.positive


def test_bands_are_flat_and_closed_by_a_dark_line() -> None:
    smooth, banded = viridis_table(None), viridis_table(8)
    assert smooth.shape == banded.shape == (256, 4)
    assert len(np.unique(banded, axis=0)) == 8 + 7
    assert banded[31, :3].sum() < banded[30, :3].sum()


def colour_at(widget: QWidget, x: int, y: int) -> str:
    """Return the colour of a pixel of a widget that is seen."""
    return widget.grab().toImage().pixelColor(x, y).name()


def test_what_opens_after_a_change_has_the_new_look(
    qtbot: QtBot, show_window: Callable[..., MainWindow]
) -> None:
    window = show_window()
    for name in ("light", "contrast"):
        window.actions_by_key[f"theme_{name}"].trigger()
        qtbot.waitUntil(lambda name=name: theme().name == name and window.updatesEnabled())
        assert window.styleSheet() == stylesheet(THEMES[name])
        for key in ("commands", "shortcuts", "gallery"):
            window.actions_by_key[key].trigger()
            dialog = QApplication.activeModalWidget()
            assert colour_at(dialog, 3, 3) == THEMES[name].background
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        box = QMessageBox(window)
        box.open()
        assert colour_at(box, 2, 2) == THEMES[name].background
        box.reject()
        box.deleteLater()
        menu = QMenu(window.network.canvas)
        menu.addAction("x")
        menu.popup(window.mapToGlobal(window.rect().center()))
        assert colour_at(menu, 3, 3) == THEMES[name].raised
        menu.close()
        menu.deleteLater()
        boxes = [each for each in window.side.findChildren(QComboBox) if each.isVisible()]
        boxes[0].showPopup()
        assert colour_at(boxes[0].view().viewport(), 1, 1) == THEMES[name].raised
        boxes[0].hidePopup()
        QToolTip.showText(window.mapToGlobal(QPoint(9, 9)), "tip", window.top)
        tip = next(each for each in QApplication.topLevelWidgets() if each.windowType() == TOOL_TIP)
        assert colour_at(tip, 2, 2) == THEMES[name].text
        QToolTip.hideText()
        qtbot.waitUntil(lambda tip=tip: not isValid(tip) or not tip.isVisible())


def test_windows_without_an_owner_have_the_look_too(qtbot: QtBot) -> None:
    button, later = QPushButton(), QPushButton()
    for each in (button, later):
        qtbot.addWidget(each)
        each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        each.resize(80, 40)
    button.show()
    themes.set("light")
    assert colour_at(button, 40, 10) == THEMES["light"].raised
    later.show()
    later.activateWindow()
    qtbot.waitUntil(lambda: colour_at(later, 40, 10) == THEMES["light"].raised)
    themes.set("contrast")
    assert colour_at(button, 40, 10) == colour_at(later, 40, 10) == THEMES["contrast"].raised
