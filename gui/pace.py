"""How long epochs and measurements take, and so how much is trained between two looks at the clock."""

from __future__ import annotations

import time

SLICE = 0.015  # seconds: short enough that a command waits less than the eye notices
OFTEN = 50  # an epoch so many times as long as measuring is measured each, others by slices
QUICK_MEASURE = 0.003  # metrics that take less are taken inside an epoch too
CHEAP, APART = 0.0005, 15  # what takes longer is measured after so many times as long at the earliest


class Pace:
    """What was learned about one training.

    Attributes:
        epoch: seconds that an epoch takes, 0 while that is not known.
        measuring: seconds that snapshot and metrics took last.
    """

    def __init__(self) -> None:
        self.epoch = self.measuring = 0.0
        self._measured_at = 0.0

    def forget_epoch(self) -> None:
        """Know nothing of epochs: another training begins."""
        self.epoch = 0.0

    def note_epoch(self, seconds: float) -> None:
        """Take note of how long an epoch took.

        A longer time counts an eighth: it is mostly one in which others had the processor.
        """
        longer = self.epoch and seconds > self.epoch
        self.epoch = self.epoch + (seconds - self.epoch) / 8 if longer else seconds

    def note_measuring(self, start: float) -> None:
        """Take note that a measurement, begun at that moment, has ended."""
        self._measured_at = time.perf_counter()
        self.measuring = self._measured_at - start

    @property
    def slice(self) -> float:
        """The seconds to be trained between two looks at the commands."""
        return max(SLICE, 3 * self.measuring)

    @property
    def is_quick(self) -> bool:
        """Whether whole epochs fit into a slice; how long one takes is not known at first."""
        return 0 < self.epoch < SLICE

    @property
    def measures_each(self) -> bool:
        """Whether measuring is next to nothing beside an epoch."""
        return self.measuring * OFTEN < self.epoch

    def epochs_in(self, seconds: float) -> int:
        """Return how many epochs fit into so much time."""
        return int(seconds / self.epoch) if self.epoch else 1

    def may_wait(self, inside: bool) -> bool:
        """Whether measuring now, inside an epoch or at its end, would hold the training up too much."""
        soon = time.perf_counter() - self._measured_at < APART * self.measuring
        return (inside and self.measuring > QUICK_MEASURE) or (soon and self.measuring > CHEAP)
