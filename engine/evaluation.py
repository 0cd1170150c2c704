"""The compiled loops of evaluation: rows forward, what their losses come to and what every unit says.

As in :mod:`engine.kernels`, the layout says which of both ways of computing a network uses, and what stands
behind ``if None is not None`` is not even compiled.
"""

import numpy as np

from engine import blocks, lanes, matrices
from engine.choices.activations import SOFTMAX
from engine.choices.losses import lane_losses, row_loss
from engine.extras import Extras
from engine.jit import jit, jit_inline
from engine.places import DELTA, INFERENCE, OUT, TARGETS, Z
from engine.plan import Layout
from engine.vectors import LANES

ROWS_AT_ONCE = 128  # rows of an evaluation that are in the cache together
# A number that stands in a call is a type of its own to Numba, for which it compiles what is called once
# more. These are ordinary integers.
AS_IN_INFERENCE, NONE_NAMED, FIRST_ROW = np.int64(INFERENCE), np.int64(0), np.int64(0)


@jit
def evaluate(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray,
             work: np.ndarray, at_once: int, moment: int, first_row: int, counts: np.ndarray,
             squares: np.ndarray, pre: bool, out: np.ndarray) -> float:  # fmt: skip
    """Run rows forward; return the sum of their losses, penalties not included, and what else is wanted.

    Parameters
    ----------
    x, y : (n, n_in) and (n, n_out), or (0, n_out) where no losses and counts are wanted
    order : (n,) which rows
    work, at_once : scratch, and for how many rows it has room
    moment, first_row : as in :func:`engine.blocks.after_products`
    counts : (classes, classes + 1) int64, the rows of each class by the class that their largest output
        names (for one output, on which side of the layout's threshold it lies); those whose outputs hold
        NaN name none and are in the last column. (0, 0) for none.
    squares : (outputs,) the sums of (a - y)², (0,) for none
    pre, out : out is flat and receives what the units of layer after layer hand on, or their pre-activations:
        in lanes all rows of a unit, then those of the next, in matrices all units of a row, then those of
        the next; (0,) for nothing
    """
    n, total, source = order.size, 0.0, work[Z] if pre else work[OUT]
    simple = (
        layout.lanes is not None and layout.extras is None and layout.activations[-1] != SOFTMAX
        and out.size > 0 and y.shape[0] == 0 and not pre
    )  # fmt: skip
    for first in range(0, n, at_once):
        rows = min(at_once, n - first)
        gather_rows(layout, x, y, order, first, rows, work)
        direct = simple and rows % LANES == 0
        _evaluated(layout.lanes, layout.matrices, layout.extras, layout, theta, rows, work, moment,
                   first_row + first, direct, out, first, n)  # fmt: skip
        if y.shape[0] > 0:
            total += losses_of_block(layout, rows, work)
            _count(layout, rows, work, counts, squares)
        if out.size > 0 and not direct:
            _copy_units(layout.lanes, layout.matrices, layout, source, rows, out, first, n)
    return total


@jit_inline
def _evaluated(in_lanes: int | None, in_matrices: int | None, extras: Extras | None, layout: Layout,
               theta: np.ndarray, rows: int, work: np.ndarray, moment: int, first_row: int, direct: bool,
               out: np.ndarray, first: int, n: int) -> None:  # fmt: skip
    """Run rows forward; ``direct`` has small nets write to their place in out, where no one has to copy."""
    if in_lanes is not None:
        if extras is None:
            width = lanes.width_of(rows)
            begin, step = (first, n) if direct else (width * layout.sizes[0], width)
            lanes.forward_to(layout, theta, rows, work, out if direct else work[OUT], begin, step)
        if extras is not None:
            lanes.forward(extras, layout, theta, rows, work, moment, first_row)
    if in_matrices is not None:
        matrices.forward(extras, layout, theta, rows, work, moment, first_row)


@jit_inline
def gather_rows(layout: Layout, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int, rows: int,
                work: np.ndarray) -> None:  # fmt: skip
    """Copy rows to the input block of OUT, and their targets to TARGETS where there are any."""
    _gather_rows(layout.lanes, layout.matrices, layout, x, y, order, first, rows, work)


@jit_inline
def _gather_rows(in_lanes: int | None, in_matrices: int | None, layout: Layout, x: np.ndarray, y: np.ndarray,
                 order: np.ndarray, first: int, rows: int, work: np.ndarray) -> None:  # fmt: skip
    if in_lanes is not None:
        lanes.gather(x, order, first, rows, work[OUT])
        if y.shape[0] > 0:
            lanes.gather(y, order, first, rows, work[TARGETS])
    if in_matrices is not None:
        matrices.gather(layout, x, order, first, rows, work[OUT])
        if y.shape[0] > 0:
            matrices.gather_flat(y, order, first, rows, work[TARGETS])


@jit_inline
def _forward(in_lanes: int | None, in_matrices: int | None, layout: Layout, theta: np.ndarray, rows: int,
             work: np.ndarray, moment: int, first_row: int) -> None:  # fmt: skip
    """Run the rows in the input block of OUT forward."""
    if in_lanes is not None:
        lanes.forward(layout.extras, layout, theta, rows, work, moment, first_row)
    if in_matrices is not None:
        matrices.forward(layout.extras, layout, theta, rows, work, moment, first_row)


@jit_inline
def block_loss(layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray, moment: int) -> float:
    """Run the rows that :func:`gather_rows` copied forward and return the sum of their losses."""
    _forward(layout.lanes, layout.matrices, layout, theta, rows, work, moment, FIRST_ROW)
    return losses_of_block(layout, rows, work)


@jit_inline
def losses_of_block(layout: Layout, rows: int, work: np.ndarray) -> float:
    """Return the sum of the losses of rows that have been run forward, penalties not included."""
    _row_losses(layout.lanes, layout.matrices, layout.extras, layout, rows, work)
    total = 0.0
    for r in range(rows):
        total += work[DELTA, r]
    return total


@jit_inline
def _row_losses(in_lanes: int | None, in_matrices: int | None, extras: Extras | None, layout: Layout,
                rows: int, work: np.ndarray) -> None:  # fmt: skip
    """Write the loss of each row to DELTA."""
    start, unit_step, row_step = _place_of(layout, layout.weights.size, rows)
    units, z, a, targets, out = layout.sizes[-1], work[Z], work[OUT], work[TARGETS], work[DELTA]
    if in_lanes is not None:
        lane_losses(layout.more, layout.loss, layout.loss_parameter, units, z[start:], a[start:], targets,
                    unit_step, out)  # fmt: skip
    if in_matrices is not None:
        for r in range(rows):
            here = start + r * row_step
            out[r] = row_loss(layout.more, layout.loss, layout.loss_parameter, units, z, a, targets, here,
                              unit_step, r * units, 1)  # fmt: skip
    if extras is not None and extras.class_weights.size > 0:
        unit, row = (unit_step, 1) if row_step == 1 else (1, units)
        for r in range(rows):
            out[r] *= blocks.weight_of_row(extras.class_weights, targets, r * row, unit, units)


@jit_inline
def _copy_units(in_lanes: int | None, in_matrices: int | None, layout: Layout, source: np.ndarray, rows: int,
                out: np.ndarray, first: int, n: int) -> None:  # fmt: skip
    """Copy the units of all layers in some rows to the place of these rows among all n in out."""
    sizes, unit, units = layout.sizes, 0, 0
    for layer in range(1, sizes.size):
        units += sizes[layer]
    for layer in range(1, sizes.size):
        start, unit_step, row_step = _place_of(layout, layer, rows)
        if in_lanes is not None:
            for j in range(sizes[layer]):
                here, there = start + j * unit_step, (unit + j) * n + first
                copy(source[here : here + rows], out[there : there + rows])
        if in_matrices is not None:
            for r in range(rows):
                here, there = start + r * row_step, (first + r) * units + unit
                copy(source[here : here + sizes[layer]], out[there : there + sizes[layer]])
        unit += sizes[layer]


@jit_inline
def copy(source: np.ndarray, out: np.ndarray) -> None:
    """Copy numbers. Parts of arrays that begin at 0 are copied a vector at a time."""
    for i in range(out.size):
        out[i] = source[i]


@jit_inline
def _place_of(layout: Layout, layer: int, rows: int) -> tuple[int, int, int]:
    """Return where unit j of row r stands in a buffer: start + j * unit_step + r * row_step."""
    if layout.lanes is None:
        return rows * layout.starts[layer], 1, layout.columns[layer]
    width = lanes.width_of(rows)
    return width * layout.starts[layer], width, 1


@jit_inline
def _count(layout: Layout, rows: int, work: np.ndarray, counts: np.ndarray, squares: np.ndarray) -> None:
    """Count what the outputs of some rows say, for :func:`evaluate`."""
    units, a, y = layout.sizes[-1], work[OUT], work[TARGETS]
    start, unit_step, row_step = _place_of(layout, layout.weights.size, rows)
    # Targets lie as outputs do, but without padding.
    target_step, target_row = (unit_step, 1) if row_step == 1 else (1, units)
    for r in range(rows):
        here, target = start + r * row_step, r * target_row
        if counts.size > 0:
            named = class_of(units, layout.threshold, a, here, unit_step, counts.shape[0])
            counts[class_of(units, 0.5, y, target, target_step, NONE_NAMED), named] += 1
        for j in range(squares.size):
            difference = float(a[here + j * unit_step]) - float(y[target + j * target_step])
            squares[j] += difference * difference


@jit_inline
def class_of(units: int, threshold: float, values: np.ndarray, start: int, step: int, none: int) -> int:
    """Return the class that a row's outputs, or targets, name; ``none`` when one of them is NaN."""
    if units == 1:
        value = values[start]
        return int(value > threshold) if value == value else none
    best = 0
    for j in range(units):
        value = values[start + j * step]
        if value != value:
            return none
        if value > values[start + best * step]:
            best = j
    return best
