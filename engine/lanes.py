"""The same passes for small nets: 16 rows side by side, so that every inner loop is 16 numbers long.

A processor computes 4 to 16 numbers at once when it knows beforehand how many there are. A small net's
layers are too narrow for that, but its rows are many: row r is lane r of every number here. Each unit is
computed by the same sequence of operations, so units that start identical stay bit-identical.

The buffers z, a and delta hold one block a layer (inputs first), each (units, LANES) in C order.
"""

import numpy as np

from engine.choices.activations import SOFTMAX, activate, softmax, softmax_backward, times_derivative
from engine.choices.losses import MSE, output_delta
from engine.jit import jit
from engine.plan import Layout

LANES = 16


@jit
def flat_block(layout: Layout, buffer: np.ndarray, layer: int) -> np.ndarray:
    """Return a layer's block of a buffer as a flat view (units * LANES,)."""
    return buffer[LANES * layout.starts[layer] : LANES * layout.starts[layer + 1]]


@jit
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


@jit
def forward(layout: Layout, theta: np.ndarray, z: np.ndarray, a: np.ndarray) -> None:
    """Fill z and a layer by layer from the input block of a."""
    for layer in range(layout.weights.size):
        n_in, n_out = layout.sizes[layer], layout.sizes[layer + 1]
        w, b = layout.weights[layer], layout.biases[layer]
        below = flat_block(layout, a, layer)
        here = flat_block(layout, z, layer + 1)
        for j in range(n_out):
            for r in range(LANES):
                here[j * LANES + r] = theta[b + j]
            for i in range(n_in):
                weight = theta[w + i * n_out + j]
                for r in range(LANES):
                    here[j * LANES + r] += weight * below[i * LANES + r]
        out = flat_block(layout, a, layer + 1)
        activate(layout.activations[layer], layout.slopes[layer], here, out)
        if layout.activations[layer] == SOFTMAX:
            softmax(here, out, n_out, LANES, 1, LANES)


@jit
def start_backward(layout: Layout, rows: int, z: np.ndarray, a: np.ndarray, y: np.ndarray, scale: float,
                   delta: np.ndarray) -> None:  # fmt: skip
    """Write dL/dz of the output layer; lanes without a row get zeros, so they add nothing below."""
    last = layout.weights.size
    units = layout.sizes[last]
    out_z, out_a = flat_block(layout, z, last), flat_block(layout, a, last)
    out = flat_block(layout, delta, last)
    output_delta(layout.loss, units, out_a, y, scale, out)
    if layout.loss == MSE:
        if layout.activations[last - 1] == SOFTMAX:
            softmax_backward(out_a, out, units, LANES, 1, LANES)
        else:
            times_derivative(layout.activations[last - 1], layout.slopes[last - 1], out_z, out_a, out)
    for j in range(units):
        for r in range(rows, LANES):
            out[j * LANES + r] = 0


@jit
def backward(layout: Layout, theta: np.ndarray, z: np.ndarray, a: np.ndarray, delta: np.ndarray,
             grad: np.ndarray) -> None:  # fmt: skip
    """Add the lanes' gradient of all parameters to grad, from the output block of delta back."""
    for layer in range(layout.weights.size - 1, -1, -1):
        n_in, n_out = layout.sizes[layer], layout.sizes[layer + 1]
        w, b = layout.weights[layer], layout.biases[layer]
        below, above = flat_block(layout, a, layer), flat_block(layout, delta, layer + 1)
        zero = theta.dtype.type(0)
        for j in range(n_out):
            total = zero
            for r in range(LANES):
                total += above[j * LANES + r]
            grad[b + j] += total
        for i in range(n_in):
            for j in range(n_out):
                total = zero
                for r in range(LANES):
                    total += below[i * LANES + r] * above[j * LANES + r]
                grad[w + i * n_out + j] += total
        if layer > 0:
            here = flat_block(layout, delta, layer)
            for i in range(n_in):
                for r in range(LANES):
                    here[i * LANES + r] = zero
                for j in range(n_out):
                    weight = theta[w + i * n_out + j]
                    for r in range(LANES):
                        here[i * LANES + r] += weight * above[j * LANES + r]
            times_derivative(
                layout.activations[layer - 1], layout.slopes[layer - 1], flat_block(layout, z, layer),
                below, here,
            )  # fmt: skip


@jit
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray) -> None:  # fmt: skip
    """Write the gradient of the mean loss over the rows ``order[first : first + rows]``.

    Parameters as in :func:`engine.matrices.gradient`; work is (4, at least LANES * columns of all blocks).
    """
    z, a, delta, targets = work[0], work[1], work[2], work[3]
    outputs = LANES * layout.sizes[layout.weights.size]
    grad[:] = 0
    for start in range(0, rows, LANES):
        here = min(LANES, rows - start)
        gather(x, order, first + start, here, a)
        gather(y, order, first + start, here, targets)
        forward(layout, theta, z, a)
        start_backward(layout, here, z, a, targets[:outputs], 1.0 / rows, delta)
        backward(layout, theta, z, a, delta, grad)
