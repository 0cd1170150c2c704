"""Small networks with weights of one's own choice."""

from typing import Any

import numpy as np

from engine.data import Data
from engine.experiment import from_plain
from engine.session import Session
from engine.snapshot import Pairs, Snapshot


def network(
    name: str, *layers: dict[str, Any], data: dict[str, Any] | None = None, **more: Any
) -> tuple[Snapshot, Data]:
    """Return the start of such a training, and its data."""
    plain = {
        "data": {"name": name, "scaling": "none", **(data or {})},
        "network": {"layers": list(layers)}, "training": {"precision": "float64"}, **more,
    }  # fmt: skip
    if layers[-1]["activation"] == "linear":
        plain.setdefault("loss", "mse")
    session = Session(from_plain(plain))
    return session.snapshot(), session.data


def with_weights(snapshot: Snapshot, pairs: Pairs) -> Snapshot:
    """Return the snapshot with these weights and biases."""
    return snapshot.at(snapshot.plan.pack([(np.asarray(w, float), np.asarray(b, float)) for w, b in pairs]))


SIGMOID = {"units": 1, "activation": "sigmoid"}
LINEAR = {"units": 1, "activation": "linear"}
ZEROS = {"initializer": "zeros"}
