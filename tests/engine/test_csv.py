"""Tables of one's own: whatever a spreadsheet writes is read as it was meant, and the report says how."""

import csv
import io
import json
import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, ExperimentError
from engine.data.csv_numbers import MISSING, decimal_of, is_missing, number, numbers
from engine.data.csv_reading import MOST_ROWS, Options, distinct
from engine.data.csv_table import Table, columns_of, read_report, read_table
from engine.data.loading import load

PEOPLE = """name,age,city,income,pays
Ana,34,Recife,2500.50,yes
Bia,28,Natal,1800,no
Caio,45,Recife,3900.25,yes
Davi,51,Olinda,1200,no
"""
# The same as a Brazilian spreadsheet writes it.
PESSOAS = "nome;idade;cidade;salário;paga\r\nAna;34;Recife;2.500,50;sim\r\nÍris;28;São Luís;1.800,00;não\r\n"


def table(path: Path, text: str | bytes, encoding: str = "utf-8", **options: Any) -> Table:
    file = path / "table.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_table(str(file), Options(**options))


# A whole file


def test_numbers_categories_and_a_target(tmp_path: Path) -> None:
    found = table(tmp_path, PEOPLE, columns=(("name", "left_out"),))
    assert found.inputs == ("age", "city=Natal", "city=Olinda", "city=Recife", "income")
    rows = found.rows()
    assert rows.raw.tolist() == [[34, 0, 0, 1, 2500.5], [28, 1, 0, 0, 1800], [45, 0, 0, 1, 3900.25],
                                 [51, 0, 1, 0, 1200]]  # fmt: skip
    assert (found.target.task, found.target.classes) == ("binary", ("no", "yes"))
    assert rows.labels.tolist() == [1, 0, 1, 0] and rows.labels.dtype == np.int64


def test_the_report_says_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE + "Eva,?,Natal,NA,yes\n", encoding="utf-8")
    report = read_report(str(tmp_path / "people.csv"))
    assert (report.encoding, report.delimiter, report.decimal, report.header) == ("utf-8", ",", ".", True)
    assert (report.rows, report.rows_used, report.task) == (5, 4, "binary")
    assert report.classes == ("no", "yes") and report.inputs == 9
    assert report.first[0] == ("Ana", "34", "Recife", "2500.50", "yes") and len(report.first) == 5
    told = [(c.name, c.role, c.kind, c.missing, c.categories) for c in report.columns]
    assert told == [("name", "input", "category", 0, 5), ("age", "input", "number", 1, 0),
                    ("city", "input", "category", 0, 3), ("income", "input", "number", 1, 0),
                    ("pays", "target", "category", 0, 2)]  # fmt: skip
    assert [str(note) for note in report.notes] == ["1 rows are left out: a value is missing in them"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_brazilian_spreadsheet_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    found = table(tmp_path, PESSOAS, encoding)
    assert found.report.columns[3].name == "salário"
    assert found.inputs == ("nome=Ana", "nome=Íris", "idade", "cidade=Recife", "cidade=São Luís", "salário")
    assert found.rows().raw[:, -1].tolist() == [2500.5, 1800.0]
    assert found.target.classes == ("não", "sim")
    assert (found.report.delimiter, found.report.decimal, found.report.encoding) == (";", ",", encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_both_orders_of_utf_16(tmp_path: Path, encoding: str) -> None:
    found = table(tmp_path, "\ufeff" + PESSOAS, encoding)
    assert found.rows().raw[:, 2].tolist() == [34, 28]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(tmp_path: Path, ends: str, last: bool) -> None:
    text = "a,b\n1,x\n2,y\n3,x" + "\n" * last
    assert table(tmp_path, text.replace("\n", ends)).rows().raw[:, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", [True, False])
def test_delimiters(tmp_path: Path, mark: str, header: bool) -> None:
    lines = ["a;b;c", "1.5;x;0", "2.5;y;1", "3.5;x;1"][not header :]
    found = table(tmp_path, "\n".join(lines).replace(";", mark))
    assert found.report.delimiter == mark and found.report.header == header
    assert found.rows().raw[:, 0].tolist() == [1.5, 2.5, 3.5]
    assert found.inputs[0] == ("a" if header else "column_1")


def test_semicolons_between_numbers_with_commas(tmp_path: Path) -> None:
    found = table(tmp_path, "1,5;2,25;0\n2,5;3,25;1\n")
    assert (found.report.delimiter, found.report.decimal, found.report.header) == (";", ",", False)
    assert found.rows().raw.tolist() == [[1.5, 2.25], [2.5, 3.25]]


def test_excels_own_word_for_the_delimiter(tmp_path: Path) -> None:
    assert table(tmp_path, "sep=;\na;b\n1;x\n2;y\n").inputs == ("a",)


def test_quotes(tmp_path: Path) -> None:
    text = 'a,"the, ""b""","c\nd"\n1,"x, y",0\n2,"x\ny",1\n3,"x, y",1\n'
    found = table(tmp_path, text)
    assert found.inputs == ("a", 'the, "b"=x\ny', 'the, "b"=x, y')
    assert found.report.columns[2].name == "c d"


@pytest.mark.parametrize("text", [
    "a,b,\n1,x,\n2,y,\n", "a,b\n1,x,\n2,y,,\n", "a,b\n\n1,x\n\n\n2,y\n\n", "a,b\n,\n1,x\n , \n2,y\n",
    "\ufeffa,b\n1,x\n2,y\n", "a , b\n 1 , x\n 2, y \n",
])  # fmt: skip
def test_what_people_leave_behind(tmp_path: Path, text: str) -> None:
    found = table(tmp_path, text)
    assert found.inputs == ("a",) and found.rows().raw.tolist() == [[1], [2]]
    assert found.target.classes == ("x", "y")


def test_names_that_stand_twice_or_not_at_all(tmp_path: Path) -> None:
    found = table(tmp_path, "a,,a,a_2,a\n1,2,3,4,x\n5,6,7,8,y\n")
    assert found.inputs == ("a", "column_2", "a_3", "a_2")
    assert found.report.columns[-1].name == "a_4"


@given(st.lists(st.sampled_from(["a", "a_2", "a_3", "a_2_2", "b"]), max_size=30))
def test_names_become_distinct_and_the_first_stays(names: list[str]) -> None:
    free = distinct(names)
    assert len(set(free)) == len(names)
    assert all(names.index(name) == free.index(name) for name in names)


# Numbers


@pytest.mark.parametrize(("text", "point", "comma"), [
    ("1", 1, 1), ("-2.5", -2.5, None), ("-2,5", None, -2.5), ("+3", 3, 3), ("−4", -4, -4), (".5", 0.5, None),
    (",5", None, 0.5), ("5.", 5, None), ("1e3", 1000, 1000), ("1.5E-2", 0.015, None), ("1,5e-2", None, 0.015),
    ("1,234", 1234, 1.234), ("1.234", 1.234, 1234), ("1,234.5", 1234.5, None), ("1.234,5", None, 1234.5),
    ("1.234.567", None, 1234567), ("1,234,567", 1234567, None), ("12,34,567", None, None),
    ("1 234 567,8", None, 1234567.8), ("1\u202f234.5", 1234.5, None), ("1'234.5", 1234.5, None),
    ("0.123", 0.123, None), ("0,123", None, 0.123), ("1.2345", 1.2345, None), ("1.23.456", None, None),
    ("1_000", None, None), ("nan", None, None), ("inf", None, None), ("-Infinity", None, None),
    ("0x10", None, None), ("1e999", None, None), ("9" * 400, None, None), ("12/05/2024", None, None),
    ("R$ 5", None, None), ("5%", None, None), ("1-2", None, None), ("e5", None, None), ("", None, None),
    ("1 2", None, None), ("1,", None, 1), ("--1", None, None),
])  # fmt: skip
def test_numbers_as_people_write_them(text: str, point: float | None, comma: float | None) -> None:
    assert (number(text, "."), number(text, ",")) == (point, comma)


@given(value=st.floats(allow_nan=False, allow_infinity=False), comma=st.booleans())
def test_every_number_reads_back_exactly(value: float, comma: bool) -> None:
    decimal = "," if comma else "."
    text = repr(value).replace(".", decimal)
    assert number(text, decimal) == value
    assert numbers([text], decimal)[0].tolist() == [value]


CELLS = st.one_of(
    st.sampled_from(["", "NA", "?", "1", "1.5", "1,5", "1_0", "inf", "nan", "x", "1\n2", "2e3", "1.234"]),
    st.text(string.digits + ".,+-eE _'", max_size=8),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(cells=st.lists(CELLS, max_size=12), decimal=st.sampled_from(".,"))
def test_a_column_in_one_go_is_its_cells_one_by_one(cells: list[str], decimal: str) -> None:
    values, bad = numbers(cells, decimal)
    stripped = [cell.strip() for cell in cells]
    told = [float("nan") if is_missing(cell) else number(cell, decimal) for cell in stripped]
    first = told.index(None) if None in told else -1
    assert bad == first
    if bad < 0:
        np.testing.assert_array_equal(values, np.array(told, float))


@pytest.mark.parametrize(("cells", "mark"), [
    (["1", "2"], None), (["1.5"], "."), (["1,5"], ","), (["1.234", "2.345"], None), (["1.234", "2,5"], ","),
    (["1,234", "2.5"], "."), (["1.234.567"], ","), (["0.123"], "."), (["x", "?"], None),
    (["1.5", "1,5"], None),
])  # fmt: skip
def test_the_decimal_mark_is_told_by_numbers_that_can_tell(cells: list[str], mark: str | None) -> None:
    assert decimal_of(cells) == mark


def test_a_decimal_comma_far_down_is_found(tmp_path: Path) -> None:
    """The first rows hold whole numbers alone; the file is read once more with the other mark."""
    text = "a;b;y\n" + "1.234;5;0\n" * 1000 + "1.234,5;5;1\n"
    found = table(tmp_path, text)
    assert found.report.decimal == ","
    assert found.rows().raw[[0, -1], 0].tolist() == [1234, 1234.5]


def test_what_is_ambiguous_is_a_decimal_point_unless_said_otherwise(tmp_path: Path) -> None:
    text = "a;b\n1.234;x\n5.678;y\n"
    assert table(tmp_path, text).rows().raw[:, 0].tolist() == [1.234, 5.678]
    assert table(tmp_path, text, decimal=",").rows().raw[:, 0].tolist() == [1234, 5678]


# Missing values, columns that are left out


@pytest.mark.parametrize("word", [*sorted(MISSING), "NaN", "NULL", "N/A", "Na"])
def test_rows_with_a_missing_value_are_left_out(tmp_path: Path, word: str) -> None:
    text = f"a,b,y\n1,p,u\n{word},q,v\n3,{word},u\n4,q,v\n5,p,{word}\n6,p,u\n"
    found = table(tmp_path, text)
    assert found.rows().raw.tolist() == [[1, 1, 0], [4, 0, 1], [6, 1, 0]]
    assert (found.report.rows, found.report.rows_used) == (6, 3)
    assert [column.missing for column in found.report.columns] == [1, 1, 1]


def test_a_category_of_rows_that_are_left_out_is_none(tmp_path: Path) -> None:
    found = table(tmp_path, "a,b,y\n1,p,u\n?,rare,lost\n3,q,v\n4,q,u\n")
    assert found.inputs == ("a", "b=p", "b=q") and found.target.classes == ("u", "v")


def test_columns_that_can_be_no_input_are_left_out_with_the_reason(tmp_path: Path) -> None:
    lines = ["id,empty,rare,long,a,y"]
    lines += [f"n{i},,{'' if i % 3 else 5},{'t' * 101},{i},{i % 2}" for i in range(120)]
    found = table(tmp_path, "\n".join(lines))
    assert found.inputs == ("a",) and found.report.rows_used == 120
    assert [str(note) for note in found.report.notes] == [
        "the column id is left out: it has more than 100 different texts",
        "the column empty is left out: it has no values",
        "the column rare is left out: more than half of its values are missing",
        "the column long is left out: its texts are longer than 100 characters",
    ]
    assert [column.role for column in found.report.columns] == ["left_out"] * 4 + ["input", "target"]


def test_a_column_that_is_missing_at_first(tmp_path: Path) -> None:
    lines = ["a,b,y", *["?,,0"] * 9000, *["1,p,0"] * 9500, *["2,q,1"] * 500]
    found = table(tmp_path, "\n".join(lines))
    assert found.inputs == ("a", "b=p", "b=q")
    assert (found.report.rows, found.report.rows_used) == (19000, 10000)


def test_roles_are_what_the_user_says(tmp_path: Path) -> None:
    text = "code,a,y\n1,2,0\n2,3,1\n10,4,0\n"
    found = table(tmp_path, text, columns=(("code", "category"),))
    assert found.inputs == ("code=1", "code=10", "code=2", "a")
    mostly = "code,a,y\n" + "\n".join(f"{i},1,{i % 2}" for i in range(9)) + "\nA9,1,0\n"
    with pytest.raises(ExperimentError, match="row 11, column code: A9 is not a number"):
        table(tmp_path, mostly)
    assert len(table(tmp_path, mostly, columns=(("code", "category"),)).inputs) == 11
    assert table(tmp_path, mostly, columns=(("code", "left_out"),)).inputs == ("a",)


def names(rows: int, different: int) -> str:
    """A table whose column of texts has so many different ones."""
    lines = [f"pupil {min(i, different - 1)},{i % 5},{'ab'[i % 2]}" for i in range(rows)]
    return "\n".join(["name,mark,passed", *lines])


@pytest.mark.parametrize(("rows", "different", "out"), [
    (58, 58, True), (58, 53, True), (58, 52, False), (58, 5, False), (10, 10, True), (9, 9, False),
])  # fmt: skip
def test_a_column_that_names_the_rows_is_left_out_unless_it_is_chosen(
    tmp_path: Path, rows: int, different: int, out: bool
) -> None:
    found = table(tmp_path, names(rows, different))
    assert len(found.inputs) == (1 if out else 1 + different)
    said = "the column name is left out: nearly every row has a text of its own there, "
    said += "which tells nothing of any other row"
    assert [str(note) for note in found.report.notes] == [said] * out
    chosen = table(tmp_path, names(rows, different), columns=(("name", "category"),))
    assert len(chosen.inputs) == 1 + different and not chosen.report.notes


def test_a_column_that_names_the_rows_is_predicted_only_where_somebody_says_so(tmp_path: Path) -> None:
    turned = "\n".join(",".join(reversed(line.split(","))) for line in names(20, 20).splitlines())
    assert table(tmp_path, turned).report.columns[1].role == "target"
    assert len(table(tmp_path, turned, target="name").target.classes) == 20


def test_an_experiment_that_was_saved_with_an_input_for_each_name_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text(names(20, 20), encoding="utf-8")
    inputs = (*(f"name=pupil {i}" for i in range(20)), "mark")

    def opened(**data: Any) -> Experiment:
        whole = {"name": "csv", "path": str(tmp_path / "class.csv"), **data}
        network = {"layers": [{"units": 1, "activation": "sigmoid"}]}
        return Experiment.from_json(json.dumps({"version": 1, "data": whole, "network": network}))

    old, new = opened(features=inputs), opened()
    assert old.data.features == inputs and load(old).x_train.shape[1] == 21
    assert new.data.features == ("mark",) and load(new).x_train.shape[1] == 1
    assert columns_of(old.data) == (("name", "category"),) and columns_of(new.data) == ()


# What is predicted


@pytest.mark.parametrize(("values", "task", "classes"), [
    (["0", "1", "1", "0"], "binary", ("0", "1")), (["b", "a", "c", "a"], "multiclass", ("a", "b", "c")),
    (["3", "1", "10", "1"], "multiclass", ("1", "3", "10")), (["0.5", "1.5", "0.5", "1"], "regression", ()),
    ([str(i) for i in range(11)], "regression", ()),
    ([str(i) for i in range(10)], "multiclass", tuple("0123456789")),
    (["1.0", "0", "1", "0.0"], "binary", ("0", "1")), (["no", "yes", "?", "no"], "binary", ("no", "yes")),
])  # fmt: skip
def test_the_task_is_told_by_the_target(
    tmp_path: Path, values: list[str], task: str, classes: tuple[str, ...]
) -> None:
    text = "a,y\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values))
    found = table(tmp_path, text)
    assert (found.target.task, found.target.classes) == (task, classes)


def test_the_task_may_be_said(tmp_path: Path) -> None:
    text = "a,y\n" + "".join(f"{i},{i % 30}\n" for i in range(90))
    assert table(tmp_path, text).target.task == "regression"
    found = table(tmp_path, text, task="classes")
    assert found.target.classes == tuple(map(str, range(30)))
    few = table(tmp_path, "a,y\n1,0\n2,1\n3,1\n", task="regression")
    assert few.target.task == "regression" and few.rows().targets[:, 0].tolist() == [0, 1, 1]


def test_the_target_is_named_or_called_so_or_last(tmp_path: Path) -> None:
    text = "a,Class,b\n1,u,2\n2,v,3\n4,u,4\n"
    assert table(tmp_path, text).inputs == ("a", "b")
    assert table(tmp_path, text, target="b").inputs == ("a", "Class=u", "Class=v")
    assert table(tmp_path, "a,b\n1,2.5\n2,3.5\n").inputs == ("a",)
    last_out = table(tmp_path, "a,b,c\n1,u,2\n2,v,3\n", columns=(("c", "left_out"),))
    assert last_out.inputs == ("a",) and last_out.target.classes == ("u", "v")


@pytest.mark.parametrize(("text", "header"), [
    ("a,b\n1,x\n2,y\n", True), ("1,x\n2,y\n3,x\n", False), ("x,u\ny,v\nx,v\n", False),
    ("a,b\nx,u\ny,v\nx,v\n", True), ("?,x\n1,y\n2,x\n", False),
])  # fmt: skip
def test_a_header_is_told_from_a_row(tmp_path: Path, text: str, header: bool) -> None:
    assert table(tmp_path, text).report.header == header


@pytest.mark.parametrize("text", [
    "2019;2020;answer\n1,5;2;0\n2,5;;1\n3;4;1\n",  # years
    "Aluno;1;2;Nota\nAna;0,5;1;7,5\nBia;1;1;9\n",  # questions
])  # fmt: skip
def test_numbers_may_name_columns(tmp_path: Path, text: str) -> None:
    report = table(tmp_path, text).report
    assert report.header and [column.name for column in report.columns] == text.split("\n")[0].split(";")


@pytest.mark.parametrize("text", [
    "1,NA,3\n4,5,6\n7,8,9\n1,2,3\n",  # a value that is missing names nothing
    "1,n.d.,3\n4,x,6\n7,8,9\n",  # texts stand among the numbers below, too
    "1,a,3\n4,,6\n7,,9\n",  # there are none below
    "1,a,1\n4,5,6\n7,8,9\n",  # nobody calls two columns 1
])  # fmt: skip
def test_a_row_with_numbers_is_no_header_of_others(tmp_path: Path, text: str) -> None:
    assert not table(tmp_path, text).report.header


def test_the_header_may_be_said(tmp_path: Path) -> None:
    years = "2019,2020,y\n1,2,u\n3,4,v\n"
    assert table(tmp_path, years, header=True).inputs == ("2019", "2020")
    assert table(tmp_path, "a,b\nc,d\ne,d\n", header=False).report.rows == 3


# Any table at all


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], list[list[float]], dict[str, str]]:
    """Draw rows of text with a header, the numbers that they hold, and how they are written."""
    rows, columns = draw(st.integers(2, 12)), draw(st.integers(1, 5))
    mark = draw(st.sampled_from(",;\t|"))
    decimal = draw(st.sampled_from(".,")) if mark != "," else "."
    value = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
    line = st.lists(value, min_size=columns, max_size=columns)
    numbers = draw(st.lists(line, min_size=rows, max_size=rows))
    targets = ["no", "yes"] + [draw(st.sampled_from(["no", "yes", "may be"])) for _ in range(rows - 2)]
    header = [f"v{column}" for column in range(columns)] + ["answer"]
    lines = [
        [*(repr(one).replace(".", decimal) for one in row), target]
        for row, target in zip(numbers, targets, strict=True)
    ]
    how = {"mark": mark, "decimal": decimal, "ends": draw(st.sampled_from(["\n", "\r\n"])),
           "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))}  # fmt: skip
    return [header, *lines], numbers, how


@settings(max_examples=60, deadline=None)
@given(drawn=tables(), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_is_written_is_read_back(
    tmp_path_factory: Any, drawn: tuple[list[list[str]], list[list[float]], dict[str, str]], quoting: Any
) -> None:
    lines, numbers, how = drawn
    out = io.StringIO()
    csv.writer(out, delimiter=how["mark"], quoting=quoting, lineterminator=how["ends"]).writerows(lines)
    found = table(tmp_path_factory.getbasetemp(), out.getvalue(), how["encoding"])
    assert found.rows().raw.tolist() == numbers
    assert [found.target.classes[label] for label in found.rows().labels] == [line[-1] for line in lines[1:]]


def test_numbers_in_small_types_are_the_same_numbers(tmp_path: Path) -> None:
    columns = [[0, 255], [-5, 300], [0.5, 2.0**24], [0.1, 3], [-0.25, 1e-3], [1e29, -3], [40000, 5]]
    text = "a,b,c,d,e,f,g,y\n" + "\n".join(
        ",".join([*(repr(column[row]) for column in columns), "uv"[row]]) for row in range(2)
    )
    found = table(tmp_path, text)
    assert found.rows().raw.T.tolist() == columns
    assert [part.dtype.name for part, _ in found.columns] == [
        "uint8", "int16", "float32", "float64", "float64", "float64", "float32"]  # fmt: skip


def test_as_many_rows_as_there_may_be(tmp_path: Path) -> None:
    lines = [f"{i},{i % 7},{i % 2}" for i in range(MOST_ROWS)]
    assert table(tmp_path, "a,b,y\n" + "\n".join(lines)).rows().raw.shape == (MOST_ROWS, 2)
    with pytest.raises(ExperimentError, match="the file has more than 100000 rows"):
        table(tmp_path, "a,b,y\n" + "\n".join([*lines, "1,2,1"]))
