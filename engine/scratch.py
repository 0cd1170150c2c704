"""The scratch memory of the kernels, and how many rows of a batch are in it together."""

import numpy as np

from engine import evaluation, lanes
from engine.extras import NORM_AFTER, Extras
from engine.places import ACTIVATED, KEPT, STATISTICS_OF_UNIT
from engine.plan import Plan

MOST_ROWS = 1024  # rows that matrices are computed for at once, where nothing needs them all together
MOST_FOR_PART = 128 * 2**20  # bytes of scratch memory for them, unless 128 rows take more
MOST_BYTES = 384 * 2**20  # of scratch memory for rows that batch normalization needs all together


def as_rows(x: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return rows as the kernels take them: C order, the plan's type, and always read-only.

    Arrays that may be written to are another type to Numba, for which it would compile all kernels again.
    Nothing is copied where order and type are right: the largest data are most of the memory.
    """
    view = np.ascontiguousarray(x, dtype).view()
    view.flags.writeable = False
    return view


def work_space(plan: Plan, rows: int) -> np.ndarray:
    """Return scratch memory for passes over so many rows: at once, or one part after another.

    With batch normalization they are in it together, unless they are too many (:func:`is_too_large`).
    """
    together = any(plan.norms) and not is_too_large(plan, rows)
    return np.empty(_shape(plan, rows if together else min(rows, part_of(plan))), plan.dtype)


def part_of(plan: Plan) -> int:
    """Return how many rows are computed at once where nothing needs them all together."""
    if plan.layout.lanes:
        return evaluation.ROWS_AT_ONCE
    row = _height(plan.layout.extras) * int(plan.layout.starts[-1]) * plan.dtype.itemsize
    return max(evaluation.ROWS_AT_ONCE, min(MOST_ROWS, MOST_FOR_PART // row))


def is_too_large(plan: Plan, rows: int) -> bool:
    """Whether a batch of so many rows has batch normalization and does not fit into memory at once.

    Then :mod:`engine.batch` goes through its rows several times, part after part.
    """
    height, width = _shape(plan, rows)
    return any(plan.norms) and rows > part_of(plan) and height * width * plan.dtype.itemsize > MOST_BYTES


def _shape(plan: Plan, rows: int) -> tuple[int, int]:
    """Return the scratch memory's rows (:mod:`engine.places`) and columns."""
    layout = plan.layout
    columns = int(layout.starts[-1])
    if layout.lanes:
        rows, columns = lanes.width_of.py_func(rows), int(lanes.columns_of.py_func(layout.sizes))
    # The statistics of batch normalization take a few numbers a unit, whatever the number of rows.
    return _height(layout.extras), max(rows, STATISTICS_OF_UNIT) * columns


def _height(extras: Extras | None) -> int:
    """Return how many rows of scratch memory a network needs: those before the first one that it does not."""
    if extras is None:
        return 4
    if np.any(extras.dropouts > 0):
        return KEPT + 1
    return ACTIVATED + 1 if np.any(extras.norms == NORM_AFTER) else ACTIVATED
