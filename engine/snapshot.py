"""A moment of a training: every number that decides what comes next, and what the network computes then.

Snapshots are immutable and independent of the session that made them; all methods may be called from any
thread, and the kernels inside release the GIL.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine import kernels, lanes
from engine.experiment import Experiment
from engine.jit import set_blas_threads
from engine.plan import Plan

if TYPE_CHECKING:
    from engine.data import Data

Pairs = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment of a training.

    Attributes
    ----------
    experiment, plan : what is trained, and how its parameters lie in theta
    epoch, batch, update : completed epochs, completed batches of the one begun, completed updates
    optimizer_updates : updates since the optimizer started (it starts anew when it is replaced)
    theta : (plan.size,) parameters, read-only
    slots : (SLOTS, plan.size) the optimizer's state, read-only
    batch_size : rows an update in this epoch; 0 for what the experiment says
    """

    experiment: Experiment
    plan: Plan
    epoch: int
    batch: int
    update: int
    optimizer_updates: int
    theta: np.ndarray
    slots: np.ndarray
    batch_size: int = 0

    def at(self, theta: np.ndarray) -> "Snapshot":
        """Return the same moment with other parameters (plan.size,)."""
        return replace(self, theta=np.asarray(theta, self.plan.dtype))

    def weights(self) -> Pairs:
        """Return [(W (n_in, n_out), b (n_out,)), ...] as copies."""
        return [(w.copy(), b.copy()) for w, b in self.plan.unpack(self.theta)]

    def forward(self, x: np.ndarray, pre: bool = False) -> list[np.ndarray]:
        """Return every layer's activations (n, units), or pre-activations, for x (n, n_in)."""
        sizes = self.plan.layout.sizes
        x = self._rows(x, sizes[0])
        out = np.empty((len(x), int(sizes[1:].sum())), self.plan.dtype)
        kernels.activations(self.plan.layout, self._theta(), x, np.arange(len(x)), self._work(), pre, out)
        return np.split(out, np.cumsum(sizes[1:-1]), axis=1)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the network's output (n, n_out) for x (n, n_in)."""
        return np.ascontiguousarray(self.forward(x)[-1])

    def loss_and_accuracy(self, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
        """Return the mean loss over the rows, without penalties, and the share classified right.

        Both are NaN when there is no row.
        """
        x, y = self.rows(x, y)
        if not len(x):
            return float("nan"), float("nan")
        rows = np.arange(len(x))
        total, hits = kernels.loss_and_hits(self.plan.layout, self._theta(), x, y, rows, self._work())
        return total / len(x), hits / len(x)

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        """Return the mean loss over the rows, without penalties."""
        return self.loss_and_accuracy(x, y)[0]

    def metrics(self, data: "Data") -> dict[str, float]:
        """Return train_loss and test_loss and, for classes, train_accuracy and test_accuracy.

        Without test rows there is no test metric.
        """
        train_loss, train_hits = self.loss_and_accuracy(data.x_train, data.y_train)
        metrics = {"train_loss": train_loss}
        if len(data.x_test):
            metrics["test_loss"], test_hits = self.loss_and_accuracy(data.x_test, data.y_test)
        if data.task != "regression":
            metrics["train_accuracy"] = train_hits
            if len(data.x_test):
                metrics["test_accuracy"] = test_hits
        return metrics

    def rows(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return inputs and targets as the kernels take them: C order, the plan's type, not read-only.

        Raises ValueError when their shapes are not (n, n_in) and (n, n_out): the kernels check no bounds.
        """
        sizes = self.plan.layout.sizes
        x, y = self._rows(x, sizes[0]), self._rows(y, sizes[-1])
        if len(x) != len(y):
            raise ValueError(f"{len(x)} rows of inputs do not fit {len(y)} rows of targets")
        return x, y

    def _rows(self, x: np.ndarray, columns: int) -> np.ndarray:
        x = np.ascontiguousarray(x, self.plan.dtype)
        if x.shape[1:] != (columns,):
            raise ValueError(f"an array of shape {x.shape} does not have rows of {columns} columns")
        return x if x.flags.writeable else x.copy()

    def vector(self, values: np.ndarray) -> np.ndarray:
        """Return parameters, or a direction among them, as the kernels take them.

        Raises ValueError when their shape is not (plan.size,).
        """
        values = np.ascontiguousarray(values, self.plan.dtype)
        if values.shape != (self.plan.size,):
            raise ValueError(f"an array of shape {values.shape} does not hold {self.plan.size} parameters")
        return values if values.flags.writeable else values.copy()

    def _theta(self) -> np.ndarray:
        return self.vector(self.theta)

    def _work(self) -> np.ndarray:
        set_blas_threads()
        return work_space(self.plan, kernels.ROWS_AT_ONCE)


def work_space(plan: Plan, rows: int) -> np.ndarray:
    """Return scratch memory for passes over so many rows at once."""
    if plan.layout.lanes:
        rows = lanes.width_of.py_func(min(rows, kernels.ROWS_AT_ONCE))
    return np.empty((4, rows * int(plan.layout.starts[-1])), plan.dtype)
