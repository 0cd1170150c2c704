"""Small pictures of the layers side by side: which have room, where they stand, and their titles."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.theme import font, px, theme
from gui.views import base, paint

NARROWEST, MOST = 104, 520  # pixels that a layer's picture needs, and beyond which it is only stretched


class LayerRow(base.View):
    """One small picture a layer.

    Clicking one picks its layer. Where more layers than fit would be shown, the ones in the middle are
    left out and named. Looking closer, all show the same share of their axes, which stay.

    Attributes:
        grounded: whether one looks closer at the foot of the pictures alone, so that counts begin at 0.
    """

    lets_go = True
    grounded = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pointed: int | None = None

    @property
    def layers(self) -> int:
        """How many layers are shown or left out."""
        raise NotImplementedError

    def asides(self, layer: int) -> list[str]:
        """Return what stands beside a layer's title, the longest first."""
        return []

    def point_out(self, place: Any) -> None:
        self._pointed = int(place[1]) if place is not None and place[0] in ("layer", "unit") else None
        self.update()

    def shown_layers(self) -> list[int]:
        """Return the layers that have room, first and last ones before those in the middle."""
        most = max(1, int(self.area().width() // px(NARROWEST)))
        if self.layers <= most:
            return list(range(self.layers))
        first = (most + 1) // 2
        return [*range(first), *range(self.layers - most + first, self.layers)]

    def area(self) -> QRectF:
        """Return where the layers stand together."""
        return QRectF(self.rect())

    def areas(self) -> dict[int, QRectF]:
        """Return where each layer shown stands, by layer."""
        shown, area, gap = self.shown_layers(), self.area(), px(20)
        width = (area.width() - gap * (len(shown) - 1)) / max(1, len(shown))
        width = min(width, px(MOST))
        return {
            layer: QRectF(area.left() + index * (width + gap), area.top(), width, area.height())
            for index, layer in enumerate(shown)
        }

    def layer_at(self, x: float, y: float) -> int | None:
        """Return the layer whose histogram is at a point."""
        return next((layer for layer, area in self.areas().items() if area.contains(x, y)), None)

    def plot_in(self, area: QRectF) -> QRectF:
        """Return where between its title and the numbers of its axis a layer's picture is."""
        title = QFontMetrics(font("small", bold=True)).height() + px(4)
        return area.adjusted(0, title + px(4), 0, -px(18))

    # Looking closer: the pane is the first layer's picture, and the others follow it

    def pane(self) -> QRectF | None:
        return next((self.plot_in(area) for area in self.areas().values()), None) if self.layers else None

    def in_pane(self, point: QPointF) -> QPointF:
        areas = list(self.areas().values())
        here = next((area for area in areas if area.contains(point)), None)
        return point if here is None else point - QPointF(here.left() - areas[0].left(), 0)

    def _inside(self, point: QPointF) -> QPointF:
        return point  # what is read out and picked is a layer, and these stay

    def whole(self, plot: QRectF) -> QRectF:
        """Return where the whole picture of a layer would be, of which its plot shows a part."""
        pane = self.pane()
        if pane is None or not self.lens.on:
            return plot
        seen = self.lens.seen_rect(pane).translated(plot.left() - pane.left(), 0)
        if self.grounded:
            seen.moveBottom(plot.bottom())
        return seen

    def edges_in(self, plot: QRectF, edges: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the ends of the axis that is seen, of one with these ends."""
        whole, low, high = self.whole(plot), float(edges[0]), float(edges[-1])
        ends = [(x - whole.left()) / whole.width() for x in (plot.left(), plot.right())]
        return np.array([low + share * (high - low) for share in ends])

    def click(self, x: float, y: float) -> None:
        layer = self.layer_at(x, y)
        if layer is not None:
            self.picked.emit(("layer", layer))

    def paint_titles(self, painter: QPainter) -> Iterator[tuple[int, QRectF]]:
        """Write the titles of the layers shown; yield each layer with the place of its picture."""
        last = -1
        for layer, area in self.areas().items():
            skipped = layer - last - 1
            aside = tr("{count} layers not shown", count=skipped) if skipped else ""
            self.paint_title(painter, area, layer, aside)
            yield layer, self.plot_in(area)
            last = layer

    def paint_title(self, painter: QPainter, area: QRectF, layer: int, aside: str) -> None:
        """Write a layer's name and what stands beside it."""
        title = tr("layer {number}", number=layer + 1)
        painter.setFont(font("small", bold=True))
        room = area.width() - painter.fontMetrics().horizontalAdvance(title) - px(8)
        choices = [aside] if aside else self.asides(layer)
        fitting = [text for text in choices if painter.fontMetrics().horizontalAdvance(text) < room]
        below = base.paint_title(painter, area, title, fitting[0] if fitting else "")
        if layer == self._pointed:
            wide = painter.fontMetrics().horizontalAdvance(title)
            y = below.top() - px(1)
            paint.paint_polyline(painter, [area.left(), area.left() + wide], [y, y], theme().accent, px(2))
