"""What fits together in how a network is trained: optimizer, schedule, stopping, augmentation."""

from engine.data_rules import dataset_of
from engine.experiment import Experiment, ExperimentError


def check_descent(experiment: Experiment) -> None:
    """Raise ExperimentError for the first thing about the training that does not fit."""
    check_optimizer(experiment)
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
    if entry.own_steps and experiment.regularization.gradient_clip.name != "none":
        raise ExperimentError("regularization.gradient_clip", "{name} searches along a line: "
                              "its gradient cannot be clipped", name=name)  # fmt: skip


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
