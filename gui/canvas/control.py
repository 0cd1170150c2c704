"""What the canvas needs of the controller, which alone changes experiment and training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from engine.experiment import Experiment
    from gui.frame import Frame
    from gui.puts import Put
    from gui.runs import Runs


class Controller(Protocol):
    """What the canvas needs of the controller."""

    experiment: Experiment
    experiment_changed: SignalInstance
    message: SignalInstance
    runs: Runs

    @property
    def frame(self) -> Frame | None: ...

    def attempt(
        self, function: Callable[[], Experiment], text: str, place: str | None = None,
        puts: Sequence[Put] = (),
    ) -> None: ...  # fmt: skip

    def edit(self, place: str, value: object, text: str) -> None: ...

    def toggle(self) -> None: ...

    def hold(self) -> None: ...

    def step_batch(self) -> None: ...
