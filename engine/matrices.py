"""Forward and backward passes as matrix products: rows are samples, z = a W + b.

The buffers z, a and delta hold one block a layer (inputs first), each (rows, columns) in C order, at
``rows * layout.starts[layer]``. Padding columns are kept at zero in a and delta, so the padding of theta
gets zero gradients and stays zero too.
"""

import numpy as np

from engine.choices.activations import SOFTMAX, activate, softmax, softmax_backward, times_derivative
from engine.choices.losses import is_of_logits, output_delta
from engine.jit import jit_inline
from engine.plan import Layout


@jit_inline
def weight_of(layout: Layout, theta: np.ndarray, layer: int) -> np.ndarray:
    """Return a layer's weights, padding included, as a view (columns before, columns) of theta."""
    rows, columns = layout.columns[layer], layout.columns[layer + 1]
    first = layout.weights[layer]
    return theta[first : first + rows * columns].reshape(rows, columns)


@jit_inline
def bias_of(layout: Layout, theta: np.ndarray, layer: int) -> np.ndarray:
    """Return a layer's biases, padding included, as a view (columns,) of theta."""
    first = layout.biases[layer]
    return theta[first : first + layout.columns[layer + 1]]


@jit_inline
def flat_block(layout: Layout, buffer: np.ndarray, layer: int, rows: int) -> np.ndarray:
    """Return a layer's block of a buffer as a flat view (rows * columns,)."""
    return buffer[rows * layout.starts[layer] : rows * layout.starts[layer + 1]]


@jit_inline
def block(layout: Layout, buffer: np.ndarray, layer: int, rows: int) -> np.ndarray:
    """Return a layer's block of a buffer as a view (rows, columns)."""
    return flat_block(layout, buffer, layer, rows).reshape(rows, layout.columns[layer])


@jit_inline
def clear_padding(values: np.ndarray, units: int) -> None:
    """Set the columns after the first ``units`` to zero."""
    for r in range(values.shape[0]):
        for j in range(units, values.shape[1]):
            values[r, j] = 0


@jit_inline
def gather_flat(rows_of: np.ndarray, order: np.ndarray, first: int, rows: int, out: np.ndarray) -> None:
    """Copy rows one after the other to the beginning of a flat array."""
    columns = rows_of.shape[1]
    for r in range(rows):
        for j in range(columns):
            out[r * columns + j] = rows_of[order[first + r], j]


@jit_inline
def gather(layout: Layout, x: np.ndarray, order: np.ndarray, first: int, rows: int, a: np.ndarray) -> None:
    """Copy the rows ``order[first : first + rows]`` of x into the input block of a."""
    gather_flat(x, order, first, rows, a)


@jit_inline
def forward(layout: Layout, theta: np.ndarray, rows: int, z: np.ndarray, a: np.ndarray) -> None:
    """Fill z and a layer by layer from the input block of a."""
    for layer in range(layout.weights.size):
        here = block(layout, z, layer + 1, rows)
        np.dot(block(layout, a, layer, rows), weight_of(layout, theta, layer), here)
        bias = bias_of(layout, theta, layer)
        for r in range(rows):
            for j in range(bias.size):
                here[r, j] += bias[j]
        flat_z = flat_block(layout, z, layer + 1, rows)
        flat_a = flat_block(layout, a, layer + 1, rows)
        units, columns = layout.sizes[layer + 1], layout.columns[layer + 1]
        activate(layout.more, layout.activations[layer], layout.parameters[layer], flat_z, flat_a)
        if layout.activations[layer] == SOFTMAX:
            softmax(flat_a, units, 1, columns, rows)
        clear_padding(block(layout, a, layer + 1, rows), units)


@jit_inline
def backward(layout: Layout, theta: np.ndarray, rows: int, z: np.ndarray, a: np.ndarray, delta: np.ndarray,
             grad: np.ndarray) -> None:  # fmt: skip
    """Write the gradient of all parameters, from the output block of delta (dL/dz) back to the inputs."""
    for layer in range(layout.weights.size - 1, -1, -1):
        above = block(layout, delta, layer + 1, rows)
        np.dot(block(layout, a, layer, rows).T, above, weight_of(layout, grad, layer))
        bias = bias_of(layout, grad, layer)
        bias[:] = 0
        for r in range(rows):
            for j in range(bias.size):
                bias[j] += above[r, j]
        if layer > 0:
            here = block(layout, delta, layer, rows)
            np.dot(above, weight_of(layout, theta, layer).T, here)
            times_derivative(
                layout.more, layout.activations[layer - 1], layout.parameters[layer - 1],
                flat_block(layout, z, layer, rows), flat_block(layout, a, layer, rows),
                flat_block(layout, delta, layer, rows),
            )  # fmt: skip
            clear_padding(here, layout.sizes[layer])


@jit_inline
def start_backward(layout: Layout, rows: int, z: np.ndarray, a: np.ndarray, y: np.ndarray, scale: float,
                   delta: np.ndarray) -> None:  # fmt: skip
    """Write dL/dz of the output layer into its block of delta; y is that block's targets, flat."""
    last = layout.weights.size
    units, columns = layout.sizes[last], layout.columns[last]
    out_z, out_a = flat_block(layout, z, last, rows), flat_block(layout, a, last, rows)
    out = flat_block(layout, delta, last, rows)
    output_delta(layout.more, layout.loss, layout.loss_parameter, units, out_a, y, scale, out)
    if not is_of_logits(layout.loss):
        if layout.activations[last - 1] == SOFTMAX:
            softmax_backward(out_a, out, units, 1, columns, rows)
        else:
            times_derivative(layout.more, layout.activations[last - 1], layout.parameters[last - 1], out_z,
                             out_a, out)  # fmt: skip


@jit_inline
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray) -> None:  # fmt: skip
    """Write the gradient of the mean loss over the rows ``order[first : first + rows]``.

    Parameters
    ----------
    x, y : (n, n_in) and (n, n_out) all rows
    work : (4, at least rows * columns of all blocks) scratch
    grad : (size,) receives the gradient, penalties not included
    """
    z, a, delta, targets = work[0], work[1], work[2], work[3]
    gather(layout, x, order, first, rows, a)
    last = layout.weights.size
    columns = layout.columns[last]
    for r in range(rows):
        for j in range(columns):
            targets[r * columns + j] = y[order[first + r], j] if j < layout.sizes[last] else 0
    forward(layout, theta, rows, z, a)
    start_backward(layout, rows, z, a, targets[: rows * columns], 1.0 / rows, delta)
    backward(layout, theta, rows, z, a, delta, grad)
