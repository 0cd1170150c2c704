"""Gradient clipping: one step too steep does not throw the weights away."""

from engine.choices.base import POSITIVE, Entry, Parameter, family

NONE, VALUE, NORM = range(3)

CLIPPINGS = family(
    Entry("none", NONE, "g", "-", sentence="The gradient is used as it is."),
    Entry("value", VALUE, "gᵢ ← max(−limit, min(limit, gᵢ))", "Mikolov 2012",
          (Parameter("limit", 1.0, POSITIVE),),
          sentence="No part of the gradient is larger than the limit."),
    Entry("norm", NORM, "g ← g · min(1, limit / ‖g‖)", "Pascanu, Mikolov and Bengio 2013",
          (Parameter("limit", 1.0, POSITIVE),),
          sentence="A gradient longer than the limit is shortened to it."),
)  # fmt: skip
