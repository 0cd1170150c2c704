"""Geometry of a large layer's block: a rounded frame with its count, and small pictures in a grid."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF

PADDING, CAPTION, GAP = 7.0, 18.0, 4.0
TIDY = 1.18
SMALLEST, LARGEST = 13.0, 46.0  # the side of a unit's picture


@dataclass(frozen=True)
class Cells:
    """A block's places.

    Attributes
    ----------
    frame : the rounded rectangle
    picture : what the image of all weights fills
    caption : the strip with the number of units
    cells : one square for each unit that is shown by its own picture; may be fewer than the units
    """

    frame: QRectF
    picture: QRectF
    caption: QRectF
    cells: tuple[QRectF, ...]


def cells_of(units: int, picture: tuple[int, int] | None, centre: float, span: tuple[float, float],
             width: float, scale: float, ratio: float | None = None) -> Cells:  # fmt: skip
    """Return the block of a layer of ``units``, at most ``width`` wide, in the middle of the span.

    Parameters
    ----------
    picture : (height, width) in pixels of the units' own pictures, None for one image of all weights
    ratio : height by width of that one image; None when it may be of any shape
    """
    padding, caption, gap = PADDING * scale, CAPTION * scale, GAP * scale
    top, bottom = span
    inner_width = max(width - 2 * padding, 4.0)
    inner_height = max(bottom - top - 2 * padding - caption, 4.0)
    if picture is None:
        columns, rows, side, gap = 1, 1, 0.0, 0.0
        area = (min(inner_width, 110 * scale), min(inner_height, 300 * scale))
        if ratio is not None:
            wide = min(area[0], area[1] / ratio)
            area = (wide, wide * ratio)
    else:
        columns, rows, side = _grid(units, inner_width, inner_height, gap, scale)
        area = (columns * (side + gap) - gap, rows * (side + gap) - gap)
    height = area[1] + 2 * padding + caption
    frame = QRectF(centre - area[0] / 2 - padding, (top + bottom - height) / 2, area[0] + 2 * padding, height)
    inside = QRectF(frame.left() + padding, frame.top() + padding, *area)
    shown = 0 if picture is None else min(units, columns * rows)
    cells = tuple(_cell(inside, index, columns, side, gap) for index in range(shown))
    strip = QRectF(frame.left(), inside.bottom() + padding / 2, frame.width(), caption)
    return Cells(frame, inside, strip, cells)


def _cell(inside: QRectF, index: int, columns: int, side: float, gap: float) -> QRectF:
    """Return the square of one unit's picture."""
    row, column = divmod(index, columns)
    return QRectF(inside.left() + column * (side + gap), inside.top() + row * (side + gap), side, side)


def _grid(units: int, width: float, height: float, gap: float, scale: float) -> tuple[int, int, float]:
    """Return (columns, rows, side) with the largest squares that still show every unit.

    Where not even the smallest squares show them all, the grid is full and the rest is left out.
    """
    best, best_worth = (0, 0, 0.0), 0.0
    for columns in range(1, units + 1):
        rows = math.ceil(units / columns)
        side = min((width + gap) / columns, (height + gap) / rows) - gap
        # A grid without a gap at its end is worth somewhat smaller squares.
        worth = side * (TIDY if units % columns == 0 else 1.0)
        if worth > best_worth:
            best, best_worth = (columns, rows, side), worth
    smallest = SMALLEST * scale
    if best[2] < smallest:
        columns = max(int((width + gap) // (smallest + gap)), 1)
        rows = max(int((height + gap) // (smallest + gap)), 1)
        side = min(smallest, width, height)
        return columns, rows, side
    return best[0], best[1], min(best[2], LARGEST * scale)
