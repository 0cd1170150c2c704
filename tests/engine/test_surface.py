"""The loss over a plane through the parameters: the same numbers as one by one, and no bits by threads."""

import numpy as np
import pytest

from engine import Session, surface
from tests.engine.reference.build import PATHS, PRECISIONS, experiment, force_path


@pytest.fixture
def session() -> Session:
    session = Session(experiment((6, 4), data={"name": "moons", "samples": 300}))
    session.run(2)
    return session


def plane(session: Session, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return two directions, padding left at zero."""
    rng, plan = np.random.default_rng(seed), session.plan
    pairs = session.weights()
    draws = [[(rng.standard_normal(w.shape), rng.standard_normal(v.shape)) for w, v in pairs] for _ in "ab"]
    return plan.pack(draws[0]), plan.pack(draws[1])


ALPHAS, BETAS = np.linspace(-1, 1, 7), np.linspace(-0.5, 0.5, 5)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("data", "output"), [("moons", "sigmoid"), ("iris", "softmax"), ("plane", "linear")])
def test_every_point_is_the_loss_there(
    data: str, output: str, path: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    force_path(monkeypatch, path)
    session = Session(experiment((6, 4), data=data, output=output, precision=precision))
    snapshot = session.snapshot()
    a, b = plane(session)
    found = surface.losses(snapshot, session.data, a, b, ALPHAS, BETAS)
    assert found.shape == (5, 7)
    for row, beta in enumerate(BETAS):
        for column, alpha in enumerate(ALPHAS):
            there = snapshot.at(snapshot.theta + alpha * a + beta * b)
            loss = there.loss(session.data.x_train, session.data.y_train)
            assert found[row, column] == pytest.approx(loss, rel=1e-5 if precision == "float32" else 1e-12)


def test_the_middle_is_here(session: Session) -> None:
    a, b = plane(session)
    middle = surface.losses(session.snapshot(), session.data, a, b, np.zeros(1), np.zeros(1))
    assert middle.shape == (1, 1)
    assert middle[0, 0] == pytest.approx(session.metrics()["train_loss"], rel=1e-6)


def test_the_number_of_threads_changes_no_bit(session: Session) -> None:
    a, b = plane(session)
    here = session.snapshot()
    grids = [surface.losses(here, session.data, a, b, ALPHAS, BETAS, threads=n) for n in (1, 2, 5)]
    assert all(np.array_equal(grids[0], grid) for grid in grids)


def test_neither_the_training_nor_the_arguments_change(session: Session) -> None:
    a, b = plane(session)
    before = session.snapshot().theta, a.copy(), b.copy()
    surface.losses(session.snapshot(), session.data, a, b, ALPHAS, BETAS)
    for old, new in zip(before, (session.snapshot().theta, a, b), strict=True):
        assert np.array_equal(old, new)


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_a_number_shows(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, path)
    session = Session(experiment((4,), data="moons"))
    a, b = plane(session)
    pairs = session.weights()
    pairs[0][0][0, 0] = np.nan
    session.set_weights(pairs)
    assert np.isnan(surface.losses(session.snapshot(), session.data, a, b, ALPHAS, BETAS)).all()


def test_cancelling(session: Session) -> None:
    a, b = plane(session)
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(surface.Cancelled):
        surface.losses(session.snapshot(), session.data, a, b, ALPHAS, np.zeros(200), cancelled, threads=1)
    assert len(asked) < 210
    whole = surface.losses(session.snapshot(), session.data, a, b, ALPHAS, BETAS, lambda: False)
    assert whole.shape == (5, 7)


def test_directions_of_another_size_are_refused(session: Session) -> None:
    a, b = plane(session)
    with pytest.raises(ValueError, match="parameters"):
        surface.losses(session.snapshot(), session.data, a[:-1], b, ALPHAS, BETAS)


def test_a_plane_of_no_points(session: Session) -> None:
    a, b = plane(session)
    assert surface.losses(session.snapshot(), session.data, a, b, np.zeros(0), BETAS).shape == (5, 0)
    assert surface.losses(session.snapshot(), session.data, a, b, ALPHAS, np.zeros(0)).shape == (0, 7)
