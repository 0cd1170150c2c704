"""The rows that an experiment trains and tests on: made or read, split, turned into features, scaled."""

from engine.data.container import Data
from engine.data.loading import halves, load, preview
from engine.data.rows import Rows

__all__ = ["Data", "Rows", "halves", "load", "preview"]
