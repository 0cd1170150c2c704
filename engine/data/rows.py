"""Rows as they come out of a generator or a file, before anything is done to them."""

from typing import NamedTuple

import numpy as np

NO_LABELS = np.zeros(0, np.int64)
NO_TARGETS = np.zeros((0, 1))


class Rows(NamedTuple):
    """Raw rows with their classes or their numbers.

    Attributes
    ----------
    raw : (n, n_raw) float64, the input columns
    labels : (n,) int64 class indices; empty for regression
    targets : (n, 1) float64 numbers to predict; empty (0, 1) for classes
    """

    raw: np.ndarray
    labels: np.ndarray = NO_LABELS
    targets: np.ndarray = NO_TARGETS

    def take(self, chosen: np.ndarray) -> "Rows":
        """Return the rows with these indices, in their order."""
        return Rows(
            self.raw[chosen],
            self.labels[chosen] if len(self.labels) else self.labels,
            self.targets[chosen] if len(self.targets) else self.targets,
        )
