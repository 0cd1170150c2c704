"""The analysis threads: they have the processor when the window and the training leave it."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

NICE, BELOW_NORMAL = 10, -1  # how much less than others analyses get: Linux's number, and Windows'


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
