"""A pyqtgraph plot in the look of the program: thick opaque lines, a quiet grid, numbers in the language."""

import os

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPen
from PySide6.QtWidgets import QWidget

from gui.i18n import number, tr
from gui.theme import font, mix, px, theme
from gui.views.ticks import ticks


class Axis(pyqtgraph.AxisItem):
    """An axis with few round ticks, written in the current language.

    Attributes:
        word: the English word for what is counted, written before the first number; empty for none.
    """

    word = ""

    def boundingRect(self) -> QRectF:
        """Return the axis with room for numbers at its ends, which pyqtgraph leaves out beside a grid."""
        room, wide = px(12), px(30)
        return super().boundingRect().adjusted(-wide, -room, wide, room)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return pyqtgraph's (spacing, values) levels: one level of round numbers."""
        most = max(2, min(6, int(size / px(22 if self.orientation == "left" else 52)) + 1))
        values = ticks(minVal, maxVal, most)
        return [(values[1] - values[0] if len(values) > 1 else 1.0, values)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers at the ticks."""
        texts = [number(float(f"{value:.6g}")) for value in values]
        if self.word and texts:
            texts[0] = f"{tr(self.word)} {texts[0]}"
        return texts


class Plot(pyqtgraph.PlotWidget):
    """Axes without a frame; the ranges are set by its owner and change only when they must."""

    def __init__(self, parent: QWidget | None = None) -> None:
        axes = {"left": Axis("left"), "bottom": Axis("bottom")}
        super().__init__(parent, axisItems=axes, enableMenu=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setContentsMargins(0, 0, 0, 0)
        self._ranges: tuple[float, ...] = ()
        item = self.getPlotItem()
        item.hideButtons()
        self.setMouseEnabled(False, False)
        self.getViewBox().setDefaultPadding(0.0)

    def restyle(self) -> None:
        """Take the colours and sizes of the current theme."""
        now = theme()
        self.setBackground(now.panel)
        self.getPlotItem().setContentsMargins(0, px(8), px(16), 0)
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setStyle(
                tickFont=font("small"), tickLength=0, tickTextOffset=px(5), hideOverlappingLabels=False
            )
            axis.setTextPen(now.muted)
            axis.setPen(mix(now.panel, now.line, 0.9))
        self.getAxis("bottom").setHeight(px(20))
        self.showGrid(x=False, y=True, alpha=0.6)
        if self._ranges:
            self._make_room()

    def name_axes(self, bottom: str, left: str = "") -> None:
        """Write what the axes are."""
        style = {"color": theme().muted, "font-size": f"{px(12)}px"}
        for name, text in (("bottom", bottom), ("left", left)):
            axis = self.getAxis(name)
            axis.setLabel(text, **style)
            axis.showLabel(bool(text))
        self.getAxis("bottom").setHeight(px(38) if bottom else px(20))

    def set_ranges(self, x_low: float, x_high: float, y_low: float, y_high: float) -> None:
        """Show this part of the plane; nothing happens when it is shown already."""
        wanted = (x_low, x_high, y_low, y_high)
        if wanted != self._ranges:
            self._ranges = wanted
            self.setRange(xRange=(x_low, x_high), yRange=(y_low, y_high), padding=0, disableAutoRange=True)
            self._make_room()

    def _make_room(self) -> None:
        """Give the left axis the width of its numbers, and of half the first one below it."""
        axis, metrics = self.getAxis("left"), QFontMetrics(font("small"))
        low, high = self._ranges[2:]  # how many marks it will have depends on a height still unknown
        marks = {mark for most in range(2, 7) for mark in ticks(low, high, most)}
        widest = max(metrics.horizontalAdvance(text) for text in axis.tickStrings(list(marks), 1.0, 1.0))
        below = self.getAxis("bottom").tickStrings([self._ranges[0]], 1.0, 1.0)[0]
        title = metrics.height() if axis.label.isVisible() else 0
        axis.setWidth(max(widest + px(8), metrics.horizontalAdvance(below) // 2) + title)

    def value_at(self, point: QPointF) -> QPointF | None:
        """Return the coordinates under a point of the scene, or None outside the axes."""
        view = self.getViewBox()
        return view.mapSceneToView(point) if view.sceneBoundingRect().contains(point) else None


class Marks(pyqtgraph.ScatterPlotItem):
    """Round data points: filled, or hollow with a ring."""

    def __init__(self, filled: bool) -> None:
        super().__init__(pxMode=True, symbol="o")
        self.opts["antialias"] = True
        self.filled = filled

    def show_points(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> None:
        """Show copies of these points in the colours of the current theme."""
        now = theme()
        inside, edge = (
            (now.positive, mix(now.positive, now.text, 0.7)) if self.filled else (now.panel, now.positive)
        )
        pen = QPen(QColor(edge), px(1) if self.filled else px(1.5))
        pen.setCosmetic(True)
        size = (8 if self.filled else 7) - (2 if len(xs) > 60 else 0)
        self.setData(xs.astype(np.float64), ys.astype(np.float64), size=px(size),
                     brush=QColor(inside), pen=pen)  # fmt: skip


def line_pen(colour: str, dashed: bool = False, width: float = 2) -> QPen:
    """Return an opaque pen wider than 1: the fast case as long as it is not antialiased."""
    pen = QPen(QColor(colour), px(width))
    pen.setCosmetic(True)
    if dashed:
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 2])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
