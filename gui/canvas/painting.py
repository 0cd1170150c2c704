"""Paints the canvas in layers, each kept until what it shows changes.

From below: the backdrop (heads, circles, blocks), the links, the units' pictures, and on top what follows
mouse and keyboard. Only the two last are drawn at every painting.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from gui.canvas import scene, shapes
from gui.canvas.backdrop import paint_arc, paint_backdrop
from gui.canvas.card import card_area, paint_card
from gui.canvas.glyphs import paint_circle
from gui.canvas.links import Links
from gui.canvas.motion_paint import paint_motion, paint_values
from gui.canvas.motion_strip import paint_strip
from gui.canvas.pictures import Pictures
from gui.canvas.pull import paint_pull
from gui.canvas.units import Units, corner
from gui.theme import Theme, mix, px, theme, themes

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas


class Painting:
    """The canvas's layers.

    Attributes:
        pictures: what the units and blocks show.
        cost: the seconds that drawing all links took last.
    """

    def __init__(self, canvas: NetworkCanvas) -> None:
        self.canvas = canvas
        self.pictures = Pictures()
        self.cost = 0.0
        self._units: Units | None = None
        self._links: Links | None = None
        self._backdrop: QPixmap | None = None
        self._scene: QPixmap | None = None

    def forget(self) -> None:
        """Draw everything anew: another geometry, theme or language."""
        self._links = self._backdrop = self._scene = self._units = None

    def forget_view(self, zoomed: bool) -> None:
        """Draw another part of the plane; when it was zoomed, other curves too."""
        self._backdrop = self._scene = None
        if zoomed:
            self._links = None

    def forget_links(self) -> None:
        """Draw the links anew: other weights."""
        self._scene = None

    def show_pictures(self, pictures: Pictures) -> None:
        """Draw these pictures in the units and blocks from now on."""
        self.pictures, self._units = pictures, None

    def paint(self, painter: QPainter) -> None:
        """Draw the canvas."""
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(0, 0, self._draw_scene())
        painter.save()
        painter.translate(-self.canvas.offset)
        self._paint_chosen_links(painter)
        paint_motion(painter, self.canvas)
        self._paint_units(painter)
        self._paint_affordances(painter)
        self._paint_hovered(painter)
        self._paint_selection(painter)
        self._paint_pointed(painter)
        paint_values(painter, self.canvas)
        if self.canvas.hands.band is not None:
            _paint_band(painter, self.canvas.hands.band, theme())
        painter.restore()
        self._paint_card(painter)

    def _draw_backdrop(self) -> QPixmap:
        if self._backdrop is None:
            canvas, geometry = self.canvas, self.canvas.geometry_now
            ratio = canvas.devicePixelRatioF()
            self._backdrop = QPixmap(canvas.size() * ratio)
            self._backdrop.setDevicePixelRatio(ratio)
            self._backdrop.fill(QColor(theme().panel))
            painter = QPainter(self._backdrop)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-canvas.offset)
            captions = {
                column.layer: shapes.caption(canvas.experiment, column) for column in geometry.columns
            }
            labels = {
                column.layer: shapes.names(canvas.experiment, column.layer) for column in geometry.columns
            }
            paint_backdrop(painter, geometry, canvas.heads, labels, captions, theme())
            painter.end()
        return self._backdrop

    def _draw_scene(self) -> QPixmap:
        """Return backdrop and links."""
        if self._scene is None:
            self._scene = QPixmap(self._draw_backdrop())
            if self._links is None:
                self._links = Links(self.canvas.geometry_now)
            begun = time.perf_counter()
            painter = QPainter(self._scene)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-self.canvas.offset)
            self._links.paint(painter, self.canvas.weights, self.canvas.experiment.network.layers, theme())
            painter.end()
            self.cost = time.perf_counter() - begun
        return self._scene

    def _paint_chosen_links(self, painter: QPainter) -> None:
        hands = self.canvas.hands
        for item in {hands.cursor, hands.hovered}:
            if item is not None and item[0] == "link" and self._links is not None:
                layer, unit, later = (int(part) for part in item[1:])
                cut = (unit, later) in self.canvas.experiment.network.layers[layer].cut
                weight = None if cut else self.canvas.weight(layer, unit, later) or 0.0
                self._links.paint_one(painter, layer, unit, later, weight, theme())

    def _paint_units(self, painter: QPainter) -> None:
        if self._units is None:
            self._units = Units(self.pictures, theme())
        for column in self.canvas.geometry_now.columns:
            if column.block is None:
                self._units.paint_units(painter, column)
            else:
                self._units.paint_block(painter, column)

    def _paint_affordances(self, painter: QPainter) -> None:
        """Draw the "-" and "x" of the column that the mouse is in."""
        hands = self.canvas.hands
        if hands.around is None or hands.band is not None:
            return
        column = self.canvas.geometry_now.column(hands.around)
        for rect, sign, kind in ((column.remove, "-", "remove"), (column.close, "x", "close")):
            if rect is not None:
                hot = hands.hovered == (kind, column.layer)
                paint_circle(painter, rect, sign, theme(), hot=hot, solid=True)

    def _paint_hovered(self, painter: QPainter) -> None:
        hovered, now = self.canvas.hands.hovered, theme()
        self._paint_skips(painter)
        rect = scene.rect_of(self.canvas.geometry_now, hovered) if hovered is not None else None
        if hovered is None or rect is None:
            return
        if hovered[0] in ("insert", "add"):
            paint_circle(painter, rect, "+", now, hot=True)
        elif hovered[0] == "head":
            _paint_ring(painter, rect.adjusted(2, 2, -2, -2), now.accent, width=1.4)
        elif hovered[0] in ("unit", "block"):
            _paint_ring(painter, rect.adjusted(1, 1, -1, -1), mix(now.text, now.panel, 0.15), width=1.6)
        elif hovered[0] == "mark":
            _paint_ring(painter, rect.adjusted(2, 2, -2, -2), now.accent, is_round=True, width=1.4)

    def _paint_skips(self, painter: QPainter) -> None:
        """Draw the skip under the mouse or the keyboard, and the curve that is being pulled."""
        canvas, hands, now = self.canvas, self.canvas.hands, theme()
        for skip in canvas.geometry_now.skips:
            if ("skip", skip.layer) in (hands.hovered, hands.cursor):
                paint_arc(painter, skip.path, now.accent, 2.4 * themes.scale)
        if hands.pull is not None:
            paint_pull(painter, hands.pull.path(canvas.geometry_now, hands.point), hands.pull.fits, now)

    def _paint_selection(self, painter: QPainter) -> None:
        canvas, hands, now = self.canvas, self.canvas.hands, theme()
        for layer, unit in hands.selected:
            _paint_ring(painter, canvas.unit_rect(layer, unit), now.accent)
        for layer in hands.layers:
            column = canvas.geometry_now.column(layer)
            for area in (column.head, *([column.block.frame] if column.block else [])):
                _paint_ring(painter, area, now.accent)
        cursor = hands.cursor
        if cursor is not None and canvas.hasFocus() and cursor[1:] not in hands.selected:
            rect, is_round = (
                scene.rect_of(canvas.geometry_now, cursor),
                cursor[0] in ("insert", "add", "mark"),
            )
            if rect is not None:
                _paint_ring(painter, rect, now.accent, is_round, width=1.4 if cursor[0] == "unit" else 2.4)

    def _paint_pointed(self, painter: QPainter) -> None:
        """Frame what a sentence is about: a unit, or a whole column with its head."""
        place, geometry = self.canvas.pointed, self.canvas.geometry_now
        area = scene.area_of(geometry, place) if place is not None else None
        if area is not None:
            _paint_ring(painter, area, theme().accent, width=2.8)

    def _paint_card(self, painter: QPainter) -> None:
        """Draw the card beside the mouse, in slow motion the strip below the network."""
        canvas = self.canvas
        if canvas.motion.batch is not None:
            paint_strip(painter, canvas, theme())
            return
        lines = [] if canvas.hands.band is not None or canvas.hands.pull is not None else canvas.card_lines()
        if lines:
            area = card_area(lines, canvas.hands.point - canvas.offset, QRectF(canvas.rect()))
            paint_card(painter, lines, area, theme())


def _paint_band(painter: QPainter, area: QRectF, now: Theme) -> None:
    painter.setPen(QPen(QColor(now.accent), 1, Qt.PenStyle.DashLine))
    fill = QColor(now.accent)
    fill.setAlphaF(0.12)
    painter.setBrush(fill)
    painter.drawRect(area)


def _paint_ring(
    painter: QPainter, area: QRectF, colour: str, is_round: bool = False, width: float = 2.4
) -> None:
    painter.setPen(QPen(QColor(colour), width * themes.scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    outer = area.adjusted(-2, -2, 2, 2)
    radius = outer.height() / 2 if is_round else min(corner(outer) + 1, px(9))
    painter.drawRoundedRect(outer, radius, radius)
