"""Passes forward over any number of rows: what every unit says, and what the losses come to."""

from functools import lru_cache

import numpy as np

from engine import evaluation
from engine.places import INFERENCE
from engine.plan import Layout, Plan
from engine.scratch import as_rows, work_space

NO_COUNTS, NO_SQUARES = np.zeros((0, 0), np.int64), np.zeros(0)


def unit_values(plan: Plan, theta: np.ndarray, x: np.ndarray, pre: bool = False) -> np.ndarray:
    """Return (n, units of all layers) what every layer hands on, or its pre-activations, for x (n, n_in)."""
    layout, units = plan.layout, int(plan.layout.sizes[1:].sum())
    out = np.empty(len(x) * units, plan.dtype)
    forward(plan, theta, x, no_targets(plan), pre=pre, out=out)
    return out.reshape(units, len(x)).T if layout.lanes else out.reshape(len(x), units)


def forward(plan: Plan, theta: np.ndarray, x: np.ndarray, y: np.ndarray, counts: np.ndarray = NO_COUNTS,
            squares: np.ndarray = NO_SQUARES, pre: bool = False,
            out: np.ndarray | None = None) -> float:  # fmt: skip
    """Run rows forward, as in inference, and return the sum of their losses.

    Parameters: :func:`engine.evaluation.evaluate`.
    """
    x, y = as_rows(x, plan.dtype), as_rows(y, plan.dtype)
    work, order = work_space(plan, evaluation.ROWS_AT_ONCE), one_after_the_other(len(x))
    out = np.empty(0, plan.dtype) if out is None else out
    return evaluation.evaluate(plan.layout, theta, x, y, order, work, evaluation.ROWS_AT_ONCE, INFERENCE, 0,
                               counts, squares, pre, out)  # fmt: skip


def forward_in_training(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray,
                        work: np.ndarray, at_once: int, moment: int,
                        first_row: int = 0) -> float:  # fmt: skip
    """Run rows forward, as in training, and return the sum of their losses.

    Parameters: :func:`engine.evaluation.evaluate`.
    """
    return evaluation.evaluate(layout, theta, x, y, order, work, at_once, moment, first_row, NO_COUNTS,
                               NO_SQUARES, False, np.empty(0, theta.dtype))  # fmt: skip


@lru_cache(maxsize=4)
def one_after_the_other(rows: int) -> np.ndarray:
    """Return (rows,) int64 from 0 on, the same array each time: kernels only read it."""
    return np.arange(rows)


def no_targets(plan: Plan) -> np.ndarray:
    """Return (0, n_out), where no losses are wanted."""
    return as_rows(np.empty((0, int(plan.layout.sizes[-1]))), plan.dtype)
