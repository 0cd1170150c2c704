"""What a change of the experiment means to a training that is on its way."""

from dataclasses import replace

from engine.choices import optimizers
from engine.course import Course
from engine.experiment import Experiment, Layer
from engine.rules import is_perceptron
from engine.schedule import Plateau
from engine.stopping import StopState


def continues(old: Experiment, new: Experiment) -> bool:
    """Whether a training of the old experiment can go on as one of the new."""
    return (
        old.data == new.data
        and len(old.network.layers) == len(new.network.layers)
        and all(map(_same_structure, old.network.layers, new.network.layers))
        and old.loss == new.loss
        and old.seeds == new.seeds
        and old.training.precision == new.training.precision
        # Whether the perceptron rule applies is laid out in the plan.
        and is_perceptron(old) == is_perceptron(new)
    )


def _same_structure(old: Layer, new: Layer) -> bool:
    """Whether two layers differ in nothing but what may change while they are trained."""
    fields = ("units", "activation", "initializer", "bias_initializer", "batch_norm", "skip_from")
    return all(getattr(old, field) == getattr(new, field) for field in fields)


def keeps_slots(old: Experiment, new: Experiment) -> bool:
    """Whether a training goes on with its optimizer's state.

    A direction is made of the steps that were remembered. Those that moved what may not move any more
    would lead along a line on which the training cannot go, and to where its loss is higher.
    """
    if new.optimizer.entry.own_steps and _held(old) != _held(new):
        return False
    return optimizers.keeps_slots(old.optimizer, new.optimizer)


def _held(experiment: Experiment) -> list[tuple[bool, frozenset[tuple[int, int]]]]:
    """Return of each layer whether it is trained, and which of its links are cut."""
    return [(layer.trainable, frozenset(layer.cut)) for layer in experiment.network.layers]


def followed(course: Course, old: Experiment, new: Experiment) -> Course:
    """Return the course without what a schedule or a criterion has seen that is another one now."""
    if old.schedule != new.schedule:
        course = replace(course, plateau=Plateau())
    if _criteria(old) != _criteria(new):
        course = replace(course, stopping=StopState())
    return course


def _criteria(experiment: Experiment) -> tuple[object, object]:
    return experiment.training.early_stopping, experiment.training.target_loss
