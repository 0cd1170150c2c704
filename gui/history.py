"""The way a training went: moments to go back to, within a bound of memory, and where it was changed.

A moment holds everything that decides the next number, so training on from one gives the same bits again.
Between two of them the training is computed once more; where something was changed by hand, the moment just
after it is kept in any case and taken up when the way comes by.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gui.frame import ROUNDING, Curves, Frame, Mark, Timeline
from gui.recorder import Thinned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.experiment import Experiment
    from engine.snapshot import Snapshot

    Path = tuple[tuple[float, NDArray[np.float32]], ...]

MOMENTS = 400
MOMENTS_BYTES, CHANGES_BYTES = 16_000_000, 32_000_000  # between half of it and all, in turns, while it trains


@dataclass(frozen=True)
class Change:
    """What was done by hand on the way.

    Attributes:
        reached: the position, in epochs, at which it was done; another batch size may move the training on.
        mark: what it is called.
        snapshot: the moment just after it.
    """

    reached: float
    mark: Mark
    snapshot: Snapshot


class History:
    """Moments of one training by their position in epochs."""

    def __init__(self, position: float, first: Snapshot) -> None:
        fitting = MOMENTS_BYTES // max(_bytes(first), 1)
        self._moments: Thinned[Snapshot] = Thinned(int(np.clip(fitting, 8, MOMENTS)))
        self._changes: list[Change] = []
        self._earlier: tuple[Mark, ...] = ()  # changes without a moment to take up: before every one kept
        self._first = position
        self.add(position, first)

    @property
    def end(self) -> float:
        """How far the training has come, in epochs."""
        return self._moments.positions[-1]

    @property
    def last_update(self) -> int:
        """The number of updates that it has come."""
        return self._moments.items[-1].update

    def add(self, position: float, snapshot: Snapshot) -> None:
        """Keep the newest moment."""
        self._moments.add(position, snapshot)

    def note_change(self, reached: float, position: float, before: Experiment, snapshot: Snapshot,
                    undone: Frame | None = None) -> None:  # fmt: skip
        """Keep the newest moment as one at which something was changed by hand.

        Changes at one update are one; one that only gives the training another length or title is none, and
        so is one that takes another back at the same update: `undone` is the moment before that one.
        """
        after = snapshot.experiment
        if before != after and _is_formal(before, after):
            self._rename(after)
        elif snapshot.update == 0:
            self._note_start(before, after, undone)
        else:
            same = [change for change in self._changes if change.snapshot.update == snapshot.update]
            if same:
                before, reached = same[0].mark.before, same[0].reached
                self._changes.remove(same[0])
            if before != after or undone is None or not _is_same_moment(undone.snapshot, snapshot):
                self._changes.append(Change(reached, Mark(position, before, after), snapshot))
                self._forget_oldest()
        self.add(position, snapshot)

    def take_up(self, marks: tuple[Mark, ...]) -> None:
        """Have these changes, of which no moment was kept, on the way here."""
        self._earlier = marks

    def marks(self, update: int) -> tuple[Mark, ...]:
        """Return what was changed before an update was made."""
        return (*self._earlier, *(one.mark for one in self._changes if one.snapshot.update < update))

    def _note_start(self, before: Experiment, after: Experiment, undone: Frame | None) -> None:
        """Take note of numbers put in before the first update; other settings are simply those it has."""
        if undone is not None and undone.snapshot.update == 0:
            self._earlier = undone.timeline.marks
        elif before == after or self._earlier:
            self._earlier = (Mark(0.0, after, after),)

    def at(self, position: float) -> Snapshot:
        """Return the last kept moment that is not later than a position."""
        index = bisect_right(self._moments.positions, position + ROUNDING) - 1
        found = self._moments.items[max(index, 0)]
        changed = [change for change in self._changes if change.mark.epoch <= position + ROUNDING]
        if changed and changed[-1].snapshot.update >= found.update:
            return changed[-1].snapshot
        return found

    def next_change(self, update: int) -> Change | None:
        """Return the first change after an update."""
        return next((change for change in self._changes if change.snapshot.update > update), None)

    def cut(self, update: int) -> None:
        """Forget what came after an update."""
        self._changes = [change for change in self._changes if change.snapshot.update <= update]
        kept = sum(item.update <= update for item in self._moments.items)
        del self._moments.items[max(kept, 1) :], self._moments.positions[max(kept, 1) :]

    def timeline(self, now: float) -> Timeline:
        """Return what the bar at the top shows of it, for a training that stands at a position."""
        marks = (*self._earlier, *(change.mark for change in self._changes))
        return Timeline(self._first, now, max(self.end, now), marks)

    def _rename(self, after: Experiment) -> None:
        """Give every moment the title and the length that hold now."""
        items = self._moments.items
        items[:] = [replace(item, experiment=_formally(item.experiment, after)) for item in items]
        self._earlier = tuple(_renamed(mark, after) for mark in self._earlier)
        for index, change in enumerate(self._changes):
            mark = _renamed(change.mark, after)
            snapshot = replace(change.snapshot, experiment=mark.after)
            self._changes[index] = replace(change, mark=mark, snapshot=snapshot)

    def _forget_oldest(self) -> None:
        """Begin at a later change when the changes take too much memory: without one there is no way past."""
        while len(self._changes) > 1 and sum(_bytes(each.snapshot) for each in self._changes) > CHANGES_BYTES:
            first = self._changes[1]
            self._earlier = (*self._earlier, self._changes.pop(0).mark)
            gone = sum(item.update < first.snapshot.update for item in self._moments.items)
            del self._moments.items[:gone], self._moments.positions[:gone]
            if not self._moments.items or self._moments.items[0].update > first.snapshot.update:
                self._moments.items.insert(0, first.snapshot)
                self._moments.positions.insert(0, first.mark.epoch)
            self._first = first.mark.epoch


def curves_until(curves: Curves, position: float, metrics: Mapping[str, float]) -> Curves:
    """Return what the curves were at a position, where the metrics are these."""
    count = int(np.searchsorted(curves.epochs, position - ROUNDING))
    last = {"epochs": position, **metrics}
    names = Curves.__slots__
    return Curves(*(np.append(getattr(curves, name)[:count], last.get(name, np.nan)) for name in names))


def path_until(path: Path, position: float, theta: NDArray[np.floating]) -> Path:
    """Return the path to a position, where the parameters are theta."""
    with np.errstate(over="ignore"):
        here = np.array(theta, dtype=np.float32)
    return (*(point for point in path if point[0] < position - ROUNDING), (position, here))


def _renamed(mark: Mark, like: Experiment) -> Mark:
    return replace(mark, before=_formally(mark.before, like), after=_formally(mark.after, like))


def _is_same_moment(one: Snapshot, other: Snapshot) -> bool:
    return np.array_equal(one.theta, other.theta) and np.array_equal(one.slots, other.slots)


def _bytes(snapshot: Snapshot) -> int:
    return snapshot.theta.nbytes + snapshot.slots.nbytes


def _is_formal(before: Experiment, after: Experiment) -> bool:
    """Whether two experiments that differ train alike: only title, or length without a schedule, differ."""
    return _formally(before, after) == after


def _formally(experiment: Experiment, like: Experiment) -> Experiment:
    """Return an experiment with another's title and, where nothing depends on it, its length."""
    epochs = like.training.epochs if experiment.schedule.name == "constant" else experiment.training.epochs
    training = msgspec.structs.replace(experiment.training, epochs=epochs)
    return msgspec.structs.replace(experiment, title=like.title, training=training)
