"""What was read of a file of the user's own, for whoever wants to see it before training on it."""

from dataclasses import dataclass

from engine.data.csv_columns import LEFT_OUT, NUMBER, Column, Note

INPUT, TARGET = "input", "target"


@dataclass(frozen=True)
class CsvColumn:
    """One column of the file.

    Attributes
    ----------
    name : in the header, or ``column_1``, ``column_2``, ... where there is none
    role : "input", "target" or "left_out"
    kind : "number" or "category"; empty for a column that is left out
    missing : how many of its values are, as far as it was looked at
    categories : how many different ones there are, 0 for numbers
    why : why it is left out; None for the others, and for one that the user left out
    unit : what stands at its numbers and is left off, such as "R$" or "%"
    """

    name: str
    role: str
    kind: str
    missing: int
    categories: int
    why: Note | None
    unit: str = ""


@dataclass(frozen=True)
class CsvReport:
    """What was read of a file.

    Attributes
    ----------
    path, encoding, delimiter : the file, Python's name of its encoding, what separates its cells
    decimal : its decimal mark, "." or ","
    header : whether its first row names the columns
    rows, rows_used : how many rows there are, and how many of them are complete
    columns : every column, in the file's order
    task, classes : what is predicted: "binary", "multiclass" or "regression", and the classes' names
    inputs : how many inputs the columns make, one for each number and one for each category
    first : the first few rows as they stand there
    """

    path: str
    encoding: str
    delimiter: str
    decimal: str
    header: bool
    rows: int
    rows_used: int
    columns: tuple[CsvColumn, ...]
    task: str
    classes: tuple[str, ...]
    inputs: int
    first: tuple[tuple[str, ...], ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was left out or off and why, in sentences."""
        notes = [
            Note("the column {column} is left out: {why}", (("column", column.name), ("why", column.why)))
            for column in self.columns
            if column.why is not None
        ]
        notes += [
            Note("the column {column} is read as numbers, without {unit}",
                 (("column", column.name), ("unit", column.unit)))
            for column in self.columns
            if column.unit
        ]  # fmt: skip
        lost = self.rows - self.rows_used
        if lost:
            notes.insert(0, Note("{rows} rows are left out: a value is missing in them", (("rows", lost),)))
        return tuple(notes)


def described(column: Column, role: str) -> CsvColumn:
    """Return what a report says of a column that has this role unless it is left out."""
    role = LEFT_OUT if column.kind == LEFT_OUT else role
    kind = "" if role == LEFT_OUT else column.kind
    unit = column.unit if kind == NUMBER else ""
    return CsvColumn(column.name, role, kind, column.missing, len(column.categories), column.why, unit)
