"""A small picture of a schedule: what the learning rate is in each epoch."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.choice import Schedule
from engine.schedule import curve
from gui.guard import guarded
from gui.i18n import language, name_of, number, tr
from gui.theme import font, mix, px, theme, themes

HIGH = 46


class RateCurve(QWidget):
    """The rate over the epochs of the training, with the epoch that it is at.

    Attributes:
        epochs, rates: (n,) what is drawn
        waits: whether the rate falls when the loss says so, which no curve can show beforehand
        empty: whether the rate is constant, so that there is nothing to see
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs, self.rates = np.zeros(1), np.ones(1)
        self.waits, self.empty = False, True
        self._name, self._now, self._last = "constant", 0.0, 1
        themes.changed.connect(self.updateGeometry)
        language.changed.connect(self.retranslate)

    def show_schedule(self, schedule: Schedule, rate: float, batches: int, epochs: int) -> None:
        """Show the curve of a schedule that multiplies this learning rate."""
        self.waits, self.empty = schedule.name == "plateau", schedule.name == "constant"
        if not self.empty:
            self.epochs, factors = curve(schedule, batches, epochs)
            self.rates = rate * factors
        self._name, self._last = schedule.name, epochs
        self.retranslate()

    def show_epoch(self, epoch: float) -> None:
        """Mark the epoch that the training is at."""
        if epoch != self._now:
            self._now = epoch
            self.update()

    def retranslate(self) -> None:
        """Say in words what the curve shows."""
        name = name_of("schedules", self._name)
        if self.waits:
            words = tr("{name}: the learning rate is {rate} until the loss no longer falls.", name=name,
                       rate=number(float(self.rates[0])))  # fmt: skip
        else:
            words = tr("{name}: the learning rate goes from {first} to {last}, at most {most}.", name=name,
                       first=number(float(self.rates[0]), 2), last=number(float(self.rates[-1]), 2),
                       most=number(float(self.rates.max()), 2))  # fmt: skip
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(HIGH))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(px(1), px(4), self.width() - px(2), self.height() - px(20))
        line = self._line(area)
        filled = QPainterPath(line)
        filled.lineTo(area.bottomRight())
        filled.lineTo(area.bottomLeft())
        painter.fillPath(filled, QColor(mix(now.panel, now.accent, 0.3)))
        painter.setPen(QPen(QColor(mix(now.panel, now.accent, 0.6)), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        pen = QPen(QColor(now.accent), max(1.5, px(1.75)))
        if self.waits:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPath(line)
        if self._now > 0:
            self._mark_now(painter, area)
        self._draw_axis(painter, area)

    def _line(self, area: QRectF) -> QPainterPath:
        """Return the curve; a schedule that waits for the loss is drawn with one fall, as it may come."""
        xs, ys = self.epochs / max(self._last, 1), self.rates / (self.rates.max() or 1.0)
        if self.waits:
            xs, ys = np.array([0, 0.5, 0.5, 0.8, 0.8, 1]), np.array([1, 1, 0.5, 0.5, 0.25, 0.25])
        corners = zip(area.left() + xs * area.width(), area.bottom() - ys * area.height(), strict=True)
        (first, *others) = (QPointF(x, y) for x, y in corners)
        path = QPainterPath(first)
        for corner in others:
            path.lineTo(corner)
        if not self.waits:
            path.lineTo(area.right(), path.currentPosition().y())
        return path

    def _mark_now(self, painter: QPainter, area: QRectF) -> None:
        """Draw where the training is on the curve; of one that waits nothing is known."""
        x = area.left() + min(self._now / max(self._last, 1), 1.0) * area.width()
        painter.setPen(QPen(QColor(theme().text), max(1, px(1))))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if not self.waits:
            rate = float(np.interp(self._now, self.epochs, self.rates)) / (float(self.rates.max()) or 1.0)
            painter.setBrush(QColor(theme().text))
            painter.drawEllipse(QPointF(x, area.bottom() - rate * area.height()), px(3), px(3))

    def _draw_axis(self, painter: QPainter, area: QRectF) -> None:
        align = Qt.AlignmentFlag
        painter.setFont(font("small"))
        painter.setPen(QColor(theme().muted))
        place = QRectF(area.left(), area.bottom() + px(1), area.width(), px(15))
        painter.drawText(place, align.AlignLeft | align.AlignVCenter, tr("epoch {epoch}", epoch=0))
        painter.drawText(place, align.AlignRight | align.AlignVCenter, number(self._last))
        painter.drawText(place, align.AlignHCenter | align.AlignVCenter, "" if self.waits else self._reach())

    def _reach(self) -> str:
        """Return the lowest and the highest rate; one that cannot be told from 0 in the picture is 0."""
        low, high = float(self.rates.min()), float(self.rates.max())
        low = low if low > 0.005 * high else 0.0
        return tr("η {low} to {high}", low=number(low, 2), high=number(high, 2))
