"""L-BFGS: descent along directions that know the valley's curvature, one replayable step at a time.

From the last steps s = θ' − θ and the changes of the gradient y = g' − g, the two-loop recursion makes
H g, where H is about the inverse of the loss's second derivatives (Nocedal 1980; Nocedal and Wright 2006,
algorithm 7.4). SciPy's line search then finds how far to go along −H g.

The slots (2 · memory, n) hold these pairs and nothing else: the s, oldest first, and below them their y.
A row of zeros is a pair that is not there yet. Everything is computed in float64; what is kept is rounded
to the precision of the parameters.
"""

import warnings
from collections.abc import Callable

import numpy as np

LossAndGradient = Callable[[np.ndarray], tuple[float, np.ndarray]]

SUFFICIENT = 1e-4  # the share of what the slope promises that a step must keep (Armijo)
FLATTER = 0.9  # the share of the first slope to which the slope must have fallen (strong Wolfe)
HALVINGS = 10  # of a step, where SciPy's search finds none
CURVED = 1e-10  # a pair counts when the angle between s and y has a cosine above this


@np.errstate(all="ignore")  # a trial step may overflow: then it is not taken
def step(theta: np.ndarray, slots: np.ndarray, loss_and_gradient: LossAndGradient) -> None:
    """Do one update: a direction, a search along it, a new pair.

    Where the loss falls neither along that direction nor straight down the gradient, theta stays: this is
    a minimum as far as the precision tells. There is no search at all, and the update costs one gradient,
    where the slope promises less than the loss is rounded by, or the first step would not move theta. Where
    the gradient is NaN or infinite, theta becomes NaN.

    Parameters
    ----------
    theta : (n,) parameters, changed in place
    slots : (2 · memory, n) the pairs, changed in place
    loss_and_gradient : theta (n,) to the loss and its gradient (n,), always over the same rows
    """
    loss, gradient = _evaluated(loss_and_gradient, theta)
    theta[~np.isfinite(gradient)] = np.nan
    if np.isfinite(gradient).all() and np.isfinite(loss):
        held = pairs(slots)
        if not (len(held[0]) and _descend(theta, slots, loss_and_gradient, loss, gradient, *held)):
            slots[:] = 0  # what was remembered leads nowhere: begin anew, straight down
            _descend(theta, slots, loss_and_gradient, loss, gradient, *pairs(slots))


def pairs(slots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps s and the changes y that the slots hold, (k, n) float64 each, oldest first."""
    memory = len(slots) // 2
    held = np.any(slots[memory:] != 0, axis=1)
    return slots[:memory][held].astype(float), slots[memory:][held].astype(float)


def inverse_hessian_times(vector: np.ndarray, steps: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """Return H · vector (n,) by the two-loop recursion over the pairs (k, n).

    H starts as the identity, for k > 0 times the newest pair's s·y / y·y.
    """
    result, shares = vector.astype(float), []
    for s, y in zip(steps[::-1], changes[::-1], strict=True):
        shares.append((s @ result) / (s @ y))
        result -= shares[-1] * y
    if len(steps):
        result *= (steps[-1] @ changes[-1]) / (changes[-1] @ changes[-1])
    for s, y, share in zip(steps, changes, reversed(shares), strict=True):
        result += (share - (y @ result) / (s @ y)) * s
    return result


def _evaluated(loss_and_gradient: LossAndGradient, theta: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the loss and a float64 copy of its gradient."""
    loss, gradient = loss_and_gradient(theta)
    return float(loss), np.array(gradient, float)


def _descend(theta: np.ndarray, slots: np.ndarray, loss_and_gradient: LossAndGradient, loss: float,
             gradient: np.ndarray, steps: np.ndarray, changes: np.ndarray) -> bool:  # fmt: skip
    """Go along −H g as far as the search says and remember the pair; False when the loss does not fall."""
    line = _Line(theta, -inverse_hessian_times(gradient, steps, changes), loss_and_gradient)
    slope = float(gradient @ line.direction)
    if not -np.inf < slope < 0:
        return False
    # A direction that knows the curvature is tried whole. The bare gradient is not: at most to length 1.
    first = 1.0 if len(steps) else min(1.0, 1 / float(np.linalg.norm(gradient)))
    if -slope * first <= np.finfo(theta.dtype).eps * abs(loss) or np.array_equal(line.point(first), theta):
        return False
    length = _strong_wolfe(line, first, loss, slope)
    if length is None:
        tried = (first * 0.5**k for k in range(HALVINGS))
        length = next((a for a in tried if line.falls(a, loss, slope)), None)
    if length is None:
        return False
    there = line.point(length)
    _remember(slots, there - theta, (line.at(length)[1] - gradient).astype(theta.dtype))
    theta[:] = there
    return True


class _Line:
    """The loss along theta + length · direction; the last point is kept, as it is asked for twice."""

    def __init__(self, theta: np.ndarray, direction: np.ndarray, loss_and_gradient: LossAndGradient) -> None:
        self.direction = direction
        self._theta, self._compute = theta, loss_and_gradient
        self._length, self._last = float("nan"), (float("nan"), direction)

    def point(self, length: float) -> np.ndarray:
        """Return the parameters (n,) at this length, in their precision."""
        return (self._theta + length * self.direction).astype(self._theta.dtype)

    def at(self, length: float) -> tuple[float, np.ndarray]:
        """Return the loss and its gradient (n,) at this length; NaN counts as infinitely high."""
        if length != self._length:
            loss, gradient = _evaluated(self._compute, self.point(length))
            self._length, self._last = length, (float("inf") if np.isnan(loss) else loss, gradient)
        return self._last

    def falls(self, length: float, loss: float, slope: float) -> bool:
        """Whether the loss there is lower by a fair share of what the slope promises."""
        height, gradient = self.at(length)
        fair = height < loss and height <= loss + SUFFICIENT * length * slope
        return fair and bool(np.isfinite(gradient).all())


def _strong_wolfe(line: _Line, first: float, loss: float, slope: float) -> float | None:
    """Return a length that keeps the strong Wolfe conditions, as SciPy finds it from ``first``, else None."""
    from scipy.optimize import line_search  # loaded where it is needed: it takes a while

    # A search that finds nothing says so with a warning. This is for good: what `catch_warnings` puts back at
    # its end, it puts back for all threads, and in an order that nobody knows.
    warnings.filterwarnings("ignore", ".*line search", RuntimeWarning)
    length = line_search(
        lambda a: line.at(a[0])[0],
        lambda a: np.array([line.at(a[0])[1] @ line.direction]),
        np.zeros(1), np.ones(1), np.array([slope]), loss,
        loss + first * slope / 2.02,  # from it SciPy takes ``first`` as the first length
        c1=SUFFICIENT, c2=FLATTER,
    )[0]  # fmt: skip
    return float(length) if length is not None and line.falls(length, loss, slope) else None


def _remember(slots: np.ndarray, s: np.ndarray, y: np.ndarray) -> None:
    """Put a pair in place of the oldest one, unless the loss is not curved upwards along it."""
    long_s, long_y = s.astype(float), y.astype(float)
    if not long_s @ long_y > CURVED * np.linalg.norm(long_s) * np.linalg.norm(long_y):
        return
    memory = len(slots) // 2
    for rows, newest in ((slots[:memory], s), (slots[memory:], y)):
        rows[:-1] = rows[1:].copy()
        rows[-1] = newest
