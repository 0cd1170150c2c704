"""Many products of small matrices at once: each element of them is LANES numbers, one of each run.

A flat array is read as vectors of LANES numbers, and a place (first, row, column) in it says that element
[i, j] of a matrix is vector ``first + i * row + j * column``; a transposed matrix has row and column
exchanged. In Python, with every element a vector, :func:`multiply` would read::

    out[i, j] = sum(a[i, k] * b[k, j] for k in range(count))

Sums of several elements are kept in registers together, so that a vector that was loaded is used more than
once; see :mod:`engine.vectors` for why this is written in LLVM's words. Bounds are not checked.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from engine.jit import jit_inline
from engine.vectors import LANES

# Eight sums wait for nothing: a processor begins two a cycle, each takes four. They fit into the registers
# of processors with AVX-512 in both precisions; those with AVX2 spill some in float64.
HEIGHT, WIDTH = 2, 4

_FLAGS = ("reassoc", "contract", "nsz")
_PLACE = types.UniTuple(types.intp, 3)
Place = tuple[int, int, int]


class _Matrix:
    """Loads and stores the vectors of a matrix in an array; without a place, of an array as one row."""

    def __init__(self, context, builder, array_type, array, place=None):  # type: ignore[no-untyped-def]
        self.builder = builder
        self.vector = ir.VectorType(context.get_value_type(array_type.dtype), LANES)
        self.align = array_type.dtype.bitwidth // 8
        data = context.make_array(array_type)(context, builder, array).data
        self.data = builder.bitcast(data, self.vector.as_pointer())
        self.first, self.row, self.column = (
            (builder.extract_value(place, n) for n in range(3)) if place else map(cgutils.intp_t, (0, 0, 1))
        )

    def _address(self, i, j):  # type: ignore[no-untyped-def]
        down, right = self.builder.mul(i, self.row), self.builder.mul(j, self.column)
        index = self.builder.add(self.first, self.builder.add(down, right))
        return self.builder.gep(self.data, [index], inbounds=True)

    def load(self, i, j):  # type: ignore[no-untyped-def]
        return self.builder.load(self._address(i, j), align=self.align, typ=self.vector)

    def store(self, i, j, value):  # type: ignore[no-untyped-def]
        self.builder.store(value, self._address(i, j), align=self.align)


@intrinsic(prefer_literal=True)
def _tile(typingctx, height, width, add, out, out_at, a, a_at, b, b_at, count):  # type: ignore[no-untyped-def]
    """Compute height x width elements of a product, both literal numbers; ``add`` as in :func:`multiply`."""
    if not (isinstance(height, types.IntegerLiteral) and isinstance(width, types.IntegerLiteral)):
        return None
    rows, columns = range(height.literal_value), range(width.literal_value)
    adds = not isinstance(add, types.NoneType)

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        _, _, _, out, out_at, a, a_at, b, b_at, count = args
        result = _Matrix(context, builder, signature.args[3], out, out_at)
        left = _Matrix(context, builder, signature.args[5], a, a_at)
        right = _Matrix(context, builder, signature.args[7], b, b_at)
        number, zero = cgutils.intp_t, ir.Constant(result.vector, [0.0] * LANES)
        sums = {(i, j): cgutils.alloca_once(builder, result.vector) for i in rows for j in columns}
        for (i, j), place in sums.items():
            builder.store(result.load(number(i), number(j)) if adds else zero, place)
        with cgutils.for_range(builder, count) as loop:
            lefts = [left.load(number(i), loop.index) for i in rows]
            rights = [right.load(loop.index, number(j)) for j in columns]
            for (i, j), place in sums.items():
                product = builder.fmul(lefts[i], rights[j], flags=_FLAGS)
                builder.store(builder.fadd(builder.load(place), product, flags=_FLAGS), place)
        for (i, j), place in sums.items():
            result.store(number(i), number(j), builder.load(place))
        return context.get_dummy_value()

    return types.void(height, width, add, out, _PLACE, a, _PLACE, b, _PLACE, types.intp), codegen


@jit_inline
def _moved(place: Place, i: int, j: int) -> Place:
    """Return the place of the matrix that begins at element [i, j]."""
    return (place[0] + i * place[1] + j * place[2], place[1], place[2])


@jit_inline
def multiply(add: int | None, height: int, width: int, count: int, out: np.ndarray, out_at: Place,
             a: np.ndarray, a_at: Place, b: np.ndarray, b_at: Place) -> None:  # fmt: skip
    """Write the product of two matrices of vectors, (height, count) and (count, width).

    Parameters
    ----------
    add : 1 to add it to what is there, None to replace that
    out, out_at, a, a_at, b, b_at : the arrays, and the places of the matrices in them
    """
    whole = height - height % HEIGHT
    for i in range(0, whole, HEIGHT):
        for j in range(0, width - width % WIDTH, WIDTH):
            _tile(HEIGHT, WIDTH, add, out, _moved(out_at, i, j), a, _moved(a_at, i, 0), b,
                  _moved(b_at, 0, j), count)  # fmt: skip
        for j in range(width - width % WIDTH, width):
            _tile(HEIGHT, 1, add, out, _moved(out_at, i, j), a, _moved(a_at, i, 0), b, _moved(b_at, 0, j),
                  count)  # fmt: skip
    for i in range(whole, height):
        for j in range(0, width - width % WIDTH, WIDTH):
            _tile(1, WIDTH, add, out, _moved(out_at, i, j), a, _moved(a_at, i, 0), b, _moved(b_at, 0, j),
                  count)  # fmt: skip
        for j in range(width - width % WIDTH, width):
            _tile(1, 1, add, out, _moved(out_at, i, j), a, _moved(a_at, i, 0), b, _moved(b_at, 0, j), count)


@intrinsic
def take_steps(typingctx, x, step, keep, rate, count):  # type: ignore[no-untyped-def]
    """Set each of ``count`` vectors of x to keep * x + rate * step; keep and rate are one vector each."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        x, step, keep, rate = (
            _Matrix(context, builder, *pair) for pair in zip(signature.args[:4], args[:4], strict=True)
        )
        zero = cgutils.intp_t(0)
        kept, rates = keep.load(zero, zero), rate.load(zero, zero)
        with cgutils.for_range(builder, args[4]) as loop:
            old = builder.fmul(kept, x.load(zero, loop.index), flags=_FLAGS)
            new = builder.fmul(rates, step.load(zero, loop.index), flags=_FLAGS)
            x.store(zero, loop.index, builder.fadd(old, new, flags=_FLAGS))
        return context.get_dummy_value()

    return types.void(x, step, keep, rate, types.intp), codegen


@intrinsic
def spread(typingctx, x, i, value):  # type: ignore[no-untyped-def]
    """Set vector i of x to LANES copies of a number."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        x = _Matrix(context, builder, signature.args[0], args[0])
        one = builder.insert_element(ir.Constant(x.vector, ir.Undefined), args[2], cgutils.int32_t(0))
        order = ir.Constant(ir.VectorType(cgutils.int32_t, LANES), [0] * LANES)
        x.store(cgutils.intp_t(0), args[1], builder.shuffle_vector(one, one, order))
        return context.get_dummy_value()

    return types.void(x, types.intp, x.dtype), codegen
