"""Forward and backward passes as matrix products: rows are samples, z = a W + b.

The scratch memory has one row for z, one for what layers hand on and one for delta (:mod:`engine.blocks`
names them), with one block a layer (inputs first), each (rows, columns) in C order, at
``rows * layout.starts[layer]``. Padding columns are kept at zero in OUT and DELTA, so the padding of theta
gets zero gradients and stays zero too.
"""

import numpy as np

from engine import blocks
from engine.blocks import DELTA, HAT, OUT, TARGETS, Place, Z
from engine.choices.activations import SOFTMAX, activate, softmax, softmax_backward, times_derivative
from engine.choices.losses import is_of_logits, output_delta
from engine.extras import NORM_BEFORE, Extras
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
def place_of(layout: Layout, layer: int, rows: int) -> Place:
    """Return where a layer's block stands (0 is the first layer after the inputs)."""
    starts = layout.starts
    return Place(rows * starts[layer + 1], rows * starts[layer + 2], 1, layout.columns[layer + 1], rows,
                 layout.sizes[layer + 1], 2 * starts[layer + 1])  # fmt: skip


@jit_inline
def forward(extras: Extras | None, layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray,
            moment: int, first_row: int) -> None:  # fmt: skip
    """Fill Z and OUT layer by layer from the input block of OUT. Parameters as in engine.lanes.forward."""
    z, a = work[Z], work[OUT]
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
        if extras is None:
            activate(layout.more, layout.activations[layer], layout.parameters[layer], flat_z, flat_a)
        if extras is not None:
            blocks.after_products(extras, layout.more, layout.activations, layout.parameters,
                                  layout.starts * rows, theta, layer, columns, place_of(layout, layer, rows),
                                  work, moment, first_row)  # fmt: skip
        if layout.activations[layer] == SOFTMAX:
            softmax(flat_a, units, 1, columns, rows)
        clear_padding(block(layout, a, layer + 1, rows), units)


@jit_inline
def backward(extras: Extras | None, layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray,
             moment: int, grad: np.ndarray) -> None:  # fmt: skip
    """Write the gradient of all weights and biases, from the output block of DELTA back to the inputs.

    The gradients of scales and shifts are added to what stands there.
    """
    a, below_delta = work[OUT], work[DELTA]
    for layer in range(layout.weights.size - 1, -1, -1):
        delta, biased = below_delta, True
        if extras is not None and extras.norms[layer] == NORM_BEFORE:
            blocks.normalize_backward(extras, theta, layer, layout.columns[layer + 1],
                                      place_of(layout, layer, rows), work, moment, grad)  # fmt: skip
            # The batch's mean takes the bias off again: it has no gradient, not even rounding.
            delta, biased = work[HAT], extras.frozen[layer] == 1
        above = block(layout, delta, layer + 1, rows)
        np.dot(block(layout, a, layer, rows).T, above, weight_of(layout, grad, layer))
        bias = bias_of(layout, grad, layer)
        bias[:] = 0
        if biased:
            for r in range(rows):
                for j in range(bias.size):
                    bias[j] += above[r, j]
        if layer > 0:
            here = block(layout, below_delta, layer, rows)
            np.dot(above, weight_of(layout, theta, layer).T, here)
            if extras is None:
                times_derivative(
                    layout.more, layout.activations[layer - 1], layout.parameters[layer - 1],
                    flat_block(layout, work[Z], layer, rows), flat_block(layout, a, layer, rows),
                    flat_block(layout, below_delta, layer, rows),
                )  # fmt: skip
            if extras is not None:
                blocks.before_outputs(
                    extras, layout.more, layout.activations, layout.parameters, layout.starts * rows, theta,
                    layer - 1, layout.columns[layer], place_of(layout, layer - 1, rows), work, moment, grad,
                )  # fmt: skip
            clear_padding(here, layout.sizes[layer])


@jit_inline
def start_backward(extras: Extras | None, layout: Layout, rows: int, work: np.ndarray,
                   scale: float) -> None:  # fmt: skip
    """Write dL/dz of the output layer into its block of DELTA; TARGETS holds that block's targets."""
    last = layout.weights.size
    units, columns = layout.sizes[last], layout.columns[last]
    out_z, out_a = flat_block(layout, work[Z], last, rows), flat_block(layout, work[OUT], last, rows)
    out, y = flat_block(layout, work[DELTA], last, rows), work[TARGETS, : rows * columns]
    output_delta(layout.more, layout.loss, layout.loss_parameter, units, out_a, y, scale, out)
    if not is_of_logits(layout.loss):
        if layout.activations[last - 1] == SOFTMAX:
            softmax_backward(out_a, out, units, 1, columns, rows)
        else:
            times_derivative(layout.more, layout.activations[last - 1], layout.parameters[last - 1], out_z,
                             out_a, out)  # fmt: skip
    if extras is not None and extras.class_weights.size > 0:
        blocks.weigh_rows(extras.class_weights, y, 1, columns, units, place_of(layout, last - 1, rows),
                          work[DELTA])  # fmt: skip
    clear_padding(block(layout, work[DELTA], last, rows), units)


@jit_inline
def pass_over(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
              rows: int, work: np.ndarray, grad: np.ndarray, moment: int, first_row: int,
              scale: float) -> None:  # fmt: skip
    """Write ``scale`` times the gradient of the rows' summed loss, of those that fit into work at once."""
    gather(layout, x, order, first, rows, work[OUT])
    last = layout.weights.size
    columns = layout.columns[last]
    for r in range(rows):
        for j in range(columns):
            work[TARGETS, r * columns + j] = y[order[first + r], j] if j < layout.sizes[last] else 0
    forward(layout.extras, layout, theta, rows, work, moment, first_row)
    start_backward(layout.extras, layout, rows, work, scale)
    backward(layout.extras, layout, theta, rows, work, moment, grad)


@jit_inline
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray, moment: int) -> None:  # fmt: skip
    """Write the gradient of the mean loss over the rows ``order[first : first + rows]``.

    Parameters
    ----------
    x, y : (n, n_in) and (n, n_out) all rows
    work : (rows of :mod:`engine.blocks`, columns of all blocks times the rows at once) scratch
    grad : (size,) receives the gradient, penalties not included
    moment : as in :func:`engine.blocks.after_products`
    """
    if layout.extras is not None:
        grad[:] = 0  # the parts of batch normalization are added
    step = work.shape[1] // layout.starts[-1]
    part = np.zeros(grad.size if rows > step else 0, grad.dtype)
    for start in range(0, rows, step):
        here, into = min(step, rows - start), grad if start == 0 else part
        pass_over(layout, theta, x, y, order, first + start, here, work, into, moment, start, 1.0 / rows)
        if start > 0:
            for i in range(grad.size):
                grad[i] += part[i]
            part[:] = 0
