"""Penalties that keep weights small. They fall on weights, never on biases."""

from engine.choices.base import NOT_NEGATIVE, Entry, Parameter, family

REGULARIZERS = family(
    Entry(
        "l1", 0, "λ Σ|w|, gradient λ sign(w) with sign(0) = 0", "Tibshirani 1996",
        (Parameter("l1", 0.0, NOT_NEGATIVE),),
    ),
    Entry(
        "l2", 1, "λ Σw², gradient 2 λ w", "Hoerl and Kennard 1970",
        (Parameter("l2", 0.0, NOT_NEGATIVE),),
    ),
)  # fmt: skip
