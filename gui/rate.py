"""The speed of the training, averaged over the last moments."""

from __future__ import annotations

import time
from collections import deque

RATE_WINDOW = 0.5  # seconds over which the speed shown is averaged


class Rate:
    """How many epochs a second were trained lately."""

    def __init__(self) -> None:
        self.value = 0.0
        self._notes: deque[tuple[float, float]] = deque()

    def note(self, position: float) -> None:
        """Take note of where the training is now."""
        now = time.perf_counter()
        self._notes.append((now, position))
        while len(self._notes) > 2 and now - self._notes[0][0] > RATE_WINDOW:
            self._notes.popleft()
        start, first = self._notes[0]
        seconds = now - start
        if seconds > 0 and position >= first:
            self.value = (position - first) / seconds
