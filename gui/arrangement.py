"""Which cards stand where in a window of some size: pure arithmetic.

On a large screen the card with the tabs runs below network and result. Where the window is low, the
result takes the whole height beside it, so that its picture stays large. In projector mode the controls
at the left go away, and below a certain height the tabs too: Ctrl+3 shows them alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.tiles import Least, Rect, Tree, needed, split, without

if TYPE_CHECKING:
    from collections.abc import Collection

    from gui.dividers import Shares

SMALLEST = (1080, 640)  # pixels of a window, at any scale
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
    high = (0.28 if tall else 0.27) * height
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


# The least width and height of a card in pixels of the design: on a desk, and in a room where all is doubled.
LEAST = {
    "network": (356, 260), "result": (LEAST_RESULT, 284), "bottom": (440, LEAST_BOTTOM),
    "loss_curve": (220, 150), "findings": (196, 140), "signal": (370, 170),
}  # fmt: skip
LEAST_IN_A_ROOM = {
    "network": (312, 180), "result": (208, 268), "bottom": (350, 160), "loss_curve": (204, 134),
    "findings": (184, 130), "signal": (350, 160),
}  # fmt: skip
LEAST_PAGE, LEAST_PAGE_IN_A_ROOM = (260, 170), (244, 160)


def least(scale: float, projector: bool) -> Least:
    """Return the function that says how much room each card needs in pixels."""
    table = LEAST_IN_A_ROOM if projector else LEAST
    page = LEAST_PAGE_IN_A_ROOM if projector else LEAST_PAGE

    def of(name: str) -> tuple[int, int]:
        width, height = table.get(name, page)
        return round(width * scale), round(height * scale)

    return of


def designed(now: Arrangement, room: Rect) -> Tree:
    """Return who stands where as the design has it."""
    beside = (room.width - now.gap - now.result, now.result)
    below = (room.height - now.gap - now.bottom, now.bottom)
    if now.tall:
        return split("row", [split("column", ["network", "bottom"], below), "result"], beside)
    return split("column", [split("row", ["network", "result"], beside), "bottom"], below)


def chosen(own: Tree | None, usual: Tree, gone: Collection[str], room: Rect, gap: int, of: Least) -> Tree:
    """Return who stands where: as the user has it, or as usual where there is no room for that.

    Parameters:
        gone: cards that are not in the window, whose room the others have.
    """
    if own is not None:
        shown = without(own, gone)
        width, height = needed(shown, gap, of) if shown is not None else (0, 0)
        if width <= room.width and height <= room.height:
            return own
    return usual


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
