"""The session's face: counters, changes on the way, weights in and out, metrics."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Experiment, ExperimentError, Session
from engine.experiment import from_plain, replace_at, to_plain
from tests.engine.reference.build import PATHS, experiment, force_path


@pytest.fixture
def session() -> Session:
    return Session(experiment((6, 4), data={"name": "moons", "samples": 50, "noise": 0.1}, batch_size=10))


def test_counters(session: Session) -> None:
    assert (session.epoch, session.batch, session.update, session.batches) == (0, 0, 0, 3)
    session.step_batch()
    assert (session.epoch, session.batch, session.update) == (0, 1, 1)
    session.step_epoch()
    assert (session.epoch, session.batch, session.update) == (1, 0, 3)
    session.run(10)
    assert (session.epoch, session.batch, session.update) == (11, 0, 33)
    session.run(session.experiment.training.epochs)
    assert session.epoch == 211, "past training.epochs too"
    before = session.snapshot().theta
    session.run(0)
    assert np.array_equal(before, session.snapshot().theta)


def test_a_batch_larger_than_the_data_is_all_of_it() -> None:
    session = Session(experiment((3,), data="gate_xor", batch_size=100))
    assert (session.batch_size, session.batches) == (4, 1)
    session.run(2)
    assert session.update == 2


def test_training_lowers_the_loss(session: Session) -> None:
    before = session.metrics()
    session.run(200)
    after = session.metrics()
    assert after["train_loss"] < 0.5 * before["train_loss"]
    assert after["train_accuracy"] > 0.85


def test_metrics_are_those_of_the_predictions(session: Session) -> None:
    session.run(20)
    for part in ("train", "test"):
        x, y = getattr(session.data, f"x_{part}"), getattr(session.data, f"y_{part}")
        p = session.predict(x).astype(float)
        loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
        assert session.metrics()[f"{part}_loss"] == pytest.approx(loss, rel=1e-5)
        assert session.metrics()[f"{part}_accuracy"] == pytest.approx(((p > 0.5) == (y > 0.5)).mean())


def test_metrics_of_many_classes_and_of_numbers() -> None:
    many = Session(experiment((5,), data="iris", output="softmax"))
    right = many.predict(many.data.x_test).argmax(axis=1) == many.data.labels_test
    assert many.metrics()["test_accuracy"] == pytest.approx(right.mean())
    numbers = Session(experiment((5,), data="plane", output="linear"))
    assert set(numbers.metrics()) == {"train_loss", "test_loss", "train_r2", "test_r2"}
    rest = numbers.predict(numbers.data.x_test) - numbers.data.y_test
    assert numbers.metrics()["test_loss"] == pytest.approx(np.square(rest, dtype=float).mean(), rel=1e-5)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 129, 1000])
def test_rows_are_predicted_one_like_all(
    n: int, output: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    force_path(monkeypatch, path)
    session = Session(experiment((7, 3), data="iris", output=output, loss="mse", precision="float64"))
    x = np.random.default_rng(0).standard_normal((n, 4))
    layers = session.snapshot().forward(x)
    assert [a.shape for a in layers] == [(n, 7), (n, 3), (n, 3)]
    assert np.array_equal(session.predict(x), layers[-1])
    for row in range(0, n, 50):
        for alone, whole in zip(session.snapshot().forward(x[row : row + 1]), layers, strict=True):
            np.testing.assert_array_equal(alone[0], whole[row])
    a = x
    before = session.snapshot().forward(x, pre=True)
    for (w, b), found, z in zip(session.weights(), layers, before, strict=True):
        np.testing.assert_allclose(z, a @ w + b, rtol=0, atol=1e-13)
        a = found


def test_inputs_of_any_layout_are_taken(session: Session) -> None:
    x = session.data.x_test
    expected = session.predict(x)
    for same in (np.asfortranarray(x), x.astype(np.float64), x.tolist(), np.repeat(x, 2, axis=1)[:, ::2]):
        assert np.array_equal(session.predict(same), expected)
    loss, grads = session.loss_and_gradients(session.data.x_train, session.data.y_train)
    x, y = np.asfortranarray(session.data.x_train), session.data.y_train.tolist()
    again, same_grads = session.loss_and_gradients(x, y)
    assert loss == again
    for (dw, db), (same_dw, same_db) in zip(grads, same_grads, strict=True):
        assert np.array_equal(dw, same_dw)
        assert np.array_equal(db, same_db)


@pytest.mark.parametrize("shape", [(5, 1), (5, 3), (5,)])
def test_rows_of_another_width_are_refused(session: Session, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="columns"):
        session.predict(np.zeros(shape))
    with pytest.raises(ValueError, match="columns"):
        session.loss_and_gradients(np.zeros(shape), np.zeros((5, 1)))
    with pytest.raises(ValueError, match="columns"):
        session.loss_and_gradients(np.zeros((5, 2)), np.zeros((5, 2)))
    with pytest.raises(ValueError, match="rows"):
        session.loss_and_gradients(np.zeros((5, 2)), np.zeros((4, 1)))
    with pytest.raises(ValueError, match="parameters"):
        session.snapshot().at(session.snapshot().theta[:-1]).predict(np.zeros((5, 2)))


def test_weights_come_and_go(session: Session) -> None:
    pairs = session.weights()
    assert [(w.shape, b.shape) for w, b in pairs] == [((2, 6), (6,)), ((6, 4), (4,)), ((4, 1), (1,))]
    pairs[1][0][:] = 7
    assert not (session.weights()[1][0] == 7).any(), "they are copies"
    session.set_weights(pairs)
    assert (session.weights()[1][0] == 7).all()
    assert np.array_equal(session.parameters()["layers.1.weight"], pairs[1][0])
    assert list(session.parameters()) == [
        f"layers.{layer}.{part}" for layer in range(3) for part in ("weight", "bias")
    ]


@pytest.mark.parametrize(
    "spoil",
    [lambda pairs: pairs[:-1], lambda pairs: [*pairs, pairs[-1]], lambda pairs: pairs[::-1],
     lambda pairs: [(w.T, b) for w, b in pairs], lambda pairs: [(w, b[:, None]) for w, b in pairs]],
)  # fmt: skip
def test_weights_of_another_shape_are_refused(session: Session, spoil: Any) -> None:
    before = session.snapshot().theta
    with pytest.raises(ValueError, match="fit"):
        session.set_weights(spoil(session.weights()))
    assert np.array_equal(session.snapshot().theta, before)


@pytest.mark.parametrize("epochs, error", [(1.5, TypeError), ("1", TypeError), (-1, ValueError)])
def test_a_run_takes_whole_epochs(session: Session, epochs: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        session.run(epochs)
    assert (session.epoch, session.batch, session.update) == (0, 0, 0)
    session.run(np.int64(1))
    assert session.epoch == 1


def test_the_initial_moment_is_kept(session: Session) -> None:
    start = session.weights()
    session.run(5)
    assert session.initial.update == 0
    session.restore(session.initial)
    assert (session.epoch, session.update) == (0, 0)
    assert all(np.array_equal(a, b) for a, b in zip(session.weights()[0], start[0], strict=True))


# Changes on the way.

CONTINUING: list[tuple[str, Any]] = [
    ("optimizer.learning_rate", 0.5), ("optimizer", "sgd"), ("optimizer", {"name": "adam", "beta1": 0.5}),
    ("regularization.l1", 0.1), ("regularization.l2", 0.1), ("training.batch_size", 7),
    ("training.epochs", 3), ("title", "another"),
]  # fmt: skip
RESTARTING: list[tuple[str, Any]] = [
    ("network.layers[0].units", 7), ("network.layers[0].activation", "relu"), ("loss", "mse"),
    ("network.layers[0].initializer", "zeros"), ("network.layers[1].bias_initializer", "constant"),
    ("data.name", "circle"), ("data.noise", 0.2), ("data.features", ["x1"]), ("data.scaling", "none"),
    ("seeds.init", 1), ("seeds.data", 1), ("seeds.order", 1), ("training.precision", "float64"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value"), CONTINUING)
def test_some_changes_continue(session: Session, place: str, value: Any) -> None:
    session.run(2)
    before = session.weights()
    changed = replace_at(session.experiment, place, value)
    assert session.change(changed) == "continues"
    assert session.experiment == changed
    assert (session.epoch, session.update) == (2, 6)
    assert all(np.array_equal(a, b) for a, b in zip(session.weights()[0], before[0], strict=True))
    assert session.log == [(0, session.log[0][1]), (6, changed)]
    session.run(1)
    assert session.epoch == 3
    assert np.isfinite(session.snapshot().theta).all()


@pytest.mark.parametrize(("place", "value"), RESTARTING)
def test_other_changes_restart(session: Session, place: str, value: Any) -> None:
    session.run(2)
    changed = replace_at(session.experiment, place, value)
    assert session.change(changed) == "restarts"
    assert (session.epoch, session.batch, session.update) == (0, 0, 0)
    assert session.log == [(0, changed)]
    fresh = Session(changed)
    for each in (session, fresh):
        each.run(1)
    assert np.array_equal(session.snapshot().theta, fresh.snapshot().theta)


def test_the_perceptron_rule_begins_and_ends_with_its_optimizer() -> None:
    chosen = experiment((), data="gate_or", output="step", optimizer={"name": "sgd"})
    session = Session(chosen)
    assert session.change(replace_at(chosen, "optimizer", "adam")) == "restarts"
    assert session.change(chosen) == "restarts"


def test_another_batch_size_holds_from_the_next_epoch_on(session: Session) -> None:
    straight = Session(session.experiment)
    straight.run(1)
    session.step_batch()
    changed = replace_at(session.experiment, "training.batch_size", 25)
    assert session.change(changed) == "continues"
    assert (session.batch, session.batches) == (1, 3)
    within = session.snapshot()
    session.step_epoch()
    assert np.array_equal(session.snapshot().theta, straight.snapshot().theta)
    assert (session.epoch, session.batch, session.batches) == (1, 0, 1)
    session.run(1)
    assert (session.epoch, session.update) == (2, 4)
    straight.change(changed)
    straight.run(1)
    assert np.array_equal(session.snapshot().theta, straight.snapshot().theta)
    session.restore(within)
    session.run(2)  # the rest of the epoch is the first of them
    assert (session.epoch, session.update) == (2, 4)
    assert np.array_equal(session.snapshot().theta, straight.snapshot().theta)


def test_an_unusable_experiment_changes_nothing(session: Session) -> None:
    import msgspec

    session.run(2)
    old, theta = session.experiment, session.snapshot().theta
    layers = session.experiment.network.layers
    broken = msgspec.structs.replace(old, network=msgspec.structs.replace(old.network, layers=layers[:-1]))
    with pytest.raises(ExperimentError, match="outputs do not fit"):
        session.change(broken)
    with pytest.raises(ExperimentError):
        Session(broken)
    assert (session.experiment, session.epoch) == (old, 2)
    assert np.array_equal(session.snapshot().theta, theta)
    session.run(1)


def test_going_back_over_a_change_of_optimizer_brings_the_old_one_back(session: Session) -> None:
    session.run(2)
    old, before = session.experiment, session.snapshot()
    session.change(replace_at(old, "optimizer", {"name": "momentum", "learning_rate": 0.01}))
    session.change(replace_at(session.experiment, "training.batch_size", 3))
    session.run(2)
    session.restore(before)
    assert session.experiment == old
    assert session.log == [(0, old)]
    straight = Session(old)
    straight.run(5)
    session.run(3)
    assert np.array_equal(session.snapshot().theta, straight.snapshot().theta)


def test_the_data_are_resolved_and_read_only(session: Session) -> None:
    assert session.experiment.data.test_fraction == 0.5
    with pytest.raises(ValueError, match="read-only"):
        session.data.x_train[0] = 0


def test_a_session_begins_from_the_files_experiment() -> None:
    text = '{"data": {"name": "gate_or"}, "network": {"layers": [{"units": 1, "activation": "sigmoid"}]}}'
    session = Session(Experiment.from_json(text))
    session.run(1)
    assert session.metrics()["test_loss"] == session.metrics()["train_loss"]


def test_no_rows_have_no_mean(session: Session) -> None:
    """A mean over nothing is no number: neither the loss nor its gradient."""
    x, y = session.data.x_train[:0], session.data.y_train[:0]
    loss, grads = session.loss_and_gradients(x, y)
    assert np.isnan(loss) and all(np.isnan(array).all() for pair in grads for array in pair)
    assert all(np.isnan(array).all() for array in session.gradients(x, y).values())
    assert session.predict(x).shape == (0, 1)


def test_a_change_to_the_same_is_none(session: Session) -> None:
    session.step_batch()
    middle = session.snapshot()
    for _ in range(2):
        session.change(session.experiment)
        assert len(session.log) == 1
        session.restore(middle)


def test_a_start_that_cannot_be_read_changes_nothing(session: Session, tmp_path: Path) -> None:
    session.run(3)
    before, log = session.snapshot(), list(session.log)
    layers = [{"units": 9, "activation": "tanh",
               "initializer": {"name": "from_file", "path": str(tmp_path / "none.safetensors")}},
              {"units": 1, "activation": "sigmoid"}]  # fmt: skip
    with pytest.raises(ExperimentError, match=r"network\.layers\[0\]\.initializer\.path"):
        session.change(from_plain(to_plain(session.experiment) | {"network": {"layers": layers}}))
    assert session.experiment == before.experiment and session.log == log
    session.step_batch()
    after = session.snapshot()
    session.restore(before)
    session.step_batch()
    assert np.array_equal(session.snapshot().theta, after.theta)
