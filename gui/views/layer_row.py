"""Small pictures of the layers side by side: which have room, where they stand, and their titles."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.theme import font, px, theme
from gui.views import base, paint

NARROWEST, MOST = 104, 520  # pixels that a layer's picture needs, and beyond which it is only stretched


class LayerRow(base.View):
    """One small picture a layer.

    Clicking one picks its layer. Where more layers than fit would be shown, the ones in the middle are
    left out and named.
    """

    lets_go = True

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

    def click(self, x: float, y: float) -> None:
        layer = self.layer_at(x, y)
        if layer is not None:
            self.picked.emit(("layer", layer))

    def paint_titles(self, painter: QPainter) -> Iterator[tuple[int, QRectF]]:
        """Write the titles of the layers shown; yield each layer with what is left below its title."""
        last = -1
        for layer, area in self.areas().items():
            skipped = layer - last - 1
            aside = tr("{count} layers not shown", count=skipped) if skipped else ""
            yield layer, self.paint_title(painter, area, layer, aside)
            last = layer

    def paint_title(self, painter: QPainter, area: QRectF, layer: int, aside: str) -> QRectF:
        """Write a layer's name and what stands beside it; return what is left below."""
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
        return below
