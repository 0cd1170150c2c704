"""Rounds in turn (A B C, A B C, ...), so that whatever else the machine does falls on all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

import numpy as np

from benchmarks.peers import Peer
from benchmarks.works import SURFACE, TRAINING, Work

ROUND = 0.03  # seconds that pictures are computed for in one round, at least


@dataclass
class Times:
    """What one library needed for one work.

    Attributes
    ----------
    peer : its name
    first : seconds of the very first epoch, surface or map, compiling included
    rounds : milliseconds an epoch, a surface or a map in each round
    own_batches : whether it shuffles by itself, so that its losses are others
    check : the loss after Work.checked epochs, or the mean of the surface or the map
    """

    peer: str
    first: float
    own_batches: bool = False
    rounds: list[float] = field(default_factory=list)
    check: float = float("nan")

    @property
    def middle(self) -> float:
        """The median in milliseconds."""
        return median(self.rounds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between which two figures the middle half of the rounds lies."""
        if len(self.rounds) < 2:
            return self.rounds[0], self.rounds[0]
        low, _, high = quantiles(self.rounds, n=4, method="inclusive")
        return low, high


@dataclass
class Contender:
    """One library at one work: ``prepare`` is not timed, ``run`` is, for ``count`` of them."""

    times: Times
    prepare: Callable[[], object]
    run: Callable[[], object]
    count: int


@dataclass
class Peak:
    """How fast the process's BLAS multiplies large matrices with one core, in GFLOP/s, beside each round."""

    rounds: list[float] = field(default_factory=list)

    def measure(self) -> None:
        begin = time.perf_counter()
        np.dot(*_SQUARES)
        self.rounds.append(2e-9 * PEAK_SIZE**3 / (time.perf_counter() - begin))

    @property
    def middle(self) -> float:
        return median(self.rounds)


PEAK_SIZE = 1024
_SQUARES = (np.ones((PEAK_SIZE, PEAK_SIZE), np.float32),) * 2


def measure(work: Work, peers: list[Peer], rounds: int) -> tuple[list[Times], Peak]:
    """Return the times of those peers that can do the work, Relevo's first, and sgemm's rate at one core."""
    found = training_contender if work.kind == TRAINING else picture_contender
    contenders = [contender for peer in peers if (contender := found(work, peer))]
    peak = Peak()
    gc.collect()
    for _ in range(rounds):
        peak.measure()
        for contender in contenders:
            contender.prepare()
            begin = time.perf_counter()
            contender.run()
            contender.times.rounds.append((time.perf_counter() - begin) * 1e3 / contender.count)
    return [contender.times for contender in contenders], peak


def training_contender(work: Work, peer: Peer) -> Contender:
    training = peer.training(work)
    begin = time.perf_counter()
    training.run(1)
    times = Times(peer.name, time.perf_counter() - begin, peer.own_batches)
    checked = peer.training(work.as_checked) if work.in_double else training
    checked.reset()
    checked.run(work.checked)
    times.check = checked.loss()
    training.reset()
    training.run(work.epochs)  # once to get warm
    return Contender(times, training.reset, lambda: training.run(work.epochs), work.epochs)


def picture_contender(work: Work, peer: Peer) -> Contender | None:
    compute = peer.surface(work) if work.kind == SURFACE else peer.map(work)
    if compute is None:
        return None
    begin = time.perf_counter()
    values = compute()
    first = time.perf_counter() - begin
    check = float(np.mean([np.mean(part) for part in values]))
    # Enough of them to a round that the clock can be trusted.
    count = max(1, round(ROUND / max(1e-6, _seconds(compute))))

    def run() -> None:
        for _ in range(count):
            compute()

    return Contender(Times(peer.name, first, check=check), lambda: None, run, count)


def _seconds(compute: Callable[[], object]) -> float:
    begin = time.perf_counter()
    compute()
    return time.perf_counter() - begin
