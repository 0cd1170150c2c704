"""The ledger: the whole arithmetic of one parameter, as data that a window shows line by line."""

from engine.analysis.ledger.explain import explain
from engine.analysis.ledger.lines import Ledger, Line, Term
from engine.analysis.ledger.sentences import SENTENCES

__all__ = ["SENTENCES", "Ledger", "Line", "Term", "explain"]
