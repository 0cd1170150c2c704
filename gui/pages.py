"""The tabs of the card at the bottom, one page of pictures each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gui.guard import guarded
from gui.i18n import language, tr
from gui.theme import GAP, font, px, themes
from gui.views import (
    ActivationCloud,
    ActivationHistograms,
    Compare,
    FirstLayer,
    GradientHistograms,
    Histograms,
    LossSurface,
    SignalByLayer,
    UpdateRatio,
)  # fmt: skip
from gui.views.base import View, open_below
from gui.widgets.basics import IconButton, restyle

if TYPE_CHECKING:
    from engine.experiment import Experiment

BESIDE = 900  # pixels of the design from which surface and histograms stand side by side
TAB, TIGHT_TAB = 30, 17  # pixels of the design that a tab takes beside its word


class Pages(QFrame):
    """Tabs with one page each; tabs that do not fit the experiment are hidden.

    Attributes:
        bar: the tabs.
        stack: the pages.
        row: the layout of the pages, to which others may be added beside them.

    Signals:
        turned(str): another page is shown, by its name.
    """

    turned = Signal(str)

    NAMES = {
        "weights": "Weights", "first_layer": "First layer", "gradients": "Gradients",
        "activations": "Activations", "loss_surface": "Loss surface", "signal": "Signal by layer",
        "compare": "Compare",
    }  # fmt: skip

    SHORT = {"first_layer": "Images", "loss_surface": "Surface", "signal": "Signal"}  # where room is short

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histograms, self.first_layer, self.surface = Histograms(), FirstLayer(), LossSurface()
        self.gradients, self.activations = GradientHistograms(), ActivationHistograms()
        self.cloud, self._cloud_on = ActivationCloud(), False
        self._fitting = True
        self.signal, self.updates = SignalByLayer(), UpdateRatio()
        self.compare, self.beside = Compare(), Histograms()
        self._pages: dict[str, list[View]] = {
            "weights": [self.histograms], "first_layer": [self.first_layer], "gradients": [self.gradients],
            "activations": [self.activations, self.cloud], "loss_surface": [self.surface, self.beside],
            "signal": [self.signal, self.updates], "compare": [self.compare],
        }  # fmt: skip
        self._keys = list(self.NAMES)
        self.bar, self.stack = QTabBar(), QStackedWidget()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)  # shown only where the words have no room, as in a room
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self._lent: set[str] = set()
        self._sheets = {key: _page(self._pages[key]) for key in self._keys}
        for key in self._keys:
            self.stack.addWidget(_holder(self._sheets[key]))
            self._sheets[key].installEventFilter(self)
            self.bar.addTab("")
        layout, self.row = QVBoxLayout(self), QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        self.ways = IconButton("more", "Ways to show the picture", kind="flat", size=20)
        self.ways.clicked.connect(lambda: open_below(self.ways, self.current()))
        head = QHBoxLayout()
        head.addWidget(self.bar, 1)
        head.addWidget(self.ways)
        layout.addLayout(head)
        layout.addLayout(self.row, 1)
        self.row.addWidget(self.stack, 1)
        self.activations.turned.connect(lambda: self._show_cloud(True))
        self.cloud.turned.connect(self._leave_cloud)
        self.bar.currentChanged.connect(self._turn)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self._fit_tabs)
        self.retranslate()

    def pictures(self) -> list[View]:
        """Return the pictures on all pages."""
        return [picture for page in self._pages.values() for picture in page]

    def current(self) -> View:
        """Return the first picture that is shown of the page."""
        page = self._pages[self._keys[self.stack.currentIndex()]]
        return next((picture for picture in page if picture.isVisible()), page[0])

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
        self._fitting = self.first_layer.fits(experiment)
        if not self._fitting:
            self._turn_from("first_layer")
        self._show_tabs()

    def _show_tabs(self) -> None:
        """Show the tabs of the pages that are here and fit the experiment."""
        for index, key in enumerate(self._keys):
            self.bar.setTabVisible(index, self._stays(key))
        self._fit_tabs()

    def _stays(self, key: str) -> bool:
        return key not in self._lent and (self._fitting or key != "first_layer")

    def key_at(self, point: QPoint) -> str:
        """Return the name of the page whose tab is at a point of the bar; empty for none."""
        index = self.bar.tabAt(point)
        return self._keys[index] if index >= 0 else ""

    def lend(self, key: str) -> QWidget:
        """Hand out a page; its tab is hidden meanwhile."""
        self._lent.add(key)
        self._turn_from(key)
        self._show_tabs()
        return self._sheets[key]

    def take_home(self, key: str) -> None:
        """Have a page again."""
        self._lent.discard(key)
        holder = self.stack.widget(self._keys.index(key))
        assert holder is not None
        holder.layout().addWidget(self._sheets[key])  # type: ignore[union-attr]  # it has one, see _holder
        self._sheets[key].show()
        self._show_tabs()
        self.open(key)

    def _turn_from(self, key: str) -> None:
        """Show another page than one that goes: Qt would take the last one, which is often empty."""
        if self._keys[self.bar.currentIndex()] == key:
            self.open(
                "loss_surface" if self._stays("loss_surface") else next(filter(self._stays, self._keys))
            )

    def pictures_of(self, key: str) -> list[View]:
        """Return the pictures of one page."""
        return self._pages[key]

    def can_lend(self, key: str) -> bool:
        """Whether a page is left for every experiment, without one of them."""
        return bool({*self._keys} - self._lent - {key, "first_layer"})

    def retranslate(self) -> None:
        """Name the tabs in the current language."""
        self.bar.setAccessibleName(tr("Pictures of the training"))
        self._fit_tabs()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tabs()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show one or two pictures on a page, as wide as it is now: Qt calls this for its events."""
        if event.type() == QEvent.Type.Resize:
            self._share_pages()
        return False

    def _share_pages(self) -> None:
        self.beside.setVisible(self._wide("loss_surface"))
        self._share_activations()

    def _wide(self, key: str) -> bool:
        """Whether two pictures have room side by side on a page."""
        return self._sheets[key].width() >= px(BESIDE)

    def _show_cloud(self, on: bool) -> None:
        self._cloud_on = on
        self._share_activations()

    def _leave_cloud(self, which: int) -> None:
        self.activations.show_over_epochs(bool(which))
        self._show_cloud(False)

    def _share_activations(self) -> None:
        """Show histograms and functions side by side, or the one that was asked for."""
        wide = self._wide("activations")
        self.activations.setVisible(wide or not self._cloud_on)
        self.cloud.setVisible(wide or self._cloud_on)
        for index, button in enumerate(self.activations.switch.buttons):
            button.setVisible(index < 2 or not wide)
        for index, button in enumerate(self.cloud.switch.buttons):
            button.setVisible(index == 2 or not wide)

    def _fit_tabs(self) -> None:
        """Make the tabs narrower where their words have no room beside each other, then the words shorter."""
        room = self.width() - px(36)
        whole = [tr(name) for name in self.NAMES.values()]
        short = [tr(self.SHORT.get(key, name)) for key, name in self.NAMES.items()]
        tight = self._needed(whole, "body", TAB) > room
        for index, text in enumerate(short if self._needed(whole, "small", TIGHT_TAB) > room else whole):
            self.bar.setTabText(index, text)
            self.bar.setTabToolTip(index, whole[index] if text != whole[index] else "")
        restyle(self.bar, "tight", tight)

    def _needed(self, words: list[str], role: str, around: int) -> int:
        """Return the width of the tabs that are seen, with so many pixels of the design beside each word."""
        metrics = QFontMetrics(font(role, bold=True))
        seen = [text for index, text in enumerate(words) if self.bar.isTabVisible(index)]
        return sum(metrics.horizontalAdvance(text) + px(around) for text in seen)

    def _turn(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self.turned.emit(self._keys[index])


def _holder(page: QWidget) -> QWidget:
    """Return the place of a page among the others, which stays when the page goes."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(page)
    return holder


def _page(pictures: list[View]) -> QWidget:
    """Return a page with pictures side by side."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(GAP))
    for index, picture in enumerate(pictures):
        row.addWidget(picture, 6 if index else 5)
    return page
