"""Rounds in turn (A B C, A B C, ...), so that whatever else the machine does falls on all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

import numpy as np

from benchmarks.peers import Peer
from benchmarks.works import Work


@dataclass
class Times:
    """What one library needed for one work.

    Attributes
    ----------
    peer : its name
    first : seconds of the very first epoch or surface, compiling included
    rounds : milliseconds an epoch, or a surface, in each round
    own_batches : whether it shuffles by itself, so that its losses are others
    check : the loss after Work.checked epochs, or the mean of the surface
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
    """One library at one work: ``prepare`` is not timed, ``run`` is, for ``count`` epochs or surfaces."""

    times: Times
    prepare: Callable[[], object]
    run: Callable[[], object]
    count: int


def measure(work: Work, peers: list[Peer], rounds: int) -> list[Times]:
    """Return the times of those peers that can do the work; Relevo's are the first."""
    found = surface_contender if work.surface else training_contender
    contenders = [contender for peer in peers if (contender := found(work, peer))]
    gc.collect()
    for _ in range(rounds):
        for contender in contenders:
            contender.prepare()
            begin = time.perf_counter()
            contender.run()
            contender.times.rounds.append((time.perf_counter() - begin) * 1e3 / contender.count)
    return [contender.times for contender in contenders]


def training_contender(work: Work, peer: Peer) -> Contender:
    training = peer.training(work)
    begin = time.perf_counter()
    training.run(1)
    times = Times(peer.name, time.perf_counter() - begin, peer.own_batches)
    training.reset()
    training.run(work.checked)
    times.check = training.loss()
    training.reset()
    training.run(work.epochs)  # once to get warm
    return Contender(times, training.reset, lambda: training.run(work.epochs), work.epochs)


def surface_contender(work: Work, peer: Peer) -> Contender | None:
    compute = peer.surface(work)
    if compute is None:
        return None
    begin = time.perf_counter()
    losses = compute()
    return Contender(
        Times(peer.name, time.perf_counter() - begin, check=float(np.mean(losses))), lambda: None, compute, 1
    )
