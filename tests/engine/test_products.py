"""Products of matrices: right, within bounds, and to the last bit the same wherever an element stands."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.jit import jit
from engine.products import add_rows, product, small_product, transpose
from engine.vectors import A_ROW_EACH, COLUMNS, LANES, NOTHING, THERE

PRECISIONS = [np.float32, np.float64]
STARTS = [NOTHING, THERE, COLUMNS, A_ROW_EACH]
OUTSIDE = 7.0  # what stands around a result


@jit
def large(out, rows, columns, a, row_step, inner_step, b, b_step, count, start, s):  # type: ignore[no-untyped-def]
    product(out, 3, columns, rows, columns, a, 0, row_step, inner_step, b, 0, b_step, count, start, s,
            0)  # fmt: skip


@jit
def little(out, rows, columns, a, row_step, inner_step, b, b_step, count, start, s):  # type: ignore[no-untyped-def]
    small_product(
        out, 3, columns, rows, columns, a, 0, row_step, inner_step, b, 0, b_step, count, start, s, 0
    )


@jit
def turned(out, step, a, a_step, rows, columns):  # type: ignore[no-untyped-def]
    transpose(out, 0, step, a, 0, a_step, rows, columns)


@jit
def totals(out, columns, a, step, rows):  # type: ignore[no-untyped-def]
    add_rows(out, 2, columns, a, 0, step, rows)


def up(size: int) -> int:
    return -(-size // LANES) * LANES


def computed(kernel: Any, a: np.ndarray, b: np.ndarray, start: int = NOTHING, s: np.ndarray | None = None,
             there: np.ndarray | None = None, turned: bool = False) -> np.ndarray:  # fmt: skip
    """Return a @ b (rows, columns) by a kernel, a handed over as its transpose if ``turned``."""
    (rows, count), columns = a.shape, b.shape[1]
    wide = np.full((count, up(columns)), np.nan, a.dtype)  # what is past the columns must not count
    wide[:, :columns] = b
    out = np.full(rows * columns + 40, OUTSIDE, a.dtype)
    inside = out[3 : 3 + rows * columns]
    inside[:] = np.nan if there is None else there.ravel()
    left = np.ascontiguousarray(a.T if turned else a).ravel()
    steps = (1, rows) if turned else (count, 1)
    kernel(
        out, rows, columns, left, *steps, wide.ravel(), wide.shape[1], count, start, out if s is None else s
    )
    assert (out[:3] == OUTSIDE).all()
    assert (out[3 + rows * columns :] == OUTSIDE).all()
    return inside.reshape(rows, columns)


sizes = st.tuples(st.integers(1, 21), st.integers(1, 40), st.sampled_from([1, 2, 9, 127, 128, 300]))


@settings(max_examples=80, deadline=None)
@given(
    sizes, st.sampled_from(PRECISIONS), st.sampled_from(STARTS), st.booleans(), st.booleans(), st.integers(0)
)
def test_products_are_right(shape: tuple[int, int, int], precision: Any, start: int, turn: bool,
                            is_small: bool, seed: int) -> None:  # fmt: skip
    rows, columns, count = shape
    draw = np.random.default_rng(seed).standard_normal
    a, b, there = (
        draw(each).astype(precision) for each in ((rows, count), (count, columns), (rows, columns))
    )
    s = draw(up(columns) if start == COLUMNS else rows).astype(precision)
    found = computed(little if is_small else large, a, b, start, s, there, turn)
    begin = {NOTHING: 0, THERE: there, COLUMNS: s[:columns], A_ROW_EACH: s[:rows, None]}
    begin = begin[start] if start != A_ROW_EACH else s[:, None]
    expected = a.astype(float) @ b.astype(float) + begin
    scale = np.abs(a).astype(float) @ np.abs(b).astype(float) + np.abs(begin)
    assert (np.abs(found - expected) <= 4 * np.sqrt(count) * np.finfo(precision).eps * scale).all()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kernel", [little, large])
def test_an_element_does_not_depend_on_its_place(kernel: Any, precision: Any) -> None:
    """Computed alone, it has the same bits: so units that start identical stay identical."""
    draw = np.random.default_rng(1).standard_normal
    a, b = draw((19, 200)).astype(precision), draw((200, 37)).astype(precision)
    whole = computed(kernel, a, b)
    for r in range(19):
        for c in range(37):
            assert computed(kernel, a[r : r + 1], b[:, c : c + 1])[0, 0] == whole[r, c]
    assert (computed(kernel, a, b, turned=True) == whole).all()


@pytest.mark.parametrize("kernel", [little, large])
def test_what_is_not_finite_stays_in_its_row_and_column(kernel: Any) -> None:
    a, b = np.ones((10, 5), np.float32), np.ones((5, 20), np.float32)
    a[9, 1], b[2, 7] = np.nan, np.inf
    found = computed(kernel, a, b)
    assert np.isnan(found[9]).all()
    assert np.isposinf(found[:9, 7]).all()
    assert (np.delete(found[:9], 7, 1) == 5).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(PRECISIONS))
def test_a_transpose(rows: int, columns: int, precision: Any) -> None:
    a = np.full((rows, up(columns)), np.nan, precision)
    a[:, :columns] = np.random.default_rng(0).standard_normal((rows, columns))
    out = np.full((up(columns), up(rows)), OUTSIDE, precision)
    turned(out.ravel(), up(rows), a.ravel(), up(columns), rows, columns)
    assert (out[:columns, :rows] == a[:, :columns].T).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(1, 90), st.sampled_from(PRECISIONS))
def test_totals_of_columns(rows: int, columns: int, precision: Any) -> None:
    a = np.random.default_rng(0).integers(-9, 9, (rows, up(columns))).astype(precision)
    out = np.full(columns + 40, OUTSIDE, precision)
    totals(out, columns, a.ravel(), up(columns), rows)
    assert (out[2 : 2 + columns] == OUTSIDE + a[:, :columns].sum(axis=0)).all()
    assert (out[:2] == OUTSIDE).all()
    assert (out[2 + columns :] == OUTSIDE).all()
