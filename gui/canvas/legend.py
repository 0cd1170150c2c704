"""What colour and width of a link mean, with numbers: the scale in the network's title row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.canvas.links import pen, steps_of
from gui.guard import guarded
from gui.i18n import language, number, tr
from gui.theme import font, px, theme, themes

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas

VALUES = (-3.0, -1.0, -0.3, 0.3, 1.0, 3.0)
CHOICES = (VALUES, (-3.0, -1.0, 1.0, 3.0), (-3.0, 3.0))  # from the one that is shown where there is room
STROKE, GAP, BETWEEN = 22, 5, 12  # pixels of a sample, to its number, to the next sample


class LinkLegend(QWidget):
    """Links of known weights, drawn as the canvas draws them.

    Attributes:
        values: the weights that it asks room for; of those the ones are drawn that have it, each with its
            number and with the weight of the other sign.
    """

    def __init__(self, canvas: NetworkCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.values: tuple[float, ...] = VALUES
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        canvas.headline_changed.connect(self.update)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.updateGeometry)
        self.retranslate()

    def retranslate(self) -> None:
        """Show the texts in the current language."""
        words = tr("Scale of the links: colour is the sign of a weight, width its size")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.updateGeometry()
        self.update()

    def fit(self, room: int) -> bool:
        """Show as many samples as fit into so many pixels; return whether any do."""
        for values in CHOICES:
            if self._width(values) <= room:
                if values != self.values:  # else this would be asked again and again by the layout
                    self.values = values
                    self.updateGeometry()
                    self.update()
                return True
        return False

    def fitting(self) -> tuple[float, ...]:
        """Return the weights that have room at the present width; none rather than half a sample."""
        choices = (values for values in CHOICES if len(values) <= len(self.values))
        return next((values for values in choices if self._width(values) <= self.width()), ())

    def sizeHint(self) -> QSize:
        return QSize(self._width(self.values), round(QFontMetricsF(font("small")).height()))

    def _width(self, values: tuple[float, ...]) -> int:
        metrics = QFontMetricsF(font("small"))
        words = [tr("weight"), *map(number, values)]
        wide = sum(metrics.horizontalAdvance(word) for word in words)
        return round(wide + len(values) * px(STROKE + GAP + BETWEEN)) + 2

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())  # it keeps no card from becoming narrower

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        values = self.fitting()
        if not values:
            return
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        middle = self.height() / 2
        x = self._write(painter, 0.0, tr("weight"), now.muted) + px(BETWEEN)
        for value in values:
            own = QPen(pen(now, int(steps_of(np.array(value))), self._canvas.link_scale))
            painter.setPen(own)
            painter.drawLine(QLineF(x, middle, x + px(STROKE), middle))
            x = self._write(painter, x + px(STROKE + GAP), number(value), now.text) + px(BETWEEN)
        painter.end()

    def _write(self, painter: QPainter, x: float, text: str, colour: str) -> float:
        """Write a word and return where it ends."""
        wide = QFontMetricsF(painter.font()).horizontalAdvance(text)
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(x, 0, wide + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
        return x + wide
