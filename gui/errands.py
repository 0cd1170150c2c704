"""Longer work that a control asks for, such as reading a file: with progress, and given up when unwanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import ExperimentError

if TYPE_CHECKING:
    from gui.runner import Runner

Job = Callable[[Callable[[float], None]], object]


class Cancelled(Exception):
    """Nobody waits for the work any more."""


class Errand(QObject):
    """One piece of work on an analysis thread; its signals come in the window's thread.

    Attributes:
        share: how much of it is done, from 0 to 1
        wanted: False once it was given up: then nothing comes of it

    Signals:
        progressed(float): how much of it is done
        done(object): what it came to
        failed(Exception): what it raised
    """

    progressed = Signal(float)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.share, self.wanted = 0.0, True
        self._job, self._told = job, 0.0

    def cancel(self) -> None:
        """Give it up at its next look."""
        self.wanted = False

    def work(self) -> object:
        """Do it, on whatever thread; what it raises of an experiment's errors is its result."""
        try:
            return self._job(self._watch)
        except (Cancelled, ExperimentError) as error:
            return error

    def _watch(self, share: float) -> None:
        if not self.wanted:
            raise Cancelled
        self.share = share

    def tell(self) -> None:
        """Say how far it is, if that is news: for the window's thread."""
        if self.wanted and self.share != self._told:
            self._told = self.share
            self.progressed.emit(self.share)

    def finish(self, result: object, error: Exception | None) -> None:
        """Say what came of it: for the window's thread."""
        if not self.wanted or isinstance(result, Cancelled):
            return
        error = error or (result if isinstance(result, Exception) else None)
        if error is not None:
            self.failed.emit(error)
        else:
            self.done.emit(result)


class Errands(QObject):
    """Runs errands on the analysis threads and hands their news on."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._open: list[Errand] = []
        runner.analysed.connect(self._finish)
        runner.ticked.connect(self._tell)

    def start(self, job: Job) -> Errand:
        """Have a thread call ``job(watch)``; the job calls ``watch(share)`` now and then."""
        errand = Errand(job)
        self._open.append(errand)
        self._runner.submit(errand, errand.work)
        return errand

    def close(self) -> None:
        """Give everything up."""
        for errand in self._open:
            errand.cancel()

    def _tell(self) -> None:
        for errand in self._open:
            errand.tell()

    def _finish(self, ticket: object, result: object, error: Exception | None) -> None:
        if isinstance(ticket, Errand):
            self._open.remove(ticket)
            ticket.finish(result, error)
