"""Forward and backward passes as matrix products: rows are samples, z = a W + b.

The scratch memory has one row for z, one for what layers hand on and one for delta (:mod:`engine.places`
names them), with one block a layer (inputs first), each (rows, columns) in C order, at
``rows * layout.starts[layer]``. Padding columns are kept at zero in OUT and DELTA, so the padding of theta
gets zero gradients and stays zero too.
"""

import numpy as np

from engine import blocks, normalization
from engine.choices.activations import SOFTMAX, activate, softmax_backward, softmax_of_rows, times_derivative
from engine.choices.losses import is_of_logits, output_delta
from engine.extras import NORM_BEFORE, Extras
from engine.jit import jit_inline
from engine.places import DELTA, HAT, OUT, STATISTICS_OF_UNIT, TARGETS, Place, Z
from engine.plan import Layout
from engine.products import add_rows, product, transpose
from engine.vectors import COLUMNS, NOTHING, THERE


@jit_inline
def clear_padding(values: np.ndarray, first: int, rows: int, columns: int, units: int) -> None:
    """Set the columns after the first ``units`` of a block to zero."""
    for r in range(rows):
        for i in range(first + r * columns + units, first + (r + 1) * columns):
            values[i] = 0


@jit_inline
def gather_flat(rows_of: np.ndarray, order: np.ndarray, first: int, rows: int, out: np.ndarray) -> None:
    """Copy rows one after the other to the beginning of a flat array."""
    columns = rows_of.shape[1]
    for r in range(rows):
        here, source = r * columns, order[first + r]
        for j in range(columns):
            out[here + j] = rows_of[source, j]


@jit_inline
def gather_padded(rows_of: np.ndarray, order: np.ndarray, first: int, rows: int, columns: int,
                  out: np.ndarray) -> None:  # fmt: skip
    """Copy rows one after the other, each filled up with zeros to so many columns."""
    own = rows_of.shape[1]
    for r in range(rows):
        here, source = r * columns, order[first + r]
        for j in range(own):
            out[here + j] = rows_of[source, j]
        for j in range(own, columns):
            out[here + j] = 0


@jit_inline
def gather(layout: Layout, x: np.ndarray, order: np.ndarray, first: int, rows: int, a: np.ndarray) -> None:
    """Copy the rows ``order[first : first + rows]`` of x into the input block of a."""
    gather_flat(x, order, first, rows, a)


@jit_inline
def place_of(layout: Layout, layer: int, rows: int) -> Place:
    """Return where a layer's block stands (0 is the first layer after the inputs)."""
    starts = layout.starts
    return Place(rows * starts[layer + 1], rows * starts[layer + 2], 1, layout.columns[layer + 1], rows,
                 layout.sizes[layer + 1], STATISTICS_OF_UNIT * starts[layer + 1])  # fmt: skip


@jit_inline
def forward(extras: Extras | None, layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray,
            moment: int, first_row: int) -> None:  # fmt: skip
    """Fill Z and OUT layer by layer from the input block of OUT. Parameters as in engine.lanes.forward."""
    sizes, columns, starts = layout.sizes, layout.columns, layout.starts
    codes, parameters = layout.activations, layout.parameters
    z, a = work[Z], work[OUT]
    for layer in range(layout.weights.size):
        n_in, n_out, w, b = columns[layer], columns[layer + 1], layout.weights[layer], layout.biases[layer]
        below, here, end = rows * starts[layer], rows * starts[layer + 1], rows * starts[layer + 2]
        product(z, here, n_out, rows, n_out, a, below, n_in, 1, theta, w, n_out, n_in, COLUMNS, theta, b)
        if extras is None:
            activate(layout.more, codes[layer], parameters[layer], z[here:end], a[here:end])
        if extras is not None:
            blocks.after_products(extras, layout.more, codes, parameters, starts, rows, theta, layer, n_out,
                                  place_of(layout, layer, rows), work, moment, first_row)  # fmt: skip
        if codes[layer] == SOFTMAX:
            softmax_of_rows(a[here:end], sizes[layer + 1], n_out, rows)
        clear_padding(a, here, rows, n_out, sizes[layer + 1])


@jit_inline
def backward(extras: Extras | None, layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray,
             moment: int, grad: np.ndarray, spare: np.ndarray, start: int) -> None:  # fmt: skip
    """Write the gradient of all weights and biases, from the output block of DELTA back to the inputs.

    The gradients of scales and shifts are added to what stands there.

    Parameters
    ----------
    spare : (size,) scratch
    start : NOTHING to replace what stands in grad, THERE to add to it
    """
    sizes, columns, starts = layout.sizes, layout.columns, layout.starts
    codes, parameters = layout.activations, layout.parameters
    z, a, below_delta = work[Z], work[OUT], work[DELTA]
    for layer in range(layout.weights.size - 1, -1, -1):
        n_in, n_out, w, b = columns[layer], columns[layer + 1], layout.weights[layer], layout.biases[layer]
        below, above = rows * starts[layer], rows * starts[layer + 1]
        delta, biased = below_delta, True
        if extras is not None and extras.norms[layer] == NORM_BEFORE:
            normalization.normalize_backward(extras, theta, layer, n_out, place_of(layout, layer, rows), work,
                                      moment, grad)  # fmt: skip
            # The batch's mean takes the bias off again: it has no gradient, not even rounding.
            delta, biased = work[HAT], extras.frozen[layer] == 1
        product(grad, w, n_out, n_in, n_out, a, below, 1, n_in, delta, above, n_out, rows, start, grad, 0)
        if start == NOTHING:
            for j in range(b, b + n_out):
                grad[j] = 0
        if biased:
            add_rows(grad, b, n_out, delta, above, n_out, rows)
        if layer > 0:
            transpose(spare, w, n_in, theta, w, n_out, n_in, n_out)
            product(below_delta, below, n_in, rows, n_in, delta, above, n_out, 1, spare, w, n_in, n_out,
                    NOTHING, grad, 0)  # fmt: skip
            if extras is None:
                times_derivative(layout.more, codes[layer - 1], parameters[layer - 1], z[below:above],
                                 a[below:above], below_delta[below:above])  # fmt: skip
            if extras is not None:
                blocks.before_outputs(extras, layout.more, codes, parameters, starts, rows, theta, layer - 1,
                                      n_in, place_of(layout, layer - 1, rows), work, moment,
                                      grad)  # fmt: skip
            clear_padding(below_delta, below, rows, n_in, sizes[layer])


@jit_inline
def start_backward(extras: Extras | None, layout: Layout, rows: int, work: np.ndarray,
                   scale: float) -> None:  # fmt: skip
    """Write dL/dz of the output layer into its block of DELTA; TARGETS holds that block's targets."""
    last = layout.weights.size
    units, columns, code = layout.sizes[last], layout.columns[last], layout.activations[last - 1]
    first, end = rows * layout.starts[last], rows * layout.starts[last + 1]
    z, a, delta, y = work[Z], work[OUT], work[DELTA], work[TARGETS]
    output_delta(layout.more, layout.loss, layout.loss_parameter, units, a[first:end], y[: end - first],
                 scale, delta[first:end])  # fmt: skip
    if not is_of_logits(layout.loss):
        if code == SOFTMAX:
            softmax_backward(a[first:end], delta[first:end], units, 1, columns, rows)
        else:
            times_derivative(layout.more, code, layout.parameters[last - 1], z[first:end], a[first:end],
                             delta[first:end])  # fmt: skip
    if extras is not None and extras.class_weights.size > 0:
        blocks.weigh_rows(extras.class_weights, y, 1, columns, units, place_of(layout, last - 1, rows),
                          delta)  # fmt: skip
    clear_padding(delta, first, rows, columns, units)


@jit_inline
def pass_over(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
              rows: int, work: np.ndarray, grad: np.ndarray, spare: np.ndarray, moment: int, first_row: int,
              scale: float, start: int) -> None:  # fmt: skip
    """Write ``scale`` times the gradient of the rows' summed loss; all of them fit into work at once."""
    gather(layout, x, order, first, rows, work[OUT])
    gather_padded(y, order, first, rows, layout.columns[-1], work[TARGETS])
    forward(layout.extras, layout, theta, rows, work, moment, first_row)
    start_backward(layout.extras, layout, rows, work, scale)
    backward(layout.extras, layout, theta, rows, work, moment, grad, spare, start)


@jit_inline
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, scale: float, work: np.ndarray, grad: np.ndarray, spare: np.ndarray,
             moment: int) -> None:  # fmt: skip
    """Write ``scale`` times the gradient of the summed loss of the rows ``order[first : first + rows]``.

    Parameters
    ----------
    x, y : (n, n_in) and (n, n_out) all rows
    scale : 1 / rows for their mean
    work : (rows of :mod:`engine.places`, columns of all blocks times the rows at once) scratch
    grad : (size,) receives the gradient, penalties not included
    spare : (size,) scratch
    moment : as in :func:`engine.blocks.after_products`
    """
    if layout.extras is not None:
        grad[:] = 0  # the parts of batch normalization are added
    step = work.shape[1] // layout.starts[-1]
    for begin in range(0, rows, step):
        pass_over(layout, theta, x, y, order, first + begin, min(step, rows - begin), work, grad, spare,
                  moment, begin, scale, NOTHING if begin == 0 else THERE)  # fmt: skip
