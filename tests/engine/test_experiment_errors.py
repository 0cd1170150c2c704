"""What is wrong with an experiment file is said in one line: where, and why."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError
from engine.experiment import Optimizer, from_plain, to_plain
from tests.engine.reference.build import SPIRAL


def with_value(place: list[str | int], value: object) -> dict[str, Any]:
    """Return the spiral's plain dictionaries with another value at a place."""
    plain = json.loads(json.dumps(SPIRAL))
    here = plain
    for step in place[:-1]:
        here = here[step] if isinstance(here, list) else here.setdefault(step, {})
    here[place[-1]] = value
    return plain


def error_of(plain: object) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_json(plain if isinstance(plain, str | bytes) else json.dumps(plain))
    return caught.value


LAYER = ["network", "layers", 0]
WRONG: list[tuple[list[str | int], Any, str]] = [
    ([*LAYER, "dropout"], 1.5, "network.layers[0].dropout: 1.5 is not in [0, 1)"),
    ([*LAYER, "dropout"], 1, "network.layers[0].dropout: 1 is not in [0, 1)"),
    ([*LAYER, "units"], 0, "network.layers[0].units: 0 is not in [1, 4096]"),
    ([*LAYER, "units"], -3, "network.layers[0].units: -3 is not in [1, 4096]"),
    ([*LAYER, "units"], 4097, "network.layers[0].units: 4097 is not in [1, 4096]"),
    ([*LAYER, "units"], 2.5, "network.layers[0].units: 2.5 is not of type int"),
    ([*LAYER, "units"], 8.0, "network.layers[0].units: 8.0 is not of type int"),
    ([*LAYER, "units"], "8", 'network.layers[0].units: "8" is not of type int'),
    ([*LAYER, "units"], True, "network.layers[0].units: true is not of type int"),
    ([*LAYER, "units"], None, "network.layers[0].units: null is not of type int"),
    ([*LAYER, "typed_weights"], [[0, 0, 1e39]],
     "network.layers[0].typed_weights[0]: 1e+39 is too large a number for float32"),
    ([*LAYER, "typed_biases"], [[0, -1e39]],
     "network.layers[0].typed_biases[0]: -1e+39 is too large a number for float32"),
    (["data", "class_shares"], [1e308, 1e308], "data.class_shares[0]: 1e+308 is not in [1e-06, 1000000]"),
    ([*LAYER, "color"], 1, "network.layers[0].color: there is no such field"),
    ([*LAYER, "activation"], "swish", "network.layers[0].activation: swish is not a known activation"),
    ([*LAYER, "activation"], 3, "network.layers[0].activation: expected a name or an object with a name"),
    ([*LAYER, "activation"], {"name": "relu", "slope": 1},
     "network.layers[0].activation: relu has no parameter slope"),
    ([*LAYER, "activation"], {"slope": 1},
     "network.layers[0].activation: expected a name or an object with a name"),
    ([*LAYER, "activation"], {"name": "leaky_relu", "slope": 11},
     "network.layers[0].activation.slope: 11 is not in [-10, 10]"),
    ([*LAYER, "activation"], {"name": "leaky_relu", "slope": "1"},
     'network.layers[0].activation.slope: "1" is not a number'),
    ([*LAYER, "activation"], "softmax",
     "network.layers[0].activation: softmax stands only in the last layer"),
    ([*LAYER, "initializer"], "magic", "network.layers[0].initializer: magic is not a known initializer"),
    ([*LAYER, "bias_initializer"], "he_normal",
     "network.layers[0].bias_initializer: he_normal is not a known bias initializer"),
    (["network", "layers"], [], "network.layers: a network needs at least one layer"),
    (["network", "layers"], {}, "network.layers: {} is not of type array"),
    (["network", "layers", 1, "units"], 2,
     "network.layers[1].units: 2 outputs do not fit: spiral with sigmoid needs 1"),
    (["network"], 7, "network: 7 is not of type object"),
    (["networks"], {}, "networks: there is no such field"),
    (["loss"], "focal", "loss: focal is not a known loss"),
    (["loss"], "categorical_cross_entropy",
     "loss: categorical_cross_entropy does not fit an output layer of sigmoid on spiral"),
    (["optimizer"], "adagrab", "optimizer: adagrab is not a known optimizer"),
    (["optimizer"], {"name": "adam", "bias_correction": 1},
     "optimizer.bias_correction: 1 is not true or false"),
    (["optimizer"], {"name": "lbfgs", "memory": 2.5}, "optimizer.memory: 2.5 is not a whole number"),
    (["optimizer"], "rprop", "training.batch_size: rprop needs all rows in every update: at least 500"),
    (["optimizer"], {"name": "adam", "beta1": 1}, "optimizer.beta1: 1 is not in [0, 1)"),
    (["optimizer"], {"name": "adam", "epsilon": 0}, "optimizer.epsilon: 0 is not in (0, ∞)"),
    (["optimizer"], {"name": "adam", "epsilon": 1e-38},
     "optimizer.epsilon: 1e-38 is too small a number for float32: at least 1.18e-38"),
    ([*LAYER, "batch_norm"], {"name": "after", "epsilon": 1e-40},
     "network.layers[0].batch_norm.epsilon: 1e-40 is too small a number for float32: at least 1.18e-38"),
    (["optimizer"], {"name": "adam", "learning_rate": True}, "optimizer.learning_rate: true is not a number"),
    (["optimizer"], {"name": "adam", "learning_rate": None}, "optimizer.learning_rate: null is not a number"),
    (["optimizer"], {"name": "adam", "learning_rate": -0.1},
     "optimizer.learning_rate: -0.1 is not in [0, ∞)"),
    (["schedule"], "sine", "schedule: sine is not a known schedule"),
    (["schedule"], {"name": "step", "factor": 0}, "schedule.factor: 0 is not in (0, 1]"),
    (["data", "name"], "mars", "data.name: mars is not a known data set"),
    (["data", "name"], None, "data.name: null is not of type str"),
    (["data", "noise"], 2, "data.noise: 2 is not in [0, 1]"),
    (["data", "noise"], False, "data.noise: false is not of type float"),
    (["data", "samples"], 1, "data.samples: 1 is not in [2, 100000]"),
    (["data", "samples"], 3, "data.samples: 3 samples are too few, at least 4 are needed"),
    (["data", "test_fraction"], 0.96, "data.test_fraction: 0.96 is not in [0, 0.95]"),
    (["data", "validation_fraction"], 0.96, "data.validation_fraction: 0.96 is not in [0, 0.95]"),
    (["data", "features"], [], "data.features: at least one feature is needed"),
    (["data", "features"], ["x1", "x9"], "data.features[1]: spiral has no feature x9"),
    (["data", "features"], ["x1", "x1"], "data.features[1]: x1 is named twice"),
    (["data", "features"], "x1", 'data.features: "x1" is not of type array | null'),
    (["data", "features"], [1], "data.features[0]: 1 is not of type str"),
    (["data", "scaling"], "log", "data.scaling: log is not a known scaling"),
    (["training", "precision"], "float16", "training.precision: float16 is not a known precision"),
    (["training", "batch_size"], 0, "training.batch_size: 0 is not in [1, 100000]"),
    (["training", "epochs"], 0, "training.epochs: 0 is not in [1, 10000000]"),
    (["regularization", "l1"], -1, "regularization.l1: -1 is not in [0, ∞)"),
    (["regularization", "gradient_clip"], 0, "regularization.gradient_clip.limit: 0 is not in (0, ∞)"),
    (["seeds", "init"], -1, "seeds.init: -1 is not in [0, 4294967295]"),
    (["seeds", "init"], 2**32, "seeds.init: 4294967296 is not in [0, 4294967295]"),
    (["version"], 2, "version: 2 is not a version that this program reads (1 to 1)"),
    (["version"], 0, "version: 0 is not a version that this program reads (1 to 1)"),
    (["version"], 1.0, "version: 1.0 is not a version that this program reads (1 to 1)"),
    (["version"], "1", 'version: "1" is not a version that this program reads (1 to 1)'),
    (["version"], True, "version: true is not a version that this program reads (1 to 1)"),
    (["title"], 5, "title: 5 is not of type str"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "message"), WRONG, ids=lambda value: str(value)[:60])
def test_what_is_wrong_names_its_place_and_reason(place: list[str | int], value: Any, message: str) -> None:
    assert str(error_of(with_value(place, value))) == message


def test_an_error_is_one_readable_line() -> None:
    for name in ("a\nb", "\x00", "\u2028", "x" * 10_000, "` - at `$", "{place}", "{", "ação"):
        errors = [
            error_of({**SPIRAL, name: 1}),
            error_of({**SPIRAL, "loss": name}),
            error_of({**SPIRAL, "title": [name]}),
            error_of({**SPIRAL, "optimizer": {"name": "sgd", name: 1}}),
            error_of(with_value(["data", "name"], name)),
            error_of(with_value(["data", name], 1)),
            error_of(with_value(["data", "features"], [name])),
            error_of(with_value([*LAYER, name], 1)),
        ]
        for error in errors:
            assert str(error).isprintable()
            assert len(str(error)) < 400
    assert str(error_of(with_value(["data", "a\nb"], 1))) == "data.a\\nb: there is no such field"


def test_what_is_missing_names_its_place() -> None:
    assert str(error_of({"network": SPIRAL["network"]})) == "data: this field is required"
    assert str(error_of({"data": SPIRAL["data"]})) == "network: this field is required"
    assert str(error_of({**SPIRAL, "data": {}})) == "data.name: this field is required"
    assert str(error_of({**SPIRAL, "network": {"layers": [{}]}})) == (
        "network.layers[0].units: this field is required"
    )


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
@pytest.mark.parametrize("place", ["optimizer", "l1", "noise", "value"])
def test_numbers_that_are_none_are_refused(place: str, literal: str) -> None:
    texts = {
        "optimizer": '{"name": "sgd", "learning_rate": %s}',
        "l1": '{"l1": %s}',
        "noise": '{"name": "spiral", "noise": %s}',
        "value": '{"name": "constant", "value": %s}',
    }
    plain = json.loads(json.dumps(SPIRAL))
    if place == "value":
        plain["network"]["layers"][0]["initializer"] = "@"
    else:
        plain[{"l1": "regularization", "noise": "data"}.get(place, place)] = "@"
    error = error_of(json.dumps(plain).replace('"@"', texts[place] % literal))
    assert error.place
    assert "is not in" in str(error)


@pytest.mark.parametrize("huge", [10**30, 10**400, -(10**400), 1e308])
@pytest.mark.parametrize(
    "place",
    [[*LAYER, "units"], ["training", "epochs"], ["seeds", "init"], ["data", "samples"], ["data", "noise"],
     [*LAYER, "dropout"], ["version"]],
)  # fmt: skip
def test_huge_numbers_are_refused(place: list[str | int], huge: float) -> None:
    assert error_of(with_value(place, huge)).place


def test_numbers_too_long_for_a_float_are_refused_in_a_choice() -> None:
    for value in (10**400, -(10**400)):
        error_of(with_value(["optimizer"], {"name": "sgd", "learning_rate": value}))
        error_of(with_value([*LAYER, "initializer"], {"name": "constant", "value": value}))
        with pytest.raises(ExperimentError):
            Optimizer("sgd", learning_rate=value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "[]", "null", "3", '"spiral"', "{}", '{"data"}', "{'data': 1}", "\x00", "[" * 100_000,
     '{"a":' * 100_000, b"\xff\xfe", b"\x80\x80", "9" * 5000, '{"version": ' + "9" * 5000 + "}", "\ud800",
     json.dumps(SPIRAL)[:-1], json.dumps(SPIRAL) + "}"],
    ids=lambda text: repr(text)[:12],
)  # fmt: skip
def test_what_is_no_experiment_is_refused(text: str | bytes) -> None:
    with pytest.raises(ExperimentError):
        Experiment.from_json(text)


@settings(max_examples=200, deadline=None)
@given(st.binary() | st.text())
def test_garbage_is_refused_in_order(text: str | bytes) -> None:
    with pytest.raises(ExperimentError):
        Experiment.from_json(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WHOLE = to_plain(from_plain(SPIRAL))


def places(part: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the place of everything inside plain dictionaries and lists."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [found for key, item in inside for found in ((*place, key), *places(item, (*place, key)))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(places(WHOLE)), JSON, st.booleans())
def test_anything_anywhere_is_read_or_refused_in_order(
    place: tuple[str | int, ...], value: Any, as_extra: bool
) -> None:
    """Only an ExperimentError may come out, with a place in the file; what is read reads back the same."""
    plain = json.loads(json.dumps(WHOLE))
    here = plain
    for step in place[:-1]:
        here = here[step]
    if as_extra and isinstance(here, dict):
        here[str(value)] = value
    else:
        here[place[-1]] = value
    try:
        experiment = Experiment.from_json(json.dumps(plain))
    except ExperimentError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 500
    else:
        assert Experiment.from_json(experiment.to_json()) == experiment


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(json.dumps(WHOLE)) - 1), st.integers(1, 30))
def test_a_file_with_a_hole_is_read_or_refused_in_order(first: int, length: int) -> None:
    text = json.dumps(WHOLE)
    try:
        Experiment.from_json(text[:first] + text[first + length :])
    except ExperimentError as error:
        assert str(error)


def test_an_error_can_be_said_in_another_language() -> None:
    error = error_of(with_value([*LAYER, "dropout"], 1.5))
    assert (error.place, error.reason) == ("network.layers[0].dropout", "{value} is not in {range}")
    assert error.reason.format(**error.values) == "1.5 is not in [0, 1)"
