"""Mean field theory of wide networks: its published numbers, and what real networks do."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.mean_field import (
    RELU,
    TANH,
    chi_1,
    critical,
    depth_scale,
    fixed_variance,
    mean_square,
    next_correlation,
    next_variance,
)
from tests.engine.reference.build import bare

CRITICAL = [(0.001, 1.189190, 0.107292), (0.01, 1.424205, 0.273301), (0.05, 1.760955, 0.570048),
            (0.1, 1.986073, 0.805799)]  # fmt: skip


@pytest.mark.parametrize(("sb2", "sw2", "q"), CRITICAL)
def test_between_order_and_chaos(sb2: float, sw2: float, q: float) -> None:
    assert critical(TANH, sb2) == pytest.approx((sw2, q), abs=6e-7)
    assert fixed_variance(TANH, sw2, sb2) == pytest.approx(q, abs=2e-6)
    assert chi_1(TANH, q, sw2) == pytest.approx(1, abs=2e-6)


@pytest.mark.parametrize(("sw2", "chi", "scale"), [(1.3, 0.880164, 7.83), (1.5, 0.938636, 15.79)])
def test_the_ordered_side(sw2: float, chi: float, scale: float) -> None:
    found = chi_1(TANH, fixed_variance(TANH, sw2, 0.05), sw2)
    assert found == pytest.approx(chi, abs=6e-7)
    assert depth_scale(found) == pytest.approx(scale, abs=0.006)


def test_without_biases() -> None:
    """ReLU is critical at 2, tanh at 1, where its signals vanish."""
    assert next_variance(RELU, 3.0, 2.0) == pytest.approx(3, rel=1e-7)
    assert chi_1(RELU, 3.0, 2.0) == pytest.approx(1, rel=1e-12)
    assert fixed_variance(TANH, 0.99) == pytest.approx(0, abs=1e-9)
    assert chi_1(TANH, 1e-12, 1.0) == pytest.approx(1, abs=1e-9)
    assert math.isnan(fixed_variance(RELU, 2.1))
    assert depth_scale(1) == math.inf


def test_the_std_by_layer_at_a_gain_of_five_thirds() -> None:
    """The first layer's q is the gain's square; the std of tanh settles at .65135."""
    q, found = (5 / 3) ** 2, []
    for _ in range(60):
        found.append(math.sqrt(mean_square(np.tanh, q)))
        q = next_variance(TANH, q, (5 / 3) ** 2)
    assert found[:4] == pytest.approx([0.7594, 0.6930, 0.6685, 0.6586], abs=6e-5)
    assert found[-1] == pytest.approx(0.65135, abs=6e-6)


def test_a_high_gain_needs_dense_quadrature() -> None:
    """N(0, 1) weights at width 500: 201 Gauss-Hermite nodes say .955 where the truth is .982."""
    assert math.sqrt(mean_square(np.tanh, 500.0)) == pytest.approx(0.98201, abs=6e-6)
    q = next_variance(TANH, 500.0, 500.0)
    assert math.sqrt(mean_square(np.tanh, q)) == pytest.approx(0.98168, abs=6e-6)
    assert fixed_variance(TANH, 500.0) == pytest.approx(q, rel=0.001)
    nodes, weights = np.polynomial.hermite_e.hermegauss(201)
    coarse = math.sqrt(weights @ np.tanh(math.sqrt(q) * nodes) ** 2 / weights.sum())
    assert coarse == pytest.approx(0.955, abs=6e-4)


def test_relu_makes_any_two_inputs_alike() -> None:
    correlation, found = 0.0, []
    for layer in range(50):
        correlation = next_correlation(RELU, correlation, 1.0, 2.0, points=1601 if layer < 10 else 401)
        found.append(correlation)
    assert found[:5] == pytest.approx([0.318310, 0.493731, 0.604826, 0.680954, 0.735946], abs=2e-5)
    assert found[9] == pytest.approx(0.871536, abs=2e-5)
    assert found[49] == pytest.approx(0.98786, abs=2e-4)


@pytest.mark.parametrize("sb2", [0.0, -1.0, 200.0, math.nan])
def test_biases_without_a_critical_point(sb2: float) -> None:
    with pytest.raises(ValueError, match="is not above 0"):
        critical(TANH, sb2)


@settings(max_examples=20, deadline=None)
@given(st.floats(-1, 1))
def test_relus_correlation_is_the_arc_cosine_kernel(c: float) -> None:
    """Cho and Saul 2009: c' = (√(1 - c²) + (π - arccos c) c) / π."""
    closed = (math.sqrt(1 - c * c) + (math.pi - math.acos(c)) * c) / math.pi
    assert next_correlation(RELU, c, 1.0, 2.0) == pytest.approx(closed, abs=2e-4)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 3), st.floats(0.001, 0.5))
def test_the_correlation_map_has_the_slope_chi_1_at_1(sw2: float, sb2: float) -> None:
    q = fixed_variance(TANH, sw2, sb2)
    assert next_correlation(TANH, 1.0, q, sw2, sb2) == pytest.approx(1, abs=1e-9)
    slope = (1 - next_correlation(TANH, 1 - 1e-5, q, sw2, sb2)) / 1e-5
    assert slope == pytest.approx(chi_1(TANH, q, sw2), rel=1e-3)


@pytest.mark.parametrize("sw2", [1.3, 1.760955, 3.0])
def test_real_networks_follow_the_map(sw2: float) -> None:
    """12 layers of 500 tanh units with random biases: the sums' variance, and how near inputs part."""
    scaling = {"name": "variance_scaling", "scale": sw2, "distribution": "normal"}
    variances, growths = [], []
    for seed in range(6):
        network = bare(500, [(500, "tanh")] * 12, initializer=scaling, seed=seed,
                       bias={"name": "normal", "std": math.sqrt(0.05)})  # fmt: skip
        x = np.random.default_rng(seed).standard_normal((10, 500))
        near = x + 1e-6 * np.random.default_rng(seed + 100).standard_normal((10, 500))
        here, there = network.forward(x, pre=True), network.forward(near, pre=True)
        variances.append([np.square(z).mean() for z in here])
        apart = [np.square(a - b).mean() for a, b in zip(here, there, strict=True)]
        growths.append(math.exp(np.diff(np.log(apart))[-6:].mean()))
    q, expected = sw2 + 0.05, []
    for _ in range(12):
        expected.append(q)
        q = next_variance(TANH, q, sw2, 0.05)
    np.testing.assert_allclose(np.mean(variances, axis=0), expected, rtol=0.06)
    assert np.mean(growths) == pytest.approx(chi_1(TANH, fixed_variance(TANH, sw2, 0.05), sw2), rel=0.04)
