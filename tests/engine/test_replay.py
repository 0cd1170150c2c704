"""Replays are exact to the bit: from any moment, after any changes, in another process, whoever looks on."""

import base64
import hashlib
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Session, surface
from engine.analysis.boundary import output_field
from engine.analysis.gradients import gradients
from engine.analysis.units import unit_maps
from engine.experiment import from_plain, to_plain
from engine.snapshot import Snapshot
from tests.engine.reference.build import PATHS, force_path

# 40 training rows, 12 for validation: batches of 12 leave a short one of 4.
EVERYTHING: dict[str, Any] = {
    "data": {"name": "moons", "samples": 104, "noise": 0.3, "validation_fraction": 0.23},
    "network": {"layers": [
        {"units": 6, "activation": "silu", "batch_norm": "before", "dropout": 0.2},
        {"units": 6, "activation": "tanh", "skip_from": 0, "cut": [[0, 1]]},
        {"units": 5, "activation": "leaky_relu", "batch_norm": "after", "max_norm": 2.0},
        {"units": 1, "activation": "sigmoid"}]},
    "optimizer": {"name": "adam", "learning_rate": 0.01},
    "schedule": {"name": "plateau", "patience": 1, "factor": 0.7},
    "regularization": {"l1": 0.001, "gradient_clip": 1.0},
    "training": {"batch_size": 12, "epochs": 30, "precision": "float64",
                 "augmentation": {"input_noise": 0.05, "jitter": 0.05},
                 "early_stopping": {"patience": 4}},
}  # fmt: skip


def state(session: Session) -> tuple[Any, ...]:
    """Return all that decides what comes next, as something to compare."""
    moment = session.snapshot()
    course = moment.course
    best = course.stopping.best_theta
    return (
        moment.theta.tobytes(), moment.slots.tobytes(), moment.experiment, moment.epoch, moment.batch,
        moment.update, moment.optimizer_updates, moment.batch_size, session.learning_rate, session.stopped,
        course.plateau, course.stopping.waited, course.stopping.best_loss,
        None if best is None else best.tobytes(),
    )  # fmt: skip


Plain = dict[str, Any]


def _layer(number: int, **values: Any) -> Any:
    return lambda plain: plain["network"]["layers"][number].update(values)


def _part(name: str, **values: Any) -> Any:
    return lambda plain: plain.__setitem__(name, {**plain[name], **values})


def _whole(**values: Any) -> Any:
    return lambda plain: plain.update(values)


CHANGES = {
    "another rate": _whole(optimizer={"name": "adam", "learning_rate": 0.003}),
    "momentum": _whole(optimizer="momentum"),
    "all rows by L-BFGS": lambda plain: (_whole(optimizer="lbfgs", schedule="constant")(plain),
                                         _part("regularization", gradient_clip=None)(plain),
                                         _part("training", batch_size=1000)(plain)),
    "back to small batches": lambda plain: (_whole(optimizer="sgd", schedule="cosine")(plain),
                                            _part("training", batch_size=7)(plain)),
    "cut": _layer(1, cut=[[0, 1], [3, 2]]),
    "joined": _layer(1, cut=[]),
    "frozen": _layer(0, trainable=False),
    "unfrozen": _layer(0, trainable=True),
    "typed": _layer(2, typed_weights=[[0, 0, 0.7], [5, 4, -0.2]], typed_biases=[[1, 0.4]]),
    "more left out": _layer(1, dropout=0.5),
    "none left out": _layer(0, dropout=0.0),
    "penalties": _part("regularization", l1=0.0, l2=0.01),
    "no noise": _part("training", augmentation={}),
    "no patience": _part("training", early_stopping=None),
    "another start": _part("seeds", init=5),
}  # fmt: skip
STEPS = ("step_batch", "step_epoch", "run 2")


def act(session: Session, action: str) -> None:
    if action in CHANGES:
        plain = to_plain(session.experiment)
        CHANGES[action](plain)
        session.change(from_plain(plain))
    elif action == "run 2":
        session.run(2)
    else:
        getattr(session, action)()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(STEPS) | st.sampled_from(sorted(CHANGES)), min_size=2, max_size=12),
    st.sampled_from(PATHS),
    st.data(),
)
def test_from_any_moment_of_any_walk(actions: list[str], path: str, data: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        force_path(patch, path)
        session = Session(from_plain(EVERYTHING))
        moments, states = [session.snapshot()], [state(session)]
        for action in actions:
            act(session, action)
            moments.append(session.snapshot())
            states.append(state(session))
        first = data.draw(st.integers(0, len(actions)), "the moment to go back to")
        fresh = data.draw(st.booleans(), "in a session of its own")
        again = Session(from_plain(EVERYTHING)) if fresh else session
        again.restore(moments[first])
        # Why the last steps stopped is no part of a moment.
        assert state(again)[:9] == states[first][:9]
        for number, action in enumerate(actions[first:], start=first + 1):
            act(again, action)
            assert state(again) == states[number], action


def test_the_walk_meets_what_it_is_about() -> None:
    """An early stop, a lower rate, changes that continue and one that restarts."""
    session = Session(from_plain(EVERYTHING))
    session.run(30)
    assert session.stopped is not None and session.stopped.reason == "early_stopping"
    assert session.learning_rate is not None and session.learning_rate < 0.01
    for action in CHANGES:
        before = session.update
        act(session, action)
        assert (session.update == 0) == (action == "another start"), action
        session.run(1)
        assert session.update > before or action == "another start"


THERE = """
import base64, hashlib, pickle, sys
from engine import Session
moment, epochs = pickle.loads(base64.b64decode(sys.stdin.read()))
session = Session(moment.experiment)
for _ in range(2):
    session.restore(moment)
    session.step_batch()
    session.run(epochs)
    end = session.snapshot()
    print(end.update, hashlib.sha256(end.theta.tobytes() + end.slots.tobytes()).hexdigest())
print(hashlib.sha256(session.predict(session.data.x_test).tobytes()).hexdigest())
"""


def test_from_a_moment_in_another_process() -> None:
    session = Session(from_plain(EVERYTHING))
    session.run(2)
    session.step_batch()
    act(session, "cut")
    act(session, "frozen")
    moment = session.snapshot()
    handed = base64.b64encode(pickle.dumps((moment, 3))).decode()
    command = [sys.executable, "-c", THERE]
    done = subprocess.run(command, input=handed, capture_output=True, text=True, check=True, timeout=300)
    session.step_batch()
    session.run(3)
    end = session.snapshot()
    said = f"{end.update} {hashlib.sha256(end.theta.tobytes() + end.slots.tobytes()).hexdigest()}"
    seen = hashlib.sha256(session.predict(session.data.x_test).tobytes()).hexdigest()
    assert done.stdout.split("\n") == [said, said, seen, ""]


LOOKS = 12  # at moments of a training that goes on, from four threads


def look(moment: Snapshot, session: Session) -> bytes:
    """Return what every kind of analysis sees of a moment."""
    data = session.data
    a, steps = np.ones(moment.plan.size), np.linspace(-0.1, 0.1, 5)
    seen = [
        output_field(moment, data, 20).values, surface.losses(moment, data, a, a[::-1], steps, steps),
        moment.predict(data.x_test), *(unit_maps(moment, data, 10) or []),
        *(array for pair in gradients(moment, data) for array in pair),
        np.array(list(moment.metrics(data).values())),
    ]  # fmt: skip
    return b"".join(np.ascontiguousarray(part).tobytes() for part in seen)


@pytest.mark.parametrize("path", PATHS)
def test_whatever_analyses_run_beside_it(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    force_path(monkeypatch, path)
    plain = EVERYTHING | {"data": EVERYTHING["data"] | {"samples": 400}}
    chosen = from_plain(plain | {"training": plain["training"] | {"early_stopping": None}})
    session, done = Session(chosen), Event()
    moments, seen = [session.snapshot()], list[tuple[Snapshot, bytes]]()

    def watch() -> None:
        while not done.is_set():
            moment = moments[-1]
            seen.append((moment, look(moment, session)))

    with ThreadPoolExecutor(4) as pool:
        views = [pool.submit(watch) for _ in range(4)]
        try:
            while len({moment.update for moment, _ in list(seen)}) < LOOKS:
                if any(view.done() for view in views):
                    break  # it failed
                session.step_batch()
                moments.append(session.snapshot())
        finally:
            done.set()
        for view in views:
            view.result()
    alone = Session(chosen)
    while alone.update < session.update:
        alone.step_batch()
    assert state(session) == state(alone)
    for moment, then in seen:
        assert look(moment, session) == then
