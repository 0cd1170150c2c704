"""What the analysis thread counts for the histograms by layer."""

from typing import TYPE_CHECKING, Any, NamedTuple

from engine.analysis.distributions import Histogram, Quantity, Ridges, histograms, moments_of, ridges

if TYPE_CHECKING:
    from gui.frame import Frame


class Shown(NamedTuple):
    """What the job computes: counts now and at the start, or counts over the epochs."""

    histograms: list[Histogram]
    ridges: list[Ridges]
    epochs: list[float]
    start: list[Any]


def now_and_start(quantity: Quantity, frame: "Frame", start: list[Any] | None, tail: float) -> Shown:
    """Count now and at the start, of which the numbers may be known already."""
    start = quantity(frame.initial, frame.data) if start is None else start
    now = quantity(frame.snapshot, frame.data)
    return Shown(histograms(now, start, tail=tail), [], [], start)


def over_epochs(quantity: Quantity, frame: "Frame", most: int, tail: float) -> Shown:
    """Count at so many moments of the way at most."""
    path = frame.path or ((0.0, frame.initial.theta),)
    moments = moments_of(path, most)
    values = [quantity(frame.snapshot.at(theta), frame.data) for _, theta in moments]
    return Shown([], ridges(values, tail=tail), [epoch for epoch, _ in moments], [])
