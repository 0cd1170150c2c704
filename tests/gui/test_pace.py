"""How much is trained between two looks at the results: against a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from gui import pace
from gui.pace import SHORTEST, SLICE, Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    hand = SimpleNamespace(now=100.0)
    monkeypatch.setattr(pace, "time", SimpleNamespace(perf_counter=lambda: hand.now))
    yield hand


def test_a_look_at_the_results_comes_out_of_the_next_slice(clock: SimpleNamespace) -> None:
    own = Pace()
    own.end_slice()
    clock.now += 0.004  # the look
    assert own.begin_slice() == pytest.approx(clock.now + SLICE - 0.004)


def test_after_a_long_look_a_part_of_a_slice_is_trained_all_the_same(clock: SimpleNamespace) -> None:
    own = Pace()
    own.end_slice()
    clock.now += 1.0
    assert own.begin_slice() == pytest.approx(clock.now + SHORTEST)


@pytest.mark.parametrize(("left", "epochs"), [(0.0099, 5), (0.0091, 5), (0.0109, 5), (0.0111, 6)])
def test_as_many_epochs_as_end_nearest_to_the_time(left: float, epochs: int) -> None:
    own = Pace()
    own.note_epoch(0.002)
    assert own.epochs_in(left) == epochs
    assert own.is_too_late(0.0009)
    assert not own.is_too_late(0.0011)


def test_an_epoch_that_takes_longer_than_a_slice_is_never_too_late() -> None:
    own = Pace()
    own.note_epoch(2 * SLICE)  # trained batch by batch then
    assert not own.is_too_late(0.001)


def test_what_an_epoch_takes_is_soon_known_whatever_the_first_one_took() -> None:
    own = Pace()
    own.note_epoch(1.0)
    for _ in range(10):
        own.note_epoch(0.002)
    assert own.epoch == pytest.approx(0.002, rel=0.5)
    for _ in range(20):
        own.note_epoch(0.003)
    assert own.epoch == pytest.approx(0.003, rel=0.01)
