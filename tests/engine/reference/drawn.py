"""Experiments of any architecture, for hypothesis to draw."""

from typing import Any

from hypothesis import strategies as st

from engine.choices import ACTIVATIONS, DATASETS
from engine.experiment import Experiment, from_plain
from engine.rules import output_units
from tests.engine.reference.cases import HIDDEN_ACTIVATIONS, OUTPUTS

# Data sets of each task with at most 40 inputs and 3 classes, which is what the reference has room for.
SETS = {
    "binary": ("spiral", "breast_cancer"),
    "multiclass": ("iris", "wine"),
    "regression": ("plane", "sine"),
}
EPSILONS = st.sampled_from([1e-5, 1e-3])
STARTS = ("xavier_uniform", "he_normal", "orthogonal", "lecun_normal")
RATE = 0.003


def activation(draw: Any, name: str) -> dict[str, Any]:
    """Draw a value for each of an activation's parameters, on both sides of the usual ones."""
    chosen: dict[str, Any] = {"name": name}
    for parameter in ACTIVATIONS[name].parameters:
        low, high = max(-1.0, parameter.range.low), min(2.0, parameter.range.high)
        chosen[parameter.key] = draw(st.sampled_from([parameter.default, low, high, (low + high) / 3]))
    return chosen


@st.composite
def layers(draw: Any, inputs: int, outputs: int, last: str) -> list[dict[str, Any]]:
    """Draw a network: mixed activations, normalizations, skips, cut links and frozen layers."""
    # Widths are often repeated: skips join layers of one width. A step alone has a rule of its own.
    common = draw(st.integers(1, 40))
    sizes = draw(st.lists(st.integers(1, 40) | st.just(common), min_size=last == "step", max_size=5))
    found: list[dict[str, Any]] = []
    for index, units in enumerate([*sizes, outputs]):
        is_last, before = index == len(sizes), found[-1]["units"] if found else inputs
        norm = draw(st.sampled_from(["none", "before"] if is_last else ["none", "none", "before", "after"]))
        layer: dict[str, Any] = {
            "units": units,
            "activation": activation(draw, last if is_last else draw(st.sampled_from(HIDDEN_ACTIVATIONS))),
            "initializer": draw(st.sampled_from(STARTS)),
            "bias_initializer": {"name": "constant", "value": 0.1},
            "batch_norm": {"name": norm} if norm == "none" else {"name": norm, "epsilon": draw(EPSILONS)},
            "dropout": 0.0 if is_last else draw(st.sampled_from([0.0, 0.0, 0.2, 0.5])),
            "trainable": draw(st.sampled_from([True, True, True, False])),
            "l1": draw(st.sampled_from([None, None, 0.02])),
            "l2": draw(st.sampled_from([None, None, 0.03])),
            "max_norm": draw(st.sampled_from([None, None, 0.5])),
        }
        links = st.tuples(st.integers(0, before - 1), st.integers(0, units - 1))
        layer["cut"] = draw(st.lists(links, max_size=4, unique=True))
        sources = [k for k, earlier in enumerate(found) if earlier["units"] == units]
        if sources:
            layer["skip_from"] = draw(st.sampled_from([None, *sources]))
        found.append(layer)
    return found


@st.composite
def experiments(draw: Any) -> Experiment:
    """Draw an experiment of any task, output and loss whose network has any of the extras."""
    task, output, loss = draw(st.sampled_from(OUTPUTS))
    entry = DATASETS[draw(st.sampled_from(SETS[task]))]
    outputs = output_units(entry, output)
    features = draw(st.integers(1, len(entry.features)))
    network = {"layers": draw(layers(features, outputs, output))}
    classes = len(entry.classes)
    weights = draw(st.sampled_from([None, [0.5, 2.0, 1.5][:classes], "balanced"])) if classes else None
    data: dict[str, Any] = {"name": entry.key, "features": entry.features[:features]}
    return from_plain({
        "data": data if entry.rows else data | {"samples": 120},
        "network": network,
        "loss": loss,
        "optimizer": {"name": "sgd", "learning_rate": RATE},
        "regularization": {
            "l1": draw(st.sampled_from([0.0, 0.01])), "l2": draw(st.sampled_from([0.0, 0.02])),
            "l1_proximal": draw(st.booleans()), "class_weights": weights,
            "gradient_clip": draw(st.sampled_from([None, {"name": "value", "limit": 0.01}, 0.1])),
        },
        "training": {"precision": "float64", "batch_size": draw(st.integers(1, 64))},
        "seeds": {"init": draw(st.integers(0, 99))},
    })  # fmt: skip
