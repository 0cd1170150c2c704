"""How large activations and gradients are on their way through the layers."""

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from engine.analysis.signals import signals
from gui.i18n import number, tr
from gui.theme import theme
from gui.views.base import Job, Table
from gui.views.key import Entry
from gui.views.over_layers import OverLayers

if TYPE_CHECKING:
    from engine.data import Data
    from engine.snapshot import Snapshot
    from gui.frame import Frame


class Way(NamedTuple):
    """By layer: the standard deviation of the activations, the root mean square of ∂ℓ/∂z that comes back."""

    forward: list[float]
    back: list[float]


class SignalByLayer(OverLayers):
    """Two lines over the layers on one logarithmic axis, thin ones for the start."""

    key = "signal"
    title_needed = False  # the number in it is said among the findings too

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now: Way | None = None
        self._start: Way | None = None
        self._start_of: Snapshot | None = None
        self.retranslate()

    def forget(self) -> None:
        self._now = self._start = self._start_of = None
        super().forget()

    def job(self, frame: "Frame") -> Job:
        start = self._start if self._start_of is frame.initial else None
        return lambda: (_way(frame.snapshot, frame.data), start or _way(frame.initial, frame.data))

    def show_result(self, frame: "Frame", result: tuple[Way, Way]) -> None:
        self._now, self._start = result
        self._start_of = frame.initial
        self.say_of(frame)
        self.update()

    @property
    def ratio(self) -> float:
        """How large the gradients at the first layer are, those at the last being 1; NaN without any."""
        back = self._now.back if self._now else [0.0]
        return back[0] / back[-1] if back[-1] > 0 else math.nan

    def title(self) -> str:
        if not math.isfinite(self.ratio):
            return tr("signal by layer")
        return tr("gradient, first to last layer: {ratio}", ratio=number(self.ratio, 2))

    def summary(self) -> str:
        if self._now is None:
            return ""
        forward, back = self._now
        return tr("From the first to the last of {layers} layers the activations' standard deviation goes "
                  "from {a} to {b}, and the gradient that comes back is {first} in the first layer and "
                  "{last} in the last.", layers=len(forward), a=number(forward[0], 2),
                  b=number(forward[-1], 2), first=number(back[0], 2), last=number(back[-1], 2))  # fmt: skip

    def table(self) -> Table:
        if self._now is None or self._start is None:
            return []
        rows = zip(*self._now, *self._start, strict=True)
        names = ("activation_std", "gradient_rms", "initial_activation_std", "initial_gradient_rms")
        return [("layer", *names), *((layer + 1, *row) for layer, row in enumerate(rows))]

    def layers(self) -> int:
        return len(self._now.forward) if self._now is not None and self._start is not None else 0

    def values(self) -> list[float]:
        return [value for way in (self._now, self._start) for line in way or () for value in line]

    def read_out(self, layer: int) -> str:
        assert self._now is not None
        return tr("layer {number}: activations {forward}, gradient {back}", number=layer + 1,
                  forward=number(self._now.forward[layer]), back=number(self._now.back[layer]))  # fmt: skip

    def entries(self) -> list[Entry]:
        now = theme()
        return [(tr("σ of activations"), now.accent, 1, False), (tr("gradient"), now.negative, 0, False),
                (tr("start"), now.muted, 1, True)]  # fmt: skip

    def paint(self, painter: QPainter) -> None:
        if self._now is None or self._start is None:
            self.invite(painter, QRectF(self.rect()), tr("Press Play: how the signal goes appears here."))
            return
        now, axes = theme(), self.axes()
        axes.paint(painter)
        axes.paint_line(painter, self._start.forward, now.accent, 1, hollow=True)
        axes.paint_line(painter, self._start.back, now.negative, 0, hollow=True)
        axes.paint_line(painter, self._now.forward, now.accent, 1)
        axes.paint_line(painter, self._now.back, now.negative, 0)
        self.paint_key(painter)


def _way(snapshot: "Snapshot", data: "Data") -> Way:
    found = signals(snapshot, data)
    return Way([signal.spread for signal in found], [signal.gradient for signal in found])
