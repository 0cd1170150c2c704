"""Operations on numbers that stand side by side, in the processor's own vectors, each a few instructions.

Numba leaves loops of a known short length to a stage of the compiler that it keeps switched off, and they
come out one number at a time. These say in LLVM's own words what is meant; :mod:`engine.products` puts them
together.

Arrays are one-dimensional and contiguous. As everywhere in the kernels, bounds are not checked.
"""

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16  # to a multiple of which columns and rows in memory are rounded up: whole vectors everywhere

llvm.initialize_native_target()
_WIDE = llvm.get_host_cpu_features().get("avx512f", False)
BYTES = 64 if _WIDE else 32  # of a vector
# Rows of a tile: two vectors of sums each, and all of them have to fit into the processor's registers.
ROWS, FEW_ROWS = (8, 4) if _WIDE else (4, 2)

NOTHING, THERE, COLUMNS, A_ROW_EACH = range(4)  # what a tile's sums start with, see tile

# One rounding for a * b + c where the processor has that; sums in the order in which they are written.
_FLAGS = ("contract",)
_INDEX, _INT32 = ir.IntType(64), ir.IntType(32)


def _index(value: int) -> ir.Constant:
    return ir.Constant(_INDEX, value)


class _Array:
    """An array while a function is compiled: its vectors, and how they are loaded and stored."""

    def __init__(self, context: Any, builder: Any, array_type: Any, array: Any) -> None:
        self.builder = builder
        self.bits = array_type.dtype.bitwidth
        self.lanes = BYTES * 8 // self.bits
        self.vector = ir.VectorType(context.get_value_type(array_type.dtype), self.lanes)
        self.data = context.make_array(array_type)(context, builder, array).data

    def _address(self, index: Any) -> Any:
        element = self.builder.gep(self.data, [index], inbounds=True)
        return self.builder.bitcast(element, self.vector.as_pointer())

    def load(self, index: Any, mask: Any = None) -> Any:
        """Return the vector that begins at an element, with 0 in the lanes that a mask leaves out."""
        if mask is None:
            return self.builder.load(self._address(index), align=self.bits // 8, typ=self.vector)
        zeros = ir.Constant(self.vector, [0.0] * self.lanes)
        return self._masked("load", self.vector, [self._address(index), self._align(), mask, zeros])

    def store(self, index: Any, vector: Any, mask: Any = None) -> None:
        """Store a vector where an element begins, without the lanes that a mask leaves out."""
        if mask is None:
            self.builder.store(vector, self._address(index), align=self.bits // 8)
        else:
            self._masked("store", ir.VoidType(), [vector, self._address(index), self._align(), mask])

    def _align(self) -> ir.Constant:
        return ir.Constant(_INT32, self.bits // 8)

    def _masked(self, name: str, result: Any, arguments: list[Any]) -> Any:
        kind = ir.FunctionType(result, [each.type for each in arguments])
        full = f"llvm.masked.{name}.v{self.lanes}f{self.bits}.p0"
        function = cgutils.get_or_insert_function(self.builder.module, kind, full)
        return self.builder.call(function, arguments)

    def repeated(self, index: Any) -> Any:
        """Return a vector of copies of one element."""
        number = self.builder.load(self.builder.gep(self.data, [index], inbounds=True))
        return _copies(self.builder, number, self.lanes)

    def shuffled(self, one: Any, other: Any, order: list[int]) -> Any:
        """Return a vector of elements of two others, which are numbered through."""
        return self.builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(_INT32, self.lanes), order))


def _copies(builder: Any, number: Any, lanes: int) -> Any:
    undefined = ir.Constant(ir.VectorType(number.type, lanes), ir.Undefined)
    one = builder.insert_element(undefined, number, _INT32(0))
    return builder.shuffle_vector(one, undefined, ir.Constant(ir.VectorType(_INT32, lanes), [0] * lanes))


def _first_lanes(builder: Any, count: Any, lanes: int) -> Any:
    """Return the mask of a vector's first lanes, of all when they are fewer."""
    counts = _copies(builder, count, lanes)
    return builder.icmp_signed("<", ir.Constant(counts.type, list(range(lanes))), counts)


def _at_most(builder: Any, first: Any, count: int, end: Any) -> list[Any]:
    """Return the numbers first, first + 1, ... of so many rows, with end - 1 for those from end on."""
    last = builder.sub(end, _index(1))
    rows = [builder.add(first, _index(row)) for row in range(count)]
    return [builder.select(builder.icmp_signed("<", row, end), row, last) for row in rows]


@intrinsic(prefer_literal=True)
def tile(typingctx, height, width, row, column, out, o, out_step, rows, columns, a, i, row_step, inner_step,
         b, j, b_step, count, start, s, at):  # fmt: skip
    """Compute one tile of a product: literally ``height`` rows by ``width`` vectors, from (row, column) on.

    Rows from ``rows`` on are computed as copies of the last: to leave them out would take as long. Columns
    from ``columns`` on are not written, where a tile is one vector wide. Sums start with NOTHING, with what
    is THERE in out, with COLUMNS (the numbers of s from ``at`` on, in every row), or with A_ROW_EACH (one
    number of s for a whole row). For the rest see :func:`engine.products.product`.
    """
    if not (isinstance(height, types.IntegerLiteral) and isinstance(width, types.IntegerLiteral)):
        return None
    down, across = range(height.literal_value), range(width.literal_value)
    known = start.literal_value if isinstance(start, types.IntegerLiteral) else None

    def codegen(context, builder, signature, args):
        row, column, _, o, out_step, rows, columns, _, i, row_step, inner_step = args[2:13]
        _, j, b_step, count, start, _, at = args[13:]
        result, left, right, first = (
            _Array(context, builder, signature.args[place], args[place]) for place in (4, 9, 13, 18)
        )
        add, multiply, lanes = builder.add, builder.mul, result.lanes
        there = _at_most(builder, row, len(down), rows)
        strips = [add(column, _index(strip * lanes)) for strip in across]
        starts = [add(o, multiply(each, out_step)) for each in there]
        cells = {(r, c): cgutils.alloca_once(builder, result.vector) for r in down for c in across}
        places = {(r, c): add(starts[r], strips[c]) for r, c in cells}
        mask = None if len(across) > 1 else _first_lanes(builder, builder.sub(columns, column), lanes)

        begins = {
            NOTHING: lambda r, c: ir.Constant(result.vector, [0.0] * lanes),
            THERE: lambda r, c: result.load(places[r, c], mask),
            COLUMNS: lambda r, c: first.load(add(at, strips[c])),
            A_ROW_EACH: lambda r, c: first.repeated(add(at, there[r])),
        }
        for kind in range(4) if known is None else (known,):
            with builder.if_then(builder.icmp_signed("==", start, _index(kind))):
                for place, cell in cells.items():
                    builder.store(begins[kind](*place), cell)
        lefts = [add(i, multiply(each, row_step)) for each in there]
        with cgutils.for_range(builder, count) as loop:
            here, along = add(j, multiply(loop.index, b_step)), multiply(loop.index, inner_step)
            rights = [right.load(add(here, strip)) for strip in strips]
            for r in down:
                factor = left.repeated(add(lefts[r], along))
                for c in across:
                    product = builder.fmul(factor, rights[c], flags=_FLAGS)
                    total = builder.fadd(builder.load(cells[r, c]), product, flags=_FLAGS)
                    builder.store(total, cells[r, c])
        for place, cell in cells.items():
            result.store(places[place], builder.load(cell), mask)
        return context.get_dummy_value()

    n = types.intp
    kinds = (height, width, n, n, out, n, n, n, n, a, n, n, n, b, n, n, n, start, s, n)
    return types.void(*kinds), codegen


@intrinsic(prefer_literal=True)
def strip_total(typingctx, width, column, out, o, columns, a, i, step, rows):
    """Add to out the sums of rows of a: literally ``width`` vectors of columns, from a column on.

    Columns from ``columns`` on are not written, where that is one vector.
    """
    if not isinstance(width, types.IntegerLiteral):
        return None
    across = range(width.literal_value)

    def codegen(context, builder, signature, args):
        _, column, out, o, columns, a, i, step, rows = args
        result = _Array(context, builder, signature.args[2], out)
        source = _Array(context, builder, signature.args[5], a)
        lanes = result.lanes
        strips = [builder.add(column, _index(strip * lanes)) for strip in across]
        mask = None if len(across) > 1 else _first_lanes(builder, builder.sub(columns, column), lanes)
        cells = [cgutils.alloca_once(builder, result.vector) for _ in across]
        for strip, cell in zip(strips, cells, strict=True):
            builder.store(result.load(builder.add(o, strip), mask), cell)
        with cgutils.for_range(builder, rows) as loop:
            here = builder.add(i, builder.mul(loop.index, step))
            for strip, cell in zip(strips, cells, strict=True):
                values = source.load(builder.add(here, strip))
                builder.store(builder.fadd(builder.load(cell), values, flags=_FLAGS), cell)
        for strip, cell in zip(strips, cells, strict=True):
            result.store(builder.add(o, strip), builder.load(cell), mask)
        return context.get_dummy_value()

    n = types.intp
    return types.void(width, n, out, n, n, a, n, n, n), codegen


@intrinsic
def transposed_block(typingctx, row, column, out, o, out_step, a, i, a_step, rows):
    """Transpose a block, as many rows as a vector has lanes, from (row, column) of a on.

    Rows from ``rows`` on are copies of the last. Done in log2(lanes) rounds, each of which exchanges the
    halves, then quarters, ... of pairs of vectors.
    """

    def codegen(context, builder, signature, args):
        row, column, out, o, out_step, a, i, a_step, rows = args
        result = _Array(context, builder, signature.args[2], out)
        source = _Array(context, builder, signature.args[5], a)
        add, multiply, lanes = builder.add, builder.mul, result.lanes
        there = _at_most(builder, row, lanes, rows)
        block = [source.load(add(add(i, multiply(each, a_step)), column)) for each in there]
        distance = 1
        while distance < lanes:
            upper = [n + lanes - distance if n & distance else n for n in range(lanes)]
            lower = [n + lanes if n & distance else n + distance for n in range(lanes)]
            for r in range(lanes):
                if not r & distance:
                    one, other = block[r], block[r + distance]
                    block[r] = source.shuffled(one, other, upper)
                    block[r + distance] = source.shuffled(one, other, lower)
            distance *= 2
        for r, vector in enumerate(block):
            result.store(add(add(o, multiply(add(column, _index(r)), out_step)), row), vector)
        return context.get_dummy_value()

    n = types.intp
    return types.void(n, n, out, n, n, a, n, n, n), codegen
