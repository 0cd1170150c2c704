"""The loss over a plane of parameters: theta + alpha a + beta b, for every alpha and beta of a grid.

Rows of the grid are shared out among threads; the kernels release the GIL, and between rows the work can be
cancelled. Every point is computed on its own, so the number of threads changes no bit.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from engine import evaluation
from engine.data import Data
from engine.jit import jit
from engine.plan import Layout
from engine.scratch import work_space
from engine.snapshot import Snapshot


class Cancelled(Exception):
    """The caller no longer wants the result."""


@jit
def _row(layout: Layout, theta: np.ndarray, a: np.ndarray, b: np.ndarray, alphas: np.ndarray,
         beta: float, x: np.ndarray, y: np.ndarray, order: np.ndarray, work: np.ndarray, here: np.ndarray,
         out: np.ndarray) -> None:  # fmt: skip
    """Write the mean losses of one row of the grid; ``here`` (size,) is scratch."""
    n = x.shape[0]
    kind = theta.dtype.type
    out[:] = 0
    for first in range(0, n, evaluation.ROWS_AT_ONCE):
        rows = min(evaluation.ROWS_AT_ONCE, n - first)
        evaluation.gather_rows(layout, x, y, order, first, rows, work)
        for k in range(alphas.size):
            alpha_k, beta_k = kind(alphas[k]), kind(beta)
            for i in range(theta.size):
                here[i] = theta[i] + alpha_k * a[i] + beta_k * b[i]
            out[k] += evaluation.block_loss(layout, here, rows, work, evaluation.AS_IN_INFERENCE)
    for k in range(alphas.size):
        out[k] /= n


def losses(snapshot: Snapshot, data: Data, direction_a: np.ndarray, direction_b: np.ndarray,
           alphas: np.ndarray, betas: np.ndarray, cancelled: Callable[[], bool] | None = None,
           threads: int | None = None) -> np.ndarray:  # fmt: skip
    """Return the mean training loss (len(betas), len(alphas)) over a plane through the parameters.

    Parameters
    ----------
    snapshot : its theta is the point alpha = beta = 0
    direction_a, direction_b : (plan.size,) the plane's directions
    alphas, betas : the grid's steps along them
    cancelled : asked before each row; once it returns True, Cancelled is raised
    threads : how many rows are computed at once (default: one a core, at most 4)
    """
    x, y = snapshot.rows(data.x_train, data.y_train)
    theta, a, b = (snapshot.vector(each) for each in (snapshot.theta, direction_a, direction_b))
    order, out = np.arange(len(x)), np.empty((len(betas), len(alphas)))
    steps = np.asarray(alphas, float)

    def compute(row: int) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        work = work_space(snapshot.plan, evaluation.ROWS_AT_ONCE)
        _row(snapshot.plan.layout, theta, a, b, steps, float(betas[row]), x, y, order, work,
             np.empty_like(theta), out[row])  # fmt: skip

    threads = threads or min(4, os.cpu_count() or 1)
    if threads == 1:  # in this thread: handing rows to another one costs more than many of them
        for row in range(len(betas)):
            compute(row)
        return out
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(compute, range(len(betas))))
    return out
