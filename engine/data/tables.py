"""The data sets of a few rows that are written down: truth tables, the concert decision, the bill example."""

import numpy as np

from engine.data.rows import Rows

BILL = np.array([[50.0, 20.0, 50.0], [10.0, 10.0, 20.0], [80.0, 90.0, 100.0]])
BILL_CHANCES = np.array([[0.47], [0.42], [0.89]])
CONCERT_WEIGHTS, CONCERT_THRESHOLD = np.array([3, 2, 6]), 5


def questions(count: int) -> np.ndarray:
    """Return every answer (2^count, count) float64 to so many questions, in binary order from all 0 on."""
    return np.indices((2,) * count).reshape(count, -1).T.astype(np.float64)


def concert() -> Rows:
    """Yes exactly where the weighted answers are above the threshold: 3 + 2 = 5 is not."""
    raw = questions(3)
    return Rows(raw, (raw @ CONCERT_WEIGHTS > CONCERT_THRESHOLD).astype(np.int64))


def _gate(*outputs: int) -> Rows:
    """Return a truth table, its rows in the order 00, 01, 10, 11."""
    return Rows(questions(2), np.array(outputs, np.int64))


def read(name: str) -> Rows:
    """Return the rows of a table by its data set's name."""
    return TABLES[name].take(np.arange(len(TABLES[name].raw)))


TABLES = {
    "gate_and": _gate(0, 0, 0, 1),
    "gate_or": _gate(0, 1, 1, 1),
    "gate_xor": _gate(0, 1, 1, 0),
    "concert": concert(),
    "bill": Rows(BILL, targets=BILL_CHANCES),
}
