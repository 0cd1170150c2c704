"""Painting of counts: bars, outlines and ridges above an axis."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.i18n import number, tr
from gui.theme import font, mix, px, theme
from gui.views import paint

Align = Qt.AlignmentFlag
OVERLAP = 1.8  # how many steps a ridge may be high


def paint_bars(painter: QPainter, plot: QRectF, heights: NDArray[np.float64]) -> None:
    """Paint filled bars; a height of 1 fills the plot."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    width = plot.width() / len(heights)
    for index, height in enumerate(heights.tolist()):
        left, right = round(plot.left() + index * width), round(plot.left() + (index + 1) * width)
        tall = height * plot.height()
        if tall > 0:
            gap = 1 if right - left > 2 else 0
            top = plot.bottom() - max(1.0, tall)
            painter.fillRect(QRectF(left, top, right - left - gap, plot.bottom() - top), bar_colour())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def bar_colour() -> QColor:
    """Return the colour of what is counted now."""
    return QColor(mix(theme().panel, theme().accent, 0.55))


def paint_outline(painter: QPainter, plot: QRectF, heights: NDArray[np.float64]) -> None:
    """Paint only the edge of bars, so that others can be seen behind them."""
    width = plot.width() / len(heights)
    corners = [QPointF(plot.left(), plot.bottom())]
    for index, height in enumerate(heights.tolist()):
        y = plot.bottom() - height * plot.height()
        corners += [QPointF(plot.left() + index * width, y), QPointF(plot.left() + (index + 1) * width, y)]
    corners.append(QPointF(plot.right(), plot.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(theme().text), max(1.0, px(1.5))))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(corners))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def paint_ridges(painter: QPainter, plot: QRectF, counts: NDArray[np.int64]) -> list[float]:
    """Paint (moments, bins) counts one above the other, the first at the top; return their baselines.

    All are on one scale, the tallest reaching over the ridge before it; the last, which is now, is the
    brightest.
    """
    moments, bins = counts.shape
    step = plot.height() / (moments + OVERLAP - 1)
    scale = OVERLAP * step / max(1, int(counts.max()))
    baselines = [plot.top() + (OVERLAP + index) * step for index in range(moments)]
    xs = plot.left() + (np.arange(bins) + 0.5) * plot.width() / bins
    now = theme()
    for index, (y, line) in enumerate(zip(baselines, counts, strict=True)):
        share = (index + 1) / moments
        points = [QPointF(x, y - count * scale) for x, count in zip(xs.tolist(), line.tolist(), strict=True)]
        ends = [QPointF(plot.left(), y), *points, QPointF(plot.right(), y)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(now.panel, now.accent, 0.12 + 0.4 * share)))
        painter.drawPolygon(QPolygonF(ends))
        painter.setPen(QPen(QColor(mix(now.muted, now.text, share)), max(1.0, px(1.2))))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(ends))
    return baselines


def heights(counts: NDArray[np.int64], tallest: int, logarithmic: bool) -> NDArray[np.float64]:
    """Return the heights of bars, 1 for the tallest; on a logarithmic axis those of log(1 + count)."""
    if not logarithmic:
        return counts / tallest
    shares: NDArray[np.float64] = np.log1p(counts) / np.log1p(tallest)
    return shares


def paint_tallest(
    painter: QPainter, plot: QRectF, count: int, logarithmic: bool = False, share: float = 1.0
) -> None:
    """Write above a plot the count that fills its height.

    Parameters:
        count: that of the tallest bar.
        share: of its height, which the plot shows from the foot on; below 1 taller bars are cut off.
    """
    painter.setFont(font("small"))
    if share < 1.0:
        top = float(np.expm1(share * np.log1p(count))) if logarithmic else share * count
        text = tr("height {count}", count=number(top, 2))
    else:
        text = tr("at most {count}", count=number(count))
    if logarithmic:
        text = tr("{count}, logarithmic", count=text)
    paint.paint_label(painter, plot.left(), plot.top() - px(2), text, Align.AlignLeft | Align.AlignBottom)


def paint_axis(
    painter: QPainter, plot: QRectF, edges: NDArray[np.float64], name: str = "", beyond: bool = False
) -> None:
    """Write the ends of an axis below the plot, its name before the first.

    With ``beyond`` more lies outside, and the ends say so.
    """
    painter.setFont(font("small"))
    low, high, y = float(edges[0]), float(edges[-1]), plot.bottom() + px(3)
    first = number(low) if low >= 0 or not beyond else f"≤ {number(low)}"
    last = f"≥ {number(high)}" if beyond else number(high)
    right = paint.paint_label(painter, plot.right(), y, last, Align.AlignRight)
    named = f"{name} {first}" if name else first
    zero = plot.left() - low / (high - low) * plot.width() if low < 0 < high else None
    limit = (zero if zero is not None else right.left()) - px(10)
    if plot.left() + painter.fontMetrics().horizontalAdvance(named) > limit:
        named = first
    left = paint.paint_label(painter, plot.left(), y, named, Align.AlignLeft)
    if zero is not None and left.right() + px(8) < zero < right.left() - px(8):
        paint.paint_label(painter, zero, y, "0", Align.AlignHCenter)


def paint_legend(painter: QPainter, line: QRectF) -> None:
    """Say at the right of a line that bars are now and the outline is the start."""
    middle, x = line.center().y(), line.right()
    box = px(10)
    for word, outlined in ((tr("start"), True), (tr("now"), False)):
        left = paint.paint_label(painter, x, middle, word, Align.AlignRight | Align.AlignVCenter).left()
        sample = QRectF(left - px(6) - box, middle - box / 2, box, box)
        if outlined:
            painter.setPen(QPen(QColor(theme().text), max(1.0, px(1.5))))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(sample)
        else:
            painter.fillRect(sample, bar_colour())
        x = sample.left() - px(14)
