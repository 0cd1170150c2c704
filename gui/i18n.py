"""Languages: the words of the window, and how numbers are written and read.

The English text is the key. Every file ``resources/translations/pt_BR/*.json`` adds {English: Portuguese}.
A folder of another language beside it is one more language to choose (`linguist.py` makes one).
"""

import json
import math
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal

from engine.choices.base import Range
from engine.experiment import ExperimentError
from gui import names
from gui.singular import counted

TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"


def _locales() -> dict[str, str]:
    """Return {code: locale} of the languages: ours first, then every other one that has a folder."""
    found = {"en": "en_US", "pt": "pt_BR"}
    for path in sorted(TRANSLATIONS.iterdir()):
        if path.name not in found.values():
            code = path.name.partition("_")[0]
            found[path.name if code in found else code] = path.name
    return found


LOCALES = _locales()
MINUS, THIN_SPACE = "−", "\u202f"


class Language(QObject):
    """Which language is on.

    Attributes:
        code: "en", "pt" or another one of LOCALES
        quiet: makes what holds back other threads while every text is set anew

    Signals:
        changed: another language is on; set every text anew
    """

    changed = Signal()

    def __init__(self, code: str | None = None) -> None:
        super().__init__()
        self.code = code or of_system()
        self.quiet: Callable[[], AbstractContextManager[None]] = nullcontext
        self._qt: QTranslator | None = None
        self._wanted = ""

    def set_soon(self, code: str) -> None:
        """Switch to a language in the next turn of the event loop: what was pressed is seen before."""
        self._wanted = code
        QTimer.singleShot(0, self, self._take_wanted)

    def _take_wanted(self) -> None:
        if self._wanted:
            self.set(self._wanted)

    def set(self, code: str) -> None:
        """Switch to a language of LOCALES; an unknown code means English."""
        code = code if code in LOCALES else "en"
        self._wanted = ""
        if code != self.code:
            self.code = code
            with self.quiet():
                self.install()
                self.changed.emit()

    def install(self) -> None:
        """Put Qt's own texts (buttons of dialogs, context menus) and number forms in the language too."""
        QLocale.setDefault(QLocale(LOCALES[self.code]))
        app = QCoreApplication.instance()
        if app is None:
            return
        if self._qt is not None:
            app.removeTranslator(self._qt)
            self._qt.deleteLater()
            self._qt = None
        if self.code != "en":
            self._qt = QTranslator(self)
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if self._qt.load(f"qtbase_{LOCALES[self.code]}", folder):
                app.installTranslator(self._qt)


def of_system() -> str:
    """Return the language that the system asks for first among ours, else English."""
    for name in QLocale.system().uiLanguages():
        code = name.replace("_", "-").split("-")[0].lower()
        if code in LOCALES:
            return code
    return "en"


@lru_cache(maxsize=4)
def translations(code: str) -> dict[str, str]:
    """Return {English: translation} of a language, merged from all its files; empty for English."""
    merged: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / LOCALES[code]).glob("*.json")):
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged


language = Language()


def tr(text: str, **values: object) -> str:
    """Return the text in the current language, its ``{name}`` fields filled with the values."""
    text = counted(text, values)
    found = translations(language.code).get(text, text)
    return found.format(**values) if values else found


def number(value: float, digits: int = 3) -> str:
    """Return a number in the language's form with so many significant digits, without trailing zeros.

    Whole numbers are written in full. Very small and very large ones get an exponent: ``1,5e−8``.
    """
    if isinstance(value, int) or (math.isfinite(value) and value == int(value) and abs(value) < 1e6):
        return _localised(f"{int(value):,}" if abs(value) >= 10_000 else f"{int(value)}", ",")
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else MINUS + "∞")
    mantissa, _, power = f"{value:.{max(digits, 1) - 1}e}".partition("e")
    exponent = int(power)
    if -5 < exponent < 6:
        text = f"{value:.{max(digits - 1 - exponent, 0)}f}"
        return _localised(_without_zeros(text))
    return _localised(f"{_without_zeros(mantissa)}e{exponent}")


def fixed(value: float, decimals: int = 3) -> str:
    """Return a number with exactly so many decimals: for live numbers, which must not jump about."""
    if not math.isfinite(value):
        return number(value)
    return _localised(f"{value:.{decimals}f}")


def percent(value: float, decimals: int = 1) -> str:
    """Return a share of 1 as a percentage: ``86.8%`` or ``86,8%``."""
    return f"{fixed(100 * value, decimals)}%" if math.isfinite(value) else number(value)


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _localised(text: str, grouping: str = "") -> str:
    text = text.replace(grouping, THIN_SPACE) if grouping else text
    return text.replace("-", MINUS).replace(".", decimal_mark())


def decimal_mark() -> str:
    """Return what stands between units and tenths in the current language."""
    return _decimal_mark(LOCALES[language.code])


@lru_cache
def _decimal_mark(locale: str) -> str:
    return QLocale(locale).decimalPoint()


_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)


def parse_number(text: str) -> float | None:
    """Return the finite number that was typed, with a decimal comma or point; None when it is not one."""
    plain = re.sub(r"\s", "", text).replace(MINUS, "-")
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.replace(",", "."))
    return value if math.isfinite(value) else None


def name_of(family: str, key: str) -> str:
    """Return what a choice, a parameter, a feature or another key is called in the current language."""
    return tr(names.english(family, key))


def range_words(allowed: Range) -> str:
    """Return which numbers a range allows, in words: ``from 0 to less than 1``."""
    low, high = number(allowed.low), number(allowed.high)
    if math.isinf(allowed.low) and math.isinf(allowed.high):
        return tr("any number")
    if math.isinf(allowed.high):
        return tr("above {low}", low=low) if allowed.low_open else tr("{low} or more", low=low)
    if math.isinf(allowed.low):
        return tr("below {high}", high=high) if allowed.high_open else tr("{high} or less", high=high)
    if allowed.low_open and allowed.high_open:
        return tr("between {low} and {high}", low=low, high=high)
    if allowed.low_open:
        return tr("above {low}, up to {high}", low=low, high=high)
    if allowed.high_open:
        return tr("from {low} to less than {high}", low=low, high=high)
    return tr("from {low} to {high}", low=low, high=high)


def place_name(place: str) -> str:
    """Return a field of an experiment as a user knows it: ``network.layers[0].dropout`` is in layer 1."""
    parts = []
    layer = re.search(r"layers[\[.](\d+)", place)  # tensors are named layers.0.weight
    if layer:
        parts.append(tr("Layer {number}", number=int(layer[1]) + 1))
    field = re.sub(r"\[\d+\]", "", place).rpartition(".")[2]
    if field and field not in ("layers", "network"):
        parts.append(name_of("seed" if place.startswith("seeds.") else "field", field))
    return ", ".join(parts)


def say(error: ExperimentError) -> str:
    """Return an experiment's error as one sentence in the current language, its place first."""
    values = {key: _said(key, value) for key, value in error.values.items()}
    reason = tr(error.reason, **values) if values else tr(error.reason)
    place = place_name(error.place)
    return f"{place}: {reason}" if place else reason[:1].upper() + reason[1:]


def _said(key: str, value: object) -> str:
    if isinstance(value, Range):
        return range_words(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = str(value)
        typed = parse_number(text)
        if typed is not None and key == "value":
            return number(typed, 12)
        return tr(names.english_of_any(text, key))
    return number(value, 12)
