"""At which update a training left the finite numbers, and how steep the loss was just before."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.session import Session
    from engine.snapshot import Snapshot

REPLAY = 3.0  # seconds spent at most to find the very update


def is_finite(snapshot: Snapshot, metrics: dict[str, float]) -> bool:
    """Whether the loss and every parameter are numbers."""
    return math.isfinite(metrics["train_loss"]) and bool(np.isfinite(snapshot.theta).all())


def stand_before(session: Session, good: Snapshot) -> int:
    """Replay from a finite moment, one update at a time, and stay before the bad one; return its number."""
    deadline, last = time.perf_counter() + REPLAY, session.update
    session.restore(good)
    while session.update < last:
        session.step_batch()
        here, late = session.snapshot(), time.perf_counter() > deadline
        if late or session.update == last or not is_finite(here, session.metrics()):
            last = last if late else session.update
            break
        good = here
    session.restore(good)
    return last


def gradient_norm(session: Session) -> float | None:
    """Return the norm of the gradient over all training rows; None for a loss without one."""
    try:
        with np.errstate(all="ignore"):
            _, gradients = session.loss_and_gradients(session.data.x_train, session.data.y_train)
            return math.sqrt(sum(float((part.astype(np.float64) ** 2).sum()) for pair in gradients
                                 for part in pair))  # fmt: skip
    except ValueError:  # the perceptron's loss
        return None
