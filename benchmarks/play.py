"""What ten minutes of play take of memory: the real window, drawn into memory, and what is alive in it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
from collections import Counter
from pathlib import Path

from benchmarks.watch import let_run
from benchmarks.window import close, opened
from engine import Experiment

WARM = 1.0  # minutes after which what grows counts
MOST = 10.0  # megabytes that it may grow by then
ENDLESS = 10_000_000  # epochs: the most that a file may ask for
NOT_OURS = ("numba", "llvmlite", "hypothesis")  # what compiling and choosing events leave behind
SHOWN = 12  # kinds of objects of which there are more than before


def resident() -> float:
    """Return the megabytes that the process has in memory, what freed blocks hold given back first."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):  # where it is not glibc
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def kinds() -> Counter[str]:
    """Return how many objects of each kind Python's collector knows, but for those of the compiler."""
    return Counter(
        f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.get_objects()
        if not type(thing).__module__.startswith(NOT_OURS)
    )  # fmt: skip


def more(before: Counter[str], after: Counter[str]) -> str:
    """Return of what there is more, most of it first."""
    grown = (after - before).most_common(SHOWN)
    return ", ".join(f"{name} +{count}" for name, count in grown) or "nothing"


def play(name: str, experiment: Experiment, minutes: float, speed: float) -> tuple[str, bool]:
    """Play an experiment; print its memory each minute. Return a summary, and whether it is within MOST."""
    window, controller = opened(experiment)
    controller.set_speed(speed)
    controller.edit("training.epochs", ENDLESS, "")
    controller.play()
    print(f"{name}, {speed:g} epochs a second, {minutes:g} minutes:", flush=True)
    seen: list[float] = []
    counts: list[Counter[str]] = []
    steps = [WARM, *(float(minute) for minute in range(2, int(minutes) + 1))]
    at = 0.0
    for minute in steps:
        let_run(60 * (minute - at))
        at = minute
        seen.append(resident())
        counts.append(kinds())
        epoch = controller.frame.epoch if controller.frame is not None else 0
        print(f"  {minute:4.0f} min  {seen[-1]:7.1f} MB  {counts[-1].total():8,} objects  epoch {epoch:,}",
              flush=True)  # fmt: skip
    grown = seen[-1] - seen[0]
    close(window, controller)
    let_run(0.2)
    words = (
        f"  grown by {grown:.1f} MB since minute {WARM:g}; of Python's objects: {more(counts[0], counts[-1])}"
    )
    return words, grown < MOST
