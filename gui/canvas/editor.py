"""The fields of one layer, opened in place beside its head: no dialog, every change holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

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
from gui.canvas.choice_rows import LABEL_WIDTH, ChoiceRows
from gui.canvas.training_rows import TrainingRows
from gui.canvas.wording import column_name, without_gradient
from gui.i18n import name_of, tr
from gui.theme import px
from gui.widgets.basics import Button, Card, IconButton, Label, Rule
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


class LayerEditor(Card):
    """Units, activation, first weights and first biases of one layer, and how it trains.

    Attributes:
        layer: the layer's number.
        units: the field with the number of units; None for the output, whose units the data decide.
        activation, initializer, bias: the choices' rows.
        training: normalization, dropout, penalties, skip, frozen.

    Signals:
        closed: it closed; it deletes itself.
    """

    closed = Signal()

    def __init__(self, canvas: NetworkCanvas, layer: int) -> None:
        super().__init__("", canvas.window())
        self.canvas, self.controller, self.layer = canvas, canvas.controller, layer
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("layer_editor")
        experiment, here = canvas.experiment, canvas.experiment.network.layers[layer]
        is_last = layer == len(experiment.network.layers) - 1
        self._layers, self._is_closed = len(experiment.network.layers), False
        self._head(experiment)
        self._scrolled()
        self.units = None if is_last else self._units_row(here)
        self.activation = self._rows(
            "activation", "activations", here.activation, legal_activations(experiment, layer)
        )
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
        self.controller.experiment_changed.connect(self.show_experiment)
        self.show_experiment(experiment)

    def _head(self, experiment: Experiment) -> None:
        name = column_name(experiment, self.layer)
        self.setAccessibleName(name)
        self.header.show()
        self.header.title.setText(name)
        close = IconButton("close", "Close", "Esc", kind="flat", size=24)
        close.clicked.connect(self.close)
        self.header.row.addWidget(close)

    def _scrolled(self) -> None:
        """Make the rows' layout, inside an area that scrolls where the window is lower than they are."""
        self._inner = QWidget()
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
        self._fit()

    def open_beside(self, head: QRectF, kind: str = "") -> None:
        """Show it beside a head, which so stays in sight; the field of a mark's kind gets the keyboard."""
        self._fit()
        window, size = self.canvas.window(), self.size()
        right = self.canvas.mapTo(window, QPoint(round(head.right()) + px(8), round(head.top())))
        left = self.canvas.mapTo(window, QPoint(round(head.left()) - px(8), 0)).x() - size.width()
        most = window.width() - size.width() - px(4)
        x = right.x() if right.x() <= most or left < px(4) else left
        y = min(max(right.y(), px(4)), max(window.height() - size.height() - px(4), 0))
        self.move(min(x, max(most, 0)), y)
        self.show()
        self.raise_()
        first = self.training.field(kind) if kind else self.activation.box
        first.setFocus()
        self._area.ensureWidgetVisible(first)
        _application().focusChanged.connect(self._follow_focus)

    def _fit(self) -> None:
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
        self.controller.attempt(
            lambda: edits.choose_initializer(self.controller.experiment, chosen, self.layer),
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

    # Closing

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Close when the keyboard goes elsewhere in this window; a drop-down list is another window."""
        if self._is_closed or now is None:
            return
        if now.window() is self.window() and not self._is_mine(now):
            self.close()

    def _is_mine(self, widget: QWidget) -> bool:
        return widget is self or self.isAncestorOf(widget) or widget is self.window()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter in a field ends here: further up it would open the layer on which the keyboard stands.
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed:
            self._is_closed = True
            self.controller.experiment_changed.disconnect(self.show_experiment)
            self.closed.emit()
        super().closeEvent(event)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
