"""Translating with Qt Linguist: the tables of texts <-> a .ts file that it opens.

The tables in ``resources/translations/LANGUAGE/*.json`` are what the program reads. For a translator they
become one .ts file a language: every table is a context, and every text stands with the places it comes from.

    python -m gui.linguist write                 build/translations/relevo_LANGUAGE.ts, for every language
    python -m gui.linguist write es_ES           ... for a new one, with nothing translated
    python -m gui.linguist read FILE.ts          the finished texts of such a file go back into the tables

Which texts there are is what the Portuguese tables say: tests keep them whole. English is the language of the
program itself, so its tables hold only what is put in other words.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from os.path import relpath
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from engine.resources import resource
from engine.writing import write_whole
from gui.singular import SINGULAR

TABLES = resource("translations")
ROOT = TABLES.parent.parent
SOURCE, COMPLETE = (
    "en_US",
    "pt_BR",
)  # the language of the texts themselves; the one whose tables name them all
LANGUAGE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")

Tables = dict[str, dict[str, str]]  # table -> English -> translation
Places = dict[str, list[tuple[str, int]]]  # English -> (file from the root, line) where it stands


class TranslationError(Exception):
    """What is wrong with a .ts file or a language's name, one sentence a line."""


def tables(locale: str) -> Tables:
    """Return a language's texts as {table: {English: translation}}; empty for a new one."""
    paths = sorted((TABLES / locale).glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def wanted(locale: str) -> dict[str, list[str]]:
    """Return {table: English texts} that a language is to have."""
    return {table: list(texts) for table, texts in tables(SOURCE if locale == SOURCE else COMPLETE).items()}


def fields(text: str) -> set[str]:
    """Return the names in braces, which the program fills in: ``{value}`` in every language alike."""
    return set(re.findall(r"\{(\w*)\}", text))


# Where texts come from: literals of the program, else whatever line of it or of its data holds them


@cache
def literals() -> Places:
    """Return where every text stands that is one literal of the program, by file and line."""
    found: Places = {}
    for folder in ("gui", "engine"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.setdefault(node.value, []).append((path.relative_to(ROOT).as_posix(), node.lineno))
    return found


@cache
def lines() -> tuple[tuple[str, int, str], ...]:
    """Return (file, line, text) of examples, data sets' first lines (their columns) and program."""
    data = ROOT / "resources"
    whole = [*sorted((data / "examples").rglob("*.json")), *sorted((ROOT / "engine").rglob("*.py")),
             *sorted((ROOT / "gui").rglob("*.py"))]  # fmt: skip
    found = []
    for path in (*whole, *sorted((data / "datasets").glob("*.csv"))):
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file if path.suffix != ".csv" else [next(file)], 1):
                found.append((path.relative_to(ROOT).as_posix(), number, line))
    return tuple(found)


@cache
def places(text: str) -> list[tuple[str, int]]:
    """Return where a text comes from, as (file, line); nothing for what is put together when it is shown."""
    key, quoted = text.replace(" ", "_"), json.dumps(text, ensure_ascii=False)[1:-1]
    found = literals().get(text) or [
        (file, number) for file, number, line in lines() if quoted in line or key in line
    ]
    return list(dict.fromkeys(found))


def remarks() -> dict[str, str]:
    """Return {English text for one: what a translator should know about it}."""
    return {
        one: f"Said instead of “{many}” where {{{name}}} is 1."
        for many, forms in SINGULAR.items() for name, one in forms.items()
    }  # fmt: skip


# Tables -> .ts


def document(locale: str, path: Path, drafts: Tables) -> Element:
    """Return a language's .ts file.

    Parameters
    ----------
    path
        where it will stand: places are written from there, so Linguist finds the code and shows it
    drafts
        unfinished texts, for what the tables do not have yet
    """
    known, about = tables(locale), remarks()
    root = Element("TS", version="2.1", language=locale, sourcelanguage=SOURCE)
    for table, texts in wanted(locale).items():
        context = SubElement(root, "context")
        SubElement(context, "name").text = table
        for text in texts:
            message = SubElement(context, "message")
            for file, line in places(text):
                SubElement(message, "location", filename=relpath(ROOT / file, path.parent), line=str(line))
            SubElement(message, "source").text = text
            if text in about:
                SubElement(message, "extracomment").text = about[text]
            translation = SubElement(message, "translation")
            done = known.get(table, {}).get(text)
            translation.text = done or drafts.get(table, {}).get(text)
            if not done:
                translation.set("type", "unfinished")
    return root


def write(locale: str, folder: Path) -> Path:
    """Write a language's .ts file and return its path; unfinished texts of one that is there are kept.

    Raises
    ------
    TranslationError
        the name is not that of a language, or the file there has finished texts that were never read back
    """
    if not LANGUAGE.fullmatch(locale):
        raise TranslationError(f"“{locale}” names no language and country: write it like {COMPLETE} or es_ES")
    path, drafts = folder / f"relevo_{locale}.ts", Tables()
    if path.exists():
        _, finished, drafts = parse(path)
        known = tables(locale)
        if any(known.get(table, {}).get(text) != said for table, text, said in _each(finished)):
            raise TranslationError(f"{path} has texts that the tables do not: read it first, or remove it")
    root = document(locale, path, drafts)
    ElementTree.indent(root, " " * 4)
    text = ElementTree.tostring(root, encoding="unicode")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n'.encode())
    return path


# .ts -> tables


def parse(path: Path) -> tuple[str, Tables, Tables]:
    """Return the language of a .ts file, its finished texts and its unfinished ones."""
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise TranslationError(f"{path} is no .ts file: {error}") from error
    locale = root.get("language", "")
    if root.tag != "TS" or not LANGUAGE.fullmatch(locale):
        raise TranslationError(f"{path} is no .ts file of a language such as {COMPLETE}")
    finished, drafts = Tables(), Tables()
    for context in root.iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            said = "".join(translation.itertext()) if translation is not None else ""
            state = translation.get("type") if translation is not None else "unfinished"
            if said and state in (None, "unfinished"):  # the others are of texts that the program has no more
                into = drafts if state else finished
                into.setdefault(context.findtext("name", ""), {})[message.findtext("source", "")] = said
    return locale, finished, drafts


def read(path: Path) -> str:
    """Put the finished texts of a .ts file into its language's tables, and return the language.

    Raises
    ------
    TranslationError
        any text cannot be used: then no table is touched
    """
    locale, finished, _ = parse(path)
    order = wanted(locale)
    wrong = list(_faults(finished, order))
    if wrong:
        raise TranslationError("\n".join(wrong))
    (TABLES / locale).mkdir(exist_ok=True)
    for table, texts in order.items():
        done = {text: finished[table][text] for text in texts if text in finished.get(table, {})}
        content = json.dumps(done, ensure_ascii=False, indent=2) + "\n"
        write_whole(TABLES / locale / f"{table}.json", content.encode())
    return locale


def _each(all_texts: Tables) -> Iterator[tuple[str, str, str]]:
    return ((table, text, said) for table, texts in all_texts.items() for text, said in texts.items())


def _faults(finished: Tables, order: dict[str, list[str]]) -> Iterator[str]:
    """Yield what is wrong with each text, and where it stands."""
    said_before: dict[str, str] = {}
    for table, text, said in _each(finished):
        where = ", ".join(f"{file}:{line}" for file, line in places(text)[:2])
        place = f"{table}, “{text}”" + (f" ({where})" if where else "")
        if text not in order.get(table, ()):
            yield f"{place}: the program has no such text"
        elif fields(said) != fields(text):
            has = " and ".join(f"{{{name}}}" for name in sorted(fields(text))) or "nothing in braces"
            yield f"{place}: “{said}” must have {has}, as the English has"
        elif not said.strip():
            yield f"{place}: it is translated as a blank"
        elif said_before.setdefault(text, said) != said:
            yield f"{place}: “{said}” here and “{said_before[text]}” in another table; one of them"


def main(words: list[str] | None = None) -> int:
    """Do what the command line says; return 0, or 2 where the input is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m gui.linguist", description="Tables of texts <-> Qt Linguist"
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "translations")
    does = parser.add_subparsers(dest="does", required=True)
    out = does.add_parser("write", help="write .ts files for Qt Linguist")
    out.add_argument("languages", nargs="*", help="such as es_ES; all that there are if none is named")
    does.add_parser("read", help="put a .ts file's finished texts into the tables").add_argument(
        "file", type=Path
    )
    asked = parser.parse_args(words)
    try:
        if asked.does == "read":
            locale = read(asked.file)
            print(f"resources/translations/{locale}: {_count(locale)}")
            return 0
        for locale in asked.languages or sorted(path.name for path in TABLES.iterdir()):
            print(f"{write(locale, asked.folder)}: {_count(locale)}")
        return 0
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2


def _count(locale: str) -> str:
    done, texts = sum(map(len, tables(locale).values())), sum(map(len, wanted(locale).values()))
    return f"{done} of {texts} texts finished"


if __name__ == "__main__":
    sys.exit(main())
