"""What is asked of a training on its way, answered by a snapshot of the moment."""

from abc import ABC, abstractmethod

import numpy as np

from engine.analysis import ledger
from engine.data import Data
from engine.plan import Plan
from engine.snapshot import Pairs, Snapshot


class Questions(ABC):
    """The questions that a session answers; none of them changes it."""

    data: Data
    plan: Plan

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """Return this moment, whole."""

    def parameters(self) -> dict[str, np.ndarray]:
        """Return everything trained, running or masked by name, as Snapshot.parameters does."""
        return self.snapshot().parameters()

    def loss_and_gradients(self, x: np.ndarray, y: np.ndarray) -> tuple[float, Pairs]:
        """Return the mean loss over the rows, penalties included, and its gradient [(dW, db), ...].

        The rows count as one batch of a training: batch normalization takes its statistics from them, and
        no unit is left out. A frozen layer has its gradient here too, a cut link has 0.
        Raises ValueError when a shape does not fit.

        Parameters
        ----------
        x, y : (n, n_in) scaled inputs and (n, n_out) targets
        """
        snapshot = self.snapshot()
        pairs = self.plan.unpack(snapshot.gradient(x, y))
        return snapshot.training_loss(x, y), [(w.copy(), b.copy()) for w, b in pairs]

    def gradients(self, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        """Return the gradient of :meth:`loss_and_gradients` by name, scales and shifts included."""
        views = self.plan.tensors(self.snapshot().gradient(x, y))
        return {name: view.copy() for name, view in views.items() if ".running_" not in name}

    def batch_order(self, epoch: int) -> np.ndarray:
        """Return (n_train,) the rows in the order in which epoch 0, 1, ... visits them."""
        return self.snapshot().batch_order(len(self.data.x_train), epoch)

    def explain(self, row: int | str | None, weight: str | tuple) -> ledger.Ledger:
        """Return the arithmetic of one parameter, as :func:`engine.analysis.ledger.explain` does."""
        return ledger.explain(self.snapshot(), self.data, row, weight)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the network's output (n, n_out) for scaled inputs x (n, n_in)."""
        return self.snapshot().predict(x)

    def metrics(self) -> dict[str, float]:
        """Return train_loss and test_loss and, for classes, train_accuracy and test_accuracy."""
        return self.snapshot().metrics(self.data)
