"""Drawing a connection with the mouse: from a head to a later head a skip, from a unit to a unit a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine import links
from gui.canvas.layout import Geometry
from gui.canvas.scene import Item, rect_of
from gui.theme import Theme, themes

if TYPE_CHECKING:
    from engine.experiment import Experiment

SOURCES = ("head", "unit")  # what a connection can be pulled from


@dataclass
class Pull:
    """A connection that is being drawn.

    Attributes:
        source: the head or unit where it began.
        target: the item under the mouse, when it can end there.
    """

    source: Item
    target: Item | None = None

    @property
    def fits(self) -> bool:
        """Whether letting go here makes a connection."""
        return self.target is not None

    def over(self, item: Item | None) -> None:
        """Take note of what the mouse is over."""
        self.target = item if item is not None and can_join(self.source, item) else None

    def path(self, geometry: Geometry, point: QPointF) -> QPainterPath:
        """Return the curve from the source to the mouse."""
        rect = rect_of(geometry, self.source)
        start = point if rect is None else QPointF(rect.right(), rect.center().y())
        middle = (start.x() + point.x()) / 2
        path = QPainterPath(start)
        path.cubicTo(QPointF(middle, start.y()), QPointF(middle, point.y()), point)
        return path


def can_join(source: Item, item: Item) -> bool:
    """Whether a connection may lead from one item to another.

    Heads are joined with any later head, of which the engine says whether a skip fits; units with those of
    the next column.
    """
    if source[0] == "head" and item[0] == "head":
        return 0 <= int(source[1]) < int(item[1])
    return source[0] == item[0] == "unit" and int(item[1]) == int(source[1]) + 1


def join(experiment: Experiment, source: Item, target: Item) -> Experiment:
    """Return the experiment with the connection. Raises ExperimentError where it cannot be."""
    layer = int(target[1])
    if source[0] == "head":
        return links.skip(experiment, int(source[1]), layer)
    unit, later = int(source[2]), int(target[2])
    if (unit, later) not in experiment.network.layers[layer].cut:
        return experiment
    return links.cut_link(experiment, layer, unit, later, cut=False)


def paint_pull(painter: QPainter, path: QPainterPath, fits: bool, now: Theme) -> None:
    """Draw the connection so far: whole where it may end, dashed else."""
    style = Qt.PenStyle.SolidLine if fits else Qt.PenStyle.DashLine
    painter.setPen(QPen(QColor(now.accent), 2.4 * themes.scale, style, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setBrush(QColor(now.accent))
    painter.drawEllipse(path.currentPosition(), 3 * themes.scale, 3 * themes.scale)
