"""The section "Generalize": what keeps a network from learning its training rows by heart."""

from functools import partial
from typing import Any

import msgspec
from PySide6.QtWidgets import QWidget

from engine.choices import REGULARIZERS
from engine.choices.base import NOT_NEGATIVE, POSITIVE, Range
from engine.edits import set_hidden, stop_early
from engine.experiment import Augmentation, BatchNorm, EarlyStopping, Experiment, ranges_of
from engine.rules import dataset_of
from gui.i18n import name_of, number, percent, tr
from gui.panels import words
from gui.panels.base import Controller, Panel
from gui.panels.choice_form import ChoiceForm
from gui.panels.class_numbers import ClassNumbers
from gui.panels.parameters import Field, entry_hint, parameter_field
from gui.widgets.number_field import NumberField
from gui.widgets.optional_field import OptionalField
from gui.widgets.rows import Cells, Row, captioned
from gui.widgets.switch import Switch

DROPOUT_PERCENT = Range(0, 100, high_open=True)
# What each control does, by its name in the panel.
HINTS = {
    "dropout": "In each update so many units of every hidden layer are left out at random.",
    "early": "Stops when the loss of the validation rows no longer falls; a fifth of the training "
            "rows are set aside for that.",
    "patience": "So many epochs may pass without a lower validation loss.",
    "fall": "A loss counts as lower when it has fallen by more than this.",
    "best": "Goes back to the weights with the lowest validation loss when it stops.",
    "largest": "Weights into a unit are shortened when their norm is larger than this.",
    "proximal": "With SGD, L1 takes its share off the weights themselves: they become exactly 0.",
    "weights": "Errors in a rare class may count for more.",
    "noise": "Normal noise on every scaled input, drawn anew in each epoch.",
    "jitter": "Normal noise on the raw columns, before features are made of them.",
    "shift": "Images are moved by up to so many pixels, anew in each epoch.",
}  # fmt: skip


class GeneralizePanel(Panel):
    """Penalties and dropout; early stopping, normalization, norms, class weights, changed rows."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, "Generalize", parent)
        self.penalties: dict[str, Field] = {
            key: parameter_field(entry.parameters[0], self._set_penalty)
            for key, entry in REGULARIZERS.items()
        }
        self.dropout = OptionalField(DROPOUT_PERCENT, "even", 5.0, first=0.0, empty_word="varies")
        self.dropout.suffix = "%"
        self.early = Switch()
        allowed = ranges_of(EarlyStopping)
        self.patience = NumberField(allowed["patience"], "even", whole=True)
        self.fall, self.best = NumberField(allowed["min_delta"], "ratio"), Switch()
        self.norm = ChoiceForm(BatchNorm, "normalizations", "Batch norm.", self, "Batch normalization",
                               width=158)  # fmt: skip
        self.largest = OptionalField(POSITIVE, "ratio", first=3.0)
        self.proximal = Switch()
        self.weights = ClassNumbers("Class weights", ("equal", "balanced", "own"))
        allowed = ranges_of(Augmentation)
        self.noise = NumberField(allowed["input_noise"], "ratio")
        self.jitter = NumberField(NOT_NEGATIVE, "ratio")
        self.shift = NumberField(allowed["shift"], "even", whole=True)
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        limits, self._stopping, small, self._changes = Cells(), Cells(), Cells(2), Cells(2)
        limits.fill([*(captioned(key.upper(), field) for key, field in self.penalties.items()),
                     captioned("Dropout", self.dropout)])  # fmt: skip
        self._stopping.fill([captioned("Patience", self.patience),
                             captioned("Smallest fall", self.fall),
                             captioned("Keep the best", self.best)])  # fmt: skip
        small.fill([captioned("Largest norm", self.largest), captioned("L1 proximal", self.proximal)])
        self._changes.fill([captioned("Input noise", self.noise), captioned("Data jitter", self.jitter)])
        self.shift_row = Row("Image shift", self.shift, width=72)
        self.early_row = Row("Early stopping", self.early, width=28)
        self.add(limits, wait=10, words=words.of_penalties)
        self.add(self.early_row, wait=0)
        self.add(self._stopping, rare=True, words=words.of_early_stopping)
        self.add(self.norm.row, rare=True, words=words.of_normalization)
        self.add(self.norm.cells, rare=True)
        self.add(small, rare=True, words=words.of_norms)
        self.add(self.weights, rare=True, words=words.of_class_weights)
        self.add(self._changes, rare=True, words=words.of_augmentation)
        self.add(self.shift_row, rare=True)

    def _connect(self) -> None:
        edit = self.edit
        self.dropout.committed.connect(self._drop)
        self.early.committed.connect(self._stop)
        self.patience.committed.connect(lambda value: self._watch(patience=int(value)))
        self.fall.committed.connect(lambda value: self._watch(min_delta=value))
        self.best.committed.connect(lambda on: self._watch(restore_best=on))
        self.norm.proposed.connect(self._normalize)
        self.largest.committed.connect(lambda value: edit("regularization.max_norm", value, "Largest norm"))
        self.proximal.committed.connect(self._soften)
        self.weights.picked.connect(self._weigh)
        self.weights.given.connect(self._give_weights)
        place = "training.augmentation."
        self.noise.committed.connect(lambda value: edit(place + "input_noise", value, "Input noise"))
        self.jitter.committed.connect(lambda value: edit(place + "jitter", value, "Data jitter"))
        self.shift.committed.connect(lambda value: edit(place + "shift", int(value), "Image shift"))

    def _set_penalty(self, key: str, value: float) -> None:
        self.edit(f"regularization.{key}", value, key.upper())

    def _drop(self, percent: float | None) -> None:
        now = self.controller.experiment
        if percent is None:
            self.show_experiment(now)  # layers do not begin to differ by this
            return
        text = self.said("Dropout", percent, f"{number(percent, 9)}%")
        change = partial(set_hidden, now, dropout=round(percent / 100, 9))
        self.controller.attempt(change, text, "dropout")

    def _stop(self, on: bool) -> None:
        now = self.controller.experiment
        text = self.said("Early stopping", None, tr("on" if on else "off"))
        self.controller.attempt(partial(stop_early, now, EarlyStopping() if on else None), text)
        share = self.controller.experiment.data.validation_fraction
        if share != now.data.validation_fraction:
            said = tr("{share} of the training rows now validate instead: early stopping watches them.",
                      share=percent(share, 0))  # fmt: skip
            self.controller.remark(said)

    def _watch(self, **fields: Any) -> None:
        now = self.controller.experiment
        stopping = msgspec.structs.replace(now.training.early_stopping or EarlyStopping(), **fields)
        ((key, value),) = fields.items()
        said = tr("on" if value else "off") if isinstance(value, bool) else number(value, 9)
        text = tr("{name}: {value}", name=name_of("field", key), value=said)
        self.controller.attempt(partial(stop_early, now, stopping), text, f"early.{key}")

    def _normalize(self, norm: BatchNorm, text: str) -> None:
        self.controller.attempt(partial(set_hidden, self.controller.experiment, batch_norm=norm), text)

    def _soften(self, on: bool) -> None:
        text = self.said("L1 proximal", None, tr("on" if on else "off"))
        self.controller.edit("regularization.l1_proximal", on, text)

    def _weigh(self, way: str) -> None:
        classes = dataset_of(self.controller.experiment).classes
        weights = {"equal": None, "balanced": "balanced"}.get(way, (1.0,) * len(classes))
        self._give_weights(weights)

    def _give_weights(self, weights: tuple[float, ...] | str | None) -> None:
        shown = " : ".join(map(number, weights)) if isinstance(weights, tuple) else name_of(
            "class_numbers", weights or "equal")  # fmt: skip
        text = self.said("Class weights", None, shown)
        self.controller.edit("regularization.class_weights", weights, text)

    def show_experiment(self, experiment: Experiment) -> None:
        chosen, training = experiment.regularization, experiment.training
        for key, field in self.penalties.items():
            field.set_value(getattr(chosen, key))
        drops = words.of_hidden(experiment, "dropout")
        self.dropout.set_value(round(100 * drops.pop(), 7) if len(drops) == 1 else None)
        early = training.early_stopping
        self.early.set_value(early is not None)
        self._stopping.unused = early is None
        if early is not None:
            self.patience.set_value(early.patience)
            self.fall.set_value(early.min_delta)
            self.best.set_value(early.restore_best)
        norms = words.of_hidden(experiment, "batch_norm")
        self.norm.show_choice(norms.pop() if len(norms) == 1 else None, tr("Layers differ"))
        self.largest.set_value(chosen.max_norm)
        self.proximal.set_value(chosen.l1_proximal)
        weights = chosen.class_weights
        way = "equal" if weights is None else weights if isinstance(weights, str) else "own"
        own = weights if isinstance(weights, tuple) else ()
        self.weights.show_numbers(way, own, dataset_of(experiment).classes)
        for field, value in ((self.noise, training.augmentation.input_noise),
                             (self.jitter, training.augmentation.jitter),
                             (self.shift, training.augmentation.shift)):  # fmt: skip
            field.set_value(value)
        self._enable(experiment)

    def _enable(self, experiment: Experiment) -> None:
        """Switch off what means nothing here, and say why, or what it does."""
        entry, hidden = dataset_of(experiment), len(experiment.network.layers) > 1
        for control in (self.dropout, self.norm.row):
            control.setEnabled(hidden)
        self.early_row.setEnabled(entry.split)
        self.proximal.setEnabled(experiment.optimizer.name == "sgd" or experiment.regularization.l1_proximal)
        self.shift_row.setEnabled(entry.image is not None and experiment.data.features == entry.inputs)
        self.jitter.setEnabled(entry.categories != entry.inputs)
        for name, sentence in HINTS.items():
            getattr(self, name).setToolTip(tr(sentence))
        for key, field in self.penalties.items():
            field.setToolTip(entry_hint(REGULARIZERS[key]))
