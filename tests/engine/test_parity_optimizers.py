"""Every optimizer over 200 updates of 2-8-8-1 against optax or the published formula."""

import numpy as np
import pytest

from engine import Experiment, Session
from engine.choices import OPTIMIZERS
from engine.choices.optimizers import fresh_slots, hyperparameters
from engine.experiment import Optimizer, replace_at
from tests.engine.reference.build import PATHS, PRECISIONS, experiment, force_path, update

UPDATES = 200
# Rates at which 2-8-8-1 descends steadily.
RATES = {"sgd": 0.3, "momentum": 0.05, "nesterov": 0.05, "adagrad": 0.05, "rmsprop": 0.003, "adam": 0.01}
OTHER_VALUES = {
    "momentum": {"momentum": 0.5},
    "nesterov": {"momentum": 0.99, "learning_rate": 0.005},
    "adagrad": {"initial_accumulator": 0.1, "epsilon": 1e-3},
    "rmsprop": {"rho": 0.99, "epsilon": 1e-3},
    "adam": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
}


def training(
    optimizer: str, *, precision: str = "float64", batch_size: int = 12, **values: float
) -> Experiment:
    """Return 2-8-8-1 on 250 rows; 12 rows an update leave a last batch of 10."""
    chosen = {"name": optimizer, "learning_rate": RATES.get(optimizer, 0.01), **values}
    return experiment((8, 8), data="circle", precision=precision, batch_size=batch_size, optimizer=chosen)


def reference(session: Session, updates: int) -> np.ndarray:
    """Return the parameters, one after the other, after so many updates by JAX and the authority."""
    from tests.engine.reference.network import loss_and_gradients
    from tests.engine.reference.optimizers import AUTHORITIES

    chosen, size = session.experiment, session.batch_size
    step = AUTHORITIES[chosen.optimizer.name](chosen.optimizer.parameters)
    shapes = [array.shape for pair in session.initial.weights() for array in pair]
    theta = flat(session.initial.weights())
    x, y = session.data.x_train, session.data.y_train
    for t in range(updates):
        epoch, batch = divmod(t, session.batches)
        rows = session.batch_order(epoch)[batch * size : (batch + 1) * size]
        _, grads = loss_and_gradients(chosen, shaped(theta, shapes), x[rows], y[rows], size)
        theta = step(theta, flat(grads), t + 1)
    return theta


def flat(pairs: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    return np.concatenate([array.ravel().astype(float) for pair in pairs for array in pair])


def shaped(theta: np.ndarray, shapes: list[tuple[int, ...]]) -> list[tuple[np.ndarray, np.ndarray]]:
    arrays, first = [], 0
    for shape in shapes:
        count = int(np.prod(shape))
        arrays.append(theta[first : first + count].reshape(shape))
        first += count
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def train(session: Session, updates: int) -> None:
    for _ in range(updates):
        session.step_batch()


def test_every_optimizer_has_an_authority() -> None:
    from tests.engine.reference.optimizers import AUTHORITIES

    assert set(AUTHORITIES) == set(OPTIMIZERS)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_200_updates_equal_the_authority(optimizer: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, path)
    session = Session(training(optimizer))
    first = session.metrics()["train_loss"]
    train(session, UPDATES)
    truth = reference(session, UPDATES)
    assert np.abs(flat(session.weights()) - truth).max() <= 1e-8
    assert session.metrics()["train_loss"] < 0.95 * first, "this rate is no stable descent"
    assert np.abs(truth - flat(session.initial.weights())).max() > 0.05, "nothing moved"


@pytest.mark.parametrize("optimizer", OTHER_VALUES)
def test_200_updates_equal_the_authority_at_other_parameters(optimizer: str) -> None:
    session = Session(training(optimizer, **OTHER_VALUES[optimizer]))
    train(session, UPDATES)
    assert np.abs(flat(session.weights()) - reference(session, UPDATES)).max() <= 1e-8


@pytest.mark.parametrize("batch_size", [1, 250])
def test_the_batch_size_decides_what_descends(batch_size: int) -> None:
    session = Session(training("sgd", batch_size=batch_size, learning_rate=0.05))
    train(session, UPDATES)
    assert session.batches == 250 // batch_size
    assert np.abs(flat(session.weights()) - reference(session, UPDATES)).max() <= 1e-8


def test_penalties_take_part_in_every_update() -> None:
    chosen = training("sgd", batch_size=12)
    session = Session(replace_at(chosen, "regularization", {"l1": 0.003, "l2": 0.01}))
    train(session, UPDATES)
    assert np.abs(flat(session.weights()) - reference(session, UPDATES)).max() <= 1e-8


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_float32_follows_float64_within_rounding(optimizer: str) -> None:
    ends = []
    for precision in PRECISIONS:
        session = Session(training(optimizer, precision=precision))
        train(session, UPDATES)
        ends.append(flat(session.weights()))
    moved = np.abs(ends[1] - flat(session.initial.weights())).max()
    assert np.abs(ends[0] - ends[1]).max() <= 1e-4 * moved


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_single_updates_are_rounded_once(optimizer: str, precision: str) -> None:
    from tests.engine.reference.optimizers import AUTHORITIES

    rng, dtype = np.random.default_rng(3), np.dtype(precision)
    values = Optimizer(optimizer).parameters
    theta, hyper = rng.standard_normal(64).astype(dtype), hyperparameters(values)
    slots, truth = fresh_slots(values, 64, dtype), theta.astype(float)
    step, rounding = AUTHORITIES[optimizer](values), 8 * np.finfo(dtype).eps
    for t in range(1, 11):
        grad = rng.standard_normal(64).astype(dtype)
        update(OPTIMIZERS[optimizer].code, hyper, t, theta, grad, slots)
        truth = step(truth, grad.astype(float), t)
        assert np.abs(theta - truth).max() <= t * rounding * np.abs(truth).max()


# The first step of numbers.md, with a constant gradient.


@pytest.mark.parametrize("gradient", [0.1, 1.0, -50.0])
@pytest.mark.parametrize(
    ("optimizer", "values", "times"),
    [("sgd", {}, None), ("momentum", {}, None), ("adam", {}, 1.0), ("adagrad", {}, 1.0),
     ("rmsprop", {"rho": 0.9}, 3.1623), ("rmsprop", {"rho": 0.99}, 10.0)],
)  # fmt: skip
def test_the_first_step_with_a_constant_gradient(
    optimizer: str, values: dict[str, float], times: float | None, gradient: float
) -> None:
    chosen = Optimizer(optimizer, learning_rate=0.01, **values)
    theta = np.zeros(1)
    slots = fresh_slots(chosen.parameters, 1, theta.dtype)
    update(chosen.entry.code, hyperparameters(chosen.parameters), 1, theta, np.array([gradient]), slots)
    expected = 0.01 * (abs(gradient) if times is None else times)
    assert theta[0] == pytest.approx(-np.sign(gradient) * expected, rel=2e-5)


def test_momentum_gathers_speed_and_adam_keeps_its_pace_under_a_constant_gradient() -> None:
    one = np.ones(1)
    for optimizer, distance in (("sgd", 100), ("momentum", 10 * (100 - 9)), ("adam", 100)):
        chosen, theta = Optimizer(optimizer, learning_rate=1.0), np.zeros(1)
        slots = fresh_slots(chosen.parameters, 1, theta.dtype)
        for t in range(1, 101):
            update(chosen.entry.code, hyperparameters(chosen.parameters), t, theta, one, slots)
        assert theta[0] == pytest.approx(-distance, rel=2e-3)


# A change in the middle.


@pytest.mark.parametrize("before", OPTIMIZERS)
@pytest.mark.parametrize("after", ["momentum", "adagrad", "adam"])
def test_another_optimizer_starts_with_fresh_slots(before: str, after: str) -> None:
    session = Session(training(before))
    train(session, 30)
    middle, changed = session.weights(), training(after)
    assert session.change(changed) == "continues"
    assert session.update == 30
    fresh = Session(changed)
    fresh.set_weights(middle)
    if before != after:
        expected = fresh_slots(changed.optimizer.parameters, session.plan.size, session.plan.dtype)
        assert np.array_equal(session.snapshot().slots, expected)
    # The new optimizer counts its own updates (Adam's bias correction) and meets the rows that come next.
    size = session.batch_size
    rows = session.batch_order(1)[9 * size : 10 * size]
    grads = flat(fresh.loss_and_gradients(session.data.x_train[rows], session.data.y_train[rows])[1])
    session.step_batch()
    if before != after:
        from tests.engine.reference.optimizers import AUTHORITIES

        step = AUTHORITIES[after](changed.optimizer.parameters)
        assert np.abs(flat(session.weights()) - step(flat(middle), grads, 1)).max() <= 1e-12


def test_another_rate_keeps_the_slots() -> None:
    session = Session(training("adam"))
    train(session, 30)
    before = session.snapshot()
    assert session.change(replace_at(session.experiment, "optimizer.learning_rate", 0.5)) == "continues"
    after = session.snapshot()
    assert np.array_equal(before.slots, after.slots)
    assert before.optimizer_updates == after.optimizer_updates == 30


def test_a_rate_of_zero_moves_nothing() -> None:
    for optimizer in OPTIMIZERS:
        session = Session(training(optimizer, learning_rate=0))
        session.run(2)
        assert np.array_equal(session.snapshot().theta, session.initial.theta)


@pytest.mark.parametrize("path", PATHS)
def test_a_short_last_batch_is_averaged_over_its_own_size(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, path)
    session = Session(training("sgd", batch_size=249, learning_rate=1.0))
    session.step_batch()
    before, row = session.weights(), session.batch_order(0)[-1:]
    grads = session.loss_and_gradients(session.data.x_train[row], session.data.y_train[row])[1]
    session.step_batch()
    assert session.epoch == 1
    np.testing.assert_allclose(flat(session.weights()), flat(before) - flat(grads), rtol=0, atol=1e-15)
