"""Where numbers stand in the kernels' scratch memory.

A layer's block stands in each row of the scratch memory at the same place; unit j of row r of it at
``first + j * unit_step + r * row_step``, in lanes and in matrices alike.

Rows of the scratch memory: Z, OUT, DELTA and TARGETS as for every network, then

* HAT : what batch normalization brought to mean 0 and variance 1; on the way back, the gradient before it
* STATISTICS : for each layer four numbers a unit, one kind after the other: the batch's means and variances,
  and the means over it of d and of h · d (:mod:`engine.normalization`) where they are GIVEN
* ACTIVATED : f(z), where normalization or dropout makes something else of it; where no layer does, there is
  no such row (:func:`engine.scratch.work_space`)
* KEPT : 0 for a unit that is left out of a row, else 1 / (1 - dropout); no row without dropout
"""

from typing import NamedTuple

import numpy as np

from engine.jit import jit_inline

Z, OUT, DELTA, TARGETS, HAT, STATISTICS, ACTIVATED, KEPT = range(8)
STATISTICS_OF_UNIT = 4
INFERENCE, WHOLE = -2, -1  # moments: running statistics; the batch's own statistics, every unit kept


class Place(NamedTuple):
    """Where a layer's block stands in the scratch memory, and how many rows and units it has."""

    first: int
    end: int
    unit_step: int
    row_step: int
    rows: int
    units: int
    statistics: int


@jit_inline
def clear_rest(values: np.ndarray, place: Place) -> None:
    """Set what a block holds besides its units and rows to 0: lanes without a row, or padding columns."""
    if place.row_step == 1:
        for j in range(place.units):
            for i in range(place.first + j * place.unit_step + place.rows,
                           place.first + (j + 1) * place.unit_step):  # fmt: skip
                values[i] = 0
    else:
        for r in range(place.rows):
            for i in range(place.first + r * place.row_step + place.units,
                           place.first + (r + 1) * place.row_step):  # fmt: skip
                values[i] = 0
