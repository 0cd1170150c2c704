"""What is at a point of the canvas, and what lies next to it for the arrow keys: pure geometry.

An item is a tuple: a kind and its numbers, with layers as in :mod:`gui.canvas.layout`.
("head", layer), ("unit", layer, unit), ("block", layer), ("link", layer, from, to), ("insert", index),
("add", layer), ("remove", layer), ("close", layer), ("mark", layer, number), ("skip", later layer).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from gui.canvas.layout import Column, Geometry

Item: TypeAlias = tuple[str | int, ...]
REACH = 6.0  # how far from a link's middle line, in pixels, it still counts as hit


def rect_of(geometry: Geometry, item: Item) -> QRectF | None:
    """Return the rectangle of an item, None for a link, a skip or what is not there."""
    kind, *numbers = item
    number = int(numbers[0])
    if kind == "insert":
        return geometry.inserts[number] if number < len(geometry.inserts) else None
    if not -1 <= number < len(geometry.columns) - 1:
        return None
    column = geometry.column(number)
    if kind == "unit":
        unit = int(numbers[1])
        return column.units[unit] if unit < len(column.units) else None
    if kind == "mark":
        return column.marks[int(numbers[1])] if int(numbers[1]) < len(column.marks) else None
    if kind == "block":
        return column.block.frame if column.block else None
    return {"head": column.head, "add": column.add, "remove": column.remove, "close": column.close}.get(
        str(kind)
    )


def area_of(geometry: Geometry, place: Item) -> QRectF | None:
    """Return the area of a picked place: a unit or the block it is in, a layer's whole column; else None."""
    kind, layer = place[0], int(place[1])
    if not 0 <= layer < len(geometry.columns) - 1:
        return None
    column = geometry.column(layer)
    if kind == "unit" and column.block is None:
        return rect_of(geometry, place)
    if kind == "unit" and column.block is not None:
        return column.block.frame
    return column.head.united(column.bounds).adjusted(-4, -4, 4, 4) if kind == "layer" else None


def exists(geometry: Geometry, item: Item) -> bool:
    """Whether there still is such an item."""
    if item[0] == "skip":
        return any(skip.layer == item[1] for skip in geometry.skips)
    if item[0] == "link":
        layer, unit, later = (int(number) for number in item[1:])
        if layer >= len(geometry.columns) - 1 or not geometry.has_links(layer):
            return False
        return unit < geometry.column(layer - 1).count and later < geometry.column(layer).count
    return rect_of(geometry, item) is not None


def spot_of(geometry: Geometry, item: Item) -> QRectF:
    """Return where an item is, for what opens beside it: of a link its middle, of a skip its arc's."""
    if item[0] == "link":
        middle = link_path(geometry, *(int(number) for number in item[1:])).pointAtPercent(0.5)
        return QRectF(middle.x() - 4, middle.y() - 4, 8, 8)
    if item[0] == "skip":
        arc = next(skip.path for skip in geometry.skips if skip.layer == item[1])
        return QRectF(arc.pointAtPercent(0.5), arc.pointAtPercent(0.5))
    return rect_of(geometry, item) or QRectF()


def item_at(geometry: Geometry, point: QPointF, weights: list[np.ndarray] | None = None) -> Item | None:
    """Return what is at a point; for links the nearest one, the thicker the easier to hit."""
    for column in geometry.columns:
        for kind in ("close", "add", "remove", "head"):
            rect = rect_of(geometry, (kind, column.layer))
            if rect is not None and rect.contains(point):
                return (kind, column.layer)
        for kind, rects in (("mark", column.marks), ("unit", column.units)):
            for number, rect in enumerate(rects):
                if rect.contains(point):
                    return (kind, column.layer, number)
        if column.block is not None and column.block.frame.contains(point):
            return ("block", column.layer)
    for index, rect in enumerate(geometry.inserts):
        if rect.contains(point):
            return ("insert", index)
    return _skip_at(geometry, point) or _link_at(geometry, point, weights)


def _skip_at(geometry: Geometry, point: QPointF) -> Item | None:
    stroker = QPainterPathStroker()
    stroker.setWidth(REACH)
    for skip in geometry.skips:
        if stroker.createStroke(skip.path).contains(point):
            return ("skip", skip.layer)
    return None


def column_at(geometry: Geometry, point: QPointF) -> int | None:
    """Return the layer whose column (head, units, circles) is around a point."""
    for column in geometry.columns:
        around = column.head.united(column.bounds)
        for rect in (column.add, column.remove, *column.marks):
            around = around if rect is None else around.united(rect)
        if around.adjusted(-6, -6, 6, 6).contains(point):
            return column.layer
    return None


def link_path(geometry: Geometry, layer: int, unit: int, later: int) -> QPainterPath:
    """Return the curve of the link from a unit of the column before ``layer`` to its unit ``later``."""
    start, end = geometry.anchors(layer, unit, later)
    middle = (start.x() + end.x()) / 2
    path = QPainterPath(start)
    path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
    return path


def _link_at(geometry: Geometry, point: QPointF, weights: list[np.ndarray] | None) -> Item | None:
    for layer in range(len(geometry.columns) - 1):
        if not geometry.has_links(layer):
            continue
        before, after = geometry.column(layer - 1).units, geometry.column(layer).units
        left, right = before[0].right(), after[0].left()
        if left < point.x() < right:
            distance = link_distances(geometry, layer, point)
            if weights is not None:
                distance = distance - np.minimum(np.abs(np.nan_to_num(weights[layer])), 2.0)
            best = np.unravel_index(np.argmin(distance), distance.shape)
            return ("link", layer, int(best[0]), int(best[1])) if distance[best] < REACH else None
    return None


def link_distances(geometry: Geometry, layer: int, point: QPointF) -> np.ndarray:
    """Return how far the point is from each link into a layer, (units before, units), in pixels.

    All of them are the cubic x = 3t(1-t)/2 + t³, y = 3t² - 2t³ between their ends, so that at one x all
    have the same t; the vertical distance times the cosine of the slope is close to the distance.
    """
    before, after = geometry.column(layer - 1).units, geometry.column(layer).units
    left, right = before[0].right(), after[0].left()
    low, high, wanted = 0.0, 1.0, (point.x() - left) / (right - left)
    for _ in range(30):
        t = (low + high) / 2
        low, high = (t, high) if 1.5 * t * (1 - t) + t**3 < wanted else (low, t)
    starts = np.array([rect.center().y() for rect in before])[:, np.newaxis]
    rise = np.array([rect.center().y() for rect in after])[np.newaxis, :] - starts
    speed_x = (right - left) * (1.5 - 3 * t + 3 * t * t)
    slope = rise * 6 * t * (1 - t) / speed_x
    return np.abs(starts + rise * (3 * t * t - 2 * t**3) - point.y()) / np.hypot(1, slope)


def units_in(geometry: Geometry, area: QRectF) -> set[tuple[int, int]]:
    """Return (layer, unit) of every unit of a layer that a rubber band touches; inputs do not count."""
    return {
        (column.layer, unit)
        for column in geometry.columns
        if column.layer >= 0 and column.block is None
        for unit, rect in enumerate(column.units)
        if rect.intersects(area)
    }


def layers_in(geometry: Geometry, area: QRectF) -> set[int]:
    """Return every hidden layer whose head or block a rubber band touches."""
    found = set()
    for column in geometry.columns[1:-1]:
        block = column.block.frame if column.block is not None else QRectF()
        if column.head.intersects(area) or block.intersects(area):
            found.add(column.layer)
    return found


def stops(column: Column) -> list[Item]:
    """Return what the up and down keys visit in a column, from its head to the plus below it."""
    found: list[Item] = [("head", column.layer)]
    if column.block is not None:
        found.append(("block", column.layer))
    else:
        found += [("unit", column.layer, unit) for unit in range(column.count)]
    return [*found, ("add", column.layer)] if column.add is not None else found


def neighbour(geometry: Geometry, item: Item | None, across: int, down: int) -> Item:
    """Return where an arrow key leads: ``across`` is -1, 0 or 1 to the right, ``down`` likewise.

    Along the heads' row the circles between the heads are visited too.
    """
    if item is None:
        return ("head", 0)
    row = _heads_row(geometry)
    if item in row and across:
        return row[min(max(row.index(item) + across, 0), len(row) - 1)]
    if item[0] == "insert":
        return ("head", int(item[1])) if down > 0 else item
    if item[0] == "link":
        return _beside_link(geometry, item, across, down)
    if item[0] == "skip":
        return ("head", int(item[1]))
    column = geometry.column(int(item[1]))
    here = stops(column)
    if down:
        position = here.index(item) if item in here else 0
        return here[min(max(position + down, 0), len(here) - 1)]
    target = geometry.columns[min(max(column.layer + 1 + across, 0), len(geometry.columns) - 1)]
    return _nearest(geometry, target, rect_of(geometry, item))


def _beside_link(geometry: Geometry, item: Item, across: int, down: int) -> Item:
    """Return the link into the same unit from the unit above or below, or the unit at an end."""
    layer, unit, later = (int(number) for number in item[1:])
    if across:
        return ("unit", layer - 1, unit) if across < 0 else ("unit", layer, later)
    return ("link", layer, min(max(unit + down, 0), geometry.column(layer - 1).count - 1), later)


def link_beside(geometry: Geometry, item: Item) -> Item | None:
    """Return the first link into a unit, from an input the first one out of it; None where links are none."""
    if item[0] != "unit":
        return None
    layer, unit = int(item[1]), int(item[2])
    found: Item = ("link", 0, unit, 0) if layer < 0 else ("link", layer, 0, unit)
    return found if geometry.has_links(int(found[1])) else None


def _heads_row(geometry: Geometry) -> list[Item]:
    row: list[Item] = [("head", -1)]
    for index in range(len(geometry.inserts)):
        row += [("insert", index), ("head", index)]
    return row


def _nearest(geometry: Geometry, column: Column, rect: QRectF | None) -> Item:
    """Return the stop of a column that is at about the same height, never its head."""
    height = rect.center().y() if rect is not None else 0.0

    def distance(item: Item) -> float:
        there = rect_of(geometry, item)
        return abs(there.center().y() - height) if there is not None else float("inf")

    return min(stops(column)[1:], key=distance)
