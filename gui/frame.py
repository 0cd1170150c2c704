"""What the worker hands to the window: one moment of the training, immutable, with its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.data import Data
    from engine.experiment import Experiment
    from engine.snapshot import Snapshot

State = Literal["preparing", "paused", "playing"]

ROUNDING = 1e-9  # of positions, which are sums of fractions of an epoch


@dataclass(frozen=True)
class Diverged:
    """Loss or parameters are no longer finite; the state before that update was restored.

    Attributes:
        update: the number of the update that made them so, 0 when they never were finite.
        gradient_norm: of the whole training set just before it, None where there is none.
    """

    update: int
    gradient_norm: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Metrics over the epochs, thinned to at most about 1,000 points.

    All arrays are float64 of one length. What the task does not have is NaN (accuracies and F1 for
    regression, R² for classes), and so is what is measured on rows that there are none of.
    """

    epochs: NDArray[np.float64]
    train_loss: NDArray[np.float64]
    test_loss: NDArray[np.float64]
    train_accuracy: NDArray[np.float64]
    test_accuracy: NDArray[np.float64]
    validation_loss: NDArray[np.float64]
    validation_accuracy: NDArray[np.float64]
    train_f1: NDArray[np.float64]
    test_f1: NDArray[np.float64]
    validation_f1: NDArray[np.float64]
    train_r2: NDArray[np.float64]
    test_r2: NDArray[np.float64]
    validation_r2: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Mark:
    """Where something was changed by hand while it trained.

    Attributes:
        epoch: the position, a fraction of an epoch inside one.
        before, after: the experiments; equal where only numbers were put in.
    """

    epoch: float
    before: Experiment
    after: Experiment


@dataclass(frozen=True, eq=False)
class Timeline:
    """How far a training has come, in epochs, and where in it one stands.

    Attributes:
        first: the earliest moment that one can go back to.
        now: where one stands.
        end: how far it was trained.
        marks: where it was changed, in order; also before the first moment, and at 0 where numbers were
            put in before the first update.
    """

    first: float = 0.0
    now: float = 0.0
    end: float = 0.0
    marks: tuple[Mark, ...] = ()

    @property
    def past(self) -> tuple[Mark, ...]:
        """Where it was changed until the moment at which one stands."""
        return tuple(mark for mark in self.marks if mark.epoch <= self.now + ROUNDING)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A training that another one took the place of, to be compared with it.

    Attributes:
        experiment: as its last update was trained.
        curves: its metrics over the epochs.
        data: its rows.
        initial, final: its first and last moment; None for a network too large to be kept.
        marks: where it was changed by hand before its last update, in order.
    """

    experiment: Experiment
    curves: Curves
    data: Data
    initial: Snapshot | None
    final: Snapshot | None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One moment of the training.

    Attributes:
        snapshot: everything about the network at this moment.
        initial: the same experiment at update 0.
        data: the rows it trains and is tested on.
        metrics: losses and accuracies by name, of the newest measurement.
        curves: those metrics over the epochs.
        path: (epoch, parameters as float32) along the way, thinned to at most about 200, the first is
            the start and the last is the newest.
        epochs_per_second: how fast it trained lately; 0 when paused.
        state: "playing" or "paused" when the frame was made.
        diverged: what the next update would break, when this is the moment just before it.
        timeline: how far it was trained, and where on that way this moment is.
        before: the training before this one, if anything was trained then.
        later: the metrics to the end of what was trained, while one stands before that; else None.
    """

    snapshot: Snapshot
    initial: Snapshot
    data: Data
    metrics: dict[str, float]
    curves: Curves
    path: tuple[tuple[float, NDArray[np.float32]], ...]
    epochs_per_second: float = 0.0
    state: State = "paused"
    diverged: Diverged | None = None
    timeline: Timeline = Timeline()
    before: Run | None = None
    later: Curves | None = None

    @property
    def experiment(self) -> Experiment:
        """The experiment that this frame is of."""
        return self.snapshot.experiment

    @property
    def epoch(self) -> int:
        """The number of completed epochs."""
        return self.snapshot.epoch
