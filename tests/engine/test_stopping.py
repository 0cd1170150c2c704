"""Which criterion ends a training, when, and with what it remembers."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiment import EarlyStopping, ExperimentError, Training, from_plain, to_plain
from engine.stopping import SENTENCES, Stop, StopState, observe
from tests.engine.reference.build import experiment

THETA = np.arange(3.0)


def watch(training: Training, losses: list[Any]) -> tuple[StopState, list[Stop | None]]:
    """Observe (train, validation) losses, or validation losses, epoch by epoch; theta is epoch · THETA."""
    state, stops = StopState(), []
    for epoch, loss in enumerate(losses, start=1):
        train, validation = loss if isinstance(loss, tuple) else (1.0, loss)
        state, stop = observe(training, state, epoch, train, validation, epoch * THETA)
        stops.append(stop)
    return state, stops


def early(**values: Any) -> Training:
    return Training(epochs=1000, early_stopping=EarlyStopping(**values))


def test_patience_counts_epochs_without_a_better_loss() -> None:
    state, stops = watch(early(patience=3), [0.9, 0.5, 0.6, 0.5, 0.7])
    assert stops == [None] * 4 + [Stop("early_stopping", 5, 0.5, 2, restored=True)]
    assert (state.best_loss, state.best_epoch) == (0.5, 2)
    assert state.best_theta is not None
    assert np.array_equal(state.best_theta, 2 * THETA)


def test_a_small_fall_is_none() -> None:
    _, stops = watch(early(patience=2, min_delta=0.1), [1.0, 0.95, 0.91])
    assert stops[-1] == Stop("early_stopping", 3, 1.0, 1, restored=True)
    _, stops = watch(early(patience=2, min_delta=0.1), [1.0, 0.95, 0.89, 0.85])
    assert stops[-1] is None


def test_nan_is_never_better() -> None:
    state, stops = watch(early(patience=2), [float("nan"), float("nan")])
    assert stops[-1] is not None
    assert stops[-1].reason == "early_stopping"
    assert state.best_theta is None
    state, stops = watch(early(patience=2), [0.5, float("nan"), 0.4])
    assert (state.best_loss, stops[-1]) == (0.4, None)


def test_the_best_parameters_are_copies_and_only_kept_where_wanted() -> None:
    theta = THETA.copy()
    state, _ = observe(early(), StopState(), 1, 1.0, 0.5, theta)
    theta[:] = 7
    assert state.best_theta is not None
    assert np.array_equal(state.best_theta, THETA)
    assert not state.best_theta.flags.writeable
    state, _ = observe(early(restore_best=False), StopState(), 1, 1.0, 0.5, theta)
    assert state.best_theta is None


def test_who_goes_on_has_patience_anew() -> None:
    _, stops = watch(early(patience=2), [0.5, 0.6, 0.6, 0.6, 0.6, 0.4, 0.5, 0.5])
    assert [stop is not None for stop in stops] == [False, False, True, False, True, False, False, True]


def test_without_validation_rows_nothing_is_watched() -> None:
    state, stops = watch(early(patience=1), [(1.0, None)] * 5)
    assert stops == [None] * 5
    assert state.best_loss == math.inf


def test_the_target_speaks_when_it_is_reached() -> None:
    training = Training(epochs=1000, target_loss=0.2)
    _, stops = watch(training, [(0.3, None), (0.2, None), (0.1, None), (0.4, None), (0.15, None)])
    assert stops == [None, Stop("target_loss", 2, 0.2), None, None, Stop("target_loss", 5, 0.15)]


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_divergence_comes_first(loss: float) -> None:
    training = Training(epochs=1, target_loss=0.2, early_stopping=EarlyStopping(patience=1))
    _, stops = watch(training, [(loss, 5.0)])
    assert stops[0] is not None
    assert (stops[0].reason, stops[0].epoch) == ("diverged", 1)


def test_all_epochs() -> None:
    _, stops = watch(Training(epochs=2), [(0.3, None)] * 4)
    assert stops == [None, Stop("epochs", 2, 0.3), None, None]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=30), st.integers(1, 5))
def test_the_best_is_the_lowest_seen(losses: list[float], patience: int) -> None:
    state, stops = watch(early(patience=patience), losses)
    seen = [loss for loss in losses if not math.isnan(loss)]
    assert state.best_loss == min(seen, default=math.inf)
    if seen:
        assert state.best_epoch == losses.index(min(seen)) + 1
    first = next((stop for stop in stops if stop is not None), None)
    if first is not None:
        waited = losses[: first.epoch][-patience:]
        assert len(waited) == patience
        assert not any(loss < first.value for loss in waited)


def test_every_reason_has_its_sentence() -> None:
    for reason, sentence in SENTENCES.items():
        stop = Stop(reason, 3, 0.25, 2)
        assert "{" not in sentence.format(epoch=stop.epoch, value=stop.value, best_epoch=stop.best_epoch)


def test_early_stopping_without_validation_rows_is_refused() -> None:
    plain = to_plain(experiment())
    plain["training"]["early_stopping"] = {"patience": 3}
    with pytest.raises(ExperimentError, match=r"training\.early_stopping: early stopping needs validation"):
        from_plain(plain)
