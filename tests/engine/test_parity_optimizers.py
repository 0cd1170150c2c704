"""Every optimizer over 500 updates of 2-8-8-1 against optax or the published formula."""

from typing import Any

import numpy as np
import pytest

from engine import Experiment, Session
from engine.choices import OPTIMIZERS
from engine.choices.optimizers import fresh_slots, hyperparameters
from engine.edits import choose_optimizer
from engine.experiment import Optimizer, replace_at
from tests.engine.reference.build import PATHS, PRECISIONS, experiment, force_path, update

UPDATES = 500
# Rates at which 2-8-8-1 descends steadily.
RATES = {
    "sgd": 0.3, "momentum": 0.05, "nesterov": 0.05, "adagrad": 0.05, "rmsprop": 0.003, "adam": 0.01,
    "adadelta": 3.0, "adamw": 0.01, "amsgrad": 0.01, "nadam": 0.01, "adamax": 0.01, "lion": 0.001,
    "rprop": 0.001,
}  # fmt: skip
# L-BFGS has tests of its own: what its line search finds is not written down in a formula.
STEPPED = [key for key in OPTIMIZERS if key != "lbfgs"]
BY_SIGN = ("lion", "rprop")  # a sign that rounding turns is a whole step
CORRECTED = [key for key in STEPPED if "bias_correction" in Optimizer(key).parameters]
OTHER_VALUES = {
    "momentum": {"momentum": 0.5},
    "nesterov": {"momentum": 0.99, "learning_rate": 0.005},
    "adagrad": {"initial_accumulator": 0.1, "epsilon": 1e-3},
    "rmsprop": {"rho": 0.99, "epsilon": 1e-3},
    "adam": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
    "adadelta": {"rho": 0.8, "epsilon": 1e-4},
    "adamw": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3, "weight_decay": 0.3},
    "amsgrad": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
    "nadam": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
    "adamax": {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
    "lion": {"beta1": 0.5, "beta2": 0.8, "weight_decay": 0.3},
    "rprop": {"eta_minus": 0.3, "eta_plus": 1.5, "min_step": 1e-4, "max_step": 0.005},
}


def training(
    optimizer: str, *, precision: str = "float64", batch_size: int = 12, **values: float
) -> Experiment:
    """Return 2-8-8-1 on 250 rows; 12 rows an update leave a last batch of 10."""
    rate = {"learning_rate": RATES[optimizer]} if optimizer in RATES else {}
    steady = {"max_step": 0.003} if optimizer == "rprop" else {}  # longer ones leap, and rounding with them
    chosen = {"name": optimizer, **rate, **steady, **values}
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

    assert set(AUTHORITIES) == set(STEPPED)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("optimizer", STEPPED)
def test_500_updates_equal_the_authority(optimizer: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, path)
    session = Session(training(optimizer))
    first = session.metrics()["train_loss"]
    train(session, UPDATES)
    truth = reference(session, UPDATES)
    assert np.abs(flat(session.weights()) - truth).max() <= 1e-8
    assert session.metrics()["train_loss"] < 0.95 * first, "this rate is no stable descent"
    assert np.abs(truth - flat(session.initial.weights())).max() > 0.05, "nothing moved"


@pytest.mark.parametrize("optimizer", OTHER_VALUES)
def test_500_updates_equal_the_authority_at_other_parameters(optimizer: str) -> None:
    session = Session(training(optimizer, **OTHER_VALUES[optimizer]))
    train(session, UPDATES)
    assert np.abs(flat(session.weights()) - reference(session, UPDATES)).max() <= 1e-8


@pytest.mark.parametrize("optimizer", CORRECTED)
def test_500_updates_equal_the_formula_without_bias_correction(optimizer: str) -> None:
    session = Session(training(optimizer, bias_correction=False))
    train(session, UPDATES)
    assert np.abs(flat(session.weights()) - reference(session, UPDATES)).max() <= 1e-8
    corrected = Session(training(optimizer))
    train(corrected, UPDATES)
    assert np.abs(flat(session.weights()) - flat(corrected.weights())).max() > 1e-3


@pytest.mark.parametrize("optimizer", STEPPED)
def test_each_update_from_where_training_came_by(optimizer: str) -> None:
    """The authority is put onto the engine's path before every one of 500 updates.

    Where an optimizer looks at signs, gradients are the engine's own: near 0 the sign is rounding's.
    """
    from tests.engine.reference.network import loss_and_gradients
    from tests.engine.reference.optimizers import AUTHORITIES

    session = Session(training(optimizer))
    step, size = AUTHORITIES[optimizer](session.experiment.optimizer.parameters), session.batch_size
    for t in range(500):
        rows = session.batch_order(session.epoch)[session.batch * size :][:size]
        before = session.weights()
        x, y = session.data.x_train[rows], session.data.y_train[rows]
        if optimizer in BY_SIGN:
            _, grads = session.loss_and_gradients(x, y)
        else:
            _, grads = loss_and_gradients(session.experiment, before, x, y, size)
        truth = step(flat(before), flat(grads), t + 1)
        session.step_batch()
        assert np.abs(flat(session.weights()) - truth).max() <= 1e-10


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


@pytest.mark.parametrize("optimizer", [key for key in STEPPED if key not in BY_SIGN])
def test_float32_follows_float64_within_rounding(optimizer: str) -> None:
    ends = []
    for precision in PRECISIONS:
        session = Session(training(optimizer, precision=precision))
        train(session, UPDATES)
        ends.append(flat(session.weights()))
    moved = np.abs(ends[1] - flat(session.initial.weights())).max()
    assert np.abs(ends[0] - ends[1]).max() <= 1e-4 * moved


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("optimizer", STEPPED)
def test_single_updates_are_rounded_once(optimizer: str, precision: str) -> None:
    from tests.engine.reference.optimizers import AUTHORITIES

    rng, dtype = np.random.default_rng(3), np.dtype(precision)
    chosen = Optimizer(optimizer)
    values = chosen.parameters
    theta, hyper = rng.standard_normal(64).astype(dtype), hyperparameters(values)
    slots, truth = fresh_slots(chosen, 64, dtype), theta.astype(float)
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
     ("rmsprop", {"rho": 0.9}, 3.1623), ("rmsprop", {"rho": 0.99}, 10.0),
     ("adam", {"bias_correction": False}, 3.1623), ("adamw", {"bias_correction": False}, 3.1623),
     ("amsgrad", {"bias_correction": False}, 3.1623), ("adamax", {"bias_correction": False}, 0.1),
     ("nadam", {"bias_correction": False}, 3.1623 * 1.9), ("nadam", {}, 1 + 0.9 / 1.9),
     ("adamw", {}, 1.0), ("amsgrad", {}, 1.0), ("adamax", {}, 1.0), ("lion", {}, 1.0),
     ("adadelta", {"epsilon": 1e-12}, 1e-6 * 20**0.5), ("rprop", {}, 0.0)],
)  # fmt: skip
def test_the_first_step_with_a_constant_gradient(
    optimizer: str, values: dict[str, float], times: float | None, gradient: float
) -> None:
    chosen = Optimizer(optimizer, learning_rate=0.01, **values)
    theta = np.zeros(1)
    slots = fresh_slots(chosen, 1, theta.dtype)
    update(chosen.entry.code, hyperparameters(chosen.parameters), 1, theta, np.array([gradient]), slots)
    expected = 0.01 * (abs(gradient) if times is None else times)
    assert theta[0] == pytest.approx(-np.sign(gradient) * expected, rel=2e-5)


def moved(chosen: Optimizer, theta: np.ndarray, *gradients: np.ndarray) -> np.ndarray:
    """Return the parameters after one update for each gradient."""
    theta = theta.copy()
    slots, hyper = fresh_slots(chosen, theta.size, theta.dtype), hyperparameters(chosen.parameters)
    for t, grad in enumerate(gradients, start=1):
        update(chosen.entry.code, hyper, t, theta, grad.astype(theta.dtype), slots)
    return theta


def test_rprop_takes_the_steps_that_it_planned() -> None:
    chosen = Optimizer("rprop", learning_rate=0.1)
    up, down, none = np.array([3.0]), np.array([-7.0]), np.array([0.0])
    assert moved(chosen, none, up, up)[0] == pytest.approx(-0.1)
    assert moved(chosen, none, up, up, up)[0] == pytest.approx(-0.1 - 0.12)
    assert moved(chosen, none, up, up, down)[0] == pytest.approx(-0.1), (
        "a step across the valley is not taken"
    )
    assert moved(chosen, none, up, up, down, down, down)[0] == pytest.approx(-0.1 + 0.06)


@pytest.mark.parametrize("optimizer", ["adamw", "lion"])
def test_weight_decay_shrinks_every_parameter_whatever_its_gradient(optimizer: str) -> None:
    chosen = Optimizer(optimizer, learning_rate=0.1, weight_decay=0.5)
    theta, none = np.array([2.0, -1.0, 0.0]), np.zeros(3)
    np.testing.assert_allclose(moved(chosen, theta, none, none), theta * 0.95**2, rtol=1e-14)
    plain = moved(chosen.replace(weight_decay=0.0), theta, np.ones(3))
    np.testing.assert_allclose(moved(chosen, theta, np.ones(3)), plain - 0.05 * theta, rtol=1e-14)
    session = Session(training(optimizer, weight_decay=0.5, learning_rate=0.1))
    pairs = [(w * 0, b * 0 + 1) for w, b in session.weights()]
    pairs[-1] = pairs[-1][0], pairs[-1][1] * 0
    session.set_weights(pairs)
    session.step_batch()
    assert np.all(session.weights()[0][1] == 0.95), "biases too"


def test_momentum_gathers_speed_and_adam_keeps_its_pace_under_a_constant_gradient() -> None:
    one = np.ones(1)
    for optimizer, distance in (("sgd", 100), ("momentum", 10 * (100 - 9)), ("adam", 100)):
        chosen, theta = Optimizer(optimizer, learning_rate=1.0), np.zeros(1)
        slots = fresh_slots(chosen, 1, theta.dtype)
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
        expected = fresh_slots(changed.optimizer, session.plan.size, session.plan.dtype)
        assert np.array_equal(session.snapshot().slots, expected)
    # The new optimizer counts its own updates (Adam's bias correction) and meets the rows that come next.
    size = session.batch_size
    rows = session.batch_order(session.epoch)[session.batch * size :][:size]
    grads = flat(fresh.loss_and_gradients(session.data.x_train[rows], session.data.y_train[rows])[1])
    session.step_batch()
    if before != after:
        from tests.engine.reference.optimizers import AUTHORITIES

        step = AUTHORITIES[after](changed.optimizer.parameters)
        assert np.abs(flat(session.weights()) - step(flat(middle), grads, 1)).max() <= 1e-12


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("optimizer", STEPPED)
def test_what_is_no_number_comes_through_and_zeros_stay(optimizer: str, precision: str) -> None:
    chosen, rng = Optimizer(optimizer), np.random.default_rng(0)
    theta = rng.standard_normal(40).astype(precision)
    theta[::5] = 0
    usual = [rng.standard_normal(40) * (theta != 0) for _ in range(6)]
    spoiled = [grad.copy() for grad in usual]
    places, others = [1, 2, 3], np.r_[0, 4:40]
    spoiled[2][places] = [np.nan, np.inf, -np.inf]
    clean, after = moved(chosen, theta, *usual), moved(chosen, theta, *spoiled[:3])
    assert not np.isfinite(after[places]).any(), "it shows at once"
    last = moved(chosen, theta, *spoiled)
    assert not np.isfinite(last[places]).any(), "and for ever"
    assert np.array_equal(last[others], clean[others])
    assert np.all(clean[::5] == 0)
    assert np.isfinite(clean).all()


@pytest.mark.parametrize("optimizer", STEPPED)
def test_what_fades_becomes_zero_and_not_subnormal(optimizer: str) -> None:
    chosen, theta = Optimizer(optimizer), np.ones(4, np.float32)
    slots, hyper = fresh_slots(chosen, 4, theta.dtype), hyperparameters(chosen.parameters)
    tiny = np.finfo(np.float32).tiny
    for t in range(1, 10_000):
        grad = np.full(4, 1e-18 if t == 1 else 0, np.float32)
        update(chosen.entry.code, hyper, t, theta, grad, slots)
        assert not np.any((slots != 0) & (np.abs(slots) < tiny))
    assert np.isfinite(theta).all()


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [("adam", {"beta1": 0.5}, True), ("adam", {"bias_correction": False}, True),
     ("rprop", {"eta_plus": 1.1}, True), ("adam", {"name": "nadam"}, False),
     ("rprop", {"learning_rate": 0.5}, False), ("lbfgs", {"memory": 3}, False),
     ("adagrad", {"initial_accumulator": 0.5}, False)],
)  # fmt: skip
def test_a_value_that_only_fresh_slots_show_starts_anew(
    before: str, after: dict[str, Any], kept: bool
) -> None:
    after = {"name": before} | after
    session = Session(experiment((4,), data="moons", optimizer=before))
    session.run(2)
    slots = session.snapshot().slots
    assert session.change(replace_at(session.experiment, "optimizer", after)) == "continues"
    now = session.snapshot()
    assert (now.slots.shape == slots.shape and np.array_equal(now.slots, slots)) == kept
    assert (now.optimizer_updates == 0) == (not kept)
    session.run(1)


@pytest.mark.parametrize("optimizer", ["rprop", "lbfgs"])
def test_an_optimizer_of_whole_batches_never_sees_a_part(optimizer: str) -> None:
    session = Session(training("adam"))
    session.step_epoch()
    session.step_batch()
    session.change(choose_optimizer(session.experiment, Optimizer(optimizer)))
    assert (session.epoch, session.batch, session.batches, session.batch_size) == (2, 0, 1, 250)
    before = session.metrics()["train_loss"]
    session.run(30)
    assert session.metrics()["train_loss"] < before
    assert (session.epoch, session.update) == (32, 21 + 1 + 30)


def test_another_rate_keeps_the_slots() -> None:
    session = Session(training("adam"))
    train(session, 30)
    before = session.snapshot()
    assert session.change(replace_at(session.experiment, "optimizer.learning_rate", 0.5)) == "continues"
    after = session.snapshot()
    assert np.array_equal(before.slots, after.slots)
    assert before.optimizer_updates == after.optimizer_updates == 30


def test_a_rate_of_zero_moves_nothing() -> None:
    for optimizer in STEPPED:
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
