"""What a change of the experiment means to a training that is on its way."""

from dataclasses import replace

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


def followed(course: Course, old: Experiment, new: Experiment) -> Course:
    """Return the course without what a schedule or a criterion has seen that is another one now."""
    if old.schedule != new.schedule:
        course = replace(course, plateau=Plateau())
    if _criteria(old) != _criteria(new):
        course = replace(course, stopping=StopState())
    return course


def _criteria(experiment: Experiment) -> tuple[object, object]:
    return experiment.training.early_stopping, experiment.training.target_loss
