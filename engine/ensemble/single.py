"""One training of the ensemble by itself: networks that are large, or have what the lanes do not."""

from collections.abc import Callable

import numpy as np

from engine.ensemble.result import Job, Result
from engine.session import Session
from engine.surface import Cancelled


def train_single(job: Job, stopped: Callable[[], bool]) -> list[Result]:
    """Return the result of a training, alone in a list. Raises Cancelled; asks before each epoch."""
    session, curve = Session(job.experiment), []
    for epoch in range(job.epochs + 1):
        if stopped():
            raise Cancelled
        if epoch > 0:
            session.step_epoch()
        if job.every and epoch % job.every == 0:
            curve.append(session.snapshot().loss(session.data.x_train, session.data.y_train))
        if session.stopped is not None:
            break
    return [Result(job.index, session.snapshot(), session.data, np.array(curve), session.stopped)]
