"""Everything about learning, without a window: experiments, sessions, choices, analyses."""

from typing import TYPE_CHECKING

from engine.experiment import Experiment, ExperimentError

if TYPE_CHECKING:
    from engine.session import Session
    from engine.snapshot import Snapshot

__version__ = "0.1.0"  # the same as pyproject.toml's, which a packed program does not have beside it

__all__ = ["Experiment", "ExperimentError", "Session", "Snapshot"]


def __getattr__(name: str) -> object:
    """Load the parts that compile only when they are asked for, so that a window can show first."""
    if name == "Session":
        from engine.session import Session

        return Session
    if name == "Snapshot":
        from engine.snapshot import Snapshot

        return Snapshot
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
