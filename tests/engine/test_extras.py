"""Batch normalization, dropout, skips, cut links, frozen layers, clipping: exact, and the same each time."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Session, limits, scratch
from engine.experiment import Experiment, from_plain, replace_at, to_plain
from engine.jit import jit
from engine.plan import Layout
from engine.scratch import as_rows
from tests.engine.reference.build import PATHS, PRECISIONS, force_path


def small(path: str = "lanes", **changes: Any) -> Experiment:
    """Return 2-6-6-1 on the spiral, with other layers or parts."""
    layer = {"units": 6, "activation": "tanh"}
    layers = changes.pop("layers", [{}, {}, {}])
    plain: dict[str, Any] = {
        "data": {"name": "spiral", "samples": 60},
        "network": {"layers": [layer | layers[0], layer | layers[1],
                               {"units": 1, "activation": "sigmoid"} | layers[2]]},
        "training": {"precision": "float64", "batch_size": 8},
    }  # fmt: skip
    return from_plain(plain | changes)


def test_running_statistics_are_what_the_paper_says() -> None:
    session = Session(small(layers=[{"batch_norm": {"name": "before", "momentum": 0.8}}, {}, {}]))
    rows = session.batch_order(0)[:8]
    before = session.parameters()
    u = session.data.x_train[rows] @ before["layers.0.weight"] + before["layers.0.bias"]
    session.step_batch()
    after = session.parameters()
    np.testing.assert_allclose(after["layers.0.running_mean"], 0.2 * u.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(
        after["layers.0.running_variance"], 0.8 + 0.2 * u.var(axis=0, ddof=1), rtol=1e-12
    )
    # What is predicted comes from the running statistics, a row alone or among others.
    x = session.data.x_test
    whole, alone = session.predict(x), np.concatenate([session.predict(row[None]) for row in x])
    np.testing.assert_allclose(whole, alone, rtol=1e-13)


@pytest.mark.parametrize("most", [0, scratch.MOST_BYTES], ids=["in parts", "at once"])
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("path", PATHS)
def test_a_unit_that_says_the_same_for_every_row_is_normalized_to_exactly_0(
    path: str, precision: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mean rounded away from 0.1 would leave a number above or below ReLU's kink, and a slope of 1."""
    force_path(monkeypatch, path)
    monkeypatch.setattr(scratch, "MOST_BYTES", most)
    monkeypatch.setattr(scratch, "MOST_ROWS", 77)
    dead = {"activation": "relu", "bias_initializer": {"name": "constant", "value": -9}}
    layers = [dead, {"activation": "relu", "batch_norm": True}, {}]
    session = Session(small(data={"name": "spiral", "samples": 600}, layers=layers,
                            training={"precision": precision, "batch_size": 300}))  # fmt: skip
    pairs = session.weights()
    pairs[1][1][:] = np.array([0.1, 0.3, 1e-9, -0.7, 1e9 / 3, -1.1])
    session.set_weights(pairs)
    for rows in (1, 7, 90, 300):
        grads = session.gradients(session.data.x_train[:rows], session.data.y_train[:rows])
        assert not grads["layers.1.shift"].any() and not grads["layers.1.scale"].any()
    assert session.gradients(session.data.x_train, session.data.y_train)["layers.2.bias"].any()
    for name in ("layers.1.shift[0]", "layers.1.scale[1]", "layers.0.weight[0,0]"):
        assert session.explain("all", name).gradient == 0
    session.step_batch()
    mean, variance = (session.parameters()[f"layers.1.running_{name}"] for name in ("mean", "variance"))
    np.testing.assert_allclose(mean, 0.1 * pairs[1][1], rtol=1e-6)
    np.testing.assert_allclose(variance, 0.9, rtol=1e-6)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "rmsprop"])
def test_cut_links_and_frozen_layers_never_move(optimizer: str) -> None:
    chosen = small(layers=[{"trainable": False, "batch_norm": True}, {"cut": [[0, 0], [3, 5]]}, {}],
                   optimizer=optimizer, regularization={"l1": 0.01, "l2": 0.01})  # fmt: skip
    session = Session(chosen)
    before = session.parameters()
    session.run(5)
    after = session.parameters()
    for name in before:
        if name.startswith("layers.0."):
            np.testing.assert_array_equal(after[name], before[name])
    w = after["layers.1.weight"]
    assert w[0, 0] == w[3, 5] == 0 and np.count_nonzero(w) == 34
    mask = after["layers.1.mask"]
    assert mask[0, 0] == mask[3, 5] == 0 and mask.sum() == 34
    assert not np.array_equal(after["layers.2.weight"], before["layers.2.weight"])


def test_what_is_cut_typed_and_frozen_on_the_way_continues() -> None:
    session = Session(small())
    session.run(2)
    plain = to_plain(session.experiment)
    plain["network"]["layers"][0] |= {"cut": [[1, 2]], "trainable": False}
    plain["network"]["layers"][1] |= {"typed_weights": [[0, 3, 0.75]], "typed_biases": [[2, -1.5]]}
    before = session.parameters()
    assert session.change(from_plain(plain)) == "continues"
    after = session.parameters()
    assert after["layers.0.weight"][1, 2] == 0
    assert after["layers.1.weight"][0, 3] == 0.75 and after["layers.1.bias"][2] == -1.5
    before["layers.0.weight"][1, 2], before["layers.1.weight"][0, 3], before["layers.1.bias"][2] = (
        0,
        0.75,
        -1.5,
    )
    for name, array in before.items():
        np.testing.assert_array_equal(after[name], array)
    session.run(2)
    moved = session.parameters()
    np.testing.assert_array_equal(moved["layers.0.weight"], after["layers.0.weight"])
    assert moved["layers.1.weight"][0, 3] != 0.75
    # In a new training the typed numbers are part of the start.
    assert Session(session.experiment).parameters()["layers.1.bias"][2] == -1.5


def test_clipping_limits_a_step() -> None:
    for clip, norm in (({"name": "norm", "limit": 1e-3}, True), ({"name": "value", "limit": 1e-4}, False)):
        session = Session(small(optimizer={"name": "sgd", "learning_rate": 1.0},
                                regularization={"gradient_clip": clip}))  # fmt: skip
        before = session.snapshot().theta
        session.step_batch()
        step = session.snapshot().theta - before
        size = np.sqrt(np.square(step).sum()) if norm else np.abs(step).max()
        assert size == pytest.approx(clip["limit"], rel=1e-9)


def test_max_norm_and_proximal_l1() -> None:
    session = Session(
        small(layers=[{"max_norm": 0.2}, {}, {}], optimizer={"name": "sgd", "learning_rate": 0.5})
    )
    session.run(20)
    norms = np.sqrt(np.square(session.parameters()["layers.0.weight"]).sum(axis=0))
    assert norms.max() == pytest.approx(0.2) and (norms <= 0.2 + 1e-12).all()
    proximal = Session(small(optimizer="sgd", regularization={"l1": 0.05, "l1_proximal": True}))
    proximal.run(40)
    weights = proximal.parameters()["layers.1.weight"]
    assert 0 < np.count_nonzero(weights == 0) and np.isfinite(weights).all()


def test_dropout_is_a_mean_of_one_and_is_repeated() -> None:
    chosen = small(layers=[{"dropout": 0.4}, {"dropout": 0.2, "batch_norm": "after"}, {}])
    session = Session(chosen)
    drawn = np.concatenate([session.dropout_factors(epoch, 1)[0] for epoch in range(400)])
    assert set(np.unique(drawn)) == {0.0, 1 / 0.6}
    assert drawn.mean() == pytest.approx(1, abs=0.03)
    session.run(3)
    session.step_batch()
    middle = session.snapshot()
    session.run(4)
    end = session.snapshot().theta
    session.restore(middle)
    session.run(4)
    np.testing.assert_array_equal(session.snapshot().theta, end)
    other = Session(chosen)
    other.restore(middle)
    for _ in range(4 * other.batches):
        other.step_batch()
    np.testing.assert_array_equal(other.snapshot().theta, end)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("path", PATHS)
def test_identical_units_stay_identical(path: str, precision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, path)
    for width in range(1, 41):
        same = {"units": width, "initializer": {"name": "constant", "value": 0.3}}
        session = Session(small(
            layers=[same | {"batch_norm": True},
                    same | {"batch_norm": "after", "skip_from": 0, "max_norm": 1.0}, same | {"units": 1}],
            data={"name": "circle", "samples": 24, "noise": 0.1},
            training={"batch_size": 5, "precision": precision},
            regularization={"l1": 0.001, "l2": 0.01, "gradient_clip": 0.5, "class_weights": [1, 3]},
            optimizer={"name": "momentum", "learning_rate": 0.05},
        ))  # fmt: skip
        session.run(40)
        for name, array in session.parameters().items():
            assert np.isfinite(array).all()
            if name.startswith("layers.2."):
                assert (array == array[:1]).all()
            else:
                assert (array == array[..., :1]).all(), (name, width)
        assert np.abs(session.snapshot().theta - session.initial.theta).max() > 0.01, "nothing moved"


EXTRAS: list[dict[str, Any]] = [
    {"batch_norm": True}, {"batch_norm": "after"}, {"dropout": 0.5}, {"max_norm": 1.0}, {"skip_from": 0},
    {"cut": [[0, 0], [3, 2]]}, {"batch_norm": True, "dropout": 0.3, "skip_from": 0, "max_norm": 0.5},
]  # fmt: skip
LIMITS: list[dict[str, Any]] = [
    {}, {"gradient_clip": {"name": "value", "limit": 0.1}}, {"gradient_clip": 0.1},
    {"l1": 0.1, "l1_proximal": True}, {"max_norm": 0.5},
]  # fmt: skip


def linear(extra: dict[str, Any], limits: dict[str, Any], precision: str) -> Experiment:
    """Return 2-6-6-1 that nothing saturates, all of its rows in one batch."""
    lines = {"activation": "linear"}
    return small(layers=[lines, lines | extra, lines], data={"name": "plane", "samples": 60}, loss="mse",
                 training={"precision": precision, "batch_size": 64}, regularization=limits,
                 optimizer="sgd")  # fmt: skip


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_comes_through(
    value: float, path: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    force_path(monkeypatch, path)
    for extra in EXTRAS:
        for held in LIMITS:
            for place in ("input", 0, 1):
                session = Session(linear(extra, held, precision))
                pairs, x = session.weights(), session.data.x_train.copy()
                if place == "input":
                    x[3, 0] = value
                    session._x = as_rows(x, x.dtype)
                else:
                    pairs[place][0][1, 1] = value
                    session.set_weights(pairs)
                assert not np.isfinite(session.predict(x)[3]).any()
                loss, grads = session.loss_and_gradients(x, session.data.y_train)
                assert not np.isfinite(loss)
                assert not any(np.isfinite(grads[-1][0]).all(axis=0)) and not np.isfinite(grads[-1][1]).any()
                for _ in range(3):
                    session.step_batch()
                    ends = session.weights()[-1]
                    assert not np.isfinite(ends[0]).all() and not np.isfinite(ends[1]).any()


@jit
def limit(layout: Layout, rate: float, theta: np.ndarray) -> None:
    """Take the proximal step, then limit the norms, as after an update."""
    limits.shrink(layout.extras, layout.weights, layout.biases, rate, theta)
    limits.limit_norms(layout.extras, layout.sizes, layout.columns, layout.weights, theta)


@jit
def clip(code: int, most: float, grad: np.ndarray) -> None:
    limits.clip(code, most, grad)


NUMBERS = st.sampled_from([0.0, 0.05, -0.3, 1.0, -2.5, 1e-300, 1e300, -1e300, np.inf, -np.inf, np.nan])


@settings(max_examples=200, deadline=None)
@given(st.lists(NUMBERS, min_size=12, max_size=12))
def test_a_limit_makes_no_number_of_what_is_none(values: list[float]) -> None:
    """What comes out finite is what the formula says; all finite comes out finite, unless it overflows."""
    session = Session(linear({}, {"l1": 0.1, "l1_proximal": True, "max_norm": 1.0}, "float64"))
    theta, plan = session.snapshot().theta.copy(), session.plan
    w = plan.unpack(theta)[0][0]
    w[:] = np.reshape(values, (2, 6))
    with np.errstate(all="ignore"):
        shrunk = np.sign(w) * np.maximum(np.abs(w) - 0.05, 0)
        norms = np.sqrt(np.sum(shrunk**2, axis=0))
        truth = np.where(norms > 1, shrunk / norms, shrunk)
    limit(plan.layout, 0.5, theta)
    finite = np.isfinite(w)
    np.testing.assert_allclose(w[finite], truth[finite], rtol=1e-12)
    assert finite[:, np.isfinite(norms)].all()
    assert not finite[:, ~np.isfinite(norms)].all(axis=0).any()


@settings(max_examples=200, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=6), st.sampled_from([1, 2]))
def test_a_clipped_gradient_is_no_number_where_there_is_none(values: list[float], code: int) -> None:
    grad = np.array(values)
    clip(code, 0.5, grad)
    if code == 1:
        truth = np.where(np.isfinite(values), np.clip(values, -0.5, 0.5), values)
        np.testing.assert_array_equal(grad, truth)
        return
    with np.errstate(all="ignore"):
        norm = np.sqrt(np.sum(np.square(values)))
    if np.isfinite(norm):
        np.testing.assert_allclose(grad, np.array(values) * min(1, 0.5 / max(norm, 1e-300)), rtol=1e-12)
    else:
        assert not np.isfinite(grad).all()
        assert np.isnan(grad[np.isnan(values)]).all()


def test_a_variance_too_large_for_a_number_leaves_none() -> None:
    for norm in ("before", "after"):
        session = Session(linear({"batch_norm": norm}, {}, "float64"))
        x = session.data.x_train * 1e200
        assert np.isnan(session.loss_and_gradients(x, session.data.y_train)[0])


def test_a_large_batch_is_computed_in_parts_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, "matrices")
    chosen = small(
        data={"name": "spiral", "samples": 5000}, training={"precision": "float64", "batch_size": 2500}
    )
    whole = Session(chosen)
    x, y = whole.data.x_train, whole.data.y_train
    parts = [whole.loss_and_gradients(x[k : k + 500], y[k : k + 500]) for k in range(0, 2500, 500)]
    loss, grads = whole.loss_and_gradients(x, y)
    assert loss == pytest.approx(np.mean([part for part, _ in parts]), rel=1e-12)
    for layer, (dw, _) in enumerate(grads):
        mean = np.mean([pairs[layer][0] for _, pairs in parts], axis=0)
        np.testing.assert_allclose(dw, mean, rtol=1e-9, atol=1e-14)


def test_only_loss_weights_change_with_balanced_classes() -> None:
    gaussian = Session(small(regularization={"class_weights": "balanced"}))
    plain = Session(small())
    x, y = plain.data.x_train, plain.data.y_train  # as many rows of either class
    assert gaussian.loss_and_gradients(x, y)[0] == pytest.approx(plain.loss_and_gradients(x, y)[0], rel=1e-12)


def test_replaced_experiments_keep_the_names() -> None:
    chosen = replace_at(small(), "network.layers[0].batch_norm", "after")
    assert to_plain(chosen)["network"]["layers"][0]["batch_norm"]["name"] == "after"
    assert from_plain(to_plain(chosen)) == chosen
    assert to_plain(small())["network"]["layers"][0]["batch_norm"] is False


@pytest.mark.parametrize("spoiled", [np.nan, np.inf])
@pytest.mark.parametrize("path", PATHS)
def test_a_norm_that_is_no_number_leaves_none(
    path: str, spoiled: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How far the weights into a unit, or a gradient, are too long is not known: they become NaN together."""
    force_path(monkeypatch, path)
    session = Session(small(layers=[{"max_norm": 1.0, "trainable": True}, {}, {}]))
    pairs = session.weights()
    pairs[0][0][0, 2] = spoiled
    session.set_weights(pairs)
    session.step_batch()
    assert np.isnan(session.weights()[0][0][:, 2]).all()
    session = Session(small(regularization={"gradient_clip": 1.0}))
    pairs = session.weights()
    pairs[2][1][0] = np.nan
    session.set_weights(pairs)
    session.step_batch()
    assert all(np.isnan(array).all() for pair in session.weights() for array in pair)
