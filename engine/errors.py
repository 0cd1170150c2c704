"""What is wrong with an experiment, and where: one sentence that can be translated."""

import json

from engine.choices.base import Range

LONGEST = 160  # characters of a file that an error repeats
LONGEST_VALUE = 40  # characters of one value


class ExperimentError(ValueError):
    """An experiment that cannot be used: where, and why.

    Attributes
    ----------
    place : the field, such as ``network.layers[0].dropout``; empty for the file as a whole
    reason : an English sentence with ``{name}`` fields, the key under which a translation is found
    values : what fills those fields

    Text that comes from a file is shown in one line, whatever it holds.
    """

    def __init__(self, place: str, reason: str, **values: object) -> None:
        self.place, self.reason = _in_one_line(place), reason
        self.values = {key: _readable(value) for key, value in values.items()}
        text = reason.format(**self.values)
        super().__init__(f"{self.place}: {text}" if place else text)


def _readable(value: object) -> object:
    """Return a value that an error can repeat: text in one line, no number of a thousand digits."""
    if isinstance(value, str):
        return _in_one_line(value)
    return shown(value) if isinstance(value, int) and abs(value) >= 10**15 else value


def _in_one_line(text: str) -> str:
    """Return text with its line breaks and control characters spelled out, cut to a readable length."""
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def shown(value: object) -> str:
    """Return a value as it stands in a file, cut to a readable length."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)  # a 2 where numbers need not be whole was read as 2.0
    return written(value)


def written(value: object) -> str:
    """Do what :func:`shown` does where 2.0 is another thing than 2: where it is not of the right type."""
    text = ""
    try:
        for part in json.JSONEncoder(ensure_ascii=False).iterencode(value):
            text += part
            if len(text) > LONGEST_VALUE:  # the rest may be a million numbers
                break
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."


def check_number(place: str, value: object, allowed: Range) -> None:
    """Raise ExperimentError unless the value is a finite number within the range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExperimentError(place, "{value} is not a number", value=shown(value))
    if value not in allowed:
        raise ExperimentError(place, "{value} is not in {range}", value=shown(value), range=allowed)
