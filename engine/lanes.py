"""The same passes for small nets: 16 rows side by side, so that every operation is on 16 numbers.

A processor computes 4 to 16 numbers at once when it knows beforehand how many there are. A small net's
layers are too narrow for that, but its rows are many: row r is lane r of every number here. Each unit is
computed by the same sequence of operations, so units that start identical stay bit-identical.

The buffers z, a and delta hold one block a layer (inputs first), each (units, LANES) in C order.
"""

import numpy as np

from engine.choices.activations import SOFTMAX, activate, softmax, softmax_backward, times_derivative
from engine.choices.losses import MSE, output_delta
from engine.jit import jit, jit_inline
from engine.plan import Layout
from engine.vectors import LANES, add_scaled, dot, fill, total


@jit_inline
def gather(rows_of: np.ndarray, order: np.ndarray, first: int, rows: int, out: np.ndarray) -> None:
    """Copy up to LANES rows, turned into lanes, to a flat block; lanes without a row get zeros."""
    columns = rows_of.shape[1]
    for r in range(LANES):
        if r < rows:
            source = order[first + r]
            for i in range(columns):
                out[i * LANES + r] = rows_of[source, i]
        else:
            for i in range(columns):
                out[i * LANES + r] = 0


@jit_inline
def forward(layout: Layout, theta: np.ndarray, z: np.ndarray, a: np.ndarray) -> None:
    """Fill z and a layer by layer from the input block of a."""
    # Taken out of the layout once: each look into it counts references.
    sizes, starts, weights, biases = layout.sizes, layout.starts, layout.weights, layout.biases
    codes, slopes = layout.activations, layout.slopes
    for layer in range(weights.size):
        n_in, n_out, w, b = sizes[layer], sizes[layer + 1], weights[layer], biases[layer]
        below, here, end = LANES * starts[layer], LANES * starts[layer + 1], LANES * starts[layer + 2]
        for j in range(n_out):
            fill(z, here + j * LANES, theta[b + j])
            for i in range(n_in):
                add_scaled(z, here + j * LANES, theta[w + i * n_out + j], a, below + i * LANES)
        activate(codes[layer], slopes[layer], z[here:end], a[here:end])
    if codes[-1] == SOFTMAX:
        first = LANES * starts[-2]
        softmax(z[first:], a[first:], sizes[-1], LANES, 1, LANES)


@jit_inline
def start_backward(layout: Layout, rows: int, z: np.ndarray, a: np.ndarray, y: np.ndarray, scale: float,
                   delta: np.ndarray) -> None:  # fmt: skip
    """Write dL/dz of the output layer; lanes without a row get zeros, so they add nothing below."""
    first, end = LANES * layout.starts[-2], LANES * layout.starts[-1]
    units, code = layout.sizes[-1], layout.activations[-1]
    output_delta(layout.loss, units, a[first:end], y[: end - first], scale, delta[first:end])
    if layout.loss == MSE:
        if code == SOFTMAX:
            softmax_backward(a[first:end], delta[first:end], units, LANES, 1, LANES)
        else:
            times_derivative(code, layout.slopes[-1], z[first:end], a[first:end], delta[first:end])
    for j in range(units):
        for r in range(rows, LANES):
            delta[first + j * LANES + r] = 0


@jit_inline
def backward(layout: Layout, theta: np.ndarray, z: np.ndarray, a: np.ndarray, delta: np.ndarray,
             grad: np.ndarray) -> None:  # fmt: skip
    """Add the lanes' gradient of all parameters to grad, from the output block of delta back."""
    sizes, starts, weights, biases = layout.sizes, layout.starts, layout.weights, layout.biases
    codes, slopes = layout.activations, layout.slopes
    zero = theta.dtype.type(0)
    for layer in range(weights.size - 1, -1, -1):
        n_in, n_out, w, b = sizes[layer], sizes[layer + 1], weights[layer], biases[layer]
        below, above = LANES * starts[layer], LANES * starts[layer + 1]
        for j in range(n_out):
            grad[b + j] += total(delta, above + j * LANES)
        for i in range(n_in):
            for j in range(n_out):
                grad[w + i * n_out + j] += dot(a, below + i * LANES, delta, above + j * LANES)
        if layer > 0:
            for i in range(n_in):
                fill(delta, below + i * LANES, zero)
                for j in range(n_out):
                    weight = theta[w + i * n_out + j]
                    add_scaled(delta, below + i * LANES, weight, delta, above + j * LANES)
            times_derivative(codes[layer - 1], slopes[layer - 1], z[below:above], a[below:above],
                             delta[below:above])  # fmt: skip


@jit
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray) -> None:  # fmt: skip
    """Write the gradient of the mean loss over the rows ``order[first : first + rows]``.

    Parameters as in :func:`engine.matrices.gradient`; work is (4, at least LANES * columns of all blocks).
    """
    z, a, delta, targets = work[0], work[1], work[2], work[3]
    grad[:] = 0
    for start in range(0, rows, LANES):
        here = min(LANES, rows - start)
        gather(x, order, first + start, here, a)
        gather(y, order, first + start, here, targets)
        forward(layout, theta, z, a)
        start_backward(layout, here, z, a, targets, 1.0 / rows, delta)
        backward(layout, theta, z, a, delta, grad)
