"""Numbers by layer on a logarithmic scale: the axes, and where a value stands."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import number, tr
from gui.theme import font, px, theme
from gui.views import paint
from gui.views.zoom import Zoom

Align = Qt.AlignmentFlag


class LogAxes:
    """Layers across, a positive quantity up in powers of ten.

    Attributes:
        plot: the area between the axes.
        lens: how much closer one looks at it.
        low, high: the powers of ten at its ends.
    """

    def __init__(self, area: QRectF, layers: int, values: Sequence[float], lens: Zoom | None = None) -> None:
        found = [value for value in values if value > 0 and math.isfinite(value)] or [1.0]
        self.low = math.floor(math.log10(min(found)) - 0.02)
        self.high = max(math.ceil(math.log10(max(found)) + 0.02), self.low + 1)
        self.layers = layers
        self.lens = lens or Zoom()
        self.plot = area.adjusted(px(46), px(6), -px(6), -px(20))

    def place(self, layer: int, value: float) -> QPointF | None:
        """Return where a layer's value stands; None where it is 0 or no number."""
        if not (value > 0 and math.isfinite(value)):
            return None
        return QPointF(self.across(layer), self.up(value))

    def across(self, layer: int) -> float:
        """Return where the middle of a layer is seen."""
        whole = self.plot.left() + (layer + 0.5) * self.plot.width() / self.layers
        return self.lens.seen(QPointF(whole, 0)).x()

    def up(self, value: float) -> float:
        """Return the height at which a positive value is seen."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.lens.seen(QPointF(0, self.plot.bottom() - share * self.plot.height())).y()

    def layer_at(self, x: float) -> int | None:
        """Return the layer at a place across the whole picture."""
        layer = int((x - self.plot.left()) / self.plot.width() * self.layers)
        return layer if 0 <= layer < self.layers and x >= self.plot.left() else None

    def paint(self, painter: QPainter) -> None:
        """Paint lines and numbers at powers of ten, and the layers' numbers."""
        painter.setFont(font("small"))
        line = painter.fontMetrics().height()
        fitting = max(1, int(self.plot.height() * self.lens.scale / line))
        step = max(1, math.ceil((self.high - self.low) / fitting))
        for power in range(self.low, self.high + 1, step):
            y = self.up(10.0**power)
            if not self.plot.top() - 1 <= y <= self.plot.bottom() + 1:
                continue
            painter.setPen(QPen(QColor(paint.grid_colour()), 1))
            painter.drawLine(QPointF(self.plot.left(), y), QPointF(self.plot.right(), y))
            text = number(10.0**power) if -4 < power < 5 else f"10{_raised(power)}"
            paint.paint_label(
                painter, self.plot.left() - px(6), y, text, Align.AlignRight | Align.AlignVCenter
            )
        self._paint_layers(painter)

    def _paint_layers(self, painter: QPainter) -> None:
        """Number the layers from 1, leaving out those that have no room."""
        y = self.plot.bottom() + px(3)
        wide = paint.text_width(painter, [str(self.layers)]) + px(6)
        step = max(1, math.ceil(wide * self.layers / (self.plot.width() * self.lens.scale)))
        seen = [layer for layer in range(0, self.layers, step)
                if self.plot.left() <= self.across(layer) <= self.plot.right()]  # fmt: skip
        for layer in seen:
            paint.paint_label(painter, self.across(layer), y, str(layer + 1), Align.AlignHCenter)
        if seen:
            left = self.across(seen[0]) - paint.text_width(painter, [str(seen[0] + 1)]) / 2 - px(4)
            paint.paint_label(painter, left, y, tr("layer"), Align.AlignRight)

    def paint_line(
        self, painter: QPainter, values: Sequence[float], colour: str, kind: int, hollow: bool = False
    ) -> None:
        """Paint a mark a layer and the line between neighbours; thin and hollow for the start."""
        painter.save()
        room = px(6)  # a mark at the edge is seen whole
        painter.setClipRect(self.plot.adjusted(-room, -room, room, room))
        before: QPointF | None = None
        for layer, value in enumerate(values):
            here = self.place(layer, value)
            if here is not None and before is not None:
                paint.paint_polyline(
                    painter, [before.x(), here.x()], [before.y(), here.y()], colour, px(1 if hollow else 2.2)
                )
            before = here
        for layer, value in enumerate(values):
            here = self.place(layer, value)
            if here is not None:
                painter.setPen(QPen(QColor(colour), px(1.4)))
                painter.setBrush(QColor(theme().panel if hollow else colour))
                painter.drawPath(paint.shape(kind, here.x(), here.y(), px(3.2 if hollow else 4)))
        painter.restore()


def _raised(power: int) -> str:
    """Return an exponent in small raised figures."""
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
