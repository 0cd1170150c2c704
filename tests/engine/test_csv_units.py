"""Amounts of money and shares in tables of one's own: numbers, whose unit is left off and told."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ExperimentError
from engine.data.csv_numbers import UNITS, number, unit_of, without_unit
from engine.data.csv_table import Table
from tests.engine.test_csv import table

BILLS = (
    "cliente;fatura;uso;saldo;preço;paga\n"
    "Ana;R$ 1.234,50;5%;-R$ 20,00;US$ 3;sim\n"
    "Bia;R$ 80,00;12,5 %;R$ -7,25;4;não\n"
    "Caio;R$ 1.000;100%;R$ 0,10;US$ 5;sim\n"
)


def test_money_and_shares_are_numbers_and_the_report_says_so(tmp_path: Path) -> None:
    found = table(tmp_path, BILLS, columns=(("cliente", "left_out"),))
    assert found.inputs == ("fatura", "uso", "saldo", "preço")
    assert found.rows().raw.tolist() == [[1234.5, 5, -20, 3], [80, 12.5, -7.25, 4], [1000, 100, 0.1, 5]]
    assert [column.unit for column in found.report.columns] == ["", "R$", "%", "R$", "US$", ""]
    assert [str(note) for note in found.report.notes] == [
        f"the column {name} is read as numbers, without {unit}"
        for name, unit in (("fatura", "R$"), ("uso", "%"), ("saldo", "R$"), ("preço", "US$"))
    ]


@pytest.mark.parametrize("cells", [("R$ 1", "US$ 2"), ("R$ 1", "grátis"), ("5%", "many %"), ("$", "€")])
def test_what_are_not_numbers_of_one_unit_stays_categories(tmp_path: Path, cells: tuple[str, str]) -> None:
    found = table(tmp_path, "a;b\n" + "".join(f"{cell};{index}\n" for index, cell in enumerate(cells * 2)))
    assert (found.report.columns[0].kind, found.report.columns[0].unit) == ("category", "")
    assert not found.report.notes


def test_a_unit_goes_with_everything_else_that_a_column_may_be(tmp_path: Path) -> None:
    def column(cells: str, **options: object) -> Table:
        return table(tmp_path, "a;b\n" + "".join(f"{cell};{cell}\n" for cell in cells.split("|")), **options)

    assert column("5%|7%", columns=(("a", "category"),)).inputs == ("a=5%", "a=7%")
    assert column("1,5 €|2 €|-|").rows().raw[:, 0].tolist() == [1.5, 2]  # a dash and nothing are missing
    assert column("R$ -|R$ 3|R$ 4").report.rows_used == 2  # so is an accountant's dash
    assert column("5%|7%").target.classes == ("5", "7")
    assert column("R$ 1,5|R$ 2,5").target.task == "regression"
    assert table(tmp_path, "R$ 1,5;1\nR$ 2,5;2\n").report.header is False
    late = column("|".join(["", "R$ 5", "R$ 7"] * 100 + ["free"]))
    assert late.inputs == ("a=R$ 5", "a=R$ 7", "a=free") and late.report.rows_used == 201
    assert not any(column.unit for column in late.report.columns)
    with pytest.raises(ExperimentError, match="row 104, column a: free is not a number"):
        column("|".join(["R$ 5", "R$ 7"] * 51 + ["free"]), columns=(("a", "number"),))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [("R$ 900|R$ 1.500", [900, 1500]), ("900 BRL|1.500 BRL", [900, 1500]),
     ("R$ 900|R$ 1.500|R$ 2.50", [900, 1.5, 2.5]),  # another cell says that it is a point
     ("R$ 900|R$ 1.500|R$ 2,50", [900, 1500, 2.5]), ("US$ 900|US$ 1,500", [900, 1500]),
     ("R$ 1.500|" * 250 + "R$ 2.50", [1.5] * 250 + [2.5])],  # only after what is looked at first
)  # fmt: skip
def test_thousands_of_reais_are_not_ones(tmp_path: Path, cells: str, expected: list[float]) -> None:
    found = table(tmp_path, "a;b\n" + "".join(f"{cell};{cell}\n" for cell in cells.split("|")))
    assert found.rows().raw[:, 0].tolist() == expected


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.sampled_from(UNITS), st.booleans(), st.sampled_from(["", " ", "\u00a0"]))
def test_every_amount_reads_back_exactly(value: float, unit: str, before: bool, space: str) -> None:
    cell = f"{unit}{space}{value!r}" if before else f"{value!r}{space}{unit}"
    assert unit_of([cell, "3"]) == unit
    assert number(without_unit(cell, unit), ".") == number(without_unit(cell), ".") == value
    assert np.signbit(value) == ("-" in without_unit(cell).partition("e")[0])
