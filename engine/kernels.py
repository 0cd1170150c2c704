"""The compiled loop of training, many batches in one call; those of evaluation are in engine.evaluation.

Both ways of computing a gradient (:mod:`engine.lanes`, :mod:`engine.matrices`) have the same face; the
layout says which one a network uses. All kernels release the GIL.
"""

import numpy as np

from engine import blocks, lanes, limits, matrices, normalization
from engine.choices.optimizers import parts_of_slots, update
from engine.choices.regularizers import add_penalties
from engine.extras import Extras
from engine.jit import jit, jit_inline
from engine.places import Place
from engine.plan import Layout
from engine.streams import fill_order

TRAIN, MOVE = -3, -4  # no moments of a gradient: gradients and updates; the update alone


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
        limits.hold_back(extras, grad)
        update(more, optimizer, hyper, rate, t, theta, grad, parts_of_slots(slots, 0, theta.size))
        limits.shrink(extras, layout.weights, layout.biases, rate, theta)
        limits.limit_norms(extras, layout.sizes, layout.columns, layout.weights, theta)
        limits.put_back(extras, before, theta)
        normalization.follow_statistics(extras, layout.sizes, layout.columns, layout.starts, rows, work,
                                        theta)  # fmt: skip


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
    limits.limit_norms(extras, layout.sizes, layout.columns, layout.weights, theta)
    limits.put_back(extras, before, theta)
    normalization.follow_statistics(extras, layout.sizes, layout.columns, layout.starts, rows, work, theta)


@jit
def dropout_factors(key: int, share: float, moment: int, layer: int, out: np.ndarray) -> None:
    """Write the factor (rows, units) of each unit's output in a batch: 0 or 1 / (1 - share)."""
    rows, units = out.shape
    place = Place(0, rows * units, 1, units, rows, units, 0)
    blocks.leave_out(key, share, moment, layer, 0, place, out.reshape(-1))
