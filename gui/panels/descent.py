"""The section "Descent": how the weights go downhill, on which loss, at which rate, for how long."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from engine.choices import LOSSES, OPTIMIZERS
from engine.choices.base import NOT_NEGATIVE
from engine.edits import choose_optimizer
from engine.experiment import SEED, Clipping, Experiment, Loss, Optimizer, Schedule, Training, ranges_of
from engine.rules import dataset_of, legal_losses
from gui.i18n import name_of, number, tr
from gui.panels import words
from gui.panels.base import Controller, Panel
from gui.panels.choice_form import ChoiceForm
from gui.panels.parameters import (
    Field,
    entry_hint,
    entry_hints,
    parameter_cells,
    parameter_field,
    said_parameter,
    show_settings,
)  # fmt: skip
from gui.widgets.combo import ChoiceBox
from gui.widgets.number_field import NumberField
from gui.widgets.optional_field import OptionalField
from gui.widgets.rate_curve import RateCurve
from gui.widgets.rows import Cells, Row, captioned

RATE = "learning_rate"


class DescentPanel(Panel):
    """Optimizer, its parameters, batches, epochs, loss, schedule; clipping, target loss, precision, seed."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, "Descent", parent)
        self.optimizer = ChoiceBox("optimizers", kind="main", name="Optimizer")
        self.optimizer.set_keys(OPTIMIZERS, entry_hints(OPTIMIZERS))
        self.parameters: dict[str, Field] = {}
        self._pace, self._cells, self._shown = Cells(), Cells(parent=self), ""
        self.batch = NumberField(ranges_of(Training)["batch_size"], whole=True)
        self.epochs = NumberField(ranges_of(Training)["epochs"], whole=True)
        self.loss = ChoiceBox("short_losses")
        self.loss_parameters: dict[str, Field] = {}
        self._loss_cells, self._shown_loss = Cells(parent=self), ""
        self.schedule = ChoiceForm(Schedule, "schedules", "Schedule", self, "Learning rate schedule",
                                   width=167)  # fmt: skip
        self.curve = RateCurve()
        self.clipping = ChoiceForm(Clipping, "clippings", "Gradient clipping", self, width=120)
        self.target = OptionalField(NOT_NEGATIVE, "ratio", first=0.1)
        self.seed = NumberField(SEED, "even", whole=True)
        self.precision = ChoiceBox("precision", ("float32", "float64"))
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        last = Cells(2)
        last.fill([captioned("Seed of the order", self.seed, "Order seed"),
                   captioned("Precision", self.precision)])  # fmt: skip
        self.add(self.optimizer)
        self.add(self._pace)
        self.add(self._cells, wait=6, words=words.of_optimizer)
        self.add(Row("Loss", self.loss), wait=8, words=words.of_loss)
        self.add(self._loss_cells, wait=8)
        self.add(self.schedule.row, wait=9, words=words.of_schedule)
        self.add(self.curve, wait=1)
        self.add(self.schedule.cells, rare=True, words=lambda now: words.others(now.schedule))
        self.add(self.clipping.row, rare=True, words=words.of_clipping)
        self.add(self.clipping.cells, rare=True)
        self.add(Row("Target loss", self.target, width=128), rare=True, words=words.of_target)
        self.add(last, rare=True, words=words.of_order)

    def _connect(self) -> None:
        self.optimizer.picked.connect(self.choose)
        self.batch.committed.connect(lambda value: self.edit("training.batch_size", int(value), "Batch"))
        self.epochs.committed.connect(lambda value: self.edit("training.epochs", int(value), "Epochs"))
        self.loss.picked.connect(self._choose_loss)
        self.schedule.proposed.connect(partial(self.controller.edit, "schedule"))
        self.clipping.proposed.connect(partial(self.controller.edit, "regularization.gradient_clip"))
        self.target.committed.connect(lambda value: self.edit("training.target_loss", value, "Target loss"))
        self.seed.committed.connect(lambda value: self.edit("seeds.order", int(value), "Order seed"))
        self.precision.picked.connect(self._choose_precision)
        self.controller.frame_changed.connect(self._show_frame)

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

    def _set_loss_parameter(self, key: str, value: Any) -> None:
        self.controller.edit(f"loss.{key}", value, said_parameter(key, value, "field"))

    def _set_parameter(self, key: str, value: Any) -> None:
        self.controller.edit(f"optimizer.{key}", value, said_parameter(key, value, "field"))

    def show_experiment(self, experiment: Experiment) -> None:
        chosen, training = experiment.optimizer, experiment.training
        if chosen.name != self._shown:
            self._rebuild(chosen)
        show_settings(self.parameters, chosen)
        self.optimizer.set_key(chosen.name)
        self.optimizer.setToolTip(entry_hint(chosen.entry))
        self._show_loss(experiment)
        self.schedule.show_choice(experiment.schedule)
        self.schedule.row.setEnabled(not chosen.entry.whole_batch)
        self.clipping.show_choice(experiment.regularization.gradient_clip)
        self.clipping.row.setEnabled(not chosen.entry.own_steps)
        self.target.set_value(training.target_loss)
        self.batch.set_value(training.batch_size)
        self.epochs.set_value(training.epochs)
        self.seed.set_value(experiment.seeds.order)
        self.precision.set_key(training.precision)
        self._show_curve(experiment)
        self._explain(_training_rows(experiment))

    def _show_loss(self, experiment: Experiment) -> None:
        last, chosen = experiment.network.layers[-1], experiment.loss
        self.loss.set_keys(legal_losses(dataset_of(experiment), last.activation.name), entry_hints(LOSSES))
        self.loss.set_key(chosen.name)
        if chosen.name != self._shown_loss:
            self._shown_loss = chosen.name
            made = parameter_cells(chosen.entry, self._set_loss_parameter)
            self.loss_parameters = dict(made.fields)
            self._loss_cells.fill(made.cells)
        show_settings(self.loss_parameters, chosen)
        self.loss.setToolTip("\n".join((name_of("losses", chosen.name), tr(chosen.entry.formula))))

    def _show_curve(self, experiment: Experiment) -> None:
        training = experiment.training
        rate = experiment.optimizer.parameters.get(RATE, 1.0)
        batches = -(-_training_rows(experiment) // training.batch_size)
        self.curve.show_schedule(experiment.schedule, rate, max(batches, 1), training.epochs)
        self._show_frame(self.controller.frame)

    def _show_frame(self, frame: Any) -> None:
        if not self.curve.empty:
            self.curve.show_epoch(frame.epoch if frame is not None else 0)

    def _explain(self, rows: int) -> None:
        """Say in tooltips what the numbers mean here."""
        self.batch.setToolTip(
            tr("1: one row at a time. {rows}: the whole training set at once.", rows=number(rows))
        )
        self.epochs.setToolTip(tr("How often the training goes through all training rows."))
        self.target.setToolTip(tr("The training stops as soon as the training loss is this low."))
        self.seed.setToolTip(tr("Another seed shuffles the rows and draws the dropout in another way."))
        self.precision.setToolTip(tr("How many bits a number has: 64 are slower and round less."))

    def _rebuild(self, chosen: Optimizer) -> None:
        """Make the fields of another optimizer: its rate stands beside batch and epochs."""
        self._shown = chosen.name
        made = parameter_cells(chosen.entry, self._set_parameter, without=(RATE,))
        self.parameters = dict(made.fields)
        self._cells.columns = 4 if len(made.cells) == 4 else 3
        self._cells.fill(made.cells)
        pace = [captioned("Batch", self.batch, "Batch size"), captioned("Epochs", self.epochs)]
        for parameter in chosen.entry.parameters:
            if parameter.key == RATE:
                self.parameters[RATE] = parameter_field(parameter, self._set_parameter)
                pace.insert(0, captioned("Rate", self.parameters[RATE], "Learning rate"))
        self._pace.fill(pace)


def _training_rows(experiment: Experiment) -> int:
    """Return about how many rows are trained on."""
    data = experiment.data
    return round((data.samples or 0) * (1 - (data.test_fraction or 0.0)) * (1 - data.validation_fraction))
