"""The small cards in which one weight or one bias is typed, and a link cut or joined."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.canvas import cards
from gui.canvas.popup import Popup
from gui.i18n import tr
from gui.theme import px
from gui.widgets.basics import Button, Label
from gui.widgets.number_field import NumberField

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.canvas.canvas import NetworkCanvas
    from gui.canvas.scene import Item

WIDTH, DIGITS = 300, 4


class HandNumber(NumberField):
    """A number put in by hand, which counts as it is typed: what was shown for it is rounded, and moves."""

    def leave(self) -> None:
        if self.text() == self._written():  # nothing was typed after all
            self.retranslate()
        super().leave()

    def _give(self, value: float) -> None:
        self.value = math.nan  # nothing equals it
        super()._give(value)


class NumberPopup(Popup):
    """One number with what it does; the canvas keeps the keyboard until the number is typed.

    Attributes:
        item: the link or unit that it is about.
        field: the number.
    """

    def __init__(self, canvas: NetworkCanvas, item: Item, title: str, caption: str) -> None:
        super().__init__(canvas, int(item[1]), title)
        self.item = item
        self.field = HandNumber(stepping="even", step=0.1)
        self.field.setAccessibleName(caption)
        self._words = Label("", "small")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        row, label = QHBoxLayout(), Label("", "muted")
        label.setText(caption)
        row.addWidget(label)
        row.addWidget(self.field, 1)
        row.setSpacing(px(8))
        self.body.addLayout(row)
        self.body.addWidget(self._words)
        self.field.committed.connect(self._commit)

    def show_numbers(self) -> None:
        """Show the numbers of the newest frame."""
        value = self._value()
        self.field.setEnabled(value is not None)
        if value is not None:
            self.field.set_value(float(f"{value:.{DIGITS}g}"))
        words = "\n".join(self._lines())
        if words != self._words.text():
            self._words.setText(words)
            self.fit()

    def fit(self) -> None:
        self.setFixedWidth(px(WIDTH))
        layout = self.outer
        layout.activate()
        higher = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else 0
        self.setFixedHeight(max(higher, layout.totalMinimumSize().height()))

    def holds(self, widget: QWidget) -> bool:
        return widget is self.canvas or super().holds(widget)

    def _value(self) -> float | None:
        raise NotImplementedError

    def _lines(self) -> list[str]:
        raise NotImplementedError

    def _commit(self, value: float) -> None:
        raise NotImplementedError


class LinkPopup(NumberPopup):
    """A link: its weight, typed; and whether it is cut.

    Attributes:
        cut: cuts the link, or joins it again.
    """

    def __init__(self, canvas: NetworkCanvas, item: Item) -> None:
        _, layer, unit, later = (item[0], *map(int, item[1:]))
        before = cards.symbol(canvas.experiment, layer - 1, unit)
        title = f"{before} → {cards.unit_name(canvas.experiment, layer, later)}"
        super().__init__(canvas, item, title, tr("Weight"))
        self.place = (layer, unit, later)
        self.cut = Button("Cut this link")
        self.cut.clicked.connect(lambda: canvas.hands.acts.cut(self.item))
        self.body.addWidget(self.cut)
        self.show_experiment(canvas.experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        layer, unit, later = self.place
        layers = experiment.network.layers
        if layer >= len(layers) or later >= layers[layer].units:
            self.close()
            return
        cut = (unit, later) in layers[layer].cut
        self.cut.show_as("Join this link again" if cut else "Cut this link", "")
        self.cut.setToolTip("" if cut else tr("Delete"))
        self.show_numbers()

    def _value(self) -> float | None:
        # From the experiment, not from the weights shown: these may be a moment older than the cut.
        return 0.0 if self._is_cut() else self.canvas.weight(*self.place)

    def _is_cut(self) -> bool:
        layer, *link = self.place
        return tuple(link) in self.canvas.experiment.network.layers[layer].cut

    def _lines(self) -> list[str]:
        lines = cards.link_lines(self.canvas, *self.place)
        if self._is_cut():
            return [tr("This link is cut: its weight stays 0.")]
        gradient = self.canvas.gradient(*self.place)
        found = "" if gradient is None else tr("gradient {value}", value=cards.signed(gradient, 3))
        return [line for line in (found, *lines[1:]) if line]

    def _commit(self, value: float) -> None:
        self.canvas.hands.acts.type_weight(self.item, value)


class UnitPopup(NumberPopup):
    """A unit: its bias, typed, and what it computes."""

    def __init__(self, canvas: NetworkCanvas, item: Item) -> None:
        layer, unit = int(item[1]), int(item[2])
        super().__init__(canvas, item, cards.unit_name(canvas.experiment, layer, unit), tr("Bias"))
        self.unit = unit
        self.show_experiment(canvas.experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        layers = experiment.network.layers
        if self.layer >= len(layers) or self.unit >= layers[self.layer].units:
            self.close()
            return
        self.show_numbers()

    def _value(self) -> float | None:
        return self.canvas.bias(self.layer, self.unit)

    def _lines(self) -> list[str]:
        slope = self.canvas.bias_gradient(self.layer, self.unit)
        found = "" if slope is None else tr("gradient {value}", value=cards.signed(slope, 3))
        formulas = cards.unit_formulas(self.canvas.experiment, self.layer)
        return [line for line in (found, *formulas) if line]

    def _commit(self, value: float) -> None:
        self.canvas.hands.acts.type_bias(self.item, value)


def popup_of(canvas: NetworkCanvas, item: Item) -> NumberPopup | None:
    """Return the card for a link or a unit; inputs have none."""
    if item[0] == "link":
        return LinkPopup(canvas, item)
    return UnitPopup(canvas, item) if item[0] == "unit" and int(item[1]) >= 0 else None
