"""The output over two inputs, and the rows of data, as pixels."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from engine.analysis.boundary import Field
from engine.analysis.confusion import predicted_classes
from gui.theme import diverging, mix, px, theme
from gui.views import paint

if TYPE_CHECKING:
    from engine.data import Data

Mark = Callable[[QPainter, int, float, float, float, bool], None]
SHADES = 32  # of a number's colour, to each side of 0
FEW = 600  # rows whose marks are painted one by one, with edges between the pixels


def largest_target(data: "Data") -> float:
    """Return the size of the largest regression target, in two digits: the end of the colour bar."""
    largest = float(np.abs(data.y_train).max(initial=0.0))
    if not largest > 0:
        return 1.0
    digit = 10.0 ** (np.floor(np.log10(largest)) - 1)
    return float(np.ceil(largest / digit - 1e-9) * digit)


def field_image(field: Field, data: "Data", answers: bool = False) -> QImage:
    """Return the output field in the theme's colours; between two classes the middle one means neither.

    With ``answers``, for classes, the colour of the class that is named, however sure the network is.
    """
    values, middle = field.values, field.threshold
    if values.shape[2] > 1:
        return _class_image(values, answers)
    if answers and data.classes:
        sides = np.where(np.isnan(values[..., 0]), np.nan, np.where(values[..., 0] > middle, 1.0, -1.0))
        return paint.indexed_image(paint.signed_indices(sides), paint.field_table())
    regression = data.task == "regression"
    scaled = values[..., 0] / largest_target(data) if regression else (values[..., 0] - middle) / (1 - middle)
    return paint.indexed_image(paint.signed_indices(scaled), paint.field_table())


def _class_image(values: NDArray[np.floating], answers: bool) -> QImage:
    count = values.shape[2]
    winner = predicted_classes(values.reshape(-1, count)).clip(0).reshape(values.shape[:2])
    sure = np.nan_to_num((values.max(axis=2) - 1 / count) / (1 - 1 / count)).clip(0, 1)
    sure = np.ones_like(sure) if answers else sure
    shades = 16
    colours = paint.class_colours(count)
    ends = [
        [mix(theme().panel, colour, 0.25 + 0.6 * s / (shades - 1)) for s in range(shades)]
        for colour in colours
    ]
    table = np.array(
        [[int(hexed[i : i + 2], 16) for i in (1, 3, 5)] + [255] for row in ends for hexed in row], np.uint8
    )
    return paint.indexed_image((winner * shades + np.round(sure * (shades - 1)).astype(np.int64)), table)


def tested_on_same_rows(data: "Data") -> bool:
    """Whether the test rows are the training rows, as of the gates."""
    return len(data.raw_test) == len(data.raw_train) and np.array_equal(data.raw_test, data.raw_train)


def points_pixmap(data: "Data", square: QRectF, ratio: float, train: bool = True,
                  test: bool = True) -> QPixmap:  # fmt: skip
    """Return the test rows, hollow, and above them the training rows, filled, on a transparent ground."""
    pixmap = QPixmap((square.size() * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    count = len(data.raw_train) + len(data.raw_test)
    radius = float(np.clip(square.width() / 75, 2.4, px(4))) * (0.8 if count > 600 else 1.0)
    radius = radius if count > 20 else 2 * radius
    if data.task == "regression":
        radius *= 0.8  # the picture is the surface; its points only confirm it
    if test and not tested_on_same_rows(data):
        _paint_points(
            painter, data, square, data.raw_test, data.labels_test, data.y_test, radius * 0.85, False
        )
    if train:
        _paint_points(painter, data, square, data.raw_train, data.labels_train, data.y_train, radius, True)
    painter.end()
    return pixmap


def _paint_points(painter: QPainter, data: "Data", square: QRectF, raw: NDArray[np.float64],
                  labels: NDArray[np.int64], targets: NDArray[np.floating], radius: float,
                  filled: bool) -> None:  # fmt: skip
    (low_x, high_x), (low_y, high_y) = data.domain
    xs = (raw[:, 0] - low_x) / (high_x - low_x) * square.width()
    ys = (high_y - raw[:, 1]) / (high_y - low_y) * square.height()
    kinds = labels
    if data.task == "regression":
        kinds = np.rint(np.nan_to_num(targets[:, 0] / largest_target(data)).clip(-1, 1) * SHADES).astype(int)
    mark = _value_mark if data.task == "regression" else _class_mark(len(data.classes))
    rows = zip(kinds.tolist(), xs.tolist(), ys.tolist(), strict=True)
    if len(xs) <= FEW:
        for kind, x, y in rows:
            mark(painter, kind, x, y, radius, filled)
    else:
        _stamp(painter, rows, mark, radius, filled)


def _stamp(painter: QPainter, rows: Iterable[tuple[int, float, float]], mark: Mark, radius: float,
           filled: bool) -> None:  # fmt: skip
    """Paint each kind of mark once and print it at all its places, which takes a tenth of the time."""
    ratio, half = painter.device().devicePixelRatioF(), float(np.ceil(radius * 1.5)) + 2
    stamps: dict[int, QPixmap] = {}
    for kind, x, y in rows:
        if kind not in stamps:
            stamps[kind] = stamp = QPixmap((QSizeF(2 * half, 2 * half) * ratio).toSize())
            stamp.setDevicePixelRatio(ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            once = QPainter(stamp)
            once.setRenderHint(QPainter.RenderHint.Antialiasing)
            mark(once, kind, half, half, radius, filled)
            once.end()
        painter.drawPixmap(QPointF(x - half, y - half), stamps[kind])


def _class_mark(count: int) -> Mark:
    colours = paint.class_colours(count)
    return lambda painter, kind, x, y, radius, filled: paint.paint_mark(
        painter, kind, x, y, radius, colours[kind], filled
    )


def _value_mark(painter: QPainter, shade: int, x: float, y: float, radius: float, filled: bool) -> None:
    """Paint a number as a mark with a faint edge, so that the surface is seen before its points."""
    now, colour = theme(), diverging(shade / SHADES)
    painter.setPen(QPen(QColor(mix(colour, now.text, 0.35)), px(1)))
    painter.setBrush(QColor(colour) if filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(paint.shape(int(shade >= 0), x, y, radius))
