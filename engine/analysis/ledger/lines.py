"""What a ledger is made of: lines, each a formula with its numbers, and the book that they stand in."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FORWARD, LOSS, BACKWARD, GRADIENT, UPDATE = "forward", "loss", "backward", "gradient", "update"


class Term(NamedTuple):
    """One name of a formula and the number, or numbers, that it stands for.

    Attributes
    ----------
    name : as the formula writes it, such as ``xₖ``
    value : a number, or a read-only float64 array
    axes : what each axis of the array counts: "row" (of the batch), "unit" (of the line's layer), "input"
        (what enters that layer), "next" (the units of the next layer), "output" (of the network), "tensor"
        (the arrays of parameters), "parameter" (all of them, as in a snapshot's theta), "batch" (again the
        rows, where a formula sums over all of them)
    """

    name: str
    value: Any
    axes: tuple[str, ...] = ()

    def at(self, **places: int) -> "Term":
        """Return the term at one place of some axes, such as ``row=0``; others do not matter."""
        if not any(axis in places for axis in self.axes):
            return self
        value = self.value[tuple(places.get(axis, slice(None)) for axis in self.axes)]
        left = tuple(axis for axis in self.axes if axis not in places)
        return Term(self.name, value if left else float(value), left)


@dataclass(frozen=True, eq=False)
class Line:
    """One step of the arithmetic: a formula, the numbers that go in and what comes out.

    Attributes
    ----------
    part : "forward", "loss", "backward", "gradient" or "update"
    kind : which step; its sentence is ``SENTENCES[kind]``
    layer : the layer that it belongs to, 0 is the first after the inputs; None for the network
    formula : in Unicode mathematics; every name in it that varies is a term or the result
    terms : what goes in
    result : what comes out, named as on the left of the formula
    """

    part: str
    kind: str
    layer: int | None
    formula: str
    terms: tuple[Term, ...]
    result: Term

    @property
    def value(self) -> Any:
        """What comes out: a number or an array."""
        return self.result.value

    def at(self, **places: int) -> "Line":
        """Return the line for one row, one unit or both: ``line.at(row=0, unit=3)``."""
        terms = tuple(term.at(**places) for term in self.terms)
        return Line(self.part, self.kind, self.layer, self.formula, terms, self.result.at(**places))


@dataclass(frozen=True, eq=False)
class Ledger:
    """The whole arithmetic of one parameter, from the inputs to its new value, in float64.

    Attributes
    ----------
    weight : which, such as ``layers.1.weight[3,5]``
    layer, source, unit : its layer, the unit before the link (None for a bias, scale or shift) and its unit
    rows : the training rows that it is about, by index, in the order of the lines' "row" axis
    steps : the lines, in the order in which they are computed
    value : the parameter
    gradient : dL/dθ, penalties included, before freezing and clipping
    engine_gradient : the same as the compiled kernels compute it, in the session's precision
    new_value : the parameter after one update with these rows
    """

    weight: str
    layer: int
    source: int | None
    unit: int
    rows: tuple[int, ...]
    steps: tuple[Line, ...]
    value: float
    gradient: float
    engine_gradient: float
    new_value: float

    def of_row(self, position: int = 0) -> tuple[Line, ...]:
        """Return the lines of the steps with one row's numbers, in the parameter's layer those of its unit.

        A term or result keeps the axes that are left, such as "unit" in other layers: a ``value`` is a
        number where none is, else an array.

        Parameters
        ----------
        position : 0 for the first of :attr:`rows`
        """
        places = {"row": position}
        unit = places | {"unit": self.unit}
        return tuple(line.at(**(unit if line.layer == self.layer else places)) for line in self.steps)


class Book:
    """Collects lines in their order.

    Attributes
    ----------
    lines : those written so far
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._part = FORWARD
        self._layer: int | None = None

    def turn_to(self, part: str, layer: int | None = None) -> None:
        """Have the next lines belong to this part and layer."""
        self._part, self._layer = part, layer

    def write(self, kind: str, formula: str, result: Term, *terms: Term) -> Any:
        """Add a line and return what comes out of it."""
        self.lines.append(Line(self._part, kind, self._layer, formula, terms, result))
        return result.value


def term(name: str, value: Any, axes: str = "") -> Term:
    """Return a term; the axes stand in one text, such as ``"row unit"``.

    Without axes the value becomes a number, unless it is an array of a few parameters updated together.
    """
    if axes:
        view = np.asarray(value, float).view()
        view.flags.writeable = False
        return Term(name, view, tuple(axes.split()))
    return Term(name, value if isinstance(value, np.ndarray) and value.ndim else float(value))
