"""Short ways around weights files, for tests."""

import json
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from engine import Session
from engine.experiment import Experiment, replace_at
from engine.files import WeightsError, load_weights


def load(path: Path, session: Session) -> list[tuple[np.ndarray, np.ndarray]]:
    return load_weights(path, session.experiment, session.data.x_train.shape[1])


def refused(path: Path, session: Session) -> WeightsError:
    with pytest.raises(WeightsError) as caught:
        load(path, session)
    return caught.value


def with_header(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def tensors(session: Session) -> dict[str, np.ndarray]:
    return session.parameters()


def header_of(session: Session, **changes: Any) -> dict[str, Any]:
    (length,) = struct.unpack("<Q", save(tensors(session))[:8])
    header = json.loads(save(tensors(session))[8 : 8 + length])
    header["layers.0.weight"] |= changes
    return header


def body(session: Session) -> bytes:
    content = save(tensors(session))
    return content[8 + struct.unpack("<Q", content[:8])[0] :]


def peak_of(work: Any) -> int:
    """Return the most memory, in bytes, that Python had at once meanwhile."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def normalized(chosen: Experiment, layer: int = 0) -> Experiment:
    """Return an experiment with batch normalization in a layer."""
    return replace_at(chosen, f"network.layers[{layer}].batch_norm", True)


def norm_tensors(session: Session) -> dict[str, np.ndarray]:
    names = ("scale", "shift", "running_mean", "running_variance")
    return tensors(session) | {f"layers.0.{name}": np.arange(5.0) for name in names}
