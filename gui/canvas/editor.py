"""The fields of one layer, opened in place beside its head: no dialog, every change holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engine import edits
from engine.choices import ACTIVATIONS, BIAS_INITIALIZERS, INITIALIZERS
from engine.experiment import (
    Activation,
    BiasInitializer,
    Experiment,
    ExperimentError,
    Initializer,
    Layer,
    ranges_of,
    replace_at,
)
from engine.transfer import tried
from gui.canvas.choice_rows import LABEL_WIDTH, ChoiceRows
from gui.canvas.popup import Popup
from gui.canvas.training_rows import TrainingRows
from gui.canvas.transfer import load_from_file
from gui.canvas.wording import column_name, without_gradient
from gui.i18n import name_of, tr
from gui.theme import px
from gui.widgets.basics import Button, Label, Rule
from gui.widgets.number_field import NumberField

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas


def legal_activations(experiment: Experiment, layer: int) -> list[str]:
    """Return the activations that a layer can have, for the output those that fit the data."""
    found = []
    for key in ACTIVATIONS:
        try:
            changed = edits.choose_activation(experiment, layer, Activation(key))
        except ExperimentError:
            continue
        if changed.network.layers[layer].activation.name == key:
            found.append(key)
    return found


class LayerEditor(Popup):
    """Units, activation, first weights and first biases of one layer, and how it trains.

    Attributes:
        units: the field with the number of units; None for the output, whose units the data decide.
        activation, initializer, bias: the choices' rows.
        training: normalization, dropout, penalties, skip, frozen.
    """

    def __init__(self, canvas: NetworkCanvas, layer: int) -> None:
        super().__init__(canvas, layer, column_name(canvas.experiment, layer))
        self.setObjectName("layer_editor")
        experiment, here = canvas.experiment, canvas.experiment.network.layers[layer]
        is_last = layer == len(experiment.network.layers) - 1
        self._layers = len(experiment.network.layers)
        self._scrolled()
        self.units = None if is_last else self._units_row(here)
        self.activation = self._rows("activation", "activations", here.activation, [here.activation.name])
        self._warning = Label("", "warning")
        self._warning.setWordWrap(True)
        self.rows.addWidget(self._warning)
        self.initializer = self._rows("initializer", "initializers", here.initializer, INITIALIZERS)
        self.bias = self._rows(
            "bias_initializer", "bias_initializers", here.bias_initializer, BIAS_INITIALIZERS
        )
        self.rows.addWidget(Rule())
        self.training = TrainingRows(self.controller, layer)
        self.rows.addWidget(self.training)
        self.activation.changed.connect(self._choose_activation)
        self.initializer.changed.connect(self._choose_initializer)
        self.bias.changed.connect(self._choose_bias)
        if not is_last:
            self._remove_button()
        self.show_experiment(experiment)

    def _scrolled(self) -> None:
        """Make the rows' layout, inside an area that scrolls where the window is lower than they are."""
        self._inner = QWidget()
        self._inner.installEventFilter(self)
        self.rows = QVBoxLayout(self._inner)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(px(8))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inner)
        self._area.viewport().setAutoFillBackground(False)
        self._inner.setAutoFillBackground(False)
        self.body.addWidget(self._area)

    def _units_row(self, here: Layer) -> NumberField:
        row = QHBoxLayout()
        label = Label("", "muted")
        label.setText(name_of("field", "units"))
        label.setFixedWidth(px(LABEL_WIDTH))
        field = NumberField(ranges_of(Layer)["units"], "even", whole=True)
        field.setAccessibleName(name_of("field", "units"))
        field.committed.connect(self._set_units)
        row.addWidget(label)
        row.addWidget(field)
        row.setSpacing(px(8))
        self.rows.addLayout(row)
        return field

    def _rows(
        self, field: str, family: str, chosen: Activation | Initializer | BiasInitializer, keys: object
    ) -> ChoiceRows:
        rows = ChoiceRows(field, family, chosen, keys)  # type: ignore[arg-type]
        self.rows.addWidget(rows)
        return rows

    def _remove_button(self) -> None:
        button = Button("Remove this layer")
        button.clicked.connect(self._remove)
        self.rows.addWidget(button)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the layer as it is now; close when the layers are others."""
        if len(experiment.network.layers) != self._layers:
            self.close()
            return
        here = experiment.network.layers[self.layer]
        if self.units is not None:
            self.units.set_value(here.units)
        self.activation.box.set_keys(legal_activations(experiment, self.layer))
        self.activation.show_choice(here.activation)
        self.initializer.show_choice(here.initializer)
        self.bias.show_choice(here.bias_initializer)
        self.training.show_experiment(experiment)
        warning = without_gradient(experiment, self.layer)
        self._warning.setText(warning)
        self._warning.setVisible(bool(warning))
        self.fit()

    def open_beside(self, head: QRectF, kind: str = "") -> None:
        """Show it beside a head; the field of a mark's kind gets the keyboard."""
        first = self.training.field(kind) if kind else self.activation.box
        first = self.initializer.box if kind == "copied" else first
        self.open_at(head, first)
        self._area.ensureWidgetVisible(first)

    def fit(self) -> None:
        """Take the height that the rows need at this width, or what the window has."""
        margins = self.outer.contentsMargins()
        self.setFixedWidth(px(372))
        width = self.width() - margins.left() - margins.right()
        inner = self.rows.totalHeightForWidth(width) if self.rows.hasHeightForWidth() else 0
        inner = max(inner, self.rows.totalMinimumSize().height())
        around = margins.top() + margins.bottom() + self.header.sizeHint().height() + self.outer.spacing()
        room = self.canvas.window().height() - 2 * px(4)
        if inner + around > room:
            self.setFixedWidth(px(372) + px(12))  # beside the scroll bar the rows keep their width
        self._area.setFixedHeight(min(inner, room - around))
        self.setFixedHeight(min(inner + around, room))
        if self.isVisible():
            self.move(self.x(), min(self.y(), max(self.canvas.window().height() - self.height() - px(4), 0)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the rows when they become more or fewer: they know their new height only a moment later."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inner:
            self.fit()
        return False

    # Edits

    def _set_units(self, value: float) -> None:
        self.controller.attempt(
            lambda: edits.set_units(self.controller.experiment, self.layer, int(value)), tr("Set the units"),
            f"network.layers[{self.layer}].units",
        )  # fmt: skip

    def _choose_activation(self, chosen: Activation) -> None:
        self.controller.attempt(
            lambda: edits.choose_activation(self.controller.experiment, self.layer, chosen),
            tr("Choose the activation"),
            f"network.layers[{self.layer}].activation.{chosen.name}",
        )  # fmt: skip

    def _choose_initializer(self, chosen: Initializer) -> None:
        if chosen.entry.reads_file and not chosen.settings["path"]:
            self.show_experiment(self.controller.experiment)  # until a file is named, nothing is chosen
            load_from_file(self.canvas, [self.layer])
            return
        self.controller.attempt(
            lambda: tried(
                edits.choose_initializer(self.controller.experiment, chosen, self.layer), [self.layer]
            ),
            tr("Choose the initial weights"), f"network.layers[{self.layer}].initializer.{chosen.name}",
        )  # fmt: skip

    def _choose_bias(self, chosen: BiasInitializer) -> None:
        place = f"network.layers[{self.layer}].bias_initializer"
        self.controller.attempt(
            lambda: replace_at(self.controller.experiment, place, chosen), tr("Choose the initial biases"),
            f"{place}.{chosen.name}",
        )  # fmt: skip

    def _remove(self) -> None:
        self.controller.attempt(
            lambda: edits.remove_layer(self.controller.experiment, self.layer), tr("Remove a layer")
        )
