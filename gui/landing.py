"""Where a card comes down that is carried: which places there are, and what each makes of the arrangement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gui.tiles import OPPOSITE, Rect, Side, Tree, neighbour, put, swapped

NEAR = 0.27  # of a card's width and height: nearer to an edge, the carried one goes beside it
NO_MIDDLE = 0.5  # the same for a card that cannot change places
LEAST_SHARE = 0.15  # of the room that another card gives up


class Landing(NamedTuple):
    """Where a card comes down.

    Attributes:
        target: another card; None is beside all of them.
        side: of the target; None means that the two change places.
    """

    target: str | None
    side: Side | None


APART = Landing(None, None)  # in a window of its own


def under(point: tuple[float, float], room: Rect, rects: Mapping[str, Rect], edge: int,
          near: float = NEAR) -> Landing | None:  # fmt: skip
    """Return what is at a point; None where no card is.

    Parameters:
        edge: how many pixels from the border of the room a card goes beside all the others.
        near: to an edge of a card, as a share of its size.
    """
    x, y = point
    if not room.holds(x, y):
        return None
    outer = _nearest(x, y, room, edge / max(room.width, 1), edge / max(room.height, 1))
    if outer is not None:
        return Landing(None, outer)
    for name, rect in rects.items():
        if rect.holds(x, y):
            return Landing(name, _nearest(x, y, rect, near, near))
    return None


def _nearest(x: float, y: float, rect: Rect, wide: float, high: float) -> Side | None:
    """Return the side that a point is near to, as shares of width and height; None in the middle."""
    across, down = (x - rect.x) / max(rect.width, 1), (y - rect.y) / max(rect.height, 1)
    far: dict[Side, float] = {
        "left": across / wide, "right": (1 - across) / wide, "above": down / high, "below": (1 - down) / high,
    }  # fmt: skip
    side = min(far, key=lambda one: far[one])
    return side if far[side] < 1 else None


def step(here: Landing, towards: Side, rects: Mapping[str, Rect], carried: str) -> Landing:
    """Return the next place in a direction: across a card, then over its edge to the neighbour."""
    if here.side == OPPOSITE[towards]:
        return _inwards(here, towards, rects)
    if here.target is None or here.side != towards:
        return Landing(here.target, towards)
    following = neighbour(rects, here.target, towards)
    if following == carried:  # beside itself is where it stands
        following = neighbour(rects, carried, towards)
    return Landing(None, towards) if following is None else Landing(following, OPPOSITE[towards])


def _inwards(here: Landing, towards: Side, rects: Mapping[str, Rect]) -> Landing:
    if here.target is not None:
        return Landing(here.target, None)
    from_edge = {
        "right": lambda rect: rect.x, "left": lambda rect: -rect.x - rect.width,
        "below": lambda rect: rect.y, "above": lambda rect: -rect.y - rect.height,
    }[towards]  # fmt: skip
    return Landing(min(rects, key=lambda name: from_edge(rects[name])), OPPOSITE[towards])


def landed(tree: Tree, carried: str, there: Landing, wished: tuple[int, int], room: Rect,
           rects: Mapping[str, Rect], present: bool = True) -> Tree | None:  # fmt: skip
    """Return the arrangement after a card came down; None where it cannot.

    Parameters:
        wished: the width and height that the card would like, in pixels.
        present: whether the card stands in the arrangement already: others cannot change places with it.
    """
    if there.target == carried:
        return tree if present else None
    if there.side is None:
        return swapped(tree, carried, there.target) if present and there.target else None
    around = room if there.target is None else rects[there.target]
    flat = there.side in ("left", "right")
    share = (wished[0] / max(around.width, 1)) if flat else (wished[1] / max(around.height, 1))
    return put(tree, carried, there.target, there.side, max(LEAST_SHARE, min(share, 0.5)))
