"""What the lines of the curves over the epochs are."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.guard import guarded
from gui.i18n import tr
from gui.theme import font, px, theme
from gui.views.plot import line_pen


def dotted_pen() -> QPen:
    """Return the pen of the validation's line: dots and dashes."""
    pen = line_pen(theme().positive, dashed=True)
    pen.setDashPattern([4, 1.5, 1, 1.5])
    return pen


class CurveLegend(QWidget):
    """Which line is which, and whether they are running means; smaller where there is little room."""

    smooth = validated = False
    tested = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale, self._face = 1.0, font("small")

    def _entries(self) -> list[tuple[str, QPen]]:
        """Return words and lines, from the right to the left."""
        now = theme()
        test = tr("test, smoothed") if self.smooth else tr("test")
        entries = [
            (self.validated, tr("validation"), dotted_pen()),
            (self.tested, test, line_pen(now.accent, dashed=True)), (True, tr("train"), line_pen(now.text)),
        ]  # fmt: skip
        return [(word, pen) for there, word, pen in entries if there]

    def fit(self, room: float) -> None:
        """Be as wide as the words, made smaller until they have so much room, but not too small to read."""
        for self._scale in (1.0, 0.9, 0.8, 0.7):
            self.restyle()
            if self.width() <= room:
                return

    def _size(self, length: float) -> int:
        return max(1, round(px(length) * self._scale**1.2))  # lines give way a little before words do

    def restyle(self) -> None:
        """Take the size of the words in the current language and scale."""
        self._face = font("small")
        self._face.setPixelSize(max(1, round(self._face.pixelSize() * self._scale)))
        metrics = QFontMetrics(self._face)
        words = [metrics.horizontalAdvance(word) for word, _ in self._entries()]
        self.setFixedSize(sum(words) + len(words) * self._size(34) - self._size(10), px(20))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._face)
        x, middle = float(self.width()), self.height() / 2
        for word, pen in self._entries():
            width = painter.fontMetrics().horizontalAdvance(word)
            painter.setPen(QColor(theme().muted))
            painter.drawText(
                QRectF(x - width, 0, width + 1, self.height()), int(Qt.AlignmentFlag.AlignVCenter), word
            )
            if pen.style() == Qt.PenStyle.CustomDashLine and self._scale < 1:
                pen.setDashPattern([part * self._scale for part in pen.dashPattern()])  # two dashes are seen
            painter.setPen(pen)
            start, end = x - width - self._size(22), x - width - self._size(5)
            painter.drawLine(QPointF(start, middle), QPointF(end, middle))
            x -= width + self._size(34)
        painter.end()
