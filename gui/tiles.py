"""Cards in rows and columns: pure arithmetic of where each stands, and of moving one of them.

A tree says who stands where: a card's name, or a row or column of trees, each with its share of the room.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

Axis = Literal["row", "column"]
Side = Literal["left", "right", "above", "below"]
SIDES: tuple[Side, ...] = ("left", "right", "above", "below")
OPPOSITE: dict[Side, Side] = {"left": "right", "right": "left", "above": "below", "below": "above"}
VERSION = 1  # of the text that the settings keep
DEEPEST = 12  # rows in columns in rows ... of a text that is read


class Rect(NamedTuple):
    """A place in pixels."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True)
class Split:
    """Parts beside or below each other.

    Attributes:
        parts: cards' names, or splits along the other axis.
        shares: of the room, one a part; they sum to 1.
    """

    axis: Axis
    parts: tuple[Tree, ...]
    shares: tuple[float, ...]


Tree = str | Split
Least = Callable[[str], tuple[int, int]]  # the least width and height of a card in pixels
Path = tuple[int, ...]  # which part of which part ... of a tree


class Gap(NamedTuple):
    """The gap before a part of a split: where it is, and which one."""

    rect: Rect
    path: Path
    part: int
    axis: Axis


def split(axis: Axis, parts: Collection[Tree], shares: Collection[float]) -> Tree:
    """Return a split in its plain form: no part alone, none split along the same axis, shares of 1."""
    flat: list[tuple[Tree, float]] = []
    whole = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        if isinstance(part, Split) and part.axis == axis:
            flat += [(inner, share / whole * own) for inner, own in zip(part.parts, part.shares, strict=True)]
        else:
            flat.append((part, share / whole))
    if len(flat) == 1:
        return flat[0][0]
    return Split(axis, tuple(part for part, _ in flat), tuple(share for _, share in flat))


def names(tree: Tree) -> Iterator[str]:
    """Yield the names of the cards, in order."""
    if isinstance(tree, str):
        yield tree
    else:
        for part in tree.parts:
            yield from names(part)


# Moving


def without(tree: Tree, gone: Collection[str]) -> Tree | None:
    """Return a tree without some cards, whose room the others take; None where nothing is left."""
    if isinstance(tree, str):
        return None if tree in gone else tree
    left = [(without(part, gone), share) for part, share in zip(tree.parts, tree.shares, strict=True)]
    kept = [(part, share) for part, share in left if part is not None]
    return split(tree.axis, *zip(*kept, strict=True)) if kept else None


def swapped(tree: Tree, one: str, other: str) -> Tree:
    """Return a tree in which two cards have changed places."""
    if isinstance(tree, str):
        return {one: other, other: one}.get(tree, tree)
    return replace(tree, parts=tuple(swapped(part, one, other) for part in tree.parts))


def put(tree: Tree, name: str, target: str | None, side: Side, share: float = 0.5) -> Tree:
    """Return a tree with a card beside another one, or, where the target is None, beside all of them.

    Parameters:
        share: of the room that the target had.
    """
    rest = without(tree, [name])
    if rest is None:
        return name
    axis: Axis = "row" if side in ("left", "right") else "column"

    def joined(part: Tree) -> Tree:
        if side in ("left", "above"):
            return split(axis, (name, part), (share, 1 - share))
        return split(axis, (part, name), (1 - share, share))

    def within(part: Tree) -> Tree:
        if isinstance(part, str):
            return joined(part) if part == target else part
        return split(part.axis, [within(inner) for inner in part.parts], part.shares)

    return joined(rest) if target is None else within(rest)


# Where each stands


def places(tree: Tree, room: Rect, gap: int, least: Least) -> dict[str, Rect]:
    """Return each card's place in a room."""
    if isinstance(tree, str):
        return {tree: room}
    found: dict[str, Rect] = {}
    for part, rect in zip(tree.parts, _cut(tree, room, gap, least), strict=True):
        found |= places(part, rect, gap, least)
    return found


def gaps(tree: Tree, room: Rect, gap: int, least: Least, path: Path = ()) -> list[Gap]:
    """Return the gaps between the parts of a tree, the outer ones first."""
    if isinstance(tree, str):
        return []
    rects = _cut(tree, room, gap, least)
    found = []
    for index, rect in enumerate(rects[1:], start=1):
        strip = (
            Rect(rect.x - gap, rect.y, gap, rect.height) if tree.axis == "row"
            else Rect(rect.x, rect.y - gap, rect.width, gap)
        )  # fmt: skip
        found.append(Gap(strip, path, index, tree.axis))
    for index, (part, rect) in enumerate(zip(tree.parts, rects, strict=True)):
        found += gaps(part, rect, gap, least, (*path, index))
    return found


def needed(tree: Tree, gap: int, least: Least) -> tuple[int, int]:
    """Return the least width and height in which every card has its own."""
    if isinstance(tree, str):
        return least(tree)
    sizes = [needed(part, gap, least) for part in tree.parts]
    between = gap * (len(sizes) - 1)
    wide, high = [width for width, _ in sizes], [height for _, height in sizes]
    if tree.axis == "row":
        return sum(wide) + between, max(high)
    return max(wide), sum(high) + between


def beside(tree: Tree, where: Gap) -> tuple[Tree, Tree]:
    """Return the parts before and after a gap."""
    for part in where.path:
        assert isinstance(tree, Split)
        tree = tree.parts[part]
    assert isinstance(tree, Split)
    return tree.parts[where.part - 1], tree.parts[where.part]


def pulled(tree: Tree, where: Gap, pixels: int, room: Rect, least: Least, gone: Collection[str] = ()) -> Tree:
    """Return a tree with a gap so many pixels farther to the right or down, as far as both sides allow.

    Parameters:
        where: a gap between the cards that are shown.
        gone: cards of the tree that are not.
    """
    shown = without(tree, gone)
    assert shown is not None
    along, gap = (0, where.rect.width) if where.axis == "row" else (1, where.rect.height)
    both = beside(shown, where)
    rects = places(shown, room, gap, least)
    one, other = (
        max(rects[name][along] + rects[name][along + 2] for name in names(part))
        - min(rects[name][along] for name in names(part))
        for part in both
    )
    least_one, least_other = (needed(part, gap, least)[along] for part in both)
    by = max(least_one - one, min(pixels, other - least_other))
    exact = tree if gone else _settled(tree, room, gap, least)
    return _weighed(exact, set(names(both[0])), set(names(both[1])), (one + by) / (one + other))


def evened(tree: Tree, where: Gap, gone: Collection[str] = ()) -> Tree:
    """Return a tree in which the two parts beside a gap have the same share."""
    shown = without(tree, gone)
    assert shown is not None
    one, other = beside(shown, where)
    return _weighed(tree, set(names(one)), set(names(other)), 0.5)


def _weighed(tree: Tree, one: set[str], other: set[str], ratio: float) -> Tree:
    """Return a tree in which the part with some cards has a ratio of what it and another part have."""
    if isinstance(tree, str):
        return tree
    at = [index for index, part in enumerate(tree.parts) if one <= set(names(part))]
    beyond = [index for index, part in enumerate(tree.parts) if other <= set(names(part))]
    if not at or not beyond or at == beyond:
        return replace(tree, parts=tuple(_weighed(part, one, other, ratio) for part in tree.parts))
    shares = list(tree.shares)
    whole = shares[at[0]] + shares[beyond[0]]
    shares[at[0]], shares[beyond[0]] = ratio * whole, (1 - ratio) * whole
    return replace(tree, shares=tuple(shares))


def _settled(tree: Tree, room: Rect, gap: int, least: Least) -> Tree:
    """Return a tree whose shares are the lengths that its parts have in a room."""
    if isinstance(tree, str):
        return tree
    rects = _cut(tree, room, gap, least)
    inner = [_settled(part, rect, gap, least) for part, rect in zip(tree.parts, rects, strict=True)]
    return split(tree.axis, inner, [rect.width if tree.axis == "row" else rect.height for rect in rects])


def neighbour(rects: Mapping[str, Rect], name: str, side: Side) -> str | None:
    """Return the nearest card at a side, that with the longest common edge first; None at the border."""
    here = rects[name]

    def apart(there: Rect) -> int:
        return {
            "left": here.x - there.x - there.width, "right": there.x - here.x - here.width,
            "above": here.y - there.y - there.height, "below": there.y - here.y - here.height,
        }[side]  # fmt: skip

    def common(there: Rect) -> int:
        start, size = (1, 3) if side in ("left", "right") else (0, 2)
        return min(here[start] + here[size], there[start] + there[size]) - max(here[start], there[start])

    near = [other for other, there in rects.items() if apart(there) >= 0 and common(there) > 0]
    return min(near, key=lambda other: (apart(rects[other]), -common(rects[other])), default=None)


def _cut(tree: Split, room: Rect, gap: int, least: Least) -> list[Rect]:
    """Return the places of a split's parts."""
    flat = tree.axis == "row"
    whole = (room.width if flat else room.height) - gap * (len(tree.parts) - 1)
    own = [needed(part, gap, least)[0 if flat else 1] for part in tree.parts]
    found, at = [], room.x if flat else room.y
    for length in _lengths(whole, tree.shares, own):
        found.append(Rect(at, room.y, length, room.height) if flat else Rect(room.x, at, room.width, length))
        at += length + gap
    return found


def _lengths(whole: int, shares: tuple[float, ...], least: list[int]) -> list[int]:
    """Share a length; whoever would get less than the least gets that, and the others what is left."""
    if whole < sum(least):
        shares, least = tuple(float(one) for one in least), [0] * len(least)
    held: set[int] = set()
    while True:
        free = [index for index in range(len(shares)) if index not in held]
        left = whole - sum(least[index] for index in held)
        each = left / (sum(shares[index] for index in free) or 1)
        small = {index for index in free if each * shares[index] < least[index]}
        if not small:
            break
        held |= small
    ends, at = [0], 0.0
    for index, share in enumerate(shares):
        at += least[index] if index in held else each * share
        ends.append(round(at))
    return [end - start for start, end in zip(ends, ends[1:], strict=False)]


# As the settings keep it


def text(tree: Tree | None) -> str:
    """Return a tree as text; None, the design's own arrangement, as an empty one."""
    return "" if tree is None else json.dumps({"version": VERSION, "cards": _plain(tree)})


def read(kept: str, always: Collection[str], others: Collection[str]) -> Tree | None:
    """Return the tree of a text; None where it is empty, damaged, of another version or of other cards.

    Parameters:
        always: names of cards that a tree must have, once each.
        others: names that it may have, once.
    """
    try:
        whole = json.loads(kept) if kept else None
        if not isinstance(whole, dict) or whole.get("version") != VERSION:
            return None
        tree = _made(whole["cards"], DEEPEST)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    found = list(names(tree))
    known = len(found) == len(set(found)) and set(always) <= set(found) <= {*always, *others}
    return tree if known else None


def _plain(tree: Tree) -> object:
    if isinstance(tree, str):
        return tree
    parts = zip(tree.shares, tree.parts, strict=True)
    return {tree.axis: [[float(f"{share:.4g}"), _plain(part)] for share, part in parts]}


def _made(plain: Any, depth: int) -> Tree:
    if isinstance(plain, str):
        return plain
    if not isinstance(plain, dict) or len(plain) != 1:
        raise ValueError(plain)
    axis, listed = next(iter(plain.items()))
    shares = [float(share) for share, _ in listed]
    if axis not in ("row", "column") or depth == 0 or not listed:
        raise ValueError(axis)
    if not all(math.isfinite(share) and share > 0 for share in shares):
        raise ValueError(shares)
    return split(axis, [_made(part, depth - 1) for _, part in listed], shares)
