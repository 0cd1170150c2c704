"""The pictures of noise, split and scaling in the section "Data": what the rows were and what they become."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.analysis.data_stages import Scatter, Stages, Strips, stages
from gui.guard import guarded
from gui.i18n import language, name_of, number, tr
from gui.panels.base import Controller
from gui.theme import font, mix, px, theme, themes
from gui.widgets.marks import class_colour, paint_mark

LINE, STRIP, AXIS, SPLIT, GAP = 16, 15, 15, 12, 8  # heights
NAMES, MOST_NAMES = 62, 0.42  # the least width of the inputs' names; the largest, of the whole


class DataStages(QWidget):
    """Noise before and after, the split as a bar, the inputs before and after scaling.

    It looks at the rows that are trained on, in the background, and only while it is seen.

    Attributes:
        stages: what is shown; None until the rows are there
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.stages: Stages | None = None
        self._data: Any = None
        self._errand: Any = None
        controller.frame_changed.connect(self.show_frame)
        language.changed.connect(self._say)
        themes.changed.connect(self._say)
        self._say()

    def show_frame(self, frame: Any) -> None:
        """Look at the rows of a training, if they are others than before and someone looks."""
        if frame is None or not self.isVisible() or frame.data is self._data:
            return
        if self._errand is not None:
            self._errand.cancel()
        self._data = frame.data
        experiment, data = frame.experiment, frame.data
        self._errand = self.controller.errands.start(lambda watch: stages(experiment, data))
        self._errand.done.connect(self._take)

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_frame(self.controller.frame)

    def _take(self, made: Stages) -> None:
        self.stages, self._errand = made, None
        self._say()

    def _say(self) -> None:
        """Say in words what the picture shows, and take the height that it needs."""
        words = self.sentence()
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sentence(self) -> str:
        """Return the split and the scaling in words."""
        if self.stages is None:
            return tr("The rows appear here as soon as they are read.")
        now, (train, validation, test) = self.stages, self.stages.rows
        said = [tr("{train} rows train, {validation} validate, {test} test.", train=number(train),
                   validation=number(validation), test=number(test))]  # fmt: skip
        said.append(tr("Inputs lie between {low} and {high}, scaled between {least} and {most}.",
                       low=number(now.before.low), high=number(now.before.high),
                       least=number(now.after.low), most=number(now.after.high)))  # fmt: skip
        return " ".join(said)

    def sizeHint(self) -> QSize:
        now = self.stages
        if now is None:
            return QSize(px(200), px(3 * LINE))
        strips = LINE + len(now.names) * STRIP + AXIS + (LINE if now.others else 0)
        noise = self._side() + px(LINE + GAP) if now.clean is not None else 0
        return QSize(px(200), noise + px(LINE + SPLIT + GAP + strips))

    def _side(self) -> int:
        """Return the side of the two pictures of the noise."""
        return px(104)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        if self.stages is None:
            painter.setPen(QColor(theme().muted))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(words), self.sentence())
            return
        top = self._paint_noise(painter, 0.0)
        top = self._paint_split(painter, top)
        self._paint_scaling(painter, top)

    def _paint_noise(self, painter: QPainter, top: float) -> float:
        assert self.stages is not None
        clean, noisy = self.stages.clean, self.stages.noisy
        if clean is None or noisy is None:
            return top
        side, left = self._side(), 0.0
        right = self.width() - side
        reach = _reach(clean, noisy)
        for x, words, rows in ((left, tr("without noise"), clean), (right, self._with_noise(), noisy)):
            self._write(painter, QRectF(x, top, side, px(LINE)), words, Qt.AlignmentFlag.AlignLeft)
            _paint_scatter(painter, QRectF(x, top + px(LINE), side, side), rows, reach)
        self._arrow(painter, QPointF(side + px(8), top + px(LINE) + side / 2), right - side - px(16))
        return top + px(LINE + GAP) + side

    def _with_noise(self) -> str:
        """Say how much noise: with none both pictures are alike, and keep the room that it takes."""
        assert self.stages is not None
        return tr("noise {value}", value=number(self.stages.noise))

    def _paint_split(self, painter: QPainter, top: float) -> float:
        """Draw the rows as a bar: filled what trains, half what validates, empty what tests."""
        assert self.stages is not None
        now, total = theme(), max(sum(self.stages.rows), 1)
        half = mix(now.panel, now.accent, 0.45)
        parts = ((tr("train {count}"), now.accent), (tr("validation {count}"), half),
                 (tr("test {count}"), now.raised))  # fmt: skip
        said = [words.format(count=number(count))
                for (words, _), count in zip(parts, self.stages.rows, strict=True) if count]  # fmt: skip
        line = QRectF(0, top, self.width(), px(LINE))
        self._write(painter, line, " · ".join(said), Qt.AlignmentFlag.AlignLeft)
        left, high = 0.5, px(SPLIT - 3)
        painter.setPen(QPen(QColor(now.line), 1))
        for (_, colour), count in zip(parts, self.stages.rows, strict=True):
            wide = (self.width() - 1) * count / total
            if count:
                painter.setBrush(QColor(colour))
                painter.drawRect(QRectF(left, top + px(LINE) + 0.5, wide, high))
            left += wide
        return top + px(LINE + SPLIT + GAP)

    def _paint_scaling(self, painter: QPainter, top: float) -> None:
        assert self.stages is not None
        now, align = self.stages, Qt.AlignmentFlag
        side = self._names_width(painter)
        wide = (self.width() - side - px(10)) / 2
        self._paint_strips(painter, QRectF(side, top, wide, 0), tr("as they are"), now.before)
        right = QRectF(side + px(10) + wide, top, wide, 0)
        self._paint_strips(painter, right, tr("scaled"), now.after)
        metrics = painter.fontMetrics()
        for index, name in enumerate(now.names):
            place = QRectF(0, top + px(LINE) + index * px(STRIP) - px(2), side - px(6), px(STRIP))
            word = metrics.elidedText(name_of("feature", name), Qt.TextElideMode.ElideRight, side - px(6))
            self._write(painter, place, word, align.AlignLeft)
        if now.others:
            place = QRectF(0, top + px(LINE + AXIS) + len(now.names) * px(STRIP), self.width(), px(LINE))
            words = tr("and {count} more inputs", count=number(now.others))
            self._write(painter, place, words, align.AlignLeft)

    def _names_width(self, painter: QPainter) -> int:
        """Return the width that the inputs' names need, within what the strips can spare."""
        assert self.stages is not None
        metrics = painter.fontMetrics()
        wanted = max(metrics.horizontalAdvance(name_of("feature", name)) for name in self.stages.names)
        return max(px(NAMES), min(wanted + px(8), round(MOST_NAMES * self.width())))

    def _paint_strips(self, painter: QPainter, place: QRectF, words: str, strips: Strips) -> None:
        """Paint the strips of all inputs below each other, with their axis."""
        align, wide, below = Qt.AlignmentFlag, place.width(), place.top() + px(LINE)
        self._write(painter, QRectF(place.left(), place.top(), wide, px(LINE)), words, align.AlignLeft)
        for index in range(len(strips.shares)):
            strip = QRectF(place.left(), below + index * px(STRIP), wide, px(STRIP - 3))
            _paint_strip(painter, strip, strips, index)
        axis = QRectF(place.left(), below + len(strips.shares) * px(STRIP), wide, px(AXIS))
        self._write(painter, axis, _end(strips.low, strips), align.AlignLeft)
        self._write(painter, axis, _end(strips.high, strips), align.AlignRight)

    @staticmethod
    def _write(painter: QPainter, place: QRectF, words: str, side: Qt.AlignmentFlag) -> None:
        painter.setPen(QColor(theme().muted))
        painter.drawText(place, int(side | Qt.AlignmentFlag.AlignVCenter), words)

    @staticmethod
    def _arrow(painter: QPainter, start: QPointF, long: float) -> None:
        end, tip = start + QPointF(long, 0), px(4)
        painter.setPen(QPen(QColor(theme().muted), px(1.5)))
        painter.drawLine(start, end)
        painter.drawLine(end, end + QPointF(-tip, -tip))
        painter.drawLine(end, end + QPointF(-tip, tip))


def _end(value: float, strips: Strips) -> str:
    """Return the end of an axis: what is rounding beside its length is 0."""
    return number(value if abs(value) > 1e-5 * (strips.high - strips.low) else 0.0, 2)


def _paint_strip(painter: QPainter, area: QRectF, strips: Strips, index: int) -> None:
    """Paint how the rows of one input lie: the more of them, the stronger; a tick at their mean."""
    now, shares = theme(), strips.shares[index]
    painter.fillRect(area, QColor(now.raised))
    wide = area.width() / len(shares)
    for place in np.flatnonzero(shares).tolist():
        colour = mix(now.raised, now.accent, 0.2 + 0.8 * float(shares[place]))
        part = QRectF(area.left() + place * wide, area.top(), wide + 0.5, area.height())
        painter.fillRect(part, QColor(colour))
    mean = (float(strips.means[index]) - strips.low) / (strips.high - strips.low)
    x = area.left() + mean * area.width()
    painter.setPen(QPen(QColor(now.text), px(1.5)))
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))


def _reach(*scatters: Scatter) -> tuple[float, float, float, float]:
    """Return the ends of both axes that hold the points of all pictures."""
    first = np.concatenate([rows.first for rows in scatters])
    second = np.concatenate([rows.second for rows in scatters])
    return float(first.min()), float(first.max()), float(second.min()), float(second.max())


def _paint_scatter(painter: QPainter, area: QRectF, rows: Scatter, reach: tuple[float, ...]) -> None:
    left, right, low, high = reach
    painter.setPen(QPen(QColor(theme().line), 1))
    painter.setBrush(QColor(theme().raised))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), px(6), px(6))
    inner = area.adjusted(px(6), px(6), -px(6), -px(6))
    xs = inner.left() + (rows.first - left) / ((right - left) or 1.0) * inner.width()
    ys = inner.bottom() - (rows.second - low) / ((high - low) or 1.0) * inner.height()
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y, label in zip(xs.tolist(), ys.tolist(), rows.labels.tolist(), strict=True):
        painter.setBrush(QColor(class_colour(label)))
        paint_mark(painter, QPointF(x, y), px(1.8), label)
