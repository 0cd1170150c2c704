"""Qt Linguist: its files are made of the tables and read back into them, whole or not at all."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator

from gui import i18n, linguist
from gui.i18n import language, number, tr, translations


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables in a folder of their own."""
    folder = shutil.copytree(linguist.TABLES, tmp_path / "translations")
    monkeypatch.setattr(linguist, "TABLES", folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json")}


def edit(path: Path, source: str, translation: str) -> None:
    """Translate one text as Linguist does: the words and no more mark."""
    text = path.read_text(encoding="utf-8")
    wanted = re.compile(rf"(<source>{re.escape(source)}</source>(?:(?!</message>).)*?)<translation[^>]*?"
                        r"(?:/>|>[^<]*</translation>)", re.DOTALL)  # fmt: skip
    text, count = wanted.subn(lambda found: f"{found[1]}<translation>{translation}</translation>", text)
    assert count >= 1
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("locale", ["en_US", "pt_BR"])
def test_everything_is_finished_says_qts_own_tool(tmp_path: Path, locale: str) -> None:
    path = linguist.write(locale, tmp_path)
    tool = shutil.which("pyside6-lrelease", path=Path(sys.executable).parent)
    assert tool
    done = subprocess.run(
        [tool, path, "-qm", tmp_path / "out.qm"], capture_output=True, text=True, check=True
    )
    count = sum(map(len, linguist.wanted(locale).values()))
    assert f"({count} finished and 0 unfinished)" in done.stdout and not done.stderr
    catalogue = QTranslator()
    assert catalogue.load(str(tmp_path / "out.qm"))
    table = "canvas" if locale == "pt_BR" else "engine"
    for text, translated in linguist.tables(locale)[table].items():
        assert catalogue.translate(table, text) == translated


def test_a_round_trip_changes_nothing(tmp_path: Path, copied: Path) -> None:
    before = contents(copied)
    for locale in ("en_US", "pt_BR"):
        assert linguist.read(linguist.write(locale, tmp_path)) == locale
    assert contents(copied) == before


def test_every_text_has_its_place(tmp_path: Path) -> None:
    text = linguist.write("pt_BR", tmp_path).read_text(encoding="utf-8")
    messages = re.findall(r"<message>.*?</message>", text, re.DOTALL)
    without = [message for message in messages if "<location" not in message]
    # put together from a key when they are shown
    assert {re.search("<source>(.*)</source>", m)[1] for m in without} <= {"Own L1", "Own L2", "sin x₂"}
    found = next(message for message in messages if "<source>{count} units</source>" in message)
    file, line = re.search(r'filename="(.*?)" line="(\d+)"', found).groups()
    assert (
        "{count} units" in (tmp_path / file).resolve().read_text(encoding="utf-8").splitlines()[int(line) - 1]
    )


def test_a_new_language_is_begun_continued_and_spoken(
    tmp_path: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = linguist.write("es_ES", tmp_path)
    assert linguist.parse(path)[1:] == ({}, {})
    edit(path, "{count} units", "{count} unidades")
    with pytest.raises(linguist.TranslationError, match="read it first"):
        linguist.write("es_ES", tmp_path)
    begun = '<source>Inputs</source>\n            <translation type="unfinished"'
    text = path.read_text(encoding="utf-8").replace(begun + " />", begun + ">Entr?</translation>")
    path.write_text(text, encoding="utf-8")
    assert linguist.read(path) == "es_ES"
    linguist.write("es_ES", tmp_path)
    assert linguist.parse(path)[1:] == (
        {"canvas": {"{count} units": "{count} unidades"}},
        {"canvas": {"Inputs": "Entr?"}},
    )

    monkeypatch.setattr(i18n, "TRANSLATIONS", copied)
    monkeypatch.setattr(i18n, "LOCALES", i18n._locales())
    assert list(i18n.LOCALES) == ["en", "pt", "es"]
    translations.cache_clear()
    try:
        language.set("es")
        assert (tr("{count} units", count=3), tr("Inputs"), number(0.5)) == ("3 unidades", "Inputs", "0,5")
        assert QLocale().language() == QLocale.Language.Spanish
    finally:
        language.set("en")
        translations.cache_clear()


@pytest.mark.parametrize(("source", "translation", "reason"), [
    ("{count} units", "{n} unidades", "canvas, “{count} units” (gui/"),
    ("{count} units", "unidades", "must have {count}"),
    ("Inputs", "{x}", "must have nothing in braces"),
    ("Inputs", "  ", "translated as a blank"),
    ("activation", "ativação!", "in another table"),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, copied: Path, source: str, translation: str, reason: str
) -> None:
    before = contents(copied)
    path = linguist.write("pt_BR", tmp_path)
    edit(path, source, translation)
    if reason == "in another table":  # only one of the two
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace(f"<translation>{translation}", "<translation>outra", 1), encoding="utf-8"
        )
    with pytest.raises(linguist.TranslationError) as caught:
        linguist.read(path)
    assert reason in str(caught.value)
    assert contents(copied) == before


def test_other_files_and_names_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.ts"
    for content in ("", "<TS>", "<html/>", '<TS language="../x"></TS>'):
        other.write_text(content, encoding="utf-8")
        assert linguist.main(["read", str(other)]) == 2
        assert "is no .ts file" in capsys.readouterr().err
    assert linguist.main(["--folder", str(tmp_path), "write", "Spanish"]) == 2
    assert "es_ES" in capsys.readouterr().err
