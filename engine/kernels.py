"""The compiled loops of training and evaluation: many batches, or many rows, in one call.

Both ways of computing a gradient (:mod:`engine.lanes`, :mod:`engine.matrices`) have the same face; the
layout says which one a network uses. All kernels release the GIL.
"""

import numpy as np

from engine import lanes, matrices
from engine.choices.losses import lane_losses, row_loss
from engine.choices.optimizers import update
from engine.choices.regularizers import add_penalties
from engine.jit import jit, jit_inline
from engine.plan import Layout
from engine.streams import fill_order

ROWS_AT_ONCE = 128  # rows of an evaluation that are in the cache together


@jit
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray, l1: float, l2: float) -> None:  # fmt: skip
    """Write the gradient of mean loss plus penalties over the rows ``order[first : first + rows]``."""
    _gradient(layout.lanes, layout.matrices, layout, theta, x, y, order, first, rows, work, grad)
    add_penalties(layout, theta, grad, l1, l2)


# One of ``in_lanes`` and ``in_matrices`` is None, and what stands behind ``if None is not None`` Numba does
# not even compile: a network waits only for the way that it uses.


@jit_inline
def _gradient(in_lanes: int | None, in_matrices: int | None, layout: Layout, theta: np.ndarray,
              x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int, rows: int, work: np.ndarray,
              grad: np.ndarray) -> None:  # fmt: skip
    if in_lanes is not None:
        lanes.gradient(layout, theta, x, y, order, first, rows, work, grad)
    if in_matrices is not None:
        matrices.gradient(layout, theta, x, y, order, first, rows, work, grad)


@jit
def advance(layout: Layout, theta: np.ndarray, slots: np.ndarray, grad: np.ndarray, work: np.ndarray,
            x: np.ndarray, y: np.ndarray, order: np.ndarray, order_key: int, optimizer: int,
            hyper: np.ndarray, rates: np.ndarray, more: int | None, l1: float, l2: float, batch_size: int,
            epoch: int, batch: int, t: int) -> None:  # fmt: skip
    """Train for a number of updates, across the ends of epochs.

    Parameters
    ----------
    theta, slots : parameters (size,) and optimizer state (SLOTS, size), changed in place
    grad, work, order : scratch; order (n,) int64 is left as the last epoch's order
    x, y : (n, n_in), (n, n_out) the training rows
    order_key : the key of the stream that shuffles each epoch
    optimizer, hyper : its code and parameters
    rates : (updates,) float64, the learning rate of each update to do
    more : 1 for an optimizer after BASIC, else None
    batch_size, epoch, batch : rows an update; the epoch and the batch in it to begin with
    t : updates that the optimizer has done since it started
    """
    n = x.shape[0]
    batches = -(-n // batch_size)
    fill_order(order_key, epoch, order)
    for rate in rates:
        if batch == batches:
            epoch, batch = epoch + 1, 0
            fill_order(order_key, epoch, order)
        first = batch * batch_size
        rows = min(batch_size, n - first)
        _gradient(layout.lanes, layout.matrices, layout, theta, x, y, order, first, rows, work, grad)
        add_penalties(layout, theta, grad, l1, l2)
        batch += 1
        t += 1
        update(more, optimizer, hyper, rate, t, theta, grad, slots)


@jit
def activations(layout: Layout, theta: np.ndarray, x: np.ndarray, order: np.ndarray, work: np.ndarray,
                pre: bool, out: np.ndarray) -> None:  # fmt: skip
    """Write every layer's activations (or pre-activations) of each row.

    Parameters
    ----------
    x : (n, n_in)
    order : (n,) the numbers 0 to n - 1
    work : (4, at least ROWS_AT_ONCE * columns of all blocks) scratch
    pre : whether to write z in place of a
    out : (n, units of all layers) receives them, layer after layer
    """
    n = x.shape[0]
    z, a = work[0], work[1]
    source = z if pre else a
    for first in range(0, n, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, n - first)
        _forward_rows(layout.lanes, layout.matrices, layout, theta, x, order, first, rows, z, a)
        column = 0
        for layer in range(1, layout.sizes.size):
            start, unit_step, row_step = _place_of(layout, layer, rows)
            for r in range(rows):
                for j in range(layout.sizes[layer]):
                    out[first + r, column + j] = source[start + j * unit_step + r * row_step]
            column += layout.sizes[layer]


@jit_inline
def _forward_rows(in_lanes: int | None, in_matrices: int | None, layout: Layout, theta: np.ndarray,
                  x: np.ndarray, order: np.ndarray, first: int, rows: int, z: np.ndarray,
                  a: np.ndarray) -> None:  # fmt: skip
    """Run some rows forward."""
    if in_lanes is not None:
        lanes.gather(x, order, first, rows, a)
        lanes.forward(layout, theta, rows, z, a)
    if in_matrices is not None:
        matrices.gather(layout, x, order, first, rows, a)
        matrices.forward(layout, theta, rows, z, a)


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
    """Copy rows (at most ROWS_AT_ONCE) and their targets to the scratch memory of :func:`block_loss`."""
    _gather_rows(layout.lanes, layout.matrices, layout, x, y, order, first, rows, work)


@jit_inline
def _gather_rows(in_lanes: int | None, in_matrices: int | None, layout: Layout, x: np.ndarray,
                 y: np.ndarray, order: np.ndarray, first: int, rows: int,
                 work: np.ndarray) -> None:  # fmt: skip
    if in_lanes is not None:
        lanes.gather(x, order, first, rows, work[1])
        lanes.gather(y, order, first, rows, work[3])
    if in_matrices is not None:
        matrices.gather(layout, x, order, first, rows, work[1])
        matrices.gather_flat(y, order, first, rows, work[3])


@jit_inline
def block_loss(layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray) -> float:
    """Return the sum of the losses of the rows that :func:`gather_rows` copied, penalties not included."""
    _row_losses(layout.lanes, layout.matrices, layout, theta, rows, work[0], work[1], work[3], work[2])
    total = 0.0
    for r in range(rows):
        total += work[2, r]
    return total


@jit_inline
def _row_losses(in_lanes: int | None, in_matrices: int | None, layout: Layout, theta: np.ndarray, rows: int,
                z: np.ndarray, a: np.ndarray, targets: np.ndarray, out: np.ndarray) -> None:  # fmt: skip
    """Run the rows in a forward and write the loss of each."""
    start, unit_step, row_step = _place_of(layout, layout.weights.size, rows)
    units = layout.sizes[-1]
    if in_lanes is not None:
        lanes.forward(layout, theta, rows, z, a)
        lane_losses(layout.more, layout.loss, layout.loss_parameter, units, z[start:], a[start:], targets,
                    unit_step, out)  # fmt: skip
    if in_matrices is not None:
        matrices.forward(layout, theta, rows, z, a)
        for r in range(rows):
            here = start + r * row_step
            out[r] = row_loss(layout.more, layout.loss, layout.loss_parameter, units, z, a, targets, here,
                              unit_step, r * units, 1)  # fmt: skip


@jit
def loss_and_hits(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray,
                  work: np.ndarray) -> tuple[float, int]:  # fmt: skip
    """Return the sum of the rows' losses, penalties not included, and the number of rows classified right.

    A row is right when its largest output is its class; with one output, when both lie on the same side
    of one half. NaN is never right. For regression the number means nothing.
    """
    n, units = x.shape[0], layout.sizes[-1]
    total, hits = 0.0, 0
    for first in range(0, n, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, n - first)
        gather_rows(layout, x, y, order, first, rows, work)
        total += block_loss(layout, theta, rows, work)
        start, unit_step, row_step = _place_of(layout, layout.weights.size, rows)
        # Targets lie as outputs do, but without padding.
        target_step, target_row = (unit_step, 1) if row_step == 1 else (1, units)
        for r in range(rows):
            here, target = start + r * row_step, r * target_row
            hits += is_hit(units, work[1], work[3], here, unit_step, target, target_step)
    return total, hits


@jit_inline
def is_hit(units: int, a: np.ndarray, y: np.ndarray, start: int, step: int, target: int,
           target_step: int) -> int:  # fmt: skip
    """Return 1 when a row's outputs name its class, else 0."""
    if units == 1:
        value = a[start]
        return int(value == value and (value > 0.5) == (y[target] > 0.5))
    best, right = 0, 0
    for j in range(units):
        value = a[start + j * step]
        if value != value:
            return 0
        if value > a[start + best * step]:
            best = j
        if y[target + j * target_step] > y[target + right * target_step]:
            right = j
    return int(best == right)
