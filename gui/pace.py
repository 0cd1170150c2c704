"""How long epochs and measurements take, and so how much is trained between two looks at the clock."""

from __future__ import annotations

import time

SLICE = 0.0145  # seconds from look to look: 60 frames a second, and a command waits less than the eye notices
SHORTEST = 0.005  # seconds: the part of a slice that is left at least when looking at the results was long
OFTEN = 50  # an epoch so many times as long as measuring is measured each, others by slices
QUICK_MEASURE = 0.003  # metrics that take less are taken inside an epoch too
CHEAP, APART = 0.0005, 25  # what takes longer is measured after so many times as long at the earliest


class Pace:
    """What was learned about one training.

    Attributes:
        epoch: seconds that an epoch takes, 0 while that is not known.
        measuring: seconds that snapshot and metrics took last.
    """

    def __init__(self) -> None:
        self.epoch = self.measuring = 0.0
        self._measured_at = self._ended = 0.0

    def forget_epoch(self) -> None:
        """Know nothing of epochs: another training begins."""
        self.epoch = 0.0

    def note_epoch(self, seconds: float) -> None:
        """Take note of how long an epoch took.

        A longer time counts a quarter, as others may have had the processor meanwhile; a shorter one a half.
        """
        share = 0.25 if seconds > self.epoch else 0.5
        self.epoch += (seconds - self.epoch) * (share if self.epoch else 1.0)

    def note_measuring(self, start: float) -> None:
        """Take note that a measurement, begun at that moment, has ended."""
        self._measured_at = time.perf_counter()
        self.measuring = self._measured_at - start

    def begin_slice(self) -> float:
        """Return until when to train; what the last look at the results took is not added to each frame."""
        return max(self._ended + SLICE, time.perf_counter() + SHORTEST)

    def end_slice(self) -> None:
        """Take note that the training of a slice has ended, before one looks at the results."""
        self._ended = time.perf_counter()

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
        return round(seconds / self.epoch) if self.epoch else 1

    def is_too_late(self, seconds: float) -> bool:
        """Whether another epoch, where whole ones are trained, would end further from the time than now."""
        return self.is_quick and self.epoch > 2 * seconds

    def may_wait(self, inside: bool) -> bool:
        """Whether measuring now, inside an epoch or at its end, would hold the training up too much."""
        soon = time.perf_counter() - self._measured_at < APART * self.measuring
        return (inside and self.measuring > QUICK_MEASURE) or (soon and self.measuring > CHEAP)
