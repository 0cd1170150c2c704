import numpy as np
import pytest

from engine import Session, streams
from engine.analysis.directions import filter_normalised, plane_of, principal
from engine.analysis.landscape import affordable, landscape
from engine.surface import Cancelled
from tests.engine.analysis.support import LINEAR, SIGMOID, ZEROS, network, with_weights
from tests.engine.reference.build import experiment

HIDDEN = {"units": 6, "activation": "tanh"}


def quadratic():
    """A linear unit of one input under mean squared error: the loss is a known quadratic of (w, b)."""
    snapshot, data = network("sine", LINEAR)
    return with_weights(snapshot, [([[0.5]], [0.25])]), data


def at(snapshot, w: float, b: float) -> np.ndarray:
    """Return the parameters with this one weight and bias."""
    return snapshot.plan.pack([(np.array([[w]]), np.array([b]))])


def test_a_known_quadratic_is_drawn_exactly():
    snapshot, data = quadratic()
    path = [at(snapshot, -1.0, 2.0), at(snapshot, 0.4, -1.0), snapshot.theta]
    land = landscape(snapshot, data, path, 16)
    plane = plane_of(snapshot, path, streams.stream(0, "landscape"))
    x, y = data.x_train[:, 0], data.y_train[:, 0]
    alphas, betas = np.meshgrid(land.alphas, land.betas)
    w = 0.5 + alphas * plane.first[0] + betas * plane.second[0]
    b = 0.25 + alphas * plane.first[1] + betas * plane.second[1]
    expected = np.mean((w[..., None] * x + b[..., None] - y) ** 2, axis=-1)
    np.testing.assert_allclose(land.losses, expected, rtol=1e-10)
    assert land.loss_now == pytest.approx(np.mean((0.5 * x + 0.25 - y) ** 2))
    assert land.explained == pytest.approx(1)  # two parameters: the plane is all there is
    assert land.true_start == pytest.approx(np.mean((-x + 2 - y) ** 2))
    assert land.plane_start == pytest.approx(land.true_start)


def test_zero_weights_have_a_loss_of_ln_2():
    snapshot, data = network("circle", {**HIDDEN, **ZEROS}, {**SIGMOID, **ZEROS})
    land = landscape(snapshot, data, [snapshot.theta], 16)
    assert land.loss_now == pytest.approx(np.log(2))
    assert land.walked == (False, False)
    assert np.isnan(land.explained)
    assert np.isfinite(land.losses).all()


def test_the_span_covers_the_path_with_a_margin():
    snapshot, data = network("circle", HIDDEN, SIGMOID)
    random = np.random.default_rng(0)
    path = [snapshot.theta + step for step in random.standard_normal((7, snapshot.theta.size))]
    land = landscape(snapshot, data, [*path, snapshot.theta], 24)
    for axis, sides in ((0, land.alphas), (1, land.betas)):
        extent = np.ptp(land.path[:, axis])
        assert sides[0] <= land.path[:, axis].min() - 0.2 * extent
        assert sides[-1] >= land.path[:, axis].max() + 0.2 * extent
    assert land.losses.shape == (24, 24)
    np.testing.assert_allclose(land.path[-1], [0, 0], atol=1e-9)


def test_principal_directions_are_the_first_singular_vectors():
    steps = np.random.default_rng(1).standard_normal((9, 40)) * np.linspace(3, 0.1, 40)
    expected = np.linalg.svd(steps, full_matrices=False)[2][:2]
    for found, right in zip(principal(steps, 0.0), expected, strict=True):
        assert abs(found @ right) == pytest.approx(1)


def test_the_explained_share_is_that_of_squared_distances():
    snapshot, _ = network("circle", HIDDEN, SIGMOID)
    eye = np.eye(snapshot.theta.size)
    steps = [3 * eye[0], 2 * eye[1], 1 * eye[2]]
    path = [snapshot.theta + step for step in steps] + [snapshot.theta]
    plane = plane_of(snapshot, path, np.random.default_rng(0))
    assert plane.explained == pytest.approx((9 + 4) / (9 + 4 + 1))
    assert plane.path[0] == pytest.approx([-3, 0])  # the start lies left of now
    assert abs(plane.first @ plane.second) < 1e-12


def test_a_straight_path_gets_one_random_direction():
    snapshot, data = network("circle", HIDDEN, SIGMOID)
    land = landscape(snapshot, data, [snapshot.theta + 1.0, snapshot.theta + 0.5, snapshot.theta], 16)
    assert land.walked == (True, False)
    assert land.explained == pytest.approx(1)


def test_float32_rounding_of_the_path_is_no_step():
    snapshot, data = network("circle", HIDDEN, SIGMOID)
    land = landscape(snapshot, data, [snapshot.theta.astype(np.float32)], 16)
    assert land.walked == (False, False)


def test_filter_normalised_directions_have_each_unit_s_length_and_spare_biases():
    biased = {**HIDDEN, "bias_initializer": {"name": "constant", "value": 0.3}}
    snapshot, _ = network("circle", biased, SIGMOID)
    drawn = snapshot.plan.unpack(filter_normalised(snapshot, np.random.default_rng(3)))
    for (direction, bias), (weight, _) in zip(drawn, snapshot.weights(), strict=True):
        np.testing.assert_allclose(np.linalg.norm(direction, axis=0), np.linalg.norm(weight, axis=0))
        assert not bias.any()


def test_a_dear_surface_takes_fewer_rows_then_fewer_points_then_still_fewer_rows():
    assert affordable(64, 250, 105, 1.5e9) == (64, 250)
    assert affordable(64, 4000, 100, 1e12) == (64, 1024)
    assert affordable(64, 4000, 1000, 2e9) == (64, 488)
    side, rows = affordable(64, 4000, 10_000, 2e9)
    assert rows == 256
    assert 16 < side < 64
    assert affordable(64, 4000, 101_770, 1.5e9) == (16, 64)


def test_a_surface_on_fewer_rows_says_so():
    snapshot, data = network("circle", HIDDEN, SIGMOID)
    land = landscape(snapshot, data, [snapshot.theta], 16, work=16 * 16 * 100 * snapshot.theta.size)
    assert (land.rows_used, land.rows_all) == (100, len(data.x_train))


def test_a_surface_can_be_cancelled():
    snapshot, data = quadratic()
    with pytest.raises(Cancelled):
        landscape(snapshot, data, [snapshot.theta], 16, cancelled=lambda: True)


def test_a_single_weight_and_its_bias_span_a_plane():
    snapshot, data = quadratic()
    land = landscape(snapshot, data, [snapshot.theta], 16)
    assert land.walked == (False, False)
    assert np.isfinite(land.losses).all()


def test_running_statistics_and_cut_links_stay_as_they_are_on_the_plane():
    layers = [{"units": 6, "batch_norm": True, "cut": [[1, 2]]}, {"units": 1, "activation": "sigmoid"}]
    session = Session(experiment(data={"name": "spiral", "samples": 40}, network={"layers": layers}))
    path = [session.snapshot().theta]
    session.run(20)
    snapshot = session.snapshot()
    plane = plane_of(snapshot, [*path, snapshot.theta], streams.stream(0, "landscape"))
    for direction in (plane.first, plane.second):
        named = snapshot.plan.tensors(direction)
        assert not named["layers.0.running_mean"].any() and not named["layers.0.running_variance"].any()
        assert named["layers.0.weight"][1, 2] == 0 and named["layers.0.weight"].any()
    land = landscape(snapshot, session.data, [*path, snapshot.theta], 16)
    assert np.isfinite(land.losses).all()
