"""The gradient of the training loss at a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import kernels
from engine.snapshot import Pairs, Snapshot, work_space

if TYPE_CHECKING:
    from engine.data import Data


def gradients(snapshot: Snapshot, data: Data, rows: int | None = None) -> Pairs:
    """Return [(dL/dW (n_in, n_out), dL/db (n_out,)), ...] over the training rows, penalties included.

    Parameters
    ----------
    rows : look at the first so many training rows only; None for all
    """
    plan, penalties = snapshot.plan, snapshot.experiment.regularization
    x, y = (np.array(part[:rows], plan.dtype, order="C") for part in (data.x_train, data.y_train))
    theta, grad = snapshot.theta.copy(), np.zeros(plan.size, plan.dtype)
    work = work_space(plan, len(x))
    order = np.arange(len(x))
    kernels.gradient(plan.layout, theta, x, y, order, 0, len(x), work, grad, penalties.l1, penalties.l2)
    return [(w.copy(), b.copy()) for w, b in plan.unpack(grad)]
