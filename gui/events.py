"""What the training thread tells the window besides frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.trainer import Diverged, Finished

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.stopping import Stop


@dataclass(frozen=True)
class Loaded:
    """A new training stands at its initial weights."""


@dataclass(frozen=True)
class Changed:
    """The experiment was changed: "continues", "restarts" (what was trained is gone) or "resumes"."""

    outcome: str


@dataclass(frozen=True)
class Moved:
    """Going through the past brought another experiment; `edits` is how many the window had made by then."""

    experiment: Experiment
    edits: int


@dataclass(frozen=True)
class Stopped:
    """Playing stopped by itself, or a step diverged; `play` is the number of that play."""

    play: int
    reason: Finished | Diverged | Stop


@dataclass(frozen=True)
class Endless:
    """Playing goes on past the planned epochs, until it is paused."""

    epochs: int


@dataclass(frozen=True)
class Failed:
    """Something in the worker raised during that play; it goes on living."""

    play: int
    error: Exception


Event = Loaded | Changed | Moved | Stopped | Endless | Failed
