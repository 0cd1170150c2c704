"""What a user does to an experiment: each function takes one and returns another, always a usable one.

When an edit changes what the output must be (the data set, the last activation), the output layer's
units and the loss are fitted to it, so that no click leads to an error. Raises ExperimentError where an
edit is impossible, such as removing the only layer.
"""

from collections.abc import Sequence
from typing import Any

from engine import links
from engine.data_rules import dataset_of, describe, resolve_data
from engine.experiment import (
    Activation,
    Data,
    EarlyStopping,
    Experiment,
    ExperimentError,
    Initializer,
    Loss,
    Optimizer,
    from_plain,
    part_from_plain,
    to_plain,
)
from engine.rules import legal_losses, output_units

Plain = dict[str, Any]
RATE = "learning_rate"
USUAL_OUTPUT = {"binary": "sigmoid", "multiclass": "softmax", "regression": "linear"}
VALIDATION = 0.2  # of the training rows, where validation is switched on


def begin_anew(experiment: Experiment) -> Experiment:
    """Return an experiment from nothing on the same rows: the output layer alone, all else as by itself.

    The data stay as they are; the output's activation, units and loss are the usual ones of their task.
    """
    plain: Plain = {
        "data": to_plain(experiment)["data"],
        "network": {"layers": [{"units": 1, "activation": USUAL_OUTPUT[dataset_of(experiment).task]}]},
        "optimizer": "adam",
        "seeds": {"data": experiment.seeds.data},
    }
    return _fitted(plain)


def choose_data(experiment: Experiment, name: str, **own: object) -> Experiment:
    """Pick another data set with its own size, split and features; fit the output layer and the loss.

    Scaling and, where they mean something there, noise, wrong labels and the validation share stay.

    Parameters
    ----------
    name : the key of the data set
    own : what it has of its own: ``path`` (and ``target``, ``columns``, ...) of a CSV file, ``points``, ...
    """
    old = experiment.data
    new = describe(_data_of({"name": name, **own}))
    kept: Plain = {"name": name, "scaling": old.scaling}
    if new.noisy and dataset_of(experiment).noisy:
        kept["noise"] = old.noise
    if new.classes:
        kept["label_noise"] = old.label_noise
    if new.split:
        kept["validation_fraction"] = old.validation_fraction
    return _with_data(experiment, kept | own)


def change_data(experiment: Experiment, **changes: object) -> Experiment:
    """Change fields of the data, such as ``classes``, ``task`` or ``points``; fit output layer and loss.

    Features, sizes and shares of classes that no longer fit give way to the data set's own.
    """
    data = to_plain(experiment)["data"] | changes
    old, new = dataset_of(experiment), describe(_data_of(data))
    stale = {
        "features": old.features != new.features,
        "samples": old.rows != new.rows,
        "class_shares": len(old.classes) != len(new.classes),
        "label_noise": not new.classes,
        "test_points": "test_fraction" in changes or data.get("class_shares") is not None,
    }
    for field, gone in stale.items():
        if gone and field not in changes:
            data.pop(field, None)
    return _with_data(experiment, data)


def _with_data(experiment: Experiment, data: Plain) -> Experiment:
    """Return the experiment on other data, without what those do not allow.

    Where the task is another one, the output layer is the usual one.
    """
    plain = to_plain(experiment) | {"data": data}
    old, new = dataset_of(experiment), describe(_data_of(data))
    features = tuple(data.get("features") or new.default_features)
    if features != experiment.data.features:
        links.forget(plain["network"]["layers"][0])
    if new.image is None or features != new.inputs:
        plain["training"]["augmentation"]["shift"] = 0
    if new.categories == new.inputs:
        plain["training"]["augmentation"]["jitter"] = 0.0
    if not data.get("validation_fraction"):
        plain["training"]["early_stopping"] = None
    balanced = bool(new.classes) and experiment.regularization.class_weights == "balanced"
    if len(old.classes) != len(new.classes) and not balanced:
        plain["regularization"]["class_weights"] = None
    if old.task != new.task:
        last = plain["network"]["layers"][-1]
        last["activation"] = USUAL_OUTPUT[new.task]
        plain.pop("loss")
    return _fitted(plain)


def _data_of(plain: Plain) -> Data:
    return part_from_plain(plain, Data, "data")


def choose_activation(experiment: Experiment, layer: int, activation: Activation) -> Experiment:
    """Give a layer another activation; in the last layer, fit units and loss to it."""
    plain = to_plain(experiment)
    layers = plain["network"]["layers"]
    _at(layers, layer)["activation"] = activation.to_plain()
    if layer in (-1, len(layers) - 1):
        plain.pop("loss")
    return _fitted(plain)


def choose_initializer(
    experiment: Experiment, initializer: Initializer, layer: int | None = None
) -> Experiment:
    """Give one layer, or every layer, another initializer."""
    plain = to_plain(experiment)
    layers = plain["network"]["layers"]
    for chosen in layers if layer is None else [_at(layers, layer)]:
        chosen["initializer"] = initializer.to_plain()
    return from_plain(plain)


def choose_optimizer(experiment: Experiment, optimizer: Optimizer) -> Experiment:
    """Pick another optimizer, and what it needs: all rows in a batch, a constant schedule, no clipping, ...

    A learning rate that is the published one gives way to the experiment's, so that one thing changes,
    where the two mean the same.
    """
    plain, old = to_plain(experiment), experiment.optimizer
    rate = optimizer.parameters.get(RATE)
    common = old.entry.common_rate and optimizer.entry.common_rate
    if common and rate == type(optimizer)(optimizer.name).parameters[RATE]:
        optimizer = optimizer.replace(**{RATE: old[RATE]})
    plain["optimizer"] = optimizer.to_plain()
    if optimizer.entry.whole_batch:
        plain["schedule"] = "constant"
    if optimizer.entry.own_steps:
        plain["regularization"]["gradient_clip"] = None
    if optimizer.name != "sgd":
        plain["regularization"]["l1_proximal"] = False  # it is a step of plain descent alone
    return _with_batches(plain)


def set_hidden(experiment: Experiment, **fields: object) -> Experiment:
    """Give every hidden layer the same value of a field, such as ``dropout`` or ``batch_norm``."""
    plain = to_plain(experiment)
    for layer in plain["network"]["layers"][:-1]:
        layer.update({field: to_plain(value) for field, value in fields.items()})
    return from_plain(plain)


def stop_early(experiment: Experiment, stopping: EarlyStopping | None) -> Experiment:
    """Stop early, or no longer; where no rows validate, a fifth of the training rows do from now on."""
    plain = to_plain(experiment)
    plain["training"]["early_stopping"] = to_plain(stopping)
    if stopping is not None and not experiment.data.validation_fraction:
        plain["data"]["validation_fraction"] = VALIDATION
    return from_plain(plain)


def insert_layer(experiment: Experiment, index: int, units: int = 4) -> Experiment:
    """Put a new hidden layer before layer ``index`` (0 is right after the inputs).

    It takes activation and initializers from a hidden layer beside it, else tanh and Xavier.
    """
    plain = to_plain(experiment)
    layers = plain["network"]["layers"]
    hidden = layers[:-1]
    beside = hidden[min(max(index - 1, 0), len(hidden) - 1)] if hidden else None
    new = {**beside} if beside else {"activation": "tanh", "initializer": "xavier_uniform"}
    index = min(index, len(hidden))
    layers.insert(index, {**new, "units": units})
    links.layer_inserted(layers, index)
    return _with_links(plain)


def remove_layer(experiment: Experiment, index: int) -> Experiment:
    """Take out a hidden layer. The output layer cannot be removed."""
    plain = to_plain(experiment)
    layers = plain["network"]["layers"]
    if _at(layers, index) is layers[-1]:
        raise ExperimentError(f"network.layers[{index}]", "the output layer cannot be removed")
    del layers[index]
    links.layer_removed(layers, index)
    return _with_links(plain)


def set_units(experiment: Experiment, layer: int, units: int) -> Experiment:
    """Give a hidden layer another number of units; with none left, the layer goes."""
    if units == 0:
        return remove_layer(experiment, layer)
    plain = to_plain(experiment)
    _at(plain["network"]["layers"], layer)["units"] = units
    return _with_links(plain)


def choose_features(experiment: Experiment, features: Sequence[str]) -> Experiment:
    """Show the network other features; what was cut or typed on the inputs' links is forgotten."""
    plain = to_plain(experiment)
    plain["data"]["features"] = list(features)
    links.forget(plain["network"]["layers"][0])
    return from_plain(plain)


def new_dice(experiment: Experiment) -> Experiment:
    """Take the next seed for the first weights."""
    plain = to_plain(experiment)
    plain["seeds"]["init"] = (experiment.seeds.init + 1) % 2**32
    return from_plain(plain)


def _with_links(plain: Plain) -> Experiment:
    """Return the experiment without links, typed numbers and skips of units that are no longer there."""
    links.drop_what_is_gone(plain["network"]["layers"], len(plain["data"].get("features") or ()))
    return from_plain(plain)


def _at(layers: list[Plain], index: int) -> Plain:
    """Return a layer; -1 is the last one. Raises ExperimentError where there is none."""
    if not -1 <= index < len(layers):
        raise ExperimentError(f"network.layers[{index}]", "there is no such field")
    return layers[index]


def _fitted(plain: Plain) -> Experiment:
    """Return the experiment with output units and loss that fit its data set and last activation."""
    entry, last = describe(_data_of(plain["data"])), plain["network"]["layers"][-1]
    name = Activation.from_plain(last["activation"]).name
    if name == "softmax" and entry.task == "regression":
        last["activation"], name = "linear", "linear"
    last["units"] = output_units(entry, name)
    inputs = plain["data"].get("features") or entry.default_features
    links.drop_what_is_gone(plain["network"]["layers"], len(inputs))
    legal = legal_losses(entry, name)
    if "loss" not in plain or Loss.from_plain(plain["loss"]).name not in legal:
        plain["loss"] = legal[0]
    return _with_batches(plain)


def _with_batches(plain: Plain) -> Experiment:
    """Return the experiment with batches of all rows where its optimizer needs them."""
    if Optimizer.from_plain(plain["optimizer"]).entry.whole_batch:
        rows = resolve_data(_data_of(plain["data"])).samples or 0
        plain["training"]["batch_size"] = max(rows, plain["training"]["batch_size"])
    return from_plain(plain)
