"""Many trainings at once: each as if it ran alone, up to rounding, whatever runs beside it."""

import gc
import json
import threading
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError, Session, ensemble
from engine.choices import ACTIVATIONS, OPTIMIZERS, activations, optimizers
from engine.ensemble import alike, group, runs
from engine.ensemble.result import Job
from engine.ensemble.tiles import multiply
from engine.experiment import from_plain, to_plain
from engine.jit import jit
from engine.vectors import LANES
from tests.engine.reference.build import experiment

# The largest difference of a weight from the single run's, relative to the largest weight, after 50 epochs
# at a rate at which small differences do not grow: the same sums in another order.
SAME = {"float64": 1e-12, "float32": 2e-6}
SGD = {"name": "sgd", "learning_rate": 0.1}
STARTS = ("he_normal", "lsuv", "zeros", "orthogonal", "uniform", "lecun_normal")
FEW = alike.FEWEST  # as many as are just enough to stand side by side


def sweep(values: Sequence[dict[str, Any]], **parts: Any) -> list[Experiment]:
    """Return a small experiment once for each of these other values, at places such as ``seeds.init``."""
    parts = {"hidden": (5, 3), "data": {"name": "moons", "samples": 60}, "optimizer": SGD} | parts
    text = json.dumps(to_plain(experiment(**parts)))
    found = []
    for changes in values:
        plain = json.loads(text)
        for place, value in changes.items():
            *path, last = place.split(".")
            target = plain
            for step in path:
                target = target[int(step) if step.isdigit() else step]
            target[last] = value
        found.append(from_plain(plain))
    return found


def starts(count: int, **parts: Any) -> list[Experiment]:
    """Return a small experiment with so many different initial weights."""
    return sweep([{"seeds.init": seed} for seed in range(count)], **parts)


def tasks(experiments: Iterable[Experiment], epochs: int | None = None) -> list[int]:
    """Return how many trainings stand side by side in each task."""
    jobs = [Job(index, each, epochs, None) for index, each in enumerate(experiments)]
    return [len(task) for task in alike.tasks(jobs)]


def in_order(experiments: list[Experiment], epochs: int | None, **rest: Any) -> list[ensemble.Result]:
    results = sorted(ensemble.run(experiments, epochs, **rest), key=lambda result: result.index)
    assert [result.index for result in results] == list(range(len(experiments)))
    return results


def single(chosen: Experiment, epochs: int) -> Session:
    session = Session(chosen)
    session.run(epochs)
    return session


def apart(session: Session, result: ensemble.Result) -> float:
    """Return the largest difference of a parameter or slot, relative to the largest parameter or slot."""
    one, other, plan = session.snapshot(), result.snapshot, session.plan

    def numbers(vector: np.ndarray) -> np.ndarray:
        """Return a vector like theta without padding."""
        return np.concatenate([part.ravel() for pair in plan.unpack(vector) for part in pair])

    assert one.slots.shape == other.slots.shape
    pairs = [(numbers(a), numbers(b)) for a, b in zip((one.theta, *one.slots), (other.theta, *other.slots),
                                                      strict=True)]  # fmt: skip
    return max(float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-30)) for a, b in pairs)


@jit
def product(add: bool, m: int, n: int, k: int, out: np.ndarray, a: np.ndarray, b: np.ndarray) -> None:
    """Multiply a transposed (k, m) and (k, n), into a matrix that has a column more than the product."""
    if add:
        multiply(1, m, n, k, out, (0, n + 1, 1), a, (0, 1, m), b, (0, n, 1))
    else:
        multiply(None, m, n, k, out, (0, n + 1, 1), a, (0, 1, m), b, (0, n, 1))


@settings(max_examples=30, deadline=None)
@given(st.booleans(), st.integers(1, 9), st.integers(1, 9), st.integers(0, 9))
def test_products_of_matrices_of_vectors(add: bool, m: int, n: int, k: int) -> None:
    rng = np.random.default_rng(0)
    a, b, out = (rng.standard_normal(shape) for shape in ((k, m, LANES), (k, n, LANES), (m, n + 1, LANES)))
    wanted = out.copy()
    wanted[:, :n] = np.einsum("kml,knl->mnl", a, b) + (out[:, :n] if add else 0)
    product(add, m, n, k, out.reshape(-1), a.reshape(-1), b.reshape(-1))
    assert out == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_run_equals_the_single_run_up_to_rounding(precision: str) -> None:
    chosen = starts(LANES + FEW, precision=precision)
    assert tasks(chosen) == [LANES, FEW]
    for one, result in zip(chosen, in_order(chosen, 50), strict=True):
        session = single(one, 50)
        assert apart(session, result) < SAME[precision]
        here = result.snapshot
        assert here.experiment == session.experiment
        assert (here.epoch, here.batch, here.update) == (50, 0, session.update)
        assert here.theta.dtype == precision
        assert result.metrics == pytest.approx(session.metrics(), rel=1e-4)


def kernel_of(optimizer: str) -> dict[str, Any]:
    """Return precision and activation: later optimizers with later activations, which one kernel has both."""
    later = OPTIMIZERS[optimizer].code >= optimizers.BASIC
    return {"precision": "float64", "activation": "elu" if later else "tanh"}


@pytest.mark.parametrize("optimizer", [key for key, entry in OPTIMIZERS.items() if not entry.whole_batch])
def test_rates_stand_side_by_side_with_every_optimizer(optimizer: str) -> None:
    rates = [{"optimizer.learning_rate": rate} for rate in (0.0, 1e-4, 1e-3, 2e-3, 3e-3, 0.01)]
    chosen = sweep(rates, optimizer={"name": optimizer, "learning_rate": 1.0}, **kernel_of(optimizer))
    assert tasks(chosen) == [FEW]
    for one, result in zip(chosen, in_order(chosen, 20), strict=True):
        assert apart(single(one, 20), result) < SAME["float64"]


@pytest.mark.parametrize("optimizer", ["adadelta", "adamw", "amsgrad", "nadam", "adamax", "lion"])
def test_decays_and_schedules_stand_side_by_side_with_the_later_optimizers(optimizer: str) -> None:
    values: list[dict[str, Any]] = [
        {"schedule": {"name": name}, "training.epochs": 10 + index}
        for index, name in enumerate(("constant", "inverse_time", "step", "exponential", "cosine",
                                      "warmup_cosine", "one_cycle"))
    ]  # fmt: skip
    if optimizer in ("adamw", "lion"):
        values = [each | {"optimizer.weight_decay": 0.1 * index} for index, each in enumerate(values)]
    chosen = sweep(values, optimizer={"name": optimizer, "learning_rate": 0.002}, **kernel_of(optimizer))
    assert tasks(chosen, 20) == [7]
    for one, result in zip(chosen, in_order(chosen, 20), strict=True):
        assert apart(single(one, 20), result) < SAME["float64"]


@pytest.mark.parametrize(("data", "output", "loss"), [
    ("iris", "softmax", None), ("iris", "softmax", "mse"), ("moons", "tanh", "mse"),
    ("plane", "linear", None), ("gate_xor", "sigmoid", "mse"),
])  # fmt: skip
def test_every_kind_of_output(data: str, output: str, loss: str | None) -> None:
    kinds = [{"network.layers.0.initializer": name} for name in STARTS]
    chosen = sweep(kinds, precision="float64", data=data, output=output, loss=loss, activation="relu")
    assert tasks(chosen) == [FEW]
    for one, result in zip(chosen, in_order(chosen, 20), strict=True):
        assert apart(single(one, 20), result) < SAME["float64"]


LATER = [key for key, entry in ACTIVATIONS.items() if entry.code >= activations.BASIC]


@pytest.mark.parametrize(("data", "output", "loss"), [
    ("plane", "linear", "huber"), ("moons", "linear", "hinge"), ("plane", "linear", "mae"),
])  # fmt: skip
def test_the_later_activations_and_losses(data: str, output: str, loss: str) -> None:
    parts: dict[str, Any] = {"precision": "float64", "optimizer": {"name": "adamw", "learning_rate": 0.002}}
    for activation in LATER:
        chosen = starts(FEW, data=data, output=output, loss=loss, activation=activation, **parts)
        for one, result in zip(chosen, in_order(chosen, 5), strict=True):
            assert apart(single(one, 5), result) < SAME["float64"], activation


def test_a_perceptron() -> None:
    chosen = starts(FEW, hidden=(), data="gate_or", output="step", loss="mse", precision="float64")
    for one, result in zip(chosen, in_order(chosen, 20), strict=True):
        assert apart(single(one, 20), result) < SAME["float64"]


ANY_VALUES = st.fixed_dictionaries({}, optional={
    "seeds.init": st.integers(0, 9),
    "seeds.order": st.integers(0, 2),
    "seeds.data": st.integers(0, 2),
    "data.noise": st.sampled_from([0.0, 0.1]),
    "data.samples": st.sampled_from([60, 61]),
    "optimizer": st.sampled_from([SGD | {"learning_rate": 0.03}, {"name": "momentum"}]),
    "regularization": st.sampled_from([{"l2": 1e-3}, {"l1": 1e-3, "l2": 1e-2}]),
    "network.layers.0.l2": st.just(0.1),
    "network.layers.1.dropout": st.just(0.5),
    "training.batch_size": st.sampled_from([7, 1000]),
    "loss": st.just("mse"),
})  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(ANY_VALUES, min_size=1, max_size=40), st.integers(0, 3))
def test_anything_but_the_layout_may_differ(values: list[dict[str, Any]], epochs: int) -> None:
    chosen = sweep(values, precision="float64")
    for one, result in zip(chosen, in_order(chosen, epochs), strict=True):
        assert apart(single(one, epochs), result) < SAME["float64"]


def test_networks_of_other_kinds_train_by_themselves_and_equal_the_single_run_exactly() -> None:
    chosen = starts(FEW - 1) + sweep([{"network.layers.0.dropout": 0.2}]) + sweep([{"data.samples": 64}])
    large, whole = starts(FEW, hidden=(48, 48)), starts(FEW, optimizer="rprop", **kernel_of("rprop"))
    assert {*tasks(chosen), *tasks(large), *tasks(whole)} == {1}
    for experiments in (chosen, large, whole):
        for one, result in zip(experiments, in_order(experiments, 2), strict=True):
            assert apart(single(one, 2), result) == 0
    assert in_order(large, 2)[0].metrics == single(large[0], 2).metrics()


def test_a_batch_larger_than_what_goes_forward_together() -> None:
    size = 70
    chosen = starts(FEW, data={"name": "moons", "samples": 400}, batch_size=size, precision="float64")
    assert size > 2 * group.kernels.ROWS
    for one, result in zip(chosen, in_order(chosen, 10), strict=True):
        assert apart(single(one, 10), result) < SAME["float64"]


def test_what_diverges_disturbs_no_other() -> None:
    rates = [{"optimizer.learning_rate": 0.1, "seeds.init": seed} for seed in range(6)]
    calm = in_order(sweep(rates, activation="relu"), 20)
    rates[2]["optimizer.learning_rate"] = 1e30
    chosen = sweep(rates, activation="relu")
    assert tasks(chosen) == [6]
    wild = in_order(chosen, 20, every=20)
    assert [result.diverged for result in wild] == [False, False, True, False, False, False]
    assert not np.isfinite(wild[2].curve[-1])
    assert not np.isfinite(single(chosen[2], 20).weights()[0][0]).all()
    for index in (0, 1, 3, 4, 5):
        assert np.array_equal(calm[index].snapshot.theta, wild[index].snapshot.theta)


def test_the_number_of_threads_and_what_runs_beside_change_no_bit() -> None:
    chosen = starts(2 * LANES + FEW)
    one = in_order(chosen, 3, threads=1)
    for results in (in_order(chosen, 3, threads=3), in_order(chosen[:-1] + starts(1), 3)[:-1]):
        for a, b in zip(one, results, strict=False):
            assert np.array_equal(a.snapshot.theta, b.snapshot.theta)


@pytest.mark.parametrize("count", [1, FEW])
def test_the_curve(count: int) -> None:
    for chosen, result in zip(starts(count), in_order(starts(count), 7, every=3), strict=True):
        session, losses = Session(chosen), []
        for _ in range(3):
            losses.append(session.metrics()["train_loss"])
            session.run(3)
        assert result.curve == pytest.approx(losses, rel=1e-5)
        assert result.snapshot.epoch == 7
    assert all(result.curve.shape == (0,) for result in ensemble.run(starts(count), 2))


def test_a_training_goes_on_from_its_result() -> None:
    chosen = starts(FEW, precision="float64", optimizer={"name": "adam", "learning_rate": 0.001})
    for one, result in zip(chosen, in_order(chosen, 5), strict=True):
        session = Session(one)
        session.restore(result.snapshot)
        session.run(5)
        whole = single(one, 10)
        assert session.epoch == whole.epoch
        assert np.abs(session.snapshot().theta - whole.snapshot().theta).max() < 1e-12


def test_each_trains_as_long_as_it_says() -> None:
    chosen = sweep([{"training.epochs": 1 + index % 2} for index in range(13)])
    assert tasks(chosen) == [7, 6]
    for one, result in zip(chosen, in_order(chosen, None), strict=True):
        assert result.snapshot.epoch == one.training.epochs
        assert apart(single(one, one.training.epochs), result) < SAME["float32"]


def test_what_stops_by_itself_says_why() -> None:
    early = {"training.early_stopping": {"patience": 2}, "data.validation_fraction": 0.2}
    chosen = sweep([early | {"optimizer.learning_rate": rate} for rate in (0.0, 0.1)])
    for one, result in zip(chosen, in_order(chosen, 30, every=1), strict=True):
        session = single(one, 30)
        assert apart(session, result) == 0
        assert result.snapshot.epoch == session.epoch == len(result.curve) - 1
        assert result.stopped == session.stopped
    still = in_order(chosen, 30)[0].stopped
    assert still is not None
    assert (still.reason, still.epoch, still.best_epoch) == ("early_stopping", 3, 1)
    assert in_order(starts(1), 1)[0].stopped is None


def test_nothing_to_do() -> None:
    assert list(ensemble.run([], 3)) == []
    for one, result in zip(starts(FEW), in_order(starts(FEW), 0, every=1), strict=True):
        assert np.array_equal(result.snapshot.theta, Session(one).snapshot().theta)
        assert len(result.curve) == 1


@pytest.mark.parametrize(("changes", "place"), [
    ({"network.layers.0.units": 6}, "network.layers[0].units"),
    ({"network.layers.1.activation": "relu"}, "network.layers[1].activation"),
    ({"network.layers.1.activation": {"name": "leaky_relu", "slope": 0.2}}, "network.layers[1].activation"),
    ({"network.layers.0.batch_norm": True}, "network.layers[0].batch_norm"),
    ({"training.precision": "float64"}, "training.precision"),
    ({"data.features": ["x1"]}, "data.features"),
])  # fmt: skip
def test_another_layout_is_refused_at_once(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ExperimentError, match="experiment 3 has") as caught:
        ensemble.run(sweep([{}, {"seeds.init": 1}, changes]), 1)
    assert caught.value.place == place


def test_another_depth_is_refused() -> None:
    with pytest.raises(ExperimentError, match="experiment 2 has 2 and the first one 3") as caught:
        ensemble.run(starts(1) + starts(1, hidden=(5,)), 1)
    assert caught.value.place == "network.layers"


def test_what_cannot_be_used_is_refused_at_once() -> None:
    chosen = starts(1)[0]
    wrong = msgspec.structs.replace(chosen, data=msgspec.structs.replace(chosen.data, scaling="none at all"))
    with pytest.raises(ExperimentError, match=r"data\.scaling"):
        ensemble.run([chosen, wrong], 1)
    with pytest.raises(ValueError, match="every 0 epochs"):
        ensemble.run(starts(1), 1, every=0)
    with pytest.raises(ValueError, match="for -1 epochs"):
        ensemble.run(starts(8), -1)


class Counting(group.Group):
    """Counts the groups that were made, and those that are there at once."""

    made, alive, most = 0, 0, 0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        Counting.made += 1
        Counting.alive += 1
        Counting.most = max(Counting.most, Counting.alive)

    def __del__(self) -> None:
        Counting.alive -= 1


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> type[Counting]:
    gc.collect()
    Counting.made = Counting.alive = Counting.most = 0
    monkeypatch.setattr(group, "Group", Counting)
    return Counting


def test_results_come_while_others_wait_and_few_are_in_memory(counting: type[Counting]) -> None:
    results = ensemble.run(starts(12 * LANES), 1, threads=2)
    first = next(results)
    assert first.snapshot.epoch == 1
    assert counting.made < 9
    assert sum(1 for _ in results) == 12 * LANES - 1
    assert (counting.made, counting.most <= 3) == (12, True)


def test_leaving_ends_the_trainings() -> None:
    threads = threading.active_count()
    long = sweep([{"training.epochs": 10_000_000, "seeds.init": seed} for seed in range(4 * LANES)])
    results = ensemble.run(starts(1) + long, threads=2)
    assert next(results).index == 0
    results.close()
    assert threading.active_count() == threads


@pytest.mark.parametrize("parts", [{}, {"hidden": (48, 48)}])
def test_cancelling(parts: dict[str, Any]) -> None:
    threads, asked = threading.active_count(), []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 5

    with pytest.raises(ensemble.Cancelled):
        list(ensemble.run(starts(8, **parts), 10_000_000, cancelled=cancelled))
    assert 5 < len(asked) < 20
    assert threading.active_count() == threads


def test_a_fault_in_one_training_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError("no such file")

    monkeypatch.setattr(runs, "train_group", broken)
    with pytest.raises(OSError, match="no such file"):
        list(ensemble.run(starts(20), 1))
