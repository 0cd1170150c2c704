"""Numbers put into a training by hand, and back by undo: those of a link, a bias, or a layer's arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from engine.experiment import Experiment, Layer
    from engine.session import Session
    from engine.snapshot import Snapshot


class Put(NamedTuple):
    """A value for a place of an array of parameters.

    Attributes:
        name: the array, such as ``layers.0.weight``.
        place: where in it; an empty tuple is all of it.
        value: a number, or an array of its shape.
    """

    name: str
    place: tuple[int, ...]
    value: float | np.ndarray


def put_in(session: Session, puts: Iterable[Put]) -> None:
    """Put these values in; cut links stay 0."""
    puts = list(puts)
    if puts:
        arrays = session.parameters()
        for put in puts:
            arrays[put.name][put.place or ...] = put.value
        session.set_parameters({put.name: arrays[put.name] for put in puts})


def put_back(session: Session, old: Experiment, new: Experiment, puts: Sequence[Put], left: Snapshot) -> None:
    """Give back what a moment had wherever going from one experiment to the other, or puts, had a hand in.

    So undoing a cut, or a number typed by hand, brings back the weight that was there, and nothing else of
    the training goes back.
    """
    was = left.parameters()
    places = [*_touched(old, new), *((put.name, put.place) for put in puts)]
    put_in(session, [Put(name, place, was[name][place or ...]) for name, place in places])


def _touched(old: Experiment, new: Experiment) -> list[tuple[str, tuple[int, ...]]]:
    """Return where links are cut or joined, or numbers typed, in one of two experiments and not the other."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for layer, (one, other) in enumerate(zip(old.network.layers, new.network.layers, strict=True)):
        links = {entry[:2] for entry in set(one.typed_weights) ^ set(other.typed_weights)}
        units = {entry[:1] for entry in set(one.typed_biases) ^ set(other.typed_biases)}
        found += [(f"layers.{layer}.weight", link) for link in links | _cut_of(one) ^ _cut_of(other)]
        found += [(f"layers.{layer}.bias", unit) for unit in units]
    return found


def _cut_of(layer: Layer) -> set[tuple[int, ...]]:
    return set(layer.cut)
