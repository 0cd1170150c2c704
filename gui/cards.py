"""The cards that hold the pictures: network, result, and the one with tabs at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from gui.canvas import NetworkCanvas
from gui.canvas.legend import LinkLegend
from gui.pages import Pages
from gui.theme import GAP, SPACING, air, px, themes
from gui.views import Boundary, ConfusionMatrix, Findings, FittedCurve, LossCurve, Metrics
from gui.views.base import View, open_below
from gui.views.point_tools import PointTools
from gui.widgets.basics import Card, IconButton

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.controller import Controller

MOST = 16_777_215  # pixels: what Qt takes for no limit
AXES = 20  # pixels by which a result is higher than wide: its legend
CURVE = 0.25  # the curve's share of the height, at least
CRUSHED = 0.75  # a picture is not made lower than this share of a square to make room for the curve


class Enlarging(Card):
    """A card that asks for the whole window when its margin or title is clicked twice.

    Signals:
        enlarged: it was clicked twice.
    """

    enlarged = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.enlarged.emit()


class NetworkCard(Enlarging):
    """The network that one draws, with its sizes in the title row.

    Attributes:
        canvas: the network.
        legend: the scale of its links; left out where they are not drawn one by one, or do not fit.
        slow: plays one batch in slow motion.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.canvas = NetworkCanvas(controller)
        self.body.addWidget(self.canvas, 1)
        self.legend = LinkLegend(self.canvas)
        row = self.header.row
        row.insertWidget(row.indexOf(self.header.remark), self.legend)
        row.insertStretch(row.indexOf(self.header.remark), 1)
        self.slow = IconButton("slow_motion", "Slow motion: one batch", "M", kind="flat", size=20)
        self.slow.clicked.connect(lambda: self.canvas.motion.start())
        row.addWidget(self.slow)
        self.canvas.headline_changed.connect(self._show_headline)
        self._show_headline(self.canvas.headline())

    def _show_headline(self, words: str) -> None:
        self.set_remark(words)
        self._fit_legend()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_legend()

    def _fit_legend(self) -> None:
        """Show the scale where there are links, and room for it."""
        texts = (self.header.title, self.header.remark)
        taken = sum(label.sizeHint().width() for label in texts) + px(GAP * 6 + 20)
        self.legend.setVisible(self.legend.fit(self.width() - taken) and self.canvas.draws_links)

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [self.canvas]


class ResultCard(Enlarging):
    """What the network makes of the data: the picture that fits them, the numbers, the loss.

    Below each other where the card is high, the picture beside the others where it is wide.

    Attributes:
        results: the pictures of which the first that fits is shown.
        points: the tools that draw data on the boundary.
        metrics: the numbers.
        curve: the losses over the epochs; left out where it would crush the picture.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("Result", parent)
        boundary = Boundary()
        self.results: list[View] = [boundary, FittedCurve(), ConfusionMatrix()]
        self.points = PointTools(boundary, controller)
        self.header.row.addWidget(self.points.bar)
        self.ways = IconButton("more", "Ways to show the picture", kind="flat", size=20)
        self.ways.clicked.connect(lambda: open_below(self.ways, self.shown()))
        self.header.row.addWidget(self.ways)
        self.metrics, self.curve = Metrics(), LossCurve()
        self._both, self._others = QBoxLayout(QBoxLayout.Direction.TopToBottom), QVBoxLayout()
        for picture in self.results:
            self._both.addWidget(picture, 100)
        self.curve.scored.connect(self.metrics.show_score)
        self._others.addWidget(self.metrics)
        self._others.addWidget(self.curve, 1)
        self._both.addLayout(self._others, 1)
        self.body.addLayout(self._both, 1)
        controller.experiment_changed.connect(self.show_experiment)
        themes.changed.connect(self._share)
        self.show_experiment(controller.experiment)

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [*self.results, self.metrics, self.curve]

    def shown(self) -> View:
        """Return the result that is shown."""
        return next((picture for picture in self.results if picture.isVisible()), self.results[0])

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the first result that fits an experiment."""
        fitting = [picture for picture in self.results if picture.fits(experiment)]
        for picture in self.results:
            if picture not in fitting[:1]:
                picture.hide()
        for picture in fitting[:1]:
            picture.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def show_title(self, shown: bool) -> None:
        super().show_title(shown)
        self._share()

    def _share(self) -> None:
        """Give the picture a square and the curve the rest."""
        wide = self.width() > 1.25 * self.height()
        sides = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._both.setDirection(sides)
        gap = air(SPACING * 2)
        self._both.setSpacing(px(GAP * 2) if wide else gap)
        self._others.setSpacing(gap)
        self._both.setStretch(self._both.count() - 1, 80 if wide else 1)
        margins = self.outer.contentsMargins()
        title = 0 if self.header.isHidden() else self.header.sizeHint().height() + gap
        room = self.height() - margins.top() - margins.bottom() - title
        square = self.width() - margins.left() - margins.right() + px(AXES)
        left = room - self.metrics.minimumSizeHint().height() - gap
        least = self.curve.minimumSizeHint().height() + gap
        self.curve.setVisible(wide or left - least > CRUSHED * square)
        most = min(square, round(left - max(least, CURVE * room)))
        for picture in self.results:
            picture.setMaximumHeight(MOST if wide or self.curve.isHidden() else most)


class BottomCard(Enlarging):
    """Pages of pictures, and at their right what the machine sees in words.

    Attributes:
        pages: the tabs.
        findings: the words.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.pages, self.findings = Pages(), Findings()
        self._line = QFrame()
        self._line.setProperty("rule", True)
        self._line.setFixedWidth(1)
        self.pages.row.addWidget(self._line)
        self.pages.row.addWidget(self.findings)
        self.findings.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.body.addWidget(self.pages, 1)
        themes.changed.connect(self._respace)
        self._respace()
        controller.experiment_changed.connect(self.pages.show_experiment)
        self.pages.show_experiment(controller.experiment)

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [*self.pages.pictures(), self.findings]

    def set_words_width(self, width: int) -> None:
        """Give the findings a width in pixels."""
        self.findings.setFixedWidth(width)

    def _respace(self) -> None:
        self.pages.row.setSpacing(px(GAP + SPACING))
