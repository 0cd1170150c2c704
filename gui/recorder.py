"""Histories of bounded size: the metrics over the epochs and the way the parameters went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from gui.frame import Curves

CURVE_POINTS = 1000
PATH_POINTS = 200
PATH_BYTES = 32_000_000

METRICS = tuple(field.name for field in fields(Curves) if field.name != "epochs")

Item = TypeVar("Item")


class Thinned(Generic[Item]):
    """Items along a growing position, evenly spread: the first and the newest are always kept.

    Attributes:
        positions: where the kept items stand, growing.
        items: the kept items.
    """

    def __init__(self, limit: int) -> None:
        self._limit = max(limit, 4)
        self._spacing = 0.0
        self.positions: list[float] = []
        self.items: list[Item] = []

    def add(self, position: float, item: Item) -> None:
        """Keep an item; the newest gives way to it while it stands close behind the one before."""
        tail_is_close = (len(self.items) > 1 and self.positions[-1] - self.positions[-2] < self._spacing) or (
            len(self.items) > 1 and self.positions[-1] == position
        )
        if tail_is_close:
            self.positions[-1], self.items[-1] = position, item
            return
        self.positions.append(position)
        self.items.append(item)
        if len(self.items) > self._limit:
            self._halve()

    def _halve(self) -> None:
        """Drop items until the kept ones stand at least the doubled spacing apart."""
        self._spacing = 2 * (self.positions[-1] - self.positions[0]) / self._limit
        kept = [0]
        for index in range(1, len(self.items) - 1):
            if self.positions[index] - self.positions[kept[-1]] >= self._spacing:
                kept.append(index)
        kept.append(len(self.items) - 1)
        self.positions = [self.positions[index] for index in kept]
        self.items = [self.items[index] for index in kept]


class Recorder:
    """The histories of one training: curves by epoch, the path by the length walked.

    Thinning the path by its length keeps its shape: the first epochs go far, the last ones hardly move.
    """

    def __init__(self, parameters: int) -> None:
        points = int(np.clip(PATH_BYTES // max(4 * parameters, 1), 8, PATH_POINTS))
        self._curves: Thinned[tuple[float, ...]] = Thinned(CURVE_POINTS)
        self._path: Thinned[tuple[float, NDArray[np.float32]]] = Thinned(points)
        self._walked = 0.0
        self._last: NDArray[np.float32] | None = None

    def add(self, epoch: float, metrics: Mapping[str, float], theta: NDArray[np.floating]) -> None:
        """Record the metrics and the parameters at an epoch (a fraction of one inside it)."""
        self._curves.add(epoch, (epoch, *(metrics.get(name, np.nan) for name in METRICS)))
        self.walk(epoch, theta)

    def walk(self, epoch: float, theta: NDArray[np.floating]) -> None:
        """Record where the parameters are."""
        with np.errstate(over="ignore", invalid="ignore"):  # float64 reaches farther than what is drawn
            here = np.array(theta, dtype=np.float32)
            step = 0.0
            if self._last is not None:
                step = float(np.linalg.norm(np.subtract(here, self._last, dtype=np.float64)))
        if np.isfinite(step):
            self._walked += step
            self._path.add(self._walked, (epoch, here))
            self._last = here

    def curves(self) -> Curves:
        """Return copies of the curves."""
        rows = np.array(self._curves.items, dtype=np.float64).reshape(-1, 1 + len(METRICS))
        return Curves(*(np.ascontiguousarray(column) for column in rows.T))

    def path(self) -> tuple[tuple[float, NDArray[np.float32]], ...]:
        """Return the path so far; its arrays are shared and never written again."""
        return tuple(self._path.items)

    def resume(self, curves: Curves, path: tuple[tuple[float, NDArray[np.float32]], ...]) -> None:
        """Take up histories that an earlier frame holds."""
        columns = (curves.epochs, *(getattr(curves, name) for name in METRICS))
        for row in zip(*columns, strict=True):
            self._curves.add(float(row[0]), tuple(float(value) for value in row))
        for epoch, theta in path:
            self.walk(epoch, theta)
