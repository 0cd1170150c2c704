"""The section "Start": where the weights and biases begin."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtWidgets import QWidget

from engine.choices import BIAS_INITIALIZERS, INITIALIZERS
from engine.edits import choose_initializer
from engine.experiment import SEED, BiasInitializer, Experiment, Initializer, Layer
from engine.transfer import tried
from gui.dialogs import ask_file
from gui.i18n import name_of, tr
from gui.panels import words
from gui.panels.base import Controller, Panel
from gui.panels.parameters import (
    Field,
    ParameterCells,
    entry_hints,
    parameter_cells,
    said_parameter,
    said_value,
    show_settings,
)  # fmt: skip
from gui.widgets.basics import Label
from gui.widgets.combo import ChoiceBox
from gui.widgets.density import DensityCurve
from gui.widgets.formula import Formula
from gui.widgets.number_field import NumberField
from gui.widgets.rows import Cells, captioned

BIAS_CAPTIONS = {"value": "Bias value", "limit": "Bias limit", "std": "Bias std. deviation"}


class StartPanel(Panel):
    """Initializer of all layers, its curve and formula, the start of the biases, the seed of the weights."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, "Start", parent)
        hints = entry_hints(INITIALIZERS)
        self.initializer = ChoiceBox("initializers", kind="main", name="Initial weights")
        self.initializer.set_keys(INITIALIZERS, hints)
        self.curve, self.formula = DensityCurve(), Formula()
        self.sentence = Label("Reset keeps the same initial weights.\nDice: new ones.", "small")
        self.sentence.setWordWrap(True)
        self.biases = ChoiceBox("bias_initializers", BIAS_INITIALIZERS)
        self.seed = NumberField(SEED, "even", whole=True)
        self.parameters: dict[str, Field] = {}
        self.bias_parameters: dict[str, Field] = {}
        self._cells = Cells(2, self)
        self._kinds: tuple[str | None, str | None] = ("", "")
        self._lay_out()
        self.initializer.picked.connect(self.choose)
        self.biases.picked.connect(self.choose_biases)
        self.seed.committed.connect(lambda value: self.edit("seeds.init", int(value), "Weights seed"))
        self.begin()

    def _lay_out(self) -> None:
        self.add(self.initializer)
        self.add(self.curve, wait=5)
        self.add(self.formula, wait=6)
        self.add(self.sentence, rare=True)
        self.add(self._cells, wait=4, words=words.of_start)

    def choose(self, key: str) -> None:
        """Propose an initializer for every layer."""
        chosen = Initializer(key)
        if chosen.entry.reads_file:
            path = ask_file(self, tr("Load weights"), str(Path.home()), tr("Weights (*.safetensors)"))
            chosen = chosen.replace(path=path)
        self._start_with(chosen, tr("Start: {name}", name=name_of("initializers", key)))

    def choose_biases(self, key: str) -> None:
        """Propose a start of the biases for every layer."""
        self._bias_with(BiasInitializer(key), tr("Biases: {name}", name=name_of("bias_initializers", key)))

    def _start_with(self, chosen: Initializer, text: str) -> None:
        now = self.controller.experiment
        layers = range(len(now.network.layers))
        self.controller.attempt(lambda: tried(choose_initializer(now, chosen), layers), text, "initializer")

    def _bias_with(self, chosen: BiasInitializer, text: str) -> None:
        now = self.controller.experiment
        self.controller.attempt(lambda: _with_biases(now, chosen), text, "bias_initializer")

    def _set_parameter(self, key: str, value: Any) -> None:
        chosen = self.controller.experiment.network.layers[0].initializer
        self._start_with(chosen.replace(**{key: value}), said_parameter(key, value))

    def _set_bias_parameter(self, key: str, value: Any) -> None:
        chosen = self.controller.experiment.network.layers[0].bias_initializer
        text = tr("{name}: {value}", name=tr(BIAS_CAPTIONS[key]), value=said_value(key, value))
        self._bias_with(chosen.replace(**{key: value}), text)

    def show_experiment(self, experiment: Experiment) -> None:
        layers = experiment.network.layers
        weights, biases = _common(layers, "initializer"), _common(layers, "bias_initializer")
        self.initializer.set_key(weights.name if weights else None, _mixture(layers))
        self.biases.set_key(biases.name if biases else None, tr("Layers differ"))
        self._show_cells(weights, biases)
        self.seed.set_value(experiment.seeds.init)
        self._show_curve(experiment)

    def _show_cells(self, weights: Initializer | None, biases: BiasInitializer | None) -> None:
        """Show the parameters of both choices and the seed, with new fields when a choice is another."""
        kinds = (weights.name if weights else None, biases.name if biases else None)
        if kinds != self._kinds:
            self._kinds = kinds
            none = ParameterCells({}, [])
            of_weights = parameter_cells(weights.entry, self._set_parameter) if weights else none
            if biases:
                of_biases = parameter_cells(biases.entry, self._set_bias_parameter, BIAS_CAPTIONS)
            else:
                of_biases = none
            self.parameters, self.bias_parameters = of_weights.fields, of_biases.fields
            seed = captioned("Seed", self.seed, "Weights seed")
            start = captioned("Biases", self.biases, "Initial biases")
            self._cells.fill([*of_weights.cells, seed, start, *of_biases.cells])
        for choice, fields in ((weights, self.parameters), (biases, self.bias_parameters)):
            if choice is not None:
                show_settings(fields, choice)

    def _show_curve(self, experiment: Experiment) -> None:
        """Draw where one weight of the first layer is drawn from."""
        first = experiment.network.layers[0]
        chosen, fan_in = first.initializer, len(experiment.data.features or ())
        values = chosen.values_for(first.activation)
        self.curve.show_distribution(*chosen.entry.distribution(fan_in, first.units, values))
        self.formula.show_formula(tr(chosen.entry.formula))
        self.formula.setToolTip(chosen.entry.reference)


def _mixture(layers: tuple[Layer, ...]) -> str:
    """Say how two kinds of layers differ, or that there are more."""
    kinds = dict.fromkeys(name_of("short_initializers", layer.initializer.name) for layer in layers)
    return " · ".join(kinds) if len(kinds) == 2 else tr("Layers differ")


def _common(layers: tuple[Layer, ...], field: str) -> Any:
    """Return the choice that all layers share; None where they differ."""
    choices = {getattr(layer, field) for layer in layers}
    return choices.pop() if len(choices) == 1 else None


def _with_biases(experiment: Experiment, biases: BiasInitializer) -> Experiment:
    """Give every layer another start of its biases."""
    replace, network = msgspec.structs.replace, experiment.network
    layers = tuple(replace(layer, bias_initializer=biases) for layer in network.layers)
    return replace(experiment, network=replace(network, layers=layers))
