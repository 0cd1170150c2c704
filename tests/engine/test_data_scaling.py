"""Scaling is measured on the training rows alone; quotas share a count out fairly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.choices.scalings import SCALINGS
from engine.data.container import scaled
from engine.data.scaling import measure
from engine.data.split import quotas, split, subset
from engine.streams import stream

COLUMNS = hnp.arrays(np.float64, st.tuples(st.integers(1, 40), st.integers(1, 6)),
                     elements=st.floats(-1e6, 1e6).map(lambda value: round(value, 3)))  # fmt: skip


@pytest.mark.parametrize("name", SCALINGS)
@settings(max_examples=50, deadline=None)
@given(x=COLUMNS)
def test_scaled_columns_have_the_scale_that_the_table_says(name: str, x: np.ndarray) -> None:
    result = scaled(x, measure(name, x), "float64")
    constant = (x == x[0]).all(axis=0)
    assert np.isfinite(result).all() and result.flags.c_contiguous
    if name == "none":
        assert np.array_equal(result, x)
        return
    assert (result[:, constant] == 0).all()
    moving = result[:, ~constant]
    if name == "standard":
        np.testing.assert_allclose(moving.mean(axis=0), 0, atol=1e-6)
        np.testing.assert_allclose(moving.std(axis=0), 1, rtol=1e-6)
    else:
        np.testing.assert_allclose(moving.min(axis=0), -1, rtol=1e-6)
        np.testing.assert_allclose(moving.max(axis=0), 1, rtol=1e-6)


def test_known_values() -> None:
    x = np.array([[0.0, 7.0], [2.0, 7.0], [4.0, 7.0]])
    assert scaled(x, measure("minmax", x), "float64").tolist() == [[-1, 0], [0, 0], [1, 0]]
    standard = scaled(x, measure("standard", x), "float64")
    np.testing.assert_allclose(standard[:, 0], [-np.sqrt(1.5), 0, np.sqrt(1.5)])


def test_a_constant_column_that_rounds_badly_is_still_constant() -> None:
    x = np.full((1000, 1), 0.1)
    assert np.std(x) > 0  # what the rounding of the mean does
    assert (scaled(x, measure("standard", x), "float32") == 0).all()


def test_an_unknown_scaling_is_refused() -> None:
    with pytest.raises(KeyError):
        measure("log", np.ones((2, 1)))


@given(sizes=st.lists(st.integers(0, 500), min_size=1, max_size=12), share=st.floats(0, 1))
def test_quotas_add_up_and_stay_within_one_of_the_exact_share(sizes: list[int], share: float) -> None:
    count = int(share * sum(sizes))
    given_out = quotas(np.array(sizes), count)
    exact = np.array(sizes) * count / max(sum(sizes), 1)
    assert given_out.sum() == count
    assert (given_out <= sizes).all() and (np.abs(given_out - exact) < 1).all()


def test_equal_streams_split_equally_and_unequal_ones_do_not() -> None:
    groups = np.repeat([0, 1, 2], 20)
    first, again, other = (split(groups, 0.25, stream(seed, "split")) for seed in (0, 0, 1))
    assert np.array_equal(first[0], again[0]) and np.array_equal(first[1], again[1])
    assert not np.array_equal(first[1], other[1])
    assert sorted(np.concatenate(first)) == list(range(60))


def test_a_subset_keeps_the_order_of_the_rows() -> None:
    chosen = subset(np.repeat([0, 1], [90, 10]), np.array([18, 2]), stream(0, "subset"))
    assert (np.diff(chosen) > 0).all()
    assert (chosen < 90).sum() == 18
