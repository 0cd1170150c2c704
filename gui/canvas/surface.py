"""The canvas as a plane: where everything stands, and which part of it the window shows, how near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QWidget

from gui.canvas import scene, shapes
from gui.canvas.heads import Head
from gui.canvas.layout import Geometry, arrange
from gui.theme import px, themes
from gui.views.base import View

if TYPE_CHECKING:
    from engine.experiment import Experiment

NEAREST, STEP = 8.0, 1.25  # the largest zoom, and what one step of it is


class Surface(View):
    """A widget that shows a part of the plane on which the network stands.

    The plane is as large as the widget, or larger by the zoom; there units and gaps are larger, words are
    not. Points of the plane are what the rectangles here are about.

    Attributes:
        experiment: the one that is shown.
        zoom: how much larger than the widget the plane is; 1 shows it whole.
        offset: the point of the plane in the widget's upper left corner.
        reserved: the height at the lower edge that is kept free of the plane.
    """

    experiment: Experiment

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: list[Head] = []
        self.zoom, self.offset, self.reserved = 1.0, QPointF(), 0
        self._geometry: Geometry | None = None

    @property
    def geometry_now(self) -> Geometry:
        """Where everything stands at the present size."""
        if self._geometry is None:
            self._heads = shapes.heads_of(self.experiment)
            columns = shapes.shapes_of(self.experiment, self._heads)
            skips, room = shapes.skips_of(self.experiment), self._plane()
            self._geometry = arrange(columns, room.width(), room.height(), themes.scale, skips, self.zoom)
        return self._geometry

    @property
    def heads(self) -> list[Head]:
        """The columns' chips, the inputs' first, in the current language."""
        return self._heads if self.geometry_now else []

    def _room(self) -> QSizeF:
        """Return the size of the part of the widget that shows the plane."""
        return QSizeF(self.width(), self.height() - self.reserved)

    def _plane(self) -> QSizeF:
        return self._room() * self.zoom

    # What is seen of it

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Go nearer or farther; a point of the widget, else its middle, stays where it is."""
        fixed = QRectF(self.rect()).center() if about is None else about
        zoom = min(max(self.zoom * factor, 1.0), NEAREST)
        if zoom != self.zoom:
            there = self.to_plane(fixed) * (zoom / self.zoom)
            self.zoom, self._geometry = zoom, None
            self._look_at(there - fixed)

    def pan(self, by: QPointF) -> None:
        """Move what is seen by so many pixels."""
        self._look_at(self.offset - by)

    def fit(self) -> None:
        """Show the whole network."""
        if self.zoom != 1.0:
            self.zoom, self._geometry = 1.0, None
            self._look_at(QPointF())

    def reveal(self, area: QRectF) -> None:
        """Move what is seen so that an area of the plane is in it."""
        seen = QRectF(self.offset, self._room()).adjusted(px(12), px(12), -px(12), -px(12))
        x = min(area.left() - seen.left(), 0) or max(area.right() - seen.right(), 0)
        y = min(area.top() - seen.top(), 0) or max(area.bottom() - seen.bottom(), 0)
        if self.zoom > 1 and (x or y):
            self._look_at(self.offset + QPointF(x, y))

    def _look_at(self, corner: QPointF) -> None:
        most = self._plane() - self._room()
        x = min(max(corner.x(), 0.0), most.width())
        y = min(max(corner.y(), 0.0), most.height())
        self.offset = QPointF(round(x), round(y))
        self.forget_view()

    def forget_view(self) -> None:
        """Draw another part of the plane."""

    def to_plane(self, point: QPointF) -> QPointF:
        """Return the point of the plane that is at a point of the widget."""
        return point + self.offset

    def seen(self, area: QRectF) -> QRectF:
        """Return where an area of the plane is in the widget."""
        return area.translated(-self.offset)

    # Where things are on the plane

    def add_layer_rect(self, index: int) -> QRectF:
        """Return the circle that puts a new layer before layer ``index``."""
        return self.geometry_now.inserts[index]

    def add_unit_rect(self, layer: int) -> QRectF | None:
        """Return the circle that gives a hidden layer one unit more; None for inputs and output."""
        return self.geometry_now.column(layer).add

    def remove_unit_rect(self, layer: int) -> QRectF | None:
        """Return the circle that takes a unit from a hidden layer; it shows while the mouse is near."""
        return self.geometry_now.column(layer).remove

    def remove_layer_rect(self, layer: int) -> QRectF | None:
        """Return the circle at a head's corner that removes the layer; it shows while the mouse is near."""
        return self.geometry_now.column(layer).close

    def unit_rect(self, layer: int, unit: int) -> QRectF:
        """Return a unit's square; -1 is the inputs."""
        return self.geometry_now.column(layer).units[unit]

    def block_rect(self, layer: int) -> QRectF | None:
        """Return the block of a large layer, None where units are drawn one by one."""
        block = self.geometry_now.column(layer).block
        return block.frame if block else None

    def head_rect(self, layer: int) -> QRectF:
        """Return a column's chip."""
        return self.geometry_now.column(layer).head

    def pressed(self) -> list[QRect]:
        """Return where the circles, heads and units are in the widget, as far as one sees them."""
        geometry, found = self.geometry_now, list(self.geometry_now.inserts)
        for column in geometry.columns:
            found += [column.head, *column.units, *([column.add] if column.add is not None else [])]
        seen = [self.seen(area).toAlignedRect().intersected(self.rect()) for area in found]
        return [area for area in seen if not area.isEmpty()]

    def link_path(self, layer: int, unit: int, later: int) -> QPainterPath:
        """Return the curve of a link into a layer."""
        return scene.link_path(self.geometry_now, layer, unit, later)

    def sizeHint(self) -> QSize:
        return QSize(px(860), px(460))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)  # what is drawn adapts, so the projector's scale needs no more room
