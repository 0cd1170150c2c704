"""The gradient of the training loss at a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.snapshot import Pairs, Snapshot

if TYPE_CHECKING:
    from engine.data import Data


def gradients(snapshot: Snapshot, data: Data, rows: int | None = None) -> Pairs:
    """Return [(dL/dW (n_in, n_out), dL/db (n_out,)), ...] over the training rows, penalties included.

    Parameters
    ----------
    rows : look at the first so many training rows only; None for all
    """
    grad = snapshot.gradient(data.x_train[:rows], data.y_train[:rows])
    return [(w.copy(), b.copy()) for w, b in snapshot.plan.unpack(grad)]
