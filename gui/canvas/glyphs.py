"""Small drawings: the curve of an activation, the signs in circles, the warning mark."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.choices.activations import activate
from engine.experiment import Activation
from gui.theme import Theme

REACH = 3.0  # a curve is drawn from -REACH to REACH


@lru_cache(maxsize=64)
def curve(activation: Activation) -> tuple[np.ndarray, np.ndarray] | None:
    """Return (z, a) of an activation for drawing; None for softmax, which is no curve."""
    if activation.name == "softmax":
        return None
    z = np.linspace(-REACH, REACH, 49)
    a = np.empty_like(z)
    parameter = next(iter(activation.parameters.values()), 0.0)
    # The kernel's Python source: the same formula, without compiling anything in the window's thread.
    getattr(activate, "py_func", activate)(1, activation.entry.code, parameter, z, a)
    return z, a


def paint_activation(
    painter: QPainter, area: QRectF, activation: Activation, now: Theme, width: float
) -> None:
    """Draw an activation's curve over thin axes; softmax as three bars that share one whole."""
    drawn = curve(activation)
    painter.setPen(QPen(QColor(now.muted), width / 3))
    if drawn is None:
        _paint_bars(painter, area, now)
        return
    z, a = drawn
    low, high = min(float(a.min()), 0.0), max(float(a.max()), 0.0)
    span = high - low or 1.0
    x = area.left() + (z + REACH) / (2 * REACH) * area.width()
    y = area.bottom() - (a - low) / span * area.height()
    zero = area.bottom() + low / span * area.height()
    painter.drawLine(QLineF(area.left(), zero, area.right(), zero))
    painter.setPen(QPen(QColor(now.text), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))  # fmt: skip
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]))


def _paint_bars(painter: QPainter, area: QRectF, now: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(now.text))
    step = area.width() / 3
    for index, share in enumerate((0.35, 1.0, 0.6)):
        height = area.height() * share
        painter.drawRect(
            QRectF(area.left() + step * (index + 0.15), area.bottom() - height, 0.7 * step, height)
        )


def paint_circle(
    painter: QPainter, area: QRectF, sign: str, now: Theme, hot: bool = False, solid: bool = False
) -> None:
    """Draw a circle with a "+", "-" or "x": dashed while it waits, filled with the accent when hot."""
    ink = QColor(now.accent_text if hot else now.muted)
    edge = QPen(QColor(now.accent if hot else now.muted), max(area.width() / 20, 1.0))
    if not hot and not solid:
        edge.setDashPattern([2.4, 2.4])
    painter.setPen(edge)
    painter.setBrush(QColor(now.accent) if hot else QColor(now.panel))
    painter.drawEllipse(area.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.setPen(QPen(ink, max(area.width() / 13, 1.2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    centre, arm = area.center(), area.width() * 0.21
    if sign == "x":
        arm *= 0.8
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
        return
    painter.drawLine(centre + QPointF(-arm, 0), centre + QPointF(arm, 0))
    if sign == "+":
        painter.drawLine(centre + QPointF(0, -arm), centre + QPointF(0, arm))


def paint_warning(painter: QPainter, area: QRectF, now: Theme) -> None:
    """Draw a triangle with an exclamation mark."""
    painter.setPen(QPen(QColor(now.panel), 1.0))
    painter.setBrush(QColor(now.warning))
    top, bottom = QPointF(area.center().x(), area.top()), area.bottom()
    painter.drawPolygon(QPolygonF([top, QPointF(area.right(), bottom), QPointF(area.left(), bottom)]))
    painter.setPen(
        QPen(QColor(now.panel), max(area.width() / 9, 1.2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    )
    x, height = area.center().x(), area.height()
    painter.drawLine(QPointF(x, area.top() + 0.36 * height), QPointF(x, area.top() + 0.62 * height))
    painter.drawPoint(QPointF(x, area.top() + 0.82 * height))
