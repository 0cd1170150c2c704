"""Losses, or accuracies, over the epochs."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolTip, QVBoxLayout, QWidget

from gui.i18n import number, percent, tr
from gui.theme import font, px, theme
from gui.views.base import Table, paint_empty
from gui.views.plot import Plot, PlotView, line_pen
from gui.views.switch import Switch
from gui.views.ticks import ceiling

if TYPE_CHECKING:
    from gui.frame import Curves, Frame


class LossCurve(PlotView):
    """Training solid, test dashed. Two buttons change between loss and accuracy.

    Attributes:
        accuracy: whether accuracies are shown in place of losses.
        pin: the upright line at an epoch that a sentence is about.
    """

    key = "loss_curve"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accuracy = False
        self._curves: Curves | None = None
        self._epochs, self._classes = 0, True
        self.switch, self._legend = Switch(("loss", "accuracy"), self), _Legend(self)
        self.plot = Plot(self)
        self.plot.getAxis("bottom").word = "epoch"
        kept = self.plot.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.plot.setSizePolicy(kept)
        self._train = self.plot.plot([], [], antialias=False)
        self._test = self.plot.plot([], [], antialias=False)
        self.pin = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self.pin.hide()
        self.plot.addItem(self.pin, ignoreBounds=True)
        self.plot.scene().sigMouseMoved.connect(self._read_out)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(self.switch, 1)
        head.addWidget(self._legend)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)
        self.switch.switched.connect(self.show_accuracy)
        self.restyle()
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(px(290), px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), px(84))

    def retranslate(self) -> None:
        self._legend.restyle()
        self._redraw()
        self.plot.getAxis("left").picture = self.plot.getAxis("bottom").picture = None
        super().retranslate()

    def restyle(self) -> None:
        self.plot.restyle()
        self._train.setPen(line_pen(theme().text))
        self._test.setPen(line_pen(theme().accent, dashed=True))
        self.pin.setPen(line_pen(theme().warning))
        self._legend.restyle()
        super().restyle()

    def show_frame(self, frame: "Frame") -> None:
        self._curves, self._epochs = frame.curves, frame.experiment.training.epochs
        self._classes = frame.data.task != "regression"
        self._redraw()
        self.say()

    def show_accuracy(self, shown: bool) -> None:
        """Show accuracies in place of losses, or losses again."""
        self.accuracy = bool(shown)
        self._redraw()
        self.say()

    def point_out(self, place: Any) -> None:
        """Mark the epoch that a sentence is about."""
        marked = place is not None and place[0] == "epoch"
        if marked:
            self.pin.setValue(float(place[1]))
        self.pin.setVisible(bool(marked))

    def lines(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return (epochs, training values, test values) of what is shown."""
        if self._curves is None:
            return np.empty(0), np.empty(0), np.empty(0)
        curves = self._curves
        if self.accuracy and self._classes:
            return curves.epochs, curves.train_accuracy, curves.test_accuracy
        return curves.epochs, curves.train_loss, curves.test_loss

    def _redraw(self) -> None:
        shows_accuracy = self.accuracy and self._classes
        self.switch.choose(int(shows_accuracy))
        self.switch.buttons[1].setVisible(self._classes)
        epochs, train, test = self.lines()
        begun = len(epochs) > 1 and epochs[-1] > epochs[0]
        self.plot.setVisible(bool(begun))
        if not begun:
            self.update()
            return
        self._train.setData(epochs, np.where(np.isfinite(train), train, np.nan), connect="finite")
        self._test.setData(epochs, np.where(np.isfinite(test), test, np.nan), connect="finite")
        both = np.concatenate([train, test])
        largest = float(np.max(both[np.isfinite(both)], initial=0.0))
        top = 1.0 if shows_accuracy else ceiling(largest)
        self.plot.set_ranges(0, max(float(epochs[-1]), self._epochs), 0, top)

    def summary(self) -> str:
        epochs, train, test = self.lines()
        if not len(epochs):
            return ""
        values = {"first": train[0], "last": train[-1], "test": test[-1]}
        over = number(float(epochs[-1]))
        if self.accuracy and self._classes:
            shown = {key: percent(float(value)) for key, value in values.items()}
            return tr("Over {epochs} epochs the training accuracy went from {first} to {last}; the test "
                      "accuracy is {test}.", epochs=over, **shown)  # fmt: skip
        shown = {key: number(float(value)) for key, value in values.items()}
        return tr("Over {epochs} epochs the training loss went from {first} to {last}; the test loss is "
                  "{test}.", epochs=over, **shown)  # fmt: skip

    def table(self) -> Table:
        if self._curves is None:
            return []
        curves = self._curves
        columns = (
            curves.epochs,
            curves.train_loss,
            curves.test_loss,
            curves.train_accuracy,
            curves.test_accuracy,
        )
        names = ("epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy")
        return [names, *zip(*(column.tolist() for column in columns), strict=True)]

    def _read_out(self, point: QPointF) -> None:
        place = self.plot.value_at(point)
        epochs, train, test = self.lines()
        if place is None or not len(epochs):
            QToolTip.hideText()
            return
        index = int(np.argmin(np.abs(epochs - place.x())))
        write = percent if self.accuracy and self._classes else number
        text = tr("epoch {epoch}: training {train}, test {test}", epoch=number(float(epochs[index])),
                  train=write(float(train[index])), test=write(float(test[index])))  # fmt: skip
        QToolTip.showText(QCursor.pos(), text, self.plot)

    def paint(self, painter: QPainter) -> None:
        if not self.plot.isVisible():
            area = QRectF(self.rect()).adjusted(0, self.switch.height(), 0, 0)
            paint_empty(painter, area, tr("Press Play: the curve starts here."))


class _Legend(QWidget):
    """Which line is which."""

    def restyle(self) -> None:
        """Take the size of the words in the current language and scale."""
        self.setFont(font("small"))
        words = self.fontMetrics().horizontalAdvance(tr("train") + tr("test"))
        self.setFixedSize(words + 2 * px(22) + px(14), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setFont(font("small"))
        x, middle = float(self.width()), self.height() / 2
        for word, colour, dashed in ((tr("test"), now.accent, True), (tr("train"), now.text, False)):
            width = painter.fontMetrics().horizontalAdvance(word)
            painter.setPen(QColor(now.muted))
            painter.drawText(
                QRectF(x - width, 0, width + 1, self.height()), int(Qt.AlignmentFlag.AlignVCenter), word
            )
            painter.setPen(line_pen(colour, dashed))
            painter.drawLine(QPointF(x - width - px(22), middle), QPointF(x - width - px(5), middle))
            x -= width + px(34)
        painter.end()
