"""Two directions in the space of the weights that make a plane worth looking at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.snapshot import Snapshot

MOST_NUMBERS = 2**22  # of the path that take part in finding its principal directions
NOTHING = 1e-6  # a length below this share of the weights' own length counts as none

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through the current weights.

    Attributes
    ----------
    first, second : (parameters,) orthonormal directions
    path : (k, 2) coordinates of the path on it, the start first; 0, 0 is now
    walked : whether each direction is a principal one of the path, or random
    explained : share of the path's squared distances from now that lies in the plane (NaN: no path)
    radius : a length to look at along a random direction
    """

    first: Array
    second: Array
    path: Array
    walked: tuple[bool, bool]
    explained: float
    radius: float


def plane_of(snapshot: Snapshot, path: list[NDArray[np.floating]], random: np.random.Generator) -> Plane:
    """Span a plane by the path's first two principal directions, random ones where it has fewer."""
    movable = _movable(snapshot)
    steps = _steps(snapshot.theta, path) * movable
    found = principal(steps, NOTHING * max(1.0, float(np.linalg.norm(snapshot.theta))))
    radius = 1.0
    directions = list(found)
    while len(directions) < 2:
        drawn = _across(filter_normalised(snapshot, random) * movable, directions)
        if np.linalg.norm(drawn) < NOTHING:  # a single weight leaves no other way: its bias has to help
            drawn = _across(random.standard_normal(snapshot.theta.size) * movable, directions)
        radius = float(np.linalg.norm(drawn))
        directions.append(drawn / radius)
    first, second = directions
    path_on = np.column_stack([steps @ first, steps @ second])
    first, second, path_on = _upright(first, second, path_on)
    walked = (len(found) > 0, len(found) > 1)
    return Plane(first, second, path_on, walked, _explained(steps, path_on), radius)


def _movable(snapshot: Snapshot) -> Array:
    """Return (parameters,) 1 for what training moves, 0 for the rest of theta.

    Cut links stay cut on the plane, and the running statistics of batch normalization are those of now: a
    variance that is led on along a straight line would fall below 0.
    """
    extras, size = snapshot.plan.layout.extras, snapshot.theta.size
    return np.ones(size) if extras is None or not extras.active.any() else extras.active.astype(float)


def _across(direction: Array, others: list[Array]) -> Array:
    """Return what is left of a direction without its parts along some orthonormal ones."""
    for other in others:
        direction = direction - other * (other @ direction)
    return direction


def _steps(now: NDArray[np.floating], path: list[NDArray[np.floating]]) -> Array:
    """Return the path as seen from now, (k, parameters), its first point kept and some left out."""
    most = max(2, MOST_NUMBERS // max(1, now.size))
    chosen = np.unique(np.linspace(0, len(path) - 1, min(len(path), most)).round().astype(np.int64))
    here = now.astype(np.float64)
    steps = np.array([path[index] for index in chosen], dtype=np.float64) - here
    # The path is stored as float32: what differs by rounding alone is no step.
    steps[np.abs(steps) <= 1e-6 * np.maximum(1.0, np.abs(here))] = 0.0
    return steps


def principal(steps: Array, smallest: float) -> list[Array]:
    """Return up to two orthonormal principal directions of the rows, about the origin.

    They are the first right singular vectors of ``steps`` (k, parameters), found through the small
    matrix steps @ steps.T. Directions along which the rows reach no further than ``smallest`` are left out.
    """
    if not np.isfinite(steps).all():
        return []
    values, vectors = np.linalg.eigh(steps @ steps.T)
    directions: list[Array] = []
    for index in (-1, -2):
        # Beyond the fifth digit the small matrix holds nothing but rounding.
        if len(values) < -index or values[index] <= max(smallest**2, 1e-10 * values[-1]):
            break
        direction = _across(vectors[:, index] @ steps, directions)
        directions.append(direction / np.linalg.norm(direction))
    return directions


def filter_normalised(snapshot: Snapshot, random: np.random.Generator) -> Array:
    """Draw a direction whose column for each unit is as long as that unit's weights; biases get 0.

    Li et al. 2018, section 4. Where all weights are 0, the direction is a random one of length 1.
    """
    flat = np.zeros(snapshot.theta.size)
    for (place, _), (weight, _) in zip(snapshot.plan.unpack(flat), snapshot.weights(), strict=True):
        drawn = random.standard_normal(weight.shape)
        lengths = np.linalg.norm(weight.astype(np.float64), axis=0)
        place[:] = drawn / np.linalg.norm(drawn, axis=0) * lengths
    if np.linalg.norm(flat) > 0 and np.isfinite(flat).all():
        return flat
    for place, bias in snapshot.plan.unpack(flat):
        place[:], bias[:] = random.standard_normal(place.shape), 0.0
    return flat / np.linalg.norm(flat)


def _upright(first: Array, second: Array, path: Array) -> tuple[Array, Array, Array]:
    """Turn the directions so that the start lies left of now and the path bulges upwards."""
    signs = np.array([-1.0 if path[0, 0] > 0 else 1.0, 1.0])
    farthest = np.argmax(np.abs(path[:, 1]))
    if path[farthest, 1] < 0:
        signs[1] = -1.0
    return first * signs[0], second * signs[1], path * signs


def _explained(steps: Array, on_plane: Array) -> float:
    """Return the share of the squared distances from now that the plane shows."""
    whole = float(np.square(steps).sum())
    return min(1.0, float(np.square(on_plane).sum()) / whole) if whole > 0 else float("nan")
