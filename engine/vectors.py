"""Operations on numbers that stand side by side, LANES at a time, each a few machine instructions.

Numba leaves loops of a known short length to a stage of the compiler that it keeps switched off, and they
come out one number at a time. These say in LLVM's own words what is meant. In Python they would read::

    combine(out, o, start, w, i, step, count, x, j, width)
        out[o : o + LANES] = start + sum(w[i + k * step] * x[j + k * width :][:LANES] for k in range(count))
    total(x, i, width)             sum(x[i : i + width])
    dot(x, i, y, j, width)         sum(x[i : i + width] * y[j : j + width])

Arrays are one-dimensional and contiguous, a width is a multiple of LANES. As everywhere in the kernels,
bounds are not checked.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16

_FLAGS = ("reassoc", "contract", "nsz")


def _vector(context, array_type):  # type: ignore[no-untyped-def]
    """Return LLVM's type of LANES elements of an array."""
    return ir.VectorType(context.get_value_type(array_type.dtype), LANES)


def _place(context, builder, array_type, array, first):  # type: ignore[no-untyped-def]
    """Return the address of array[first] as that of a vector, and the alignment that is sure."""
    data = context.make_array(array_type)(context, builder, array).data
    pointer = builder.gep(data, [first], inbounds=True)
    vector = _vector(context, array_type)
    return builder.bitcast(pointer, vector.as_pointer()), array_type.dtype.bitwidth // 8


def _load(context, builder, array_type, array, first):  # type: ignore[no-untyped-def]
    pointer, align = _place(context, builder, array_type, array, first)
    return builder.load(pointer, align=align, typ=_vector(context, array_type))


def _store(context, builder, array_type, array, first, vector):  # type: ignore[no-untyped-def]
    pointer, align = _place(context, builder, array_type, array, first)
    builder.store(vector, pointer, align=align)


def _repeated(context, builder, array_type, value):  # type: ignore[no-untyped-def]
    """Return a vector of LANES copies of a number."""
    kind = _vector(context, array_type)
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, cgutils.int32_t(0))
    order = ir.Constant(ir.VectorType(cgutils.int32_t, LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), order)


def _zero(context, builder, array_type):  # type: ignore[no-untyped-def]
    """Return a place on the stack that holds a vector of zeros."""
    kind = _vector(context, array_type)
    place = cgutils.alloca_once(builder, kind)
    builder.store(ir.Constant(kind, [0.0] * LANES), place)
    return place


def _add_product(builder, place, one, other):  # type: ignore[no-untyped-def]
    """Add the product of two vectors to the one at a place."""
    product = builder.fmul(one, other, flags=_FLAGS)
    builder.store(builder.fadd(builder.load(place), product, flags=_FLAGS), place)


@intrinsic
def combine(typingctx, out, o, start, w, i, step, count, x, j, width):  # type: ignore[no-untyped-def]
    """Set LANES numbers of out to a start plus a sum of ``count`` weights times LANES numbers of x each."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        out_type, w_type, x_type = signature.args[0], signature.args[3], signature.args[7]
        out, o, start, w, i, step, count, x, j, width = args
        weights = context.make_array(w_type)(context, builder, w).data
        place = cgutils.alloca_once(builder, _vector(context, out_type))
        builder.store(_repeated(context, builder, out_type, start), place)
        with cgutils.for_range(builder, count) as loop:
            k = loop.index
            weight = builder.load(builder.gep(weights, [builder.add(i, builder.mul(k, step))], inbounds=True))
            values = _load(context, builder, x_type, x, builder.add(j, builder.mul(k, width)))
            _add_product(builder, place, _repeated(context, builder, w_type, weight), values)
        _store(context, builder, out_type, out, o, builder.load(place))
        return context.get_dummy_value()

    n = types.intp
    return types.void(out, n, out.dtype, w, n, n, n, x, n, n), codegen


def _sum(builder, array_type, vector):  # type: ignore[no-untyped-def]
    """Return the sum of a vector's numbers."""
    number = vector.type.element
    name = f"llvm.vector.reduce.fadd.v{LANES}f{array_type.dtype.bitwidth}"
    kind = ir.FunctionType(number, [number, vector.type])
    reduce = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(reduce, [ir.Constant(number, 0.0), vector], fastmath=("reassoc", "nsz"))


def _groups(builder, width):  # type: ignore[no-untyped-def]
    """Loop over the first numbers of the groups of LANES in a width."""
    zero, step = cgutils.intp_t(0), cgutils.intp_t(LANES)
    return cgutils.for_range_slice(builder, zero, width, step)


@intrinsic
def total(typingctx, x, i, width):  # type: ignore[no-untyped-def]
    """Return the sum of ``width`` numbers of x, from i on."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        x_type = signature.args[0]
        x, i, width = args
        place = _zero(context, builder, x_type)
        with _groups(builder, width) as (first, _):
            values = _load(context, builder, x_type, x, builder.add(i, first))
            builder.store(builder.fadd(builder.load(place), values, flags=_FLAGS), place)
        return _sum(builder, x_type, builder.load(place))

    return x.dtype(x, types.intp, types.intp), codegen


@intrinsic
def dot(typingctx, x, i, y, j, width):  # type: ignore[no-untyped-def]
    """Return the sum of the products of ``width`` numbers of x, from i on, and of y, from j on."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        x_type, _, y_type, _, _ = signature.args
        x, i, y, j, width = args
        place = _zero(context, builder, x_type)
        with _groups(builder, width) as (first, _):
            one = _load(context, builder, x_type, x, builder.add(i, first))
            other = _load(context, builder, y_type, y, builder.add(j, first))
            _add_product(builder, place, one, other)
        return _sum(builder, x_type, builder.load(place))

    return x.dtype(x, types.intp, y, types.intp, types.intp), codegen
