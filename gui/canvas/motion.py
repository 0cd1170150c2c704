"""One batch in slow motion: its clock. What it shows are the numbers of the update that it ends with.

Signals run forward along the links, then gradients back; then the training takes that very step. Nothing
here runs, and no timer ticks, unless it was started.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from gui.settings import recall, remember
from gui.theme import themes

if TYPE_CHECKING:
    from engine.analysis.one_batch import BatchPass
    from gui.canvas.canvas import NetworkCanvas
    from gui.frame import Frame

Phase = Literal["forward", "loss", "backward", "update", "done"]
PHASES: tuple[tuple[Phase, float], ...] = (
    ("forward", 1.3), ("loss", 0.3), ("backward", 1.2), ("update", 0.5),
)  # fmt: skip
TOTAL = sum(seconds for _, seconds in PHASES)
TICK = 33  # milliseconds
IN_A_ROOM = 0.4  # of the tempo on a desk, in projector mode: a teacher speaks meanwhile
TEMPOS = (0.5, 1.0, 2.0)  # of the usual tempo, that the user may choose
LONGEST = 0.1  # seconds that one tick may go on by, after the window was held up


class Motion(QObject):
    """One batch, played slowly.

    Attributes:
        batch: the numbers; None while nothing is shown.
        wanted: whether it was asked for and its numbers are still being computed.
        seconds: how far it is.
        paused: whether it stands still.
        tempo: how fast it goes, one of TEMPOS; kept for the next start.

    Signals:
        changed: another picture is to be drawn.
        told: the phase is another one, or it began or ended; for what is said in words.
    """

    changed = Signal()
    told = Signal()

    def __init__(self, canvas: NetworkCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.batch: BatchPass | None = None
        self.wanted, self.paused = False, False
        self.seconds = 0.0
        kept = recall("motion")
        self.tempo = next((tempo for tempo in TEMPOS if str(tempo) == kept), 1.0)
        self._stepped = False
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether it goes on, or would if it were not paused."""
        return self.batch is not None and self.seconds < TOTAL

    @property
    def phase(self) -> Phase:
        """What is shown now."""
        return self.moment()[0]

    def moment(self) -> tuple[Phase, float]:
        """Return the phase, and how much of it is over, in [0, 1]."""
        left = self.seconds if self.seconds < TOTAL else math.inf
        for phase, length in PHASES:
            if left < length:
                return phase, left / length
            left -= length
        return "done", 1.0

    def start(self) -> None:
        """Hold the training and compute its next update; from the beginning, if one is being shown."""
        self.stop()
        self.wanted = True
        self._canvas.controller.hold()

    def take(self, frame: Frame, batch: BatchPass) -> None:
        """Begin to show an update of the frame at which the training stands."""
        if self.wanted and self._canvas.controller.frame is frame:
            self.wanted, self.batch = False, batch
            self.seconds, self.paused, self._stepped = 0.0, False, False
            self.told.emit()  # first: making room for the strip is no time of the batch
            self._go_on()

    def toggle(self) -> None:
        """Stand still, or go on."""
        if self.running:
            self.paused = not self.paused
            if self.paused:
                self._timer.stop()
            else:
                self._go_on()
            self.told.emit()

    def set_tempo(self, tempo: float) -> None:
        """Go faster or slower from now on."""
        self.tempo = tempo
        remember("motion", str(tempo))

    def stop(self) -> bool:
        """Show it no longer; an update that was not taken yet is not taken. Return whether there was one."""
        shown = self.batch is not None or self.wanted
        self._timer.stop()
        self.batch, self.wanted = None, False
        if shown:
            self.changed.emit()
            self.told.emit()
        return shown

    def follow(self, frame: Frame) -> None:
        """End when the training is elsewhere than before or right after the update that is shown."""
        if self.batch is not None:
            known = (self.batch.update - 1, self.batch.update) if self._stepped else (self.batch.update - 1,)
            if frame.snapshot.update not in known or frame.state == "playing":
                self.stop()

    def advance(self, seconds: float) -> None:
        """Go on by so many seconds; at the update the training takes it."""
        if self.batch is None:
            return
        before = self.phase
        self.seconds = min(self.seconds + seconds, TOTAL)
        if self.phase in ("update", "done") and not self._stepped:
            self._stepped = True
            self._canvas.controller.step_batch()
        if self.phase == "done":
            self._timer.stop()
        if self.phase != before:
            self.told.emit()
        self.changed.emit()

    def _go_on(self) -> None:
        self._last = time.monotonic()
        self._timer.start()
        self.changed.emit()

    def _tick(self) -> None:
        now = time.monotonic()
        passed, self._last = now - self._last, now
        self.advance(min(passed, LONGEST) * self.tempo * (IN_A_ROOM if themes.scale > 1 else 1.0))
