"""How soon the window has answered what a user does, and what went wrong meanwhile."""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler

from engine.experiment import ExperimentError

if TYPE_CHECKING:
    from tests.gui.person import Person

BEAT = 5  # milliseconds between two signs of life of the window's thread
ANSWER = 0.05  # seconds within which a control answers
SAID_BY_QT = "This plugin does not support"  # what the platform in memory says of itself
LONGEST = 16  # gaps that are told
LOOK = 0.02  # seconds between two looks at what the window's thread does


class Answers(QObject):
    """Times every press of a key or a button until the window has handled it and is drawn again.

    Attributes
    ----------
    longest : seconds of the longest time between two signs of life of the window's thread, but for those in
        which it could have gone on and other programs had the cores
    while_playing : events during which it trained
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest, self.while_playing = 0.0, 0
        self._gaps: list[tuple[float, float, float, str, str]] = []
        self._looker = Looker()
        self._times: dict[str, list[tuple[float, float]]] = {}
        self._event: list[tuple[float, float]] = []
        self._name, self._answered = "", 0
        self._last, self._worked, self._queued = _clocks()
        self._beat = QTimer(self, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._note)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Note how long what is done in here takes."""
        begin, worked = time.perf_counter(), time.thread_time()
        yield
        self._event.append((time.perf_counter() - begin, time.thread_time() - worked))

    def begin(self, name: str, playing: bool, person: Person) -> None:
        """Another event begins."""
        self._name, self._event, self._answered = name, [], person.answered
        self.while_playing += playing

    def end(self, person: Person, name: str) -> None:
        """It is done; one in which a dialog waited for its answer says nothing about the window."""
        if person.answered == self._answered:
            self._times.setdefault(name, []).extend(self._event)

    def pause(self) -> None:
        """Look away."""
        self._beat.stop()

    def go_on(self) -> None:
        """Look again."""
        self._last, self._worked, self._queued = _clocks()
        self._beat.start()

    def _note(self) -> None:
        now, worked, queued = _clocks()
        gap, own, waited = now - self._last, worked - self._worked, queued - self._queued
        self._last, self._worked, self._queued = now, worked, queued
        places = self._looker.take()
        if gap > ANSWER:
            self._gaps.append((gap - waited, own, waited, self._name, places))
        self.longest = max(self.longest, gap - waited)

    def report(self) -> str:
        """Return everything in words, a line for each kind of event, the slowest first."""
        slow = sorted(self._gaps, reverse=True)[:LONGEST]
        over = sum(gap > ANSWER for gap, *_ in self._gaps)
        lines = [
            f"the window's thread was busy for {self.longest * 1e3:.0f} ms at most, {over} times over "
            f"{ANSWER * 1e3:.0f} ms; the longest, without the time in which others had the cores:"
        ]
        lines += [f"  {gap * 1e3:6.0f} ms, of which it computed {own * 1e3:.0f} ms (and {waited * 1e3:.0f} "
                  f"ms without)  in {name}: {places}" for gap, own, waited, name, places in slow]  # fmt: skip
        heads = ("inputs", "median", "99 %", "worst", f"over {ANSWER * 1e3:.0f} ms")
        lines.append(f"{'until an input is handled':26}" + "".join(f"{head:>11}" for head in heads)
                     + f"{'computed':>11}{'99 %':>11}{'worst':>11}")  # fmt: skip
        every = [each for times in self._times.values() for each in times]
        rows = sorted(self._times.items(), key=lambda row: -max(row[1], default=(0.0, 0.0))[0])
        for name, times in [*rows, ("all", every)]:
            if times:
                waited, own = (sorted(column) for column in zip(*times, strict=True))
                over = sum(each > ANSWER for each in waited) / len(waited)
                lines.append(f"  {name:24}{len(times):11,}{_spread(waited)}{over:11.1%}{_spread(own)}")
        return "\n".join(lines)


def _clocks() -> tuple[float, float, float]:
    """Return the time, what this thread computed, and how long it waited for a core (0 where none tells)."""
    queued = 0.0
    with suppress(OSError):
        queued = int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    return time.perf_counter(), time.thread_time(), queued


def _spread(times: list[float]) -> str:
    """Return median, 99th percentile and longest of sorted times."""
    shown = (median(times), times[int(0.99 * len(times))], times[-1])
    return "".join(f"{each * 1e3:8.1f} ms" for each in shown)


class Looker:
    """Looks again and again where in our files the window's thread is."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._main = threading.get_ident()
        threading.Thread(target=self._look, name="looker", daemon=True).start()

    def take(self) -> str:
        """Return where it was since this was last asked, most often first."""
        seen, self._seen = self._seen, Counter()
        return "; ".join(f"{place} x{times}" for place, times in seen.most_common(3))

    def _look(self) -> None:
        """Read the stack as Python prints it: frames of a thread that runs change while one goes through."""
        heading = f"Thread 0x{self._main:016x}"
        with tempfile.TemporaryFile(buffering=0) as file:
            while True:
                time.sleep(LOOK)
                file.seek(0)
                file.truncate()
                faulthandler.dump_traceback(file, all_threads=True)
                file.seek(0)
                stack = file.read().decode(errors="replace").partition(heading)[2].partition("\n\n")[0]
                self._seen[" < ".join(_ours(stack)[:4]) or "Qt"] += 1


def _ours(stack: str) -> list[str]:
    """Return the places of a printed stack that are in the window's files."""
    return [
        f"{path.rpartition(f'{os.sep}gui{os.sep}')[2]}:{name}:{line}"
        for path, line, name in re.findall(r'File "(.*)", line (\d+) in (.*)', stack)
        if f"{os.sep}gui{os.sep}" in path and f"{os.sep}tests{os.sep}" not in path
    ]


class Troubles:
    """Every exception that nobody caught, and every warning of Qt's.

    Attributes
    ----------
    all : each in words
    """

    def __init__(self) -> None:
        self.all: list[str] = []
        self._told = 0
        logging.getLogger("relevo").addHandler(Listening(self.note))
        sys.excepthook = lambda kind, error, trace: self.note(_words(kind, error, trace))
        sys.unraisablehook = lambda what: self.note(
            f"{what.object!r}: " + _words(what.exc_type, what.exc_value, what.exc_traceback)
        )
        threading.excepthook = lambda what: self.note(
            _words(what.exc_type, what.exc_value, what.exc_traceback)
        )
        warnings.showwarning = lambda words, kind, file, line, *_: self.note(
            "".join(traceback.format_stack(limit=12)) + f"{kind.__name__}: {words} ({file}:{line})"
        )
        warnings.simplefilter("always")
        qInstallMessageHandler(self._take_message)

    def note(self, words: str) -> None:
        """Note one."""
        self.all.append(words)

    def tell(self, count: int, events: list[str]) -> None:
        """Print what is new, and what was done before it."""
        for words in self.all[self._told :]:
            print(f"at event {count}, after {' '.join(events)}:\n{words}", file=sys.stderr, flush=True)
        self._told = len(self.all)

    def counted(self) -> list[tuple[str, int]]:
        """Return them by their last line, the most frequent first."""
        return Counter(words.strip().splitlines()[-1] for words in self.all).most_common()

    def _take_message(self, kind: QtMsgType, _context: object, words: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not words.startswith(SAID_BY_QT):
            self.note(f"Qt: {words}")


class Listening(logging.Handler):
    """Hears what the program logs, but for what a user did wrong and was told."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__()
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        """Note a record of the log."""
        kind, error, trace = record.exc_info or (None, None, None)
        if kind is None or not issubclass(kind, ExperimentError):
            self._note(record.getMessage() if kind is None else _words(kind, error, trace))


def _words(kind: type[BaseException], error: BaseException | None, trace: object) -> str:
    return "".join(traceback.format_exception(kind, error, trace))  # type: ignore[arg-type]
