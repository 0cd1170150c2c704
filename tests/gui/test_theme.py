"""Colours, lengths and the style sheet."""

import re

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from gui.colours import contrast_ratio
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
