"""The output over the only input, with the rows on it."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QCursor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from engine.analysis.boundary import Curve, fitted_curve
from engine.rules import dataset_of
from gui.guard import guarded
from gui.i18n import name_of, number, tr
from gui.theme import font, px, theme
from gui.views.base import Job, Table, paint_empty
from gui.views.plot import Line, Marks, Plot, PlotView, line_pen

if TYPE_CHECKING:
    from engine.data import Data
    from engine.experiment import Experiment
    from gui.frame import Frame


class FittedCurve(PlotView):
    """The network as a curve through the training points (filled) and the test points (hollow)."""

    key = "fitted_curve"
    pause = 0.0  # what the eye is on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Data | None = None
        self._curve: Curve | None = None
        self.plot = Plot(self)
        self._test, self._train = Marks(filled=False), Marks(filled=True)
        for item in (self._test, self._train):
            self.plot.addItem(item)
        self._line = Line()
        self.plot.addItem(self._line, ignoreBounds=True)
        self.plot.scene().sigMouseMoved.connect(self._read_out)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.restyle()
        self.retranslate()

    def forget(self) -> None:
        self._data = self._curve = None
        none = np.empty(0)
        self._train.show_points(none, none)
        self._test.show_points(none, none)
        self._line.setData([], [])
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(290), px(330))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(150), px(140))

    def fits(self, experiment: "Experiment") -> bool:
        return len(dataset_of(experiment).inputs) == 1

    def retranslate(self) -> None:
        self._name()
        super().retranslate()

    def restyle(self) -> None:
        self.plot.restyle()
        self._line.setPen(line_pen(theme().accent, width=3))
        self._show_points()
        self._name()
        super().restyle()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name()

    def _show_points(self) -> None:
        if self._data is not None:
            self._train.show_points(self._data.raw_train[:, 0], self._data.y_train[:, 0])
            self._test.show_points(self._data.raw_test[:, 0], self._data.y_test[:, 0])

    def _name(self) -> None:
        name = name_of("feature", self._data.input_names[0]) if self._data else "x"
        whole = f"{name}   ({tr('filled: train, hollow: test')})"
        room = self.width() - px(60)  # of the upright axis, and at the right of the last number
        fits = QFontMetrics(font("small")).horizontalAdvance(whole) < room
        self.plot.name_axes(whole if fits else name, tr("output"))

    def job(self, frame: "Frame") -> Job | None:
        data = frame.data
        return (lambda: fitted_curve(frame.snapshot, data)) if len(data.domain) == 1 else None

    def show_frame(self, frame: "Frame") -> None:
        if frame.data is self._data or len(frame.data.domain) != 1:
            return
        self._data = data = frame.data
        self._show_points()
        self._line.setData([], [])
        low, high = target_range(data)
        left, right = data.domain[0].tolist()
        self.plot.set_ranges(left, right, low, high)
        self._name()

    def show_result(self, frame: "Frame", result: Curve) -> None:
        self._curve = result
        outputs = result.outputs[:, 0].astype(np.float64)
        self._line.setData(result.inputs, np.where(np.isfinite(outputs), outputs, np.nan), connect="finite")
        self.say_of(frame)

    def summary(self) -> str:
        if self._curve is None:
            return ""
        outputs, inputs = self._curve.outputs[:, 0], self._curve.inputs
        return tr("The output goes from {low} to {high} while the input goes from {first} to {last}.",
                  low=number(float(outputs.min())), high=number(float(outputs.max())),
                  first=number(float(inputs[0])), last=number(float(inputs[-1])))  # fmt: skip

    def table(self) -> Table:
        if self._curve is None:
            return []
        rows = zip(self._curve.inputs.tolist(), self._curve.outputs[:, 0].tolist(), strict=True)
        return [("input", "output"), *rows]

    def _read_out(self, point: QPointF) -> None:
        place = self.plot.value_at(point)
        if place is None or self._curve is None:
            QToolTip.hideText()
            return
        output = float(np.interp(place.x(), self._curve.inputs, self._curve.outputs[:, 0]))
        text = tr("input {input}: output {output}", input=number(place.x()), output=number(output))
        QToolTip.showText(QCursor.pos(), text, self.plot)

    def paint(self, painter: QPainter) -> None:
        if self._data is None:
            paint_empty(painter, QRectF(self.rect()), tr("The picture appears as soon as the data are read."))


def target_range(data: "Data") -> tuple[float, float]:
    """Return the ends of the upright axis: all targets and a tenth of their range beyond."""
    targets = np.concatenate([data.y_train[:, 0], data.y_test[:, 0]]).astype(np.float64)
    low, high = float(targets.min()), float(targets.max())
    room = 0.1 * (high - low) or 1.0
    return low - room, high + room
