"""What can be seen in the network and in how it learns, in sentences."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QKeyEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from engine.analysis.detectors import findings
from engine.analysis.finding import GOOD, WARNING, Finding
from gui.i18n import tr
from gui.theme import font, px, theme
from gui.views import paint
from gui.views.base import Job, Table, View, paint_empty
from gui.views.finding_words import sentence

if TYPE_CHECKING:
    from gui.frame import Frame

WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
LEFT, APART = 18, 10  # pixels before a sentence, for its mark, and between two
MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
PICKS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Findings(View):
    """A list of findings, warnings first with a diamond, the others with a dot.

    Clicking one picks the layer, unit or epoch that it is about; so do the arrows and Enter. What does not
    fit is counted above and below, in lines that show it when they are clicked and say it in a tooltip; the
    wheel and the arrows reach it too.

    Attributes:
        current: the index of the finding that the keyboard stands on.
    """

    key = "findings"
    pause = 0.25  # sentences change no faster than they are read
    zoomable = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: list[Finding] | None = None
        self._areas: dict[int, QRectF] = {}
        self._first = self.current = 0
        self.retranslate()

    def forget(self) -> None:
        self._findings, self._areas = None, {}
        self._first = self.current = 0
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(236), px(170))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(80))

    def job(self, frame: "Frame") -> Job:
        curves, broken = frame.curves, frame.diverged
        stopped = (broken.update, broken.gradient_norm) if broken else None
        return lambda: findings(
            frame.snapshot, frame.data, curves.epochs, curves.train_loss, curves.test_loss, stopped
        )

    def show_result(self, frame: "Frame", result: list[Finding]) -> None:
        if result != self._findings:
            if [one.kind for one in result] != [one.kind for one in self._findings or []]:
                self._first, self.current, self._areas = 0, 0, {}
            self._findings = result
            self.say()
            self.update()

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        return [sentence(finding) for finding in self._findings or []]

    def summary(self) -> str:
        return " ".join(self.sentences())

    def table(self) -> Table:
        if self._findings is None:
            return []
        levels = [finding.level for finding in self._findings]
        return [("level", "finding"), *zip(levels, self.sentences(), strict=True)]

    def at(self, y: float) -> int | None:
        """Return the index of the finding at a height."""
        return next((index for index, area in self._areas.items() if area.top() <= y <= area.bottom()), None)

    def hint(self, x: float, y: float) -> str:
        """Return what the line under the mouse counts and does not show."""
        side = self._beside(y)
        hidden = self.sentences()
        return "\n".join(hidden[: self._first] if side < 0 else hidden[self._end :] if side else "")

    def _beside(self, y: float) -> int:
        """Return -1 at the line that counts what is hidden above, 1 at the one below, 0 elsewhere."""
        if not self._areas:
            return 0
        shown = self._areas.values()
        if y < min(area.top() for area in shown) and self._first:
            return -1
        below = y > max(area.bottom() for area in shown)
        return 1 if below and self._end < len(self._findings or []) else 0

    @property
    def _end(self) -> int:
        """The index after the last finding that is shown."""
        return max(self._areas, default=-1) + 1

    def pick(self, index: int) -> None:
        """Have the others point out what a finding is about."""
        if self._findings and index < len(self._findings) and self._findings[index].place is not None:
            self.picked.emit(self._findings[index].place)

    def click(self, x: float, y: float) -> None:
        index, side = self.at(y), self._beside(y)
        if index is not None:
            self.current = index
            self.pick(index)
        elif side:
            self._turn(side)

    def _turn(self, side: int) -> None:
        """Show the findings that a line counts, as many as have room."""
        if side > 0:
            self._first = self._end
        else:
            last = self._first - 1
            self._first = next(first for first in range(last + 1) if last in self._placed(first))
        self.current = self._first
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._scroll(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in MOVES and self._findings:
            self.current = min(max(self.current + MOVES[key], 0), len(self._findings) - 1)
            self._first = min(self._first, self.current)
            while self.current not in self._placed(self._first):
                self._first += 1
            self.update()
        elif key in PICKS:
            self.pick(self.current)
        else:
            super().keyPressEvent(event)

    def _scroll(self, by: int) -> None:
        """Begin with a later or an earlier finding, as long as something is hidden there."""
        if by < 0 < self._first or (by > 0 and self._end < len(self._findings or [])):
            self._first += by
            self.update()

    def paint(self, painter: QPainter) -> None:
        if self._findings is None:
            paint_empty(painter, QRectF(self.rect()), tr("What the network does is said here in words."))
            return
        texts = self.sentences()
        while self._first and self._placed(self._first - 1).keys() >= {*range(self._first - 1, len(texts))}:
            self._first -= 1  # there is room again
        painter.setFont(font(self._size(texts)))
        line, left = painter.fontMetrics().height(), Qt.AlignmentFlag.AlignLeft
        self._areas = self._placed(self._first)
        if self._first:
            paint.paint_label(painter, px(LEFT), 0, tr("{count} more above", count=self._first), left)
        for index, area in self._areas.items():
            self._paint_marker(painter, self._findings[index], area.top() + line / 2)
            painter.setPen(QColor(theme().text))
            painter.drawText(area.adjusted(px(LEFT), 0, 0, 0), WRAPPED, texts[index])
            if index == self.current and self.hasFocus():
                painter.setPen(QPen(QColor(theme().accent), px(2)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(area.adjusted(1, 0, -1, px(2)), px(4), px(4))
        below = self._areas[self._end - 1].bottom() + px(APART)
        if self._end < len(texts) and below + line <= self.height():
            more = tr("and {count} more", count=len(texts) - self._end)
            paint.paint_label(painter, px(LEFT), below, more, left)

    def _placed(self, first: int) -> dict[int, QRectF]:
        """Return where the findings stand, by index, when that one is the first that is shown."""
        texts = self.sentences()
        metrics, gap = QFontMetricsF(font(self._size(texts))), px(APART)
        line, wide = math.ceil(metrics.height()), self.width() - px(LEFT)
        areas: dict[int, QRectF] = {}
        y = line + gap if first else 0.0
        for index in range(first, len(texts)):
            tall = metrics.boundingRect(QRectF(0, 0, wide, 10_000), WRAPPED, texts[index]).height()
            reserve = line + gap if index < len(texts) - 1 else 0
            if areas and y + tall + reserve > self.height():
                break
            areas[index] = QRectF(0, y, self.width(), tall)
            y += tall + gap
        return areas

    def _size(self, texts: list[str]) -> str:
        """Return the size of the sentences: the larger one where all of them have room in it."""
        metrics, width = QFontMetrics(font("body")), self.width() - px(LEFT)
        taken = sum(metrics.boundingRect(0, 0, width, 10_000, WRAPPED, text).height() for text in texts)
        return "body" if taken + px(APART) * (len(texts) - 1) <= self.height() else "small"

    def _paint_marker(self, painter: QPainter, finding: Finding, y: float) -> None:
        now = theme()
        painter.setPen(Qt.PenStyle.NoPen)
        if finding.level == WARNING:
            painter.setBrush(QColor(now.warning))
            painter.drawPath(paint.shape(3, px(6), y, px(4)))
        else:
            good = now.accent if now.accent != now.warning else now.text  # with high contrast both are yellow
            painter.setBrush(QColor(good if finding.level == GOOD else now.muted))
            painter.drawPath(paint.shape(1, px(6), y, px(3.5)))
