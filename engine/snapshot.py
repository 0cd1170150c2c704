"""A moment of a training: every number that decides what comes next, and what the network computes then.

Snapshots are immutable and independent of the session that made them; all methods may be called from any
thread, and the kernels inside release the GIL.
"""

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from engine import kernels
from engine.batch import Batch
from engine.choices.optimizers import more
from engine.choices.regularizers import penalty
from engine.course import Course
from engine.experiment import Experiment
from engine.extras import gradient_penalties, mask_of, penalties
from engine.jit import set_blas_threads
from engine.lbfgs import LossAndGradient
from engine.passes import forward, unit_values
from engine.places import WHOLE
from engine.plan import Plan
from engine.rules import dataset_of
from engine.scratch import as_rows
from engine.streams import shuffle, shuffle_key

if TYPE_CHECKING:
    from engine.data import Data

Pairs = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a network does with some rows.

    Attributes
    ----------
    loss : the mean over the rows, without penalties; NaN without a row
    counts : (classes, classes + 1) int64 rows of each class by the class that the network names, those
        for which it names none last; (0, 0) for regression
    r2 : 1 - sum (a - y)² / sum (y - mean)², for regression
    """

    loss: float
    counts: np.ndarray
    r2: float

    @property
    def accuracy(self) -> float:
        """The share of rows whose class is named."""
        rows = int(self.counts.sum())
        return int(np.trace(self.counts)) / rows if rows else float("nan")

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall: of class 1 where there are two, else their mean.

        A class without a row that neither is named counts 0 (van Rijsbergen 1979; as scikit-learn has it).
        """
        right = np.diag(self.counts).astype(float)
        total = self.counts.sum(axis=1) + self.counts[:, :-1].sum(axis=0)
        each = np.divide(2 * right, total, out=np.zeros(len(right)), where=total > 0)
        if not len(each) or not self.counts.sum():
            return float("nan")
        return float(each[1] if len(each) == 2 else each.mean())


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One moment of a training.

    Attributes
    ----------
    experiment, plan : what is trained, and how its parameters lie in theta
    epoch, batch, update : completed epochs, completed batches of the one begun, completed updates
    optimizer_updates : updates since the optimizer started (it starts anew when it is replaced)
    theta : (plan.size,) parameters, read-only
    slots : (slots of the optimizer, plan.size) the optimizer's state, read-only
    batch_size : rows an update in this epoch; 0 for what the experiment says
    course : what the ends of epochs have decided so far
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
    course: Course = Course()

    def at(self, theta: np.ndarray) -> "Snapshot":
        """Return the same moment with other parameters (plan.size,)."""
        return replace(self, theta=np.asarray(theta, self.plan.dtype))

    def weights(self) -> Pairs:
        """Return [(W (n_in, n_out), b (n_out,)), ...] as copies."""
        return [(w.copy(), b.copy()) for w, b in self.plan.unpack(self.theta)]

    def forward(self, x: np.ndarray, pre: bool = False) -> list[np.ndarray]:
        """Return every layer's activations (n, units), or pre-activations, for x (n, n_in)."""
        set_blas_threads()
        inputs, *units = self.plan.layout.sizes.tolist()
        values = unit_values(self.plan, self._theta(), self._rows(x, inputs), pre)
        ends = list(accumulate(units))
        return [values[:, end - own : end] for own, end in zip(units, ends, strict=True)]

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the network's output (n, n_out) for x (n, n_in)."""
        return np.ascontiguousarray(self.forward(x)[-1])

    def evaluate(self, x: np.ndarray, y: np.ndarray) -> Evaluation:
        """Return what the loss and the outputs come to over rows x (n, n_in) and targets y (n, n_out)."""
        x, y = self.rows(x, y)
        regression, outputs = dataset_of(self.experiment).task == "regression", y.shape[1]
        classes = 0 if regression else max(2, outputs)
        counts = np.zeros((classes, classes + 1 if classes else 0), np.int64)
        squares = np.zeros(outputs if regression else 0)
        if not len(x):
            return Evaluation(float("nan"), counts, float("nan"))
        set_blas_threads()
        total = forward(self.plan, self._theta(), x, y, counts=counts, squares=squares)
        spread = np.square(y - y.mean(axis=0, dtype=float)).sum(dtype=float) if regression else 0.0
        unexplained = float(squares.sum()) / spread if spread else float("nan")
        return Evaluation(total / len(x), counts, 1 - unexplained)

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        """Return the mean loss over the rows, without penalties."""
        return self.evaluate(x, y).loss

    def metrics(self, data: "Data") -> dict[str, float]:
        """Return train_loss, and train_accuracy and train_f1 for classes or train_r2 for numbers.

        The same for validation_ and test_ where there are such rows.
        """
        metrics: dict[str, float] = {}
        parts = {"train": (data.x_train, data.y_train), "test": (data.x_test, data.y_test)}
        if len(data.x_validation):
            parts["validation"] = (data.x_validation, data.y_validation)
        seen = {name: self.evaluate(x, y) for name, (x, y) in parts.items() if len(x)}
        for name, result in seen.items():
            metrics[f"{name}_loss"] = result.loss
        for name, result in seen.items():
            if data.task == "regression":
                metrics[f"{name}_r2"] = result.r2
            else:
                metrics[f"{name}_accuracy"] = result.accuracy
        for name, result in seen.items():
            if data.task != "regression":
                metrics[f"{name}_f1"] = result.f1
        return metrics

    def parameters(self) -> dict[str, np.ndarray]:
        """Return everything trained, running or masked by name, copies.

        ``layers.0.weight`` (n_in, n_out) and ``layers.0.bias`` (n_out,); with batch normalization
        ``layers.0.scale``, ``.shift``, ``.running_mean``, ``.running_variance`` (n_out,); with cut links
        ``layers.0.mask`` (n_in, n_out) of 0 and 1.
        """
        found = {name: view.copy() for name, view in self.plan.tensors(self.theta).items()}
        for layer, chosen in enumerate(self.experiment.network.layers):
            if chosen.cut:
                inputs = int(self.plan.layout.sizes[layer])
                found[f"layers.{layer}.mask"] = mask_of(chosen, inputs).astype(self.plan.dtype)
        return found

    @property
    def moment(self) -> int:
        """The number of the next batch, which says what dropout leaves out in it."""
        return int(kernels.moment_of.py_func(self.epoch, self.batch))

    def batch_order(self, rows: int, epoch: int) -> np.ndarray:
        """Return (rows,) int64: the order in which epoch 0, 1, ... visits so many training rows."""
        order = np.empty(rows, np.int64)
        shuffle(shuffle_key(self.experiment.seeds.order, "batches"), epoch, order)
        return order

    def dropout_factors(self, rows: int, moment: int) -> dict[int, np.ndarray]:
        """Return what dropout multiplies activations (rows, units) by, 0 or 1 / (1 - dropout), by layer."""
        extras, found = self.plan.layout.extras, {}
        for index, layer in enumerate(self.experiment.network.layers):
            if extras is not None and layer.dropout:
                found[index] = np.empty((rows, layer.units), self.plan.dtype)
                kernels.dropout_factors(extras.dropout_key, layer.dropout, moment, index, found[index])
        return found

    def gradient(self, x: np.ndarray, y: np.ndarray, moment: int = WHOLE) -> np.ndarray:
        """Return (plan.size,) the gradient of the mean loss over the rows, penalties included.

        The rows count as one batch: batch normalization takes its statistics from them. No unit is left
        out, unless ``moment`` names a batch (:func:`engine.kernels.moment_of`).
        """
        x, y = self.rows(x, y)
        grad = np.zeros(self.plan.size, self.plan.dtype)
        if len(x):
            batch = self.batch_of(x, y, moment)
            batch.gradient(*gradient_penalties(self.experiment), grad, np.empty_like(grad))
        else:  # like the loss: the mean of nothing is no number
            for view in self.plan.tensors(grad).values():
                view[...] = np.nan
        return grad

    def training_loss(self, x: np.ndarray, y: np.ndarray, moment: int = WHOLE) -> float:
        """Return what :meth:`gradient` is of: the rows' mean loss as in training, with penalties."""
        if len(x) and (any(self.plan.norms) or moment != WHOLE):
            loss = self.batch_of(*self.rows(x, y), moment).loss() / len(x)
        else:
            loss = self.loss(x, y)
        l1, l2 = penalties(self.experiment)
        return loss + penalty((w for w, _ in self.plan.unpack(self.theta)), l1, l2)

    def objective(self, x: np.ndarray, y: np.ndarray, moment: int = WHOLE) -> LossAndGradient:
        """Return the function that L-BFGS goes down: theta to training loss and gradient (plan.size,).

        What may not move has gradient 0.
        """
        extras = self.plan.layout.extras

        def loss_and_gradient(theta: np.ndarray) -> tuple[float, np.ndarray]:
            there = self.at(theta)
            gradient = there.gradient(x, y, moment)
            if extras is not None:
                gradient[extras.active == 0] = 0
            return there.training_loss(x, y, moment), gradient

        return loss_and_gradient

    def batch_of(self, x: np.ndarray, y: np.ndarray, moment: int) -> Batch:
        """Return rows, as :meth:`rows` does, as one batch at these parameters."""
        order, compiled = np.arange(len(x)), more(self.experiment.optimizer)
        return Batch(self.plan, self._theta(), x, y, order, moment, compiled)

    def rows(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return inputs and targets as the kernels take them (:func:`engine.scratch.as_rows`).

        Raises ValueError when their shapes are not (n, n_in) and (n, n_out): the kernels check no bounds.
        """
        sizes = self.plan.layout.sizes
        x, y = self._rows(x, sizes[0]), self._rows(y, sizes[-1])
        if len(x) != len(y):
            raise ValueError(f"{len(x)} rows of inputs do not fit {len(y)} rows of targets")
        return x, y

    def _rows(self, x: np.ndarray, columns: int) -> np.ndarray:
        x = as_rows(x, self.plan.dtype)
        if x.shape[1:] != (columns,):
            raise ValueError(f"an array of shape {x.shape} does not have rows of {columns} columns")
        return x

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
