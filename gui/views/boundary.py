"""The output over two raw inputs, with the rows on it."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from engine.analysis.boundary import Field, centres, output_field
from engine.rules import dataset_of
from gui.i18n import name_of, number, percent, tr
from gui.theme import font, px, theme, themes
from gui.views import paint
from gui.views.base import Job, Option, Table, View, paint_empty
from gui.views.borders import borders
from gui.views.field_image import field_image, points_pixmap
from gui.views.legend import paint_legend, paint_upright_legend

if TYPE_CHECKING:
    from engine.data import Data
    from engine.experiment import Experiment
    from gui.frame import Frame

PLAYING, PAUSED = 80, 160  # cells a side
LARGE, COARSE = 2e8, 48  # multiplications of one image above which it has fewer cells while it plays
MASKED = 160, 1200  # pixels a side of the lines
CLOSER = "−8.8"  # as wide as the numbers at the ends of a part
SIDE = 64  # pixels that a legend beside the image takes


class Shown(NamedTuple):
    """The outputs, and which pixels lie on a line, if lines are drawn."""

    field: Field
    mask: NDArray[np.uint8] | None


class Boundary(View):
    """The decision boundary, or the fitted surface, as an image with the data points.

    Two classes are a diverging image of the output; more are the colour of the most likely class, paler
    the less sure; regression is a diverging image of the output around 0.

    Attributes:
        answers: whether only the named class is shown, however sure the network is of it.
        border: whether a line is drawn where that class changes (and at the margins of the hinge loss).
        train, test: whether these rows are shown.
    """

    key = "boundary"
    pause = 0.0  # what the eye is on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field: Field | None = None
        self._frame: Frame | None = None
        self.answers = self.border = False
        self.train = self.test = True
        self._mask: NDArray[np.uint8] | None = None
        self._image, self._around = QImage(), paint.Kept()
        self._points = QPixmap()
        self._points_of: object = None
        self._points_data: Data | None = None
        self.retranslate()

    def forget(self) -> None:
        self._field = self._frame = self._mask = None
        self._image, self._points_of = QImage(), None
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(290), px(330))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(150), px(170))

    def fits(self, experiment: "Experiment") -> bool:
        return len(dataset_of(experiment).inputs) == 2

    def job(self, frame: "Frame") -> Job:
        dear = frame.snapshot.theta.size * PLAYING**2 > LARGE
        resolution = PAUSED if frame.state != "playing" else COARSE if dear else PLAYING
        pixels = int(np.clip(self.square().width() * self.devicePixelRatioF(), *MASKED))
        drawn, margins = self.border and bool(frame.data.classes), frame.experiment.loss.name == "hinge"

        def look() -> Shown:
            field = output_field(frame.snapshot, frame.data, resolution)
            return Shown(field, borders(field, pixels, margins) if drawn else None)

        return look

    def show_frame(self, frame: "Frame") -> None:
        if self._frame is None or self._frame.data is not frame.data:
            self._field = None
            self.update()
        self._frame = frame

    def show_result(self, frame: "Frame", result: Shown) -> None:
        self._frame, (self._field, self._mask) = frame, result
        self._image = QImage()
        self.say_of(frame)
        self.update()

    def options(self) -> list[Option]:
        options = [
            Option(tr("Training points"), self.train, partial(self.choose, "train")),
            Option(tr("Test points"), self.test, partial(self.choose, "test")),
        ]
        if self._frame is None or not self._frame.data.classes:
            return options
        return [
            Option(tr("Only the answer, without how sure"), self.answers, partial(self.choose, "answers")),
            Option(tr("Line where the answer changes"), self.border, partial(self.choose, "border")),
            replace(options[0], gap=True), options[1],
        ]  # fmt: skip

    def choose(self, option: str, on: bool) -> None:
        """Turn one of the attributes ``answers``, ``border``, ``train`` or ``test`` on or off."""
        setattr(self, option, on)
        self._image, self._points_of, self._mask = QImage(), None, None
        self.stale.emit()
        self.update()

    def restyle(self) -> None:
        self._image, self._points_of = QImage(), None
        super().restyle()

    def summary(self) -> str:
        frame = self._frame
        if frame is None:
            return ""
        metrics = frame.metrics
        if "test_accuracy" in metrics:
            return tr("The output over both inputs; {share} of the test rows are classified right.",
                      share=percent(metrics["test_accuracy"]))  # fmt: skip
        if "test_loss" in metrics:
            return tr("The output over both inputs; the test loss is {loss}.",
                      loss=number(metrics["test_loss"]))  # fmt: skip
        return tr("The output over both inputs; the training loss is {loss}.",
                  loss=number(metrics["train_loss"]))  # fmt: skip

    def table(self) -> Table:
        if self._field is None or self._frame is None:
            return []
        field, names = self._field, self._frame.data.input_names
        rows, columns, outputs = field.values.shape
        (left, right), (low, high) = field.domain.tolist()
        across, up = centres(left, right, columns), centres(low, high, rows)
        heads = [f"output_{index + 1}" for index in range(outputs)] if outputs > 1 else ["output"]
        points = ((x, y) for y in up[::-1].tolist() for x in across.tolist())
        values = field.values.reshape(-1, outputs).tolist()
        return [(*names, *heads), *((*point, *value) for point, value in zip(points, values, strict=True))]

    def hint(self, x: float, y: float) -> str:
        square = self.square()
        if self._field is None or self._frame is None or not square.contains(x, y):
            return ""
        first, second = self.inputs_at(x, y)
        output = self._field.at(first, second)
        names = [name_of("feature", name) for name in self._frame.data.input_names]
        where = f"{names[0]} = {number(first)}, {names[1]} = {number(second)}"
        values = ", ".join(number(float(value)) for value in output)
        return where + "\n" + tr("output: {values}", values=values)

    def inputs_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the two raw inputs that a point of the picture stands for."""
        (low_x, high_x), (low_y, high_y) = self.domain()
        square = self.square()
        first = low_x + (x - square.left()) / square.width() * (high_x - low_x)
        return first, high_y - (y - square.top()) / square.height() * (high_y - low_y)

    def place_of(self, first: float, second: float) -> QPointF:
        """Return where two raw inputs stand in the picture."""
        (low_x, high_x), (low_y, high_y) = self.domain()
        square = self.square()
        return QPointF(square.left() + (first - low_x) / (high_x - low_x) * square.width(),
                       square.top() + (high_y - second) / (high_y - low_y) * square.height())  # fmt: skip

    def domain(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the low and the high end of both axes."""
        if self._frame is None:
            return (-1.0, 1.0), (-1.0, 1.0)
        (low_x, high_x), (low_y, high_y) = self._frame.data.domain.tolist()
        return (low_x, high_x), (low_y, high_y)

    def square(self) -> QRectF:
        """Return where the image stands in the widget."""
        left, right, below = self._left(), px(SIDE) if self.legend_beside() else 0, self._below()
        return paint.square_in(QRectF(left, 0, self.width() - left - right, self.height() - below))

    def pane(self) -> QRectF | None:
        return self.square() if self._frame is not None else None

    def legend_beside(self) -> bool:
        """Whether the legend stands at the right: where that leaves more room for the image."""
        wide, high = self.width() - self._left(), self.height() - px(16)
        return min(wide - px(SIDE), high) > min(wide, high - px(24))

    def _left(self) -> int:
        """Return the room that the upright axis needs for its numbers and its name."""
        if self._frame is None:
            return px(22)
        data, metrics = self._frame.data, QFontMetrics(font("small"))
        words = [*map(number, data.domain[1].tolist()), name_of("feature", data.input_names[1])]
        words += [CLOSER] if self.lens.on else []
        return max(px(22), max(map(metrics.horizontalAdvance, words)) + px(6))

    def _below(self) -> int:
        return px(16) if self.legend_beside() else px(16) + px(24)

    def paint(self, painter: QPainter) -> None:
        if self._frame is None:
            paint_empty(painter, QRectF(self.rect()), tr("The picture appears as soon as the data are read."))
            return
        square = self.square()
        painter.save()
        painter.setClipPath(paint.rounded(square, px(6)))
        painter.fillRect(square, theme().raised)
        self.lens.apply(painter)
        if self._field is not None:
            if self._image.isNull():
                self._image = self._coloured(self._field, self._frame.data)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square, self._image)
        painter.drawPixmap(square.topLeft(), self._points_for(square))
        painter.restore()
        painter.setFont(font("small"))
        lens, data = self.lens, self._frame.data
        seen = (QRectF(square), lens.on, lens.inside(square.topLeft()).toTuple(), lens.scale)
        self._around.paint(painter, self.size(), (seen, id(data), self.test),
                           lambda own: self._paint_around(own, square))  # fmt: skip

    def _paint_around(self, painter: QPainter, square: QRectF) -> None:
        """Paint what stays while it trains: the frame, the axes and the legend."""
        assert self._frame is not None
        painter.setPen(QColor(theme().line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(paint.rounded(square.adjusted(0.5, 0.5, -0.5, -0.5), px(6)))
        self._paint_axes(painter, square, self._frame.data)
        if self.legend_beside():
            beside = QRectF(square.right() + px(12), square.top(), px(SIDE) - px(12), square.height())
            paint_upright_legend(painter, beside, self._frame.data, self.test)
        else:
            line = QRectF(square.left(), square.bottom() + px(18), square.width(), px(20))
            paint_legend(painter, line, self._frame.data, self.test)

    def _coloured(self, field: Field, data: "Data") -> QImage:
        """Return the field in the theme's colours, with the lines on it."""
        image = field_image(field, data, self.answers)
        if self._mask is None:
            return image
        height, width = self._mask.shape
        image = image.scaled(width, height, mode=Qt.TransformationMode.SmoothTransformation)
        table, colour = np.zeros((256, 4), np.uint8), QColor(theme().text)
        for code, alpha in ((1, 255), (2, 120)):
            table[code] = colour.red(), colour.green(), colour.blue(), alpha
        painter = QPainter(image)
        painter.drawImage(0, 0, paint.indexed_image(self._mask, table))
        painter.end()
        return image

    def _paint_axes(self, painter: QPainter, square: QRectF, data: "Data") -> None:
        low_x, high_y = self.inputs_at(*self.lens.inside(square.topLeft()).toTuple())
        high_x, low_y = self.inputs_at(*self.lens.inside(square.bottomRight()).toTuple())
        write = partial(number, digits=2 if self.lens.on else 3)
        names = [name_of("feature", name) for name in data.input_names]
        align, below, beside = Qt.AlignmentFlag, square.bottom() + px(2), square.left() - px(4)
        paint.paint_label(painter, square.left(), below, write(low_x), align.AlignLeft)
        paint.paint_label(painter, square.center().x(), below, names[0], align.AlignHCenter)
        paint.paint_label(painter, square.right(), below, write(high_x), align.AlignRight)
        paint.paint_label(painter, beside, square.top(), write(high_y), align.AlignRight)
        paint.paint_label(
            painter, beside, square.center().y(), names[1], align.AlignRight | align.AlignVCenter
        )
        paint.paint_label(
            painter, beside, square.bottom(), write(low_y), align.AlignRight | align.AlignBottom
        )

    def _points_for(self, square: QRectF) -> QPixmap:
        """Return the data points on a transparent ground, painted anew only when something changed."""
        assert self._frame is not None
        ratio = self.devicePixelRatioF()
        wanted = (square.size(), theme().name, themes.scale, ratio, self.train, self.test)
        if wanted != self._points_of or self._points_data is not self._frame.data:
            self._points = points_pixmap(self._frame.data, square, ratio, self.train, self.test)
            self._points_of, self._points_data = wanted, self._frame.data
        return self._points
