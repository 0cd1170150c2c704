"""Same experiment, same bits: twice, across processes, however training is cut up and looked at."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import numpy as np
import pytest

from engine import Session
from engine.choices import INITIALIZERS, OPTIMIZERS
from engine.experiment import Experiment, replace_at
from tests.engine.reference.build import PRECISIONS, experiment

EPOCHS = 4
DIGEST = """
import hashlib, sys
from engine import Experiment, Session
session = Session(Experiment.from_json(sys.argv[1]))
session.run({epochs})
print(hashlib.sha256(session.snapshot().theta.tobytes()).hexdigest())
"""
# One in lanes, one as matrices; batches of 7 leave a short one.
KINDS: list[dict[str, Any]] = [
    {"hidden": (8, 8), "data": {"name": "moons", "samples": 100, "noise": 0.2}},
    {"hidden": (40,), "data": "digits", "output": "softmax", "activation": "relu"},
]


def kind(index: int, **more: Any) -> Experiment:
    return experiment(**({"batch_size": 7} | KINDS[index] | more))


def digest(session: Session) -> str:
    return hashlib.sha256(session.snapshot().theta.tobytes()).hexdigest()


def trained(chosen: Experiment, epochs: int = EPOCHS) -> Session:
    session = Session(chosen)
    session.run(epochs)
    return session


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_twice(optimizer: str, index: int, precision: str) -> None:
    chosen = kind(index, optimizer=optimizer, precision=precision)
    first, again = trained(chosen), trained(Experiment.from_json(chosen.to_json()))
    assert digest(first) == digest(again)
    assert digest(first) != digest(Session(chosen)), "nothing moved"
    assert first.metrics() == again.metrics()


@pytest.mark.parametrize("initializer", [key for key in INITIALIZERS if key != "from_file"])
def test_every_start_twice(initializer: str) -> None:
    chosen = kind(0, initializer=initializer)
    assert digest(Session(chosen)) == digest(Session(chosen))


@pytest.mark.parametrize("index", [0, 1])
def test_across_processes(index: int) -> None:
    chosen = kind(index, initializer="orthogonal" if index else "lsuv")
    code = DIGEST.format(epochs=EPOCHS)
    other = subprocess.run([sys.executable, "-c", code, chosen.to_json()], capture_output=True, text=True,
                           check=True, timeout=300)  # fmt: skip
    assert other.stdout.strip() == digest(trained(chosen))


@pytest.mark.parametrize("index", [0, 1])
def test_however_it_is_cut_into_steps(index: int) -> None:
    chosen = kind(index)
    whole = trained(chosen)
    batches = Session(chosen)
    for _ in range(EPOCHS * batches.batches):
        batches.step_batch()
    epochs = Session(chosen)
    for _ in range(EPOCHS):
        epochs.step_epoch()
    mixed = Session(chosen)
    for _ in range(3):
        mixed.step_batch()
    mixed.step_epoch()
    assert (mixed.epoch, mixed.batch) == (1, 0)
    mixed.step_batch()
    mixed.run(2)
    assert (mixed.epoch, mixed.batch) == (3, 1)
    mixed.step_epoch()
    for session in (batches, epochs, mixed):
        assert (session.epoch, session.batch, session.update) == (whole.epoch, 0, whole.update)
        assert digest(session) == digest(whole)
        assert np.array_equal(session.snapshot().slots, whole.snapshot().slots)


@pytest.mark.parametrize("index", [0, 1])
def test_whoever_looks_on(index: int) -> None:
    session, alone = Session(kind(index)), trained(kind(index))
    for _ in range(EPOCHS * session.batches):
        session.step_batch()
        session.metrics()
        session.predict(session.data.x_test)
        session.loss_and_gradients(session.data.x_train[:3], session.data.y_train[:3])
        session.weights()[0][0][:] = 5  # copies
        session.batch_order(session.epoch + 1)
        session.parameters()
    assert digest(session) == digest(alone)


@pytest.mark.parametrize("index", [0, 1])
def test_beside_other_threads(index: int) -> None:
    """Other trainings, and pictures of this one, go on at the same time."""
    alone, other = (digest(trained(kind(index, seed=seed))) for seed in (0, 1))
    session, done = Session(kind(index)), Event()

    def draw() -> int:
        shown = 0
        while not done.is_set() or not shown:
            snapshot = session.initial
            assert np.array_equal(snapshot.predict(session.data.x_test), expected)
            snapshot.metrics(session.data)
            shown += 1
        return shown

    expected = session.initial.predict(session.data.x_test)
    with ThreadPoolExecutor(3) as pool:
        views = [pool.submit(draw) for _ in range(2)]
        others = [pool.submit(lambda: digest(trained(kind(index, seed=1)))) for _ in range(3)]
        session.run(EPOCHS)
        done.set()
        assert {future.result() for future in others} == {other}
        assert all(future.result() for future in views)
    assert digest(session) == alone


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_restoring_is_bit_exact(optimizer: str, index: int, precision: str) -> None:
    chosen = kind(index, optimizer=optimizer, precision=precision)
    session = Session(chosen)
    session.run(1)
    session.step_batch()
    middle = session.snapshot()
    session.run(2)
    end = digest(session)
    session.restore(middle)
    assert (session.epoch, session.batch) == divmod(session.batches + 1, session.batches)
    assert session.update == session.batches + 1
    assert digest(session) == hashlib.sha256(middle.theta.tobytes()).hexdigest()
    session.run(2)
    assert digest(session) == end
    newcomer = Session(replace_at(chosen, "seeds.init", 77))
    newcomer.restore(middle)
    newcomer.run(2)
    assert digest(newcomer) == end


def test_a_snapshot_stays_as_it_was() -> None:
    session = Session(kind(0))
    snapshot = session.snapshot()
    before = snapshot.theta.copy(), snapshot.slots.copy(), snapshot.predict(session.data.x_test)
    session.run(3)
    session.set_weights([(w * 0, b * 0) for w, b in session.weights()])
    after = snapshot.theta, snapshot.slots, snapshot.predict(session.data.x_test)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    for array in (snapshot.theta, snapshot.slots):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    restored = Session(kind(0))
    restored.restore(snapshot)
    restored.run(1)
    assert np.array_equal(snapshot.theta, before[0]), "training on from a snapshot leaves it alone"


# The streams behind it.


def test_adding_a_layer_leaves_the_others_draws_alone() -> None:
    draws = [Session(kind(0, hidden=(8,) * layers)).weights() for layers in (2, 3, 5)]
    for layer in range(2):
        for pairs in draws[1:]:
            assert np.array_equal(pairs[layer][0], draws[0][layer][0])
    assert not np.array_equal(draws[0][1][0], draws[1][2][0]), "each layer has draws of its own"


def test_each_seed_decides_its_own_part() -> None:
    plain = kind(0)
    sessions = {name: Session(replace_at(plain, f"seeds.{name}", 5)) for name in ("data", "init", "order")}
    base = Session(plain)
    for name, session in sessions.items():
        same_data = np.array_equal(session.data.x_train, base.data.x_train)
        same_start = digest(session) == digest(base)
        same_order = np.array_equal(session.batch_order(0), base.batch_order(0))
        assert (same_data, same_start, same_order) == (name != "data", name != "init", name != "order")


def test_an_epochs_order_is_a_permutation_of_its_own() -> None:
    session = Session(kind(1))
    orders = [session.batch_order(epoch) for epoch in range(5)]
    n = len(session.data.x_train)
    assert all(np.array_equal(np.sort(order), np.arange(n)) for order in orders)
    assert len({order.tobytes() for order in orders}) == 5
    session.run(3)
    assert all(np.array_equal(order, session.batch_order(epoch)) for epoch, order in enumerate(orders))


def test_orders_are_evenly_mixed() -> None:
    """Each row comes to each place equally often: chi-squared over 8 rows x 8 places."""
    session = Session(experiment((2,), data={"name": "line", "samples": 16}))
    counts, epochs = np.zeros((8, 8)), 8000
    for epoch in range(epochs):
        counts[np.arange(8), session.batch_order(epoch)] += 1
    expected = epochs / 8
    assert ((counts - expected) ** 2 / expected).sum() < 94  # 49 degrees of freedom: p = 1e-4


def test_precision_changes_rounding_and_not_the_draws() -> None:
    single, double = (Session(kind(0, precision=precision)) for precision in PRECISIONS)
    for (w, _), (exact, _) in zip(single.weights(), double.weights(), strict=True):
        assert np.array_equal(w, exact.astype(np.float32))
    assert np.array_equal(single.batch_order(3), double.batch_order(3))
