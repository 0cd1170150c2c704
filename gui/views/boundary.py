"""The output over two raw inputs, with the rows on it."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from engine.analysis.boundary import Field, output_field
from engine.analysis.confusion import predicted_classes
from engine.analysis.weights import round_up
from engine.rules import dataset_of
from gui.i18n import name_of, number, percent, tr
from gui.theme import diverging, font, mix, px, theme, themes
from gui.views import paint
from gui.views.base import Job, View, paint_empty
from gui.views.legend import paint_legend

if TYPE_CHECKING:
    from engine.data import Data
    from engine.experiment import Experiment
    from gui.frame import Frame

PLAYING, PAUSED = 80, 160  # cells a side


class Boundary(View):
    """The decision boundary, or the fitted surface, as an image with the data points.

    Two classes are a diverging image of the output; more are the colour of the most likely class, paler
    the less sure; regression is a diverging image of the output around 0.
    """

    key = "boundary"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field: Field | None = None
        self._frame: Frame | None = None
        self._image = QImage()
        self._points = QPixmap()
        self._points_of: object = None
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(px(290), px(330))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(150), px(170))

    def heightForWidth(self, width: int) -> int:
        """Return the height at which the picture is square over the whole width."""
        return width - self._left() + self._below()

    def fits(self, experiment: "Experiment") -> bool:
        return len(dataset_of(experiment).inputs) == 2

    def job(self, frame: "Frame") -> Job:
        resolution = PLAYING if frame.state == "playing" else PAUSED
        return lambda: output_field(frame.snapshot, frame.data, resolution)

    def show_frame(self, frame: "Frame") -> None:
        if self._frame is None or self._frame.data is not frame.data:
            self._field = None
        self._frame = frame
        self.update()

    def show_result(self, frame: "Frame", result: Field) -> None:
        self._frame, self._field = frame, result
        self._image = QImage()
        self.say()
        self.update()

    def restyle(self) -> None:
        self._image, self._points_of = QImage(), None
        super().restyle()

    def summary(self) -> str:
        frame = self._frame
        if frame is None:
            return ""
        accuracy = frame.metrics.get("test_accuracy")
        if accuracy is None:
            return tr("The output over both inputs; the test loss is {loss}.",
                      loss=number(frame.metrics["test_loss"]))  # fmt: skip
        return tr("The output over both inputs; {share} of the test rows are classified right.",
                  share=percent(accuracy))  # fmt: skip

    def hint(self, x: float, y: float) -> str:
        square = self.square()
        if self._field is None or self._frame is None or not square.contains(x, y):
            return ""
        (low_x, high_x), (low_y, high_y) = self._field.domain
        first = low_x + (x - square.left()) / square.width() * (high_x - low_x)
        second = high_y - (y - square.top()) / square.height() * (high_y - low_y)
        output = self._field.at(first, second)
        names = [name_of("feature", name) for name in self._frame.data.input_names]
        where = f"{names[0]} = {number(first)}, {names[1]} = {number(second)}"
        values = ", ".join(number(float(value)) for value in output)
        return where + "\n" + tr("output: {values}", values=values)

    def square(self) -> QRectF:
        """Return where the image stands in the widget."""
        left, below = self._left(), self._below()
        return paint.square_in(QRectF(left, 0, self.width() - left, self.height() - below))

    def _left(self) -> int:
        return px(22)

    def _below(self) -> int:
        return px(16) + px(24)

    def paint(self, painter: QPainter) -> None:
        if self._frame is None:
            paint_empty(painter, QRectF(self.rect()), tr("The picture appears as soon as the data are read."))
            return
        square = self.square()
        painter.save()
        painter.setClipPath(paint.rounded(square, px(6)))
        painter.fillRect(square, theme().raised)
        if self._field is not None:
            if self._image.isNull():
                self._image = field_image(self._field, self._frame.data)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square, self._image)
        painter.drawPixmap(square.topLeft(), self._points_for(square))
        painter.restore()
        painter.setPen(QColor(theme().line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(paint.rounded(square.adjusted(0.5, 0.5, -0.5, -0.5), px(6)))
        painter.setFont(font("small"))
        self._paint_axes(painter, square, self._frame.data)
        line = QRectF(square.left(), square.bottom() + px(18), square.width(), px(20))
        paint_legend(painter, line, self._frame.data)

    def _paint_axes(self, painter: QPainter, square: QRectF, data: "Data") -> None:
        (low_x, high_x), (low_y, high_y) = data.domain
        names = [name_of("feature", name) for name in data.input_names]
        align, below, beside = Qt.AlignmentFlag, square.bottom() + px(2), square.left() - px(4)
        paint.paint_label(painter, square.left(), below, number(low_x), align.AlignLeft)
        paint.paint_label(painter, square.center().x(), below, names[0], align.AlignHCenter)
        paint.paint_label(painter, square.right(), below, number(high_x), align.AlignRight)
        paint.paint_label(painter, beside, square.top(), number(high_y), align.AlignRight)
        paint.paint_label(
            painter, beside, square.center().y(), names[1], align.AlignRight | align.AlignVCenter
        )
        paint.paint_label(
            painter, beside, square.bottom(), number(low_y), align.AlignRight | align.AlignBottom
        )

    def _points_for(self, square: QRectF) -> QPixmap:
        """Return the data points on a transparent ground, painted anew only when something changed."""
        assert self._frame is not None
        ratio = self.devicePixelRatioF()
        wanted = (id(self._frame.data), square.size(), theme().name, themes.scale, ratio)
        if wanted != self._points_of:
            self._points = points_pixmap(self._frame.data, square, ratio)
            self._points_of = wanted
        return self._points


def largest_target(data: "Data") -> float:
    """Return the rounded size of the largest regression target: the end of the colour bar."""
    return round_up(float(np.abs(data.y_train).max(initial=0.0)))


def field_image(field: Field, data: "Data") -> QImage:
    """Return the output field in the theme's colours."""
    values = field.values
    if values.shape[2] > 1:
        return _class_image(values)
    scaled = values[..., 0] / largest_target(data) if data.task == "regression" else 2 * values[..., 0] - 1
    return paint.indexed_image(paint.signed_indices(scaled), paint.field_table())


def _class_image(values: NDArray[np.floating]) -> QImage:
    count = values.shape[2]
    winner = predicted_classes(values.reshape(-1, count)).clip(0).reshape(values.shape[:2])
    sure = np.nan_to_num((values.max(axis=2) - 1 / count) / (1 - 1 / count)).clip(0, 1)
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


def points_pixmap(data: "Data", square: QRectF, ratio: float) -> QPixmap:
    """Return the test rows, hollow, and above them the training rows, filled, on a transparent ground."""
    pixmap = QPixmap((square.size() * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    count = len(data.raw_train) + len(data.raw_test)
    radius = px(1) * float(np.clip(square.width() / 75, 2.4, 4.0)) * (0.8 if count > 600 else 1.0)
    radius = radius if count > 20 else 2 * radius
    gate = len(data.raw_test) == len(data.raw_train) and np.array_equal(data.raw_test, data.raw_train)
    if not gate:
        _paint_points(
            painter, data, square, data.raw_test, data.labels_test, data.y_test, radius * 0.85, False
        )
    _paint_points(painter, data, square, data.raw_train, data.labels_train, data.y_train, radius, True)
    painter.end()
    return pixmap


def _paint_points(painter: QPainter, data: "Data", square: QRectF, raw: NDArray[np.float64],
                  labels: NDArray[np.int64], targets: NDArray[np.floating], radius: float,
                  filled: bool) -> None:  # fmt: skip
    (low_x, high_x), (low_y, high_y) = data.domain
    xs = (raw[:, 0] - low_x) / (high_x - low_x) * square.width()
    ys = (high_y - raw[:, 1]) / (high_y - low_y) * square.height()
    colours, largest = paint.class_colours(len(data.classes)), largest_target(data)
    for row, (x, y) in enumerate(zip(xs.tolist(), ys.tolist(), strict=True)):
        if data.task == "regression":
            value = float(targets[row, 0])
            share = max(-1.0, min(1.0, value / largest))
            # A ring in the colour of 0 would not be seen.
            pale = diverging(share) if filled else mix(theme().muted, diverging(share), abs(share))
            kind, colour = int(value >= 0), pale
        else:
            kind, colour = int(labels[row]), colours[labels[row]]
        paint.paint_mark(painter, kind, x, y, radius, colour, filled)
