"""The way of one training: its curves, the path of its parameters, moments to go back to, what lies ahead."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gui.frame import Run
from gui.history import History, curves_until, path_until
from gui.recorder import Recorder

if TYPE_CHECKING:
    from engine.data import Data
    from engine.experiment import Experiment
    from engine.snapshot import Snapshot
    from gui.frame import Curves, Frame, Timeline
    from gui.history import Path

MOST_KEPT = 2_000_000  # parameters of a training that stays to be compared with the next one


class Way:
    """Where a training has been. While it stands at an earlier moment, the rest of the way lies ahead.

    Attributes:
        initial: the training's first moment, by which it is known.
        history: the moments, and what was changed by hand.
        whole: curves and path to the end while something lies ahead, else None.
    """

    def __init__(self, initial: Snapshot, position: float, first: Snapshot) -> None:
        self.initial = initial
        self.history = History(position, first)
        self.whole: tuple[Curves, Path] | None = None
        self._recorder = Recorder(first.theta.size)
        self._left: tuple[float, Snapshot] | None = None

    def add(self, position: float, metrics: Mapping[str, float], newest: Snapshot) -> None:
        """Take note of the newest moment; one that was passed before is known already."""
        if self.whole is None:
            self._recorder.add(position, metrics, newest.theta)
            self.history.add(position, newest)

    def turn_back(self, position: float, newest: Snapshot) -> None:
        """Have the newest moment be the end of what lies ahead from now on, if nothing did before."""
        if self.whole is None:
            self.history.add(position, newest)
            self.whole = self._recorder.curves(), self._recorder.path()

    def arrive(self, update: int) -> None:
        """Be in the present where nothing lies ahead of an update."""
        if update >= self.history.last_update:
            self.whole = None

    def ahead(self, update: int) -> float:
        """Return how far it can be trained from an update, in epochs, until the next thing on the way."""
        if self.whole is None:
            return math.inf
        change = self.history.next_change(update)
        return self.history.end if change is None else change.reached

    def change_at(self, update: int) -> Snapshot | None:
        """Return the moment just after what was changed by hand at an update, if that lies ahead."""
        change = None if self.whole is None else self.history.next_change(update - 1)
        return change.snapshot if change is not None and change.snapshot.update == update else None

    def here(self, position: float, metrics: Mapping[str, float], newest: Snapshot) -> tuple[Curves, Path]:
        """Return curves and path until the moment at which the training stands."""
        if self.whole is None:
            return self._recorder.curves(), self._recorder.path()
        curves, path = self.whole
        return curves_until(curves, position, metrics), path_until(path, position, newest.theta)

    def run(self, experiment: Experiment, data: Data, newest: Snapshot) -> Run:
        """Return what stays of it to be compared with the next, what lies ahead included.

        `experiment` is that of its last update, where nothing was changed on the way. Of a large network
        the curves alone stay.
        """
        curves, end = self._recorder.curves(), newest
        if self.whole is not None:
            curves, end = self.whole[0], self.history.at(self.history.end)
        marks = self.history.marks(end.update)
        last = marks[-1].after if marks else experiment
        if end.theta.size > MOST_KEPT:
            return Run(last, curves, data, None, None, marks)
        return Run(last, curves, data, self.initial, end, marks)

    def cut(self, position: float, metrics: Mapping[str, float], newest: Snapshot) -> None:
        """Forget what lies ahead of the moment at which the training stands."""
        if self.whole is not None:
            kept = self.here(position, metrics, newest)
            self.history.cut(newest.update)
            self.whole = None
            self.take_up(*kept)

    def take_up(self, curves: Curves, path: Path) -> None:
        """Have these curves and this path."""
        self._recorder = Recorder(self.initial.theta.size)
        self._recorder.resume(curves, path)

    def note_change(self, reached: float, position: float, before: Experiment, newest: Snapshot,
                    undone: Frame | None) -> None:  # fmt: skip
        """Take note that something was changed by hand: :meth:`gui.history.History.note_change`."""
        self.history.note_change(reached, position, before, newest, undone)

    def leave(self, position: float, newest: Snapshot) -> None:
        """Remember where another training took the place of this one."""
        self._left = position, newest

    def come_back(self, update: int) -> None:
        """Stand at an update again; what came after it until the training was left lies ahead."""
        if self._left is not None and update < self._left[1].update:
            self.turn_back(*self._left)
        self.arrive(update)

    def timeline(self, position: float) -> Timeline:
        """Return what the bar at the top shows of it."""
        return self.history.timeline(position)
