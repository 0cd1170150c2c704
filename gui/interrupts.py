"""Ctrl+C in the console that started the program, which Qt would neither notice nor hand on."""

from __future__ import annotations

import signal
import socket
from types import TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Hears the system's requests to end, also while Qt waits; a context that gives them back afterwards.

    Python's own answer is an exception, and one that is raised while Qt calls a widget's method gets lost.

    Attributes:
        happened: whether there was one.

    Signals:
        came(): there was one.
    """

    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.happened = False
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        self._notifier = QSocketNotifier(self._ear.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def __enter__(self) -> Interrupts:
        self._before = {number: signal.signal(number, self._note) for number in SIGNALS}
        self._waker = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        signal.set_wakeup_fd(self._waker)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._ear.close()
        self._mouth.close()

    def check(self) -> None:
        """Raise KeyboardInterrupt if there was one."""
        if self.happened:
            raise KeyboardInterrupt

    def _note(self, *_: object) -> None:
        self.happened = True

    def _wake(self) -> None:
        self._ear.recv(64)
        self.happened = True
        self.came.emit()
