"""What there is in the process at one moment of rest, and what many such moments say about growth."""

from __future__ import annotations

import gc
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from types import FunctionType, MethodType

from numba.core.dispatcher import Dispatcher
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Object, isValid

from benchmarks.play import more, resident

OURS, QT = ("engine", "gui"), ("PySide6", "shiboken6")
COMPILED = "engine.inlining"  # what stays of compiling a kernel
HARNESS = ("hypothesis", "benchmarks", "tests")
SPARE = 40  # things that may be more: what is on its way when stock is taken
WARM = 3  # sittings before growth counts: caches fill


@dataclass(frozen=True)
class Stock:
    """What there is at one moment of rest.

    Attributes
    ----------
    events : done before it
    children : what is in the windows, by Qt's own list
    objects : what Python's garbage collector knows, by kind; what hypothesis and the bench have is left out
    dead : those of them whose half in Qt is gone
    kernels : compiled or loaded from the cache by then
    megabytes : of memory that the process holds
    """

    events: int
    threads: list[str]
    timers: Counter[str]
    running: Counter[str]
    widgets: Counter[str]
    children: Counter[str]
    objects: Counter[str]
    dead: Counter[str]
    kernels: int
    megabytes: float

    @classmethod
    def taken(cls, events: int) -> Stock:
        """Take stock of the process, what was to be deleted gone."""
        for _ in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
            gc.collect()
        things = gc.get_objects()
        timers = [each for each in things if isinstance(each, QTimer) and isValid(each)]
        return cls(
            events,
            sorted(thread.name.partition("_")[0] for thread in threading.enumerate()),
            _types(timers),
            _types(each for each in timers if each.isActive()),
            _types(QApplication.allWidgets()),
            _children(QApplication.topLevelWidgets()),
            Counter(kind for each in things if not (kind := kind_of(each)).startswith(HARNESS)),
            _types(each for each in things if isinstance(each, Object) and not isValid(each)),
            kernels(),
            resident(),
        )

    def of(self, *families: str) -> Counter[str]:
        """Return the objects of some packages, but for what compiling leaves."""
        return Counter({
            kind: count for kind, count in self.objects.items()
            if kind.startswith(families) and not kind.startswith(COMPILED)
        })  # fmt: skip

    def leaked(self, later: Stock) -> bool:
        """Whether there is more later than can be on its way."""
        return later.threads != self.threads or any(
            each.total() - before.total() > SPARE
            for before, each in (
                (self.timers, later.timers),
                (self.widgets, later.widgets),
                (self.children, later.children),
            )  # fmt: skip
        )


class Stocks:
    """The stocks of a session, one after each sitting."""

    def __init__(self) -> None:
        self.all: list[Stock] = []

    def __len__(self) -> int:
        return len(self.all)

    def take(self, events: int) -> None:
        """Take another one."""
        self.all.append(Stock.taken(events))

    @property
    def warm(self) -> list[Stock]:
        """Return those that count."""
        return self.all[min(WARM, len(self.all) - 2) :]

    def leaked(self) -> bool:
        """Whether anything grows, objects by more than SPARE in 1,000 events."""
        return self.warm[0].leaked(self.warm[-1]) or any(
            self._rate(count) > SPARE
            for count in (lambda stock: stock.of(*OURS).total(), lambda stock: stock.dead.total())
        )

    def report(self) -> str:
        """Return in words how much there was of everything, and is."""
        before, after = self.warm[0], self.warm[-1]
        rows = [
            f"  threads: {len(before.threads)} then, {len(after.threads)} now ({', '.join(after.threads)})",
            *(_row(name, getattr(before, key), getattr(after, key)) for name, key in (
                ("timers", "timers"), ("running timers", "running"), ("widgets", "widgets"),
                ("children of windows", "children"), ("wrappers whose half in Qt is gone", "dead"))),
            *(_row(name, before.of(*families), after.of(*families)) + f"; {self._pace(families)}"
              for name, families in (("Relevo's own objects", OURS), ("Qt's objects", QT))),
            _row("all of Python's objects", before.objects, after.objects),
            f"  memory: {before.megabytes:.0f} MB then, {after.megabytes:.0f} MB now",
        ]  # fmt: skip
        return "\n".join([*rows, *self._beside_kernels()])

    def _pace(self, families: tuple[str, ...]) -> str:
        return f"by medians {self._rate(lambda stock: stock.of(*families).total()):+.1f} in 1,000 events"

    def _rate(self, count: Callable[[Stock], float]) -> float:
        """Return the growth in 1,000 events from the first third of the sittings to the last."""
        third = max(len(self.warm) // 3, 1)
        first, last = self.warm[:third], self.warm[-third:]
        events = median(stock.events for stock in last) - median(stock.events for stock in first)
        return 1000 * (median(map(count, last)) - median(map(count, first))) / max(events, 1)

    def _beside_kernels(self) -> list[str]:
        """Tell the sittings in which kernels were compiled or loaded from those in which none was."""
        pairs = list(zip(self.warm, self.warm[1:], strict=False))
        with_them = [pair for pair in pairs if pair[1].kernels > pair[0].kernels]
        without = [pair for pair in pairs if pair[1].kernels == pair[0].kernels]
        came = self.warm[-1].kernels - self.warm[0].kernels
        return [
            f"    in {len(chosen)} sittings, {what}: {_sum(chosen, lambda each: each.megabytes):+.1f} MB, "
            f"{_sum(chosen, lambda each: each.objects.total()):+,.0f} objects"
            for chosen, what in ((with_them, f"{came} more kernels"), (without, "no more"))
        ]  # fmt: skip


def kernels() -> int:
    """Return how many kernels were compiled or loaded from the cache so far, without what is inlined."""
    ours = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == "engine"]
    found = {id(each): each for module in ours for each in vars(module).values()}
    return sum(
        len(each.overloads) for each in found.values()
        if isinstance(each, Dispatcher) and not each.targetoptions.get("no_cpython_wrapper")
    )  # fmt: skip


def kind_of(thing: object) -> str:
    """Return what an object is; of a function or method where it is written."""
    if isinstance(thing, MethodType):
        thing = thing.__func__
    if isinstance(thing, FunctionType):
        return f"{thing.__module__}.{thing.__qualname__}()"
    return f"{type(thing).__module__}.{type(thing).__qualname__}"


def _sum(pairs: list[tuple[Stock, Stock]], count: Callable[[Stock], float]) -> float:
    return sum(count(after) - count(before) for before, after in pairs)


def _row(name: str, before: Counter[str], after: Counter[str]) -> str:
    return f"  {name}: {before.total():,} then, {after.total():,} now; more {more(before, after)}"


def _types(things: Iterable[object]) -> Counter[str]:
    return Counter(type(thing).__name__ for thing in things)


def _children(tops: list[QWidget]) -> Counter[str]:
    """Return the kinds of all that is in windows, as Qt itself lists them.

    To ask for them in Python would keep a wrapper of each for as long as its window lives.
    """
    lines: list[str] = []
    before = qInstallMessageHandler(lambda _kind, _context, words: lines.append(words))
    for top in tops:
        top.dumpObjectTree()
    qInstallMessageHandler(before)
    return Counter(line.strip().partition("::")[0] for line in lines)
