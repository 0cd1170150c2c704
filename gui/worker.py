"""The training thread: what it is told comes through a queue; what it has to tell waits to be fetched."""

from __future__ import annotations

import gc
import logging
import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from gui.events import Changed, Endless, Event, Failed, Loaded, Moved, Stopped
from gui.frame import Frame, State
from gui.rate import Rate
from gui.trainer import Diverged, Finished, Trainer, make_session

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.session import Session
    from gui.puts import Put

    Wanted = tuple[Experiment, Frame | None, tuple[Put, ...]]

Command = Callable[[], None]

SHORTEST_WAIT = 0.008  # seconds: more looks than that the eye would not see
LONGEST_HOLD = 0.1  # seconds to wait for a slice to end
SLOW = 0.25  # seconds after which a command counts as preparing


class Change:
    """A command to go on with another experiment; while it waits, a newer one may take its place.

    Attributes:
        wanted: the experiment, a frame of it to resume at or None, and numbers put in by hand.
        edits: how many experiments the window has given by now.
    """

    def __init__(self, function: Callable[[Change], None], wanted: Wanted, edits: int) -> None:
        self._function, self.wanted, self.edits = function, wanted, edits

    def __call__(self) -> None:
        self._function(self)


class Visit:
    """A command to go to another moment; while it waits, a newer one may take its place.

    Attributes:
        position: the moment, in epochs.
    """

    def __init__(self, function: Callable[[Visit], None], position: float) -> None:
        self._function, self.position = function, position

    def __call__(self) -> None:
        self._function(self)


class Worker:
    """The training thread. Methods without underscore are for the window's thread and only post.

    Attributes:
        mailbox: holds the newest frame or nothing.
        events: what happened, oldest first.
    """

    def __init__(self, make: Callable[[Experiment], Session] = make_session) -> None:
        self.mailbox: deque[Frame] = deque(maxlen=1)
        self.events: deque[Event] = deque()
        self._trainer = Trainer(make)
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._experiment: Experiment | None = None  # what is to be trained, also when it could not be loaded
        self._edits = 0  # how many experiments the window had given when the one now came
        self._newest_change: Change | None = None  # the last command posted, when it is a change
        self._newest_visit: Visit | None = None  # the same, when it is a visit
        self._open = 0  # commands posted and not done yet; counted on one side and down on the other
        self._turn = threading.RLock()  # held during a slice; the window holds it while it changes its look
        self._next = threading.RLock()  # held by who waits for the turn: a lock alone is given to anybody
        self._posting = threading.Lock()  # for these two
        self._at_work = False
        self._busy_since = math.inf
        self._speed = math.inf
        self._play = 0
        self._goal = math.inf
        self._allowed = 0.0
        self._playing = self._closing = False
        self._rate = Rate()
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self, patience: float) -> bool:
        """Stop the thread and wait for it, so many seconds at most; return whether it has ended.

        A kernel that runs cannot be interrupted, and one update of a large network takes long.
        """
        self._closing = True
        self.post(lambda: None)
        self._thread.join(patience)
        return not self._thread.is_alive()

    @property
    def idle(self) -> bool:
        """Whether nothing can come from it before it is told something."""
        # In this order: work that ends the playing is at work until everything of it is published.
        return not self._open and not self._playing and not self._at_work

    @property
    def slow(self) -> bool:
        """Whether it has been at one command for a noticeable time."""
        return time.perf_counter() - self._busy_since > SLOW

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the training from its next slice: what takes thousands of turns in Python is done sooner.

        A slice that takes long is not waited for.
        """
        with self._next:
            mine = self._turn.acquire(timeout=LONGEST_HOLD)
            try:
                yield
            finally:
                if mine:
                    self._turn.release()

    def post(self, command: Command) -> None:
        """Have the thread call a function."""
        with self._posting:
            self._newest_change = command if isinstance(command, Change) else None
            self._newest_visit = command if isinstance(command, Visit) else None
            self._open += 1
        self._commands.put(command)

    def load(self, experiment: Experiment, edits: int = 0, epochs: int = 0) -> None:
        """Begin a new training, and train so many epochs of it at once."""

        def command() -> None:
            self._playing, self._edits = False, edits
            self._experiment = experiment
            self._trainer.load(experiment)
            self._trainer.run_to(epochs, lambda: self._closing)
            _set_aside()
            self.events.append(Loaded())
            self._publish()

        self.post(command)

    def change(self, experiment: Experiment, resume: Frame | None = None, puts: Sequence[Put] = (),
               edits: int = 0) -> None:  # fmt: skip
        """Go on with another experiment; of several that wait in a row, only the newest is carried out.

        One that puts in numbers by hand is carried out in any case.
        """
        with self._posting:
            waiting = self._newest_change
            if waiting is not None and not puts and not waiting.wanted[2]:
                waiting.wanted, waiting.edits = (experiment, resume, ()), edits
                return
        self.post(Change(self._change, (experiment, resume, tuple(puts)), edits))

    def go_to(self, position: float) -> None:
        """Pause and stand at another moment of this training; of several in a row, only at the newest."""
        with self._posting:
            if self._newest_visit is not None:
                self._newest_visit.position = position
                return
        self.post(Visit(self._visit, position))

    def play(self, number: int) -> None:
        """Train until paused, or to the end of the experiment's epochs when that is still ahead."""

        def command() -> None:
            self._play = number
            self._make_ready()
            self._playing = True
            ends = self._trainer.epoch < self._trainer.epochs
            self._goal = self._trainer.epochs if ends else math.inf
            if not ends:
                self.events.append(Endless(self._trainer.epochs))
            self._allowed = self._trainer.position
            self._rate = Rate()

        self.post(command)

    def pause(self) -> None:
        """Stop training between two batches."""

        def command() -> None:
            self._playing = False
            diverged = self._trainer.measure_here()
            if diverged:
                self.events.append(Stopped(self._play, diverged))
            self._publish()

        self.post(command)

    def do(self, action: Callable[[Trainer], Diverged | None]) -> None:
        """Pause, have the trainer do something and show what came of it."""

        def command() -> None:
            self._playing = False
            self._make_ready()
            diverged = action(self._trainer) or self._trainer.measure_here()
            if diverged:
                self.events.append(Stopped(self._play, diverged))
            self._publish()

        self.post(command)

    def run_to(self, epochs: int) -> None:
        """Train to the end of an epoch at full speed, showing only the end."""
        self.do(lambda trainer: trainer.run_to(epochs, lambda: self._closing))

    def set_speed(self, epochs_per_second: float) -> None:
        """Train at most so fast; infinity is as fast as it goes."""

        def command() -> None:
            self._speed = epochs_per_second
            if self._playing:
                self._allowed = self._trainer.position

        self.post(command)

    def _work(self) -> None:
        last = time.perf_counter()
        while not self._closing:
            command = self._next_command()
            now = time.perf_counter()
            elapsed, last = now - last, now
            if command:
                self._obey(command)
            elif self._playing:
                self._at_work = True
                self._survive(partial(self._go_on, elapsed))
                self._at_work = False

    def _survive(self, work: Command) -> None:
        """Do some work; tell of it when it fails, and stand still then."""
        try:
            with np.errstate(all="ignore"):  # what overflows is found and said as a divergence
                work()
        except Exception as error:
            logging.getLogger("relevo").exception("the training thread failed")
            self.events.append(Failed(self._play, error))
            self._playing = False

    def _next_command(self) -> Command | None:
        """Return the next command; wait for it unless there is training to do."""
        try:
            if not self._playing:
                return self._commands.get()
            wait = self._waiting()
            return self._commands.get(timeout=wait) if wait > 0 else self._commands.get_nowait()
        except queue.Empty:
            return None

    def _waiting(self) -> float:
        """Return the seconds until the next batch may be trained, or the next few where they are many."""
        if math.isinf(self._speed):
            return 0.0
        missing = self._trainer.position + 1 / self._trainer.batches - self._allowed
        return min(max(missing / self._speed, SHORTEST_WAIT), 0.05) if missing > 0 else 0.0

    def _obey(self, command: Command) -> None:
        self._busy_since = time.perf_counter()
        self._survive(command)
        self._busy_since = math.inf
        with self._posting:  # last: what it published is there when it counts as done
            self._open -= 1

    def _make_ready(self) -> None:
        """Load the experiment once more when that failed before, to train it or to say why not."""
        if self._trainer.session is None and self._experiment is not None:
            self._trainer.load(self._experiment)

    def _change(self, command: Change) -> None:
        with self._posting:
            if self._newest_change is command:
                self._newest_change = None
            experiment, resume, puts = command.wanted
        self._experiment, self._edits = experiment, command.edits
        untouched = self._trainer.session is None or self._trainer.position == 0
        outcome = self._trainer.change(experiment, resume, puts)
        outcome = "continues" if untouched and outcome == "restarts" else outcome
        self._allowed = self._trainer.position
        if math.isfinite(self._goal) or self._trainer.epoch < self._trainer.epochs:
            self._goal = self._trainer.epochs
        self.events.append(Changed(outcome))
        self._publish()

    def _visit(self, command: Visit) -> None:
        with self._posting:
            if self._newest_visit is command:
                self._newest_visit = None
        self._playing = False
        self._make_ready()
        self._trainer.go_to(command.position, lambda: not self._commands.empty())
        self._publish()

    def _tell_moved(self) -> None:
        """Tell that the training has another experiment, which it had at this moment before."""
        if self._trainer.session is not None and self._trainer.take_moved():
            self._experiment = self._trainer.session.experiment
            self.events.append(Moved(self._experiment, self._edits))

    def _go_on(self, elapsed: float) -> None:
        """Train one slice and show it."""
        trainer, limit = self._trainer, self._goal
        if math.isfinite(self._speed):
            # What could not be kept up with is forgotten, so that nothing has to be caught up.
            most = trainer.position + max(0.1 * self._speed, 1.5 / trainer.batches)
            self._allowed = min(self._allowed + elapsed * self._speed, most)
            limit = min(limit, self._allowed)
            if limit < trainer.position + 1 / trainer.batches:
                return
        with self._next:
            pass  # whoever waits for the turn has it first
        with self._turn:
            diverged = trainer.run_slice(limit, lambda: not self._commands.empty())
        self._rate.note(trainer.position)
        self._tell_moved()
        if diverged or trainer.stopped or trainer.epoch >= self._goal:
            diverged = diverged or trainer.measure_here()
            self._playing = False
            reason = diverged or trainer.stopped or Finished(trainer.epochs)
            self.events.append(Stopped(self._play, reason))
            self._publish()
        elif not self.mailbox:  # a frame that nobody took yet is new enough: making one costs time
            self._publish()

    def _publish(self) -> None:
        self._tell_moved()
        if self._trainer.session is not None:
            state: State = "playing" if self._playing else "paused"
            self.mailbox.append(self._trainer.frame(state, self._rate.value if self._playing else 0.0))


@cache
def _set_aside() -> None:
    """Take all that is loaded by now, once, out of what the garbage collector looks through.

    Libraries and compiled kernels stay for good, and a look through them holds the window up for 50 ms.
    """
    gc.collect()
    gc.freeze()
