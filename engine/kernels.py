"""The compiled loops of training and evaluation: many batches, or many rows, in one call.

Both ways of computing a gradient (:mod:`engine.lanes`, :mod:`engine.matrices`) have the same face; the
layout says which one a network uses. All kernels release the GIL.
"""

import numpy as np

from engine import blocks, lanes, matrices
from engine.blocks import DELTA, INFERENCE, OUT, TARGETS, Z
from engine.choices.activations import SOFTMAX
from engine.choices.losses import lane_losses, row_loss
from engine.choices.optimizers import parts_of_slots, update
from engine.choices.regularizers import add_penalties
from engine.extras import Extras
from engine.jit import jit, jit_inline
from engine.plan import Layout
from engine.streams import fill_order
from engine.vectors import LANES

ROWS_AT_ONCE = 128  # rows of an evaluation that are in the cache together
TRAIN, MOVE = -3, -4  # no moments of a gradient: gradients and updates; the update alone
# A number that stands in a call is a type of its own to Numba, for which it compiles what is called once
# more. These are ordinary integers.
AS_IN_INFERENCE, NONE_NAMED, FIRST_ROW = np.int64(INFERENCE), np.int64(0), np.int64(0)


def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray, spare: np.ndarray, l1: np.ndarray, l2: np.ndarray,
             moment: int, more: int | None = None) -> None:  # fmt: skip
    """Write the gradient of mean loss plus penalties over the rows ``order[first : first + rows]``.

    It is that of :func:`advance`, which stops there: the same compiled code, so the same bits.

    Parameters
    ----------
    spare : (size,) scratch
    l1, l2 : (layers,) the penalties
    moment : as in :func:`engine.blocks.after_products`
    more : what the same network's training gives to advance, which is then compiled already
    """
    slots, order, one = grad.reshape(1, -1), order[first : first + rows], np.zeros(1)
    advance(layout, theta, slots, grad, spare, work, x, y, order, 0, 0, one, one, more, l1, l2, max(rows, 1),
            0, 0, 0, moment)  # fmt: skip


# One of ``in_lanes`` and ``in_matrices`` is None, and ``extras`` may be. What stands behind ``if None is not
# None`` Numba does not even compile: a network waits only for what it uses.


@jit_inline
def _gradient(in_lanes: int | None, in_matrices: int | None, extras: Extras | None, layout: Layout,
              theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int, rows: int,
              work: np.ndarray, grad: np.ndarray, spare: np.ndarray, l1: np.ndarray, l2: np.ndarray,
              moment: int) -> None:  # fmt: skip
    if in_lanes is not None:
        lanes.gradient(layout, theta, x, y, order, first, rows, work, grad, moment)
    if in_matrices is not None:
        matrices.gradient(layout, theta, x, y, order, first, rows, 1.0 / rows, work, grad, spare, moment)
    add_penalties(layout, theta, grad, l1, l2)
    if extras is not None:
        for i in range(grad.size):
            if extras.open[i] == 0:
                grad[i] = 0


@jit
def advance(layout: Layout, theta: np.ndarray, slots: np.ndarray, grad: np.ndarray, spare: np.ndarray,
            work: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, order_key: int, optimizer: int,
            hyper: np.ndarray, rates: np.ndarray, more: int | None, l1: np.ndarray, l2: np.ndarray,
            batch_size: int, epoch: int, batch: int, t: int, only: int) -> None:  # fmt: skip
    """Train for a number of updates, across the ends of epochs.

    Parameters
    ----------
    theta, slots : parameters (size,) and optimizer state (its slots, size), changed in place
    grad, spare, work : scratch, the first two (size,)
    order : (n,) int64 scratch, left as the last epoch's order
    x, y : (n, n_in), (n, n_out) the training rows
    order_key : the key of the stream that shuffles each epoch
    optimizer, hyper : its code and parameters
    rates : (updates,) float64, the learning rate of each update to do
    more : 1 for an optimizer after BASIC, else None
    l1, l2 : (layers,) the penalties in the gradient
    batch_size, epoch, batch : rows an update; the epoch and the batch in it to begin with
    t : updates that the optimizer has done since it started
    only : TRAIN, or the moment of the one gradient that is wanted, over the rows in the order as it is, or
        MOVE for one update with the gradient that stands in grad
    """
    n = order.size
    batches = -(-n // batch_size)
    if only == TRAIN:
        fill_order(order_key, epoch, order)
    for rate in rates:
        if batch == batches:
            epoch, batch = epoch + 1, 0
            fill_order(order_key, epoch, order)
        first = batch * batch_size
        rows = min(batch_size, n - first)
        if only != MOVE:
            moment = moment_of(epoch, batch) if only == TRAIN else only
            _gradient(layout.lanes, layout.matrices, layout.extras, layout, theta, x, y, order, first, rows,
                      work, grad, spare, l1, l2, moment)  # fmt: skip
            if only != TRAIN:
                return
        t += 1
        _move(layout.extras, more, layout, optimizer, hyper, rate, t, rows, work, theta, grad, spare, slots)
        batch += 1


@jit_inline
def moment_of(epoch: int, batch: int) -> int:
    """Return the number of a batch among all batches of all epochs, which names its draws."""
    return (epoch << 24) + batch


@jit_inline
def _move(extras: Extras | None, more: int | None, layout: Layout, optimizer: int, hyper: np.ndarray,
          rate: float, t: int, rows: int, work: np.ndarray, theta: np.ndarray, grad: np.ndarray,
          before: np.ndarray, slots: np.ndarray) -> None:  # fmt: skip
    """Update the parameters, within what the extras allow; ``before`` is scratch."""
    if extras is None:
        update(more, optimizer, hyper, rate, t, theta, grad, parts_of_slots(slots, 0, theta.size))
    if extras is not None:
        for i in range(theta.size):
            before[i] = theta[i]
        blocks.hold_back(extras, grad)
        update(more, optimizer, hyper, rate, t, theta, grad, parts_of_slots(slots, 0, theta.size))
        blocks.shrink(extras, layout.weights, layout.biases, rate, theta)
        blocks.limit_norms(extras, layout.sizes, layout.columns, layout.weights, theta)
        blocks.put_back(extras, before, theta)
        blocks.follow_statistics(extras, layout.sizes, layout.columns, layout.starts, rows, work, theta)


@jit
def finish_update(layout: Layout, rows: int, before: np.ndarray, work: np.ndarray,
                  theta: np.ndarray) -> None:  # fmt: skip
    """Do what follows an update that was made outside: for networks with extras, after their gradient.

    Parameters
    ----------
    before : (size,) theta before it
    work : the scratch memory of the gradient at ``before``, with the batch's statistics
    """
    extras = layout.extras
    blocks.limit_norms(extras, layout.sizes, layout.columns, layout.weights, theta)
    blocks.put_back(extras, before, theta)
    blocks.follow_statistics(extras, layout.sizes, layout.columns, layout.starts, rows, work, theta)


@jit
def dropout_factors(key: int, share: float, moment: int, layer: int, out: np.ndarray) -> None:
    """Write the factor (rows, units) of each unit's output in a batch: 0 or 1 / (1 - share)."""
    rows, units = out.shape
    place = blocks.Place(0, rows * units, 1, units, rows, units, 0)
    blocks.leave_out(key, share, moment, layer, 0, place, out.reshape(-1))


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
def _forward(in_lanes: int | None, in_matrices: int | None, layout: Layout, theta: np.ndarray, rows: int,
             work: np.ndarray, moment: int, first_row: int) -> None:  # fmt: skip
    """Run the rows in the input block of OUT forward."""
    if in_lanes is not None:
        lanes.forward(layout.extras, layout, theta, rows, work, moment, first_row)
    if in_matrices is not None:
        matrices.forward(layout.extras, layout, theta, rows, work, moment, first_row)


@jit_inline
def _place_of(layout: Layout, layer: int, rows: int) -> tuple[int, int, int]:
    """Return where unit j of row r stands in a buffer: start + j * unit_step + r * row_step."""
    if layout.lanes is None:
        return rows * layout.starts[layer], 1, layout.columns[layer]
    width = lanes.width_of(rows)
    return width * layout.starts[layer], width, 1


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
