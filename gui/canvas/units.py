"""Paints the units (heatmap, profile or bars by class in a rounded square) and the blocks of large layers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from gui.canvas.layout import Column
from gui.canvas.pictures import Pictures, grey_colours, images_of, signed_colours
from gui.theme import Theme, mix


class Units:
    """The pictures at hand, as images in the colours of one theme."""

    def __init__(self, pictures: Pictures, now: Theme) -> None:
        self.pictures, self.now = pictures, now
        signed, grey = signed_colours(now), grey_colours(now)
        self._units = {
            column: images_of(values, signed) for column, values in pictures.units.items() if values.ndim == 3
        }
        self._blocks = {
            column: images_of(values, grey if column in pictures.grey else signed)
            for column, values in pictures.blocks.items()
        }

    def paint_units(self, painter: QPainter, column: Column) -> None:
        """Draw a column's squares, each with its picture."""
        place = column.layer + 1
        values = self.pictures.units.get(place)
        images = self._units.get(place, [])
        edge = QPen(QColor(mix(self.now.muted, self.now.panel, 0.35)), 1.2)
        painter.setPen(edge)
        for unit, area in enumerate(column.units):
            radius = corner(area)
            if unit < len(images):
                painter.setBrush(_texture(images[unit], area))
                painter.drawRoundedRect(area, radius, radius)
                continue
            painter.setPen(edge)
            painter.setBrush(QColor(self.now.raised))
            painter.drawRoundedRect(area, radius, radius)
            if values is None or unit >= len(values):
                continue
            if place in self.pictures.means:
                _paint_bars(painter, area, values[unit], self.now)
            elif values.ndim == 2:
                _paint_profile(painter, area, values[unit], self.now)

    def paint_block(self, painter: QPainter, column: Column) -> None:
        """Draw what a block shows inside its frame."""
        block = column.block
        images = self._blocks.get(column.layer + 1)
        if block is None or not images:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, _is_shrunk(images[0], block.picture))
        if block.cells and len(images) >= len(block.cells):
            painter.setPen(QPen(QColor(mix(self.now.muted, self.now.panel, 0.55)), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for image, area in zip(images, block.cells, strict=False):
                painter.drawImage(area, image)
                painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
        else:
            painter.drawImage(
                _fitted(images[0], block.picture, column.layer + 1 in self.pictures.grey), images[0]
            )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)


def corner(area: QRectF) -> float:
    """Return the radius of a unit's corners."""
    return min(7.0 * area.width() / 46, 9.0)


def _texture(image: QImage, area: QRectF) -> QBrush:
    brush = QBrush(image)
    brush.setTransform(
        QTransform.fromTranslate(area.left(), area.top()).scale(
            area.width() / image.width(), area.height() / image.height()
        )
    )
    return brush


def _is_shrunk(image: QImage, area: QRectF) -> bool:
    return image.width() > area.width() or image.height() > area.height()


def _fitted(image: QImage, area: QRectF, keep_ratio: bool) -> QRectF:
    """Return the area, or the largest part of it in the image's own proportions."""
    if not keep_ratio:
        return area
    scale = min(area.width() / image.width(), area.height() / image.height())
    fitted = QRectF(0, 0, image.width() * scale, image.height() * scale)
    fitted.moveCenter(area.center())
    return fitted


def _paint_profile(painter: QPainter, area: QRectF, values: np.ndarray, now: Theme) -> None:
    """Draw a unit's value over the one input: above the middle line positive, below it negative."""
    inside = area.adjusted(3, 5, -3, -5)
    middle, half = inside.center().y(), inside.height() / 2
    xs = np.linspace(inside.left(), inside.right(), len(values))
    ys = middle - half * np.clip(np.nan_to_num(values), -1, 1)
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, kept in ((now.positive, np.minimum(ys, middle)), (now.negative, np.maximum(ys, middle))):
        outline = [
            QPointF(float(xs[0]), middle),
            *map(QPointF, xs.tolist(), kept.tolist()),
            QPointF(float(xs[-1]), middle),
        ]
        painter.setBrush(QColor(mix(now.raised, colour, 0.55)))
        painter.drawPolygon(QPolygonF(outline))
    painter.setPen(QPen(QColor(mix(now.muted, now.raised, 0.5)), 1))
    painter.drawLine(QLineF(inside.left(), middle, inside.right(), middle))
    painter.setPen(QPen(QColor(now.text), 1.5))
    painter.drawPolyline(QPolygonF(list(map(QPointF, xs.tolist(), ys.tolist()))))


def _paint_bars(painter: QPainter, area: QRectF, values: np.ndarray, now: Theme) -> None:
    """Draw what a unit answers to each class: one bar a class, up for positive and down for negative."""
    inside = area.adjusted(4, 4, -4, -4)
    step = inside.width() / len(values)
    middle, half = inside.center().y(), inside.height() / 2
    if not np.nanmin(values, initial=0.0) < 0:  # nothing goes down: the whole height is there for going up
        middle, half = inside.bottom(), inside.height()
    painter.setPen(Qt.PenStyle.NoPen)
    for index, value in enumerate(np.clip(np.nan_to_num(values), -1, 1).tolist()):
        painter.setBrush(QColor(now.positive if value > 0 else now.negative))
        bar = QRectF(inside.left() + step * (index + 0.12), middle, 0.76 * step, -half * value)
        painter.drawRect(bar.normalized())
    painter.setPen(QPen(QColor(now.muted), 1))
    painter.drawLine(QLineF(inside.left(), middle, inside.right(), middle))
