"""What the end of an epoch decides: whether the rate falls, whether the training stops.

Most trainings have nothing to decide; theirs is not even measured between epochs.
"""

from dataclasses import dataclass

import numpy as np

from engine import schedule, stopping
from engine.experiment import Experiment
from engine.schedule import Plateau
from engine.stopping import Stop, StopState


@dataclass(frozen=True, eq=False)
class Course:
    """What has been seen at the ends of epochs so far: a part of a training's state."""

    plateau: Plateau = Plateau()
    stopping: StopState = StopState()

    def after(self, experiment: Experiment, epoch: int, train_loss: float, validation_loss: float | None,
              theta: np.ndarray) -> "tuple[Course, Stop | None]":  # fmt: skip
        """Return the course after an epoch, and why the training is to stop, if it is.

        Parameters
        ----------
        epoch : how many epochs are done
        train_loss, validation_loss : without penalties; None where there are no validation rows
        theta : (plan.size,) the parameters now
        """
        plateau = self.plateau
        if experiment.schedule.name == "plateau":
            watched = train_loss if validation_loss is None else validation_loss
            plateau = schedule.observe(experiment.schedule, plateau, watched)
        state, stop = stopping.observe(
            experiment.training, self.stopping, epoch, train_loss, validation_loss, theta
        )
        return Course(plateau, state), stop


def is_watched(experiment: Experiment) -> bool:
    """Whether the ends of epochs decide anything, so that losses are measured there."""
    training = experiment.training
    return (
        experiment.schedule.name == "plateau"
        or training.early_stopping is not None
        or training.target_loss is not None
    )
