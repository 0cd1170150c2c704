"""Losses, or another score of the task, over the epochs."""

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QCursor, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolTip, QVBoxLayout, QWidget

from gui.guard import guarded
from gui.i18n import number, tr
from gui.theme import mix, px, theme
from gui.views import curve_values, scores
from gui.views.base import Option, Table, open_below
from gui.views.curve_legend import CurveLegend, dotted_pen
from gui.views.plot import Line, Plot, PlotView, line_pen
from gui.views.smoothing import REACH, smoothed
from gui.views.switch import Switch, Toggle
from gui.widgets.basics import IconButton

if TYPE_CHECKING:
    from gui.frame import Curves, Frame

Values = NDArray[np.float64]
NAMES = {"loss": "Losses", "accuracy": "Accuracies", "f1": "F1", "r2": "R²"}  # in the menu
WAYS, APART = 20, 10  # pixels: the side of the menu's button; between words


class LossCurve(PlotView):
    """Training solid, test dashed, validation, where rows are set aside for it, in dots and dashes.

    Buttons change between the loss and the scores that the task has, and between the axes; what has no room
    is in the menu of the button after them.

    Smoothed, the measured lines stay behind, thin, and the legend says so.

    Attributes:
        score: what is shown: "loss", or "accuracy" or "f1" for classes, "r2" for numbers.
        logarithmic: whether losses stand on a logarithmic axis.
        smooth: whether running means are drawn.
        before: the curves of another training, drawn in another colour behind; None for none.
        later: the curves to the end while an earlier moment is shown, to draw what lies ahead paler.
        pin: the upright line at an epoch that a sentence is about.

    Signals:
        scored(str): another score is shown.
    """

    scored = Signal(str)

    key = "loss_curve"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.logarithmic = self.smooth = False
        self.score, self._fitting = "loss", scores.fitting("")
        self._curves: Curves | None = None
        self.before: Curves | None = None
        self.later: Curves | None = None
        self._epochs = 0
        self.switch, self._legend = Switch(tuple(scores.WORDS.values()), self), CurveLegend(self)
        self.log = Toggle("log", "Logarithmic axis", self)
        self.ways = IconButton("more", "Ways to show the picture", kind="flat", size=WAYS, parent=self)
        self.plot = Plot(self)
        self.plot.getAxis("bottom").word = "epoch"
        kept = self.plot.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.plot.setSizePolicy(kept)
        self._earlier, self._measured = ([Line(), Line()] for _ in range(2))
        self._ahead = [Line(), Line()]
        self._train, self._test, self._validation = Line(), Line(), Line()
        behind = (*self._earlier, *self._ahead, *self._measured)
        for line in (*behind, self._train, self._test, self._validation):
            self.plot.addItem(line, ignoreBounds=True)
        self.pin = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self.pin.hide()
        self.plot.addItem(self.pin, ignoreBounds=True)
        self.plot.scene().sigMouseMoved.connect(self._read_out)
        self._lay_out()
        self.switch.switched.connect(lambda which: self.show_score(list(scores.WORDS)[which]))
        self.log.toggled.connect(self.show_logarithmic)
        self.ways.clicked.connect(lambda: open_below(self.ways, self))
        self.restyle()
        self.retranslate()

    def _lay_out(self) -> None:
        layout, head = QVBoxLayout(self), QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        head.setSpacing(px(APART))
        head.addWidget(self.switch)
        head.addWidget(self.log)
        head.addWidget(self.ways)
        head.addStretch(1)
        head.addWidget(self._legend)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)

    def forget(self) -> None:
        self._curves = self.later = None
        self._redraw()
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(290), px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), px(84))

    def retranslate(self) -> None:
        self._legend.restyle()
        for button, key in zip(self.switch.buttons, scores.WORDS, strict=True):
            button.setToolTip(tr(scores.HINTS[key]))
        self._redraw()
        self._make_room()
        self.plot.getAxis("left").picture = self.plot.getAxis("bottom").picture = None
        super().retranslate()

    def restyle(self) -> None:
        now = theme()
        self.plot.restyle()
        self._train.setPen(line_pen(now.text))
        self._test.setPen(line_pen(now.accent, dashed=True))
        self._validation.setPen(dotted_pen())
        for line, colour in zip(self._measured, (now.text, now.accent), strict=True):
            line.setPen(line_pen(mix(now.panel, colour, 0.4), width=1))
        for dashed, (line, colour) in enumerate(zip(self._ahead, (now.text, now.accent), strict=True)):
            line.setPen(line_pen(mix(now.panel, colour, 0.35), dashed=bool(dashed)))
        for dashed, line in enumerate(self._earlier):
            line.setPen(line_pen(now.negative, dashed=bool(dashed)))
        self.pin.setPen(line_pen(now.warning))
        self._legend.restyle()
        self._make_room()
        super().restyle()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Leave buttons out where the legend needs their room, that of the axis first. The menu has all."""
        wanted = {*self._fitting, self.score} | ({"log"} if self.score == "loss" else set())
        menu = px(WAYS + APART)
        seen, left = self._with_room(wanted, self.width())
        shown = left > menu
        if seen != wanted:  # what is left out calls for the menu's button
            fewer, rest = self._with_room(wanted, self.width() - menu)
            shown = rest >= 0
            seen = fewer if shown else self._with_room(wanted, self.width())[0]
        self.ways.setVisible(shown)
        self.log.setVisible("log" in seen)
        for key, button in zip(scores.WORDS, self.switch.buttons, strict=True):
            button.setVisible(key in seen)

    def _with_room(self, wanted: set[str], width: int) -> tuple[set[str], int]:
        """Fit the legend into a width; return which words have room beside it, and how much is left."""
        buttons = {**dict(zip(scores.WORDS, self.switch.buttons, strict=True)), "log": self.log}
        own = buttons[self.score]
        self._legend.fit(width - own.sizeHint().width() - px(16))
        seen, left = {self.score}, width - self._legend.width() - px(6) - self._wide(own)
        for key in (*self._fitting, "log"):
            if key in wanted - seen and self._wide(buttons[key]) < left:
                seen.add(key)
                left -= self._wide(buttons[key])
        return seen, left

    def _wide(self, button: QWidget) -> int:
        return button.sizeHint().width() + px(APART)

    def show_frame(self, frame: "Frame") -> None:
        self._curves, self._epochs = frame.curves, frame.experiment.training.epochs
        self.later = frame.later
        kinds = (scores.fitting(frame.data.task), bool(len(frame.data.raw_test)),
                 bool(len(frame.data.x_validation)))  # fmt: skip
        if kinds != (self._fitting, self._legend.tested, self._legend.validated):
            self._fitting, self._legend.tested, self._legend.validated = kinds
            if self.score not in self._fitting:
                self.score = "loss"
            self._make_room()
        self._redraw()
        self.say_of(frame)

    # The ways to show it

    def show_score(self, score: str) -> None:
        """Show the losses or another score, where the task has it."""
        self.score = score if score in self._fitting else "loss"
        self.plot.show_whole()
        self._make_room()
        self._redraw()
        self.say()
        self.scored.emit(self.score)

    def show_logarithmic(self, shown: bool) -> None:
        """Put losses on a logarithmic axis, or on one from 0 again."""
        self.logarithmic = bool(shown)
        self.log.setChecked(self.logarithmic)
        self.plot.show_whole()
        self._redraw()

    def show_smooth(self, shown: bool) -> None:
        """Draw running means, or what was measured again."""
        self.smooth = self._legend.smooth = bool(shown)
        self._legend.restyle()
        self._make_room()
        self._redraw()
        self.say()

    def options(self) -> list[Option]:
        options = [
            Option(tr("Logarithmic axis"), self.logarithmic, self.show_logarithmic),
            Option(
                tr("Smooth (running mean of {count} points)", count=2 * REACH + 1),
                self.smooth,
                self.show_smooth,
            ),  # fmt: skip
        ]
        return options + [
            Option(tr(NAMES[key]), self.score == key, partial(self._choose, key), gap=not index)
            for index, key in enumerate(self._fitting)
        ]

    def _choose(self, score: str, shown: bool) -> None:
        self.show_score(score if shown else "loss")

    def point_out(self, place: Any) -> None:
        """Mark the epoch that a sentence is about."""
        marked = place is not None and place[0] == "epoch"
        if marked:
            self.pin.setValue(float(place[1]))
        self.pin.setVisible(bool(marked))

    # What is drawn

    def lines(self, before: bool = False) -> tuple[Values, Values, Values]:
        """Return (epochs, training values, test values) as they were measured, or those before."""
        return self._of(self.before if before else self._curves)

    def _of(self, curves: "Curves | None") -> tuple[Values, Values, Values]:
        if curves is None:
            return np.empty(0), np.empty(0), np.empty(0)
        train, test = (getattr(curves, f"{part}_{self.score}") for part in ("train", "test"))
        return curves.epochs, train, test

    def validation(self) -> Values:
        """Return the values of the validation rows as they were measured, NaN where there are none."""
        if self._curves is None:
            return np.empty(0)
        values: Values = getattr(self._curves, f"validation_{self.score}")
        return values

    def _redraw(self) -> None:
        self.switch.choose(list(scores.WORDS).index(self.score))
        epochs, *both = self.lines()
        begun = (len(epochs) > 1 and epochs[-1] > epochs[0]) or self.later is not None
        self.plot.setVisible(bool(begun))
        if not begun:
            self.update()
            return
        logs = self.logarithmic and self.score == "loss"
        self.plot.getAxis("left").logarithmic = logs
        self.plot.show_percent(self.score == "accuracy")
        drawn = [curve_values.placed(line, logs) for line in both]
        for index, line in enumerate((self._train, self._test)):
            mean = curve_values.placed(smoothed(both[index]), logs) if self.smooth else drawn[index]
            line.show_values(epochs, mean)
            self._measured[index].show_values(epochs, drawn[index] if self.smooth else drawn[index] * np.nan)
        watched = self.validation()
        placed = curve_values.placed(smoothed(watched) if self.smooth else watched, logs)
        self._validation.show_values(epochs, placed)
        there, *earlier = self.lines(before=True)
        drawn += [curve_values.placed(line, logs) for line in earlier]
        for line, values in zip(self._earlier, drawn[2:], strict=True):
            line.show_values(there, values)
        drawn += self._show_ahead(float(epochs[-1]), logs)
        low, high = curve_values.ends(np.concatenate([*drawn, placed]), logs)
        if self.score != "loss":
            low, high = scores.ends(float(np.nanmin(np.concatenate([*drawn, [0.0]]))))
        ends = [one.epochs[-1] for one in (self.later, self.before) if one is not None and len(one.epochs)]
        last = max(float(epochs[-1]), self._epochs, *map(float, ends))
        self.plot.set_ranges(0, last, low, high)

    def _show_ahead(self, now: float, logs: bool) -> list[Values]:
        """Draw what was trained after this moment before; return it as it stands on the axis."""
        ahead, *both = self._of(self.later)
        rest = ahead >= now
        placed = [curve_values.placed(smoothed(line) if self.smooth else line, logs)[rest] for line in both]
        for line, values in zip(self._ahead, placed, strict=True):
            line.show_values(ahead[rest], values)
        return placed

    def summary(self) -> str:
        return curve_values.told(self.score, *self.lines())

    def table(self) -> Table:
        if self._curves is None:
            return []
        parts = ["train", "test"]
        if np.isfinite(self._curves.validation_loss).any():
            parts.append("validation")
        names = [f"{part}_{score}" for score in self._fitting for part in parts]
        columns = [getattr(self._curves, name) for name in names]
        if self.smooth:
            columns += [smoothed(column) for column in columns]
            names += [f"smoothed_{name}" for name in names]
        rows = zip(self._curves.epochs.tolist(), *(column.tolist() for column in columns), strict=True)
        return [("epoch", *names), *rows]

    def _read_out(self, point: QPointF) -> None:
        place = self.plot.value_at(point)
        epochs, train, test = self.lines()
        if place is None or not len(epochs):
            QToolTip.hideText()
            return
        index = int(np.argmin(np.abs(epochs - place.x())))
        write = partial(scores.written, self.score)
        text = tr("epoch {epoch}: training {train}, test {test}", epoch=number(float(epochs[index])),
                  train=write(float(train[index])), test=write(float(test[index])))  # fmt: skip
        QToolTip.showText(QCursor.pos(), text, self.plot)

    def paint(self, painter: QPainter) -> None:
        if not self.plot.isVisible():
            area = QRectF(self.rect()).adjusted(0, self.switch.height(), 0, 0)
            self.invite(painter, area, tr("Press Play: the curve starts here."))
