"""What :func:`engine.data.load` returns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from engine.data.features import compute

ROWS_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Data:
    """The rows of one experiment. All arrays are read-only and in C order.

    Attributes
    ----------
    x_train, x_validation, x_test : (n, n_in) in the experiment's precision: features, scaled
    y_train, y_validation, y_test : (n, n_out) in the same precision: 0 and 1, one-hot rows, or numbers
    raw_train, raw_validation, raw_test : (n, n_raw) float64: the raw columns that x was made from
    labels_train, labels_validation, labels_test : (n,) int64 class indices; empty for regression
    task : "binary", "multiclass" or "regression"
    classes : the names of the classes; empty for regression
    input_names : the names of the raw columns
    categories : those of them that are the 0 and 1 of one category of a file's column
    features : the names of the chosen features, the columns of x
    image : (height, width) when the columns of x are exactly the pixels of an image, else None
    domain : (n_raw, 2) float64: low and high of each raw axis for pictures; holds every row
    scaler : (offset, factor), (n_in,) float64 each: x = (features − offset) · factor

    With ``test_fraction`` 0 the test arrays have no rows, except that a gate tests on its four rows; with
    ``validation_fraction`` 0 the validation arrays have none.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_validation: np.ndarray
    y_validation: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    raw_train: np.ndarray
    raw_validation: np.ndarray
    raw_test: np.ndarray
    labels_train: np.ndarray
    labels_validation: np.ndarray
    labels_test: np.ndarray
    task: str
    classes: tuple[str, ...]
    input_names: tuple[str, ...]
    categories: tuple[str, ...]
    features: tuple[str, ...]
    image: tuple[int, int] | None
    domain: np.ndarray
    scaler: tuple[np.ndarray, np.ndarray]

    def transform(self, raw: np.ndarray) -> np.ndarray:
        """Turn raw rows into what the network is shown: features, then scaling.

        Parameters
        ----------
        raw : (m, n_raw) float64

        Returns
        -------
        (m, n_in) in the experiment's precision; ``transform(raw_train)`` is ``x_train``
        """
        values = compute(np.asarray(raw, np.float64), self.input_names, self.features)
        return scaled(values, self.scaler, self.x_train.dtype)


def scaled(values: np.ndarray, scaler: tuple[np.ndarray, np.ndarray], precision: DTypeLike) -> np.ndarray:
    """Scale (n, n_in) features and return them in another precision, C order."""
    offset, factor = scaler
    result = np.empty(values.shape, precision)
    for first in range(0, len(values), ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)  # all at once would take room for two more tables
        result[rows] = (values[rows] - offset) * factor
    return result
