"""A batch in parts is the batch at once, whatever couples its rows; and what a training takes of memory."""

import dataclasses
import tracemalloc
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Session, scratch
from engine import session as session_module
from engine.data import Data, load
from engine.experiment import from_plain
from tests.engine.reference.build import PATHS, force_path

AT_ONCE, IN_PARTS = scratch.MOST_BYTES, 0
MIB = 2**20
EVERYTHING = [
    {"units": 6, "activation": "tanh", "batch_norm": {"name": "before", "momentum": 0.5}, "dropout": 0.3},
    {"units": 6, "activation": "relu", "batch_norm": "after", "skip_from": 0, "cut": [[0, 0], [3, 5]]},
    {"units": 6, "activation": "sigmoid", "batch_norm": "before", "trainable": False},
    {"units": 6, "activation": "gelu", "batch_norm": "before", "dropout": 0.1, "l2": 0.01, "max_norm": 2.0},
    {"units": 1, "activation": "sigmoid"},
]


def deep(**changes: Any) -> Experiment:
    """Return a network with everything, in float64, on 300 rows of the spiral."""
    plain: dict[str, Any] = {
        "data": {"name": "spiral", "samples": 300, "test_fraction": 0.0},
        "network": {"layers": EVERYTHING},
        "optimizer": "adam",
        "regularization": {"gradient_clip": 1.0, "class_weights": [1.0, 2.0]},
        "training": {"precision": "float64", "batch_size": 200},
    }
    return from_plain(plain | changes)


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of computing, with parts that are smaller than the batches here."""
    force_path(monkeypatch, request.param)
    monkeypatch.setattr(scratch, "MOST_ROWS", 77)
    return str(request.param)


@pytest.mark.parametrize("before", [{"cut": [[0, 0]]}, {"batch_norm": "before"}, {}])
def test_what_a_layer_gets_on_the_way_has_its_memory(before: dict[str, Any], path: str) -> None:
    layers = [{"units": 6, "activation": "tanh"} | before, {"units": 1, "activation": "sigmoid"}]
    session = Session(deep(network={"layers": layers}, regularization={}))
    session.step_batch()
    layers[0] = layers[0] | {"dropout": 0.5}
    assert session.change(deep(network={"layers": layers}, regularization={})) == "continues"
    assert session.batch == 1
    assert session._work.shape == scratch.work_space(session.plan, session.batch_size).shape
    middle = session.snapshot()
    session.step_batch()
    other = Session(session.experiment)
    other.restore(middle)
    other.step_batch()
    assert np.array_equal(other.snapshot().theta, session.snapshot().theta)


def close(actual: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("changes", [{}, {"optimizer": "lbfgs", "regularization": {}}], ids=["adam", "lbfgs"])
def test_trainings_in_parts_are_those_at_once(
    changes: dict[str, Any], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if changes:
        changes = changes | {"training": {"precision": "float64", "batch_size": 300}}
    found = []
    for most in (AT_ONCE, IN_PARTS):
        monkeypatch.setattr(scratch, "MOST_BYTES", most)
        session = Session(deep(**changes))
        assert scratch.is_too_large(session.plan, session.batch_size) == (most == IN_PARTS)
        for _ in range(5):
            session.step_batch()
        found.append(session.snapshot())
    for name, expected in found[0].parameters().items():
        close(found[1].parameters()[name], expected)


def test_gradients_in_parts_are_those_at_once(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(deep())
    session.run(3)
    x, y = session.data.x_train, session.data.y_train
    (loss, _), at_once = session.loss_and_gradients(x, y), session.gradients(x, y)
    monkeypatch.setattr(scratch, "MOST_BYTES", IN_PARTS)
    assert session.loss_and_gradients(x, y)[0] == pytest.approx(loss, rel=1e-13)
    in_parts = session.gradients(x, y)
    for name, expected in at_once.items():
        close(in_parts[name], expected)
    again = session.gradients(x, y)
    assert all(np.array_equal(again[name], in_parts[name]) for name in again)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_comes_through_in_parts(
    value: float, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "MOST_BYTES", IN_PARTS)
    session = Session(deep())
    x = session.data.x_train.copy()
    x[250, 0] = value
    loss, grads = session.loss_and_gradients(x, session.data.y_train)
    assert np.isnan(loss) and all(np.isnan(w).any() for w, _ in grads)


@pytest.mark.parametrize(("inputs", "rows", "hidden"), [(1024, 8192, [8]), (2, 20_000, [64, 64, 64])])
def test_memory_beyond_the_data(
    inputs: int, rows: int, hidden: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wide rows are not copied (32 MiB), nor are those of a large batch held (6 x 15 MiB) in every layer."""

    def random_rows(experiment: Experiment) -> Data:
        x = np.random.default_rng(0).standard_normal((rows, inputs), np.float32)
        y = np.arange(rows)[:, None] % 2
        x.flags.writeable = False
        return dataclasses.replace(load(experiment), x_train=x, y_train=y.astype(np.float32), x_test=x[:0],
                                   labels_train=y[:, 0])  # fmt: skip

    def train() -> Session:
        layer = {"activation": "tanh", "batch_norm": True}
        layers = [*({"units": units} | layer for units in hidden), {"units": 1, "activation": "sigmoid"}]
        session = Session(from_plain({"data": {"name": "spiral"}, "network": {"layers": layers},
                                      "training": {"batch_size": 20_000}}))  # fmt: skip
        session.step_batch()
        session.metrics()
        session.loss_and_gradients(session.data.x_train, session.data.y_train)
        return session

    monkeypatch.setattr(session_module, "load", random_rows)
    monkeypatch.setattr(scratch, "MOST_BYTES", IN_PARTS)
    all_rows, rows = rows, 1100
    train()  # once with few rows: compiling takes memory too
    monkeypatch.setattr(scratch, "MOST_BYTES", 8 * MIB)
    rows = all_rows
    tracemalloc.start()
    data = train().data
    peak = tracemalloc.get_traced_memory()[1]  # all of it, as kernels allocate nothing
    tracemalloc.stop()
    # Scratch memory is for 1,024 rows, 24 MiB of wide ones: once to train, once for the gradient.
    assert (peak - data.x_train.nbytes - data.y_train.nbytes) / MIB < 24 * 2 + 4
