"""Painting that several pictures share: images by colour table, points, axes, colour bars."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from gui.colours import contrast_ratio, ramp
from gui.i18n import language
from gui.theme import font, mix, px, theme, themes
from gui.widgets.marks import class_colour, shape

LIKE_TEXT = 1.5  # contrasts below which an edge in the text's colour would not be seen around a mark
Align = Qt.AlignmentFlag
MIDDLE = Align.AlignCenter


class Kept:
    """A picture of what stays the same from frame to frame, such as axes and legends."""

    def __init__(self) -> None:
        self._key: object = None
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, size: QSize, key: object, draw: Callable[[QPainter], None]) -> None:
        """Paint it; it is drawn anew when key, size, sharpness, theme, scale or language are others."""
        sharpness = max(1.0, painter.deviceTransform().m11())
        wanted = (key, size, sharpness, theme().name, themes.scale, language.code)
        if wanted != self._key:
            self._key, self._pixmap = wanted, QPixmap(size * sharpness)
            self._pixmap.setDevicePixelRatio(sharpness)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            own = QPainter(self._pixmap)
            own.setRenderHints(painter.renderHints())
            own.setFont(painter.font())
            draw(own)
            own.end()
        painter.drawPixmap(0, 0, self._pixmap)


def indexed_image(indices: NDArray[np.uint8], table: NDArray[np.uint8]) -> QImage:
    """Return an image, in memory of its own, of (h, w) indices into a (256, 4) table of RGBA."""
    packed = table.astype(np.uint32)
    argb = (packed[:, 3] << 24) | (packed[:, 0] << 16) | (packed[:, 1] << 8) | packed[:, 2]
    pixels = np.ascontiguousarray(np.take(argb, indices))  # half the time of argb[indices]
    height, width = indices.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def signed_indices(values: NDArray[np.floating], largest: float = 1.0) -> NDArray[np.uint8]:
    """Return each value's index in a diverging table: 0 at -largest, 255 at +largest, NaN in the middle."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.nan_to_num(np.clip(values / largest, -1.0, 1.0), nan=0.0)
    return np.round((share + 1) * 127.5).astype(np.uint8)


def field_table() -> NDArray[np.uint8]:
    """Return the diverging table a little paler than the points that lie on it."""
    now = theme()
    return ramp(mix(now.panel, now.negative, 0.8), now.panel, mix(now.panel, now.positive, 0.8))


def square_in(area: QRectF) -> QRectF:
    """Return the largest square in an area, at whole pixels, centred across and at the top."""
    side = float(int(min(area.width(), area.height())))
    return QRectF(float(int(area.left() + (area.width() - side) / 2)), float(int(area.top())), side, side)


def rounded(area: QRectF, radius: float) -> QPainterPath:
    """Return the outline of an area with round corners."""
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    return path


def class_colours(count: int) -> list[str]:
    """Return one colour a class, the same however many there are."""
    return [class_colour(kind) for kind in range(max(count, 2))]


def paint_mark(
    painter: QPainter, kind: int, x: float, y: float, radius: float, colour: str, filled: bool
) -> None:
    """Paint one data point: filled for training rows, hollow for test rows."""
    now = theme()
    if filled:
        painter.setPen(QPen(QColor(_edge(colour, now.text, now.panel)), px(1)))
        painter.setBrush(QColor(colour))
    else:
        painter.setPen(QPen(QColor(colour), px(1.5)))
        painter.setBrush(QColor(now.panel))
    painter.drawPath(shape(kind, x, y, radius))


@lru_cache(maxsize=32)
def _edge(colour: str, text: str, panel: str) -> str:
    """Return the colour around a filled mark: towards the text's, but for marks that are like the text."""
    return mix(colour, text if contrast_ratio(colour, text) > LIKE_TEXT else panel, 0.7)


def paint_label(
    painter: QPainter, x: float, y: float, text: str, align: Align, colour: str | None = None
) -> QRectF:
    """Write a line so that (x, y) is its left, right, top, bottom or middle, as aligned; return its area."""
    size = painter.fontMetrics().size(0, text)
    left = x - (
        size.width() if align & Align.AlignRight else size.width() / 2 if align & Align.AlignHCenter else 0
    )
    top = y - (
        size.height() if align & Align.AlignBottom else size.height() / 2 if align & Align.AlignVCenter else 0
    )
    area = QRectF(left, top, size.width() + 1, size.height())
    painter.setPen(QColor(colour or theme().muted))
    painter.drawText(area, int(Align.AlignCenter), text)
    return area


def paint_sideways(painter: QPainter, area: QRectF, text: str) -> None:
    """Write a line from bottom to top in the middle of an area."""
    painter.save()
    painter.translate(area.center())
    painter.rotate(-90)
    painter.setPen(QColor(theme().muted))
    painter.drawText(
        QRectF(-area.height() / 2, -area.width() / 2, area.height(), area.width()), int(MIDDLE), text
    )
    painter.restore()


def paint_bar(painter: QPainter, area: QRectF, table: NDArray[np.uint8], upright: bool) -> None:
    """Paint a colour bar: the table's first entry at the left, or at the bottom when it stands upright."""
    if upright:
        gradient = QLinearGradient(area.bottomLeft(), area.topLeft())
    else:
        gradient = QLinearGradient(area.topLeft(), area.topRight())
    for index in range(0, 256, 15):
        red, green, blue, _ = (int(channel) for channel in table[index])
        gradient.setColorAt(index / 255, QColor(red, green, blue))
    painter.fillPath(rounded(area, px(2)), gradient)


def paint_polyline(
    painter: QPainter, xs: Sequence[float], ys: Sequence[float], colour: str, width: float
) -> None:
    """Paint an open line through points."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs, ys, strict=True)]))


def grid_colour() -> str:
    """Return the colour of lines behind a curve."""
    return mix(theme().panel, theme().line, 0.9)


def text_width(painter: QPainter, texts: Sequence[str]) -> float:
    """Return the width of the widest of some lines."""
    return max((painter.fontMetrics().horizontalAdvance(text) for text in texts), default=0)


def small_font(painter: QPainter, texts: Sequence[str], width: float, role: str = "small", bold: bool = False,
               least: float = 0.6) -> None:  # fmt: skip
    """Set a font of that role, smaller where the widest text would not fit (down to a share of its size)."""
    face = font(role, bold)
    painter.setFont(face)
    widest = text_width(painter, texts)
    if widest > width > 0:
        face.setPixelSize(max(int(face.pixelSize() * least), int(face.pixelSize() * width / widest)))
        painter.setFont(face)
