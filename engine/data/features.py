"""What the network is shown of a row: raw columns, or simple functions of them."""

from collections.abc import Callable

import numpy as np

# Of (n, n_raw) raw columns, for data sets whose inputs are x, or x1 and x2.
FORMULAS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "x^2": lambda raw: raw[:, 0] ** 2,
    "sin(x)": lambda raw: np.sin(raw[:, 0]),
    "x1^2": lambda raw: raw[:, 0] ** 2,
    "x2^2": lambda raw: raw[:, 1] ** 2,
    "x1*x2": lambda raw: raw[:, 0] * raw[:, 1],
    "sin(x1)": lambda raw: np.sin(raw[:, 0]),
    "sin(x2)": lambda raw: np.sin(raw[:, 1]),
}


def compute(raw: np.ndarray, inputs: tuple[str, ...], chosen: tuple[str, ...]) -> np.ndarray:
    """Return the chosen features of raw rows.

    Parameters
    ----------
    raw : (n, n_raw) float64
    inputs : the names of the raw columns
    chosen : names of raw columns or keys of FORMULAS

    Returns
    -------
    (n, len(chosen)) float64
    """
    if chosen == inputs:
        return raw
    place = {name: index for index, name in enumerate(inputs)}
    if all(name in place for name in chosen):
        return raw[:, [place[name] for name in chosen]]
    columns = [raw[:, place[name]] if name in place else FORMULAS[name](raw) for name in chosen]
    return np.column_stack(columns)
