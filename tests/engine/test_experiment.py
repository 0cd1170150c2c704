"""Experiment files: what is read is what was written, with every default filled in."""

import json
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError
from engine.choices import (
    ACTIVATIONS,
    BIAS_INITIALIZERS,
    DATASETS,
    INITIALIZERS,
    OPTIMIZERS,
    SCALINGS,
    SCHEDULES,
)
from engine.choices.base import Parameter, Range
from engine.choices.datasets import READY
from engine.experiment import (
    Activation,
    Loss,
    Optimizer,
    from_plain,
    ranges_of,
    replace_at,
    to_plain,
    value_at,
)
from engine.rules import legal_losses, output_units
from tests.engine.reference.build import SPIRAL

# Round trips.


def numbers(allowed: Range) -> st.SearchStrategy[float]:
    low = None if math.isinf(allowed.low) else allowed.low
    high = None if math.isinf(allowed.high) else allowed.high
    tiny = float(np.finfo("float32").tiny)  # an epsilon below is refused
    finite = st.floats(low, high, allow_nan=False, allow_infinity=False)
    return finite.filter(lambda value: value in allowed and (value == 0 or abs(value) >= tiny))


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    if parameter.kind == "switch":
        return st.booleans()
    if parameter.kind == "option":
        return st.sampled_from(parameter.options)
    if parameter.kind == "text":
        return st.text(min_size=1)
    whole = numbers(parameter.range).map(round).filter(lambda value: value in parameter.range)
    return whole if parameter.kind == "whole" else numbers(parameter.range)


def choices_of(family: dict[str, Any]) -> st.SearchStrategy[Any]:
    def whole(entry: Any) -> st.SearchStrategy[dict[str, Any]]:
        values = {parameter.key: values_of(parameter) for parameter in entry.parameters}
        needed = {key: values.pop(key) for key in ("path",) if key in values}
        return st.fixed_dictionaries({"name": st.just(entry.key), **needed}, optional=values)

    bare = [key for key, entry in family.items() if all(each.key != "path" for each in entry.parameters)]
    return st.one_of(st.sampled_from(bare), *(whole(entry) for entry in family.values()))


@st.composite
def experiments(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the plain dictionaries of any legal experiment."""
    entry = DATASETS[draw(st.sampled_from(READY))]
    hidden = st.sampled_from([key for key in ACTIVATIONS if key != "softmax"])
    output = draw(st.sampled_from([key for key in ACTIVATIONS if key != "softmax" or entry.classes]))
    layer = {
        "units": st.integers(1, 1000),
        "activation": hidden,
        "initializer": choices_of(INITIALIZERS),
        "bias_initializer": choices_of(BIAS_INITIALIZERS),
    }
    layers = draw(st.lists(st.fixed_dictionaries(layer), max_size=4))
    data: dict[str, Any] = {"name": entry.key, "scaling": draw(st.sampled_from(list(SCALINGS)))}
    if entry.noisy:
        data["noise"] = draw(st.floats(0, 1))
    if entry.split:
        data["test_fraction"] = draw(st.floats(0, 0.95))
        data["samples"] = draw(st.integers(4, entry.rows or 100_000))
    data["features"] = draw(st.lists(st.sampled_from(entry.features), min_size=1, max_size=5, unique=True))
    seed = st.integers(0, 2**32 - 1)
    optimizer = draw(choices_of(OPTIMIZERS))
    whole = Optimizer.from_plain(optimizer).entry.whole_batch
    followed = {key: entry for key, entry in SCHEDULES.items() if key != "plateau"}
    return {
        "title": draw(st.text()),
        "data": data,
        "network": {"layers": [*layers, {"units": output_units(entry, output), "activation": output}]},
        "loss": draw(st.sampled_from(legal_losses(entry, output))),
        "optimizer": optimizer,
        "schedule": "constant" if whole else draw(choices_of(followed)),
        "regularization": {"l1": draw(numbers(Range(0))), "l2": draw(numbers(Range(0)))},
        "training": {
            "batch_size": draw(st.integers(100_000 if whole else 1, 100_000)),
            "epochs": draw(st.integers(1, 10_000_000)),
            "precision": draw(st.sampled_from(["float32", "float64"])),
        },
        "seeds": {"data": draw(seed), "init": draw(seed), "order": draw(seed)},
    }


@settings(max_examples=150, deadline=None)
@given(experiments())
def test_what_is_written_reads_back_as_the_same(plain: dict[str, Any]) -> None:
    experiment = from_plain(plain)
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert Experiment.from_json(experiment.to_json().encode()) == experiment
    assert from_plain(to_plain(experiment)) == experiment
    assert hash(Experiment.from_json(experiment.to_json())) == hash(experiment)
    again = to_plain(experiment)
    assert (again["title"], again["seeds"]) == (plain["title"], plain["seeds"])
    assert experiment.loss == Loss(plain["loss"])
    for part in ("data", "regularization", "training"):
        assert plain[part].items() <= again[part].items()


def test_files(tmp_path: Any) -> None:
    experiment = from_plain({**SPIRAL, "title": "Espiral, ação e π"})
    path = tmp_path / "one.json"
    experiment.save(path)
    assert Experiment.load(path) == Experiment.load(str(path)) == experiment
    assert "ação e π" in path.read_text(encoding="utf-8")
    with pytest.raises(OSError, match="missing"):
        Experiment.load(tmp_path / "missing.json")


def test_a_files_byte_order_mark_is_no_obstacle() -> None:
    assert Experiment.from_json(b"\xef\xbb\xbf" + json.dumps(SPIRAL).encode()) == from_plain(SPIRAL)


def test_the_defaults() -> None:
    experiment = from_plain(SPIRAL)
    assert experiment.data.samples == 500
    assert experiment.data.test_fraction == 0.5
    assert experiment.data.features == ("x1", "x2")
    adam = Optimizer("adam", learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8)
    assert experiment.optimizer == adam
    assert experiment.training.precision == "float32"
    assert experiment.loss.name == "binary_cross_entropy"
    layer = experiment.network.layers[0]
    assert (layer.activation.name, layer.initializer.name) == ("tanh", "xavier_uniform")
    assert layer.bias_initializer.name == "zeros"
    real = from_plain({"data": {"name": "iris"}, "loss": "categorical_cross_entropy",
                       "network": {"layers": [{"units": 3, "activation": "softmax"}]}})  # fmt: skip
    assert (real.data.samples, real.data.test_fraction) == (150, 0.2)


def test_a_choice_is_a_name_or_an_object() -> None:
    for written in ("leaky_relu", {"name": "leaky_relu"}, {"name": "leaky_relu", "slope": 0.01}):
        changed = replace_at(from_plain(SPIRAL), "network.layers[0].activation", written)
        assert changed.network.layers[0].activation == Activation("leaky_relu", slope=0.01)


# Places.


def test_every_number_has_a_range_or_belongs_to_a_choice() -> None:
    for place in ("data", "network", "regularization", "training", "seeds"):
        part = getattr(from_plain(SPIRAL), place)
        ranged = ranges_of(type(part))
        for field in part.__struct_fields__:
            value = getattr(part, field)
            assert field in ranged or not isinstance(value, int | float) or isinstance(value, bool)


def test_replace_at() -> None:
    experiment = from_plain(SPIRAL)
    changed = replace_at(experiment, "optimizer.learning_rate", 0.1)
    assert changed.optimizer["learning_rate"] == value_at(changed, "optimizer.learning_rate") == 0.1
    assert experiment.optimizer["learning_rate"] == 0.001, "the old one is as it was"
    assert replace_at(changed, "optimizer.learning_rate", 0.001) == experiment
    assert replace_at(experiment, "network.layers[0].units", 3).network.layers[0].units == 3
    chosen = Activation("leaky_relu", slope=0.2)
    changed = replace_at(experiment, "network.layers[0].activation", chosen)
    assert changed.network.layers[0].activation == chosen


@pytest.mark.parametrize(
    "place", ["nowhere", "data.nothing", "network.layers[7].units", "network.layers.units", "title.x", "",
              "optimizer.slope", "loss.x", "network.layers[two].units"]
)  # fmt: skip
def test_a_place_that_is_not_there(place: str) -> None:
    with pytest.raises(ExperimentError):
        replace_at(from_plain(SPIRAL), place, 1)
    assert value_at(from_plain(SPIRAL), place) is None or place == ""


def test_experiments_and_choices_do_not_change() -> None:
    experiment = from_plain(SPIRAL)
    with pytest.raises(AttributeError):
        experiment.title = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        experiment.optimizer.name = "sgd"
    experiment.optimizer.parameters["learning_rate"] = 5
    assert experiment.optimizer["learning_rate"] == 0.001
    assert experiment.optimizer.replace(learning_rate=0.5)["learning_rate"] == 0.5
    assert msgspec.structs.replace(experiment, title="x") != experiment
