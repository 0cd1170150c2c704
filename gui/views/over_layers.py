"""What the pictures with the layers across and a logarithmic axis share: size, axes, reading out, picking."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter

from gui.theme import px
from gui.views.base import View
from gui.views.key import HIGH, Entry, key_lines, paint_key
from gui.views.log_axes import LogAxes


class OverLayers(View):
    """A picture over the layers. Clicking picks the layer.

    Attributes:
        title_needed: whether the picture is not understood without its title.
    """

    lets_go = True
    title_needed = True

    def layers(self) -> int:
        """Return how many layers are shown; 0 as long as there is nothing to show."""
        raise NotImplementedError

    def values(self) -> Sequence[float]:
        """Return all that must have a place on the axis."""
        raise NotImplementedError

    def read_out(self, layer: int) -> str:
        """Return what to read at a layer."""
        raise NotImplementedError

    def entries(self) -> list[Entry]:
        """Return what the marks are."""
        raise NotImplementedError

    def title(self) -> str:
        """Return what is shown, in few words."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        return QSize(px(420), px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(110))

    def axes(self) -> LogAxes:
        """Return the axes for what is shown."""
        lines = len(key_lines(self.width(), self.entries(), self.title(), needed=self.title_needed))
        area = QRectF(self.rect()).adjusted(0, lines * px(HIGH), 0, 0)
        return LogAxes(area, self.layers(), self.values(), self.lens)

    def paint_key(self, painter: QPainter) -> None:
        """Say above the axes what is shown, and what the marks are."""
        paint_key(painter, QRectF(self.rect()), self.entries(), self.title(), needed=self.title_needed)

    def pane(self) -> QRectF | None:
        return self.axes().plot if self.layers() else None

    def hint(self, x: float, y: float) -> str:
        layer = self._layer_at(x)
        return "" if layer is None else self.read_out(layer)

    def click(self, x: float, y: float) -> None:
        layer = self._layer_at(x)
        if layer is not None:
            self.picked.emit(("layer", layer))

    def _layer_at(self, x: float) -> int | None:
        return self.axes().layer_at(x) if self.layers() else None
