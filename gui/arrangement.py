"""Which cards stand where in a window of some size: pure arithmetic.

On a large screen the card with the tabs runs below network and result. Where the window is low, the
result takes the whole height beside it, so that its picture stays large. In projector mode the controls
at the left go away, and below a certain height the tabs too: Ctrl+3 shows them alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.dividers import Shares

GAP, ROOM_GAP = 12, 6  # between cards: on a desk, and in projector mode
BAR, LOW_BAR, ROOM_BAR = 72, 60, 45
LOW = 960  # heights of the design below which the result stands beside the tabs
LOW_BAR_BELOW = 860  # heights below which the top bar is low
LEAST_RESULT, LEAST_BOTTOM = 264, 188  # of what is pulled, in pixels of the design
MOST_RESULT, MOST_BOTTOM = 0.45, 0.5  # of the window: the network keeps the rest
PAGES_FROM = 480  # heights of the design from which projector mode has room for the tabs


@dataclass(frozen=True)
class Arrangement:
    """Lengths in pixels, and what is left out.

    Attributes:
        gap: between cards and around them.
        bar: the height of the top bar.
        side, pages, titles: whether the column at the left, the tabs and the cards' titles are shown.
        tall: whether the result stands beside the tabs too, instead of above them.
        result: the result's width.
        bottom: the height of the card with the tabs.
        words: the width of the findings in words.
    """

    gap: int
    bar: int
    side: bool
    pages: bool
    titles: bool
    tall: bool
    result: int
    bottom: int
    words: int


def arrange(width: int, height: int, scale: float = 1.0, projector: bool = False) -> Arrangement:
    """Return the arrangement for a window of this size in pixels."""
    if projector:
        return _in_a_room(width, height, scale)
    tall = height < LOW * scale
    wide = (0.262 if tall else 0.223) * width
    high = (0.28 if tall else 0.296) * height
    return Arrangement(
        gap=round(GAP * scale), bar=round((LOW_BAR if height < LOW_BAR_BELOW * scale else BAR) * scale),
        side=True, pages=True, titles=True, tall=tall,
        result=round(_within(wide, 264 * scale, 430 * scale)),
        bottom=round(_within(high, 188 * scale, 330 * scale)),
        words=round(_within(0.16 * width, 200 * scale, 300 * scale)),
    )  # fmt: skip


def pulled(now: Arrangement, width: int, height: int, scale: float, shares: Shares) -> Arrangement:
    """Return an arrangement with the shares that the user gave, as far as the other cards keep room."""
    if not now.side:  # projector mode is as the room needs it
        return now
    result, bottom = now.result, now.bottom
    if shares.result is not None:
        result = round(_within(shares.result * width, LEAST_RESULT * scale, MOST_RESULT * width))
    if shares.bottom is not None:
        bottom = round(_within(shares.bottom * height, LEAST_BOTTOM * scale, MOST_BOTTOM * height))
    return replace(now, result=result, bottom=bottom)


def _in_a_room(width: int, height: int, scale: float) -> Arrangement:
    pages = height >= PAGES_FROM * scale
    return Arrangement(
        gap=round(ROOM_GAP * scale), bar=round(ROOM_BAR * scale),
        side=False, pages=pages, titles=pages, tall=True,
        result=round(max((0.34 if pages else 0.37) * width, 208 * scale)),
        bottom=round(0.34 * height),
        words=round(_within(0.2 * width, 140 * scale, 300 * scale)),
    )  # fmt: skip


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
