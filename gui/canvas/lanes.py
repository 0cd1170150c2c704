"""Where skips and marks stand: arcs in lanes above the heads, pills in a row below them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

ASIDE = 7.0  # pixels beside a head's middle where its skips begin (right) and end (left)


@dataclass(frozen=True)
class Skip:
    """One skip as drawn.

    Attributes
    ----------
    source, layer : from which layer to which
    path : the arc, from its beginning to its arrow head
    """

    source: int
    layer: int
    path: QPainterPath


def lanes_of(skips: Sequence[tuple[int, int]]) -> list[int]:
    """Return the lane of each (source, layer), 0 the lowest; skips of one lane do not overlap.

    Short ones get the lower lanes. One may begin where another ends.
    """
    found = [0] * len(skips)
    taken: list[list[tuple[int, int]]] = []
    for index in sorted(range(len(skips)), key=lambda index: skips[index][1] - skips[index][0]):
        source, layer = skips[index]
        lane = next(
            (lane for lane, held in enumerate(taken) if all(layer <= a or source >= b for a, b in held)),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((source, layer))
        found[index] = lane
    return found


def arcs(
    skips: Sequence[tuple[int, int]], heads: Sequence[QRectF], step: float, scale: float
) -> tuple[Skip, ...]:
    """Return the arcs above the heads (the inputs' first), each lane ``step`` above the one below it."""
    found = []
    for (source, layer), lane in zip(skips, lanes_of(skips), strict=True):
        before, after = heads[source + 1], heads[layer + 1]
        aside = min(ASIDE * scale, before.width() / 4, after.width() / 4)
        start = QPointF(before.center().x() + aside, before.top())
        end = QPointF(after.center().x() - aside, after.top())
        found.append(Skip(source, layer, _arc(start, end, before.top() - (lane + 0.75) * step)))
    return tuple(found)


def _arc(start: QPointF, end: QPointF, level: float) -> QPainterPath:
    """Return a line up, along the level and down again, with round corners."""
    radius = min((end.x() - start.x()) / 2, start.y() - level)
    path = QPainterPath(start)
    path.lineTo(start.x(), level + radius)
    path.quadTo(QPointF(start.x(), level), QPointF(start.x() + radius, level))
    path.lineTo(end.x() - radius, level)
    path.quadTo(QPointF(end.x(), level), QPointF(end.x(), level + radius))
    path.lineTo(end)
    return path


def pills(
    sizes: Sequence[tuple[float, float]], centre: float, top: float, height: float, gap: float, room: float
) -> tuple[QRectF, ...]:
    """Return where a column's marks stand: with their texts where the room allows, else as many as fit.

    Parameters
    ----------
    sizes : (width with text, width without) of each
    """
    for form in (0, 1):
        widths = [size[form] for size in sizes]
        if sum(widths) + gap * (len(widths) - 1) <= room:
            break
    while len(widths) > 1 and sum(widths) + gap * (len(widths) - 1) > room:
        widths.pop()
    widths = [min(width, room) for width in widths]
    left, found = centre - (sum(widths) + gap * (len(widths) - 1)) / 2, []
    for width in widths:
        found.append(QRectF(left, top, width, height))
        left += width + gap
    return tuple(found)
