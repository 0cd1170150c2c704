"""Where everything on the canvas stands: pure geometry from the columns' shapes and the size.

Columns are numbered like layers: -1 is the inputs, 0 the first layer, the last one the output. Nothing
here overlaps and nothing leaves the canvas, for any number of layers and units: where room runs out,
heads take shorter wordings, units and gaps shrink, and long columns become blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from PySide6.QtCore import QPointF, QRectF

from gui.canvas.blocks import Cells, cells_of
from gui.canvas.lanes import Skip, arcs, lanes_of, pills

DRAWN_UNITS = 12  # a column of more units is drawn as one block
USUAL = (1160, 610)  # pixels of a canvas up to which units have the size of the design
MOST_ROOM = 1.75  # times as large as there: larger units would show no more


@dataclass(frozen=True)
class Shape:
    """What one column needs.

    Attributes
    ----------
    units : how many units (or inputs) it has
    heads : (width, height) of its head in each wording, from the longest to the shortest
    label : width of the names beside its units, 0 without names
    hidden : whether units and the layer itself can be added and removed
    output : whether it is the last column, whose units are drawn larger
    picture : (height, width) of the pictures that a block shows, one a unit; None for one image in all
    ratio : height by width of that one image, None when it may be of any shape
    marks : (width with its text, width without) of each mark below the head
    """

    units: int
    heads: tuple[tuple[float, float], ...]
    label: float = 0.0
    hidden: bool = False
    output: bool = False
    picture: tuple[int, int] | None = None
    ratio: float | None = None
    marks: tuple[tuple[float, float], ...] = ()

    @property
    def is_block(self) -> bool:
        """Whether the column has too many units to draw them one by one."""
        return self.units > DRAWN_UNITS


@dataclass(frozen=True)
class Sizes:
    """Lengths in pixels, all multiplied by the scale of the projector mode."""

    margin: float = 10
    head_margin: float = 9
    plus: float = 22
    close: float = 16
    gap: float = 12
    head_gap: float = 8
    inset: float = 2
    unit: float = 46
    small_unit: float = 24
    single_output: float = 72
    few_outputs: float = 56
    widest_pitch: float = 340
    widest_block: float = 232
    label_gap: float = 8
    mark: float = 18
    lane: float = 12

    @classmethod
    def scaled(cls, scale: float) -> "Sizes":
        """Return every length multiplied by the scale."""
        return cls(**{field.name: field.default * scale for field in fields(cls)})  # type: ignore[operator]

    def nearer(self, zoom: float) -> "Sizes":
        """Return the lengths of units and columns multiplied by a zoom."""
        larger = ("unit", "small_unit", "single_output", "few_outputs", "widest_pitch", "widest_block")
        return replace(self, **{name: getattr(self, name) * zoom for name in larger})


@dataclass(frozen=True)
class Column:
    """One column as drawn.

    Attributes
    ----------
    layer : the layer's number, -1 for the inputs
    count : its units
    head : the rectangle of the chip above it
    units : one square a unit; empty for a block without pictures of its units
    block : the rounded block of a large layer, else None
    add, remove : the circles below a hidden column for one unit more and one less
    close : the circle at its head's corner that removes the layer
    labels : where each unit's name stands; empty without names
    marks : the pills below the head; fewer than the layer has where they do not fit
    """

    layer: int
    count: int
    head: QRectF
    units: tuple[QRectF, ...]
    block: Cells | None
    add: QRectF | None
    remove: QRectF | None
    close: QRectF | None
    labels: tuple[QRectF, ...]
    marks: tuple[QRectF, ...] = ()

    @property
    def bounds(self) -> QRectF:
        """What its units or block cover."""
        if self.block is not None:
            return self.block.frame
        return self.units[0].united(self.units[-1])


@dataclass(frozen=True)
class Geometry:
    """Everything's place.

    Attributes
    ----------
    columns : the inputs, then the layers
    inserts : the circles between the heads; number i puts a new layer before layer i
    level : which wording of the heads fits, 0 the longest
    skips : the arcs above the heads
    """

    columns: tuple[Column, ...]
    inserts: tuple[QRectF, ...]
    level: int
    sizes: Sizes
    skips: tuple[Skip, ...] = ()

    def column(self, layer: int) -> Column:
        """Return the column of a layer; -1 is the inputs."""
        if not -1 <= layer < len(self.columns) - 1:
            raise IndexError(layer)
        return self.columns[layer + 1]

    def anchors(self, layer: int, unit: int, later: int) -> tuple[QPointF, QPointF]:
        """Return the ends of the link from a unit of the column before ``layer`` to its unit ``later``."""
        before, after = self.column(layer - 1).units[unit], self.column(layer).units[later]
        return (QPointF(before.right(), before.center().y()), QPointF(after.left(), after.center().y()))

    def has_links(self, layer: int) -> bool:
        """Whether the links into a layer are drawn one by one."""
        return self.column(layer - 1).block is None and self.column(layer).block is None


def arrange(shapes: Sequence[Shape], width: float, height: float, scale: float = 1.0,
            skips: Sequence[tuple[int, int]] = (), zoom: float = 1.0) -> Geometry:  # fmt: skip
    """Return the geometry of the columns on a canvas of this size, with skips as (source, layer).

    ``zoom`` makes units and columns larger, but no words and nothing to be clicked; so does a canvas
    that is larger than usual.
    """
    room = max(1.0, min(width / (USUAL[0] * scale), height / (USUAL[1] * scale), MOST_ROOM))
    sizes = Sizes.scaled(scale).nearer(zoom * room)
    level, centres, widths = _horizontal(shapes, width, sizes)
    pitch = centres[1] - centres[0]
    lanes = max(lanes_of(skips)) + 1 if skips else 0
    heads = [
        QRectF(centre - wide / 2, sizes.head_margin + lanes * sizes.lane, wide, _head_size(shape, level)[1])
        for shape, centre, wide in zip(shapes, centres, widths, strict=True)
    ]
    top = max(head.bottom() for head in heads) + sizes.head_gap
    if any(shape.marks for shape in shapes):
        top += sizes.mark + sizes.inset
    bottom = height - sizes.margin / 2 - _plus(pitch, sizes) - sizes.margin / 2
    columns = tuple(
        _column(index - 1, shape, head, (top, max(bottom, top + 8)), pitch, sizes)
        for index, (shape, head) in enumerate(zip(shapes, heads, strict=True))
    )
    drawn = arcs(skips, heads, sizes.lane, scale)
    return Geometry(columns, _inserts(heads, pitch, sizes), level, sizes, drawn)


def _plus(pitch: float, sizes: Sizes) -> float:
    return min(sizes.plus, 0.24 * pitch)


def _unit_width(shape: Shape, pitch: float, sizes: Sizes) -> float:
    wanted = sizes.unit
    if shape.output and shape.units <= 3:
        wanted = sizes.single_output if shape.units == 1 else sizes.few_outputs
    return min(wanted, 0.56 * pitch)


def _body_width(shape: Shape, pitch: float, sizes: Sizes) -> float:
    """Return how wide a column's units or block are."""
    if shape.is_block:
        return min(sizes.widest_block, (0.7 if shape.picture else 0.54) * pitch)
    return _unit_width(shape, pitch, sizes)


def _horizontal(shapes: Sequence[Shape], width: float, sizes: Sizes) -> tuple[int, list[float], list[float]]:
    """Return the first wording of the heads that fits, the columns' centres and the heads' widths.

    Where not even the shortest fits, the heads are squeezed.
    """
    levels = max(len(shape.heads) for shape in shapes)
    for level in range(levels):
        heads = [_head_size(shape, level)[0] for shape in shapes]
        centres = _centres(shapes, heads, width, sizes)
        pitch = centres[1] - centres[0]
        room = pitch - _plus(pitch, sizes) - (sizes.gap if level < levels - 2 else 0.6 * sizes.gap)
        if all((a + b) / 2 <= room for a, b in zip(heads, heads[1:], strict=False)):
            return level, centres, heads
    squeezed = [min(head, 0.6 * width / len(shapes)) for head in heads]
    centres = _centres(shapes, squeezed, width, sizes)
    return level, centres, [min(head, 0.6 * (centres[1] - centres[0])) for head in squeezed]


def _centres(shapes: Sequence[Shape], heads: Sequence[float], width: float, sizes: Sizes) -> list[float]:
    """Return equally spaced centres, with room at both ends for heads, names and blocks."""
    pitch = width / len(shapes)
    for _ in range(4):  # the room at the ends depends a little on the spacing, and the other way round
        left = _end(shapes[0], heads[0], pitch, sizes)
        right = _end(shapes[-1], heads[-1], pitch, sizes)
        pitch = min(max((width - left - right) / (len(shapes) - 1), 1.0), sizes.widest_pitch)
    spare = width - left - right - pitch * (len(shapes) - 1)
    return [left + spare / 2 + pitch * index for index in range(len(shapes))]


def _end(shape: Shape, head: float, pitch: float, sizes: Sizes) -> float:
    """Return the distance between an outermost column's centre and the canvas's edge."""
    body = _body_width(shape, pitch, sizes) / 2
    if shape.label and not shape.is_block:
        body += sizes.label_gap + shape.label
    return sizes.margin + max(head / 2, body)


def _head_size(shape: Shape, level: int) -> tuple[float, float]:
    return shape.heads[min(level, len(shape.heads) - 1)]


def _inserts(heads: Sequence[QRectF], pitch: float, sizes: Sizes) -> tuple[QRectF, ...]:
    """Return the circle between each two heads, in the middle of the space between them."""
    size = _plus(pitch, sizes)
    return tuple(
        QRectF((a.right() + b.left() - size) / 2, a.center().y() - size / 2, size, size)
        for a, b in zip(heads, heads[1:], strict=False)
    )


def _column(layer: int, shape: Shape, head: QRectF, span: tuple[float, float], pitch: float,
            sizes: Sizes) -> Column:  # fmt: skip
    centre, plus = head.center().x(), _plus(pitch, sizes)
    units: tuple[QRectF, ...]
    block = None
    if shape.is_block:
        width = _body_width(shape, pitch, sizes)
        block = cells_of(shape.units, shape.picture, centre, span, width, sizes.inset / 2, shape.ratio)
        units, end = block.cells, block.frame.bottom()
    else:
        units = _squares(shape, centre, span, pitch, sizes)
        end = units[-1].bottom()
    below = close = minus = None
    if shape.hidden:
        gap = min(sizes.margin, 0.1 * pitch)
        below = QRectF(centre - plus / 2, end + gap / 2 + sizes.margin / 4, plus, plus)
        minus = below.translated(-plus - gap / 2, 0)
        side = min(sizes.close, plus)
        close = QRectF(head.right() - side / 2 - sizes.inset, head.top() - side / 2 + sizes.inset, side, side)
    labels = _labels(layer, shape, units, sizes)
    marks = _marks(shape, head, pitch, sizes) if shape.marks else ()
    return Column(layer, shape.units, head, units, block, below, minus, close, labels, marks)


def _marks(shape: Shape, head: QRectF, pitch: float, sizes: Sizes) -> tuple[QRectF, ...]:
    """Return the pills in a row below a head, not wider than the column's own room."""
    top = head.bottom() + sizes.inset + 1
    return pills(shape.marks, head.center().x(), top, sizes.mark, sizes.inset, 0.96 * pitch)


def _squares(shape: Shape, centre: float, span: tuple[float, float], pitch: float,
             sizes: Sizes) -> tuple[QRectF, ...]:  # fmt: skip
    """Return a column's unit squares, centred between the ends of the span."""
    top, bottom = span
    widest = _unit_width(shape, pitch, sizes)
    step = min(1.36 * widest, (bottom - top) / shape.units)
    size = min(widest, max(0.76 * step, min(sizes.small_unit, step - sizes.inset)))
    first = (top + bottom - step * (shape.units - 1) - size) / 2
    return tuple(QRectF(centre - size / 2, first + step * unit, size, size) for unit in range(shape.units))


def _labels(layer: int, shape: Shape, units: tuple[QRectF, ...], sizes: Sizes) -> tuple[QRectF, ...]:
    """Return where the units' names stand: left of the inputs, right of the outputs."""
    if not shape.label or shape.is_block:
        return ()
    step = units[1].top() - units[0].top() if len(units) > 1 else units[0].height()
    return tuple(
        QRectF(
            unit.left() - sizes.label_gap - shape.label if layer < 0 else unit.right() + sizes.label_gap,
            unit.center().y() - step / 2, shape.label, step,
        )
        for unit in units
    )  # fmt: skip
