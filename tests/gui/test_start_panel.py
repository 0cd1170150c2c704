"""Where weights and biases start: every initializer with its parameters, and the curve of the weights."""

import math
from pathlib import Path

import pytest

from engine.choices import INITIALIZERS
from engine.edits import choose_initializer
from engine.experiment import Initializer
from gui.i18n import language
from gui.panels.start import StartPanel
from tests.gui.panels import Make, enter, weights_in


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_initializer_is_shown_with_its_parameters(
    make: Make, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gui.panels.start.ask_file", lambda *_: weights_in(tmp_path))
    controller, panel = make(StartPanel)
    panel.initializer.activated.emit(panel.initializer.keys().index(name))
    assert {layer.initializer.name for layer in controller.experiment.network.layers} == {name}
    assert set(panel.parameters) == {parameter.key for parameter in INITIALIZERS[name].parameters}
    for key, value in controller.experiment.network.layers[0].initializer.settings.items():
        assert panel.parameters[key].value == value
    assert panel.formula.text()
    assert panel.curve.accessibleName()
    assert not panel.grab().isNull()


def test_a_file_that_is_not_picked_changes_no_start(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.panels.start.ask_file", lambda *_: "")
    controller, panel = make(StartPanel)
    before, said = controller.experiment, []
    controller.message.connect(said.append)
    panel.initializer.activated.emit(panel.initializer.keys().index("from_file"))
    assert controller.experiment == before
    assert len(said) == 1
    assert panel.initializer.key() == before.network.layers[0].initializer.name


def test_a_file_without_weights_changes_no_start(make: Make, monkeypatch: pytest.MonkeyPatch,
                                                 tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "x.json").write_text("{}")
    monkeypatch.setattr("gui.panels.start.ask_file", lambda *_: str(tmp_path / "x.json"))
    controller, panel = make(StartPanel)
    before = controller.experiment
    panel.choose("from_file")
    assert controller.experiment == before
    assert controller.messages == ["Layer 1, File: this is a JSON file, not a safetensors file"]


def test_start_parameters_reach_every_layer(make: Make) -> None:
    controller, panel = make(StartPanel)
    panel.choose("normal")
    enter(panel.parameters["std"], "0.05")
    assert {layer.initializer["std"] for layer in controller.experiment.network.layers} == {0.05}
    assert panel.curve.spread == 0.05
    panel.choose_biases("constant")
    enter(panel.bias_parameters["value"], "-1")
    assert {layer.bias_initializer["value"] for layer in controller.experiment.network.layers} == {-1.0}
    enter(panel.seed, "3")
    assert controller.experiment.seeds.init == 3


def test_layers_that_differ_are_said_to(make: Make) -> None:
    controller, panel = make(StartPanel)
    controller.propose(choose_initializer(controller.experiment, Initializer("he_normal"), layer=0), "")
    assert panel.initializer.key() is None
    assert panel.initializer.placeholderText() == "He norm. · Xavier norm."
    controller.propose(choose_initializer(controller.experiment, Initializer("zeros"), layer=1), "")
    assert panel.initializer.placeholderText() == "Layers differ"


@pytest.mark.parametrize(
    ("start", "words"),
    [(Initializer("truncated_normal", std=0.5),
      "Weights start around 0 with a standard deviation of 0.44, none beyond ±1."),
     (Initializer("variance_scaling", distribution="uniform", scale=2 / 3),
      "Weights start evenly between −1 and 1."),
     (Initializer("variance_scaling", distribution="normal", gain_by_activation=True),
      "Weights start around 0 with a standard deviation of 1.18."),
     (Initializer("identity", gain=2), "87.5% of the weights start at 0, the others at 2."),
     (Initializer("sparse", nonzero=1),
      "50.0% of the weights start at 0, the others around it (standard deviation 1)."),
     (Initializer("sparse"), "Weights start around 0 with a standard deviation of 1."),
     (Initializer("from_file", path="w"), "Weights and biases are copied from a file.")],
)  # fmt: skip
def test_the_curve_says_where_weights_start(make: Make, start: Initializer, words: str) -> None:
    controller, panel = make(StartPanel)
    controller.propose(choose_initializer(controller.experiment, start), "")
    assert panel.curve.accessibleName() == panel.curve.toolTip() == words
    drawn = panel.curve.grab().toImage()
    panel.curve.show_distribution("point", 0.0)
    assert panel.curve.grab().toImage() != drawn
    language.set("pt")
    controller.experiment_changed.emit(controller.experiment)
    assert panel.curve.accessibleName() not in ("", words)


def test_biases_are_drawn_by_their_parameters(make: Make) -> None:
    controller, panel = make(StartPanel)
    panel.choose_biases("normal")
    assert panel.bias_parameters["std"].accessibleName() == "Bias std. deviation"
    enter(panel.bias_parameters["std"], "0.05")
    assert {layer.bias_initializer["std"] for layer in controller.experiment.network.layers} == {0.05}
    panel.choose("normal")
    assert set(panel.parameters) == set(panel.bias_parameters) == {"std"}


def test_the_curve_is_of_the_first_layer(make: Make) -> None:
    _, panel = make(StartPanel)
    assert panel.curve.spread == pytest.approx(math.sqrt(2 / (2 + 8)))
