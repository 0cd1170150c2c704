"""The activation function of every layer with the inputs that it really gets on it."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.analysis.clouds import Cloud, clouds
from gui.guard import guarded
from gui.i18n import name_of, number, percent, tr
from gui.theme import mix, px, theme
from gui.views import bars, paint
from gui.views.activation_histograms import ActivationHistograms
from gui.views.base import Job, Table, paint_empty
from gui.views.key import Entry, key_width, paint_key
from gui.views.layer_row import LayerRow
from gui.views.switch import Switch

if TYPE_CHECKING:
    from gui.frame import Frame

Align = Qt.AlignmentFlag
LOW_BARS = 0.5  # of the height at most, so that the function is seen above them


class ActivationCloud(LayerRow):
    """Per layer the function as a line, its inputs as points on it and as bars below, flat parts shaded.

    Attributes:
        switch: the words of the histograms of the same page, of which the last is this picture.

    Signals:
        turned(int): another of the words was pressed.
    """

    key = "activation_cloud"
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clouds: list[Cloud] = []
        self.switch = Switch(ActivationHistograms.ways, self)
        self.switch.choose(len(ActivationHistograms.ways) - 1)
        self.switch.switched.connect(self._turn)
        self.retranslate()

    def forget(self) -> None:
        self._clouds = []
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(520), px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(110))

    def job(self, frame: "Frame") -> Job:
        return lambda: clouds(frame.snapshot, frame.data)

    def show_result(self, frame: "Frame", result: list[Cloud]) -> None:
        self._clouds = result
        self.say_of(frame)
        self.update()

    def _turn(self, which: int) -> None:
        last = len(ActivationHistograms.ways) - 1
        self.switch.choose(last)
        if which != last:
            self.turned.emit(which)

    @property
    def layers(self) -> int:
        return len(self._clouds)

    def summary(self) -> str:
        return " ".join(self._words(layer) for layer in range(self.layers))

    def _words(self, layer: int) -> str:
        cloud = self._clouds[layer]
        shown = {
            "number": layer + 1, "activation": name_of("activations", cloud.name),
            "low": number(cloud.low), "high": number(cloud.high), "mean": number(cloud.mean),
        }  # fmt: skip
        if cloud.curve_a is None:
            return tr(
                "Layer {number}, {activation}: inputs from {low} to {high}, on average {mean}.", **shown
            )
        return tr("Layer {number}, {activation}: inputs from {low} to {high}, on average {mean}; {share} of "
                  "them where the function is flat.", share=percent(cloud.share, 0), **shown)  # fmt: skip

    def table(self) -> Table:
        if not self._clouds:
            return []
        rows: list[tuple[object, ...]] = [("layer", "z", "a")]
        for layer, cloud in enumerate(self._clouds):
            rows += [(layer + 1, z, a) for z, a in zip(cloud.z.tolist(), cloud.a.tolist(), strict=True)]
        return rows

    def asides(self, layer: int) -> list[str]:
        cloud = self._clouds[layer]
        if cloud.curve_a is None:
            return [name_of("activations", cloud.name)]
        share = percent(cloud.share, 0)
        return [tr("{share} where it is flat", share=share), tr("{share} flat", share=share)]

    def area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, self.switch.height() + px(2), 0, 0)

    def hint(self, x: float, y: float) -> str:
        layer = self.layer_at(x, y)
        return "" if layer is None else self._words(layer)

    def _entries(self) -> list[Entry]:
        return [(tr("inputs z"), theme().accent, 1, False), (tr("flat"), _shade(), 0, False)]

    def retranslate(self) -> None:
        self._make_room()
        super().retranslate()

    def restyle(self) -> None:
        self._make_room()
        super().restyle()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Shorten the words to press where what the marks are needs their room."""
        self.switch.fit(self.width() - key_width(self._entries()) - px(12))

    def paint(self, painter: QPainter) -> None:
        if not self._clouds:
            room = QRectF(self.rect()).adjusted(0, self.switch.height(), 0, 0)
            self.invite(painter, room, tr("Press Play: where each layer works on its function appears here."))
            return
        left = self.switch.sizeHint().width() + px(12)
        place = QRectF(left, 0, self.width() - left, px(20))
        paint_key(painter, place, self._entries(), most=1)
        for layer, plot in self.paint_titles(painter):
            cloud = self._clouds[layer]
            painter.save()
            painter.setClipRect(plot.adjusted(-px(4), -px(4), px(4), px(2)))
            ends = self._paint_cloud(painter, self.whole(plot), cloud)
            painter.restore()
            edges = self.edges_in(plot, cloud.curve_z[[0, -1]])
            bars.paint_axis(painter, plot, edges, "z" if layer == 0 else "")
            if self.lens.on and ends is not None:
                self._paint_heights(painter, plot, ends)

    def _paint_heights(self, painter: QPainter, plot: QRectF, ends: tuple[float, float]) -> None:
        """Write at the left which outputs are at the top and at the bottom of what is seen."""
        whole, (low, high) = self.whole(plot), ends
        for y, side in ((plot.top(), Align.AlignTop), (plot.bottom(), Align.AlignBottom)):
            value = low + (whole.bottom() - y) / whole.height() * (high - low)
            paint.paint_label(painter, plot.left(), y, f"a {number(value)}", Align.AlignLeft | side)

    def _paint_cloud(self, painter: QPainter, plot: QRectF, cloud: Cloud) -> tuple[float, float] | None:
        """Paint the whole of one; return the outputs at the bottom and top, None where there is no line."""
        edges = cloud.curve_z[[0, -1]]
        for start, end in _runs(cloud.flat):
            left, right = (plot.left() + at / (len(cloud.flat) - 1) * plot.width() for at in (start, end))
            painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), QColor(_shade()))
        bars.paint_bars(painter, plot, LOW_BARS * cloud.counts / max(1, int(cloud.counts.max())))
        if cloud.curve_a is None:
            room = plot.adjusted(0, 0, 0, -LOW_BARS * plot.height())
            paint_empty(painter, room, tr("softmax looks at all outputs together"))
            return None
        low, high = min(0.0, float(cloud.curve_a.min())), max(1e-9, float(cloud.curve_a.max()))

        def place(z: float, a: float) -> QPointF:
            across = (z - edges[0]) / (edges[1] - edges[0])
            up = (a - low) / (high - low) * (plot.height() - px(6))
            return QPointF(plot.left() + across * plot.width(), plot.bottom() - px(3) - up)

        line = [place(z, a) for z, a in zip(cloud.curve_z.tolist(), cloud.curve_a.tolist(), strict=True)]
        xs, ys = [point.x() for point in line], [point.y() for point in line]
        paint.paint_polyline(painter, xs, ys, theme().text, px(2))
        colour = QColor(theme().accent)
        colour.setAlphaF(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for z, a in zip(cloud.z.tolist(), cloud.a.tolist(), strict=True):
            if edges[0] <= z <= edges[1]:
                painter.drawEllipse(place(z, a), px(3), px(3))
        inset = (high - low) * px(3) / max(1.0, plot.height() - px(6))
        return low - inset, high + inset


def _shade() -> str:
    """Return the colour of the parts where a function is flat."""
    return mix(theme().panel, theme().warning, 0.22)


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Return (first, last) of every run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(start), int(end) - 1) for start, end in edges.reshape(-1, 2)]
