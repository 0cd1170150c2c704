"""How the input columns are brought to a common scale, always measured on the training rows alone.

A constant column has no scale: it becomes 0.
"""

from engine.choices.base import Entry, family

SCALINGS = family(
    Entry("none", 0, "x", "-"),
    Entry("standard", 1, "(x − μ) / σ", "ESL II, section 11.5.3"),
    Entry("minmax", 2, "2 (x − min) / (max − min) − 1", "-"),
)
