"""The loss around the current weights, on a plane through them that shows the path walked so far.

The plane is spanned by the first two principal directions of the path as seen from the current weights
(Li, Xu, Taylor, Studer and Goldstein 2018, "Visualizing the Loss Landscape of Neural Nets", section 7).
Where the path is too short for two, the rest are filter-normalised random directions (section 4).
Coordinates are Euclidean distances in the space of all weights and biases.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import streams
from engine.analysis.directions import Plane, plane_of
from engine.data import Data
from engine.snapshot import Snapshot
from engine.surface import losses

MARGIN = 0.25  # of the path's extent, left free on each side of it
NARROWEST = 0.5  # the shorter side is at least this share of the longer one
WORK = 1.5e9  # multiplications that one surface may cost while training runs
MOST_ROWS, ENOUGH_ROWS, FEWEST_ROWS = 1024, 256, 64
COARSEST = 16  # grid points a side

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss (without regularizers) on training rows over a plane through the current weights.

    Attributes
    ----------
    alphas, betas : (columns,), (rows,) coordinates along the two directions; 0, 0 is now
    losses : (rows, columns) loss at each; row 0 is the smallest beta
    path : (k, 2) the path projected on the plane, the start first
    walked : whether each direction comes from the path (True) or is random
    explained : the share of the path's squared distances from the current weights that lies in the
        plane, 1 - sum |off the plane|² / sum |distance|²; NaN when nothing is walked yet
    loss_now : the loss at the current weights
    true_start, plane_start : the loss at the initial weights, and at their projection on the plane
    rows_used, rows_all : on how many of how many training rows the losses are means
    """

    alphas: Array
    betas: Array
    losses: Array
    path: Array
    walked: tuple[bool, bool]
    explained: float
    loss_now: float
    true_start: float
    plane_start: float
    rows_used: int
    rows_all: int


def landscape(
    snapshot: Snapshot,
    data: Data,
    path: list[NDArray[np.floating]],
    resolution: int = 64,
    work: float = WORK,
    threads: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Landscape:
    """Compute the loss on a grid over the plane of the path.

    Parameters
    ----------
    path : the flat parameters along the way, the initial ones first
    resolution : the wanted number of grid points a side; less where that would cost more than ``work``
    work : the multiplications allowed, grid points x rows x parameters
    threads : how many may compute it at once; None for as many as there are cores, at most 4
    cancelled : asked between rows of the grid; once it returns True, engine.surface.Cancelled is raised
    """
    resolution, rows = affordable(resolution, len(data.x_train), snapshot.theta.size, work)
    seen = _thinned(data, rows)
    plane = plane_of(snapshot, path, streams.stream(snapshot.experiment.seeds.init, "landscape"))
    alphas, betas = _axes(plane, resolution)
    grid = losses(snapshot, seen, plane.first, plane.second, alphas, betas, cancelled, threads)
    start = plane.path[0]
    corner = losses(snapshot, seen, plane.first, plane.second, start[:1], start[1:], None, 1)
    first = np.asarray(path[0], dtype=snapshot.theta.dtype)
    return Landscape(
        alphas=alphas, betas=betas, losses=grid, path=plane.path, walked=plane.walked,
        explained=plane.explained,
        loss_now=snapshot.loss(seen.x_train, seen.y_train),
        true_start=snapshot.at(first).loss(seen.x_train, seen.y_train),
        plane_start=float(corner[0, 0]),
        rows_used=rows, rows_all=len(data.x_train),
    )  # fmt: skip


def affordable(resolution: int, rows: int, parameters: int, work: float) -> tuple[int, int]:
    """Return the grid size and the number of rows that keep to the work allowed.

    First rows are left out, down to 256; then the grid gets coarser, down to 16 a side; then more rows are
    left out, down to 64. What is dearer still is computed all the same.
    """
    rows = min(rows, MOST_ROWS)
    rows = min(rows, max(ENOUGH_ROWS, int(work / (resolution**2 * parameters))))
    resolution = min(resolution, max(COARSEST, int(np.sqrt(work / (rows * parameters)))))
    return resolution, min(rows, max(FEWEST_ROWS, int(work / (resolution**2 * parameters))))


def _thinned(data: Data, rows: int) -> Data:
    """Return the data with evenly spaced training rows, the same ones each time."""
    if rows >= len(data.x_train):
        return data
    chosen = np.linspace(0, len(data.x_train) - 1, rows).round().astype(np.int64)
    return dataclasses.replace(data, x_train=data.x_train[chosen], y_train=data.y_train[chosen])


def _axes(plane: Plane, resolution: int) -> tuple[Array, Array]:
    """Return coordinates that hold the projected path, and now, with a margin on each side."""
    low, high = plane.path.min(axis=0), plane.path.max(axis=0)
    low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
    extent = high - low
    smallest = np.array([0.0 if walked else 2 * plane.radius for walked in plane.walked])
    wanted = np.maximum(extent * (1 + 2 * MARGIN), smallest)
    wanted = np.maximum(wanted, NARROWEST * wanted.max())
    middle = (low + high) / 2
    sides = [np.linspace(m - w / 2, m + w / 2, resolution) for m, w in zip(middle, wanted, strict=True)]
    return sides[0], sides[1]
