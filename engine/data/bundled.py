"""The real data sets that come with the program, read from resources/datasets without any network."""

from functools import lru_cache

import numpy as np

from engine.data.rows import Rows
from engine.resources import resource

BRIGHTEST = {"digits": 16.0, "mnist": 255.0}  # the image sets, and what white is in each


@lru_cache(maxsize=4)
def _columns(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs as they lie in the file, (n, n_raw) uint8 or float64, and the classes (n,)."""
    if name in BRIGHTEST:
        with np.load(resource("datasets", f"{name}.npz"), allow_pickle=False) as file:
            return file["pixels"], file["labels"]
    table = np.loadtxt(resource("datasets", f"{name}.csv"), delimiter=",", skiprows=1, encoding="utf-8")
    return table[:, :-1], table[:, -1]


def read(name: str) -> Rows:
    """Read a bundled data set: all its rows, in the file's order."""
    inputs, labels = _columns(name)
    return Rows(inputs.astype(np.float64), labels.astype(np.int64))
