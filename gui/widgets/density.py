"""A small picture of a distribution: where a single weight is drawn from."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.i18n import language, number, tr
from gui.theme import font, mix, px, theme, themes


class DensityCurve(QWidget):
    """The density of one first weight, over an axis with numbers.

    Attributes:
        shape: "point", "uniform", "normal" or "orthogonal" (drawn as a normal: each weight nearly is)
        spread: the point's value, the limit of a uniform, the standard deviation of a normal
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape, self.spread = "normal", 1.0
        themes.changed.connect(self.updateGeometry)
        language.changed.connect(self.retranslate)

    def show_distribution(self, shape: str, spread: float) -> None:
        """Show another distribution."""
        if (shape, spread) != (self.shape, self.spread):
            self.shape, self.spread = shape, spread
            self.update()
        self.retranslate()

    def retranslate(self) -> None:
        """Say in words what the curve shows."""
        value, low = number(self.spread), number(-self.spread)
        words = {
            "point": tr("Every weight starts at {value}.", value=value),
            "uniform": tr("Weights start evenly between {low} and {high}.", low=low, high=value),
        }
        normal = tr("Weights start around 0 with a standard deviation of {value}.", value=value)
        sentence = words.get(self.shape, normal)
        self.setToolTip(sentence)
        self.setAccessibleName(sentence)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(62))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(62))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base = self.height() - px(16)
        curve = self._curve(self.width(), base - px(3), base)
        area = QPainterPath(curve)
        area.lineTo(self.width(), base)
        area.lineTo(0, base)
        painter.fillPath(area, QColor(mix(now.panel, now.accent, 0.3)))
        painter.setPen(QPen(QColor(mix(now.panel, now.accent, 0.6)), 1))
        painter.drawLine(QPointF(0, base), QPointF(self.width(), base))
        painter.setPen(QPen(QColor(now.accent), max(1.5, px(1.75))))
        painter.drawPath(curve)
        self._draw_axis(painter, base)

    def _draw_axis(self, painter: QPainter, base: float) -> None:
        painter.setFont(font("small"))
        painter.setPen(QColor(theme().muted))
        low, middle, high = self._reach()
        place = QRectF(0, base + px(1), self.width(), px(15))
        for value, side in ((low, Qt.AlignmentFlag.AlignLeft), (middle, Qt.AlignmentFlag.AlignHCenter),
                            (high, Qt.AlignmentFlag.AlignRight)):  # fmt: skip
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, number(value, 2))

    def _reach(self) -> tuple[float, float, float]:
        """Return the axis: its left end, middle and right end."""
        if self.shape == "point":
            return self.spread - 1, self.spread, self.spread + 1
        wide = (1.4 if self.shape == "uniform" else 3.2) * (self.spread or 1.0)
        return -wide, 0.0, wide

    def _curve(self, width: float, height: float, base: float) -> QPainterPath:
        path = QPainterPath(QPointF(0, base))
        if self.shape in ("point", "uniform") or self.spread == 0:
            half = width / 2.8 if self.shape == "uniform" and self.spread else max(1.5, px(1.5))
            for x, y in ((-half, 0), (-half, 0.85), (half, 0.85), (half, 0)):
                path.lineTo(width / 2 + x, base - height * y)
        else:
            steps = 96
            for index in range(steps + 1):
                z = (index / steps * 2 - 1) * 3.2
                path.lineTo(width * index / steps, base - height * math.exp(-z * z / 2))
        path.lineTo(width, base)
        return path
