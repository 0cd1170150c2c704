"""Frames without a worker: a session trained for a moment."""

from typing import Any

import numpy as np

from engine.experiment import Experiment, from_plain
from engine.session import Session
from gui.frame import Curves, Frame, Run
from gui.recorder import METRICS

HIDDEN, SIGMOID = {"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}


def experiment(name: str, *layers: dict[str, Any], **more: Any) -> Experiment:
    """Return an experiment on a data set with these layers."""
    plain = {"data": {"name": name}, "network": {"layers": list(layers)}, **more}
    return from_plain(plain)


def frame(of: Experiment, epochs: int = 0, state: Any = "paused", pairs: Any = None) -> Frame:
    """Return the frame after some epochs, or after giving the network other weights."""
    session = Session(of)
    rows = [_row(session)]
    path = [(0.0, session.snapshot().theta.astype(np.float32))]
    for _ in range(epochs):
        session.step_epoch()
        rows.append(_row(session))
        path.append((float(session.epoch), session.snapshot().theta.astype(np.float32)))
    if pairs is not None:
        session.set_weights(pairs)
    curves = Curves(*np.array(rows, float).T.copy())
    return Frame(
        session.snapshot(), session.initial, session.data, session.metrics(), curves, tuple(path), 0.0, state,
        before=Run(of, curves, session.data, session.initial, session.initial),
    )  # fmt: skip


def _row(session: Session) -> tuple[float, ...]:
    metrics, nan = session.metrics(), float("nan")
    return (
        session.epoch, *(metrics.get(name, nan) for name in METRICS),
    )  # fmt: skip
