import itertools

import pytest
from PySide6.QtCore import QRectF

from gui.canvas.layout import DRAWN_UNITS, Shape, arrange

HEADS = ((118.0, 38.0), (80.0, 38.0), (56.0, 38.0), (40.0, 38.0))
SIZES = [(800.0, 400.0), (1160.0, 610.0), (560.0, 300.0)]


def shapes_of(*units: int, label: float = 18.0, picture: tuple[int, int] | None = None) -> list[Shape]:
    last = len(units) - 1
    return [
        Shape(
            count, HEADS, label=label if index in (0, last) else 0.0, hidden=0 < index < last,
            output=index == last,
            picture=picture if index == 1 else None,
        )
        for index, count in enumerate(units)
    ]  # fmt: skip


def rectangles(geometry) -> list[tuple[str, QRectF]]:
    """Everything that is drawn, but for what shows on hover alone."""
    found = [(f"insert {index}", rect) for index, rect in enumerate(geometry.inserts)]
    for column in geometry.columns:
        name = f"column {column.layer}"
        found.append((f"{name} head", column.head))
        if column.block is not None:
            found.append((f"{name} block", column.block.frame))
        else:
            found += [(f"{name} unit {index}", rect) for index, rect in enumerate(column.units)]
        found += [(f"{name} label {index}", rect) for index, rect in enumerate(column.labels)]
        found += [
            (f"{name} {what}", rect)
            for what, rect in (("add", column.add), ("remove", column.remove))
            if rect
        ]
    return found


NETWORKS = [
    (2, 1),
    (2, 8, 8, 1),
    (4, 12, 3),
    (12, 12, 12, 10),
    (64, 64, 32, 10),
    (784, 128, 10),
    (2, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    (2, 12, 12, 12, 12, 12, 12, 12, 12, 1),
    (2, 4096, 13, 64, 12, 128, 7, 300, 5, 10),
    (30, 16, 1),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("units", NETWORKS)
def test_nothing_overlaps_or_leaves_the_canvas(units, size):
    picture = {64: (8, 8), 784: (28, 28)}.get(units[0])
    geometry = arrange(shapes_of(*units, picture=picture), *size)
    canvas = QRectF(0, 0, *size)
    placed = rectangles(geometry)
    for name, rect in placed:
        assert rect.isValid() and canvas.contains(rect), f"{name} {rect} is not inside {size}"
    for (one, a), (other, b) in itertools.combinations(placed, 2):
        if "label" in one and "label" in other:
            continue
        assert not a.adjusted(0.01, 0.01, -0.01, -0.01).intersects(b), f"{one} {a} overlaps {other} {b}"


@pytest.mark.parametrize("hidden", range(1, 9))
def test_any_depth_fits_in_the_smallest_window(hidden):
    for units in (1, 8, 12, 64):
        geometry = arrange(shapes_of(2, *[units] * hidden, 1), 800, 400)
        for name, rect in rectangles(geometry):
            assert QRectF(0, 0, 800, 400).contains(rect), name


def test_units_keep_their_size_where_there_is_room_and_shrink_where_not():
    geometry = arrange(shapes_of(2, 8, 12, 1), 1160, 610)
    assert geometry.column(-1).units[0].width() == 46
    assert geometry.column(0).units[0].width() == 46
    assert 24 <= geometry.column(1).units[0].width() < 46
    assert geometry.column(2).units[0].width() == 72
    small = arrange(shapes_of(2, 12, 12, 1), 800, 400)
    assert small.column(0).units[0].width() == pytest.approx(24, abs=0.6)


def test_units_grow_with_a_large_canvas_but_words_do_not():
    usual, large = arrange(shapes_of(2, 8, 1), 1160, 610), arrange(shapes_of(2, 8, 1), 1860, 980)
    wide = arrange(shapes_of(2, 8, 1), 1860, 610)
    assert large.column(0).units[0].width() == pytest.approx(46 * 1860 / 1160)
    assert large.column(0).head.size() == usual.column(0).head.size()
    assert wide.column(0).units[0].width() == 46  # both ways, or a column would not fit
    for name, rect in rectangles(large):
        assert QRectF(0, 0, 1860, 980).contains(rect), name


def test_columns_are_centred_on_one_line():
    geometry = arrange(shapes_of(2, 8, 3, 1), 1160, 610)
    middles = [column.bounds.center().y() for column in geometry.columns]
    assert middles == pytest.approx([middles[0]] * 4)
    assert all(
        column.bounds.center().x() == pytest.approx(column.head.center().x()) for column in geometry.columns
    )


def test_a_long_column_is_a_block():
    geometry = arrange(shapes_of(2, DRAWN_UNITS, DRAWN_UNITS + 1, 1), 1160, 610)
    assert geometry.column(0).block is None
    assert geometry.column(1).block is not None
    assert geometry.has_links(0) and not geometry.has_links(1) and not geometry.has_links(2)


def test_a_block_of_pictures_shows_every_unit_that_fits():
    geometry = arrange(shapes_of(784, 128, 10, picture=(28, 28)), 1160, 610)
    block = geometry.column(0).block
    assert len(block.cells) == 128
    assert all(block.frame.contains(cell) for cell in block.cells)
    huge = arrange(shapes_of(784, 4096, 10, picture=(28, 28)), 800, 400).column(0).block
    assert 0 < len(huge.cells) < 4096


def test_heads_take_shorter_words_when_there_are_many():
    assert arrange(shapes_of(2, 4, 1), 1160, 610).level == 0
    assert arrange(shapes_of(2, *[4] * 8, 1), 800, 400).level > 0


@pytest.mark.parametrize("width", [560, 700, 800, 850, 900, 1000, 1160])
@pytest.mark.parametrize("columns", range(2, 8))
def test_a_head_is_never_narrower_than_its_words(columns, width):
    geometry = arrange(shapes_of(2, *[4] * (columns - 2), 1), width, 400)
    wanted = HEADS[geometry.level][0]
    assert all(column.head.width() == wanted for column in geometry.columns)
    assert geometry.columns[0].head.left() >= 0 and geometry.columns[-1].head.right() <= width


def test_links_end_at_the_units_edges():
    geometry = arrange(shapes_of(2, 3, 1), 800, 400)
    start, end = geometry.anchors(0, 1, 2)
    assert start.x() == geometry.column(-1).units[1].right()
    assert end.x() == geometry.column(0).units[2].left()
    with pytest.raises(IndexError):
        geometry.column(2)


def test_the_projector_enlarges_everything():
    plain, large = arrange(shapes_of(2, 2, 1), 1160, 610), arrange(shapes_of(2, 2, 1), 1160, 610, scale=1.5)
    assert large.column(0).units[0].width() == pytest.approx(1.5 * plain.column(0).units[0].width())
