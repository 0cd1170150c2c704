"""Four operations on LANES numbers that stand side by side, each a few machine instructions.

Numba leaves loops of a known short length to a stage of the compiler that it keeps switched off, and they
come out one number at a time. These say in LLVM's own words what is meant. In Python they would read::

    fill(out, o, value)            out[o : o + LANES] = value
    add_scaled(out, o, w, x, i)    out[o : o + LANES] += w * x[i : i + LANES]
    total(x, i)                    sum(x[i : i + LANES])
    dot(x, i, y, j)                sum(x[i : i + LANES] * y[j : j + LANES])

Arrays are one-dimensional and contiguous. As everywhere in the kernels, bounds are not checked.
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


@intrinsic
def fill(typingctx, out, first, value):  # type: ignore[no-untyped-def]
    """Set LANES numbers of out, from first on, to a value."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        array_type = signature.args[0]
        out, first, value = args
        _store(context, builder, array_type, out, first, _repeated(context, builder, array_type, value))
        return context.get_dummy_value()

    return types.void(out, types.intp, out.dtype), codegen


@intrinsic
def add_scaled(typingctx, out, first, factor, x, start):  # type: ignore[no-untyped-def]
    """Add factor times LANES numbers of x, from start on, to LANES numbers of out, from first on."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        out_type, _, _, x_type, _ = signature.args
        out, first, factor, x, start = args
        factors = _repeated(context, builder, x_type, factor)
        scaled = builder.fmul(factors, _load(context, builder, x_type, x, start), flags=_FLAGS)
        total = builder.fadd(_load(context, builder, out_type, out, first), scaled, flags=_FLAGS)
        _store(context, builder, out_type, out, first, total)
        return context.get_dummy_value()

    return types.void(out, types.intp, out.dtype, x, types.intp), codegen


def _sum(builder, array_type, vector):  # type: ignore[no-untyped-def]
    """Return the sum of a vector's numbers."""
    number = vector.type.element
    name = f"llvm.vector.reduce.fadd.v{LANES}f{array_type.dtype.bitwidth}"
    kind = ir.FunctionType(number, [number, vector.type])
    reduce = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(reduce, [ir.Constant(number, 0.0), vector], fastmath=("reassoc", "nsz"))


@intrinsic
def total(typingctx, x, first):  # type: ignore[no-untyped-def]
    """Return the sum of LANES numbers of x, from first on."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        x_type = signature.args[0]
        return _sum(builder, x_type, _load(context, builder, x_type, *args))

    return x.dtype(x, types.intp), codegen


@intrinsic
def dot(typingctx, x, i, y, j):  # type: ignore[no-untyped-def]
    """Return the sum of the products of LANES numbers of x, from i on, and of y, from j on."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        x_type, _, y_type, _ = signature.args
        x, i, y, j = args
        product = builder.fmul(
            _load(context, builder, x_type, x, i), _load(context, builder, y_type, y, j), flags=_FLAGS
        )
        return _sum(builder, x_type, product)

    return x.dtype(x, types.intp, y, types.intp), codegen
