"""The training as the worker does it, in short slices, without any thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gui.divergence import REPLAY, gradient_norm, is_finite, stand_before
from gui.frame import ROUNDING, Diverged, Frame, Run, State
from gui.pace import Pace
from gui.puts import Put, put_back, put_in
from gui.way import Way

if TYPE_CHECKING:
    from engine.data import Data
    from engine.experiment import Experiment
    from engine.session import Session
    from engine.snapshot import Snapshot
    from engine.stopping import Stop

WAYS = 3  # trainings that were left of which the way is kept


@dataclass(frozen=True)
class Finished:
    """The training reached the epochs that the experiment asks for."""

    epochs: int


def make_session(experiment: Experiment) -> Session:
    """Return a new Session; the engine and its kernels are loaded here, off the window's thread."""
    from engine.session import Session

    return Session(experiment)


class Trainer:
    """One session with its histories, trained slice by slice.

    Attributes:
        session: the engine's session, None before the first `load`.
    """

    def __init__(self, make: Callable[[Experiment], Session] = make_session) -> None:
        self._make = make
        self.session: Session | None = None
        self._newest: Snapshot
        self._good: Snapshot  # the newest one that was measured and found finite
        self._way: Way
        self._ways: list[Way] = []  # of trainings that were left, the newest last
        self._moved = False
        self._metrics: dict[str, float] = {}
        self._diverged: Diverged | None = None  # where the newest snapshot stands just before it
        self._before: Run | None = None
        self._trained: tuple[Experiment, Data] | None = None  # of the last update, if any
        self._pace = Pace()
        self._measured = False

    def load(self, experiment: Experiment) -> None:
        """Start a new training at its initial weights; compiles what is not compiled yet.

        What was trained before stays to be compared with it, as after a reset.
        """
        self.session = None  # nothing rather than another experiment's, should this fail
        session = self._warm(experiment)
        self._ways = []  # no undo leads back to any of them
        self._begin(session)

    def change(self, experiment: Experiment, resume: Frame | None = None, puts: Sequence[Put] = ()) -> str:
        """Go on with another experiment; return "continues" or "restarts" (or "resumes" with a frame).

        `resume` is a frame of that same experiment, to go back to when the training had to restart, or when
        nothing was trained since. Else it goes on, and the numbers that the change put in by hand become what
        they were then. `puts` are such numbers, put in without a frame and back with one.
        """
        session, self.session = self.session, None  # half changed when this fails, as for want of memory
        if session is None:
            session, outcome = self._warm(experiment), "restarts"
        else:
            old, reached = session.experiment, session.epoch + session.batch / session.batches
            elsewhere = resume is not None and resume.initial is not session.initial
            outcome = session.change(experiment)
            if outcome == "restarts" or elsewhere:
                outcome = "restarts"
                self._leave(reached)
            if outcome == "continues" and resume is not None:
                self._undo(session, old, experiment, puts, resume.snapshot)
        if resume is None:
            put_in(session, puts)
        if outcome == "restarts" and resume is not None and self._resume(session, resume):
            return "resumes"
        if outcome == "restarts":
            self._begin(session)
        else:
            self.session = session
            self._note_change(reached, old, resume)
        return outcome

    def _undo(self, session: Session, old: Experiment, experiment: Experiment, puts: Sequence[Put],
              left: Snapshot) -> None:  # fmt: skip
        """Bring back the moment before a change, to the bit; after further updates only what it put in."""
        if left.update == session.update:
            session.restore(left)
            session.change(experiment)
        else:
            put_back(session, old, experiment, puts, left)

    def reset(self) -> None:
        """Return to the initial weights; :meth:`go_back` comes back from there."""
        session = self._make(self._session().experiment)
        self._leave(self.position)
        self._begin(session)

    def go_back(self, left: Frame) -> None:
        """Return to the moment of a training that a reset left, with its way."""
        self._resume(self._session(), left)

    def step_batch(self) -> Diverged | None:
        """Train one update."""
        self._session().step_batch()
        return self._checked()

    def step_epoch(self) -> Diverged | None:
        """Train to the end of the epoch."""
        if self._is_past:
            return self.run_to(self.epoch + 1, lambda: False)
        self._session().step_epoch()
        return self._checked()

    def go_to(self, position: float, interrupted: Callable[[], bool]) -> None:
        """Stand at an earlier moment, or a later one that was trained already, as near as can be had soon.

        Nothing is forgotten: training on from there comes to the same bits, changes on the way included.
        """
        session, deadline = self._session(), time.perf_counter() + REPLAY
        self._way.turn_back(self.position, self._newest)
        position = min(position, self._way.history.end)
        self._take(self._way.history.at(position))
        self._way.arrive(session.update)
        self._measure()
        while self._is_past and not interrupted() and time.perf_counter() < deadline:
            if session.epoch + session.batch / session.batches + 1 / session.batches > position + ROUNDING:
                break
            self.run_slice(position, interrupted)
        if not self._measured:
            self._checked()

    def measure_here(self) -> Diverged | None:
        """Measure at the moment at which it stands, where that was left out to be quick."""
        return None if self.session is None or self._measured else self._checked()

    @property
    def stopped(self) -> Stop | None:
        """The criterion that has just ended the training, if one has."""
        return self._session().stopped

    @property
    def epoch(self) -> int:
        """The number of completed epochs."""
        return self._session().epoch

    @property
    def epochs(self) -> int:
        """How many epochs the experiment asks for."""
        return self._session().experiment.training.epochs

    @property
    def position(self) -> float:
        """The place in the training, in epochs."""
        session = self._session()
        return session.epoch + session.batch / session.batches

    @property
    def batches(self) -> int:
        """The number of updates in an epoch."""
        return self._session().batches

    def run_slice(self, limit: float, interrupted: Callable[[], bool]) -> Diverged | None:
        """Train for about SLICE seconds but not beyond `limit` (in epochs), or until interrupted."""
        deadline = self._pace.begin_slice()
        self._measured = False
        first = self._session().update
        limit = min(limit, self._way.ahead(first)) + ROUNDING
        while self.position + 1 / self.batches <= limit and not interrupted():
            left = deadline - time.perf_counter()
            if left <= 0 or (self._session().update > first and self._pace.is_too_late(left)):
                break
            # How long an epoch takes is not known at first: a large network's could take minutes.
            whole = self._pace.is_quick and self._session().batch == 0 and self.position + 1 <= limit
            diverged = self._run_epochs(limit, left) if whole else self._run_batch()
            if diverged:
                return diverged
            if self.stopped:
                break
        self._pace.end_slice()
        if self._measured or self._newest.update == self._session().update:
            return None
        return self._checked(quick=True)

    def run_to(self, epochs: int, interrupted: Callable[[], bool]) -> Diverged | None:
        """Train to the end of an epoch, measuring at moments that no clock decides."""
        while self._is_past and self.epoch < epochs and not interrupted():
            diverged = self.run_slice(epochs, interrupted)
            if diverged or self.stopped:
                return diverged
        while self.epoch < epochs and not interrupted():
            self._session().run(min(self._chunk(), epochs - self.epoch))
            diverged = self._checked()
            if diverged or self.stopped:
                return diverged
        return None

    def frame(self, state: State, epochs_per_second: float = 0.0) -> Frame:
        """Return this moment as a frame."""
        session = self._session()
        curves, path = self._way.here(self.position, self._metrics, self._newest)
        return Frame(
            snapshot=self._newest, initial=session.initial, data=session.data, metrics=dict(self._metrics),
            curves=curves, path=path, epochs_per_second=epochs_per_second, state=state,
            diverged=self._diverged, timeline=self._way.timeline(self.position),
            before=self._before, later=self._way.whole[0] if self._way.whole else None,
        )  # fmt: skip

    def _warm(self, experiment: Experiment) -> Session:
        """Return a new session whose kernels are compiled."""
        session = self._make(experiment)
        session.step_batch()
        session.metrics()
        session.restore(session.initial)
        return session

    def _resume(self, session: Session, frame: Frame) -> bool:
        """Go back to the moment of an earlier frame with its histories, if it can be gone on from."""
        experiment = session.experiment
        session.restore(frame.snapshot)
        if session.change(experiment) != "continues":
            return False
        self.session = session
        self._pace.forget_epoch()
        session.initial = frame.initial  # the same bits: what belongs to this training is known by it
        self._take_up(frame)
        self._before, self._trained = frame.before, None
        if frame.snapshot.update:
            self._trained = frame.experiment, frame.data
        self._measure()
        return True

    def _leave(self, position: float) -> None:
        """Keep the way of the training that another one takes the place of: an undo may lead back."""
        self._way.leave(position, self._newest)
        others = [other for other in self._ways if other is not self._way]
        self._ways = [*others[1 - WAYS :], self._way]

    def _take_up(self, frame: Frame) -> None:
        """Have the way of the frame's training again, what came after the frame included if it was kept."""
        way = next((way for way in self._ways if way.initial is frame.initial), None)
        if way is None:
            self._start_way()
            self._way.take_up(frame.curves, frame.path)
            self._way.history.take_up(frame.timeline.past)
            return
        self._ways.remove(way)  # from now on it is trained, and changes
        self._way = way
        way.come_back(frame.snapshot.update)

    def _session(self) -> Session:
        if self.session is None:
            raise RuntimeError("no session is loaded")
        return self.session

    def _begin(self, session: Session) -> None:
        """Take a session that stands at its beginning; what was trained before is kept to be compared."""
        if self._trained is not None:
            self._before, self._trained = self._way.run(*self._trained, self._newest), None
        self.session = session
        self._pace.forget_epoch()
        self._start_way()
        self._measure()

    def take_moved(self) -> bool:
        """Return whether going through the past has brought another experiment since this was last asked."""
        moved, self._moved = self._moved, False
        return moved

    @property
    def _is_past(self) -> bool:
        """Whether it stands at an earlier moment of its way."""
        return self._way.whole is not None

    def _start_way(self) -> None:
        session = self._session()
        self._way = Way(session.initial, self.position, session.snapshot())

    def _take(self, snapshot: Snapshot) -> None:
        """Stand at a moment of this training."""
        session = self._session()
        self._moved = self._moved or session.experiment != snapshot.experiment
        session.restore(snapshot)

    def _follow(self) -> None:
        """Do what was done at this moment before; past the last one it is the present again."""
        changed = self._way.change_at(self._session().update)
        if changed is not None:
            self._take(changed)
        self._way.arrive(self._session().update)

    def _note_change(self, reached: float, before: Experiment, undone: Frame | None) -> None:
        """Measure after a change by hand; what came after this moment before is forgotten.

        `undone` is the moment before a change that this one takes back, or None. With no update since, what
        was put in and taken back is no part of the way.
        """
        session, way = self._session(), self._way
        if way.whole is not None:
            if way.history.last_update > session.update:
                self._before = way.run(before, session.data, self._newest)
            way.cut(self.position, self._metrics, self._newest)
        if undone is not None and undone.snapshot.update == session.update:
            way.take_up(undone.curves, undone.path)
        self._measure()
        way.note_change(reached, self.position, before, self._newest, undone)

    def _chunk(self) -> int:
        """Return how many epochs may pass between two measurements: few at first, when much happens."""
        return 1 + self.epoch // 16

    def _run_epochs(self, limit: float, seconds: float) -> Diverged | None:
        """Train as many epochs as fit, measured each when an epoch is long, else more rarely."""
        chunk, each = self._chunk(), self._pace.measures_each
        count = 1 if each else max(1, int(min(self._pace.epochs_in(seconds), chunk, limit - self.epoch)))
        start = time.perf_counter()
        self._session().run(count)
        self._pace.note_epoch((time.perf_counter() - start) / count)
        if not each and count < chunk:
            self._measured = False  # the end of the slice looks at it
            return None
        return self._checked()

    def _run_batch(self) -> Diverged | None:
        session, epoch, start = self._session(), self.epoch, time.perf_counter()
        session.step_batch()
        self._pace.note_epoch((time.perf_counter() - start) * self.batches)
        if session.epoch > epoch:
            return self._checked()
        self._measured = False
        return None

    def _checked(self, quick: bool = False) -> Diverged | None:
        """Measure; when something is no longer finite, go back to just before it happened."""
        self._follow()
        good, self._diverged = self._good, None
        session = self._session()
        self._trained = session.experiment, session.data
        if quick and self._pace.may_wait(inside=bool(session.batch)):
            self._measured = False
            self._newest = self._session().snapshot()
            finite = bool(np.isfinite(self._newest.theta).all())
        else:
            finite = self._measure(good)
        return None if finite else self._find_divergence(good)

    def _measure(self, good: Snapshot | None = None) -> bool:
        """Take snapshot and metrics, record them when they are finite; return whether they are."""
        session, start = self._session(), time.perf_counter()
        newest, metrics = session.snapshot(), session.metrics()
        self._pace.note_measuring(start)
        self._measured = True
        self._newest, self._diverged = newest, None
        if good is not None and not is_finite(newest, metrics):
            return False
        self._good = newest
        self._metrics = metrics
        left = session.before_restore  # the curves end with what the epoch itself came to
        ended = metrics if left is None else left.metrics(session.data)
        self._way.add(self.position, ended, newest)
        return True

    def _find_divergence(self, good: Snapshot) -> Diverged:
        """Stay before the update that broke it."""
        session = self._session()
        update = stand_before(session, good)
        self._measure()
        finite = is_finite(self._newest, self._metrics)
        self._diverged = Diverged(update, gradient_norm(session)) if finite else Diverged(0, None)
        return self._diverged
