"""Reads the formulas of a ledger as they are shown and computes what they say, from a line's terms alone."""

import re
from typing import Any

import numpy as np
from scipy.special import ndtr

from engine.analysis.ledger import Line

FUNCTIONS = {"exp": np.exp, "ln": np.log, "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "sgn": np.sign,
             "max": np.maximum, "min": np.minimum, "√": np.sqrt, "Φ": ndtr,
             "φ": lambda z: np.exp(-z * z / 2) / np.sqrt(2 * np.pi)}  # fmt: skip
SIGNS = {"·": "*", "−": "-", "²": "**2", "ᵗ": "**t", "ᵗ⁺¹": "**(t+1)", "≤": "<=", "≥": ">=", "=": "==",
         "e⁻ᶻ": "F['exp'](-z)", "eᶻ": "F['exp'](z)"}  # fmt: skip
CONDITION = re.compile(r"(.*) \(([^()]*[<>≤≥=][^()]*)\)")
DEFINITION = re.compile(r"(\w+) = (.*)")


def said(line: Line) -> Any:
    """Return what a line's formula comes to for one row and one unit.

    A formula is ``name = expression``, or with more than one "=" between equal expressions, of which the last
    is computed. After a comma stand other branches, each with its condition, and definitions.
    """
    first, *others = line.formula.split(",  ")
    names: dict[str, Any] = {term.name: np.asarray(term.value)[()] for term in line.terms}
    branches = [re.split(" = | ← ", first)[-1]]
    for text in others:
        defined = DEFINITION.fullmatch(text)
        if defined:
            names[defined[1]] = _value(defined[2], names)
        else:
            branches.append(text)
    for branch in branches:
        conditional = CONDITION.fullmatch(branch)
        if conditional is None:
            return _value(branch, names)
        if _value(conditional[2], names):
            return _value(conditional[1], names)
    raise AssertionError(f"no branch of {line.formula} holds")


def _value(text: str, names: dict[str, Any]) -> Any:
    """Compute an expression. A sum Σ reaches to the next + or − outside of brackets."""
    known = sorted([*names, *FUNCTIONS, *SIGNS], key=len, reverse=True)
    pattern = "|".join([*map(re.escape, known), "Σ[ₖᵣₜ]", "[0-9.]+", r"\S"])
    tokens = re.findall(pattern, text)
    code, sums, depth, in_bars = "", [], 0, False
    for index, token in enumerate(tokens):
        if token == "|":
            token, in_bars = (")" if in_bars else "abs("), not in_bars
        depth += token.endswith("(") - (token == ")")
        while sums and (sums[-1] > depth or (sums[-1] == depth and token in "+−")):
            code += ")"
            sums.pop()
        if token in names:
            code += f"N[{token!r}]"
            if index and tokens[index - 1] in FUNCTIONS:  # as in √s and ln a
                code += ")"
        elif token in FUNCTIONS:
            code += f"F[{token!r}]" + ("" if tokens[index + 1] in "(" else "(")
        elif token.startswith("Σ"):
            code += "total("
            sums.append(depth)
        else:
            code += SIGNS.get(token, token)
    scope = {"N": names, "F": FUNCTIONS, "t": names.get("t"), "z": names.get("z"), "abs": np.abs,
             "total": np.sum}  # fmt: skip
    return eval(code + ")" * len(sums), {"__builtins__": {}}, scope)
