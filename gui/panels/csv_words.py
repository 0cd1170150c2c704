"""What was read of a file, in sentences of the current language."""

from engine.data.csv_columns import Note
from engine.data.csv_report import CsvColumn, CsvReport
from gui.i18n import number, tr

MOST_NAMES, MOST_NOTES = 6, 4
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DECIMALS = {".": "point", ",": "comma"}
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
ROLES = {"input": "input", "target": "target", "left_out": "left out"}
KINDS = {"number": "number", "category": "category"}
TEXTS = (*DELIMITERS.values(), *DECIMALS.values(), *ROLES.values(), *KINDS.values())


def summary(report: CsvReport) -> list[str]:
    """Return what the file holds, what is predicted of it and how it is written, a sentence each."""
    sizes = tr("{rows} rows, {columns} columns; {used} rows are complete and make {inputs} inputs each.",
               rows=number(report.rows), columns=number(len(report.columns)),
               used=number(report.rows_used), inputs=number(report.inputs))  # fmt: skip
    named = tr("the first row names the columns")
    first = named if report.header else tr("the first row is data already")
    delimiter = DELIMITERS.get(report.delimiter)
    form = tr("Cells end at a {delimiter}, numbers have a decimal {decimal}, text is {encoding}; {first}.",
              delimiter=tr(delimiter) if delimiter else report.delimiter,
              decimal=tr(DECIMALS[report.decimal]), first=first,
              encoding=ENCODINGS.get(report.encoding, report.encoding))  # fmt: skip
    return [sizes, _predicted(report), form]


def _predicted(report: CsvReport) -> str:
    target = next((column.name for column in report.columns if column.role == "target"), "")
    if not report.classes:
        return tr("Predicted is the number {target}.", target=target)
    names = ", ".join(report.classes[:MOST_NAMES]) + (", …" if len(report.classes) > MOST_NAMES else "")
    return tr("Predicted is {target}, one of {count} classes: {names}.", target=target,
              count=number(len(report.classes)), names=names)  # fmt: skip


def notes(report: CsvReport) -> list[str]:
    """Return what was left out and why; where much was, the first of it and how much more."""
    said = [note_words(note) for note in report.notes]
    if len(said) > MOST_NOTES:
        return [*said[:MOST_NOTES], tr("… and {count} more columns", count=number(len(said) - MOST_NOTES))]
    return said


def note_words(note: Note) -> str:
    """Return a note of the engine in the current language, begun with a capital letter."""
    values = {key: _value(value) for key, value in note.values}
    said = tr(note.reason, **values) if values else tr(note.reason)
    return said[:1].upper() + said[1:]


def _value(value: object) -> str:
    if isinstance(value, Note):
        said = note_words(value)
        return said[:1].lower() + said[1:]
    return number(value) if isinstance(value, int) else str(value)


def role_words(column: CsvColumn) -> str:
    """Return in a word what a column is used as: of an input, as what kind."""
    return tr(KINDS[column.kind] if column.role == "input" else ROLES[column.role])


def column_hint(column: CsvColumn) -> str:
    """Return a column's name, its role and what is remarkable about it, a line each."""
    role = tr(ROLES[column.role])
    lines = [column.name, f"{role} · {tr(KINDS[column.kind])}" if column.kind else role]
    if column.why is not None:
        lines.append(note_words(column.why))
    if column.unit:
        lines.append(tr("read as numbers, without {unit}", unit=column.unit))
    if column.categories:
        lines.append(tr("{count} different texts", count=number(column.categories)))
    if column.missing:
        lines.append(tr("{count} values are missing", count=number(column.missing)))
    return "\n".join(lines)
