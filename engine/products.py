"""Products of matrices in the processor's own vectors, faster here than a library made for large ones.

A product is computed tile by tile: a few rows, by one or two vectors of columns. A tile's sums stay in
registers while it walks along a stretch of the inner dimension. The tiles of a band of rows follow each
other, so that what one of them has walked along is still close to the processor for the next.

Every element is one sum, taken in order, each step a multiplication and an addition in one rounding where the
processor has that. So an element depends neither on where in its matrix it stands nor on how large that
is, and units that start identical stay bit-identical.

All matrices are parts of flat arrays: element (r, c) is ``x[first + r * step + c]``. Bounds are not checked.
"""

import numpy as np

from engine.jit import jit_inline
from engine.vectors import BYTES, FEW_ROWS, ROWS, THERE, strip_total, tile, transposed_block

# So much of the inner dimension at a time, and so many rows of the result: measured, with matrices to 2,048.
STRETCH, BAND = 128, 32


@jit_inline
def product(out: np.ndarray, o: int, out_step: int, rows: int, columns: int, a: np.ndarray, i: int,
            row_step: int, inner_step: int, b: np.ndarray, j: int, b_step: int, count: int, start: int,
            s: np.ndarray, at: int) -> None:  # fmt: skip
    """Write a product of two matrices, plus what its sums start with.

    Element (r, c) becomes the sum over k of ``a[i + r * row_step + k * inner_step] * b[j + k * b_step + c]``.
    With steps (step, 1) that is A B, with (1, step) Aᵀ B; for A Bᵀ, :func:`transpose` B first.

    Parameters
    ----------
    out, o, out_step : the product (rows, columns)
    b, j, b_step : its rows are read up to a multiple of LANES, and what is past the columns does not count
    count : the inner dimension
    start, s, at : as in :func:`engine.vectors.tile`
    """
    lanes = BYTES // out.itemsize
    for k in range(0, count, STRETCH):
        some, begin = min(STRETCH, count - k), start if k == 0 else THERE
        here, there = i + k * inner_step, j + k * b_step
        for top in range(0, rows, BAND):
            end, column = min(top + BAND, rows), 0
            while column + 2 * lanes <= columns:
                row = top
                while end - row > FEW_ROWS:
                    tile(ROWS, 2, row, column, out, o, out_step, end, columns, a, here, row_step, inner_step,
                         b, there, b_step, some, begin, s, at)  # fmt: skip
                    row += ROWS
                if row < end:
                    tile(FEW_ROWS, 2, row, column, out, o, out_step, end, columns, a, here, row_step,
                         inner_step, b, there, b_step, some, begin, s, at)  # fmt: skip
                column += 2 * lanes
            while column < columns:
                for row in range(top, end, ROWS):
                    tile(ROWS, 1, row, column, out, o, out_step, end, columns, a, here, row_step, inner_step,
                         b, there, b_step, some, begin, s, at)  # fmt: skip
                column += lanes


@jit_inline
def small_product(out: np.ndarray, o: int, out_step: int, rows: int, columns: int, a: np.ndarray, i: int,
                  row_step: int, inner_step: int, b: np.ndarray, j: int, b_step: int, count: int, start: int,
                  s: np.ndarray, at: int) -> None:  # fmt: skip
    """Write a product as :func:`product` does, in less code: for matrices that are small anyway."""
    for column in range(0, columns, BYTES // out.itemsize):
        row = 0
        while rows - row > FEW_ROWS:
            tile(ROWS, 1, row, column, out, o, out_step, rows, columns, a, i, row_step, inner_step, b, j,
                 b_step, count, start, s, at)  # fmt: skip
            row += ROWS
        if row < rows:
            tile(FEW_ROWS, 1, row, column, out, o, out_step, rows, columns, a, i, row_step, inner_step, b, j,
                 b_step, count, start, s, at)  # fmt: skip


@jit_inline
def transpose(out: np.ndarray, o: int, out_step: int, a: np.ndarray, i: int, a_step: int, rows: int,
              columns: int) -> None:  # fmt: skip
    """Write ``out[o + c * out_step + r] = a[i + r * a_step + c]``.

    Both are rounded up to a multiple of LANES: out has room for that, and what is there besides the columns
    of a or its rows counts for nothing.
    """
    lanes = BYTES // out.itemsize
    for row in range(0, rows, lanes):
        for column in range(0, columns, lanes):
            transposed_block(row, column, out, o, out_step, a, i, a_step, rows)


@jit_inline
def add_rows(out: np.ndarray, o: int, columns: int, a: np.ndarray, i: int, step: int, rows: int) -> None:
    """Add to ``columns`` numbers of out those of each row, ``step`` apart, of a."""
    lanes = BYTES // out.itemsize
    column = 0
    while column + 4 * lanes <= columns:
        strip_total(4, column, out, o, columns, a, i, step, rows)
        column += 4 * lanes
    while column < columns:
        strip_total(1, column, out, o, columns, a, i, step, rows)
        column += lanes
