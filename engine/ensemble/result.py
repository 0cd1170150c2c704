"""What goes into a training of the ensemble, and what comes out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.data import Data
from engine.experiment import Experiment
from engine.snapshot import Snapshot
from engine.stopping import Stop


@dataclass(frozen=True)
class Job:
    """One training to do: its place in the list, how long, and after how many epochs its loss is taken."""

    index: int
    experiment: Experiment
    wanted: int | None
    every: int | None

    @property
    def epochs(self) -> int:
        """How long it trains."""
        return self.experiment.training.epochs if self.wanted is None else self.wanted


@dataclass(frozen=True, eq=False)
class Result:
    """One training, done.

    Attributes
    ----------
    index : the experiment's place in the list
    snapshot : the last moment, whole; ``snapshot.experiment`` is the experiment
    data : the rows it was trained on
    curve : the training losses at epochs 0, every, 2 * every, ...; empty when none were asked for
    stopped : why it ended before its last epoch, or None
    """

    index: int
    snapshot: Snapshot
    data: Data
    curve: np.ndarray
    stopped: Stop | None = None

    @cached_property
    def metrics(self) -> dict[str, float]:
        """What :meth:`engine.session.Session.metrics` says at the end; computed when first asked for."""
        return self.snapshot.metrics(self.data)

    @property
    def diverged(self) -> bool:
        """Whether a parameter is no finite number any more."""
        return not np.isfinite(self.snapshot.theta).all()
