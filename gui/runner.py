"""The only file with threads: the training worker, the analysis pool, the one-slot mailbox.

Nothing here signals across threads. The worker leaves its newest frame in the mailbox and its events in a
queue; a timer in the window's thread looks into both, and only runs while something can change.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import math
import os
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

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

TICK = 16  # milliseconds between two looks into the mailbox
TURN = 0.0005  # seconds of Python that the other threads may do while the window's waits; 5 ms is usual
PATIENCE = 2.0  # seconds that closing waits for each kind of thread
NICE, BELOW_NORMAL = 5, -1  # how much less than others analyses get: Linux's number, and Windows'
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
            diverged = action(self._trainer)
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
        """Return the seconds until the speed limit lets the next batch be trained."""
        if math.isinf(self._speed):
            return 0.0
        missing = self._trainer.position + 1 / self._trainer.batches - self._allowed
        return min(missing / self._speed, 0.05)

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
        diverged = trainer.run_slice(limit, lambda: not self._commands.empty())
        self._rate.note(trainer.position)
        self._tell_moved()
        if diverged or trainer.stopped or trainer.epoch >= self._goal:
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


def give_way() -> None:
    """Let this thread have the processor only when the window and the training leave it.

    Linux and Windows have priorities of single threads; elsewhere nothing happens.
    """
    if sys.platform.startswith("linux"):
        os.nice(NICE)  # of this thread alone, there
    elif sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(ctypes.c_void_p(kernel.GetCurrentThread()), BELOW_NORMAL)


class Pool:
    """Two threads for analyses; results wait until the window's thread takes them."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(2, "analysis", give_way)
        self.results: deque[tuple[object, object, Exception | None]] = deque()
        self.running = 0
        self._computing: set[object] = set()

    def submit(self, ticket: object, job: Callable[[], object]) -> None:
        """Compute job() on a thread; (ticket, result, error) then appears among the results."""
        self.running += 1
        self._executor.submit(self._compute, ticket, job)

    def take(self) -> list[tuple[object, object, Exception | None]]:
        """Return the results that are ready."""
        ready = [self.results.popleft() for _ in range(len(self.results))]
        self.running -= len(ready)
        return ready

    def close(self, patience: float) -> bool:
        """Drop what waits, wait for what runs, so many seconds at most; return whether all has ended."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        end = time.monotonic() + patience
        while self._computing and time.monotonic() < end:
            time.sleep(0.002)
        if not self._computing:
            self._executor.shutdown(wait=True)
        return not self._computing

    def _compute(self, ticket: object, job: Callable[[], object]) -> None:
        self._computing.add(ticket)
        try:
            with np.errstate(all="ignore"):  # pictures of enormous weights show what they can
                self.results.append((ticket, job(), None))
        except Exception as error:
            logging.getLogger("relevo").exception("an analysis failed")
            self.results.append((ticket, None, error))
        finally:
            self._computing.discard(ticket)


class Runner(QObject):
    """Worker and pool as the window's thread sees them.

    Attributes:
        worker: takes the commands.
        ended: False once threads were left at work by closing.

    Signals:
        frame_ready(Frame): a newer moment of the training.
        happened(Event): something of the worker's events.
        analysed(ticket, result, error): an analysis is done.
        ticked(): after each look into the mailbox, last.
    """

    frame_ready = Signal(object)
    happened = Signal(object)
    analysed = Signal(object, object, object)
    ticked = Signal()

    def __init__(self, parent: QObject | None = None,
                 make: Callable[[Experiment], Session] = make_session) -> None:  # fmt: skip
        super().__init__(parent)
        sys.setswitchinterval(TURN)
        self.worker = Worker(make)
        self._pool = Pool()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        self._closed, self.ended = False, True
        self.worker.start()

    def wake(self) -> None:
        """Look for news from now on, until there can be none."""
        if not self._closed and not self._timer.isActive():
            self._timer.start()

    def submit(self, ticket: object, job: Callable[[], object]) -> None:
        """Compute job() on an analysis thread."""
        if not self._closed:
            self._pool.submit(ticket, job)
            self.wake()

    @property
    def idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        worker = self.worker
        if self._closed:
            return True
        return worker.idle and not worker.mailbox and not worker.events and not self._pool.running

    def close(self) -> None:
        """Stop timer and threads and wait for them, but not longer than a user would."""
        if not self._closed:
            self._closed = True
            self._timer.stop()
            trained = self.worker.close(PATIENCE)
            self.ended = self._pool.close(PATIENCE) and trained

    def _tick(self) -> None:
        worker = self.worker
        # Taken first: what was told before the frame, such as another experiment, is then there too.
        frame = worker.mailbox.popleft() if worker.mailbox else None
        while worker.events:
            self.happened.emit(worker.events.popleft())
        if frame is not None:
            self.frame_ready.emit(frame)
        for ticket, result, error in self._pool.take():
            self.analysed.emit(ticket, result, error)
        self.ticked.emit()
        if self.idle:
            self._timer.stop()
