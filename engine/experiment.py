"""The frozen, validated description of one experiment, and its JSON file.

Everything that decides a training run is in an :class:`Experiment`; two equal experiments train to the
same bits. Nothing here knows how it is computed. Edits make a new Experiment (:func:`replace_at`).
"""

import json
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec

from engine import choices
from engine.choices.base import FRACTION, NOT_NEGATIVE, Entry, Range
from engine.writing import write_whole

VERSION = 1
LONGEST = 160  # characters of a file that an error repeats
LARGEST_FILE = 16 * 1024 * 1024  # bytes; the longest experiment is far shorter
SEED = Range(0, 2**32 - 1)


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
        self.values = {key: _in_one_line(v) if isinstance(v, str) else v for key, v in values.items()}
        text = reason.format(**self.values)
        super().__init__(f"{self.place}: {text}" if place else text)


def _in_one_line(text: str) -> str:
    """Return text with its line breaks and control characters spelled out, cut to a readable length."""
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


class Choice:
    """A picked entry of one family with a value for each of its parameters; immutable and hashable.

    ``Optimizer("adam", learning_rate=0.1)`` fills in what is not given from the entry's defaults.
    Raises ExperimentError for an unknown name or parameter and for a value out of range.
    """

    family: ClassVar[dict[str, Entry]]
    kind: ClassVar[str]
    __slots__ = ("_values", "name")

    name: str
    _values: tuple[tuple[str, float], ...]

    def __init__(self, name: str, **parameters: float) -> None:
        entry = self.family.get(name)
        if entry is None:
            raise ExperimentError("", "{value} is not a known {kind}", value=name, kind=self.kind)
        known = {parameter.key: parameter for parameter in entry.parameters}
        for key, value in parameters.items():
            if key not in known:
                raise ExperimentError("", "{name} has no parameter {value}", name=name, value=key)
            check_number(key, value, known[key].range)
        object.__setattr__(self, "name", name)
        values = tuple((key, float(parameters.get(key, known[key].default))) for key in known)
        object.__setattr__(self, "_values", values)

    @property
    def entry(self) -> Any:
        """The table's entry."""
        return self.family[self.name]

    @property
    def parameters(self) -> dict[str, float]:
        """Every parameter's value, in the entry's order."""
        return dict(self._values)

    def __getitem__(self, key: str) -> float:
        return self.parameters[key]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and (self.name, self._values) == (other.name, other._values)

    def __hash__(self) -> int:
        return hash((self.name, self._values))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a choice is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return _make_choice, (type(self), self.name, self._values)

    def __repr__(self) -> str:
        inside = "".join(f", {key}={value:g}" for key, value in self._values)
        return f"{type(self).__name__}({self.name!r}{inside})"

    def replace(self, **parameters: float) -> typing.Self:
        """Return the same choice with other parameter values."""
        return type(self)(self.name, **{**self.parameters, **parameters})

    def to_plain(self) -> str | dict[str, Any]:
        """Return what stands in the file: the name, or an object with the parameters."""
        return {"name": self.name, **self.parameters} if self._values else self.name

    @classmethod
    def from_plain(cls, plain: object) -> typing.Self:
        """Return the choice that a file's name or object stands for."""
        if isinstance(plain, str):
            return cls(plain)
        if not isinstance(plain, dict) or not isinstance(plain.get("name"), str):
            raise ExperimentError("", "expected a name or an object with a name")
        return cls(plain["name"], **{key: value for key, value in plain.items() if key != "name"})


def _make_choice(cls: type[Choice], name: str, values: tuple[tuple[str, float], ...]) -> Choice:
    return cls(name, **dict(values))


class Activation(Choice):
    """An activation function and its parameters."""

    __slots__ = ()
    family, kind = choices.ACTIVATIONS, "activation"


class Loss(Choice):
    """A loss function."""

    __slots__ = ()
    family, kind = choices.LOSSES, "loss"


class Initializer(Choice):
    """A way to draw a layer's first weights, and its parameters."""

    __slots__ = ()
    family, kind = choices.INITIALIZERS, "initializer"


class BiasInitializer(Choice):
    """A way to set a layer's first biases."""

    __slots__ = ()
    family, kind = choices.BIAS_INITIALIZERS, "bias initializer"


class Optimizer(Choice):
    """An optimizer and its parameters, the learning rate among them."""

    __slots__ = ()
    family, kind = choices.OPTIMIZERS, "optimizer"


class Schedule(Choice):
    """How the learning rate changes over time."""

    __slots__ = ()
    family, kind = choices.SCHEDULES, "schedule"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an experiment: immutable, with no unknown fields."""


class Data(_Part, kw_only=True):
    """Which rows, how many, how noisy, how they are split and scaled. None means the data set's own."""

    name: str
    samples: Annotated[int | None, Range(4, 100_000)] = None
    noise: Annotated[float, Range(0, 1)] = 0.0
    test_fraction: Annotated[float | None, Range(0, 0.95)] = None
    validation_fraction: Annotated[float, Range(0, 0.95)] = 0.0
    scaling: str = "standard"
    features: tuple[str, ...] | None = None


class Layer(_Part, kw_only=True):
    """One layer: its units, activation and start."""

    units: Annotated[int, Range(1, 4096)]
    activation: Activation = Activation("tanh")
    initializer: Initializer = Initializer("xavier_uniform")
    bias_initializer: BiasInitializer = BiasInitializer("zeros")
    batch_norm: bool = False
    dropout: Annotated[float, FRACTION] = 0.0
    trainable: bool = True


class Network(_Part, kw_only=True):
    """The layers after the inputs, the output layer last."""

    layers: tuple[Layer, ...]


class Regularization(_Part, kw_only=True):
    """Penalties on weights (not biases): l1 sum |w| + l2 sum w²."""

    l1: Annotated[float, NOT_NEGATIVE] = 0.0
    l2: Annotated[float, NOT_NEGATIVE] = 0.0
    gradient_clip: Annotated[float | None, Range(0, low_open=True)] = None


class Training(_Part, kw_only=True):
    """How long, in which batches and with how many bits."""

    batch_size: Annotated[int, Range(1, 100_000)] = 10
    epochs: Annotated[int, Range(1, 10_000_000)] = 200
    precision: str = "float32"
    early_stopping: Annotated[float | None, NOT_NEGATIVE] = None
    target_loss: Annotated[float | None, NOT_NEGATIVE] = None


class Seeds(_Part, kw_only=True):
    """The three seeds: of the data, of the first weights, of the order of batches."""

    data: Annotated[int, SEED] = 0
    init: Annotated[int, SEED] = 0
    order: Annotated[int, SEED] = 0


class Experiment(_Part, kw_only=True):
    """One experiment, whole."""

    version: int = VERSION
    title: str = ""
    data: Data
    network: Network
    loss: Loss = Loss("binary_cross_entropy")
    optimizer: Optimizer = Optimizer("adam")
    schedule: Schedule = Schedule("constant")
    regularization: Regularization = Regularization()
    training: Training = Training()
    seeds: Seeds = Seeds()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Experiment":
        """Return the experiment that the JSON text describes, with every default filled in.

        Raises ExperimentError with the place and the reason for anything unknown, of the wrong type,
        out of range, or not supported by this version.
        """
        return from_plain(_parse(text))

    @classmethod
    def load(cls, path: str | Path) -> "Experiment":
        """Read an experiment file. Raises ExperimentError; OSError when it cannot be read."""
        with Path(path).open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ExperimentError("", "this file is too large to be an experiment")
        return cls.from_json(content)

    def to_json(self) -> str:
        """Return the experiment as indented JSON that :meth:`from_json` reads back as an equal one."""
        return json.dumps(to_plain(self), indent=2, ensure_ascii=False) + "\n"

    def save(self, path: str | Path) -> None:
        """Write the experiment file, or leave what is there as it was. Raises OSError."""
        # Halves of surrogate pairs, which no encoding has, stay the escapes that they were in JSON.
        write_whole(path, self.to_json().encode("utf-8", "backslashreplace"))


def _parse(text: str | bytes) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        raise ExperimentError("", "this is not JSON: line {line}, column {column}",
                              line=error.lineno, column=error.colno) from error  # fmt: skip
    except (ValueError, RecursionError) as error:  # bytes that are no text, numbers or nesting without end
        raise ExperimentError("", "this is not JSON") from error
    if not isinstance(plain, dict):
        raise ExperimentError("", "an experiment file holds one JSON object")
    version = plain.get("version", VERSION)
    if type(version) is not int or not 1 <= version <= VERSION:
        raise ExperimentError(
            "version", "{value} is not a version that this program reads (1 to {newest})",
            value=shown(version), newest=VERSION,
        )  # fmt: skip
    return plain


def to_plain(part: Any) -> Any:
    """Return an experiment, or a part of one, as dictionaries, lists, strings and numbers."""
    return _listed(msgspec.to_builtins(part, enc_hook=lambda choice: choice.to_plain()))


def _listed(plain: Any) -> Any:
    """Return plain values with lists for tuples, so that edits can insert and delete."""
    if isinstance(plain, list | tuple):
        return [_listed(item) for item in plain]
    return {key: _listed(item) for key, item in plain.items()} if isinstance(plain, dict) else plain


def from_plain(plain: dict[str, Any]) -> Experiment:
    """Return the experiment that such dictionaries describe, checked and with its defaults resolved.

    Raises ExperimentError.
    """
    from engine.rules import check, resolve  # the rules are about Experiments: imported when one exists

    try:
        experiment = msgspec.convert(plain, Experiment, dec_hook=lambda kind, value: kind.from_plain(value))
    except msgspec.ValidationError as error:
        raise _located(error, plain) from error
    for place, value, allowed in _ranged(experiment):
        check_number(place, value, allowed)
    experiment = resolve(experiment)
    check(experiment)
    return experiment


def _located(error: msgspec.ValidationError, plain: Any) -> ExperimentError:
    """Turn msgspec's message into a place and a reason."""
    message, _, path = str(error).rpartition(" - at `") if " - at `" in str(error) else (str(error), "", "")
    place = path.rstrip("`").removeprefix("$").removeprefix(".")
    cause = error.__cause__
    if isinstance(cause, ExperimentError):
        whole = f"{place}.{cause.place}" if cause.place else place
        return ExperimentError(whole, cause.reason, **cause.values)
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", message, re.DOTALL)
    if unknown:
        return ExperimentError(f"{place}.{unknown[1]}".lstrip("."), "there is no such field")
    missing = re.fullmatch(r"Object missing required field `(.*)`", message)
    if missing:
        return ExperimentError(f"{place}.{missing[1]}".lstrip("."), "this field is required")
    wanted = re.fullmatch(r"Expected `(.*?)`, got `(.*?)`", message)
    if wanted:
        value = shown(value_at(plain, place))
        return ExperimentError(place, "{value} is not of type {wanted}", value=value, wanted=wanted[1])
    return ExperimentError(place, "{detail}", detail=message)


def shown(value: object) -> str:
    """Return a value as it stands in a file, cut to a readable length."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)  # a 2 where numbers need not be whole was read as 2.0
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def check_number(place: str, value: object, allowed: Range) -> None:
    """Raise ExperimentError unless the value is a finite number within the range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExperimentError(place, "{value} is not a number", value=shown(value))
    if value not in allowed:
        raise ExperimentError(place, "{value} is not in {range}", value=shown(value), range=allowed)


def _ranged(part: Any, place: str = "") -> Iterator[tuple[str, float, Range]]:
    """Yield (place, value, range) for every number of a part that its class gives a range."""
    if isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _ranged(item, f"{place}[{index}]")
    elif isinstance(part, msgspec.Struct):
        ranges = ranges_of(type(part))
        for field in part.__struct_fields__:
            value, where = getattr(part, field), f"{place}.{field}".lstrip(".")
            if field in ranges and value is not None:
                yield where, value, ranges[field]
            else:
                yield from _ranged(value, where)


def ranges_of(part: type) -> dict[str, Range]:
    """Return the range of each number of a part of the experiment, by field."""
    hints = typing.get_type_hints(part, include_extras=True)
    return {
        field: extra
        for field, hint in hints.items()
        for extra in getattr(hint, "__metadata__", ())
        if isinstance(extra, Range)
    }


def _steps(place: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", place)]


def value_at(part: Any, place: str) -> Any:
    """Return what stands at a place such as ``network.layers[0].units`` (None where nothing does)."""
    for step in _steps(place):
        try:
            if isinstance(part, msgspec.Struct):
                part = getattr(part, str(step))
            elif isinstance(part, Choice):
                part = part.parameters[str(step)]
            else:
                part = part[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            return None
    return part


def replace_at(experiment: Experiment, place: str, value: object) -> Experiment:
    """Return a checked copy with another value at a place such as ``optimizer.learning_rate``.

    Raises ExperimentError when the new experiment cannot be used, or no such place exists.
    """
    plain = to_plain(experiment)
    target = plain
    try:
        *path, last = _steps(place)
        for step in path:
            target = target[step]
        if isinstance(target, list) and not isinstance(last, int):
            raise TypeError
        target[last] = to_plain(value)
    except (KeyError, IndexError, TypeError, ValueError):
        raise ExperimentError(place, "there is no such field") from None
    return from_plain(plain)
