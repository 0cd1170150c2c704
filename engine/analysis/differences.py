"""What two experiments differ in: the one thing changed, or all of them."""

from typing import Any, NamedTuple

from engine.experiment import Experiment, to_plain

UNIMPORTANT = ("title", "version")


class Difference(NamedTuple):
    """One field that differs.

    Attributes
    ----------
    place : as in error messages, such as ``network.layers[0].activation``
    before, after : numbers, texts or truth values; the names of choices; the sizes of layers
        (``"8 – 8 – 1"``) where there are more or fewer of them; how many where lists differ; None for
        what is not there
    """

    place: str
    before: Any
    after: Any


def differences(before: Experiment, after: Experiment) -> list[Difference]:
    """Return everything that differs, in the order of the experiment's fields; titles do not count."""
    one, other = to_plain(before), to_plain(after)
    return [found for key in _keys(one, other) if key not in UNIMPORTANT
            for found in _walk(key, one.get(key), other.get(key))]  # fmt: skip


def _walk(place: str, one: Any, other: Any) -> list[Difference]:
    if one == other:
        return []
    if _name(one) != _name(other):
        return [Difference(place, _name(one), _name(other))]
    if isinstance(one, dict) and isinstance(other, dict):
        return [found for key in _keys(one, other)
                for found in _walk(f"{place}.{key}", one.get(key), other.get(key))]  # fmt: skip
    if isinstance(one, list) and isinstance(other, list):
        return _walk_lists(place, one, other)
    if isinstance(one, dict) or isinstance(other, dict):  # a choice written with and without parameters
        return _walk(place, _whole(one), _whole(other))
    return [Difference(place, one, other)]


def _walk_lists(place: str, one: list[Any], other: list[Any]) -> list[Difference]:
    layers = all(isinstance(item, dict) for item in (*one, *other))
    if layers and len(one) == len(other):
        return [found for index, (first, second) in enumerate(zip(one, other, strict=True))
                for found in _walk(f"{place}[{index}]", first, second)]  # fmt: skip
    if layers:
        return [Difference(place, *(" – ".join(str(layer.get("units")) for layer in part)
                                    for part in (one, other)))]  # fmt: skip
    return [Difference(place, len(one), len(other))]


def _keys(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [*one, *(key for key in other if key not in one)]


def _name(part: Any) -> Any:
    """Return the name of a choice, written with parameters or without; None for what is none."""
    return part.get("name") if isinstance(part, dict) else part if isinstance(part, str) else None


def _whole(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else {} if part is None else {"name": part}
