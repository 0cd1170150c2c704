"""What each unit of the first layer looks for in an image: its incoming weights as a picture."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from engine.analysis.distributions import round_up
from engine.analysis.weights import first_layer_images
from engine.rules import dataset_of
from gui.i18n import number, tr
from gui.theme import diverging_table, font, px
from gui.views import paint
from gui.views.base import Job, Table, View, paint_empty

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.frame import Frame

GAP = 3
LARGEST = 84  # pixels a side, at most


class FirstLayer(View):
    """A grid of the first layer's units, all on one colour scale. Clicking one picks the unit."""

    key = "first_layer"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: NDArray[np.floating] | None = None
        self._painted: list[QImage] = []
        self.retranslate()

    def forget(self) -> None:
        self._images, self._painted = None, []
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(520), px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(110))

    def fits(self, experiment: "Experiment") -> bool:
        entry = dataset_of(experiment)
        features = experiment.data.features
        return entry.image is not None and (features is None or tuple(features) == entry.inputs)

    def job(self, frame: "Frame") -> Job | None:
        image = frame.data.image
        return None if image is None else lambda: first_layer_images(frame.snapshot, image)

    def show_result(self, frame: "Frame", result: NDArray[np.floating]) -> None:
        self._images, self._painted = result, []
        self.say_of(frame)
        self.update()

    def restyle(self) -> None:
        self._painted = []
        super().restyle()

    def summary(self) -> str:
        if self._images is None:
            return ""
        return tr(
            "The incoming weights of {count} units of layer 1 as images, from {low} to {high}.",
            count=len(self._images), low=number(-self.largest()), high=number(self.largest()),
        )  # fmt: skip

    def table(self) -> Table:
        if self._images is None:
            return []
        rows: list[tuple[object, ...]] = [("unit", "row", "column", "weight")]
        for (unit, row, column), weight in np.ndenumerate(self._images):
            rows.append((unit + 1, row + 1, column + 1, float(weight)))
        return rows

    def largest(self) -> float:
        """Return the end of the colour scale: the largest weight, rounded up."""
        if self._images is None:
            return 1.0
        return round_up(float(np.nan_to_num(np.abs(self._images), nan=0.0, posinf=0.0).max(initial=0.0)))

    def grid(self) -> tuple[int, float]:
        """Return the number of columns and the size of a tile that use the room best."""
        count = 1 if self._images is None else len(self._images)
        area, gap = self._room(), px(GAP)
        best = (1, 1.0)
        for columns in range(1, count + 1):
            rows = math.ceil(count / columns)
            side = min((area.width() + gap) / columns, (area.height() + gap) / rows) - gap
            if side > best[1]:
                best = (columns, side)
        return best[0], float(max(1, math.floor(min(best[1], px(LARGEST)))))

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, 0, -px(64), 0)

    def pane(self) -> QRectF | None:
        return self._room() if self._images is not None else None

    def tile(self, unit: int) -> QRectF:
        """Return where a unit's image stands."""
        columns, side = self.grid()
        step = side + px(GAP)
        return QRectF((unit % columns) * step, (unit // columns) * step, side, side)

    def unit_at(self, x: float, y: float) -> int | None:
        """Return the unit whose image is at a point."""
        columns, side = self.grid()
        column, row = int(x // (side + px(GAP))), int(y // (side + px(GAP)))
        unit = row * columns + column
        inside = self._images is not None and 0 <= column < columns and 0 <= unit < len(self._images)
        return unit if inside and self.tile(unit).contains(x, y) else None

    def hint(self, x: float, y: float) -> str:
        unit = self.unit_at(x, y)
        if unit is None or self._images is None:
            return ""
        tile, (height, width) = self.tile(unit), self._images.shape[1:]
        row = min(height - 1, int((y - tile.top()) / tile.height() * height))
        column = min(width - 1, int((x - tile.left()) / tile.width() * width))
        weight = number(float(self._images[unit, row, column]))
        return tr("unit {unit}, pixel in row {row}, column {column}: weight {weight}",
                  unit=unit + 1, row=row + 1, column=column + 1, weight=weight)  # fmt: skip

    def click(self, x: float, y: float) -> None:
        unit = self.unit_at(x, y)
        if unit is not None:
            self.picked.emit(("unit", 0, unit))

    def paint(self, painter: QPainter) -> None:
        if self._images is None:
            paint_empty(
                painter,
                QRectF(self.rect()),
                tr("Choose digits or MNIST: each unit's weights are an image here."),
            )
            return
        largest = self.largest()
        if not self._painted:
            table, indices = diverging_table(), paint.signed_indices(self._images, largest)
            self._painted = [paint.indexed_image(image, table) for image in indices]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.save()
        painter.setClipRect(self._room())
        self.lens.apply(painter)
        for unit, image in enumerate(self._painted):
            painter.drawImage(self.tile(unit), image)
        painter.restore()
        self._paint_bar(painter, largest)

    def _paint_bar(self, painter: QPainter, largest: float) -> None:
        columns, side = self.grid()
        left = columns * (side + px(GAP)) + px(12)
        painter.setFont(font("small"))
        align, text = Qt.AlignmentFlag, painter.fontMetrics().height()
        paint.paint_label(painter, left, 0, tr("weight"), align.AlignLeft)
        bar = QRectF(left, text + px(6), px(10), min(self.height() - text - px(12), px(140)))
        paint.paint_bar(painter, bar, diverging_table(), upright=True)
        beside = bar.right() + px(6)
        paint.paint_label(painter, beside, bar.top(), number(largest), align.AlignLeft)
        paint.paint_label(painter, beside, bar.center().y(), "0", align.AlignVCenter)
        paint.paint_label(painter, beside, bar.bottom(), number(-largest), align.AlignBottom)
