"""Paints what stays while it trains: heads, circles, the frames of blocks, ribbons to them, names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gui.canvas.glyphs import paint_circle
from gui.canvas.heads import Head, paint_head
from gui.canvas.layout import Column, Geometry
from gui.canvas.marks import paint_mark
from gui.theme import Theme, font, mix, px

STRANDS = 5


def paint_backdrop(painter: QPainter, geometry: Geometry, heads: Sequence[Head], labels: dict[int, list[str]],
                   captions: dict[int, str], now: Theme) -> None:  # fmt: skip
    """Draw everything that does not depend on the weights.

    ``labels`` are the names beside the units by layer, ``captions`` the words in the blocks.
    """
    for layer in range(len(geometry.columns) - 1):
        if not geometry.has_links(layer):
            _paint_ribbon(painter, geometry.column(layer - 1).bounds, geometry.column(layer).bounds, now)
    for column, head in zip(geometry.columns, heads, strict=True):
        paint_head(painter, column.head, head, geometry.level, now, hot=False)
        for area, mark in zip(column.marks, head.marks, strict=False):
            paint_mark(painter, area, mark, now)
        if column.add is not None:
            paint_circle(painter, column.add, "+", now)
        if column.block is not None:
            _paint_frame(painter, column, captions.get(column.layer, ""), now)
        _paint_labels(painter, column, labels.get(column.layer, []), now)
    for circle in geometry.inserts:
        paint_circle(painter, circle, "+", now)
    for skip in geometry.skips:
        paint_arc(painter, skip.path, mix(now.muted, now.text, 0.3), 1.6 * geometry.sizes.inset / 2)


def paint_arc(painter: QPainter, path: QPainterPath, colour: str, width: float) -> None:
    """Draw a skip with the arrow head at its end."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawPath(path)
    end, size = path.currentPosition(), 3 * width
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(QPolygonF([end, end + QPointF(-0.8 * size, -size), end + QPointF(0.8 * size, -size)]))


def _paint_ribbon(painter: QPainter, before: QRectF, after: QRectF, now: Theme) -> None:
    """Draw the bundle of many links as one band with a few strands in it."""
    left, right = before.right(), after.left()
    middle = (left + right) / 2
    band = QPainterPath(QPointF(left, before.top() + 6))
    band.cubicTo(
        QPointF(middle, before.top() + 6), QPointF(middle, after.top() + 6), QPointF(right, after.top() + 6)
    )
    band.lineTo(right, after.bottom() - 6)
    band.cubicTo(
        QPointF(middle, after.bottom() - 6),
        QPointF(middle, before.bottom() - 6),
        QPointF(left, before.bottom() - 6),
    )
    band.closeSubpath()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(
        QColor(
            mix(
                now.panel,
                now.raised if now.name != "contrast" else now.line,
                0.7 if now.name != "contrast" else 0.15,
            )
        )
    )
    painter.drawPath(band)
    painter.setPen(QPen(QColor(mix(now.panel, now.muted, 0.35)), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for strand in range(STRANDS):
        share = strand / (STRANDS - 1)
        start = before.top() + 6 + share * (before.height() - 12)
        end = after.top() + 6 + share * (after.height() - 12)
        path = QPainterPath(QPointF(left, start))
        path.cubicTo(QPointF(middle, start), QPointF(middle, end), QPointF(right, end))
        painter.drawPath(path)


def _paint_frame(painter: QPainter, column: Column, caption: str, now: Theme) -> None:
    assert column.block is not None
    painter.setPen(QPen(QColor(mix(now.muted, now.panel, 0.5)), 1))
    painter.setBrush(QColor(now.raised))
    painter.drawRoundedRect(column.block.frame, px(9), px(9))
    painter.setFont(font("small"))
    painter.setPen(QColor(now.muted))
    painter.drawText(column.block.caption, Qt.AlignmentFlag.AlignCenter, caption)


def _paint_labels(painter: QPainter, column: Column, names: Sequence[str], now: Theme) -> None:
    painter.setFont(font("small", bold=True))
    painter.setPen(QColor(now.text))
    side = Qt.AlignmentFlag.AlignRight if column.layer < 0 else Qt.AlignmentFlag.AlignLeft
    flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
    for area, name in zip(column.labels, names, strict=False):
        painter.drawText(area, flags, name)
