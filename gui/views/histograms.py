"""The weights of every layer as bars, with the outline of where they started."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from engine.analysis.weights import Histogram, weight_histograms
from gui.i18n import number, tr
from gui.theme import font, mix, px, theme
from gui.views import paint
from gui.views.base import Job, Table, View, paint_empty, paint_title

if TYPE_CHECKING:
    from gui.frame import Frame

Align = Qt.AlignmentFlag
NARROWEST = 104  # pixels that a layer's histogram needs


class Histograms(View):
    """One small histogram a layer; all share their bins with the initial weights of that layer.

    Clicking one picks its layer. Where more layers than fit would be shown, the ones in the middle are
    left out and named.
    """

    key = "histograms"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histograms: list[Histogram] = []
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(px(520), px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(110))

    def job(self, frame: "Frame") -> Job:
        return lambda: weight_histograms(frame.snapshot, frame.initial)

    def show_result(self, frame: "Frame", result: list[Histogram]) -> None:
        self._histograms = result
        self.say()
        self.update()

    def summary(self) -> str:
        return " ".join(self._words(layer) for layer in range(len(self._histograms)))

    def _words(self, layer: int) -> str:
        shown = self._histograms[layer]
        return tr(
            "Layer {number}: weights of mean {mean} and standard deviation {std}, from {low} to {high}.",
            number=layer + 1, mean=number(shown.mean), std=number(shown.std),
            low=number(shown.low), high=number(shown.high),
        )  # fmt: skip

    def table(self) -> Table:
        rows: list[tuple[object, ...]] = [("layer", "from", "to", "weights", "initial_weights")]
        for layer, shown in enumerate(self._histograms):
            ends = zip(shown.edges[:-1].tolist(), shown.edges[1:].tolist(), strict=True)
            counts = zip(shown.now.tolist(), shown.initial.tolist(), strict=True)
            rows += [(layer + 1, *edge, *count) for edge, count in zip(ends, counts, strict=True)]
        return rows if self._histograms else []

    def shown_layers(self) -> list[int]:
        """Return the layers that have room, first and last ones before those in the middle."""
        count = len(self._histograms)
        most = max(1, self._area().width() // px(NARROWEST))
        if count <= most:
            return list(range(count))
        first = int(most + 1) // 2
        return [*range(first), *range(count - int(most) + first, count)]

    def _area(self) -> QRectF:
        return QRectF(self.rect())

    def areas(self) -> dict[int, QRectF]:
        """Return where each layer shown stands, by layer."""
        shown, area, gap = self.shown_layers(), self._area(), px(20)
        width = (area.width() - gap * (len(shown) - 1)) / max(1, len(shown))
        width = min(width, px(340))
        return {
            layer: QRectF(area.left() + index * (width + gap), area.top(), width, area.height())
            for index, layer in enumerate(shown)
        }

    def layer_at(self, x: float, y: float) -> int | None:
        """Return the layer whose histogram is at a point."""
        return next((layer for layer, area in self.areas().items() if area.contains(x, y)), None)

    def hint(self, x: float, y: float) -> str:
        layer = self.layer_at(x, y)
        return "" if layer is None else self._words(layer)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        layer = self.layer_at(event.position().x(), event.position().y())
        if layer is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(("layer", layer))

    def paint(self, painter: QPainter) -> None:
        if not self._histograms:
            paint_empty(painter, QRectF(self.rect()), tr("Press Play: each layer's weights appear here."))
            return
        last = -1
        for layer, area in self.areas().items():
            skipped = layer - last - 1
            aside = tr("{count} layers not shown", count=skipped) if skipped else ""
            self._paint_layer(painter, area, layer, aside)
            last = layer

    def _paint_layer(self, painter: QPainter, area: QRectF, layer: int, aside: str) -> None:
        shown = self._histograms[layer]
        title = tr("layer {number}", number=layer + 1)
        std = f"σ {number(shown.std, 2)}"
        painter.setFont(font("small", bold=True))
        room = area.width() - painter.fontMetrics().horizontalAdvance(title) - px(8)
        fits = painter.fontMetrics().horizontalAdvance(aside or std) < room
        below = paint_title(painter, area, title, (aside or std) if fits else "")
        plot = below.adjusted(0, px(4), 0, -px(18))
        tallest = max(1, int(shown.now.max()), int(shown.initial.max()))
        self._paint_bars(painter, plot, shown.now / tallest)
        self._paint_outline(painter, plot, shown.initial / tallest)
        self._paint_axis(painter, plot, shown)

    def _paint_bars(self, painter: QPainter, plot: QRectF, heights: NDArray[np.float64]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        colour, width = QColor(mix(theme().panel, theme().accent, 0.55)), plot.width() / len(heights)
        for index, height in enumerate(heights.tolist()):
            left, right = round(plot.left() + index * width), round(plot.left() + (index + 1) * width)
            tall = height * plot.height()
            if tall > 0:
                gap = 1 if right - left > 2 else 0
                top = plot.bottom() - max(1.0, tall)
                painter.fillRect(QRectF(left, top, right - left - gap, plot.bottom() - top), colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_outline(self, painter: QPainter, plot: QRectF, heights: NDArray[np.float64]) -> None:
        width = plot.width() / len(heights)
        corners = [QPointF(plot.left(), plot.bottom())]
        for index, height in enumerate(heights.tolist()):
            y = plot.bottom() - height * plot.height()
            corners += [
                QPointF(plot.left() + index * width, y),
                QPointF(plot.left() + (index + 1) * width, y),
            ]
        corners.append(QPointF(plot.right(), plot.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(theme().text), max(1.0, px(1.5))))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(corners))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_axis(self, painter: QPainter, plot: QRectF, shown: Histogram) -> None:
        painter.setFont(font("small"))
        low, high, y = float(shown.edges[0]), float(shown.edges[-1]), plot.bottom() + px(3)
        paint.paint_label(painter, plot.left(), y, number(low), Align.AlignLeft)
        paint.paint_label(painter, plot.center().x(), y, "0", Align.AlignHCenter)
        paint.paint_label(painter, plot.right(), y, number(high), Align.AlignRight)
