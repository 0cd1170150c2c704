"""Training of large networks by two threads.

Every update of such a network is cut into the same four tasks, however many threads there are: the gradient
over either half of the batch's rows, then, when both are there, the step of either half of the parameters.
Each thread does one half, whose numbers are still close to its processor, and the other one too when nobody
has begun with it. So no thread waits for one that the system does not let run, and their number changes no
bit.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from engine import matrices
from engine.choices.optimizers import parts_of_slots, update
from engine.choices.regularizers import add_penalties
from engine.cores import cores
from engine.jit import jit, jit_inline
from engine.kernels import moment_of
from engine.plan import Layout, Plan
from engine.streams import fill_order
from engine.tickets import APART, DONE, breathe, count, fresh, give_way, look, take
from engine.vectors import LANES

HALVES = 2
LARGE = 5e7  # additions and multiplications of an update from which two threads are worth their while
FEWEST_ROWS = 128  # of an update: with fewer, to write and add two gradients costs more than is won
FEW_UPDATES = 4  # too few to call a second thread for
PATIENCE = 100  # looks at the tickets, a few microseconds, until a thread that waits does what is another's
AT_ONCE = 2048  # parameters that are in the fastest memory together


def threads() -> int:
    """Return how many threads train a large network: RELEVO_THREADS, or one a core; at most two."""
    wanted = os.environ.get("RELEVO_THREADS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return min(int(wanted), HALVES)
    return min(cores(), HALVES)


def is_large(plan: Plan, batch_size: int) -> bool:
    """Whether a network is trained by this module: a matter of its size alone, as it decides on last bits."""
    layout = plan.layout
    operations = 6.0 * int(np.sum(layout.sizes[:-1] * layout.sizes[1:])) * batch_size
    can_be_cut = layout.matrices is not None and layout.extras is None
    return can_be_cut and batch_size >= FEWEST_ROWS and operations >= LARGE


@jit
def _advance(layout: Layout, theta: np.ndarray, slots: np.ndarray, grads: np.ndarray, spares: np.ndarray,
             works: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, order_key: int,
             optimizer: int, hyper: np.ndarray, rates: np.ndarray, more: int | None, l1: np.ndarray,
             l2: np.ndarray, batch_size: int, epoch: int, batch: int, t: int,
             tickets: np.ndarray, mine: int, patience: int) -> None:  # fmt: skip
    """Do the tasks of a number of updates that nobody else takes, until all are done.

    Parameters as in :func:`engine.kernels.advance`, but grads, spares and works have one for each half, and
    every thread has an order of its own. Besides:

    Parameters
    ----------
    tickets : of all threads: how many tasks of either half are taken, and how many of both are done
    mine : the half that this thread does, 0 or 1
    patience : how often it looks until it does a task of the other half that nobody has taken
    """
    n, known, end, waited = order.size, -1, 2 * rates.size, 0
    batches = -(-n // batch_size)
    while True:
        step = look(tickets, DONE) // HALVES  # gradients are even steps, what is made of them odd ones
        if step == end:
            return
        half = mine if waited < patience else 1 - mine
        if not take(tickets, APART * half, step):
            waited += 1
            if waited <= patience:
                breathe()
            else:
                waited = 0
                give_way()
            continue
        number, waited = step // 2, 0
        if step % 2 == 0:
            now = epoch + (batch + number) // batches
            if now != known:
                fill_order(order_key, now, order)
                known = now
            first = (batch + number) % batches * batch_size
            rows = min(batch_size, n - first)
            _half_gradient(layout, theta, x, y, order, first, rows, half, works[half], grads[half],
                           spares[half], l1, l2, moment_of(now, 0))  # fmt: skip
        else:
            _half_step(more, optimizer, hyper, rates[number], t + number + 1, half, theta, grads, slots)
        count(tickets, DONE)


@jit_inline
def _half_gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray,
                   first: int, rows: int, half: int, work: np.ndarray, grad: np.ndarray, spare: np.ndarray,
                   l1: np.ndarray, l2: np.ndarray, moment: int) -> None:  # fmt: skip
    """Write the share of one half of a batch's rows in the gradient; the first half's has the penalties."""
    begin, end = rows * half // HALVES, rows * (half + 1) // HALVES
    if begin == end:
        grad[:] = 0
    matrices.gradient(layout, theta, x, y, order, first + begin, end - begin, 1.0 / rows, work, grad, spare,
                      moment)  # fmt: skip
    if half == 0:
        add_penalties(layout, theta, grad, l1, l2)


@jit_inline
def _half_step(more: int | None, optimizer: int, hyper: np.ndarray, rate: float, t: int, half: int,
               theta: np.ndarray, grads: np.ndarray, slots: np.ndarray) -> None:  # fmt: skip
    """Move one half of the parameters by the sum of both gradients."""
    middle = theta.size // (HALVES * LANES) * LANES
    begin, end = (0, middle) if half == 0 else (middle, theta.size)
    for first in range(begin, end, AT_ONCE):
        last = min(first + AT_ONCE, end)
        grad, other = grads[0][first:last], grads[1][first:last]
        for i in range(grad.size):
            grad[i] += other[i]
        update(more, optimizer, hyper, rate, t, theta[first:last], grad, parts_of_slots(slots, first, last))


class Team:
    """The scratch memory for the training of a large network, and the second thread while it trains."""

    def __init__(self, plan: Plan, work: np.ndarray, rows: int) -> None:
        self._grads, self._spares = (np.zeros((HALVES, plan.size), plan.dtype) for _ in range(2))
        self._works = np.empty((HALVES, *work.shape), plan.dtype)
        self._orders = np.empty((HALVES, rows), np.int64)

    def advance(self, layout: Layout, theta: np.ndarray, slots: np.ndarray, x: np.ndarray, y: np.ndarray,
                order_key: int, updates: int, *what: Any) -> None:  # fmt: skip
        """Train for so many updates; ``what`` is what :func:`_advance` takes from optimizer on."""
        tickets = fresh()

        def join(mine: int, patience: int) -> None:
            _advance(layout, theta, slots, self._grads, self._spares, self._works, x, y, self._orders[mine],
                     order_key, *what, tickets, mine, patience)  # fmt: skip

        if threads() == 1 or updates < FEW_UPDATES:
            join(0, 1)
            return
        with ThreadPoolExecutor(1) as pool:
            helper = pool.submit(join, 1, PATIENCE)
            join(0, PATIENCE)
            helper.result()
