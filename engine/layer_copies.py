"""Copies of layers, and chosen units taken out, with what becomes of single links on the way."""

from collections.abc import Collection, Sequence
from typing import Any

from engine import links
from engine.edits import remove_layer
from engine.experiment import Experiment, ExperimentError, from_plain, to_plain

Plain = dict[str, Any]


def copy_layers(experiment: Experiment, chosen: Sequence[int]) -> list[Plain]:
    """Return these layers as plain values, in their order.

    Their units, start and training are copied, and skips among them (as places in the list); links that are
    cut, and weights that were typed, belong to the layer before and stay behind.
    """
    layers = to_plain(experiment)["network"]["layers"]
    order = sorted(set(chosen))
    copies = []
    for index in order:
        copy = dict(layers[index])
        links.forget(copy)
        source = copy.pop("skip_from", None)
        if source in order:
            copy["skip_from"] = order.index(source)
        copies.append(copy)
    return copies


def paste_layers(experiment: Experiment, index: int, copies: Sequence[Plain]) -> Experiment:
    """Put copies of layers before layer ``index``, the output at the latest.

    Raises ExperimentError where one cannot stand there.
    """
    plain = to_plain(experiment)
    layers = plain["network"]["layers"]
    index = min(max(index, 0), len(layers) - 1)
    for place, copy in enumerate(copies, start=index):
        if not isinstance(copy, dict):
            raise ExperimentError("network.layers", "{value} is not a layer", value=repr(copy))
        layers.insert(place, {key: value for key, value in copy.items() if key != "skip_from"})
        links.layer_inserted(layers, place)
    for place, copy in enumerate(copies, start=index):
        if copy.get("skip_from") is not None:
            layers[place]["skip_from"] = index + copy["skip_from"]
    return from_plain(plain)


def remove_units(experiment: Experiment, layer: int, units: Collection[int]) -> Experiment:
    """Take these units out of a hidden layer; with none left, the layer goes.

    Links that are cut and numbers that were typed stay with the units that they were of.
    """
    plain = to_plain(experiment)
    layers = plain["network"]["layers"]
    gone = set(units)
    kept = [unit for unit in range(layers[layer]["units"]) if unit not in gone]
    if layer == len(layers) - 1:
        raise ExperimentError(
            f"network.layers[{layer}].units", "the data decide how many units the output has"
        )
    if not kept:
        return remove_layer(experiment, layer)
    now = {unit: place for place, unit in enumerate(kept)}
    here, after = layers[layer], layers[layer + 1]
    here["units"] = len(kept)
    for field, chosen, axis in (
        ("cut", here, 1), ("typed_weights", here, 1), ("typed_biases", here, 0),
        ("cut", after, 0), ("typed_weights", after, 0),
    ):  # fmt: skip
        chosen[field] = [_moved(entry, axis, now) for entry in chosen[field] if entry[axis] in now]
    links.drop_what_is_gone(layers, len(plain["data"].get("features") or ()))
    return from_plain(plain)


def _moved(entry: list[float], axis: int, now: dict[int, int]) -> list[float]:
    """Return an entry about a unit, by the number that the unit has now."""
    moved = list(entry)
    moved[axis] = now[int(entry[axis])]
    return moved
