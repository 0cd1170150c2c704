"""The same passes for small nets: rows side by side, so that every operation is on 16 numbers.

A processor computes 4 to 16 numbers at once when it knows beforehand how many there are. A small net's
layers are too narrow for that, but its rows are many: row r is lane r of every number here. Each unit is
computed by the same sequence of operations, so units that start identical stay bit-identical.

The scratch memory has one row for z, one for what layers hand on and one for delta (:mod:`engine.places`
names them), with one block a layer (inputs first), each (units, width) in C order; the width is the number of
rows rounded up to a multiple of LANES.
"""

import numpy as np

from engine import blocks, normalization
from engine.choices.activations import SOFTMAX, activate, softmax, softmax_backward, times_derivative
from engine.choices.losses import is_of_logits, output_delta
from engine.extras import NORM_BEFORE, Extras
from engine.jit import jit_inline
from engine.places import DELTA, HAT, OUT, STATISTICS_OF_UNIT, TARGETS, Place, Z
from engine.plan import Layout
from engine.products import add_rows, small_product, transpose
from engine.vectors import A_ROW_EACH, LANES, NOTHING, THERE

TURNED = TARGETS  # once it is known how far outputs are off, the targets' memory is free


@jit_inline
def width_of(rows: int) -> int:
    """Return the lanes that so many rows take."""
    return -(-rows // LANES) * LANES


@jit_inline
def columns_of(sizes: np.ndarray) -> int:
    """Return the columns of scratch memory that a lane takes: a block a layer, or one turned into units."""
    total = most = 0
    for layer in range(sizes.size):
        total += sizes[layer]
        most = max(most, -(-sizes[layer] // LANES) * LANES)
    return max(total, most)


@jit_inline
def gather(rows_of: np.ndarray, order: np.ndarray, first: int, rows: int, out: np.ndarray) -> None:
    """Copy rows, turned into lanes, to a flat block; lanes without a row get zeros."""
    width, which = width_of(rows), order[first : first + rows]
    for i in range(rows_of.shape[1]):
        lane = out[i * width : (i + 1) * width]
        for r in range(rows):
            lane[r] = rows_of[np.uint64(which[r]), i]  # unsigned: nobody looks whether it counts from the end
        for r in range(rows, width):
            lane[r] = 0


@jit_inline
def place_of(layout: Layout, layer: int, rows: int) -> Place:
    """Return where a layer's block stands (0 is the first layer after the inputs)."""
    width, starts = width_of(rows), layout.starts
    return Place(width * starts[layer + 1], width * starts[layer + 2], width, 1, rows,
                 layout.sizes[layer + 1], STATISTICS_OF_UNIT * starts[layer + 1])  # fmt: skip


@jit_inline
def forward(extras: Extras | None, layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray,
            moment: int, first_row: int) -> None:  # fmt: skip
    """Fill Z and OUT layer by layer from the input block of OUT.

    Parameters
    ----------
    extras : layout.extras, as an argument of its own: where it is None, its code is not compiled
    moment, first_row : as in :func:`engine.blocks.after_products`
    """
    # Taken out of the layout once, as each is used in every layer.
    sizes, starts, weights, biases = layout.sizes, layout.starts, layout.weights, layout.biases
    codes, parameters, width = layout.activations, layout.parameters, width_of(rows)
    z, a = work[Z], work[OUT]
    for layer in range(weights.size):
        n_in, n_out, w, b = sizes[layer], sizes[layer + 1], weights[layer], biases[layer]
        below, here, end = width * starts[layer], width * starts[layer + 1], width * starts[layer + 2]
        small_product(
            z, here, width, n_out, width, theta, w, 1, n_out, a, below, width, n_in, A_ROW_EACH, theta, b
        )
        if extras is None:
            activate(layout.more, codes[layer], parameters[layer], z[here:end], a[here:end])
        if extras is not None:
            blocks.after_products(extras, layout.more, codes, parameters, starts, width, theta, layer, n_out,
                                  place_of(layout, layer, rows), work, moment, first_row)  # fmt: skip
    if codes[-1] == SOFTMAX:
        softmax(a[width * starts[-2] : width * starts[-1]], sizes[-1], width, 1, width)


@jit_inline
def forward_to(layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray, a: np.ndarray, first: int,
               step: int) -> None:  # fmt: skip
    """Do what :func:`forward` does for a network without extras, but hand on what layers say anywhere.

    The first unit after the inputs stands in ``a[first : first + width]``, each of the others, in all layers,
    ``step`` after the one before it. Softmax needs them next to each other (step = width).
    """
    sizes, starts, weights, biases = layout.sizes, layout.starts, layout.weights, layout.biases
    codes, parameters, width, z = layout.activations, layout.parameters, width_of(rows), work[Z]
    source, below, apart = work[OUT], width * starts[0], width
    for layer in range(weights.size):
        n_in, n_out, w, b = sizes[layer], sizes[layer + 1], weights[layer], biases[layer]
        here, there = width * starts[layer + 1], first + step * (starts[layer + 1] - starts[1])
        small_product(
            z, here, width, n_out, width, theta, w, 1, n_out, source, below, apart, n_in, A_ROW_EACH, theta, b
        )
        length = width * n_out if step == width else width
        for j in range(0, width * n_out, length):
            to = there + j // width * step
            activate(layout.more, codes[layer], parameters[layer], z[here + j : here + j + length],
                     a[to : to + length])  # fmt: skip
        source, below, apart = a, there, step
    if codes[-1] == SOFTMAX:
        softmax(a[below : below + width * sizes[-1]], sizes[-1], width, 1, width)


@jit_inline
def start_backward(extras: Extras | None, layout: Layout, rows: int, work: np.ndarray,
                   scale: float) -> None:  # fmt: skip
    """Write dL/dz of the output layer; lanes without a row get zeros, so they add nothing below."""
    width, units, code = width_of(rows), layout.sizes[-1], layout.activations[-1]
    first, end = width * layout.starts[-2], width * layout.starts[-1]
    z, a, delta, y = work[Z], work[OUT], work[DELTA], work[TARGETS]
    output_delta(layout.more, layout.loss, layout.loss_parameter, units, a[first:end], y[: end - first],
                 scale, delta[first:end])  # fmt: skip
    if not is_of_logits(layout.loss):
        if code == SOFTMAX:
            softmax_backward(a[first:end], delta[first:end], units, width, 1, width)
        else:
            times_derivative(layout.more, code, layout.parameters[-1], z[first:end], a[first:end],
                             delta[first:end])  # fmt: skip
    if extras is not None and extras.class_weights.size > 0:
        blocks.weigh_rows(extras.class_weights, y, width, 1, units,
                          place_of(layout, layout.weights.size - 1, rows), delta)  # fmt: skip
    for j in range(units):
        for r in range(rows, width):
            delta[first + j * width + r] = 0


@jit_inline
def backward(extras: Extras | None, layout: Layout, theta: np.ndarray, rows: int, work: np.ndarray,
             moment: int, grad: np.ndarray) -> None:  # fmt: skip
    """Add the rows' gradient of all parameters to grad, from the output block of DELTA back."""
    sizes, starts, weights, biases = layout.sizes, layout.starts, layout.weights, layout.biases
    codes, parameters, width = layout.activations, layout.parameters, width_of(rows)
    z, a, below_delta, turned = work[Z], work[OUT], work[DELTA], work[TURNED]
    for layer in range(weights.size - 1, -1, -1):
        n_in, n_out, w, b = sizes[layer], sizes[layer + 1], weights[layer], biases[layer]
        below, above, step = width * starts[layer], width * starts[layer + 1], width_of(n_out)
        delta, biased = below_delta, True
        if extras is not None and extras.norms[layer] == NORM_BEFORE:
            normalization.normalize_backward(extras, theta, layer, n_out, place_of(layout, layer, rows), work,
                                      moment, grad)  # fmt: skip
            # The batch's mean takes the bias off again: it has no gradient, not even rounding.
            delta, biased = work[HAT], extras.frozen[layer] == 1
        # A weight's gradient is a sum over rows: with units side by side it is a product like the others.
        transpose(turned, 0, step, delta, above, width, n_out, width)
        if biased:
            add_rows(grad, b, n_out, turned, 0, step, rows)
        small_product(grad, w, n_out, n_in, n_out, a, below, width, 1, turned, 0, step, rows, THERE, grad, 0)
        if layer > 0:
            small_product(below_delta, below, width, n_in, width, theta, w, n_out, 1, delta, above, width,
                          n_out, NOTHING, theta, 0)  # fmt: skip
            if extras is None:
                times_derivative(layout.more, codes[layer - 1], parameters[layer - 1], z[below:above],
                                 a[below:above], below_delta[below:above])  # fmt: skip
            if extras is not None:
                blocks.before_outputs(extras, layout.more, codes, parameters, starts, width, theta,
                                      layer - 1, n_in, place_of(layout, layer - 1, rows), work, moment,
                                      grad)  # fmt: skip


@jit_inline
def gradient(layout: Layout, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray, first: int,
             rows: int, work: np.ndarray, grad: np.ndarray, moment: int) -> None:  # fmt: skip
    """Write the gradient of the mean loss over the rows ``order[first : first + rows]``.

    Parameters as in :func:`engine.matrices.gradient`; work has room for at least LANES rows.
    """
    grad[:] = 0
    # As many rows at once as the scratch memory has room for.
    step = work.shape[1] // (LANES * columns_of(layout.sizes)) * LANES
    for start in range(0, rows, step):
        here = min(step, rows - start)
        gather(x, order, first + start, here, work[OUT])
        gather(y, order, first + start, here, work[TARGETS])
        forward(layout.extras, layout, theta, here, work, moment, start)
        start_backward(layout.extras, layout, here, work, 1.0 / rows)
        backward(layout.extras, layout, theta, here, work, moment, grad)
