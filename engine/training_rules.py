"""What fits together in how a network is trained: optimizer, schedule, stopping, augmentation."""

from itertools import pairwise

import numpy as np

from engine.data_rules import dataset_of
from engine.experiment import Experiment, ExperimentError

MOST_REMEMBERED = 75_000_000  # numbers: as many as the state of the largest network takes with three a weight


def check_descent(experiment: Experiment) -> None:
    """Raise ExperimentError for the first thing about the training that does not fit."""
    check_optimizer(experiment)
    check_epsilons(experiment)
    check_stopping(experiment)
    check_augmentation(experiment)


def check_optimizer(experiment: Experiment) -> None:
    """Raise ExperimentError unless the optimizer gets the batches and the schedule that it needs."""
    name, entry = experiment.optimizer.name, experiment.optimizer.entry
    rows, size = experiment.data.samples or 0, experiment.training.batch_size
    if entry.whole_batch and size < rows:
        raise ExperimentError("training.batch_size", "{name} needs all rows in every update: at least {rows}",
                              name=name, rows=rows)  # fmt: skip
    if entry.whole_batch and experiment.schedule.name != "constant":
        raise ExperimentError("schedule", "{name} finds its own step sizes: only a constant schedule fits",
                              name=name)  # fmt: skip
    if entry.own_steps:
        _check_memory(experiment)
    if entry.own_steps and experiment.regularization.gradient_clip.name != "none":
        raise ExperimentError("regularization.gradient_clip", "{name} searches along a line: "
                              "its gradient cannot be clipped", name=name)  # fmt: skip


def _check_memory(experiment: Experiment) -> None:
    """Raise ExperimentError where the steps to be remembered, two numbers a weight, would fill the memory."""
    layers, steps = experiment.network.layers, int(experiment.optimizer["memory"])
    sizes = [len(experiment.data.features or ()), *(layer.units for layer in layers)]
    weights = sum((before + 1) * after for before, after in pairwise(sizes))
    most = max(1, MOST_REMEMBERED // (2 * weights))
    if steps > most:
        raise ExperimentError(
            "optimizer.memory",
            "{value} steps of {weights} weights are too many to remember, {most} are allowed",
            value=steps, weights=weights, most=most,
        )  # fmt: skip


def check_epsilons(experiment: Experiment) -> None:
    """Raise ExperimentError for an ε that kernels divide by and take for 0 (:mod:`engine.subnormals`)."""
    precision, layers = experiment.training.precision, experiment.network.layers
    places = [("optimizer", experiment.optimizer.parameters)]
    places += [
        (f"network.layers[{index}].batch_norm", layer.batch_norm.parameters)
        for index, layer in enumerate(layers)
    ]
    least = float(np.finfo(precision).tiny)
    for place, parameters in places:
        value = parameters.get("epsilon", 1.0)
        if value < least:
            raise ExperimentError(
                f"{place}.epsilon", "{value} is too small a number for {precision}: at least {least}",
                value=value, precision=precision, least=f"{least:.3g}",
            )  # fmt: skip


def check_stopping(experiment: Experiment) -> None:
    """Raise ExperimentError for early stopping without validation rows."""
    if experiment.training.early_stopping is not None and not experiment.data.validation_fraction:
        raise ExperimentError("training.early_stopping", "early stopping needs validation rows: "
                              "give data.validation_fraction a value above 0")  # fmt: skip


def check_augmentation(experiment: Experiment) -> None:
    """Raise ExperimentError for shifts of what is no whole image, and jitter of what are no numbers."""
    entry, chosen = dataset_of(experiment), experiment.training.augmentation
    if chosen.shift and entry.image is None:
        raise ExperimentError("training.augmentation.shift",
                              "only images can be shifted, and {name} has none", name=entry.key)  # fmt: skip
    if chosen.shift and experiment.data.features != entry.inputs:
        raise ExperimentError("training.augmentation.shift",
                              "only whole images can be shifted: all pixels must be features")  # fmt: skip
    if chosen.jitter and entry.categories == entry.inputs:
        raise ExperimentError("training.augmentation.jitter",
                              "jitter moves numbers, and this file has only categories")  # fmt: skip
