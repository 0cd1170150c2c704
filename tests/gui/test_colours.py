"""Everybody can read it: contrast of every text, and classes and signs apart for every colour vision."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from gui.colours import contrast_ratio, mix, viridis_table
from gui.stylesheet import TEMPLATE, shades
from gui.theme import THEMES, Theme, theme
from gui.views.paint import class_colours
from gui.widgets.marks import class_colour

# Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
APART = 40.0  # of CIE 1976 ΔE, where 2.3 is just seen: two classes, or the two signs at their strongest
FOUR, EIGHT = 28.0, 19.0  # the same between any two of the first four and the first eight classes
FAINT = 12.0  # weak negative against weak positive, a quarter of the way from zero
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                   [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
WHITE = TO_XYZ.sum(axis=1)


def rgb(colour: str) -> NDArray:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255


def seen(colour: NDArray, vision: str) -> NDArray:
    """Return CIE L*a*b* of sRGB (..., 3) in [0, 1] as someone with a colour vision sees it."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ VISIONS[vision].T, 0, 1) @ TO_XYZ.T / WHITE
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def delta(one: str, other: str, vision: str) -> float:
    return float(np.linalg.norm(seen(rgb(one), vision) - seen(rgb(other), vision)))


SHAPES = ("accent", "thumb", "muted", "line")  # handles, bars and dots, which bear no text


def rules() -> list[tuple[str, str]]:
    """Return every pair of (text, background) of a rule of the style sheet; without a ground, on cards."""
    pairs = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", TEMPLATE):
        if "disabled" in selector:
            continue  # what cannot be pressed is exempt in WCAG 1.4.3, and is said by its tooltip
        text = re.search(r"(?<![-\w])color: \$(\w+)", body)
        ground = re.search(r"background: \$(\w+)", body)
        if text is None and ground is not None and ground[1] in SHAPES:
            continue
        usual = "accent_text" if "primary" in selector else "text"
        grounds = [ground[1]] if ground else ["background", "panel"]
        if text or ground:
            pairs += [(text[1] if text else usual, name) for name in grounds]
    return pairs


def test_the_rules_are_found() -> None:
    assert {("accent_text", "accent"), ("muted", "panel"), ("text", "hover"), ("tip_text", "tip")} <= set(
        rules()
    )


@pytest.mark.parametrize("name", THEMES)
def test_every_text_of_the_style_sheet_can_be_read(name: str) -> None:
    colours, least = shades(THEMES[name]), 7.0 if name == "contrast" else 4.5
    ratios = {(text, ground): contrast_ratio(colours[text], colours[ground]) for text, ground in rules()}
    assert not {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


@pytest.mark.parametrize("name", THEMES)
def test_words_on_the_bar_at_the_top_can_be_read(name: str) -> None:
    now, least = THEMES[name], 7.0 if name == "contrast" else 4.5
    for colour in (now.text, now.muted, now.warning, now.accent):
        assert contrast_ratio(colour, now.panel) >= least
    # A mark and the handle are shapes: 3:1 (WCAG 1.4.11).
    assert contrast_ratio(now.line, now.text) >= 3 or name == "contrast"


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("now", THEMES.values(), ids=lambda now: now.name)
def test_classes_and_signs_stay_apart(now: Theme, vision: str) -> None:
    assert delta(now.negative, now.positive, vision) > APART
    faint = [mix(now.panel, colour, 0.25) for colour in (now.negative, now.positive)]
    assert delta(*faint, vision) > FAINT
    for colour in (now.negative, now.positive):
        assert delta(colour, now.panel, vision) > APART  # a strong weight against none


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("now", THEMES.values(), ids=lambda now: now.name)
def test_many_classes_stay_apart_from_each_other_and_from_nothing(now: Theme, vision: str) -> None:
    colours = [now.negative, now.positive, *now.later]
    assert len(colours) == 8
    for place, colour in enumerate(colours):
        others = [now.panel, *colours[:place]]  # the panel: where a field has no probability
        assert min(delta(colour, other, vision) for other in others) > (FOUR if place < 4 else EIGHT)


@pytest.mark.parametrize("vision", VISIONS)
def test_a_surface_gets_lighter_all_the_way(vision: str) -> None:
    light = seen(viridis_table()[:, :3] / 255, vision)[:, 0]
    assert np.all(np.diff(light[::8]) > 0) and light[-1] - light[0] > 60


def test_the_matrices_leave_grey_alone() -> None:
    for vision in VISIONS:
        np.testing.assert_allclose(VISIONS[vision].sum(axis=1), 1, atol=1e-4)


def test_a_class_keeps_its_colour_however_many_there_are() -> None:
    for count in range(2, 8):
        assert class_colours(count) == class_colours(8)[:count] == [class_colour(k) for k in range(count)]
    assert class_colours(2) == [theme().negative, theme().positive]
