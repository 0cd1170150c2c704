"""How often pictures are given something to compute."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import desk as desks
from gui.desk import Desk
from gui.frame import Frame
from gui.views.base import Picture
from gui.views.loss_surface import LossSurface
from tests.gui.frames import HIDDEN, SIGMOID, experiment, frame


class Runner(QObject):
    """Does a job when it is told to."""

    analysed = Signal(object, object, object)
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[object, Callable[[], object]]] = []

    def submit(self, ticket: object, job: Callable[[], object]) -> None:
        self.waiting.append((ticket, job))

    def finish(self) -> None:
        ticket, job = self.waiting.pop()
        self.analysed.emit(ticket, job(), None)


class Slow(Picture, QWidget):
    """A picture whose analysis takes a fiftieth of a second of the clock that the test has made."""

    def __init__(self, clock: list[float]) -> None:
        super().__init__()
        self.clock, self.results = clock, []  # type: ignore[var-annotated]

    def job(self, frame: Frame) -> Callable[[], object]:
        def work() -> int:
            self.clock[0] += 0.02
            return frame.epoch

        return work

    def show_result(self, frame: Frame, result: Any) -> None:
        self.results.append(result)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stand still unless the test says so, for the desk alone."""
    made = [100.0]

    class Clock:
        thread_time = perf_counter = staticmethod(lambda: made[0])

    monkeypatch.setattr(desks, "time", Clock)
    monkeypatch.setattr(desks, "_affordable", lambda: 0.5)
    return made


def test_a_picture_rests_while_it_trains_as_long_as_its_analysis_was_dear(
    qtbot: QtBot, clock: list[float]
) -> None:
    runner, picture = Runner(), Slow(clock)
    qtbot.addWidget(picture)
    desk = Desk(runner)  # type: ignore[arg-type]
    desk.add(picture)
    picture.show()
    qtbot.waitExposed(picture)
    of = experiment("gaussians", HIDDEN, SIGMOID)
    frames = [frame(of, epoch, "playing") for epoch in range(3)]
    desk.offer(frames[0])
    runner.finish()
    assert picture.results == [0]
    desk.offer(frames[1])
    runner.ticked.emit()
    assert not runner.waiting  # 0.02 s of half a core: 0.02 s of rest
    clock[0] += 0.021
    runner.ticked.emit()  # without a newer frame
    runner.finish()
    assert picture.results == [0, 1]
    desk.offer(frame(of, 2, "paused"))  # nothing else needs the processor
    runner.finish()
    assert picture.results == [0, 1, 2]


def test_a_dear_surface_of_a_training_that_stood_still_is_given_up_when_it_goes_on(qtbot: QtBot) -> None:
    view = LossSurface()
    qtbot.addWidget(view)
    of = experiment("gaussians", HIDDEN, SIGMOID)
    still, moving = frame(of, 2, "paused"), frame(of, 3, "playing")
    job = view.job(still)
    assert job is not None
    result = job()
    view.show_result(still, result)
    assert view._shown is result and np.isfinite(view._shown.landscape.losses).all()
    job = view.job(still)
    view.show_frame(moving)
    assert job is not None and job() is None
    view.show_result(still, None)
    assert view._shown is result
    job = view.job(moving)
    view.show_frame(moving)
    assert job is not None and job() is not None
