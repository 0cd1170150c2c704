"""L-BFGS: its direction is SciPy's, it needs no more steps than SciPy's own, and it can be replayed."""

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LbfgsInvHessProduct, minimize, rosen, rosen_der

from engine import ExperimentError, Session, lbfgs
from engine.experiment import replace_at
from tests.engine.reference.build import PATHS, PRECISIONS, experiment, force_path

Problem = Callable[[np.ndarray], tuple[float, np.ndarray]]


def rosenbrock(x: np.ndarray) -> tuple[float, np.ndarray]:
    return float(rosen(x)), rosen_der(x)


def quadratic(size: int, condition: float, seed: int) -> Problem:
    axes = np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]
    hessian = axes * np.geomspace(1 / condition, 1, size) @ axes.T
    return lambda x: (0.5 * float(x @ hessian @ x), hessian @ x)


def descend(problem: Problem, theta: np.ndarray, steps: int, memory: int = 10) -> np.ndarray:
    slots = np.zeros((2 * memory, theta.size), theta.dtype)
    theta = theta.copy()
    for _ in range(steps):
        lbfgs.step(theta, slots, problem)
    return theta


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_the_direction_is_scipys(pairs: int, size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    s = rng.standard_normal((pairs, size))
    y = s + 0.3 * rng.standard_normal((pairs, size))
    vector = rng.standard_normal(size)
    if np.any(np.einsum("ij,ij->i", s, y) <= 0.1):
        return
    # SciPy's product starts from the identity; with s / √γ and y · √γ it is H / γ of one that starts from γ.
    gamma = (s[-1] @ y[-1]) / (y[-1] @ y[-1])
    expected = gamma * (LbfgsInvHessProduct(s / gamma**0.5, y * gamma**0.5) @ vector)
    found = lbfgs.inverse_hessian_times(vector, s, y)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())


def test_without_pairs_it_is_the_gradient() -> None:
    none = np.zeros((0, 3))
    assert np.array_equal(lbfgs.inverse_hessian_times(np.arange(3.0), none, none), np.arange(3.0))


@pytest.mark.parametrize("condition", [1.0, 10.0, 100.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_quadratic_takes_no_more_steps_than_scipys(condition: float, seed: int) -> None:
    problem, heights = quadratic(12, condition, seed), []
    wanted = {"maxcor": 10, "ftol": 0, "gtol": 1e-9}
    minimize(problem, np.ones(12), jac=True, method="L-BFGS-B", options=wanted,
             callback=lambda x: heights.append(problem(x)[0]))  # fmt: skip
    steps = next(index for index, height in enumerate(heights, start=1) if height < 1e-10)
    assert problem(descend(problem, np.ones(12), steps + 3))[0] < 1e-10


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_bent_valley_of_rosenbrock(precision: str) -> None:
    start = np.array([-1.2, 1, -1.2, 1], precision)
    assert rosenbrock(descend(rosenbrock, start, 60))[0] < 1e-9
    assert rosenbrock(descend(rosenbrock, start, 60, memory=2))[0] < 1e-9


def test_every_step_goes_down_and_a_minimum_is_left_alone() -> None:
    theta, slots = np.array([-1.2, 1.0]), np.zeros((20, 2))
    last = rosenbrock(theta)[0]
    for _ in range(80):
        lbfgs.step(theta, slots, rosenbrock)
        assert rosenbrock(theta)[0] <= last
        last = rosenbrock(theta)[0]
    assert np.allclose(theta, 1, rtol=0, atol=1e-8)
    before = theta.copy()
    lbfgs.step(theta, slots, rosenbrock)
    assert np.allclose(theta, before, rtol=0, atol=1e-12)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_minimum_costs_one_gradient(precision: str) -> None:
    chosen = experiment((4,), data="moons", precision=precision, optimizer="lbfgs")
    session = Session(replace_at(chosen, "regularization.l2", 0.1))
    session.run(100)
    before, calls = session.snapshot(), []
    loss_and_gradient = before.objective(session.data.x_train, session.data.y_train)

    def counted(theta: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(theta)
        return loss_and_gradient(theta)

    theta, slots = before.theta.copy(), before.slots.copy()
    for _ in range(10):
        lbfgs.step(theta, slots, counted)
    assert len(calls) == 10 and np.array_equal(theta, before.theta)


@pytest.mark.parametrize("scale", [1.0, 1e-40])
def test_no_step_is_looked_for_where_nothing_can_be_gained(scale: float) -> None:
    calls = []

    def flat(x: np.ndarray) -> tuple[float, np.ndarray]:
        """A loss that the gradient promises to lower by less than is seen, or by no step that moves x."""
        calls.append(x)
        return scale, np.full(3, 1e-17)

    theta, slots = np.ones(3), np.zeros((4, 3))
    lbfgs.step(theta, slots, flat)
    assert len(calls) == 1 and np.array_equal(theta, np.ones(3))


def test_a_search_that_finds_nothing_is_quiet_in_any_thread() -> None:
    """The filters of warnings belong to all threads: none may be put back by one that another has set."""
    filters = list(warnings.filters)

    def search(_: int) -> None:
        lbfgs.step(np.zeros(2), np.zeros((4, 2)), lambda x: (1.0, np.ones(2)))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(search, range(8)))
    assert warnings.filters[1:] == filters


def test_slots_hold_the_last_steps_and_what_they_changed() -> None:
    theta, slots, seen = np.array([-1.2, 1.0, 0.5]), np.zeros((6, 3)), []
    for _ in range(5):
        before = theta.copy()
        lbfgs.step(theta, slots, rosenbrock)
        seen.append((theta - before, rosenbrock(theta)[1] - rosenbrock(before)[1]))
    steps, changes = lbfgs.pairs(slots)
    assert np.array_equal(steps, [s for s, _ in seen[-3:]])
    assert np.array_equal(changes, [y for _, y in seen[-3:]])


def test_a_pair_without_upward_curvature_is_not_kept() -> None:
    theta, slots = np.array([3.0, 0.0]), np.zeros((4, 2))
    for _ in range(4):
        lbfgs.step(theta, slots, lambda x: (-float(x @ x), -2 * x))
    assert theta[0] > 30
    assert len(lbfgs.pairs(slots)[0]) == 0


@pytest.mark.parametrize("spoiled", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_shows(spoiled: float) -> None:
    theta, slots = np.ones(3), np.zeros((4, 3))
    lbfgs.step(theta, slots, lambda x: (float("nan"), np.array([1.0, spoiled, 1.0])))
    assert np.array_equal(np.isnan(theta), [False, True, False])
    lbfgs.step(theta, slots, lambda x: (float("nan"), np.full(3, np.nan)))
    assert np.isnan(theta).all()


def test_no_trial_step_into_what_is_no_number_is_taken() -> None:
    def cliff(x: np.ndarray) -> tuple[float, np.ndarray]:
        return (float("nan"), x * np.nan) if np.abs(x).max() > 2 else (-float(x.sum()), -np.ones(2))

    theta, slots = np.zeros(2), np.zeros((4, 2))
    for _ in range(30):
        lbfgs.step(theta, slots, cliff)
    assert 1.5 < theta.max() <= 2


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_training_falls_deep_and_replays(path: str, precision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, path)
    chosen = experiment((8, 8), data="moons", precision=precision, optimizer="lbfgs")
    session = Session(replace_at(chosen, "regularization.l2", 1e-4))
    session.run(15)
    middle = session.snapshot()
    session.run(15)
    end = session.snapshot()
    assert session.metrics()["train_loss"] < 0.1
    session.restore(middle)
    for _ in range(15):
        session.step_batch()
    assert np.array_equal(session.snapshot().theta, end.theta)
    assert np.array_equal(session.snapshot().slots, end.slots)


def test_in_a_training_what_is_no_number_shows() -> None:
    session = Session(experiment((4,), data="moons", optimizer="lbfgs"))
    session.run(3)
    pairs = session.weights()
    pairs[0][0][0, 0] = np.nan
    session.set_weights(pairs)
    session.run(2)
    assert np.isnan(session.metrics()["train_loss"])
    assert np.isnan(session.weights()[-1][0]).all()


@pytest.mark.parametrize("place, value", [
    ("network.layers[0].trainable", False), ("network.layers[1].trainable", False),
    ("network.layers[1].cut", [[0, 0], [1, 1], [2, 5], [4, 6], [7, 3]]),
])  # fmt: skip
def test_what_may_not_move_any_more_leads_no_step_uphill(place: str, value: object) -> None:
    # Steps that were remembered moved it: a search along what they make would count on moving it again.
    for seed in (1, 10):
        chosen = experiment((8, 8), optimizer="lbfgs", precision="float64", seed=seed)
        session = Session(chosen)
        session.run(12)
        assert session.change(replace_at(chosen, place, value)) == "continues"
        losses = []
        for _ in range(12):
            losses.append(session.loss_and_gradients(session.data.x_train, session.data.y_train)[0])
            ledger = session.explain(None, "layers.0.weight[1,2]")
            session.step_batch()
            assert session.weights()[0][0][1, 2] == pytest.approx(ledger.new_value, rel=1e-12, abs=1e-12)
        assert np.all(np.diff(losses) <= 0), (seed, losses)


def test_a_change_of_what_may_move_forgets_the_steps_and_no_other_does() -> None:
    chosen = experiment((4,), data="moons", optimizer="lbfgs")
    session = Session(chosen)
    session.run(5)
    session.change(replace_at(chosen, "regularization.l2", 1e-3))
    assert len(lbfgs.pairs(session.snapshot().slots)[0]) > 1
    session.change(replace_at(chosen, "network.layers[0].cut", [[0, 1]]))
    assert len(lbfgs.pairs(session.snapshot().slots)[0]) == 0


def test_a_memory_that_nothing_holds_is_refused() -> None:
    layers = (2048, 2048)
    with pytest.raises(ExperimentError) as caught:
        experiment(layers, optimizer={"name": "lbfgs", "memory": 100})
    assert str(caught.value) == ("optimizer.memory: 100 steps of 4204545 weights are too many to remember, "
                                 "8 are allowed")  # fmt: skip
    assert experiment(layers, optimizer={"name": "lbfgs", "memory": 8}).optimizer["memory"] == 8
