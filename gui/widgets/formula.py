"""Formulas of the choice tables as a label: subscripts low, parameters in their place."""

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

LONG_LINE = 75  # characters that a tooltip has room for


def rich(formula: str) -> str:
    """Return a plain formula as rich text: ``n_in`` gets a subscript."""
    return re.sub(r"(\w)_(\w+)", r"\1<sub>\2</sub>", html.escape(formula))


def formula_words(formula: str) -> str:
    """Return a formula with lowered indices: ``n_in`` becomes nᵢₙ."""
    return formula.replace("n_in", "nᵢₙ").replace("n_out", "nₒᵤₜ")


def formula_lines(formula: str) -> str:
    """Return a formula for a tooltip: a long one in a line for each of its parts, which are not broken."""
    formula = formula_words(formula)
    parts = re.split(r"(?<=[,;])  ", formula) if len(formula) > LONG_LINE else [formula]
    return "\n".join(part.replace(" ", "\u00a0") if len(part) <= LONG_LINE else part for part in parts)


class Formula(QLabel):
    """A formula, wrapped where it is long."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)

    def show_formula(self, formula: str) -> None:
        """Show another formula."""
        self.setText(rich(formula))
        self.setAccessibleName(formula)
