"""A histogram a layer, now against the start, or one ridge above another over the epochs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.analysis.distributions import Histogram, Quantity
from gui.guard import guarded
from gui.i18n import number, percent, tr
from gui.theme import font, px, theme
from gui.views import bars, paint
from gui.views.base import Job, Option, Table
from gui.views.counting import Shown, now_and_start, over_epochs
from gui.views.layer_row import LayerRow
from gui.views.switch import Switch

if TYPE_CHECKING:
    from engine.snapshot import Snapshot
    from gui.frame import Frame

Align = Qt.AlignmentFlag
COUNT = 14  # pixels above the bars, for the count that fills their height
FEW, MANY = 8, 16  # ridges while it plays, and when it stands still


class LayerHistograms(LayerRow):
    """One small histogram a layer; the bins are shared with the start, or with the other epochs.

    Derived classes say what is counted.

    Attributes:
        over_epochs: whether ridges over the epochs are shown in place of now and the start.
        logarithmic: whether the counts of now and the start stand on a logarithmic axis: few beside many.
        quantity: what is counted, a function of snapshot and data.
        counted: what is counted, as the heading of a column of data.
        tail: the share at each end that the limits of the axes may leave out.
        ways: the words of the switch; the third one, if any, is another picture's.

    Signals:
        turned: the other picture was asked for.
    """

    pause = 0.04
    turned = Signal()
    ways: tuple[str, ...] = ("now and at the start", "over the epochs")
    quantity: Callable[..., list[Any]]
    counted = ""
    tail = 0.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.over_epochs = self.logarithmic = False
        self._shown: Shown | None = None
        self._start: tuple[Snapshot, list[Any]] | None = None
        self.switch, self._legend = Switch(self.ways, self), _Legend(self)
        self.switch.switched.connect(self._switch)
        self.retranslate()

    # What derived classes say

    def axis(self) -> str:
        """Return what is counted, as the name of the axis."""
        raise NotImplementedError

    def words(self, layer: int, shown: Histogram) -> str:
        """Return one layer's numbers in a sentence."""
        raise NotImplementedError

    def empty(self) -> str:
        """Return what to do to see something."""
        raise NotImplementedError

    # The frame

    def forget(self) -> None:
        self._shown = self._start = None
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(520), px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(110))

    def job(self, frame: "Frame") -> Job:
        kept = self._start
        start = kept[1] if kept is not None and kept[0] is frame.initial else None
        quantity: Quantity = type(self).quantity
        if self.over_epochs:
            most = FEW if frame.state == "playing" else MANY
            return lambda: over_epochs(quantity, frame, most, self.tail)
        return lambda: now_and_start(quantity, frame, start, self.tail)

    def show_result(self, frame: "Frame", result: Shown) -> None:
        if bool(result.ridges) != self.over_epochs:
            return  # of before the switch was pressed
        if result.start:
            self._start = frame.initial, result.start
        self._shown = result
        self.say_of(frame)
        self.update()

    def show_over_epochs(self, shown: bool) -> None:
        """Show ridges over the epochs, or now and the start again."""
        if shown != self.over_epochs:
            self.over_epochs, self._shown = shown, None
            self.switch.choose(int(shown))
            self._legend.over_epochs = shown
            self._legend.update()
            self.stale.emit()
            self.update()

    def _switch(self, which: int) -> None:
        if which == len(LayerHistograms.ways):
            self.switch.choose(int(self.over_epochs))
            self.turned.emit()
        else:
            self.show_over_epochs(bool(which))

    def options(self) -> list[Option]:
        return [
            Option(tr("now and at the start"), not self.over_epochs, lambda _: self.show_over_epochs(False)),
            Option(tr("over the epochs"), self.over_epochs, lambda _: self.show_over_epochs(True)),
            Option(tr("Logarithmic counts"), self.logarithmic, self.show_logarithmic, gap=True),
        ]

    def show_logarithmic(self, shown: bool) -> None:
        """Put the counts on a logarithmic axis, or on one from 0 again."""
        self.logarithmic = bool(shown)
        self.update()

    def retranslate(self) -> None:
        self._legend.restyle()
        self._make_room()
        super().retranslate()

    def restyle(self) -> None:
        self._legend.restyle()
        self._make_room()
        super().restyle()

    @property
    def layers(self) -> int:
        return 0 if self._shown is None else len(self._shown.histograms) or len(self._shown.ridges)

    def summary(self) -> str:
        if self._shown is None:
            return ""
        if self.over_epochs:
            first, last = self._shown.epochs[0], self._shown.epochs[-1]
            return tr("{what} of {layers} layers at {count} moments from epoch {first} to {last}.",
                      what=self.axis(), layers=self.layers, count=len(self._shown.epochs),
                      first=number(first, 2), last=number(last, 2))  # fmt: skip
        return " ".join(self.words(layer, shown) for layer, shown in enumerate(self._shown.histograms))

    def table(self) -> Table:
        if self._shown is None:
            return []
        if self.over_epochs:
            epochs = [f"epoch_{epoch:g}" for epoch in self._shown.epochs]
            rows: list[tuple[object, ...]] = [("layer", "from", "to", *epochs)]
            for layer, ridge in enumerate(self._shown.ridges):
                ends = zip(ridge.edges[:-1].tolist(), ridge.edges[1:].tolist(), strict=True)
                counts = ridge.counts.T.tolist()
                rows += [(layer + 1, *edge, *count) for edge, count in zip(ends, counts, strict=True)]
            return rows
        rows = [("layer", "from", "to", self.counted, f"initial_{self.counted}")]
        for layer, shown in enumerate(self._shown.histograms):
            ends = zip(shown.edges[:-1].tolist(), shown.edges[1:].tolist(), strict=True)
            both = zip(shown.now.tolist(), shown.initial.tolist(), strict=True)
            rows += [(layer + 1, *edge, *count) for edge, count in zip(ends, both, strict=True)]
        return rows

    def area(self) -> QRectF:
        left = px(34) if self.over_epochs else 0
        return QRectF(self.rect()).adjusted(left, self.switch.height() + px(2), 0, 0)

    def plot_in(self, area: QRectF) -> QRectF:
        """Return where a layer's bars are: below the count that fills their height; ridges have none."""
        return super().plot_in(area).adjusted(0, 0 if self.over_epochs else px(COUNT), 0, 0)

    def hint(self, x: float, y: float) -> str:
        layer = self.layer_at(x, y)
        if layer is None or self._shown is None or self.over_epochs:
            return ""
        return self.words(layer, self._shown.histograms[layer])

    @guarded
    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Shorten the words to press where the legend needs their room."""
        room = self.width() - self._legend.width() - px(8)
        self._legend.setVisible(self.switch.fit(room))
        self.switch.adjustSize()
        self._legend.move(self.width() - self._legend.width(), 0)

    # Painting

    def paint(self, painter: QPainter) -> None:
        if self._shown is None:
            area = QRectF(self.rect()).adjusted(0, self.switch.height(), 0, 0)
            self.invite(painter, area, self.empty())
            return
        self.grounded = not self.over_epochs
        for layer, plot in self.paint_titles(painter):
            if self.over_epochs:
                self._paint_ridges(painter, plot, layer, first=layer == 0)
            else:
                self._paint_histogram(painter, plot, layer, first=layer == 0)

    def asides(self, layer: int) -> list[str]:
        if self._shown is None or self.over_epochs:
            return []
        shown = self._shown.histograms[layer]
        std = f"σ {number(shown.std, 2)}"
        zeros = tr("{share} are 0", share=percent(shown.zeros, 0))
        return [f"{zeros} · {std}", std] if shown.zeros > 0.005 else [std]

    def _paint_histogram(self, painter: QPainter, plot: QRectF, layer: int, first: bool) -> None:
        assert self._shown is not None
        shown, whole = self._shown.histograms[layer], self.whole(plot)
        tallest = max(1, int(shown.now.max()), int(shown.initial.max()))
        logs = self.logarithmic
        painter.save()
        painter.setClipRect(plot.adjusted(0, -px(2), 0, px(1)))
        bars.paint_bars(painter, whole, bars.heights(shown.now, tallest, logs))
        bars.paint_outline(painter, whole, bars.heights(shown.initial, tallest, logs))
        painter.restore()
        bars.paint_tallest(painter, plot, tallest, logs, plot.height() / whole.height())
        beyond = shown.beyond > 0 and not self.lens.on
        bars.paint_axis(painter, plot, self.edges_in(plot, shown.edges), self.axis() if first else "", beyond)

    def _paint_ridges(self, painter: QPainter, plot: QRectF, layer: int, first: bool) -> None:
        assert self._shown is not None
        ridge, epochs = self._shown.ridges[layer], self._shown.epochs
        painter.save()
        painter.setClipRect(plot)
        baselines = bars.paint_ridges(painter, self.whole(plot), ridge.counts)
        painter.restore()
        beyond = self.tail > 0 and not self.lens.on
        bars.paint_axis(painter, plot, self.edges_in(plot, ridge.edges), self.axis() if first else "", beyond)
        seen = [index for index, y in enumerate(baselines) if plot.top() < y <= plot.bottom() + 1]
        if first and seen:
            painter.setFont(font("small"))
            for index in {seen[0], seen[-1]}:
                text = number(epochs[index], 2) if epochs[index] % 1 else number(int(epochs[index]))
                at = plot.left() - px(6)
                paint.paint_label(painter, at, baselines[index], text, Align.AlignRight | Align.AlignBottom)


class _Legend(QWidget):
    """What bars and outline are, or how the ridges stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.over_epochs = False

    def restyle(self) -> None:
        """Take the size of the words in the current language and scale."""
        self.setFont(font("small"))
        metrics = self.fontMetrics()
        both = metrics.horizontalAdvance(tr("now") + tr("start")) + 2 * px(20) + px(14)
        self.setFixedSize(max(both, metrics.horizontalAdvance(tr("earliest on top")) + px(2)), px(20))
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("small"))
        if self.over_epochs:
            painter.setPen(theme().muted)
            painter.drawText(self.rect(), int(Align.AlignRight | Align.AlignVCenter), tr("earliest on top"))
        else:
            bars.paint_legend(painter, QRectF(self.rect()))
        painter.end()
