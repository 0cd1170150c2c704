"""The same passes for small nets: rows side by side, so that every operation is on 16 numbers.

A processor computes 4 to 16 numbers at once when it knows beforehand how many there are. A small net's
layers are too narrow for that, but its rows are many: row r is lane r of every number here. Each unit is
computed by the same sequence of operations, so units that start identical stay bit-identical.

The buffers z, a and delta hold one block a layer (inputs first), each (units, width) in C order; the width
is the number of rows rounded up to a multiple of LANES.
"""

import numpy as np

from engine.choices.activations import SOFTMAX, activate, softmax, softmax_backward, times_derivative
from engine.choices.losses import is_of_logits, output_delta
from engine.jit import jit_inline
from engine.plan import Layout
from engine.vectors import LANES, combine, dot, total


@jit_inline
def width_of(rows: int) -> int:
    """Return the lanes that so many rows take."""
    return -(-rows // LANES) * LANES


@jit_inline
def gather(rows_of: np.ndarray, order: np.ndarray, first: int, rows: int, out: np.ndarray) -> None:
    """Copy rows, turned into lanes, to a flat block; lanes without a row get zeros."""
    columns, width = rows_of.shape[1], width_of(rows)
    for i in range(columns):
        for r in range(rows, width):
            out[i * width + r] = 0
    for r in range(rows):
        source = order[first + r]
        for i in range(columns):
            out[i * width + r] = rows_of[source, i]


@jit_inline
def forward(layout: Layout, theta: np.ndarray, rows: int, z: np.ndarray, a: np.ndarray) -> None:
    """Fill z and a layer by layer from the input block of a."""
    # Taken out of the layout once: each look into it counts references.
    sizes, starts, weights, biases = layout.sizes, layout.starts, layout.weights, layout.biases
    codes, parameters, width = layout.activations, layout.parameters, width_of(rows)
    for layer in range(weights.size):
        n_in, n_out, w, b = sizes[layer], sizes[layer + 1], weights[layer], biases[layer]
        below, here, end = width * starts[layer], width * starts[layer + 1], width * starts[layer + 2]
        for j in range(n_out):
            for g in range(0, width, LANES):
                combine(z, here + j * width + g, theta[b + j], theta, w + j, n_out, n_in, a, below + g, width)
        activate(layout.more, codes[layer], parameters[layer], z[here:end], a[here:end])
    if codes[-1] == SOFTMAX:
        softmax(a[width * starts[-2] : width * starts[-1]], sizes[-1], width, 1, width)


@jit_inline
def start_backward(layout: Layout, rows: int, z: np.ndarray, a: np.ndarray, y: np.ndarray, scale: float,
                   delta: np.ndarray) -> None:  # fmt: skip
    """Write dL/dz of the output layer; lanes without a row get zeros, so they add nothing below."""
    width = width_of(rows)
    first, end = width * layout.starts[-2], width * layout.starts[-1]
    units, code = layout.sizes[-1], layout.activations[-1]
    output_delta(layout.more, layout.loss, layout.loss_parameter, units, a[first:end],
                 y[: end - first], scale, delta[first:end])  # fmt: skip
    if not is_of_logits(layout.loss):
        if code == SOFTMAX:
            softmax_backward(a[first:end], delta[first:end], units, width, 1, width)
        else:
            times_derivative(layout.more, code, layout.parameters[-1], z[first:end], a[first:end],
                             delta[first:end])  # fmt: skip
    for j in range(units):
        for r in range(rows, width):
            delta[first + j * width + r] = 0


@jit_inline
def backward(layout: Layout, theta: np.ndarray, rows: int, z: np.ndarray, a: np.ndarray, delta: np.ndarray,
             grad: np.ndarray) -> None:  # fmt: skip
    """Add the rows' gradient of all parameters to grad, from the output block of delta back."""
    sizes, starts, weights, biases = layout.sizes, layout.starts, layout.weights, layout.biases
    codes, parameters, width = layout.activations, layout.parameters, width_of(rows)
    zero = theta.dtype.type(0)
    for layer in range(weights.size - 1, -1, -1):
        n_in, n_out, w, b = sizes[layer], sizes[layer + 1], weights[layer], biases[layer]
        below, above = width * starts[layer], width * starts[layer + 1]
        for j in range(n_out):
            grad[b + j] += total(delta, above + j * width, width)
        for i in range(n_in):
            for j in range(n_out):
                grad[w + i * n_out + j] += dot(a, below + i * width, delta, above + j * width, width)
        if layer > 0:
            for i in range(n_in):
                for g in range(0, width, LANES):
                    here = below + i * width + g
                    combine(delta, here, zero, theta, w + i * n_out, 1, n_out, delta, above + g, width)
            times_derivative(layout.more, codes[layer - 1], parameters[layer - 1], z[below:above],
                             a[below:above], delta[below:above])  # fmt: skip


@jit_inline
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray) -> None:  # fmt: skip
    """Write the gradient of the mean loss over the rows ``order[first : first + rows]``.

    Parameters as in :func:`engine.matrices.gradient`; work is (4, at least LANES * columns of all blocks).
    """
    z, a, delta, targets = work[0], work[1], work[2], work[3]
    grad[:] = 0
    # As many rows at once as the scratch memory has room for.
    step = work.shape[1] // (LANES * layout.starts[-1]) * LANES
    for start in range(0, rows, step):
        here = min(step, rows - start)
        gather(x, order, first + start, here, a)
        gather(y, order, first + start, here, targets)
        forward(layout, theta, here, z, a)
        start_backward(layout, here, z, a, targets, 1.0 / rows, delta)
        backward(layout, theta, here, z, a, delta, grad)
