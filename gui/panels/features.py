"""Which features of the data feed the network: chips that are on or off."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.choices.datasets import Dataset
from engine.edits import choose_features
from engine.experiment import Experiment
from gui.i18n import language, name_of, number, tr
from gui.theme import px
from gui.widgets.basics import Button, Label
from gui.widgets.flow import FlowLayout
from gui.widgets.flyout import Flyout
from gui.widgets.rows import column

AS_CHIPS = 7


class Proposing(Protocol):
    """What is needed of the controller to propose another experiment."""

    experiment: Experiment

    def edit(self, place: str, value: object, text: str) -> None: ...
    def attempt(self, function: Callable[[], Experiment], text: str, place: str | None = None) -> None: ...


def scale(controller: Proposing, key: str) -> None:
    """Propose another scaling of the inputs."""
    controller.edit("data.scaling", key, tr("Scaling: {name}", name=name_of("scalings", key)))


def feed(controller: Proposing, chosen: tuple[str, ...]) -> None:
    """Propose other features as inputs."""
    experiment = controller.experiment
    controller.attempt(lambda: choose_features(experiment, chosen), tr("Features"), "data.features")


class FeatureChips(QWidget):
    """One chip a feature. The last one that is on stays on.

    Signals:
        chosen(object): these features, in the data set's order, as a tuple
    """

    chosen = Signal(object)

    def __init__(self, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(4, self)
        self._caption = Label(caption, "small")
        self._caption.setMinimumHeight(px(24))
        if caption:
            self._flow.addWidget(self._caption)
        self.chips: dict[str, QPushButton] = {}
        language.changed.connect(self.retranslate)

    def show_features(self, offered: tuple[str, ...], on: tuple[str, ...]) -> None:
        """Offer these features and show which are on."""
        if tuple(self.chips) != offered:
            self._rebuild(offered)
        for key, chip in self.chips.items():
            chip.setChecked(key in on)

    def _rebuild(self, offered: tuple[str, ...]) -> None:
        for chip in self.chips.values():
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.chips = {}
        for key in offered:
            chip = QPushButton()
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._clicked, key))
            self._flow.addWidget(chip)
            self.chips[key] = chip
        self.retranslate()

    def _clicked(self, key: str) -> None:
        on = tuple(name for name, chip in self.chips.items() if chip.isChecked())
        if on:
            self.chosen.emit(on)
        else:
            self.chips[key].setChecked(True)

    def retranslate(self) -> None:
        """Name the features in the current language."""
        for key, chip in self.chips.items():
            chip.setText(name_of("feature", key))
            chip.setAccessibleName(tr("Feature {name}", name=name_of("feature", key)))


class FeaturePicker(QWidget):
    """Chips where a data set has few features, a button that opens them where it has many.

    Signals:
        chosen(object): these features, as a tuple
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 0)
        self.inline = FeatureChips("Features")
        self.inline.chosen.connect(self.chosen)
        self.button = Button("Features")
        self.button.setProperty("kind", "chip")
        self.button.clicked.connect(self._open)
        lines.addWidget(self.inline)
        lines.addWidget(self.button)
        self._offered: tuple[str, ...] = ()
        self._on: tuple[str, ...] = ()
        self._chips: FeatureChips | None = None
        language.changed.connect(self.retranslate)

    def show_features(self, entry: Dataset, on: tuple[str, ...]) -> None:
        """Offer a data set's features and show which are on."""
        self._offered, self._on = entry.features, on
        few = len(entry.features) <= AS_CHIPS
        self.inline.setVisible(few)
        self.button.setVisible(not few)
        self.button.setEnabled(entry.image is None)
        if few:
            self.inline.show_features(entry.features, on)
        if self._chips is not None:
            self._chips.show_features(self._offered, on)
        self.retranslate()

    def retranslate(self) -> None:
        """Say in the current language how many features are on."""
        on, offered = number(len(self._on)), number(len(self._offered))
        some = tr("{count} of {all} features", count=on, all=offered)
        count = some if self.button.isEnabled() else tr("All {all} pixels are inputs", all=offered)
        self.button.setText(count)
        self.button.setAccessibleName(count)

    def _open(self) -> None:
        self._chips = FeatureChips()
        self._chips.chosen.connect(self.chosen)
        self._chips.show_features(self._offered, self._on)
        flyout = Flyout(self._chips, self)
        flyout.closed.connect(self._close)
        flyout.open_beside(self.button, px(420))

    def _close(self) -> None:
        self._chips = None
