"""The tabs of the card at the bottom, one page of pictures each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gui.i18n import language, tr
from gui.theme import GAP, px
from gui.views import FirstLayer, Histograms, LossSurface
from gui.views.base import View

if TYPE_CHECKING:
    from engine.experiment import Experiment

BESIDE = 900  # pixels of the design from which surface and histograms stand side by side


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


