"""The strip below the network in slow motion: the numbers of one unit, beside nothing that they cover.

The plane gives up the room for it while slow motion lasts, so much that all its lines fit in the end. Forward
stands at the left and backward at the right, the update below both. Where that would take too much of a low
canvas, only what is shown at the moment is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.canvas.motion_words import Told, told, told_of
from gui.theme import Theme, air, font, px

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas

MARGIN, PADDING, BETWEEN, LEADING = (
    6,
    10,
    16,
    3,
)  # around it, inside, between columns, lines
WHOLE, MOST = 0.4, 0.6  # of the canvas's height: with all that is said, and in any case
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
Part = tuple[QRectF, str, bool]  # a text in its area; whether it is bold


def room_of(canvas: NetworkCanvas) -> int:
    """Return the height that the strip needs with its margins: one for all units, so that nothing moves."""
    batch = canvas.motion.batch
    if batch is None:
        return 0
    units = [(layer, 0, None) for layer in range(len(batch.layers))]
    whole = [told_of(canvas, unit, whole=True) for unit in units]
    high = max(_height(_parts(canvas, one)) for one in whole)
    if high > WHOLE * canvas.height():
        high = max(_height(_parts(canvas, short)) for one in whole for short in _shortened(one))
    return round(min(high, MOST * canvas.height())) + air(2 * MARGIN)


def strip_area(canvas: NetworkCanvas) -> QRectF:
    """Return where the strip stands in the canvas."""
    margin = air(MARGIN)
    top = canvas.height() - canvas.reserved + margin
    return QRectF(0, top, canvas.width(), canvas.reserved - 2 * margin)


def paint_strip(painter: QPainter, canvas: NetworkCanvas, now: Theme) -> None:
    """Draw what is said at this moment."""
    area = strip_area(canvas)
    painter.setPen(QPen(QColor(now.line), 1))
    painter.setBrush(QColor(now.raised))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), px(7), px(7))
    painter.setPen(QColor(now.text))
    painter.setClipRect(area)
    for place, text, bold in _parts(canvas, shown(canvas)):
        painter.setFont(_face(bold))
        painter.drawText(place.translated(area.topLeft()), _WRAP, text)
    painter.setClipping(False)


def shown(canvas: NetworkCanvas) -> Told:
    """Return what there is room for of what is said at this moment."""
    now = told(canvas)
    if _height(_parts(canvas, now)) <= canvas.reserved - air(2 * MARGIN):
        return now
    forward, backward, update = _shortened(now)
    return update if update.update else backward if backward.backward else forward


def _shortened(whole: Told) -> tuple[Told, Told, Told]:
    """Return the same with what belongs to one direction alone."""
    title, unit = whole.title, whole.unit
    return (Told(title, unit, whole.forward), Told(title, unit, backward=whole.backward),
            Told(title, unit, update=whole.update))  # fmt: skip


def _parts(canvas: NetworkCanvas, said: Told) -> list[Part]:
    """Return every line in its place from the strip's corner on."""
    padding, wide = px(PADDING), canvas.width() - 2 * px(PADDING)
    both = said.forward and said.backward
    second = (wide - px(BETWEEN)) / 2
    if not both:  # then the title has the room beside the unit's name
        second = min(second, QFontMetricsF(_face(bold=True)).horizontalAdvance(said.unit) + 2)
    first = wide - px(BETWEEN) - second
    left, below = _column(QRectF(padding, px(8), first, 0), said.title, said.forward if both else [])
    corner = QRectF(padding + first + px(BETWEEN), px(8), second, 0)
    right, deep = _column(corner, said.unit, said.backward if both else [])
    rest = said.update if both else [*said.forward, *said.backward, *said.update]
    last, _ = _lines(QRectF(padding, max(below, deep), wide, 0), rest)
    return [*left, *right, *last]


def _column(corner: QRectF, head: str, lines: list[str]) -> tuple[list[Part], float]:
    first, below = _lines(corner, [head], bold=True)
    others, below = _lines(QRectF(corner.left(), below, corner.width(), 0), lines)
    return [*first, *others], below


def _lines(corner: QRectF, lines: list[str], bold: bool = False) -> tuple[list[Part], float]:
    """Return texts below each other within a width, and where the next one would begin."""
    metrics, top, found = QFontMetricsF(_face(bold)), corner.top(), list[Part]()
    for line in lines:
        high = metrics.boundingRect(QRectF(0, 0, corner.width(), 10_000), _WRAP, line).height()
        found.append((QRectF(corner.left(), top, corner.width(), high + 1), line, bold))
        top += high + px(LEADING)
    return found, top


def _height(parts: list[Part]) -> float:
    return max(place.bottom() for place, _, _ in parts) + px(8)


def _face(bold: bool) -> QFont:
    return font("small", bold=bold)
