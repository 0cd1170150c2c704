"""What tests of the engine begin with; a file's own fixture of the same name goes first."""

from pathlib import Path

import pytest

from engine import Session
from engine.files import save_weights
from tests.engine.reference.build import experiment


@pytest.fixture
def session() -> Session:
    """A network for iris, 4-5-4-3."""
    return Session(experiment((5, 4), data="iris", output="softmax"))


@pytest.fixture
def path(tmp_path: Path, session: Session) -> Path:
    """A file with its weights."""
    save_weights(tmp_path / "weights.safetensors", session.snapshot())
    return tmp_path / "weights.safetensors"
