"""Paints the card beside the mouse: live numbers and formulas, in the inverse colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.theme import Theme, font, mix, px

WIDEST, PADDING, AWAY = 340, 10, 14
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
