"""A pyqtgraph plot in the look of the program: thick opaque lines, a quiet grid, numbers in the language."""

import os

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QMenu, QWidget

from gui.guard import guarded
from gui.i18n import number, percent, tr
from gui.theme import font, mix, px, theme
from gui.views.base import View
from gui.views.ticks import log_ticks, ticks
from gui.views.zoom import NOTCH

MOST_ZOOM = 10_000.0


class Axis(pyqtgraph.AxisItem):
    """An axis with few round ticks, written in the current language.

    Attributes:
        word: the English word for what is counted, written before the first number; empty for none.
        logarithmic: whether what stands on it are logarithms to base 10, of which the powers are written.
        percent: whether shares of 1 are written as per cent.
    """

    word = ""
    logarithmic = percent = False
    paint = guarded(pyqtgraph.AxisItem.paint)  # curves and points catch what goes wrong themselves

    def boundingRect(self) -> QRectF:
        """Return the axis with room for numbers at its ends, which pyqtgraph leaves out beside a grid."""
        room, wide = px(12), px(30)
        return super().boundingRect().adjusted(-wide, -room, wide, room)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return pyqtgraph's (spacing, values) levels: one level of round numbers."""
        most = max(2, min(6, int(size / px(22 if self.orientation == "left" else 52)) + 1))
        values = log_ticks(minVal, maxVal, most) if self.logarithmic else ticks(minVal, maxVal, most)
        return [(values[1] - values[0] if len(values) > 1 else 1.0, values)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers at the ticks."""
        if self.percent:
            return [percent(value, 0) for value in values]
        shown = [10.0**value for value in values] if self.logarithmic else values
        texts = [number(float(f"{value:.6g}"), 2 if self.logarithmic else 3) for value in shown]
        if self.word and texts:
            texts[0] = f"{tr(self.word)} {texts[0]}"
        return texts


_menus: set[QMenu] = set()  # those of all plots that there are


def _keep_menu(plot: QWidget, menu: QMenu) -> None:
    """Have a plot's menu, which is never shown, go with the plot.

    pyqtgraph leaves it without an owner: it would outlive the window, or be deleted by whichever thread
    collects what Python no longer needs. As a part of the window its fifty widgets would follow each theme.
    """
    _menus.add(menu)
    menu.destroyed.connect(lambda: _menus.discard(menu))
    plot.destroyed.connect(menu.deleteLater)


class Plot(pyqtgraph.PlotWidget):
    """Axes without a frame; the ranges are set by its owner and change only when they must.

    The wheel looks closer at a part, which then stays while what is shown grows; dragging moves the part
    and a double click shows everything again. A click is left to the widget around.

    Attributes:
        zoomed: whether only a part is seen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        axes = {"left": Axis("left"), "bottom": Axis("bottom")}
        super().__init__(parent, axisItems=axes, enableMenu=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setContentsMargins(0, 0, 0, 0)
        self._ranges: tuple[float, ...] = ()
        self._whole: tuple[float, ...] = ()
        self.zoomed = False
        self._from: QPointF | None = None
        item = self.getPlotItem()
        item.hideButtons()
        _keep_menu(self, item.ctrlMenu)
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

    def show_percent(self, shown: bool) -> None:
        """Write the numbers at the left as per cent, or as they are."""
        axis = self.getAxis("left")
        if shown != axis.percent:
            axis.percent, axis.picture = shown, None
            if self._ranges:
                self._make_room()

    def set_ranges(self, x_low: float, x_high: float, y_low: float, y_high: float) -> None:
        """Show this part of the plane, or of it what one looks closer at."""
        self._whole = (x_low, x_high, y_low, y_high)
        if not self.zoomed:
            self._show(self._whole)

    def _show(self, wanted: tuple[float, ...]) -> None:
        """Show a part of the plane; nothing happens when it is shown already."""
        if wanted != self._ranges:
            self._ranges = wanted
            self.setRange(xRange=wanted[:2], yRange=wanted[2:], padding=0, disableAutoRange=True)
            self._make_room()

    def magnify(self, factor: float, at: QPointF | None = None) -> None:
        """Look closer (or from farther away) at a point of the widget; None is its middle."""
        if not self._ranges:
            return
        x_low, x_high, y_low, y_high = self._ranges
        place = self.value_at(self.mapToScene(at.toPoint())) if at is not None else None
        x, y = (place.x(), place.y()) if place else ((x_low + x_high) / 2, (y_low + y_high) / 2)
        wanted = (x + (x_low - x) / factor, x + (x_high - x) / factor,
                  y + (y_low - y) / factor, y + (y_high - y) / factor)  # fmt: skip
        scale = (self._whole[1] - self._whole[0]) / max(wanted[1] - wanted[0], 1e-300)
        if scale < 1.01:
            self.show_whole()
        elif scale < MOST_ZOOM:
            self.zoomed = True
            self._show(self._inside(wanted))

    def show_whole(self) -> None:
        """Show everything again."""
        self.zoomed = False
        if self._whole:
            self._show(self._whole)

    def _inside(self, wanted: tuple[float, ...]) -> tuple[float, ...]:
        """Return a part of the same size that does not leave the whole."""
        found: list[float] = []
        for axis in (0, 2):
            (low, high), (least, most) = wanted[axis : axis + 2], self._whole[axis : axis + 2]
            shift = max(least - low, 0.0) + min(most - high, 0.0)
            found += [low + shift, high + shift]
        return tuple(found)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.magnify(NOTCH ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.zoomed:
            self._from = event.position()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            super().mouseMoveEvent(event)
            return
        here, view = event.position(), self.getViewBox().viewPixelSize()
        across, up = (here.x() - self._from.x()) * view[0], (here.y() - self._from.y()) * view[1]
        x_low, x_high, y_low, y_high = self._ranges
        self._show(self._inside((x_low - across, x_high - across, y_low + up, y_high + up)))
        self._from = here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.zoomed:
            self.show_whole()
        else:
            event.ignore()

    def _make_room(self) -> None:
        """Give the left axis the width of its numbers, and of half the first one below it."""
        axis, metrics = self.getAxis("left"), QFontMetrics(font("small"))
        low, high = self._ranges[2:]  # how many marks it will have depends on a height still unknown
        marked = log_ticks if axis.logarithmic else ticks
        marks = {mark for most in range(2, 7) for mark in marked(low, high, most)}
        widest = max(metrics.horizontalAdvance(text) for text in axis.tickStrings(list(marks), 1.0, 1.0))
        below = self.getAxis("bottom").tickStrings([self._ranges[0]], 1.0, 1.0)[0]
        title = metrics.height() if axis.label.isVisible() else 0
        axis.setWidth(max(widest + px(8), metrics.horizontalAdvance(below) // 2) + title)

    def value_at(self, point: QPointF) -> QPointF | None:
        """Return the coordinates under a point of the scene, or None outside the axes."""
        view = self.getViewBox()
        return view.mapSceneToView(point) if view.sceneBoundingRect().contains(point) else None


class Line(pyqtgraph.PlotCurveItem):
    """An open line, with gaps where values are not finite; not drawn at all where none is.

    A PlotDataItem draws the same, and takes five times as long to be given its data.
    """

    def __init__(self) -> None:
        super().__init__([], [], antialias=False, connect="finite")

    def show_values(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> None:
        """Draw these points; a line that was empty and stays so costs nothing."""
        there = bool(np.isfinite(ys).any())
        if there or self.isVisible():
            self.setVisible(there)
            self.setData(xs, ys) if there else self.setData(xs[:0], ys[:0])


class PlotView(View):
    """A view whose picture is a plot, which looks closer by itself.

    Attributes:
        plot: the axes with what is drawn between them.
    """

    plot: Plot

    @property
    def zoomed(self) -> bool:
        """Whether only a part of the picture is seen."""
        return self.plot.zoomed

    def magnify(self, factor: float, at: QPointF | None = None) -> None:
        """Look closer (or from farther away) at a point of the widget; None is its middle."""
        self.plot.magnify(factor, None if at is None else QPointF(self.plot.mapFromParent(at.toPoint())))

    def show_whole(self) -> None:
        """Show the whole picture again."""
        self.plot.show_whole()


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
