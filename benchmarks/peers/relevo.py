"""Relevo itself: a Session, and the pictures that its window draws."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from benchmarks.works import Start, Work
from engine import Session, surface, team


class RelevoTraining:
    def __init__(self, work: Work) -> None:
        self.session = Session(work.experiment)

    def reset(self) -> None:
        self.session.restore(self.session.initial)

    def run(self, epochs: int) -> None:
        self.session.run(epochs)

    def loss(self) -> float:
        return self.session.metrics()["train_loss"]


class Relevo:
    name = "Relevo"
    version = "0.1.0"
    own_batches = False

    def threads(self) -> str:
        others = min(4, os.cpu_count() or 1)
        return f"{team.threads()} for large networks (RELEVO_THREADS), {others} for surfaces, ensembles"

    def training(self, work: Work) -> RelevoTraining:
        return RelevoTraining(work)

    def surface(self, work: Work) -> Callable[[], np.ndarray]:
        session = Session(work.experiment)
        snapshot, steps = session.snapshot(), Start.steps()
        a, b = (snapshot.plan.pack(pairs) for pairs in work.start.directions())
        return lambda: surface.losses(snapshot, session.data, a, b, steps, steps)

    def map(self, work: Work) -> Callable[[], list[np.ndarray]]:
        snapshot, points = Session(work.experiment).snapshot(), Start.points()
        return lambda: snapshot.forward(points)
