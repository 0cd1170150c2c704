"""Worker and pool as the window's thread sees them.

Nothing here signals across threads. The worker leaves its newest frame in the mailbox and its events in a
queue; a timer in the window's thread looks into both, and only runs while something can change.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gui.i18n import language
from gui.pool import Pool
from gui.theme import themes
from gui.trainer import make_session
from gui.worker import Worker

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.session import Session

TICK = 16  # milliseconds between two looks into the mailbox
TURN = 0.0001  # seconds of Python that other threads may do while one waits for its turn; 5 ms is usual
PATIENCE = 2.0  # seconds that closing waits for each kind of thread


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
        language.quiet = themes.quiet = self._quiet = self.worker.held
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
            if themes.quiet is self._quiet:
                language.quiet = themes.quiet = nullcontext
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
