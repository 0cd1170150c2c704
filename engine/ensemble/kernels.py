"""LANES trainings of one layout in one compiled loop: every number is a vector, one number of each run.

The same passes as in :mod:`engine.lanes`, where the lanes are rows of one network; here they are networks.
No operation looks from one lane into another, so what diverges in one run stays there.

Parameters stand in theta layer after layer, weights (inputs, outputs) and then biases: together one matrix
(inputs + 1, outputs), whose last row meets an input that is always 1. The blocks z, a and delta hold a
layer's units, each with all rows of the block; each is followed by room for that 1.
"""

from typing import NamedTuple

import numpy as np

from engine.choices.activations import SOFTMAX, activate, softmax, softmax_backward, times_derivative
from engine.choices.losses import is_of_logits, lane_losses, output_delta
from engine.choices.optimizers import update
from engine.ensemble.tiles import multiply, spread, take_steps
from engine.jit import jit, jit_inline
from engine.streams import fill_order
from engine.vectors import LANES

ROWS = 32  # rows of a batch that go forward and back together: they stay in the cache


class Net(NamedTuple):
    """The layout that all runs share; every array is int64 unless said.

    Attributes
    ----------
    sizes : (layers + 1,) units: the inputs, then each layer
    starts : (layers + 2,) where each block begins, in units with the 1 of each block before it
    weights : (layers,) where each layer's weights begin in theta
    activations, parameters : (layers,) codes, and the activations' parameters (float64)
    loss, loss_parameter : code of the loss and its parameter
    more : as in :class:`engine.plan.Layout`
    """

    sizes: np.ndarray
    starts: np.ndarray
    weights: np.ndarray
    activations: np.ndarray
    parameters: np.ndarray
    loss: int
    loss_parameter: float
    more: int | None


class Rows(NamedTuple):
    """The rows that the runs visit, and in which order.

    Attributes
    ----------
    x, y : (sets, n, n_in), (sets, n, n_out), in the nets' precision
    which : (LANES,) the set of each run
    order_keys : (LANES,) the key of the stream that shuffles each run's epochs
    together : whether all runs visit the same rows at the same time
    orders : (LANES, n) scratch, each run's order; (1, n) when they are together
    """

    x: np.ndarray
    y: np.ndarray
    which: np.ndarray
    order_keys: np.ndarray
    together: bool
    orders: np.ndarray


class State(NamedTuple):
    """The numbers of the runs; lanes stand next to each other, so each length below is times LANES.

    Attributes
    ----------
    theta, grad, step : (size,) parameters, their gradient, and scratch for the optimizer's step
    slots : (slots of the optimizer, size)
    z, a, delta : (ROWS * units with a 1 a block,) the blocks
    targets : (ROWS * outputs,)
    keep, rate : (1,) scratch for what the runs do with their steps
    """

    theta: np.ndarray
    grad: np.ndarray
    step: np.ndarray
    slots: np.ndarray
    z: np.ndarray
    a: np.ndarray
    delta: np.ndarray
    targets: np.ndarray
    keep: np.ndarray
    rate: np.ndarray


@jit_inline
def _gather(values: np.ndarray, which: np.ndarray, together: bool, orders: np.ndarray, first: int,
            rows: int, out: np.ndarray) -> None:  # fmt: skip
    """Copy to a block the rows that each run visits: unit i of row r at vector i * rows + r."""
    columns = values.shape[2]
    if together:
        for r in range(rows):
            row = orders[0, first + r]
            for i in range(columns):
                spread(out, i * rows + r, values[0, row, i])
        return
    for lane in range(LANES):
        for r in range(rows):
            row = orders[lane, first + r]
            for i in range(columns):
                out[(i * rows + r) * LANES + lane] = values[which[lane], row, i]


@jit_inline
def _forward(net: Net, theta: np.ndarray, rows: int, z: np.ndarray, a: np.ndarray) -> None:
    """Fill z and a layer by layer from the input block of a."""
    sizes, starts, weights = net.sizes, net.starts, net.weights
    for layer in range(weights.size):
        n_in, n_out, w = sizes[layer], sizes[layer + 1], weights[layer]
        below, here = starts[layer] * rows, starts[layer + 1] * rows
        a[(below + n_in * rows) * LANES : here * LANES] = 1
        multiply(None, rows, n_out, n_in + 1, z, (here, 1, rows), a, (below, 1, rows), theta, (w, n_out, 1))
        start, end = here * LANES, (here + n_out * rows) * LANES
        activate(net.more, net.activations[layer], net.parameters[layer], z[start:end], a[start:end])
        if net.activations[layer] == SOFTMAX:
            softmax(a[start:end], n_out, rows * LANES, 1, rows * LANES)


@jit_inline
def _start_backward(net: Net, rows: int, z: np.ndarray, a: np.ndarray, targets: np.ndarray, scale: float,
                    delta: np.ndarray) -> None:  # fmt: skip
    """Write dL/dz of the output layer."""
    units, code, parameter = net.sizes[-1], net.activations[-1], net.parameters[-1]
    start = net.starts[-2] * rows * LANES
    length = units * rows * LANES
    z, a, delta = z[start : start + length], a[start : start + length], delta[start : start + length]
    output_delta(net.more, net.loss, net.loss_parameter, units, a, targets[:length], scale, delta)
    if not is_of_logits(net.loss):
        if code == SOFTMAX:
            softmax_backward(a, delta, units, rows * LANES, 1, rows * LANES)
        else:
            times_derivative(net.more, code, parameter, z, a, delta)


@jit_inline
def _backward(net: Net, theta: np.ndarray, rows: int, z: np.ndarray, a: np.ndarray, delta: np.ndarray,
              grad: np.ndarray) -> None:  # fmt: skip
    """Add the rows' gradient to grad, from the output block of delta back."""
    sizes, starts, weights = net.sizes, net.starts, net.weights
    for layer in range(weights.size - 1, -1, -1):
        n_in, n_out, w = sizes[layer], sizes[layer + 1], weights[layer]
        below, above = starts[layer] * rows, starts[layer + 1] * rows
        multiply(1, n_in + 1, n_out, rows, grad, (w, n_out, 1), a, (below, rows, 1), delta, (above, 1, rows))
        if layer > 0:
            multiply(None, rows, n_in, n_out, delta, (below, 1, rows), delta, (above, 1, rows),
                     theta, (w, 1, n_out))  # fmt: skip
            start, end = below * LANES, (below + n_in * rows) * LANES
            times_derivative(net.more, net.activations[layer - 1], net.parameters[layer - 1], z[start:end],
                             a[start:end], delta[start:end])  # fmt: skip


@jit_inline
def _gradient(net: Net, data: Rows, state: State, orders: np.ndarray, first: int, rows: int) -> None:
    """Write to state.grad the gradient of the mean loss over rows first to first + rows of the orders."""
    z, a, delta, targets, grad = state.z, state.a, state.delta, state.targets, state.grad
    grad[:] = 0
    for start in range(first, first + rows, ROWS):
        here = min(ROWS, first + rows - start)
        _gather(data.x, data.which, data.together, orders, start, here, a)
        _gather(data.y, data.which, data.together, orders, start, here, targets)
        _forward(net, state.theta, here, z, a)
        _start_backward(net, here, z, a, targets, 1.0 / rows, delta)
        _backward(net, state.theta, here, z, a, delta, grad)


@jit_inline
def _add_penalties(net: Net, theta: np.ndarray, grad: np.ndarray, l1: np.ndarray, l2: np.ndarray) -> None:
    """Add the gradient of l1 sum |w| + l2 sum w² over the weights to grad; l1 and l2 are (size,) too."""
    zero, two = theta.dtype.type(0), theta.dtype.type(2)
    for layer in range(net.weights.size):
        # Slices, since what may be a negative index is not done for many numbers at once.
        first = net.weights[layer] * LANES
        end = first + net.sizes[layer] * net.sizes[layer + 1] * LANES
        w, g, lasso, ridge = theta[first:end], grad[first:end], l1[first:end], l2[first:end]
        for i in range(w.size):
            # Two simple choices, since a chain of them is not either. NaN comes in by the product.
            up, down = lasso[i] if w[i] > zero else zero, lasso[i] if w[i] < zero else zero
            g[i] += up - down + two * ridge[i] * w[i]


@jit_inline
def _take_steps(theta: np.ndarray, step: np.ndarray, rates: np.ndarray, decays: np.ndarray, keep: np.ndarray,
                rate: np.ndarray) -> None:  # fmt: skip
    """Set theta to (1 - rate * decay) theta + rate * step, each run with its own rate and decay."""
    kind = theta.dtype.type
    for lane in range(LANES):
        keep[lane], rate[lane] = kind(1 - rates[lane] * decays[lane]), kind(rates[lane])
    take_steps(theta, step, keep, rate, theta.size // LANES)


@jit_inline
def _fill_orders(data: Rows, epoch: int, orders: np.ndarray) -> None:
    """Write the order of each run's rows, or only the first run's when all are alike."""
    for lane in range(1 if data.together else LANES):
        fill_order(data.order_keys[lane], epoch, orders[lane])


@jit
def advance(net: Net, data: Rows, state: State, optimizer: int, hyper: np.ndarray, more: int | None,
            rates: np.ndarray, decays: np.ndarray, l1: np.ndarray, l2: np.ndarray, batch_size: int,
            done: int) -> None:  # fmt: skip
    """Train all runs for a number of updates, across the ends of epochs.

    Every optimizer's step is proportional to its learning rate, but for a decoupled weight decay. So the
    step is computed once for all runs, with a rate of 1 and from parameters that are 0, and then taken with
    each run's own rate and decay.

    Parameters
    ----------
    optimizer, hyper, more : as in :func:`engine.choices.optimizers.update`
    rates : (updates, LANES) float64, the learning rates of each update to do
    decays : (LANES,) float64, the decoupled weight decays
    l1, l2 : the penalties of each run's weights, as long as theta; empty when there are none
    batch_size : rows an update
    done : updates done so far
    """
    theta, grad, step, slots = state.theta, state.grad, state.step, state.slots
    n = data.x.shape[1]
    batches = -(-n // batch_size)
    orders = data.orders
    _fill_orders(data, done // batches, orders)
    for u in range(rates.shape[0]):
        batch = (done + u) % batches
        if batch == 0:
            _fill_orders(data, (done + u) // batches, orders)
        first = batch * batch_size
        _gradient(net, data, state, orders, first, min(batch_size, n - first))
        if l1.size:
            _add_penalties(net, theta, grad, l1, l2)
        step[:] = 0
        update(more, optimizer, hyper, 1.0, done + u + 1, step, grad, slots)
        _take_steps(theta, step, rates[u], decays, state.keep, state.rate)


@jit
def add_losses(net: Net, data: Rows, state: State, losses: np.ndarray) -> None:
    """Add to losses (LANES,) float64 the losses of each run's rows, penalties not included."""
    n, units = data.x.shape[1], net.sizes[-1]
    start = net.starts[-2] * LANES
    orders = data.orders
    for run in range(orders.shape[0]):
        for r in range(n):
            orders[run, r] = r
    z, a, targets, out = state.z, state.a, state.targets, state.delta
    for first in range(0, n, ROWS):
        rows = min(ROWS, n - first)
        width, output = rows * LANES, start * rows
        _gather(data.x, data.which, data.together, orders, first, rows, a)
        _gather(data.y, data.which, data.together, orders, first, rows, targets)
        _forward(net, state.theta, rows, z, a)
        lane_losses(net.more, net.loss, net.loss_parameter, units, z[output:], a[output:], targets, width,
                    out)  # fmt: skip
        for r in range(width):
            losses[r % LANES] += out[r]
