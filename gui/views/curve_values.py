"""The values of the curves over the epochs: where they stand on the axis, and what they tell."""

import math

import numpy as np
from numpy.typing import NDArray

from gui.i18n import number, tr
from gui.views import scores
from gui.views.ticks import ceiling

Values = NDArray[np.float64]
LEAST = 1e-12  # losses below this are drawn there on a logarithmic axis


def placed(values: Values, logarithmic: bool) -> Values:
    """Return where values stand on the axis; NaN for those that are not finite."""
    finite = np.where(np.isfinite(values), values, np.nan)
    return np.log10(np.maximum(finite, LEAST)) if logarithmic else finite


def ends(placed: Values, logarithmic: bool) -> tuple[float, float]:
    """Return the ends of the upright axis for values as they stand on it."""
    finite = placed[np.isfinite(placed)]
    if not logarithmic:
        return 0.0, ceiling(float(np.max(finite, initial=0.0)))
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 0.0)
    return math.floor(low - 1e-9), max(math.ceil(high + 1e-9), math.floor(low - 1e-9) + 1)


def told(score: str, epochs: Values, train: Values, test: Values) -> str:
    """Return in a sentence how a score went over the epochs; nothing where there are none."""
    if not len(epochs):
        return ""
    values = {"first": train[0], "last": train[-1], "test": test[-1]}
    over = number(float(epochs[-1]))
    shown = {key: scores.written(score, float(value)) for key, value in values.items()}
    if score in ("f1", "r2"):
        return tr("Over {epochs} epochs {score} of the training rows went from {first} to {last}; that "
                  "of the test rows is {test}.", epochs=over, score=scores.WORDS[score],
                  **shown)  # fmt: skip
    if score == "accuracy":
        return tr("Over {epochs} epochs the training accuracy went from {first} to {last}; the test "
                  "accuracy is {test}.", epochs=over, **shown)  # fmt: skip
    return tr("Over {epochs} epochs the training loss went from {first} to {last}; the test loss is "
              "{test}.", epochs=over, **shown)  # fmt: skip
