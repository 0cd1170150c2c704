"""Paints one batch in slow motion over the network: pulses along the links, numbers at the units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.canvas.layout import Column, Geometry
from gui.canvas.motion_words import ROW, largest, reached
from gui.i18n import number
from gui.theme import Theme, font, mix, px, theme

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas

TRAVEL = 0.8  # the share of a layer's time that its pulses are under way
TAIL = (0.0, 0.05, 0.1)  # how far behind the pulse its shadows follow, along the link
VEIL = 150  # of 255: how much of the links is hidden behind the pulses
MOST = 400  # pulses a layer: more could not be told apart


def paint_motion(painter: QPainter, canvas: NetworkCanvas) -> None:
    """Draw the moment of the canvas's motion; units are drawn over it."""
    batch, geometry, now = canvas.motion.batch, canvas.geometry_now, theme()
    if batch is None or canvas.motion.phase == "done":
        return
    veil = QColor(now.panel)
    veil.setAlpha(VEIL)
    for layer in range(len(batch.layers)):
        painter.fillRect(_between(geometry, layer), veil)
    phase, share = canvas.motion.moment()
    count = len(batch.layers)
    if phase in ("forward", "backward"):
        place, inside = divmod(share * count, 1.0)
        layer = min(int(place), count - 1) if phase == "forward" else max(count - 1 - int(place), 0)
        t = min(inside / TRAVEL, 1.0)
        here = batch.layers[layer]
        if phase == "forward":
            values = here.x[ROW][:, np.newaxis] * here.weight
            scale = float(np.abs(np.nan_to_num(values)).max(initial=0.0))
        else:
            values, scale, t = here.weight_gradient, largest(canvas.motion), 1 - t
        _paint_layer(painter, geometry, layer, values / (scale or 1.0), t, now)
        _paint_skips(painter, geometry, layer, t, now)
    elif phase == "update":
        for layer, here in enumerate(batch.layers):
            _paint_steps(painter, canvas, layer, here.new_weight - here.weight, share, now)


def _between(geometry: Geometry, layer: int) -> QRectF:
    """Return the area between a column and the one before it."""
    before, after = geometry.column(layer - 1).bounds, geometry.column(layer).bounds
    top, bottom = min(before.top(), after.top()) - 4, max(before.bottom(), after.bottom()) + 4
    return QRectF(before.right() + 1, top, after.left() - before.right() - 2, bottom - top)


def _paint_layer(
    painter: QPainter, geometry: Geometry, layer: int, values: np.ndarray, t: float, now: Theme
) -> None:
    """Draw a pulse on every link, or one band where links are not drawn one by one."""
    if not geometry.has_links(layer):
        area = _between(geometry, layer)
        wide = area.width() * 0.12
        x = area.left() + t * (area.width() - wide)
        colour = QColor(now.accent)
        colour.setAlpha(120)
        painter.fillRect(QRectF(x, area.top(), wide, area.height()), colour)
        return
    sizes = np.abs(np.nan_to_num(values))
    order = np.argsort(sizes, axis=None)[-MOST:]
    painter.setPen(Qt.PenStyle.NoPen)
    for behind in reversed(TAIL):
        at = min(max(t - behind if t < 1 else t, 0.0), 1.0)
        for flat in order:
            unit, later = np.unravel_index(flat, values.shape)
            size, value = float(sizes[unit, later]), values[unit, later]
            ink = now.positive if value > 0 else now.negative if value < 0 else now.muted
            shade = QColor(mix(now.panel, ink, 0.25 + 0.75 * size))
            shade.setAlphaF(1.0 - 6 * behind)
            painter.setBrush(shade)
            radius = px(1.6) + px(4.4) * size**0.5 * (1 - 3 * behind)
            painter.drawEllipse(_point(geometry, layer, int(unit), int(later), at), radius, radius)


def _point(geometry: Geometry, layer: int, unit: int, later: int, t: float) -> QPointF:
    """Return a point of a link: the curve of :func:`gui.canvas.scene.link_path` at its parameter t."""
    start, end = geometry.anchors(layer, unit, later)
    x = start.x() + (end.x() - start.x()) * (1.5 * t * (1 - t) + t**3)
    return QPointF(x, start.y() + (end.y() - start.y()) * (3 * t * t - 2 * t**3))


def _paint_skips(painter: QPainter, geometry: Geometry, layer: int, t: float, now: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(now.accent))
    for skip in geometry.skips:
        if skip.layer == layer:
            painter.drawEllipse(skip.path.pointAtPercent(t), px(4), px(4))


def _paint_steps(
    painter: QPainter, canvas: NetworkCanvas, layer: int, steps: np.ndarray, share: float, now: Theme
) -> None:
    """Let the links that changed light up: the wider, the farther the weight went."""
    if not canvas.geometry_now.has_links(layer):
        return
    sizes = np.abs(np.nan_to_num(steps))
    most = float(sizes.max(initial=0.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for flat in np.argsort(sizes, axis=None)[-MOST:]:
        unit, later = np.unravel_index(flat, steps.shape)
        size = float(sizes[unit, later]) / (most or 1.0)
        glow = QColor(now.positive if steps[unit, later] > 0 else now.negative)
        glow.setAlphaF(size * (1 - share))
        painter.setPen(QPen(glow, px(1) + px(4) * size))
        painter.drawPath(canvas.link_path(layer, int(unit), int(later)))


def paint_values(painter: QPainter, canvas: NetworkCanvas) -> None:
    """Write at each unit that the wave has come to what it hands on, on the way back its δ."""
    motion, geometry = canvas.motion, canvas.geometry_now
    if motion.batch is None or motion.phase == "done":
        return
    back = motion.phase in ("backward", "update")
    painter.setFont(font("small"))
    for column in geometry.columns:
        if column.block is not None or not _has_room(column):
            continue
        if column.layer < 0:
            values = None if back else motion.batch.layers[0].x[ROW]
        elif back:
            shown = reached(motion, "backward", column.layer)
            values = motion.batch.layers[column.layer].delta[ROW] if shown else None
        else:
            shown = reached(motion, "forward", column.layer)
            values = motion.batch.layers[column.layer].out[ROW] if shown else None
        if values is not None:
            for area, value in zip(column.units, values, strict=True):
                _paint_value(painter, area, float(value), "δ " if back else "", theme())


def _has_room(column: Column) -> bool:
    """Whether numbers at the units of a column do not touch each other."""
    high = QFontMetricsF(font("small")).height()
    units = column.units
    return len(units) < 2 or units[1].top() - units[0].top() >= high + 1


def _paint_value(painter: QPainter, area: QRectF, value: float, sign: str, now: Theme) -> None:
    text = sign + number(value)  # as many figures as the strip below gives
    metrics = QFontMetricsF(painter.font())
    pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * px(4), metrics.height())
    pill.moveCenter(area.center())
    colour = now.positive if value > 0 else now.negative if value < 0 else now.muted
    painter.setPen(QPen(QColor(colour), px(1)))
    painter.setBrush(QColor(now.panel))
    painter.drawRoundedRect(pill, px(4), px(4))
    painter.setPen(QColor(now.text))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
