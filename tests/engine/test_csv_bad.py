"""Files that are no tables: one sentence with row, column and reason, whatever lies behind a path."""

import gzip
import os
import pickle
import re
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import ExperimentError
from engine.data import csv_text
from engine.data.csv_reading import Options
from engine.data.csv_table import Table, read_table
from engine.resources import resource

GOOD = (
    "nome;idade;cidade;salário;paga\nAna;34;Recife;2.500,50;sim\nÍris;28;São Luís;1.800,00;não\n"
    'Caio;?;"Recife; PE";900,10;sim\nDavi;51;Olinda;1.200,00;não\nEva;19;Natal;NA;sim\n'
)


def read(folder: Path, content: bytes, **options: Any) -> Table:
    file = folder / "bad.csv"
    file.write_bytes(content)
    return read_table(str(file), Options(**options))


def refused(folder: Path, content: bytes | str, **options: Any) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        read(folder, content.encode() if isinstance(content, str) else content, **options)
    return caught.value


def zipped(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return (folder / "a.zip").read_bytes()


@pytest.mark.parametrize(("content", "reason"), [
    ("", "this file is empty"), (" \n\t\r\n ", "this file is empty"), (";;;\n;;\n", "this file is empty"),
    ("\ufeff", "this file is empty"), ("a,b,y\n", "there are no rows below the names"),
    ("a\n1\n2\n", "only one column was found"), ("some words\nand more\n", "only one column was found"),
    ("a,b\n1,2\n1,2,3\n", "row 3 has 3 cells, the first row has 2"),
    ("a,b\n\n1,2\n\n1\n", "row 5 has 1 cells, the first row has 2"),
    ('a,b\n1,"2\n3,4\n', "row 2: a quotation mark is not closed"),
    ('a,b\n1,2\n"x"y,4\n', "row 3: a quotation mark is not closed"),
    ("a,b\n" + "1,2\n" * 9 + "1e31,2\n", "row 11, column a: 1e31 is too large a number"),
    ("a,b\n" + "1,2.5\n" * 9 + "1,2.x\n", "row 11, column b: 2.x is not a number"),
    ("a,b\n" + "1,2.5\n" * 9 + "inf,2\n", "row 11, column a: inf is not a number"),
    ("a,b\n1,x\n2,x\n", "the column b has the same value in every row"),
    ("a,b\n1,x\n", "only 1 rows are complete"), ("a,b\n?,x\n?,y\n", "no column is left to be an input"),
    ("a,b\n1,?\n2,NA\n", "the column b has no values to predict"),
    ("a,b\n1,x\n?,y\n", "only 1 rows are complete, at least 2 are needed"),
    ("<!DOCTYPE html>\n<html><body>a,b</body></html>", "this is a page of HTML or XML"),
    ("  <?xml version='1.0'?><a/>", "this is a page of HTML or XML"),
    ("a,b\n1,x\0\n2,y\n", "line 2 holds bytes that are no text"),
    ("a,b\n" + "1,x\n" * 500_000 + "\x01", "line 500002 holds bytes that are no text"),
    ("%PDF-1.7\n", "this is a file of another program"), ("{\\rtf1 a}", "this is a file of another program"),
    (b"\xff\xfea\0,\0b", "no rows"), (b"\xff\xfea\0,\0b\0\n\0\x01\0", "line 2 holds bytes that are no text"),
    (b"\xff\xfe\0\0a\0\0\0", "line 1 holds bytes that are no text"),
    (b"\xff\xfea\0,\0b\0\n", "line 1 holds bytes that are no text"),
    ("a,b\n1,é\n2,".encode() + "ã".encode()[:1], "the file ends in the middle of a character"),
    (b"a,b\n1,\x81\n2,y\n", "its letters are in no encoding"),
    ("a,b\n1," + "x" * 200_000 + "\n", "row 2: a quotation mark is not closed, or a cell is longer than"),
    ('a,b\n1,"' + "x\n" * 100_000, "row 2: a quotation mark is not closed, or a cell is longer than"),
    ("a,b\n" + "1," * 3_000_000, "line 2 is longer than 4194304 characters"),
    (",".join(f"c{i}" for i in range(5001)) + "\n", "5001 columns are too many, 5000 are allowed"),
    (",".join(f"c{i}" for i in range(4098)) + "\n" + ("1," * 4098)[:-1] + "\n" + ("2," * 4098)[:-1],
     "4097 input columns are too many, 4096 are allowed"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, content: bytes | str, reason: str) -> None:
    error = refused(tmp_path, content)
    if reason != "no rows":
        assert reason in str(error), str(error)
    assert str(error).isprintable() and len(str(error)) < 500


def test_files_of_other_programs(tmp_path: Path) -> None:
    for content in (zipped(tmp_path), gzip.compress(GOOD.encode()), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        assert "this is a file of another program" in str(refused(tmp_path, content))
    pickles = [pickle.dumps(GOOD, protocol) for protocol in range(6)]
    for content in (*pickles, resource("datasets", "digits.npz").read_bytes(), os.urandom(5000)):
        refused(tmp_path, content)


@pytest.mark.parametrize(("options", "reason"), [
    ({"target": "cor"}, "data.target: there is no column cor"),
    ({"columns": (("cor", "number"),)}, r"data.columns\[0\]: there is no column cor"),
    ({"columns": (("idade", "input"),)}, r"data.columns\[0\]: input is not a known role"),
    ({"columns": (("cidade", "number"),)}, "row 2, column cidade: Recife is not a number"),
    ({"columns": (("paga", "left_out"),), "target": "paga"}, "data.target: the column paga has no values"),
    ({"task": "guess"}, "data.task: guess is not a known task"),
    ({"decimal": ";"}, "data.decimal: ; is not a known decimal mark"),
    ({"decimal": "."}, "row 2, column salário: 2.500,50 is not a number"),
    ({"task": "regression"}, "data.task: the column paga holds texts"),
    ({"columns": tuple((name, "left_out") for name in ("nome", "idade", "cidade", "salário"))},
     "no column is left to be an input"),
])  # fmt: skip
def test_options_that_do_not_fit_the_file(tmp_path: Path, options: dict[str, Any], reason: str) -> None:
    assert re.search(reason, str(refused(tmp_path, GOOD, **options)))


def test_too_many_categories_and_classes(tmp_path: Path) -> None:
    text = "a,b,y\n" + "".join(f"{i},t{i},u{i}\n" for i in range(101))
    assert "the column y are too many or too long to be classes" in str(refused(tmp_path, text))
    error = refused(tmp_path, text, columns=(("b", "category"),), target="a")
    assert "the column b are too many or too long to be categories" in str(error)
    rest = (("y", "left_out"), ("b", "left_out"))
    assert "no column is left" in str(refused(tmp_path, text, target="a", task="classes", columns=rest))
    error = refused(tmp_path, text.replace("t", ""), target="a", task="classes", columns=rest[:1])
    assert "data.task: the column a has 101 different numbers, 100 classes are allowed" in str(error)


@pytest.mark.parametrize("path", ["missing.csv", "missing/table.csv", "", "a\0b", "\ud800", "x" * 5000])
def test_where_there_is_no_file(path: str) -> None:
    with pytest.raises(ExperimentError):
        read_table(path, Options())


def test_a_folder_or_a_device_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, Path("/dev/zero"), Path("/dev/null"), tmp_path / "pipe"):
        with pytest.raises(ExperimentError, match="this is not a file"):
            read_table(str(path), Options())


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.csv").open("wb") as stream:
        stream.truncate(csv_text.LARGEST_FILE + 1)  # takes no room on the disk
    with pytest.raises(ExperimentError, match="this file is too large, 256 MB are allowed"):
        read_table(str(tmp_path / "large.csv"), Options())


@pytest.mark.parametrize("content", [b"1,x\n" * 1_000_000, b"a,b\n1,x\n2,y\n" + b"\n" * 1_000_000])
def test_more_rows_than_there_may_be(tmp_path: Path, content: bytes) -> None:
    assert re.search("the file has more than 10*00 rows", str(refused(tmp_path, content)))


@pytest.mark.parametrize("content", [
    b"a,b\n1," + b"x" * 60_000_000, b'a,b\n1,"' + b"xx\n" * 20_000_000, b"\n" * 60_000_000, b"," * 60_000_000,
], ids=["cell", "quote", "blank", "commas"])  # fmt: skip
def test_what_has_no_end_takes_little_memory(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "endless.csv"
    file.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(ExperimentError):
        read_table(str(file), Options())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


# Anything at all


def survives(folder: Path, content: bytes, **options: Any) -> None:
    """Only a table that can be used, or one sentence, may come out."""
    try:
        table = read(folder, content, **options)
    except ExperimentError as error:
        assert str(error).isprintable() and len(str(error)) < 500 and error.place.startswith("data.")
    else:
        rows = table.rows()
        assert rows.raw.shape == (table.report.rows_used, len(table.inputs))
        assert len(set(table.inputs)) == len(table.inputs) == table.report.inputs


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_cut_off_at_any_byte(tmp_path: Path, encoding: str) -> None:
    content = GOOD.encode(encoding)
    for end in range(len(content)):
        survives(tmp_path, content[:end])


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=300), options=st.booleans())
@example(b"\xff\xfe", False)
@example(b"\xef\xbb\xbf\xef", False)
def test_bytes(tmp_path_factory: Any, content: bytes, options: bool) -> None:
    survives(tmp_path_factory.getbasetemp(), content, header=options)


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(st.sampled_from("a1.,;\t|\"'\n\r -?é\x00<=_eE%0"), max_size=80),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
    header=st.none() | st.booleans(), decimal=st.sampled_from([None, ".", ","]),
    task=st.sampled_from([None, "classes", "regression"]),
)  # fmt: skip
def test_texts(tmp_path_factory: Any, text: str, encoding: str, **options: Any) -> None:
    survives(tmp_path_factory.getbasetemp(), text.encode(encoding), **options)


@settings(max_examples=200, deadline=None)
@given(first=st.integers(0, len(GOOD.encode()) - 1), length=st.integers(0, 20), put=st.binary(max_size=6))
def test_a_table_with_a_hole_or_something_else_in_it(
    tmp_path_factory: Any, first: int, length: int, put: bytes
) -> None:
    content = GOOD.encode()
    survives(tmp_path_factory.getbasetemp(), content[:first] + put + content[first + length :])
