"""The training over time: how far it is, where it was changed, and a handle to go back and forth."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gui.guard import guarded
from gui.i18n import number, tr
from gui.theme import SPACING, font, mix, px, theme
from gui.widgets.slider import Slider

SOON = 1.0  # seconds of waiting of which nothing is said
LAP, BEAT = 1.6, 40  # seconds of one run of the light along the line; milliseconds between its pictures
NEAR = 8  # pixels of the design from a mark within which its words are shown as a tooltip


class TimeLine(Slider):
    """A slider over the epochs; it goes no farther than the training has come.

    Attributes:
        marks: (epoch, words) of what was changed on the way

    Signals:
        wanted(float): a moment was asked for, in epochs
    """

    wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(1, parent)
        self.setSingleStep(1)
        self._first = self._now = self._end = 0.0
        self._planned = 1
        self.marks: list[tuple[float, str]] = []
        self.valueChanged.connect(self._ask)
        self._waits_since = 0.0
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self.update)
        self.installEventFilter(self)

    def show_waiting(self, waiting: bool) -> None:
        """Show that something is got ready, and for how long: a light runs along the line."""
        if waiting != self._beat.isActive():
            self._waits_since = time.monotonic()
            (self._beat.start if waiting else self._beat.stop)()
            self.update()

    @property
    def waited(self) -> float:
        """Seconds that have been waited for, 0 where they are not worth a word."""
        seconds = time.monotonic() - self._waits_since
        return seconds if self._beat.isActive() and seconds > SOON else 0.0

    def show_moment(self, first: float, now: float, end: float, planned: int) -> None:
        """Show where the training is, how far it has come and how far it is to go, in epochs."""
        moment = (first, now, end)
        length = max(planned, 1, -int(-end // 1))
        if (*moment, planned, length) == (self._first, self._now, self._end, self._planned, self.maximum()):
            return
        self._planned = planned
        self._first, self._now, self._end = moment
        self.blockSignals(True)
        self.setMaximum(length)
        self.setPageStep(max(1, length // 10))
        if not self.isSliderDown():
            self.setValue(round(now))
        self.blockSignals(False)
        self.update()

    def show_marks(self, marks: list[tuple[float, str]]) -> None:
        """Show other marks."""
        if marks != self.marks:
            self.marks = marks
            self.update()

    @property
    def share(self) -> float:
        """How much of the planned training is done."""
        return min(self._now / self.maximum(), 1.0)

    def sizeHint(self) -> QSize:
        return QSize(px(160), px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(96), px(22))

    def _ask(self, epoch: int) -> None:
        """Ask for the moment under the handle, as near as the training has been there."""
        reached = min(max(float(epoch), self._first), self._end)
        if reached != self._now:
            self.wanted.emit(reached)
        if self.value() != round(reached):  # it was pulled to where nothing was trained yet
            self.blockSignals(True)
            self.setValue(round(reached))
            self.blockSignals(False)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._ask(self.value())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            near = [words for epoch, words in self.marks
                    if abs(self._x(epoch) - event.pos().x()) <= px(NEAR)]  # fmt: skip
            if near:
                QToolTip.showText(event.globalPos(), near[-1], self)
                return True
        return False

    def _x(self, epoch: float) -> float:
        first, last = self._reach()
        return first + (last - first) * min(max(epoch / self.maximum(), 0.0), 1.0)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = self._reach()
        y, thick = self._line(), max(2, px(4))
        shown = float(self.value()) if self.isSliderDown() else self._now
        done = mix(now.panel, now.accent, 0.45)
        for start, end, colour in ((low, high, now.line), (self._x(self._first), self._x(self._end), done),
                                   (self._x(self._first), self._x(shown), now.accent)):  # fmt: skip
            pen = QPen(QColor(colour), thick)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if end > start:
                painter.drawLine(QPointF(start, y), QPointF(end, y))
        if self._planned < self.maximum():  # trained past the plan: where that ended
            painter.setPen(QPen(QColor(now.muted), max(1, px(2))))
            x = self._x(self._planned)
            painter.drawLine(QPointF(x, y - px(7)), QPointF(x, y + px(7)))
        if self.waited:
            self._paint_waiting(painter, y)
            return
        self._paint_marks(painter, y)
        self._paint_handle(painter, QPointF(self._x(shown), y))

    def _paint_waiting(self, painter: QPainter, y: float) -> None:
        """Draw a light that runs along the line, and above it for how long one has waited."""
        now, (low, high) = theme(), self._reach()
        middle = low + (high - low) * (self.waited % LAP / LAP)
        half = (high - low) / 10
        pen = QPen(QColor(now.accent), max(2, px(4)))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(max(low, middle - half), y), QPointF(min(high, middle + half), y))
        metrics = QFontMetricsF(font("small"))
        words = tr("slow only the first time: {seconds} s", seconds=number(int(self.waited)))
        if metrics.horizontalAdvance(words) > self.width():
            words = tr("{seconds} s", seconds=number(int(self.waited)))
        painter.setFont(font("small"))
        painter.setPen(QColor(now.muted))
        painter.drawText(QPointF(low, y - px(8) - metrics.descent()), words)

    def _line(self) -> float:
        """Return the height of the line: in the middle, or lower where words stand above it."""
        words = QFontMetricsF(font("small")).height() if self.marks or self.waited else 0.0
        room = self.height() / 2
        return room + min(words / 2, max(0.0, room - px(9)))

    def _paint_marks(self, painter: QPainter, y: float) -> None:
        """Draw a tick at every mark, and the words of as many as fit, the newest first."""
        now, face = theme(), font("small")
        metrics, taken = QFontMetricsF(face), float("inf")
        baseline = y - px(8) - metrics.descent()
        painter.setFont(face)
        for epoch, words in reversed(self.marks):
            x, width = self._x(epoch), metrics.horizontalAdvance(words)
            painter.setPen(QPen(QColor(now.warning), max(2, px(2))))
            painter.drawLine(QPointF(x, y - px(6)), QPointF(x, y + px(6)))
            left = min(max(x - width / 2, 0.0), self.width() - width)
            fits = left >= 0 and left + width + px(SPACING * 2) <= taken and baseline - metrics.ascent() >= 0
            if fits:
                painter.setPen(QColor(now.muted))
                painter.drawText(QPointF(left, baseline), words)
                taken = left
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_handle(self, painter: QPainter, middle: QPointF) -> None:
        now, radius = theme(), px(7) + (1.0 if self.underMouse() else 0.0)
        if self.hasFocus() and not self._by_mouse:
            painter.setPen(QPen(QColor(now.accent), max(2, px(2))))
            painter.setBrush(QColor(now.panel))
            painter.drawEllipse(middle, radius + 2, radius + 2)
            radius = max(3.0, radius - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.text))
        painter.drawEllipse(QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius))
