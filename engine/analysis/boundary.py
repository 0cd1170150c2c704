"""The network's output over its raw inputs: a field for two of them, a curve for one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices.losses import decision_threshold
from engine.data import Data
from engine.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Field:
    """The output over a plane of raw inputs.

    Attributes
    ----------
    values : (rows, columns, n_out) output; row 0 is the top of the picture, where the second input is
        largest, and column 0 its left, where the first one is smallest
    domain : (2, 2) low and high edge of each raw input
    threshold : above which a single output means class 1
    """

    values: NDArray[np.floating]
    domain: NDArray[np.float64]
    threshold: float = 0.5

    def at(self, first: float, second: float) -> NDArray[np.floating]:
        """Return the (n_out,) output of the cell that holds a point of the domain (clipped to it)."""
        rows, columns = self.values.shape[:2]
        (low_x, high_x), (low_y, high_y) = self.domain
        column = int((first - low_x) / (high_x - low_x) * columns)
        row = int((high_y - second) / (high_y - low_y) * rows)
        return self.values[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)]


@dataclass(frozen=True, eq=False)
class Curve:
    """The output along one raw input: ``inputs`` (m,) in raw units and ``outputs`` (m, n_out)."""

    inputs: NDArray[np.float64]
    outputs: NDArray[np.floating]


def centres(low: float, high: float, cells: int) -> NDArray[np.float64]:
    """Return the (cells,) midpoints of equal cells between two edges."""
    return low + (np.arange(cells) + 0.5) * (high - low) / cells


def raw_grid(domain: NDArray[np.float64], resolution: int) -> NDArray[np.float64]:
    """Return the (resolution², 2) raw points of a square grid, in picture order (top row first)."""
    (low_x, high_x), (low_y, high_y) = domain.tolist()
    across, down = centres(low_x, high_x, resolution), centres(low_y, high_y, resolution)[::-1]
    grid_x, grid_y = np.meshgrid(across, down)
    return np.column_stack([grid_x.ravel(), grid_y.ravel()])


def output_field(snapshot: Snapshot, data: Data, resolution: int = 100) -> Field:
    """Compute the output at the centres of ``resolution`` x ``resolution`` cells of the raw domain.

    Raises ValueError unless the data have exactly two raw inputs.
    """
    if len(data.domain) != 2:
        raise ValueError(f"a field needs two raw inputs, not {len(data.domain)}")
    output = snapshot.predict(data.transform(raw_grid(data.domain, resolution)))
    threshold = decision_threshold(snapshot.experiment.loss.name)
    return Field(output.reshape(resolution, resolution, -1), data.domain, threshold)


def fitted_curve(snapshot: Snapshot, data: Data, points: int = 256) -> Curve:
    """Compute the output at evenly spaced points from edge to edge of the only raw input.

    Raises ValueError unless the data have exactly one raw input.
    """
    if len(data.domain) != 1:
        raise ValueError(f"a curve needs one raw input, not {len(data.domain)}")
    low, high = data.domain[0].tolist()
    inputs = np.linspace(low, high, points)
    return Curve(inputs, snapshot.predict(data.transform(inputs[:, None])))
