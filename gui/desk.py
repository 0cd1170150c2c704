"""Feeds the pictures: each visible one has at most one analysis in flight, then gets the newest frame.

While it trains, each rests after an analysis, the longer the more it took, so that all of them together
leave the cores to the training and the window.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from engine.cores import cores

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.frame import Frame
    from gui.runner import Runner
    from gui.views.base import Picture

    class Shown(Picture, QWidget):
        """A picture is a widget too."""


LEAST_SHARE = 0.7  # of a core for all analyses while it trains; beyond two cores, what is over

LONGEST_REST = 0.3  # seconds: every picture moves, be it rarely


def _affordable() -> float:
    """Return how many cores analyses may take while it trains."""
    return max(LEAST_SHARE, cores() - 2.0)


def _timed(job: Callable[[], object]) -> tuple[float, object]:
    """Return the processor seconds that a job took, and its result."""
    start = time.thread_time()
    result = job()
    return time.thread_time() - start, result


@dataclass(eq=False)
class _Place:
    """What is known about one picture.

    Attributes:
        shown: the frame that it has drawn at once.
        asked: the frame whose job it was asked for last; None asks again.
        busy: whether its job is in flight.
        rests: until when no other job is asked for while it trains.
    """

    picture: Shown
    shown: Frame | None = None
    asked: Frame | None = None
    busy: bool = False
    rests: float = 0.0
    complained: bool = False


class Desk(QObject):
    """Hands frames to the pictures that can be seen.

    Attributes:
        frame: the newest frame, or None.

    Signals:
        failed(Exception): a picture's analysis raised; said once until it works again.
    """

    failed = Signal(object)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self._runner = runner
        self._places: dict[int, _Place] = {}
        self._share = _affordable()
        runner.analysed.connect(self._finish)
        runner.ticked.connect(self._end_rests)

    def add(self, picture: Shown) -> None:
        """Feed a picture from now on, whenever it is visible."""
        place = _Place(picture)
        self._places[id(picture)] = place
        picture.installEventFilter(self)
        stale = getattr(picture, "stale", None)
        if stale is not None:
            stale.connect(lambda: self._again(place))

    def offer(self, frame: Frame) -> None:
        """Give every visible picture a newer frame."""
        self.frame = frame
        for place in self._living():
            self._feed(place)

    def empty(self) -> None:
        """Have every picture show nothing until the next frame: what it shows is of another experiment."""
        if self.frame is not None:
            self.frame = None
            for place in self._living():
                place.shown = place.asked = None
                place.picture.forget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Feed a picture that comes into sight or changes its size: Qt calls this for its events."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            place = self._places.get(id(watched))
            if place is not None:
                self._again(place)
        return False

    def _living(self) -> list[_Place]:
        gone = [key for key, place in self._places.items() if not isValid(place.picture)]
        for key in gone:
            del self._places[key]
        return list(self._places.values())

    def _again(self, place: _Place) -> None:
        place.asked = None
        self._feed(place)

    def _feed(self, place: _Place) -> None:
        frame, picture = self.frame, place.picture
        if frame is None or not picture.isVisible() or not picture.fits(frame.experiment):
            return
        if place.shown is not frame:
            place.shown = frame
            picture.show_frame(frame)
        if place.busy or place.asked is frame or self._rests(place, frame):
            return
        place.asked = frame
        job = picture.job(frame)
        if job is not None:
            place.busy = True
            self._runner.submit((place, frame), partial(_timed, job))

    def _rests(self, place: _Place, frame: Frame) -> bool:
        return frame.state == "playing" and place.asked is not None and time.perf_counter() < place.rests

    def _end_rests(self) -> None:
        """Ask for what was put off: no newer frame may come for a while."""
        for place in self._places.values():
            if place.rests and not place.busy and place.asked is not self.frame and isValid(place.picture):
                self._feed(place)

    def _finish(self, ticket: object, result: object, error: Exception | None) -> None:
        if not isinstance(ticket, tuple):
            return  # someone else's work
        place, frame = ticket
        place.busy = False
        if not isValid(place.picture):
            return
        if error is None:
            place.complained = False
            seconds, result = cast("tuple[float, object]", result)
            fed = sum(bool(other.rests) and other.picture.isVisible() for other in self._living())
            rest = min(seconds * max(0.0, max(1, fed) / self._share - 1), LONGEST_REST)
            place.rests = time.perf_counter() + max(rest, place.picture.pause)
            if self.frame is not None and _alike(frame.experiment, self.frame.experiment):
                place.picture.show_result(frame, result)
        elif not place.complained:
            place.complained = True
            self.failed.emit(error)
        self._feed(place)


def _alike(one: Experiment, other: Experiment) -> bool:
    """Whether a result of one experiment may be shown while the other is trained."""
    return one.network == other.network and one.data == other.data
