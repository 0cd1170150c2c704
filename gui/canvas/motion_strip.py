"""The strip below the network in slow motion: the numbers of one unit, beside nothing that they cover.

The plane gives up the room for it while slow motion lasts, so much that all its lines fit in the end. Forward
stands at the left and backward at the right, the update below both. Where that would take too much of a low
canvas, only what is shown at the moment is said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.canvas.motion_words import Told, hints, told, told_of
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
Part = tuple[QRectF, str, str]  # a text in its area; "head", "hint" or "line"


def room_of(canvas: NetworkCanvas) -> int:
    """Return the height that the strip needs with its margins: one for all units, so that nothing moves."""
    batch = canvas.motion.batch
    if batch is None:
        return 0
    units = [(layer, 0, None) for layer in range(len(batch.layers))]
    whole = [_longest(told_of(canvas, unit, whole=True)) for unit in units]
    high = max(_height(_parts(canvas, one)) for one in whole)
    if high > WHOLE * canvas.height():
        high = max(_height(_parts(canvas, short)) for one in whole for short in _shortened(one))
    return round(min(high, MOST * canvas.height())) + air(2 * MARGIN)


def _longest(said: Told) -> Told:
    """Return the same with the hint that takes the most room."""
    return replace(said, hint=max(hints(), key=len))


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
    painter.setClipRect(area)
    for place, text, kind in _parts(canvas, shown(canvas)):
        painter.setPen(QColor(now.muted if kind == "hint" else now.text))
        painter.setFont(_face(kind))
        painter.drawText(place.translated(area.topLeft()), _WRAP, text)
    painter.setClipping(False)


def shown(canvas: NetworkCanvas) -> Told:
    """Return what there is room for of what is said at this moment."""
    now = told(canvas)
    forward, backward, update = _shortened(now)
    short = update if update.update else backward if backward.backward else forward
    room = canvas.reserved - air(2 * MARGIN)
    fitting = (one for one in (now, short) if _height(_parts(canvas, one)) <= room)
    return next(fitting, replace(short, hint=""))


def _shortened(whole: Told) -> tuple[Told, Told, Told]:
    """Return the same with what belongs to one direction alone."""
    return (
        replace(whole, backward=[], update=[]),
        replace(whole, forward=[], update=[]),
        replace(whole, forward=[], backward=[]),
    )


def _parts(canvas: NetworkCanvas, said: Told) -> list[Part]:
    """Return every line in its place from the strip's corner on."""
    padding, wide = px(PADDING), canvas.width() - 2 * px(PADDING)
    both = said.forward and said.backward
    second = (wide - px(BETWEEN)) / 2
    if not both:  # then the title has the room beside the unit's name
        second = min(second, QFontMetricsF(_face("head")).horizontalAdvance(said.unit) + 2)
    first = wide - px(BETWEEN) - second
    numbers = said.forward if both else []
    left, below = _column(QRectF(padding, px(8), first, 0), said.title, numbers, said.hint)
    corner = QRectF(padding + first + px(BETWEEN), px(8), second, 0)
    right, deep = _column(corner, said.unit, said.backward if both else [])
    rest = said.update if both else [*said.forward, *said.backward, *said.update]
    last, _ = _lines(QRectF(padding, max(below, deep), wide, 0), rest)
    return [*left, *right, *last]


def _column(corner: QRectF, head: str, lines: list[str], hint: str = "") -> tuple[list[Part], float]:
    found, below = list[Part](), corner.top()
    for kind, texts in (("head", [head]), ("hint", [hint] if hint else []), ("line", lines)):
        parts, below = _lines(QRectF(corner.left(), below, corner.width(), 0), texts, kind)
        found += parts
    return found, below


def _lines(corner: QRectF, lines: list[str], kind: str = "line") -> tuple[list[Part], float]:
    """Return texts below each other within a width, and where the next one would begin."""
    metrics, top, found = QFontMetricsF(_face(kind)), corner.top(), list[Part]()
    for line in lines:
        high = metrics.boundingRect(QRectF(0, 0, corner.width(), 10_000), _WRAP, line).height()
        found.append((QRectF(corner.left(), top, corner.width(), high + 1), line, kind))
        top += high + px(LEADING)
    return found, top


def _height(parts: list[Part]) -> float:
    return max(place.bottom() for place, _, _ in parts) + px(8)


def _face(kind: str) -> QFont:
    return font("small", bold=kind == "head")
