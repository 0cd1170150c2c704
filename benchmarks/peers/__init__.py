"""Relevo and its peers, each behind the same three functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.works import Work


class Training(Protocol):
    """One training of a work by one library."""

    def reset(self) -> None:
        """Go back to the initial weights and a fresh optimizer."""

    def run(self, epochs: int) -> None:
        """Train from where it is, and return when it is done."""

    def loss(self) -> float:
        """Return the mean loss over the training rows."""


class Peer(Protocol):
    """A library.

    Attributes
    ----------
    name, version : as it calls itself
    own_batches : whether it shuffles by itself instead of taking Relevo's order
    """

    name: str
    version: str
    own_batches: bool

    def threads(self) -> str:
        """Return in words how many threads it computes with."""

    def training(self, work: Work) -> Training:
        """Return a training of the work, at its start."""

    def surface(self, work: Work) -> Callable[[], np.ndarray] | None:
        """Return what computes the (GRID, GRID) losses of the work, row by row of beta; None if it cannot."""

    def map(self, work: Work) -> Callable[[], list[np.ndarray]] | None:
        """Return what computes each layer's activations (points, units) at the map's points, or None."""


def all_peers() -> list[Peer]:
    """Return Relevo first, then the peers that are installed."""
    from benchmarks.peers.relevo import Relevo

    peers: list[Peer] = [Relevo()]
    try:
        from benchmarks.peers.in_jax import Jax

        peers.append(Jax())
    except ImportError:
        pass
    try:
        from benchmarks.peers.in_sklearn import ScikitLearn

        peers.append(ScikitLearn())
    except ImportError:
        pass
    try:
        from benchmarks.peers.in_torch import PyTorch

        peers.append(PyTorch())
    except ImportError:
        pass
    return peers
