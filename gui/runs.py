"""The trainings of this sitting that were left: what other networks can start with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gui import settings
from gui.i18n import name_of, number, tr

if TYPE_CHECKING:
    from engine.snapshot import Snapshot
    from gui.frame import Frame

MOST, MOST_BYTES = 8, 200_000_000  # runs that are kept, and what their parameters may take


@dataclass(frozen=True, eq=False)
class Run:
    """A training as it was left.

    Attributes:
        snapshot: its last moment.
        loss: on its training rows.
    """

    snapshot: Snapshot
    loss: float

    def name(self) -> str:
        """Return it in one line: ``Spiral · 2 – 8 – 8 – 1 · epoch 60 · loss 0.166``."""
        sizes = " – ".join(number(size) for size in self._sizes())
        data = name_of("data", self.snapshot.experiment.data.name)
        return tr("{data} · {sizes} · epoch {epoch} · loss {loss}", data=data, sizes=sizes,
                  epoch=number(self.snapshot.epoch), loss=number(self.loss))  # fmt: skip

    def _sizes(self) -> tuple[int, ...]:
        return tuple(int(size) for size in self.snapshot.plan.layout.sizes)

    def write(self) -> Path:
        """Write its weights to a file of the user's, which an experiment can name. Raises OSError."""
        from engine.files import save_weights

        digest = hashlib.sha256(self.snapshot.theta.tobytes()).hexdigest()[:8]
        sizes = "-".join(map(str, self._sizes()))
        name = f"{self.snapshot.experiment.data.name}_{sizes}_epoch{self.snapshot.epoch}_{digest}"
        path = settings.folder() / "runs" / f"{name}.safetensors"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            save_weights(path, self.snapshot)
        return path


class Runs:
    """The last few of them.

    Attributes:
        kept: the runs, the newest first.
    """

    def __init__(self) -> None:
        self.kept: list[Run] = []

    def keep(self, frame: Frame | None) -> None:
        """Keep a training that is being left, if anything was trained."""
        if frame is None or frame.snapshot.update == 0:
            return
        run = Run(frame.snapshot, frame.metrics.get("train_loss", float("nan")))
        self.kept = [run, *(other for other in self.kept if not _same(run, other))][:MOST]
        while len(self.kept) > 1 and sum(one.snapshot.theta.nbytes for one in self.kept) > MOST_BYTES:
            self.kept.pop()


def _same(one: Run, other: Run) -> bool:
    """Whether two are moments of one training, as when undo has led back to it."""
    a, b = one.snapshot, other.snapshot
    return a.experiment == b.experiment and a.update == b.update
