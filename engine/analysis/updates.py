"""How far one update moves the weights, measured by the weights themselves."""

import numpy as np
from numpy.typing import NDArray

from engine.data import Data
from engine.session import Session
from engine.snapshot import Snapshot

# From these ratios on a training is usually called too slow or too rough; about 1e-3 is usual (Karpathy 2015,
# Neural Networks Part 3: Learning and Evaluation, "Ratio of weights:updates").
USUAL, LOW, HIGH = 1e-3, 1e-4, 1e-2


def after_next_update(snapshot: Snapshot, data: Data) -> NDArray[np.floating]:
    """Return (plan.size,) the parameters after the next update: those that the training will have."""
    session = Session.resumed(snapshot, data)
    session.step_batch()
    return session.snapshot().theta


def update_ratios(snapshot: Snapshot, data: Data) -> NDArray[np.float64]:
    """Return (layers,) the root mean square of the weights' next steps, that of the weights being 1.

    NaN for a layer whose weights are all 0.
    """
    there = snapshot.plan.unpack(after_next_update(snapshot, data))
    here = snapshot.plan.unpack(snapshot.theta)
    return np.array([_ratio(new, old) for (new, _), (old, _) in zip(there, here, strict=True)])


def _ratio(new: NDArray[np.floating], old: NDArray[np.floating]) -> float:
    size = np.linalg.norm(old.astype(float))
    return float(np.linalg.norm(new.astype(float) - old) / size) if size > 0 else float("nan")
