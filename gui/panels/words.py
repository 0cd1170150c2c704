"""What is not as usual in an experiment, in a few words: pure functions for the sections' summaries."""

from collections.abc import Callable
from typing import Any

from engine.experiment import Experiment
from engine.rules import dataset_of
from gui.i18n import name_of, number, tr
from gui.panels.parameters import others, said_parameter


def percent_words(share: float) -> str:
    """Return a share as a percentage with no decimals that say nothing: 12.5%."""
    return f"{number(100 * share, 4)}%"


def of_hidden(experiment: Experiment, field: str) -> set[Any]:
    """Return the values that the hidden layers have of a field."""
    return {getattr(layer, field) for layer in experiment.network.layers[:-1]}


def of_rows(experiment: Experiment) -> list[str]:
    """Return what is unusual about how many rows there are, their seed and their scaling."""
    data, said = experiment.data, []
    entry = dataset_of(experiment)
    if data.samples != (entry.rows or 500):
        said.append(tr("{count} rows", count=number(data.samples or 0)))
    if data.scaling != "standard":
        said.append(tr("scaling: {name}", name=name_of("scalings", data.scaling)))
    return [*said, *_seed("Data seed", experiment.seeds.data)]


def of_features(experiment: Experiment) -> list[str]:
    """Return the features that are on where they are others than at the start."""
    on, entry = experiment.data.features or (), dataset_of(experiment)
    if on == entry.default_features:
        return []
    if len(on) <= 4:
        return [", ".join(name_of("feature", key) for key in on)]
    return [tr("{count} of {all} features", count=number(len(on)), all=number(len(entry.features)))]


def of_validation(experiment: Experiment) -> list[str]:
    """Return how many of the training rows validate."""
    share = experiment.data.validation_fraction
    return [tr("validation {share}", share=percent_words(share))] if share else []


def of_labels(experiment: Experiment) -> list[str]:
    """Return how many training labels are wrong on purpose."""
    share = experiment.data.label_noise
    return [tr("wrong labels {share}", share=percent_words(share))] if share else []


def of_classes(experiment: Experiment) -> list[str]:
    """Return how many classes there are where that was chosen."""
    count = experiment.data.classes
    return [tr("{count} classes", count=number(count))] if count and count != 2 else []


def of_shares(experiment: Experiment) -> list[str]:
    """Return in what proportion the classes are where that was chosen."""
    shares = experiment.data.class_shares
    return [tr("classes {shares}", shares=" : ".join(number(share) for share in shares))] if shares else []


def of_task(experiment: Experiment) -> list[str]:
    """Return what is predicted where that was chosen."""
    return [name_of("tasks", experiment.data.task)] if experiment.data.task else []


def of_start(experiment: Experiment) -> list[str]:
    """Return how the biases start, and by which seed the weights."""
    first = experiment.network.layers[0]
    said = []
    if any(layer.bias_initializer != first.bias_initializer for layer in experiment.network.layers):
        said.append(tr("biases: {name}", name=tr("Layers differ")))
    elif first.bias_initializer.name != "zeros":
        said.append(tr("biases: {name}", name=name_of("bias_initializers", first.bias_initializer.name)))
        said += others(first.bias_initializer)
    return [*others(first.initializer), *said, *_seed("Weights seed", experiment.seeds.init)]


def of_optimizer(experiment: Experiment) -> list[str]:
    """Return the parameters of the optimizer that are not as published; the rate is always seen."""
    optimizer = experiment.optimizer
    usual = type(optimizer)(optimizer.name).settings
    return [said_parameter(key, value) for key, value in optimizer.settings.items()
            if key != "learning_rate" and value != usual[key]]  # fmt: skip


def of_loss(experiment: Experiment) -> list[str]:
    """Return the loss where it is not the one that its output usually has."""
    loss = experiment.loss
    usual = loss.name.endswith("cross_entropy")
    return [] if usual else [name_of("short_losses", loss.name), *others(loss)]


def of_schedule(experiment: Experiment) -> list[str]:
    """Return how the rate changes, where it does."""
    schedule = experiment.schedule
    return [name_of("schedules", schedule.name)] if schedule.name != "constant" else []


def of_clipping(experiment: Experiment) -> list[str]:
    """Return how gradients are clipped, where they are."""
    clip = experiment.regularization.gradient_clip
    if clip.name == "none":
        return []
    return [tr("clipped {how}: {limit}", how=name_of("clippings", clip.name), limit=number(clip["limit"], 9))]


def of_order(experiment: Experiment) -> list[str]:
    """Return seed of the batches and precision where they are not the usual ones."""
    precision = experiment.training.precision
    said = [name_of("precision", precision)] if precision != "float32" else []
    return [*_seed("Order seed", experiment.seeds.order), *said]


def of_target(experiment: Experiment) -> list[str]:
    """Return the loss at which training stops, if one is set."""
    target = experiment.training.target_loss
    return [tr("until the loss is {loss}", loss=number(target, 9))] if target is not None else []


def of_penalties(experiment: Experiment) -> list[str]:
    """Return the penalties and the dropout that are on."""
    chosen, drops = experiment.regularization, of_hidden(experiment, "dropout")
    penalties = (("L1", chosen.l1), ("L2", chosen.l2))
    said = [f"{name} {number(value, 9)}" for name, value in penalties if value]
    return [*said, *_common("dropout {value}", drops, 0.0, percent_words)]


def of_early_stopping(experiment: Experiment) -> list[str]:
    """Return after how many epochs without a better loss it stops, where it does."""
    early = experiment.training.early_stopping
    return [tr("early stopping {epochs}", epochs=number(early.patience))] if early else []


def of_normalization(experiment: Experiment) -> list[str]:
    """Return where hidden layers normalize their batches, where they do."""
    norms = of_hidden(experiment, "batch_norm")
    found = {norm.name for norm in norms}
    said = _common("batch norm. {value}", found, "none", lambda name: name_of("normalizations", name))
    return [*said, *(others(norms.pop()) if len(norms) == 1 else [])]


def of_norms(experiment: Experiment) -> list[str]:
    """Return what keeps the weights small besides penalties."""
    chosen, said = experiment.regularization, []
    if chosen.max_norm is not None:
        said.append(tr("norms up to {value}", value=number(chosen.max_norm, 9)))
    if chosen.l1_proximal:
        said.append(tr("L1 proximal"))
    return said


def of_class_weights(experiment: Experiment) -> list[str]:
    """Return how the classes weigh, where they do not weigh the same."""
    weights = experiment.regularization.class_weights
    if weights is None:
        return []
    if isinstance(weights, str):
        return [tr("classes balanced")]
    return [tr("class weights {weights}", weights=" : ".join(number(weight) for weight in weights))]


def of_augmentation(experiment: Experiment) -> list[str]:
    """Return what is done to the training rows in each epoch."""
    chosen = experiment.training.augmentation
    values = (("input noise {value}", chosen.input_noise), ("jitter {value}", chosen.jitter),
              ("shift up to {value} px", chosen.shift))  # fmt: skip
    return [tr(text, value=number(value, 9)) for text, value in values if value]


TEMPLATES = ("dropout {value}", "batch norm. {value}", "input noise {value}", "jitter {value}",
             "shift up to {value} px")  # fmt: skip


def _common(template: str, values: set, usual: object, write: Callable[[Any], str]) -> list[str]:
    """Return one value that layers share, or that they differ; nothing where all have the usual one."""
    if values <= {usual}:
        return []
    return [tr(template, value=write(values.pop()) if len(values) == 1 else tr("by layer"))]


def _seed(name: str, seed: int) -> list[str]:
    return [tr("{name}: {value}", name=tr(name), value=number(seed))] if seed else []
