"""A histogram a layer, now against the start, or one ridge above another over the epochs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.analysis.distributions import Histogram, Quantity
from gui.i18n import number, percent, tr
from gui.theme import font, px, theme
from gui.views import bars, paint
from gui.views.base import Job, Option, Table, View, paint_empty, paint_title
from gui.views.counting import Shown, now_and_start, over_epochs
from gui.views.switch import Switch

if TYPE_CHECKING:
    from engine.snapshot import Snapshot
    from gui.frame import Frame

Align = Qt.AlignmentFlag
NARROWEST = 104  # pixels that a layer's histogram needs
FEW, MANY = 8, 16  # ridges while it plays, and when it stands still


class LayerHistograms(View):
    """One small histogram a layer; the bins are shared with the start, or with the other epochs.

    Clicking one picks its layer. Where more layers than fit would be shown, the ones in the middle are
    left out and named. Derived classes say what is counted.

    Attributes:
        over_epochs: whether ridges over the epochs are shown in place of now and the start.
        quantity: what is counted, a function of snapshot and data.
        counted: what is counted, as the heading of a column of data.
        tail: the share at each end that the limits of the axes may leave out.
    """

    quantity: Callable[..., list[Any]]
    counted = ""
    tail = 0.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.over_epochs = False
        self._shown: Shown | None = None
        self._start: tuple[Snapshot, list[Any]] | None = None
        self._pointed: int | None = None
        self.switch, self._legend = Switch(("now and at the start", "over the epochs"), self), _Legend(self)
        self.switch.switched.connect(lambda which: self.show_over_epochs(bool(which)))
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
        self.say()
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

    def options(self) -> list[Option]:
        return [
            Option(tr("now and at the start"), not self.over_epochs, lambda _: self.show_over_epochs(False)),
            Option(tr("over the epochs"), self.over_epochs, lambda _: self.show_over_epochs(True)),
        ]

    def point_out(self, place: Any) -> None:
        self._pointed = int(place[1]) if place is not None and place[0] in ("layer", "unit") else None
        self.update()

    def retranslate(self) -> None:
        self._legend.restyle()
        super().retranslate()

    def restyle(self) -> None:
        self._legend.restyle()
        super().restyle()

    @property
    def layers(self) -> int:
        """How many layers are shown or left out."""
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

    # Where what stands

    def shown_layers(self) -> list[int]:
        """Return the layers that have room, first and last ones before those in the middle."""
        most = max(1, int(self._area().width() // px(NARROWEST)))
        if self.layers <= most:
            return list(range(self.layers))
        first = (most + 1) // 2
        return [*range(first), *range(self.layers - most + first, self.layers)]

    def _area(self) -> QRectF:
        left = px(34) if self.over_epochs else 0
        return QRectF(self.rect()).adjusted(left, self.switch.height() + px(2), 0, 0)

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
        if layer is None or self._shown is None or self.over_epochs:
            return ""
        return self.words(layer, self._shown.histograms[layer])

    def click(self, x: float, y: float) -> None:
        layer = self.layer_at(x, y)
        if layer is not None:
            self.picked.emit(("layer", layer))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.switch.adjustSize()
        self._legend.move(self.width() - self._legend.width(), 0)
        room = self.width() - self.switch.sizeHint().width() - self._legend.width()
        self._legend.setVisible(room >= px(8))

    # Painting

    def paint(self, painter: QPainter) -> None:
        if self._shown is None:
            area = QRectF(self.rect()).adjusted(0, self.switch.height(), 0, 0)
            paint_empty(painter, area, self.empty())
            return
        last = -1
        for layer, area in self.areas().items():
            skipped = layer - last - 1
            aside = tr("{count} layers not shown", count=skipped) if skipped else ""
            below = self._paint_title(painter, area, layer, aside)
            plot = below.adjusted(0, px(4), 0, -px(18))
            if self.over_epochs:
                self._paint_ridges(painter, plot, layer, first=last < 0)
            else:
                self._paint_histogram(painter, plot, layer, first=last < 0)
            last = layer

    def _paint_title(self, painter: QPainter, area: QRectF, layer: int, aside: str) -> QRectF:
        title = tr("layer {number}", number=layer + 1)
        painter.setFont(font("small", bold=True))
        room = area.width() - painter.fontMetrics().horizontalAdvance(title) - px(8)
        choices = [aside] if aside else self._asides(layer)
        fitting = [text for text in choices if painter.fontMetrics().horizontalAdvance(text) < room]
        below = paint_title(painter, area, title, fitting[0] if fitting else "")
        if layer == self._pointed:
            wide = painter.fontMetrics().horizontalAdvance(title)
            y = below.top() - px(1)
            paint.paint_polyline(painter, [area.left(), area.left() + wide], [y, y], theme().warning, px(2))
        return below

    def _asides(self, layer: int) -> list[str]:
        """Return what stands beside a layer's title, the longest first."""
        if self._shown is None or self.over_epochs:
            return []
        shown = self._shown.histograms[layer]
        std = f"σ {number(shown.std, 2)}"
        zeros = tr("{share} are 0", share=percent(shown.zeros, 0))
        return [f"{zeros} · {std}", std] if shown.zeros > 0.005 else [std]

    def _paint_histogram(self, painter: QPainter, plot: QRectF, layer: int, first: bool) -> None:
        assert self._shown is not None
        shown = self._shown.histograms[layer]
        tallest = max(1, int(shown.now.max()), int(shown.initial.max()))
        bars.paint_bars(painter, plot, shown.now / tallest)
        bars.paint_outline(painter, plot, shown.initial / tallest)
        bars.paint_tallest(painter, plot, tallest)
        bars.paint_axis(painter, plot, shown.edges, self.axis() if first else "", shown.beyond > 0)

    def _paint_ridges(self, painter: QPainter, plot: QRectF, layer: int, first: bool) -> None:
        assert self._shown is not None
        ridge = self._shown.ridges[layer]
        baselines = bars.paint_ridges(painter, plot, ridge.counts)
        bars.paint_axis(painter, plot, ridge.edges, self.axis() if first else "", self.tail > 0)
        if first:
            painter.setFont(font("small"))
            for y, epoch in ((baselines[0], self._shown.epochs[0]), (baselines[-1], self._shown.epochs[-1])):
                at = plot.left() - px(6)
                text = number(epoch, 2) if epoch % 1 else number(int(epoch))
                paint.paint_label(painter, at, y, text, Align.AlignRight | Align.AlignBottom)


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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("small"))
        if self.over_epochs:
            painter.setPen(theme().muted)
            painter.drawText(self.rect(), int(Align.AlignRight | Align.AlignVCenter), tr("earliest on top"))
        else:
            bars.paint_legend(painter, QRectF(self.rect()))
        painter.end()
