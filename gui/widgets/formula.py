"""Formulas of the choice tables as a label: subscripts low, parameters in their place."""

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def rich(formula: str) -> str:
    """Return a plain formula as rich text: ``n_in`` gets a subscript."""
    return re.sub(r"(\w)_(\w+)", r"\1<sub>\2</sub>", html.escape(formula))


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
