"""The losses and the accuracy now, in large figures."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from gui.i18n import fixed, number, percent, tr
from gui.theme import px, theme
from gui.views import paint
from gui.views.base import Table, View

if TYPE_CHECKING:
    from gui.frame import Frame


LEAST = 0.001  # what is written of a number that rounds to less, which is not nothing
USUAL = 8.888  # as wide as most figures are
APART, ROOMY = 11, 24  # pixels between two columns, at least and at most
LEGIBLE = 0.8  # the share of their size down to which the whole labels are written
LARGE = 1e5  # from which on numbers are written with an exponent


def figure(value: float) -> str:
    """Return a number in one form and, as far as that goes, one width: ``0.501``, ``12.34``, ``123.4``."""
    size = abs(value)
    if 0 < size < LEAST / 2:
        return f"<{fixed(LEAST)}" if value > 0 else fixed(0.0)
    if not size < LARGE:  # infinite ones and NaN too
        return number(value, 2)
    if size >= 1000:
        return number(round(value))
    return fixed(value, 3 if size < 10 else 2 if size < 100 else 1)


def score_figure(score: str, value: float) -> str:
    """Return the value of a score ("loss", "accuracy", "f1", "r2") in the form of the large figures."""
    if score == "accuracy" and math.isfinite(value):
        return percent(value, 0 if value == 1 else 1)
    return figure(value)


class Metrics(View):
    """Train loss, test loss and a score on the test rows: accuracy or F1 for classes, R² for numbers."""

    key = "metrics"
    zoomable = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metrics: dict[str, float] = {}
        self._score = "accuracy"
        self.retranslate()

    def forget(self) -> None:
        self._metrics = {}
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(236), px(52))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), px(46))

    def show_frame(self, frame: "Frame") -> None:
        self._metrics = dict(frame.metrics)
        self.say_of(frame)
        self.update()

    def show_score(self, score: str) -> None:
        """Show another score of the classes; nothing changes for what is none."""
        if score in ("accuracy", "f1"):
            self._score = score
            self.say()
            self.update()

    def table(self) -> Table:
        return [("metric", "value"), *self._metrics.items()] if self._metrics else []

    def entries(self, short: bool = False) -> list[tuple[str, str]]:
        """Return what is shown: (label, number) pairs, the labels whole or where room is short."""
        names = {
            "train_loss": tr("loss, train") if short else tr("train loss"),
            "test_loss": tr("loss, test") if short else tr("test loss"),
            "test_accuracy": tr("accuracy") if short else tr("test accuracy"),
            "test_f1": tr("F1") if short else tr("test F1"),
            "test_r2": tr("R²") if short else tr("test R²"),
        }
        return [(names[key], self._written(key)) for key in self._keys()]

    def _keys(self) -> list[str]:
        shown = ("train_loss", "test_loss", f"test_{self._score}", "test_r2")
        metrics = self._metrics or dict.fromkeys(shown[:3], float("nan"))
        return [key for key in shown if key in metrics]

    def _written(self, key: str) -> str:
        value = self._metrics.get(key)
        if value is None:
            return "–"
        return score_figure(key.rpartition("_")[2], value)

    def summary(self) -> str:
        return ", ".join(f"{label}: {value}" for label, value in self.entries()) if self._metrics else ""

    def hint(self, x: float, y: float) -> str:
        """Return all of them in full: large figures are rounded."""
        names = [label for label, _ in self.entries()]
        values = [number(self._metrics[key], 6) for key in self._keys() if self._metrics]
        return "\n".join(f"{label}: {value}" for label, value in zip(names, values, strict=False))

    def paint(self, painter: QPainter) -> None:
        """Write them in columns of one width, whatever the figures are: while it trains, nothing moves."""
        entries, gap = self.entries(), px(APART)
        column = (self.width() - gap * (len(entries) - 1)) / len(entries)
        figures = self._face(painter, [fixed(USUAL), percent(USUAL / 10)], column, "large", bold=True)
        large, tall = painter.font(), painter.fontMetrics().height()
        words = self._face(painter, [label for label, _ in entries], column, "small", least=LEGIBLE)
        if words > column:
            entries = self.entries(short=True)
            words = self._face(painter, [label for label, _ in entries], column, "small")
        small, top = painter.font(), painter.fontMetrics().height()
        step = min(column + gap, max(figures, words) + px(ROOMY))
        for index, (label, value) in enumerate(entries):
            self._write(painter, small, theme().muted, QRectF(index * step, 0, column + 2, top), label)
            painter.setFont(large)
            wide, face = paint.text_width(painter, [value]), QFont(large)
            if wide > step - gap:  # a figure that is longer than most: in letters of its own
                face.setPixelSize(max(1, int(large.pixelSize() * (step - gap) / wide)))
            self._write(
                painter, face, theme().text, QRectF(index * step, top - px(2), column + 2, tall), value
            )

    def _face(self, painter: QPainter, texts: list[str], room: float, role: str, bold: bool = False,
              least: float = 0.6) -> float:  # fmt: skip
        """Set the role's font, smaller where the widest text has no room; return how wide that is then."""
        paint.small_font(painter, texts, room, role, bold, least)
        return paint.text_width(painter, texts)

    def _write(self, painter: QPainter, face: QFont, colour: str, area: QRectF, text: str) -> None:
        painter.setFont(face)
        painter.setPen(QColor(colour))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
