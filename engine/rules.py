"""Which experiments make sense: what is resolved from the data set, and what does not fit together."""

from itertools import pairwise

import msgspec

from engine.choices.datasets import Dataset
from engine.data_rules import check_data, dataset_of, resolve_data
from engine.experiment import Experiment, ExperimentError
from engine.layer_rules import check_class_weights, check_layers
from engine.training_rules import check_descent

MOST_LAYERS = 100
MOST_WEIGHTS = 25_000_000  # with optimizer and snapshots about a gigabyte in float32


def resolve(experiment: Experiment) -> Experiment:
    """Return the experiment with the data set's own values where none were given."""
    return msgspec.structs.replace(experiment, data=resolve_data(experiment.data))


def output_units(entry: Dataset, activation: str) -> int:
    """Return how many outputs a data set's targets have for a network that ends in this activation.

    One-hot rows for more than two classes and for softmax, else one column.
    """
    if entry.task == "multiclass" or (entry.task == "binary" and activation == "softmax"):
        return len(entry.classes)
    return 1


def is_perceptron(experiment: Experiment) -> bool:
    """Whether the perceptron rule trains it: a single step layer under plain gradient descent."""
    layers = experiment.network.layers
    plain = len(layers) == 1 and layers[0].batch_norm.name == "none"
    return plain and layers[0].activation.name == "step" and experiment.optimizer.name == "sgd"


def check(experiment: Experiment) -> None:
    """Raise ExperimentError for the first thing that does not fit or is not supported yet."""
    check_data(experiment.data)
    if not experiment.network.layers:
        raise ExperimentError("network.layers", "a network needs at least one layer")
    _check_size(experiment)
    check_layers(experiment)
    _check_output(experiment)
    _check_training(experiment)


def check_layer_count(count: int) -> None:
    """Raise ExperimentError for more layers than are allowed."""
    if count > MOST_LAYERS:
        raise ExperimentError("network.layers", "{value} layers are too many, {most} are allowed",
                              value=count, most=MOST_LAYERS)  # fmt: skip


def _check_size(experiment: Experiment) -> None:
    layers = experiment.network.layers
    check_layer_count(len(layers))
    sizes = [len(experiment.data.features or ()), *(layer.units for layer in layers)]
    weights = sum((before + 1) * after for before, after in pairwise(sizes))
    if weights > MOST_WEIGHTS:
        raise ExperimentError("network", "{value} weights are too many, {most} are allowed",
                              value=weights, most=MOST_WEIGHTS)  # fmt: skip


def _check_output(experiment: Experiment) -> None:
    entry, layers = dataset_of(experiment), experiment.network.layers
    last, place = layers[-1], f"network.layers[{len(layers) - 1}]"
    name = last.activation.name
    if name == "softmax" and entry.task == "regression":
        raise ExperimentError(f"{place}.activation", "softmax needs classes, and {name} has numbers",
                              name=entry.key)  # fmt: skip
    wanted = output_units(entry, name)
    if last.units != wanted:
        raise ExperimentError(
            f"{place}.units", "{value} outputs do not fit: {name} with {activation} needs {wanted}",
            value=last.units, name=entry.key, activation=name, wanted=wanted,
        )  # fmt: skip
    if experiment.loss.name not in legal_losses(entry, name):
        raise ExperimentError(
            "loss", "{loss} does not fit an output layer of {activation} on {name}",
            loss=experiment.loss.name, activation=name, name=entry.key,
        )  # fmt: skip


def legal_losses(entry: Dataset, activation: str) -> tuple[str, ...]:
    """Return the losses that fit an output activation on a data set, the usual one first.

    A step passes no gradient, and the rule that trains it alone counts its errors as the MSE does.
    """
    if activation == "step":
        return ("mse",)
    distances = ("mse", "mae", "huber")
    if entry.task == "regression":
        return distances
    if activation == "sigmoid":
        return ("binary_cross_entropy", *distances)
    if activation == "softmax":
        return ("categorical_cross_entropy", *distances)
    return (*distances, "hinge", "perceptron") if activation in ("linear", "tanh") else distances


def _check_training(experiment: Experiment) -> None:
    training = experiment.training
    if training.precision not in ("float32", "float64"):
        raise ExperimentError(
            "training.precision", "{value} is not a known {kind}", value=training.precision, kind="precision"
        )
    check_class_weights(experiment, len(dataset_of(experiment).classes))
    if experiment.regularization.l1_proximal and experiment.optimizer.name != "sgd":
        reason = "proximal L1 is a step of plain gradient descent (sgd)"
        raise ExperimentError("regularization.l1_proximal", reason)
    check_descent(experiment)
