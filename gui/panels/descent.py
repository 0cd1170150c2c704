"""The section "Descent": how the weights go downhill, on which loss, for how long."""

from functools import partial

from PySide6.QtWidgets import QWidget

from engine.choices import LOSSES, OPTIMIZERS, REGULARIZERS
from engine.edits import choose_optimizer
from engine.experiment import SEED, Experiment, Loss, Optimizer, Training, ranges_of
from engine.rules import dataset_of, legal_losses
from gui import names
from gui.i18n import name_of, number, tr
from gui.panels.base import Controller, Panel
from gui.panels.parameters import Field, entry_hints, parameter_cells, parameter_field
from gui.widgets.combo import ChoiceBox
from gui.widgets.number_field import NumberField
from gui.widgets.rows import Cells, Row, captioned

RATE = "learning_rate"


class DescentPanel(Panel):
    """Optimizer and its parameters, loss, penalties, epochs, precision and the seed of the batches."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, "Descent", parent)
        hints = entry_hints(OPTIMIZERS)
        self.optimizer = ChoiceBox("optimizers", kind="main", name="Optimizer")
        self.optimizer.set_keys(OPTIMIZERS, hints)
        self.parameters: dict[str, Field] = {}
        self._rate_line, self._cells = QWidget(), Cells(parent=self)
        self._shown = ""
        self.loss = ChoiceBox("short_losses")
        self.loss_parameters: dict[str, Field] = {}
        self._loss_cells, self._shown_loss = Cells(parent=self), ""
        self.penalties = {key: parameter_field(entry.parameters[0], self._set_penalty)
                          for key, entry in REGULARIZERS.items()}  # fmt: skip
        self.epochs = NumberField(ranges_of(Training)["epochs"], whole=True)
        self.seed = NumberField(SEED, "even", whole=True)
        self.precision = ChoiceBox("precision", ("float32", "float64"))
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        limits, last = Cells(), Cells(2)
        limits.fill([*(captioned(key.upper(), field) for key, field in self.penalties.items()),
                     captioned("Epochs", self.epochs)])  # fmt: skip
        last.fill([captioned("Seed of the order", self.seed, "Order seed"),
                   captioned("Precision", self.precision)])  # fmt: skip
        for line in (self.optimizer, self._rate_line, self._cells, Row("Loss", self.loss), self._loss_cells,
                     limits, last):  # fmt: skip
            self.rows.addWidget(line)
        self.can_wait = {last: 1, limits: 4}

    def _connect(self) -> None:
        self.optimizer.picked.connect(self.choose)
        self.loss.picked.connect(self._choose_loss)
        self.epochs.committed.connect(lambda value: self.edit("training.epochs", int(value), "Epochs"))
        self.seed.committed.connect(lambda value: self.edit("seeds.order", int(value), "Order seed"))
        self.precision.picked.connect(self._choose_precision)

    def choose(self, key: str) -> None:
        """Propose another optimizer with its published defaults, but the same rate: one thing changes."""
        text = tr("Descent: {name}", name=name_of("optimizers", key))
        now = self.controller.experiment
        self.controller.attempt(partial(choose_optimizer, now, Optimizer(key)), text, "optimizer")

    def _choose_loss(self, key: str) -> None:
        self.controller.edit("loss", Loss(key), tr("Loss: {name}", name=name_of("losses", key)))

    def _choose_precision(self, key: str) -> None:
        text = tr("Precision: {name}", name=name_of("precision", key))
        self.controller.edit("training.precision", key, text)

    def _set_loss_parameter(self, key: str, value: float) -> None:
        self.edit(f"loss.{key}", value, names.english("field", key))

    def _set_parameter(self, key: str, value: float) -> None:
        switch = isinstance(value, bool)
        words = tr("on" if value else "off") if switch else number(value, 9)
        text = tr("{name}: {value}", name=name_of("field", key), value=words)
        self.controller.edit(f"optimizer.{key}", value, text)

    def _set_penalty(self, key: str, value: float) -> None:
        self.edit(f"regularization.{key}", value, key.upper())

    def show_experiment(self, experiment: Experiment) -> None:
        chosen = experiment.optimizer
        if chosen.name != self._shown:
            self._rebuild(chosen)
        for key, value in chosen.parameters.items():
            self.parameters[key].set_value(value)
        self.optimizer.set_key(chosen.name)
        self.optimizer.setToolTip(tr(chosen.entry.formula))
        last = experiment.network.layers[-1]
        self.loss.set_keys(legal_losses(dataset_of(experiment), last.activation.name), entry_hints(LOSSES))
        self.loss.set_key(experiment.loss.name)
        if experiment.loss.name != self._shown_loss:
            self._rebuild_loss(experiment.loss)
        for key, value in experiment.loss.parameters.items():
            self.loss_parameters[key].set_value(value)
        words = name_of("losses", experiment.loss.name), tr(experiment.loss.entry.formula)
        self.loss.setToolTip("\n".join(words))
        for key, field in self.penalties.items():
            field.set_value(getattr(experiment.regularization, key))
        self.epochs.set_value(experiment.training.epochs)
        self.seed.set_value(experiment.seeds.order)
        self.precision.set_key(experiment.training.precision)

    def _rebuild(self, chosen: Optimizer) -> None:
        """Make the fields of another optimizer: the rate in a row of its own, the others side by side."""
        self._shown = chosen.name
        made = parameter_cells(chosen.entry, self._set_parameter, without=(RATE,), switches=True)
        self.parameters = dict(made.fields)
        self._cells.columns = 4 if len(made.cells) == 4 else 3
        self._cells.fill(made.cells)
        rates = [parameter for parameter in chosen.entry.parameters if parameter.key == RATE]
        old, self._rate_line = self._rate_line, QWidget()
        if rates:
            self.parameters[RATE] = parameter_field(rates[0], self._set_parameter)
            self._rate_line = Row("Rate", self.parameters[RATE], "Learning rate")
        self.rows.replaceWidget(old, self._rate_line)
        self._rate_line.setVisible(bool(rates))
        old.hide()
        old.deleteLater()

    def _rebuild_loss(self, chosen: Loss) -> None:
        """Make the fields of another loss; most have none."""
        self._shown_loss = chosen.name
        made = parameter_cells(chosen.entry, self._set_loss_parameter)
        self.loss_parameters = dict(made.fields)
        self._loss_cells.fill(made.cells)
        self._loss_cells.setVisible(bool(made.cells))
