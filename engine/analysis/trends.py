"""What the losses over the epochs say about the descent: pure functions of the curves.

All take float64 arrays (k,): the epochs at which was measured, growing, though not evenly spaced, and the
mean losses over the training or the test rows there. Every threshold is a constant with its reason.
"""

import numpy as np
from numpy.typing import NDArray

from engine.analysis.finding import NOTE, WARNING, Finding

Curve = NDArray[np.float64]

# Overfitting. A test loss is a mean over few rows and jitters by some percent: it has to be this much worse.
MARGIN = 0.05  # by which the test loss has risen above its minimum, as a share of that minimum
SMALLEST_RISE = 0.005  # and in any case: of a loss near 0 five percent are nothing
PATIENCE = 10  # epochs throughout which it has to be so

# What is said about a course needs one: this many epochs and this many measurements in the part looked at.
SHORTEST = 20
FEWEST = 8

# A plateau: for a third of the training the loss moved within one percent, which no reader sees on a curve.
FLAT = 0.01
FLAT_SHARE = 1 / 3
ARRIVED, DONE = (
    0.1,
    0.01,
)  # of the loss at the start: there a plateau is no cause for alarm, or none to speak of

# An oscillation: steps up and down that cancel. Of a sum of random steps as long as the part that is looked
# at, about a sixth is left as progress, of a steady fall all of it. A mean step of 2 % of the loss that the
# training began with is what one sees as a zigzag at the scale of the whole curve, and at least a tenth of
# the loss itself keeps a curve that falls through small bumps out.
PROGRESS = 0.25
SWING_OF_START, SWING_OF_LOSS = 0.02, 0.1
GREW = 1.5  # times the loss at the start, which knows nothing: more than any jitter of small batches

# Too slow: where the rate is far below what the surface bears, the loss runs along its tangent, so the second
# half of a stretch falls as much as the first. Near a minimum it falls less, leaving a saddle more.
STRAIGHT = 1.35  # at most this ratio of the halves
SLOW_FALL = 0.2  # of the loss at the start in the whole training, at most: what fell by more is on its way
STEADY = 0.9  # of the steps go down
NOTICEABLE = 2e-5  # relative: more than the rounding of a float32 mean


def overfitting(epochs: Curve, train_loss: Curve, test_loss: Curve) -> Finding | None:
    """Find the epoch from which the test loss rises while the training loss still falls.

    That is the epoch of the smallest test loss, when throughout the last 10 epochs the test loss was higher
    by 5 % of it (and by 0.005), and the training loss is lower now than it was then.
    """
    if not len(test_loss) or not np.isfinite(test_loss).all():
        return None
    best = int(np.argmin(test_loss))
    rise = float(test_loss[epochs > epochs[-1] - PATIENCE].min() - test_loss[best])
    if rise > max(MARGIN * test_loss[best], SMALLEST_RISE) and train_loss[-1] < train_loss[best]:
        epoch = float(epochs[best])
        values = {"epoch": epoch, "best": float(test_loss[best]), "now": float(test_loss[-1])}
        return Finding("overfitting", WARNING, ("epoch", epoch), values)
    return None


def descent(epochs: Curve, train_loss: Curve) -> Finding | None:
    """Find what is wrong with how the training loss goes: the first that applies of those below."""
    if not len(epochs) or not np.isfinite(train_loss).all() or epochs[-1] - epochs[0] < SHORTEST:
        return None
    for look in (growth, oscillation, too_slow, plateau):
        found = look(epochs, train_loss)
        if found is not None:
            return found
    return None


def growth(epochs: Curve, train_loss: Curve) -> Finding | None:
    """Find a training loss that is half as much again as at the start: the steps lead uphill."""
    late = float(np.median(_since(epochs, train_loss, 0.75)[1]))
    if late > GREW * train_loss[0] > 0:
        return Finding("growth", WARNING, ("epoch", float(epochs[-1])),
                       {"first": float(train_loss[0]), "now": late})  # fmt: skip
    return None


def oscillation(epochs: Curve, train_loss: Curve) -> Finding | None:
    """Find a training loss that goes up and down in the last half: the steps overshoot.

    The net fall is less than a quarter of all the ups and downs together, and their mean is at least 2 % of
    the loss at the start and a tenth of the loss now.
    """
    there, losses = _since(epochs, train_loss, 0.5)
    if len(losses) < FEWEST:
        return None
    steps = np.abs(np.diff(losses))
    swing, level = float(steps.mean()), float(np.median(losses))
    if swing < max(SWING_OF_START * train_loss[0], SWING_OF_LOSS * level):
        return None
    if abs(_fall(losses)) > PROGRESS * steps.sum():
        return None
    low, high = (float(value) for value in np.quantile(losses, (0.1, 0.9)))
    return Finding("oscillation", WARNING, ("epoch", float(there[0])), {"low": low, "high": high})


def too_slow(epochs: Curve, train_loss: Curve) -> Finding | None:
    """Find a training loss that falls along a straight line, and by little: the steps are tiny.

    In the last half of the training 90 % of the steps go down and its two halves fall alike (at most by 1.35
    to 1), and since the start the loss has lost less than a fifth.
    """
    there, losses = _since(epochs, train_loss, 0.5)
    if len(losses) < FEWEST or losses[0] <= 0:
        return None
    fall = float(losses[0] - losses[-1]) / float(losses[0])
    whole = 1 - float(train_loss[-1]) / float(train_loss[0])
    if fall < NOTICEABLE or whole > SLOW_FALL or np.mean(np.diff(losses) < 0) < STEADY:
        return None
    middle = float(np.interp((there[0] + there[-1]) / 2, there, losses))
    first, second = float(losses[0]) - middle, middle - float(losses[-1])
    if not second / STRAIGHT < first < second * STRAIGHT:
        return None
    return Finding("slow", WARNING, ("epoch", float(there[0])),
                   {"share": whole, "epochs": float(epochs[-1] - epochs[0])})  # fmt: skip


def plateau(epochs: Curve, train_loss: Curve) -> Finding | None:
    """Find the epoch from which the training loss has stayed within 1 % of what it is now.

    It has to be a third of the training, and 20 epochs. A loss that has lost nine tenths has arrived: then
    the finding is a note, and below a hundredth there is none.
    """
    now, start = float(train_loss[-1]), float(train_loss[0])
    away = np.flatnonzero(np.abs(train_loss - now) > FLAT * abs(now))
    first = int(away[-1]) + 1 if away.size else 0
    length, whole = epochs[-1] - epochs[first], epochs[-1] - epochs[0]
    if now <= DONE * start or length < max(SHORTEST, FLAT_SHARE * whole):
        return None
    level = NOTE if now < ARRIVED * start else WARNING
    return Finding("plateau", level, ("epoch", float(epochs[first])),
                   {"epoch": float(epochs[first]), "loss": now})  # fmt: skip


def _since(epochs: Curve, losses: Curve, share: float) -> tuple[Curve, Curve]:
    """Return the part of a curve after so much of the training."""
    late = epochs >= epochs[0] + share * (epochs[-1] - epochs[0])
    return epochs[late], losses[late]


def _fall(losses: Curve) -> float:
    """Return by how much the losses fell: from the median of the first quarter to that of the last."""
    quarter = max(1, len(losses) // 4)
    return float(np.median(losses[:quarter]) - np.median(losses[-quarter:]))
