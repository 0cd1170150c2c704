"""What the window does while it is watched: who is painted how often, and how long it does not answer."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QGraphicsView, QWidget

from gui.controller import Controller
from gui.frame import Frame

BEAT = 2  # milliseconds between two signs of life of the window's thread


class Watch(QObject):
    """Counts paintings and frames, and measures the gaps of the window's thread.

    Attributes
    ----------
    painted : paintings of each picture since the start, by key
    fresh : those before which there was a newer frame than at the last one
    gaps : seconds between two signs of life
    first, last : the first and the newest frame seen
    """

    def __init__(self, pictures: list[QWidget], controller: Controller) -> None:
        super().__init__()
        self.pictures = {canvas_of(picture): str(getattr(picture, "key", "")) for picture in pictures}
        self.painted = dict.fromkeys(self.pictures.values(), 0)
        self.fresh = dict.fromkeys(self.pictures.values(), 0)
        self._drawn: dict[str, Frame] = {}
        self.gaps: list[float] = []
        self.first: Frame | None = None
        self.last: Frame | None = None
        self.frames = 0
        controller.frame_changed.connect(self._take)
        for picture in self.pictures:
            picture.installEventFilter(self)
        self._beat = QTimer(self, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._note)
        self._last = self.begin = time.perf_counter()
        self._beat.start()

    def _note(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    def _take(self, frame: Frame) -> None:
        self.frames += 1
        self.first, self.last = self.first or frame, frame

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        key = self.pictures.get(watched) if isinstance(watched, QWidget) else None
        if key is not None and event.type() == QEvent.Type.Paint:
            self.painted[key] += 1
            if self.last is not None and self._drawn.get(key) is not self.last:
                self._drawn[key] = self.last
                self.fresh[key] += 1
        return False

    def stop(self) -> None:
        self._beat.stop()
        self.seconds = time.perf_counter() - self.begin

    @property
    def epochs(self) -> float:
        """How many were trained meanwhile, to a batch."""
        if self.first is None or self.last is None:
            return 0.0
        batch_size = self.last.experiment.training.batch_size
        batches = -(-len(self.last.data.x_train) // batch_size)
        return (self.last.snapshot.update - self.first.snapshot.update) / batches

    def report(self) -> str:
        """Return everything in words, a line each."""
        gaps, seconds = sorted(self.gaps), self.seconds
        lines = [
            f"  frames from the training: {self.frames / seconds:.1f} a second; "
            f"trained {self.epochs / seconds:,.0f} epochs a second",
            f"  gaps of the window's thread: longest {gaps[-1] * 1e3:.0f} ms, "
            f"99 % below {gaps[int(0.99 * len(gaps))] * 1e3:.0f} ms, "
            f"{sum(gap > 0.1 for gap in gaps)} over 100 ms",
        ]
        for picture, key in self.pictures.items():
            if picture.isVisible():
                lines.append(f"  {key:14} painted {self.painted[key] / seconds:5.1f} a second, "
                             f"{self.fresh[key] / seconds:5.1f} with a newer frame")  # fmt: skip
        return "\n".join(lines)


def canvas_of(picture: QWidget) -> QWidget:
    """Return the widget that is painted when a picture is: a plot's is inside."""
    plots = picture.findChildren(QGraphicsView)
    return plots[0].viewport() if plots else picture


def let_run(seconds: float) -> None:
    """Let the window work by itself for a while: an event loop, nothing in between."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
