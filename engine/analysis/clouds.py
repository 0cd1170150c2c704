"""Where on its activation function each layer works: the function, and the inputs that it really gets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.distributions import round_up
from engine.analysis.ledger.forward import parameter_of
from engine.analysis.ledger.functions import ACTIVATIONS
from engine.analysis.signals import Signal, signals, spaced
from engine.choice import Choice
from engine.data import Data
from engine.snapshot import Snapshot

Array = NDArray[np.float64]

POINTS = 240  # of the cloud that are drawn, evenly spaced over rows and units
CURVE = 201  # points of the function
TAIL = 0.005  # the share of inputs at each end that the axis may leave out
LEAST = 3.0  # an axis that ends before this shows nothing of a function's bends
# Where less than this of a gradient passes, what is before hardly learns: |tanh z| is above 0.99 there.
FLAT = 0.02


@dataclass(frozen=True, eq=False)
class Cloud:
    """One layer.

    Attributes
    ----------
    name : the activation's
    z, a : (points,) some of the pre-activations and what the function makes of them
    curve_z, curve_a : (CURVE,) the function from end to end of the axis; None for softmax, which looks at
        all outputs together
    flat : (CURVE,) where the function passes less than a fiftieth of a gradient
    counts : (bins,) of all pre-activations between the ends, those beyond in the outermost bins
    share : of the pre-activations where it is flat
    low, high, mean : of all finite pre-activations; NaN without one
    """

    name: str
    z: Array
    a: Array
    curve_z: Array
    curve_a: Array | None
    flat: NDArray[np.bool_]
    counts: NDArray[np.int64]
    share: float
    low: float
    high: float
    mean: float


def clouds(snapshot: Snapshot, data: Data, bins: int = 40) -> list[Cloud]:
    """Return every layer's cloud over up to 512 training rows."""
    layers = snapshot.experiment.network.layers
    with np.errstate(all="ignore"):
        return [_cloud(layer.activation, signal, bins)
                for layer, signal in zip(layers, signals(snapshot, data), strict=True)]  # fmt: skip


def _cloud(chosen: Choice, signal: Signal, bins: int) -> Cloud:
    z, a = signal.z.ravel(), signal.a.ravel()
    known = np.isfinite(z)
    z, a = z[known], a[known]
    largest = max(LEAST, round_up(float(np.quantile(np.abs(z), 1 - TAIL)))) if z.size else LEAST
    curve_z = np.linspace(-largest, largest, CURVE)
    some = spaced(len(z), POINTS)
    counts = np.histogram(np.clip(z, -largest, largest), bins, (-largest, largest))[0]
    ends = (float(z.min()), float(z.max()), float(z.mean())) if z.size else (np.nan, np.nan, np.nan)
    curve_a, flat, share = None, np.zeros(CURVE, bool), float("nan")
    if chosen.name != "softmax":
        function, parameter = ACTIVATIONS[chosen.name], parameter_of(chosen)
        curve_a = function.value(curve_z, parameter)
        flat = np.abs(function.slope(curve_z, curve_a, parameter)) < FLAT
        share = float(np.mean(np.abs(function.slope(z, a, parameter)) < FLAT)) if z.size else float("nan")
    return Cloud(chosen.name, z[some], a[some], curve_z, curve_a, flat, counts.astype(np.int64), share, *ends)
