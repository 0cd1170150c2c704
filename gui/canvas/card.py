"""Paints the card beside the mouse: live numbers and formulas, in the inverse colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.theme import Theme, font, mix, px, themes

WIDEST, PADDING, AWAY = 340, 10, 14
LINES = 12  # of a card in a corner, once all its lines are there
ROOMY, BROAD = 900, 340  # a canvas from which on a card in a corner is so wide that formulas are not broken
NARROW, SHARE = 256, 0.6  # the width of a card in a corner, and the share of the canvas it takes at most
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def _size(lines: list[str], bounds: QRectF, widest: float) -> tuple[float, float]:
    """Return how wide and how high a card is."""
    metrics = QFontMetricsF(font("small"))
    width = min(px(widest), bounds.width() - 2 * px(PADDING) - 4)
    sizes = [metrics.boundingRect(QRectF(0, 0, width, 10_000), _WRAP, line) for line in lines]
    wide = max(size.width() for size in sizes) + 2 * px(PADDING) + 2
    return wide, sum(size.height() for size in sizes) + px(3) * (len(lines) - 1) + 2 * px(8)


def card_area(lines: list[str], point: QPointF, bounds: QRectF) -> QRectF:
    """Return where the card stands: right below the point where there is room, always inside the bounds."""
    wide, high = _size(lines, bounds, WIDEST)
    x, y = point.x() + px(AWAY), point.y() + px(AWAY)
    if x + wide > bounds.right() - 2:
        x = point.x() - px(AWAY) - wide
    if y + high > bounds.bottom() - 2:
        y = point.y() - px(AWAY) - high
    x = min(max(x, bounds.left() + 2), bounds.right() - wide - 2)
    y = min(max(y, bounds.top() + 2), bounds.bottom() - high - 2)
    return QRectF(round(x), round(y), wide, high)


def corner_area(lines: list[str], bounds: QRectF, avoided: Sequence[QRectF]) -> QRectF:
    """Return the corner of the bounds in which a card covers least of some areas."""
    wanted = NARROW if bounds.width() < px(ROOMY) else BROAD
    text = min(wanted, SHARE * bounds.width() / themes.scale)
    wide = px(text) + 2 * px(PADDING) + 2  # one width, while lines come and go
    high = _size(lines, bounds, text)[1]
    room = bounds.adjusted(2, 2, -2, -2)
    tall = max(high, min(QFontMetricsF(font("small")).height() * LINES, room.height()))
    corners = [
        QRectF(x, y, wide, tall)
        for x in (room.right() - wide, room.left())
        for y in (room.bottom() - tall, room.top())
    ]

    def covered(corner: QRectF) -> float:
        parts = [corner.intersected(area) for area in avoided]
        return sum(part.width() * part.height() for part in parts)

    chosen = min(corners, key=covered)  # by the height that it will have, so that it stays in one place
    if chosen.top() > room.top():
        chosen.setTop(chosen.bottom() - high)
    chosen.setHeight(high)
    return chosen


def paint_card(painter: QPainter, lines: list[str], area: QRectF, now: Theme) -> None:
    """Draw a card in its area."""
    painter.setPen(QPen(QColor(mix(now.text, now.panel, 0.25)), 1))
    painter.setBrush(QColor(now.text))
    painter.drawRoundedRect(area, px(7), px(7))
    painter.setFont(font("small"))
    painter.setPen(QColor(now.background))
    inside = area.adjusted(px(PADDING), px(8), -px(PADDING) + 2, 0)
    for line in lines:
        used = painter.boundingRect(inside, _WRAP, line)
        painter.drawText(inside, _WRAP, line)
        inside.setTop(used.bottom() + px(3))
