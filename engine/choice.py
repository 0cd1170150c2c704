"""A picked entry of a family of choices, with a value for each of its parameters."""

import typing
from typing import Any, ClassVar

from engine import choices
from engine.choices.base import Entry, Parameter
from engine.choices.gains import gain_of
from engine.errors import ExperimentError, check_number, shown

Value = float | str
LONGEST_TEXT = 4096  # characters of a text such as a path


class Choice:
    """A picked entry of one family with a value for each of its parameters; immutable and hashable.

    ``Optimizer("adam", learning_rate=0.1)`` fills in what is not given from the entry's defaults.
    Raises ExperimentError for an unknown name or parameter and for a value out of range.
    """

    family: ClassVar[dict[str, Entry]]
    kind: ClassVar[str]
    __slots__ = ("_values", "name")

    name: str
    _values: tuple[tuple[str, Value], ...]

    def __init__(self, name: str, **parameters: Value) -> None:
        entry = self.family.get(name)
        if entry is None:
            raise ExperimentError("", "{value} is not a known {kind}", value=name, kind=self.kind)
        known = {parameter.key: parameter for parameter in entry.parameters}
        for key in parameters:
            if key not in known:
                raise ExperimentError("", "{name} has no parameter {value}", name=name, value=key)
        object.__setattr__(self, "name", name)
        values = tuple((key, _checked(known[key], parameters.get(key, known[key].default))) for key in known)
        object.__setattr__(self, "_values", values)

    @property
    def entry(self) -> Any:
        """The table's entry."""
        return self.family[self.name]

    @property
    def settings(self) -> dict[str, Value]:
        """Every parameter's value, in the entry's order, texts included."""
        return dict(self._values)

    @property
    def parameters(self) -> dict[str, float]:
        """Every number among the parameters, in the entry's order; a switch is True or False.

        Texts and options are left out.
        """
        return {key: value for key, value in self._values if not isinstance(value, str)}

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
        inside = "".join(f", {key}={_written(value)}" for key, value in self._values)
        return f"{type(self).__name__}({self.name!r}{inside})"

    def replace(self, **parameters: Value) -> typing.Self:
        """Return the same choice with other parameter values."""
        return type(self)(self.name, **{**self.settings, **parameters})

    def to_plain(self) -> Any:
        """Return what stands in the file: the name, or an object with the parameters."""
        return {"name": self.name, **self.settings} if self._values else self.name

    @classmethod
    def from_plain(cls, plain: object) -> typing.Self:
        """Return the choice that a file's name or object stands for."""
        if isinstance(plain, str):
            return cls(plain)
        if not isinstance(plain, dict) or not isinstance(plain.get("name"), str):
            raise ExperimentError("", "expected a name or an object with a name")
        return cls(plain["name"], **{key: value for key, value in plain.items() if key != "name"})


def _make_choice(cls: type[Choice], name: str, values: tuple[tuple[str, Value], ...]) -> Choice:
    return cls(name, **dict(values))


def _checked(parameter: Parameter, value: object) -> Value:
    """Return a parameter's value as it is kept. Raises ExperimentError unless it is of the right kind."""
    if parameter.kind == "text":
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise ExperimentError(parameter.key, "{value} is not a text", value=shown(value))
        return value
    if parameter.kind == "option":
        if value not in parameter.options:
            raise ExperimentError(parameter.key, "{value} is not one of {options}",
                                  value=shown(value), options=", ".join(parameter.options))  # fmt: skip
        return str(value)
    if parameter.kind == "switch":
        if not isinstance(value, bool):
            raise ExperimentError(parameter.key, "{value} is not true or false", value=shown(value))
        return value
    check_number(parameter.key, value, parameter.range)
    number = float(value)  # type: ignore[arg-type]  # checked above
    if parameter.kind == "whole" and not number.is_integer():
        raise ExperimentError(parameter.key, "{value} is not a whole number", value=shown(value))
    return number


def _written(value: Value) -> str:
    return repr(value) if isinstance(value, str | bool) else f"{value:g}"


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

    def values_for(self, activation: Activation) -> dict[str, Value]:
        """Return the settings as a layer with this activation draws by them.

        With ``gain_by_activation`` on, the gain is multiplied by :func:`engine.choices.gains.gain_of`, and
        a scale, which is a variance, by its square.
        """
        values = self.settings
        if values.get("gain_by_activation"):
            gain = gain_of(activation.name, next(iter(activation.parameters.values()), 0.0))
            for key, factor in (("gain", gain), ("scale", gain * gain)):
                if key in values:
                    values[key] = self.parameters[key] * factor
        return values


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


class BatchNorm(Choice):
    """Where a layer normalizes its batches, and how; false and true in a file mean "none" and "before"."""

    __slots__ = ()
    family, kind = choices.NORMALIZATIONS, "batch normalization"

    def to_plain(self) -> Any:
        """Return what stands in the file: false, or an object with the parameters."""
        return super().to_plain() if self.name != "none" else False

    @classmethod
    def from_plain(cls, plain: object) -> typing.Self:
        """Return the choice that a file's value stands for."""
        if isinstance(plain, bool):
            return cls("before" if plain else "none")
        return super().from_plain(plain)


class Clipping(Choice):
    """How large a gradient may be; null in a file means "none", a number is the largest norm."""

    __slots__ = ()
    family, kind = choices.CLIPPINGS, "gradient clipping"

    def to_plain(self) -> Any:
        """Return what stands in the file: null, or an object with the limit."""
        return super().to_plain() if self.name != "none" else None

    @classmethod
    def from_plain(cls, plain: object) -> typing.Self:
        """Return the choice that a file's value stands for."""
        if plain is None:
            return cls("none")
        if isinstance(plain, int | float) and not isinstance(plain, bool):
            return cls("norm", limit=plain)
        return super().from_plain(plain)
