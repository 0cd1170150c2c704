"""Batch normalization: a layer's units brought to mean 0 and variance 1 over the rows of a batch."""

from engine.choices.base import POSITIVE, Entry, Parameter, Range, family

NONE, BEFORE, AFTER = range(3)
_PARAMETERS = (Parameter("momentum", 0.9, Range(0, 1, high_open=True)), Parameter("epsilon", 1e-5, POSITIVE))
_REFERENCE = "Ioffe and Szegedy 2015"

NORMALIZATIONS = family(
    Entry("none", NONE, "z", "-", sentence="The layer passes its numbers on as they are."),
    Entry("before", BEFORE, "z ← scale · (z − μ) / √(σ² + ε) + shift", _REFERENCE, _PARAMETERS,
          sentence="Normalizes what enters the activation, so that no unit starts out saturated."),
    Entry("after", AFTER, "a ← scale · (a − μ) / √(σ² + ε) + shift", _REFERENCE, _PARAMETERS,
          sentence="Normalizes what leaves the activation, so that the next layer gets a common scale."),
)  # fmt: skip
