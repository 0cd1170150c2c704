"""The cards that hold the pictures: network, result, and the one with tabs at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gui.canvas import NetworkCanvas
from gui.i18n import language, tr
from gui.theme import GAP, SPACING, px, themes
from gui.views import (
    Boundary,
    ConfusionMatrix,
    Findings,
    FirstLayer,
    FittedCurve,
    Histograms,
    LossCurve,
    LossSurface,
    Metrics,
)  # fmt: skip
from gui.views.base import View
from gui.widgets.basics import Card

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.controller import Controller

BESIDE = 900  # pixels of the design from which surface and histograms stand side by side


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
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.canvas = NetworkCanvas(controller)
        self.body.addWidget(self.canvas, 1)
        self.canvas.headline_changed.connect(self.set_remark)
        self.set_remark(self.canvas.headline())

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [self.canvas]


class ResultCard(Enlarging):
    """What the network makes of the data: the picture that fits them, the numbers, the loss.

    Attributes:
        results: the pictures of which the first that fits is shown.
        metrics: the numbers.
        curve: the losses over the epochs.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("Result", parent)
        self.results: list[View] = [Boundary(), FittedCurve(), ConfusionMatrix()]
        self.metrics, self.curve = Metrics(), LossCurve()
        for picture in self.results:
            self.body.addWidget(picture, 5)
        self.body.addWidget(self.metrics)
        self.body.addWidget(self.curve, 2)
        controller.experiment_changed.connect(self.show_experiment)
        self.show_experiment(controller.experiment)

    def pictures(self) -> list[View]:
        """Return the pictures on this card."""
        return [*self.results, self.metrics, self.curve]

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the first result that fits an experiment."""
        fitting = [picture for picture in self.results if picture.fits(experiment)]
        for picture in self.results:
            if picture not in fitting[:1]:
                picture.hide()
        for picture in fitting[:1]:
            picture.show()


class Pages(QFrame):
    """Tabs with one page each; tabs that do not fit the experiment are hidden.

    Attributes:
        bar: the tabs.
        stack: the pages.

    Signals:
        turned(str): another page is shown, by its name.
    """

    turned = Signal(str)

    NAMES = {"weights": "Weights", "first_layer": "First layer", "loss_surface": "Loss surface"}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histograms, self.first_layer, self.surface = Histograms(), FirstLayer(), LossSurface()
        self.beside = Histograms()
        self._keys = list(self.NAMES)
        self.bar, self.stack = QTabBar(), QStackedWidget()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self._row = QHBoxLayout()
        for page in (self.histograms, self.first_layer, self._surface_page()):
            self.stack.addWidget(page)
            self.bar.addTab("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        self.bar.currentChanged.connect(self._turn)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def pictures(self) -> list[View]:
        """Return the pictures on all pages."""
        return [self.histograms, self.first_layer, self.surface, self.beside]

    def open(self, key: str) -> None:
        """Show a page by its name, if its tab can be seen."""
        if key in self._keys and self.bar.isTabVisible(self._keys.index(key)):
            self.bar.setCurrentIndex(self._keys.index(key))

    def step(self, by: int) -> None:
        """Show the page after or before, round and round."""
        seen = [index for index in range(len(self._keys)) if self.bar.isTabVisible(index)]
        place = seen.index(self.bar.currentIndex()) if self.bar.currentIndex() in seen else 0
        self.bar.setCurrentIndex(seen[(place + by) % len(seen)])

    def show_experiment(self, experiment: Experiment) -> None:
        """Hide the tabs that say nothing about an experiment."""
        index = self._keys.index("first_layer")
        visible = self.first_layer.fits(experiment)
        if not visible and self.bar.currentIndex() == index:
            self.open("loss_surface")
        self.bar.setTabVisible(index, visible)

    def retranslate(self) -> None:
        """Name the tabs in the current language."""
        for index, name in enumerate(self.NAMES.values()):
            self.bar.setTabText(index, tr(name))
        self.bar.setAccessibleName(tr("Pictures of the training"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.beside.setVisible(self.width() >= px(BESIDE))

    def _surface_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(GAP))
        row.addWidget(self.surface, 5)
        row.addWidget(self.beside, 6)
        return page

    def _turn(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self.turned.emit(self._keys[index])


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
        row = QHBoxLayout()
        row.addWidget(self.pages, 1)
        row.addWidget(self._line)
        row.addWidget(self.findings)
        self.findings.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.body.addLayout(row, 1)
        self._row = row
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
        self._row.setSpacing(px(GAP + SPACING))


