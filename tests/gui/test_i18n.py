"""Two languages, whole: every sentence is translated, and numbers are written and read as people do."""

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.choices import DATASETS, FAMILIES
from engine.choices.base import Range
from engine.experiment import Activation, ExperimentError, from_plain
from engine.stopping import RESTORED, SENTENCES
from engine.tensor_file import DISGUISES
from gui import names
from gui.i18n import (
    fixed,
    language,
    name_of,
    number,
    parse_number,
    percent,
    place_name,
    range_words,
    say,
    tr,
    translations,
)  # fmt: skip
from gui.singular import SINGULAR

ROOT = Path(__file__).resolve().parents[2]
# Which arguments of which calls are English texts that are translated later.
SPOKEN = {
    "tr": (0,), "Label": (0,), "Header": (0,), "Card": (0,), "Button": (0,), "IconButton": (1, 2),
    "captioned": (0, 2), "Row": (0, 2), "FeatureChips": (0,), "set_key": (0,), "show_as": (0,),
    "Toggle": (0, 1),
    "ChoiceForm": (2, 4), "ClassNumbers": (0,), "FileField": (0, 1), "said": (0,), "edit": (2,),
}  # fmt: skip


def calls(folder: str) -> Iterator[tuple[Path, ast.Call, str]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, getattr(node.func, "id", getattr(node.func, "attr", ""))


def literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be, also of a conditional expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def spoken() -> dict[str, str]:
    """Return every English text that the window's files hand on for translation, with its file."""
    found = {}
    for path, node, name in calls("gui"):
        for place in SPOKEN.get(name, ()):
            if place < len(node.args):
                found.update(dict.fromkeys(literals(node.args[place]), path.name))
    return found


def test_the_window_is_translated() -> None:
    known = translations("pt")
    missing = {text: where for text, where in spoken().items() if text not in known}
    assert not missing


def test_constants_of_the_panels_are_translated() -> None:
    from gui.panels.gallery import groups
    from gui.panels.generalize import HINTS
    from gui.panels.side_column import SECTIONS
    from gui.panels.top_bar import THEME_NAMES
    from gui.panels.words import TEMPLATES
    from gui.views.point_tools import HELP

    texts = {HELP, *HINTS.values(), *TEMPLATES, *THEME_NAMES.values(), *groups(),
             *(title for _, title, _ in SECTIONS)}  # fmt: skip
    assert texts <= set(translations("pt"))


def test_names_and_formulas_are_translated() -> None:
    known = translations("pt")
    assert not {name for table in names.FAMILIES.values() for name in table.values()} - set(known)
    formulas = {entry.formula for table in FAMILIES.values() for entry in table.values()}
    prose = {text for text in formulas if {"and", "for", "of", "from", "if", "then"} & set(text.split())}
    assert not prose - set(known)
    sentences = {entry.sentence for table in FAMILIES.values() for entry in table.values()} - {""}
    assert not (sentences | {*SENTENCES.values(), RESTORED}) - set(known)


def test_starts_and_what_is_no_weights_file_are_translated() -> None:
    known = translations("pt")
    starts = (*FAMILIES["initializers"].values(), *FAMILIES["bias_initializers"].values())
    texts = {entry.sentence for entry in starts} | {
        entry.formula for entry in starts if "std" in entry.formula
    }
    assert not (texts | set(DISGUISES.values())) - set(known)


def test_activations_and_losses_are_explained_in_both_languages() -> None:
    entries = [*FAMILIES["activations"].values(), *FAMILIES["losses"].values()]
    assert all(entry.sentence.endswith(".") for entry in entries)
    assert not {entry.sentence for entry in entries} - set(translations("pt"))


def test_every_option_has_a_name() -> None:
    entries = [entry for table in FAMILIES.values() for entry in table.values()]
    keys = {key for entry in entries for parameter in entry.parameters for key in parameter.options}
    assert keys <= set(names.FAMILIES["option"])


@pytest.mark.parametrize("family", ["data", "scalings"])
def test_sentences_are_there_and_translated(family: str) -> None:
    known = translations("pt")
    assert all(entry.sentence in known for entry in FAMILIES[family].values())


def test_columns_and_classes_are_translated() -> None:
    known = translations("pt")
    words = {name for key in ("concert", "bill", "credit") for entry in [DATASETS[key]]
             for name in (*entry.inputs, *entry.classes)}  # fmt: skip
    assert all(names.english("class", word) in known for word in words)


def test_every_choice_has_a_name_of_its_own() -> None:
    for family, table in FAMILIES.items():
        shown = [name_of(family, key) for key in table]
        assert len(set(shown)) == len(shown)
        assert all(key in names.FAMILIES[family] for key in table), family


def test_the_engine_reasons_are_translated() -> None:
    known, missing = translations("pt"), set()
    reasons = {"ExperimentError": 1, "WeightsError": 1, "wrong": 0, "Note": 0}  # which argument of which call
    for _, node, name in calls("engine"):
        place = reasons.get(name)
        if place is not None and len(node.args) > place:
            missing |= {text for text in literals(node.args[place]) if text not in known}
            kinds = (word.value for word in node.keywords if word.arg == "kind")
            missing |= {text for kind in kinds for text in literals(kind) if text not in known}
    assert not missing


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_translations_fill_the_same_fields_and_agree() -> None:
    seen: dict[str, str] = {}
    for path in sorted((ROOT / "resources" / "translations" / "pt_BR").glob("*.json")):
        for english, portuguese in json.loads(path.read_text(encoding="utf-8")).items():
            if "{" in english and "U(" not in english:
                assert fields(english) == fields(portuguese), f"{path.name}: {english}"
            assert portuguese.strip(), f"{path.name}: {english}"
            assert seen.setdefault(english, portuguese) == portuguese, f"{path.name}: {english}"


def test_switching_back_and_forth_keeps_one_catalogue_of_qts(qapp: QApplication) -> None:
    for code in ("pt", "en", "pt", "en", "pt"):
        language.set(code)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(language.findChildren(QTranslator)) == 1


def test_switching_is_announced(qtbot: QtBot) -> None:
    language.set("en")
    with qtbot.waitSignal(language.changed):
        language.set("pt")
    assert tr("Noise") == "Ruído"
    language.set("xx")
    assert (language.code, tr("Noise")) == ("en", "Noise")


@pytest.mark.parametrize(("value", "english", "portuguese"), [
    (0.18234, "0.182", "0,182"), (1.4213, "1.42", "1,42"), (-3.5, "−3.5", "−3,5"), (145, "145", "145"),
    (101770, "101\u202f770", "101\u202f770"), (1e-8, "1e−8", "1e−8"), (1.5e-8, "1.5e−8", "1,5e−8"),
    (0.0, "0", "0"), (-0.0, "0", "0"), (0.01, "0.01", "0,01"), (0.9996, "1", "1"),
    (float("nan"), "NaN", "NaN"), (float("-inf"), "−∞", "−∞"),
])  # fmt: skip
def test_numbers_are_written(value: float, english: str, portuguese: str) -> None:
    language.set("en")
    assert number(value) == english
    language.set("pt")
    assert number(value) == portuguese


@pytest.mark.parametrize("value", [0.001, 0.05, 1e-10, 2.5, 123456.0, 0.999, 1 / 3, 12345678.9, -7e-6])
@pytest.mark.parametrize("code", ["en", "pt"])
def test_what_is_written_is_read_back(value: float, code: str) -> None:
    language.set(code)
    assert parse_number(number(value, 15)) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(("text", "value"), [
    ("0,5", 0.5), ("0.5", 0.5), (" 1 000 ", 1000.0), ("−2", -2.0), ("1e-3", 1e-3), ("1,5E−3", 1.5e-3),
    (",5", 0.5), ("3.", 3.0), ("+4", 4.0), ("", None), ("abc", None), ("1.797,5", None), ("1,2,3", None),
    ("1.000,5", None), ("1,000.5", None), ("1,5,5", None), (".5", 0.5), ("", None),
    ("nan", None), ("inf", None), ("0x1", None), ("1_000", None), ("1e999", None), ("--1", None),
])  # fmt: skip
def test_numbers_are_read(text: str, value: float | None) -> None:
    assert parse_number(text) == value


def test_percentages_and_fixed_numbers() -> None:
    language.set("en")
    assert (percent(0.868), fixed(0.18, 3), percent(float("nan"))) == ("86.8%", "0.180", "NaN")
    language.set("pt")
    assert (percent(0.868), fixed(0.18, 3)) == ("86,8%", "0,180")


def test_ranges_in_words() -> None:
    language.set("en")
    assert range_words(Range(0, 1)) == "from 0 to 1"
    assert range_words(Range(0, 1, high_open=True)) == "from 0 to less than 1"
    assert range_words(Range(0, low_open=True)) == "above 0"
    assert range_words(Range(0)) == "0 or more"
    assert range_words(Range(0, 1, low_open=True)) == "above 0, up to 1"
    assert range_words(Range(0, 1, low_open=True, high_open=True)) == "between 0 and 1"
    assert range_words(Range()) == "any number"


def test_errors_are_said_in_the_language() -> None:
    language.set("pt")
    with pytest.raises(ExperimentError) as caught:
        from_plain({"data": {"name": "spiral", "noise": 1.5}, "network": {"layers": [{"units": 1}]}})
    assert say(caught.value) == "Ruído: 1,5 não está no intervalo: de 0 a 1"
    with pytest.raises(ExperimentError) as caught:
        Activation("relo")
    assert say(caught.value) == "Relo não existe como ativação"
    language.set("en")
    assert say(caught.value) == "Relo is not a known activation"


def test_an_activation_and_a_data_set_of_one_key_keep_their_names() -> None:
    language.set("pt")
    layers = [{"units": 1, "activation": "sine"}]
    with pytest.raises(ExperimentError) as caught:
        from_plain({"data": {"name": "sine"}, "network": {"layers": layers}, "loss": "hinge"})
    assert say(caught.value) == "Perda: Hinge não serve para uma saída seno em Seno com ruído"


def test_places_have_names() -> None:
    language.set("en")
    assert place_name("network.layers[0].dropout") == "Layer 1, Dropout"
    assert place_name("optimizer.learning_rate") == "Learning rate"
    assert place_name("seeds.data") == "Data seed"
    assert place_name("") == ""


def test_features_are_written_as_formulas() -> None:
    language.set("en")
    written = [name_of("feature", key) for key in ("x1", "x1^2", "x1*x2", "sin(x1)", "sepal_length")]
    assert written == ["x₁", "x₁²", "x₁x₂", "sin x₁", "sepal length"]
    language.set("pt")
    assert name_of("feature", "sin(x2)") == "sen x₂"


MADE = {"Own L1", "Own L2", "sin x₂"}  # put together from a key when they are shown


def test_no_translation_is_left_over() -> None:
    """Every key is a text of the program, of an example or a column of a bundled table."""
    files = [path for folder in ("gui", "engine") for path in (ROOT / folder).rglob("*.py")]
    sources = [path.read_text(encoding="utf-8") for path in files]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    data = [
        *(ROOT / "resources" / "examples").rglob("*.json"),
        *(ROOT / "resources" / "datasets").glob("*.csv"),
    ]
    written = "".join([*sources, *(path.read_text(encoding="utf-8") for path in data)])
    left = [key for key in translations("pt") if key not in texts | MADE
            and json.dumps(key, ensure_ascii=False)[1:-1] not in written
            and key.replace(" ", "_") not in written]  # fmt: skip
    assert left == []


def test_one_is_counted_in_the_singular() -> None:
    try:
        for code, one, many in (("en", "1 row", "2 rows"), ("pt", "1 linha", "2 linhas")):
            language.set(code)
            assert tr("{count} rows", count=1) == tr("{count} rows", count="1") == one
            assert tr("{count} rows", count=2) == many
            forms = [(text, *form) for text, ones in SINGULAR.items() for form in ones.items()]
            for text, name, single in forms:
                fields = dict.fromkeys(re.findall(r"\{(\w+)\}", text), "x")
                assert tr(text, **(fields | {name: 1})) == tr(single, **(fields | {name: 1}))
            both = "{what} of {layers} layers at {count} moments from epoch {first} to {last}."
            said = tr(both, what="w", layers=1, count="1", first=0, last=0)
            assert said.startswith(("w of one layer at one moment", "w de uma camada em um momento"))
    finally:
        language.set("en")
