"""A small picture of a distribution: where a single weight is drawn from."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.choices.initializers import TRUNCATED_STD, TRUNCATION
from gui.guard import guarded
from gui.i18n import language, number, percent, tr
from gui.theme import font, mix, px, theme, themes


class DensityCurve(QWidget):
    """The density of one first weight, over an axis with numbers.

    Attributes:
        shape: "point", "uniform", "normal", "truncated_normal", "orthogonal" (drawn as a normal: each weight
            nearly is) or "file", of which nothing is known before it is read
        spread: the point's value, the limit of a uniform, the standard deviation of a normal before it is
            truncated
        zeros: the share of the weights that start at exactly 0, drawn as a bar there
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape, self.spread, self.zeros = "normal", 1.0, 0.0
        themes.changed.connect(self.updateGeometry)
        language.changed.connect(self.retranslate)

    def show_distribution(self, shape: str, spread: float, zeros: float = 0.0) -> None:
        """Show another distribution."""
        self.shape, self.spread, self.zeros = shape, spread, zeros
        self.retranslate()

    def retranslate(self) -> None:
        """Say in words what the curve shows."""
        sentence = self._sentence()
        self.setToolTip(sentence)
        self.setAccessibleName(sentence)
        self.update()

    def _sentence(self) -> str:
        value, share = number(self.spread), percent(self.zeros)
        if self.shape == "file":
            return tr("Weights and biases are copied from a file.")
        if self.shape == "uniform":
            return tr("Weights start evenly between {low} and {high}.", low=number(-self.spread), high=value)
        if self.shape == "truncated_normal":
            limit, value = number(self.spread * TRUNCATION), number(self.spread * TRUNCATED_STD)
            return tr("Weights start around 0 with a standard deviation of {value}, none beyond ±{limit}.",
                      value=value, limit=limit)  # fmt: skip
        if self.shape == "point" and self.zeros:
            return tr("{share} of the weights start at 0, the others at {value}.", share=share, value=value)
        if self.shape == "point":
            return tr("Every weight starts at {value}.", value=value)
        if self.zeros:
            return tr("{share} of the weights start at 0, the others around it (standard deviation {value}).",
                      share=share, value=value)  # fmt: skip
        return tr("Weights start around 0 with a standard deviation of {value}.", value=value)

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(54))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(54))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        if self.shape == "file":
            painter.setFont(font("small"))
            painter.setPen(QColor(now.muted))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), words, self._sentence())
            return
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
        if self.zeros:
            bar = QRectF(self.width() / 2 - px(1.5), base, px(3), -0.95 * (base - px(3)) * self._bars()[0])
            painter.fillRect(bar.normalized(), QColor(now.accent))
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
        if self.shape == "point" and not self.zeros:
            return self.spread - 1, self.spread, self.spread + 1
        wide = {"uniform": 1.4, "point": 1.6}.get(self.shape, 3.2) * (self.spread or 1.0)
        return -wide, 0.0, wide

    def _bars(self) -> tuple[float, float]:
        """Return the heights of the bar at 0 and of what the others are drawn from, the larger one 1."""
        if self.shape != "point":
            return 1.0, 0.7  # a share and a density have no common measure
        largest = max(self.zeros, 1 - self.zeros)
        return self.zeros / largest, max((1 - self.zeros) / largest, 0.06)

    def _curve(self, width: float, height: float, base: float) -> QPainterPath:
        path = QPainterPath(QPointF(0, base))
        height *= self._bars()[1] if self.zeros else 1.0
        if self.shape in ("point", "uniform") or self.spread == 0:
            half = width / 2.8 if self.shape == "uniform" and self.spread else max(1.5, px(1.5))
            middle = width / 2 * (1 + 1 / 1.6) if self.zeros and self.spread else width / 2
            for x, y in ((-half, 0), (-half, 0.85), (half, 0.85), (half, 0)):
                path.lineTo(middle + x, base - height * y)
        else:
            ends = TRUNCATION if self.shape == "truncated_normal" else 3.2
            path.lineTo(width / 2 * (1 - ends / 3.2), base)
            steps = 96
            for index in range(steps + 1):
                z = (index / steps * 2 - 1) * ends
                path.lineTo(width / 2 * (1 + z / 3.2), base - height * math.exp(-z * z / 2))
            path.lineTo(width / 2 * (1 + ends / 3.2), base)
        path.lineTo(width, base)
        return path
