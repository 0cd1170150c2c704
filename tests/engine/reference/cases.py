"""Which networks the tests of losses and gradients go through: all that the choices allow."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine import Session
from engine.choices import ACTIVATIONS, DATASETS
from engine.rules import legal_losses
from tests.engine.reference.build import SET_OF

HIDDEN = {"lanes": (5, 4), "matrices": (33, 33)}  # 33 x 33 weights are more than a net in lanes has
ROWS = 37  # two blocks of 16 lanes and a short one
OF_CLASSES = ("binary_cross_entropy", "hinge", "perceptron")  # their targets are 0 and 1
HIDDEN_ACTIVATIONS = [key for key in ACTIVATIONS if key != "softmax"]


def outputs() -> Iterator[tuple[str, str, str]]:
    """Yield every legal (task, output activation, loss)."""
    for task, name in SET_OF.items():
        for activation in ACTIVATIONS:
            if activation == "softmax" and task == "regression":
                continue
            for loss in legal_losses(DATASETS[name], activation):
                yield task, activation, loss


OUTPUTS = list(outputs())
TASKS = list(SET_OF)


class Case(NamedTuple):
    """One network: the task, its hidden layers' activation, its output's, and the loss."""

    task: str
    hidden: str
    output: str
    loss: str


def cases(task: str) -> list[Case]:
    """Return every output and loss of a task, each with a hidden activation; all of these have their turn.

    Softmax stands among those of three classes only: with two its networks have another shape, for which the
    reference would be compiled once more.
    """
    found = [(output, loss) for each, output, loss in OUTPUTS if each == task]
    found = [pair for pair in found if task != "binary" or pair[0] != "softmax"]
    return [
        Case(task, HIDDEN_ACTIVATIONS[index % len(HIDDEN_ACTIVATIONS)], *pair)
        for index, pair in enumerate(found)
    ]


def rows_for(session: Session, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return random inputs and targets of the kind that the session's loss takes."""
    rng = np.random.default_rng(seed)
    units = session.experiment.network.layers[-1].units
    x = rng.standard_normal((n, session.data.x_train.shape[1]))
    loss = session.experiment.loss.name
    if units > 1 and loss in (*OF_CLASSES, "categorical_cross_entropy"):
        return x, np.eye(units)[rng.integers(0, units, n)]
    if loss in OF_CLASSES:
        return x, rng.integers(0, 2, (n, units)).astype(float)
    return x, rng.standard_normal((n, units))
