"""Which networks the tests of losses and gradients go through: all that the choices allow."""

from collections.abc import Iterator

import numpy as np

from engine import Session
from engine.choices import ACTIVATIONS, DATASETS
from engine.rules import legal_losses
from tests.engine.reference.build import SET_OF

HIDDEN = {"lanes": (5, 4), "matrices": (33, 33)}  # 33 x 33 weights are more than a net in lanes has
ROWS = 37  # two blocks of 16 lanes and a short one
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


def rows_for(session: Session, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return random inputs and targets of the kind that the session's loss takes."""
    rng = np.random.default_rng(seed)
    units = session.experiment.network.layers[-1].units
    x = rng.standard_normal((n, session.data.x_train.shape[1]))
    if session.experiment.loss.name == "categorical_cross_entropy":
        return x, np.eye(units)[rng.integers(0, units, n)]
    if session.experiment.loss.name == "binary_cross_entropy":
        return x, rng.integers(0, 2, (n, units)).astype(float)
    return x, rng.standard_normal((n, units))
