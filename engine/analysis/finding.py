"""One thing that can be said about a training, without the words."""

from dataclasses import dataclass, field
from typing import Any

WARNING, NOTE, GOOD = "warning", "note", "good"


@dataclass(frozen=True)
class Finding:
    """One thing to say.

    Attributes
    ----------
    kind : of the network: "diverged", "identical", "dead", "saturated", "vanished", "exploded",
        "vanishing_gradient", "exploding_gradient", "no_gradient", "no_output_gradient", "perceptron",
        "signal" or "healthy"; of its course: "overfitting", "plateau", "oscillation", "growth" or "slow"
    level : "warning", "note" or "good"
    place : where it is seen: ("layer", i), ("unit", i, j), ("epoch", e) on the curves, or None; i counts the
        layers after the inputs from 0
    values : what the sentence fills in
    """

    kind: str
    level: str
    place: tuple[Any, ...] | None = None
    values: dict[str, float] = field(default_factory=dict)
