"""The lines at which a network changes its answer, as pixels; runs on the analysis thread."""

import numpy as np
from numpy.typing import NDArray

from engine.analysis.boundary import Field
from engine.analysis.confusion import predicted_classes
from gui.views.surface_image import stretch

MARGINS = (-1.0, 1.0)  # outputs at which the hinge loss begins to count a row


def borders(field: Field, pixels: int, margins: bool) -> NDArray[np.uint8]:
    """Return (pixels, pixels) of 1 where the named class changes, 2 at the margins, else 0.

    The outputs are interpolated between the cells, so that the line, two pixels wide, is finer than they are.

    Parameters
    ----------
    pixels : a side of the picture
    margins : whether outputs of -1 and 1 are marked too, as for the hinge loss
    """
    rows, columns, outputs = field.values.shape
    down, across = stretch(rows, pixels), stretch(columns, pixels).T
    fine = np.stack([down @ field.values[..., k].astype(float) @ across for k in range(outputs)], axis=2)
    named = predicted_classes(fine.reshape(-1, outputs), field.threshold).reshape(fine.shape[:2])
    mask = np.zeros(fine.shape[:2], np.uint8)
    if margins and outputs == 1:
        for level in MARGINS:
            mask[_changes((fine[..., 0] > level).astype(int))] = 2
    mask[_changes(named)] = 1
    return mask


def _changes(classes: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return where a cell differs from one beside it: a line two cells wide."""
    changes = np.zeros(classes.shape, bool)
    for one, other in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        differ = classes[one] != classes[other]
        changes[one] |= differ
        changes[other] |= differ
    return changes
