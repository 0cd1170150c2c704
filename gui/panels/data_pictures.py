"""Small pictures of the data sets, drawn from their real rows."""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from engine.choices import DATASETS
from engine.choices.datasets import Dataset
from engine.data import Data, preview
from gui.theme import diverging, mix, theme
from gui.widgets.marks import class_colour, paint_mark

POINTS = 110


def picture(name: str, side: int, ratio: float) -> QPixmap:
    """Return a square picture of a data set's rows in the current theme's colours."""
    return _drawn(name, side, ratio, theme().name)


def picture_of(data: Data, side: int, ratio: float) -> QPixmap:
    """Return a square picture of rows that are trained on: two of their inputs, or one and its target.

    Of a file's columns the numbers are drawn: categories, each 0 or 1, would make a few points in corners.
    """
    rows = np.linspace(0, len(data.raw_train) - 1, min(POINTS, len(data.raw_train))).round().astype(int)
    raw, target = data.raw_train[rows], data.y_train[rows, 0]
    numbers = None if data.classes else target
    kinds = data.labels_train[rows].tolist() if data.classes else [1] * len(rows)
    drawn = [raw[:, column] for column in _drawable(data)]
    pixmap, painter = _begun(side, ratio)
    if not drawn:
        _draw_own(painter, DATASETS["csv"], side)
    elif len(drawn) == 1:
        _paint_points(painter, drawn[0], target, kinds, None, 1.6, side)
    else:
        _paint_points(painter, drawn[0], drawn[1], kinds, numbers, 1.7, side)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _drawable(data: Data) -> list[int]:
    """Return the first two inputs that are numbers; fewer where there are only categories besides."""
    return [column for column, name in enumerate(data.input_names) if name not in data.categories][:2]


def _begun(side: int, ratio: float) -> tuple[QPixmap, QPainter]:
    """Return a transparent picture, and a painter of it in pixels of the design."""
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    return pixmap, painter


@lru_cache(maxsize=128)
def _drawn(name: str, side: int, ratio: float, theme_name: str) -> QPixmap:
    """Draw the picture once a theme, size and screen."""
    entry = DATASETS[name]
    pixmap, painter = _begun(side, ratio)
    if entry.origin == "own":
        _draw_own(painter, entry, side)
    elif entry.image is not None:
        _draw_image(painter, entry, side)
    elif entry.origin == "table" and len(entry.inputs) > 2:
        _draw_table(painter, entry, side)
    elif len(entry.inputs) == 1:
        _draw_curve(painter, entry, side)
    else:
        _draw_points(painter, entry, side)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _unit(values: np.ndarray) -> np.ndarray:
    """Bring a column to [0, 1]."""
    low, high = values.min(), values.max()
    return (values - low) / (high - low or 1.0)


def _draw_image(painter: QPainter, entry: Dataset, side: int) -> None:
    """Draw the most usual row of class 3: a digit that cannot be read upside down."""
    rows = preview(entry.key, samples=300)
    threes = rows.raw[rows.labels == min(3, len(entry.classes) - 1)]
    usual = np.argmin(((threes - threes.mean(axis=0)) ** 2).sum(axis=1))
    assert entry.image is not None
    height, width = entry.image
    grey = _unit(threes[usual]).reshape(height, width)
    now = theme()
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for y in range(height):
        for x in range(width):
            image.setPixelColor(x, y, QColor(mix(now.raised, now.text, float(grey[y, x]))))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, width > 16)
    edge = side * 0.1
    painter.drawImage(QRectF(edge, edge, side - 2 * edge, side - 2 * edge), image)


def _draw_curve(painter: QPainter, entry: Dataset, side: int) -> None:
    """Draw points of one input against what is to be predicted."""
    rows = preview(entry.key, samples=POINTS, noise=0.05)
    _paint_points(painter, rows.raw[:, 0], rows.targets[:, 0], [1] * len(rows.raw), None, 1.6, side)


def _draw_table(painter: QPainter, entry: Dataset, side: int) -> None:
    """Draw a few rows of more than two inputs: a cell each, darker for more, and at its right what it is."""
    rows = preview(entry.key)
    count, columns = rows.raw.shape
    edge, cell = side * 0.1, side * 0.8 / max(count, columns + 1)
    left, top = edge + (side * 0.8 - cell * (columns + 1.3)) / 2, edge + (side * 0.8 - cell * count) / 2
    now, share = theme(), _unit(rows.raw)
    numbers = _unit(rows.targets[:, 0]) * 2 - 1 if entry.task == "regression" else None
    painter.setPen(Qt.PenStyle.NoPen)
    for row in range(count):
        y = top + row * cell
        for column in range(columns):
            painter.setBrush(QColor(mix(now.raised, now.text, 0.12 + 0.68 * float(share[row, column]))))
            painter.drawRect(QRectF(left + column * cell, y, cell * 0.86, cell * 0.86))
        kind = 1 if numbers is not None else int(rows.labels[row])
        painter.setBrush(QColor(_shade(float(numbers[row])) if numbers is not None else class_colour(kind)))
        paint_mark(painter, QPointF(left + (columns + 0.75) * cell, y + cell * 0.43), cell * 0.38, kind)


def _draw_own(painter: QPainter, entry: Dataset, side: int) -> None:
    """Draw what stands for rows of the user's own: three marks, or the lines of a table."""
    painter.setPen(Qt.PenStyle.NoPen)
    if entry.key == "points":
        for kind, at in enumerate(((0.25, 0.3), (0.7, 0.4), (0.45, 0.8))):
            painter.setBrush(QColor(class_colour(kind)))
            paint_mark(painter, _placed(at, side), side * 0.07, kind)
        return
    now, cell = theme(), side * 0.8 / 3
    for row in range(4):
        for column in range(3):
            painter.setBrush(QColor(mix(now.raised, now.text, 0.7 if row == 0 else 0.25)))
            left, top = side * 0.1 + column * cell, side * 0.12 + row * side * 0.2
            painter.drawRect(QRectF(left, top, cell * 0.85, side * 0.13))


def _draw_points(painter: QPainter, entry: Dataset, side: int) -> None:
    """Draw two columns as points: their class by colour and shape, or their number by colour."""
    fine = entry.key == "checkerboard"  # its sixteen fields take more and smaller points to be seen
    rows = preview(entry.key, samples=3 * POINTS if fine else POINTS)
    second = -1 if entry.key == "credit" else 1  # its last number weighs most
    size = 3.4 if len(rows.raw) <= 4 else 1.1 if fine else 1.7
    numbers = rows.targets[:, 0] if entry.task == "regression" else None
    kinds = [1] * len(rows.raw) if numbers is not None else rows.labels.tolist()
    _paint_points(painter, rows.raw[:, 0], rows.raw[:, second], kinds, numbers, size, side)


def _paint_points(painter: QPainter, x: np.ndarray, y: np.ndarray, kinds: list[int],
                  numbers: np.ndarray | None, size: float, side: int) -> None:  # fmt: skip
    """Paint points, each with the mark of its class, in the colour of that or of its number."""
    painter.setPen(Qt.PenStyle.NoPen)
    colours = [class_colour(kind) for kind in kinds]
    if numbers is not None:
        colours = [_shade(float(number)) for number in _unit(numbers) * 2 - 1]
    places = zip(_unit(x).tolist(), _unit(y).tolist(), strict=True)
    for point, kind, colour in zip(places, kinds, colours, strict=True):
        painter.setBrush(QColor(colour))
        paint_mark(painter, _placed(point, side), size * side / 50, kind)


def _shade(value: float) -> str:
    """Return the colour of a number in [-1, 1], never so weak that its point vanishes."""
    return diverging(np.copysign(max(abs(value), 0.25), value))


def _placed(point: tuple[float, float], side: int) -> QPointF:
    edge = side * 0.1
    return QPointF(edge + point[0] * (side - 2 * edge), side - edge - point[1] * (side - 2 * edge))
