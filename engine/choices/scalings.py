"""How the input columns are brought to a common scale, always measured on the training rows alone.

A constant column has no scale: it becomes 0.
"""

from engine.choices.base import Entry, family

SCALINGS = family(
    Entry("none", 0, "x", "-",
          sentence="The numbers as they are: a column of large ones then rules the first steps."),
    Entry("standard", 1, "(x − μ) / σ", "ESL II, section 11.5.3",
          sentence="Mean 0 and standard deviation 1: what Xavier's and He's starts expect."),
    Entry("minmax", 2, "2 (x − min) / (max − min) − 1", "-",
          sentence="From −1 to 1 on the training rows: for columns with hard ends, such as pixels."),
)  # fmt: skip
