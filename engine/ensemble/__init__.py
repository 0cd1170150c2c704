"""Many trainings at once: sweeps of seeds, rates, starts, data sets over a pool of threads.

Small networks that differ only in numbers train LANES at a time, side by side in the lanes of one kernel
(:mod:`engine.ensemble.group`); all others train one a thread, as a :class:`engine.session.Session` each. A
run of the ensemble equals the single run up to rounding.
"""

from engine.ensemble.runs import Result, run
from engine.surface import Cancelled

__all__ = ["Cancelled", "Result", "run"]
