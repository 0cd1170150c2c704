"""python -m benchmarks.controls: how soon every control of the window answers while it trains.

Mouse and keys go to the real window, drawn into memory, while 2-8-8-1 trains at full speed. For each control:
the time until the window has handled what was done and is drawn again, and the longest turn of its event loop
in the moment after that. Other programs make the time of the clock longer, not that of the window's thread on
the processor, by which the table is sorted.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox

from benchmarks import table
from benchmarks.controls_list import Act, acts
from benchmarks.watch import let_run
from benchmarks.window import EXAMPLES, opened
from engine import Experiment
from gui.i18n import language
from gui.theme import themes
from tests.gui import person
from tests.gui.person import Person

ANSWER = 0.05  # seconds within which a control answers
AFTER = 0.2  # seconds in which the turns after the answer are watched
BEAT = 10  # milliseconds between two events at least, in a window that does nothing
CALM = 0.1  # seconds of plain training before something is done


@dataclass
class Answer:
    """How long the window's thread worked after something was done, in seconds.

    Attributes
    ----------
    drawn : until a window was drawn for the first time
    whole : until all was done that followed at once, the drawing of newer moments of the training included
    clock : the same by the clock
    after : in the longest turn of the event loop in the moment after it
    """

    drawn: float
    whole: float
    clock: float
    after: float = 0.0


class Hands(Person):
    """A person who closes every dialog that waits in a loop of its own, and notes when it stood there."""

    asked: float | None = None

    def act(self, function: Callable[[], object]) -> None:
        """Do what the desktop would do, and nothing else."""
        self._do(function)

    def _answer_one(self, asks: QFileDialog | QMessageBox | QMenu) -> None:
        if self.asked is None:
            self.asked = time.thread_time()
        asks.close() if isinstance(asks, QMenu) else asks.reject()


class Paintings(QObject):
    """Notes when a window has been drawn, or is gone.

    Attributes
    ----------
    done : the thread's time when that was the case for the first time since this was set to None
    """

    ENDED = QEvent.Type(QEvent.registerEventType())

    def __init__(self) -> None:
        super().__init__()
        self.done: float | None = None
        self._watched: set[int] = set()

    def watch(self) -> None:
        """Watch all windows, menus and popups that there are."""
        for window in QApplication.topLevelWidgets():
            if id(window) not in self._watched:
                self._watched.add(id(window))
                window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Have oneself called as soon as the drawing that begins is over."""
        if event.type() == QEvent.Type.Paint:
            QApplication.postEvent(self, QEvent(self.ENDED), Qt.EventPriority.HighEventPriority.value)
        elif event.type() == QEvent.Type.Hide and self.done is None:
            self.done = time.thread_time()
        return False

    def event(self, event: QEvent) -> bool:
        """Note the end of a drawing."""
        if event.type() == self.ENDED and self.done is None:
            self.done = time.thread_time()
        return super().event(event)


class Bench:
    """A window that trains, and what each control took."""

    def __init__(self, folder: Path) -> None:
        person.READING = 1  # as soon as it stands there
        self.first = Experiment.load(EXAMPLES / "spiral.json")
        self.window, self.controller = opened(self.first)
        self.first = self.controller.experiment
        self.person = Hands(self.window, folder, self._timed)
        self._paintings = Paintings()
        self.answers: dict[str, list[Answer]] = {}
        self._events: list[Answer] = []

    def measure(self, act: Act) -> None:
        """Do one thing and note the longest times of its events."""
        self.go_home()
        act.before(self)
        let_run(CALM)
        self._events = []
        act.do(self)
        if self._events:
            columns = zip(*map(astuple, self._events), strict=True)
            slowest = Answer(*(max(column) for column in columns))
            slowest.after = longest_turn(AFTER)
            self.answers.setdefault(act.name, []).append(slowest)

    @contextmanager
    def _timed(self) -> Iterator[None]:
        self._paintings.watch()
        self.person.asked = self._paintings.done = None
        clock, begin = time.perf_counter(), time.thread_time()
        yield
        self._paintings.watch()
        if self.person.asked is None:
            QApplication.processEvents()  # what was posted: new places, and the painting after it
        end = self.person.asked or time.thread_time()
        drawn = min(self._paintings.done or end, end)
        self._events.append(Answer(drawn - begin, end - begin, time.perf_counter() - clock))

    def go_home(self) -> None:
        """Come back to the first experiment, training at full speed, nothing open."""
        events, window, controller = self._events, self.window, self.controller
        self.person.put_away()
        window.network.canvas.motion.stop()
        window.result.points.set_on(False)
        window.set_full_screen(False)
        if window.projector:
            window.set_projector(False)
        if window.arranger.only is not None:
            window.show_only(None)
        language.set("en")
        themes.set("dark")
        for card in list(window.arranger.order.apart):
            window.arranger.bring_back(card)
        if window.arranger.order != type(window.arranger.order)():
            window.reset_layout()
        window.resize(1920, 1080)
        if controller.experiment != self.first:
            controller.begin(self.first)
        controller.select(None)
        while controller.state == "preparing":
            let_run(0.05)
        controller.set_speed(float("inf"))
        controller.play()
        for open_one in QApplication.topLevelWidgets():
            if isinstance(open_one, QDialog) and open_one.isVisible():
                open_one.reject()
        window.activateWindow()  # no desktop does that here
        window.network.canvas.setFocus()
        self._events = events

    def close(self) -> None:
        """Close the window without a question."""
        self.person.put_away()
        self.controller.disk.give_up_changes()
        self.window.close()


def longest_turn(seconds: float) -> float:
    """Let the window work; return the thread's time in the longest turn of its event loop."""
    loop, longest = QEventLoop(), 0.0
    beat = QTimer()
    beat.start(BEAT)  # an event at least
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.thread_time()
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        longest = max(longest, time.thread_time() - begin)
    return longest


def report(answers: dict[str, list[Answer]]) -> str:
    """Return a line for each control, the slowest first."""
    heads = ("times", "drawn", "worst", "whole", "after", "clock")
    lines = [f"{'milliseconds of the thread of the window':44}" + "".join(f"{head:>9}" for head in heads)]
    rows = {name: _middle(times) for name, times in answers.items()}
    for name, row in sorted(rows.items(), key=lambda row: -max(row[1][0], row[1][3])):
        numbers = "".join(f"{each * 1e3:9.1f}" for each in row)
        lines.append(f"  {name[:42]:42}{len(answers[name]):9}{numbers}")
    slow = [name for name, row in rows.items() if max(row[0], row[3]) > ANSWER]
    lines.append(f"{len(rows)} controls, {len(slow)} over {ANSWER * 1e3:.0f} ms")
    return "\n".join(lines)


def _middle(times: list[Answer]) -> tuple[float, ...]:
    drawn = [each.drawn for each in times]
    return (
        median(drawn), max(drawn), median(each.whole for each in times),
        median(each.after for each in times), median(each.clock for each in times),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.controls", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="only controls with this text in their names")
    parser.add_argument("--without", help="none with this text in their names")
    options = parser.parse_args()
    print(table.machine())
    with tempfile.TemporaryDirectory(prefix="relevo-controls-") as folder:
        os.environ["RELEVO_CONFIG_DIR"] = os.environ["RELEVO_LOG_DIR"] = f"{folder}/own"
        bench = Bench(Path(folder))
        chosen = [act for act in acts(bench) if options.only in act.name
                  and not (options.without and options.without in act.name)]  # fmt: skip
        for act in [act for act in chosen for _ in range(options.rounds)]:
            bench.measure(act)
            times = bench.answers.get(act.name)
            print(f"  {act.name}: {times[-1] if times else 'nothing to do'}", file=sys.stderr, flush=True)
        bench.close()
        print(report(bench.answers))


if __name__ == "__main__":
    main()
