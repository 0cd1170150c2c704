"""Paints and measures the chips above the columns: the activation's curve, its name, the start below it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.experiment import Activation
from gui.canvas.glyphs import paint_activation, paint_warning
from gui.canvas.marks import Mark
from gui.canvas.wording import Lines
from gui.theme import Theme, font, px

PADDING, CURVE_WIDTH, CURVE_HEIGHT = 9, 24, 18
HEIGHT = 38


@dataclass(frozen=True)
class Head:
    """What a column's chip shows.

    Attributes:
        words: its two lines, from the longest wording to the shortest.
        activation: whose curve it shows; None for the inputs.
        warns: whether it carries the warning mark.
        marks: the pills below it.
    """

    words: tuple[Lines, Lines, Lines]
    activation: Activation | None
    warns: bool = False
    marks: tuple[Mark, ...] = ()


# What each level shows: (wording, with curve). The last level is the curve alone.
LEVELS = ((0, True), (0, False), (1, True), (1, False), (2, False), (None, True))


def sizes(head: Head) -> tuple[tuple[float, float], ...]:
    """Return the chip's (width, height) at each level."""
    bold, plain = QFontMetricsF(font("small", bold=True)), QFontMetricsF(font("small"))
    found = []
    for wording, with_curve in LEVELS:
        words = 0.0
        if wording is not None:
            first, second = head.words[wording]
            words = max(bold.horizontalAdvance(first), plain.horizontalAdvance(second))
        elif head.activation is None:
            words = bold.horizontalAdvance(head.words[2][0])
        drawn = px(CURVE_WIDTH) if with_curve and head.activation is not None else 0
        between = px(8) if words and drawn else 0
        padding = px(PADDING if wording != 2 else 5)
        found.append((words + drawn + between + 2 * padding, float(px(HEIGHT))))
    return tuple(found)


def paint_head(painter: QPainter, area: QRectF, head: Head, level: int, now: Theme, hot: bool) -> None:
    """Draw a chip; ``hot`` when the mouse is over it."""
    painter.setPen(QPen(QColor(now.accent if hot else now.line), 1))
    painter.setBrush(QColor(now.raised))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), px(7), px(7))
    wording, with_curve = LEVELS[min(level, len(LEVELS) - 1)]
    inside = area.adjusted(px(5), 0, -px(5), 0)
    if with_curve and head.activation is not None:
        curve = QRectF(
            area.left() + px(PADDING),
            area.center().y() - px(CURVE_HEIGHT) / 2,
            px(CURVE_WIDTH),
            px(CURVE_HEIGHT),
        )
        if wording is None:
            curve.moveCenter(area.center())
        paint_activation(painter, curve, head.activation, now, px(2) * 0.9)
        inside.setLeft(curve.right() + px(3))
    if wording is not None:
        _paint_lines(painter, inside, head.words[wording], now)
    elif head.activation is None:
        painter.setPen(QColor(now.text))
        painter.setFont(font("small", bold=True))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, head.words[2][0])
    if head.warns:
        side = px(16)
        paint_warning(painter, QRectF(area.left() - side / 3, area.top() - side / 3, side, side), now)


def _paint_lines(painter: QPainter, area: QRectF, lines: Lines, now: Theme) -> None:
    half = QRectF(area.left(), area.top() + px(3), area.width(), (area.height() - px(6)) / 2)
    for index, (text, bold, colour) in enumerate(
        zip(lines, (True, False), (now.text, now.muted), strict=True)
    ):
        painter.setFont(font("small", bold=bold))
        painter.setPen(QColor(colour))
        painter.drawText(half.translated(0, index * half.height()), Qt.AlignmentFlag.AlignCenter, text)
