"""Paints the links: colour is the sign, width and strength of colour are the size of the weight.

Colours are mixed with the background beforehand and drawn opaque, thin ones first: translucent pens look
the same and take six times as long. The contrast theme dashes negative links. Links that are cut are faint
and dotted, those into a frozen layer calmer than the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.canvas.layout import Geometry
from gui.canvas.scene import link_path
from gui.theme import Theme, mix

if TYPE_CHECKING:
    from engine.experiment import Layer

STEPS = 40  # different widths a sign
TYPICAL = 1.5  # the size of a weight that is drawn at three quarters of the full width
THINNEST, WIDEST = 0.8, 5.2
CALM = 0.5  # how much of their strength the links into a frozen layer keep


def strengths(weights: np.ndarray) -> np.ndarray:
    """Return how strongly each weight is drawn, in [0, 1]; absolute, so that links visibly grow."""
    return np.tanh(np.abs(np.where(np.isnan(weights), 0.0, weights)) / TYPICAL)


def steps_of(weights: np.ndarray) -> np.ndarray:
    """Return each weight's pen: ± its step of strength, 0 for 0 and for what is not a number."""
    sizes = np.ceil(strengths(weights) * STEPS).astype(np.int64)
    return np.where(weights < 0, -sizes, sizes)


@lru_cache(maxsize=8 * STEPS)
def pen(now: Theme, step: int, scale: float, calm: bool = False) -> QPen:
    """Return the pen of a step in a theme; ``calm`` for a frozen layer."""
    share = abs(step) / STEPS
    colour = now.negative if step < 0 else now.positive if step > 0 else now.muted
    strong = now.name == "contrast"  # there, width alone tells the size
    start, least = (now.panel, 0.6) if strong else (now.line, 0.12)
    ink = least + (1 - least) * share if step else (0.5 if strong else 0.3)
    ink *= CALM if calm and not strong else 1.0
    made = QPen(QColor(mix(mix(now.panel, start, 0.75), colour, ink)))
    made.setWidthF((THINNEST + (WIDEST - THINNEST) * share) * scale)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    if step < 0 and now.name == "contrast":
        made.setDashPattern([3.0, 1.6])
    return made


@lru_cache(maxsize=16)
def cut_pen(now: Theme, scale: float) -> QPen:
    """Return the pen of links that are cut."""
    made = QPen(QColor(mix(now.panel, now.muted, 0.9)), 1.6 * scale)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    made.setDashPattern([2.0, 4.0])
    return made


def scale_of(geometry: Geometry) -> float:
    """Return how wide links are: thinner where units are small, so that a fan of links stays a fan."""
    sides = [column.units[0].height() for column in geometry.columns if column.units]
    sizes = geometry.sizes
    smallest = min(sides, default=sizes.unit) / sizes.unit
    return min(max(smallest, 0.5), 1.0) * sizes.inset / 2  # of the theme, not of the zoom


class Links:
    """The links of one geometry, their curves kept from frame to frame."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self._paths = {
            layer: self._curves(layer)
            for layer in range(len(geometry.columns) - 1)
            if geometry.has_links(layer)
        }
        self.scale = scale_of(geometry)

    def _curves(self, layer: int) -> list[QPainterPath]:
        before, after = self.geometry.column(layer - 1).count, self.geometry.column(layer).count
        return [
            link_path(self.geometry, layer, unit, later) for unit in range(before) for later in range(after)
        ]

    def paint(self, painter: QPainter, weights: list[np.ndarray] | None, layers: Sequence[Layer],
              now: Theme) -> None:  # fmt: skip
        """Draw every link, thin ones first; without weights all as thin neutral lines."""
        for layer, paths in self._paths.items():
            steps = np.zeros(len(paths), np.int64) if weights is None else steps_of(weights[layer]).ravel()
            cut, calm = self.cut_of(layer, layers[layer]), not layers[layer].trainable
            if cut:
                painter.setPen(cut_pen(now, self.scale))
                for index in cut:
                    painter.drawPath(paths[index])
            current = None
            for index in np.argsort(np.abs(steps), kind="stable"):
                if index in cut:
                    continue
                step = int(steps[index])
                if step != current:
                    painter.setPen(pen(now, step, self.scale, calm))
                    current = step
                painter.drawPath(paths[index])

    def cut_of(self, layer: int, chosen: Layer) -> frozenset[int]:
        """Return which curves into a layer are of links that are cut."""
        after = self.geometry.column(layer).count
        return frozenset(unit * after + later for unit, later in chosen.cut)

    def paint_one(
        self, painter: QPainter, layer: int, unit: int, later: int, weight: float | None, now: Theme
    ) -> None:
        """Draw one link on top of the others, set off from them by a rim; None is the weight of a cut one."""
        path = self._paths[layer][unit * self.geometry.column(layer).count + later]
        own = QPen(
            cut_pen(now, self.scale)
            if weight is None
            else pen(now, int(steps_of(np.array(weight))), self.scale)
        )
        own.setWidthF(max(own.widthF(), 2.0 * self.scale) + 1.0)
        for colour, extra in ((now.panel, 7.0), (now.text, 3.0)):
            painter.setPen(QPen(QColor(colour), own.widthF() + extra))
            painter.drawPath(path)
        painter.setPen(own)
        painter.drawPath(path)
