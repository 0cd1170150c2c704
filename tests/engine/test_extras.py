"""Batch normalization, dropout, skips, cut links, frozen layers, clipping: exact, and the same each time."""

from typing import Any

import numpy as np
import pytest

from engine import Session
from engine.experiment import Experiment, from_plain, replace_at, to_plain
from tests.engine.reference.build import PATHS, force_path


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


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("extra", [{"batch_norm": True}, {"batch_norm": "after"}, {"skip_from": 0}])
def test_identical_units_stay_identical(
    path: str, extra: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    force_path(monkeypatch, path)
    same = {"initializer": {"name": "constant", "value": 0.3}}
    session = Session(small(layers=[same, same | extra, same], training={"batch_size": 7}))
    session.run(50)
    for w, b in session.weights():
        assert (w == w[:, :1]).all() and (b == b[0]).all()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("extra", [
    {"batch_norm": True}, {"batch_norm": "after"}, {"dropout": 0.5}, {"max_norm": 1.0}, {"skip_from": 0},
    {"cut": [[0, 0]]},
])  # fmt: skip
def test_nan_and_infinity_come_through(
    path: str, extra: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    force_path(monkeypatch, path)
    for value in (np.nan, np.inf):
        session = Session(small(layers=[{}, extra, {}], training={"batch_size": 64}))
        x = session.data.x_train.copy()
        x[3, 0] = value
        loss, grads = session.loss_and_gradients(x, session.data.y_train)
        if np.isnan(value):
            assert np.isnan(loss) and all(np.isnan(w).any() for w, _ in grads)


@pytest.mark.parametrize("clip", ["norm", "value"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_clamp_makes_nothing_finite(clip: str, value: float) -> None:
    session = Session(small(regularization={"gradient_clip": {"name": clip, "limit": 0.1}}, optimizer="sgd"))
    pairs = session.weights()
    pairs[2][0][0, 0] = value
    session.set_weights(pairs)
    session.step_batch()
    assert not np.isfinite(session.weights()[2][0][0, 0])


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
