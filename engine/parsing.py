"""From the text of an experiment file to plain dictionaries, or to one sentence that says what is wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any

from engine.errors import ExperimentError

# Bytes or characters. Ten thousand points take half a million; parsed, a text takes thirty times the room.
LARGEST = 4 * 1024 * 1024

_SURROGATE = re.compile("[\ud800-\udfff]|" + r"\\u[dD][89a-fA-F]")  # as a character or as an escape


class _Twice:
    """Stands in the place of a value whose key an object has twice."""


def parse(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object that the text holds.

    A byte order mark is no obstacle. NaN and Infinity are read, as Python writes them: the checks of numbers
    refuse them with their place. Raises ExperimentError.
    """
    if len(text) > LARGEST:
        raise ExperimentError("", "this file is too large to be an experiment")
    decoded = (_decoded(text) if isinstance(text, bytes) else text).removeprefix("\ufeff")
    twice: list[_Twice] = []
    try:
        plain = json.loads(decoded, object_pairs_hook=lambda pairs: _object(pairs, twice))
    except json.JSONDecodeError as error:
        raise ExperimentError("", "this is not JSON: line {line}, column {column}",
                              line=error.lineno, column=error.colno) from error  # fmt: skip
    except RecursionError as error:
        raise ExperimentError("", "this is nested too deeply to be an experiment") from error
    except ValueError as error:  # Python reads no whole number of more than some thousand digits
        raise ExperimentError("", "a number in this file has too many digits") from error
    if twice:
        place = next(place for place, part in _inside(plain) if isinstance(part, _Twice))
        raise ExperimentError(place, "this field stands there twice")
    if _SURROGATE.search(decoded):
        _check_text(plain)
    if not isinstance(plain, dict):
        raise ExperimentError("", "an experiment file holds one JSON object")
    return plain


def _decoded(content: bytes) -> str:
    """Return the text that UTF-8 makes of a file's bytes. Raises ExperimentError."""
    encoding = json.detect_encoding(content)
    if not encoding.startswith("utf-8") and "{" in content[:8].decode(encoding, "ignore"):
        name = encoding[:6].upper()  # UTF-16 or UTF-32, whatever the order of its bytes
        raise ExperimentError("", "this text is in {encoding}: save it as UTF-8", encoding=name)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        reason = "this is no text in UTF-8, from byte {byte} on"
        raise ExperimentError("", reason, byte=error.start) from error


def _object(pairs: list[tuple[str, Any]], twice: list[_Twice]) -> dict[str, Any]:
    """Return a JSON object, with a mark in the place of what it has twice; the marks are noted, too."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            value = _Twice()
            twice.append(value)
        found[key] = value
    return found


def _check_text(plain: Any) -> None:
    """Raise ExperimentError for a key or a text that no encoding can write.

    A title may be any text: nothing is looked up by it, and what was saved opens again.
    """
    for place, part in _inside(plain):
        if place == "title":
            continue
        try:
            (place + part if isinstance(part, str) else place).encode()
        except UnicodeEncodeError as error:
            raise ExperimentError(place, "half of a surrogate pair is no character") from error


def _inside(plain: Any) -> Iterator[tuple[str, Any]]:
    """Yield (place, part) for everything in plain values, in their order; nesting may be deep."""
    rest = [("", plain)]
    while rest:
        place, part = rest.pop()
        yield place, part
        if isinstance(part, dict):
            rest += [(f"{place}.{key}".lstrip("."), value) for key, value in reversed(part.items())]
        elif isinstance(part, list):
            rest += [(f"{place}[{index}]", part[index]) for index in range(len(part) - 1, -1, -1)]
