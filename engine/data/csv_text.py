"""From a file of the user's own to rows of text: its encoding, its delimiter, its quotes.

A file is read in pieces and looked at before anything is kept of it, so that whatever lies behind a path
(a picture, a page of HTML, one endless line) costs neither time nor memory.
"""

import codecs
import csv
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from engine.errors import ExperimentError

LARGEST_FILE = 256 * 2**20  # bytes
LONGEST_LINE = 2**22  # characters
MOST_RECORDS = 1_000_000  # rows, blank ones counted
SAMPLE = 2**16  # characters by which the delimiter is told
PIECE = 2**20  # bytes looked at in one go
DELIMITERS = (",", ";", "\t", "|")

Stamp = tuple[int, int]  # when a file was last changed, in ns, and its size in bytes

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# How files begin that hold tables (or were taken for one) but are no text.
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"SQLite format 3", b"PAR1", b"{\\rtf")
_CONTROL = bytes({*range(32), 127} - {*b"\t\n\v\f\r"})
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"  # in Windows' Latin-1
_CONTROL_CHARACTER = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Text:
    """A file that can be read as text.

    Attributes
    ----------
    path : where it lies
    encoding : as Python calls it
    delimiter : what stands between cells
    skipped : lines before the table (Excel's ``sep=;``)
    """

    path: str
    encoding: str
    delimiter: str
    skipped: int


def wrong(reason: str, **values: object) -> ExperimentError:
    """Return the error that says why a file cannot be read; not raised yet."""
    return ExperimentError("data.path", reason, **values)


def stamp_of(path: str) -> Stamp:
    """Return when a file was last changed and how large it is.

    Raises ExperimentError where there is no ordinary file, an empty one, or one that is too large.
    """
    try:
        found = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise wrong("{file}: there is no such file", file=path) from error
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise wrong("{file}: this is not a file", file=path)
    if found.st_size > LARGEST_FILE:
        raise wrong("{file}: this file is too large, {most} MB are allowed", file=path,
                    most=LARGEST_FILE // 2**20)  # fmt: skip
    return found.st_mtime_ns, found.st_size


def _unreadable(path: str, error: Exception) -> ExperimentError:
    detail = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return wrong("{file}: it cannot be read ({detail})", file=path, detail=detail)


def open_text(path: str) -> Text:
    """Find out how a file is to be read. Raises ExperimentError where it is no table in text."""
    try:
        encoding = _encoding_of(path)
        with open(path, encoding=encoding, newline="") as stream:
            sample = stream.read(SAMPLE)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not sample.strip():
        raise wrong("{file}: this file is empty", file=path)
    if sample.lstrip()[:1] == "<":
        raise wrong("this is a page of HTML or XML and not a table in text: save it as CSV first")
    told = re.match(r"sep=(.)\r?\n", sample)
    if told:
        return Text(path, encoding, told[1], 1)
    return Text(path, encoding, _delimiter_of(sample), 0)


def _encoding_of(path: str) -> str:
    """Return the encoding of a file, of which every byte is looked at.

    UTF-8 and UTF-16 are told by their marks, UTF-8 also by being valid; else it is Latin-1 as Windows
    has it (cp1252).
    """
    with open(path, "rb") as stream:
        start = stream.read(16)
        if start.startswith(_MAGIC):
            raise wrong("this is a file of another program and not a table in text: save it as CSV first")
        stream.seek(0)
        marked = next((name for mark, name in _BOMS.items() if start.startswith(mark)), None)
        pieces = iter(lambda: stream.read(PIECE), b"")
        return _check_marked(pieces, marked) if marked else _told_by_bytes(pieces)


def _check_marked(pieces: Iterator[bytes], encoding: str) -> str:
    """Read text of a known encoding to its end. Raises ExperimentError for what is no text."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    try:
        for piece in pieces:
            text = decoder.decode(piece)
            found = _CONTROL_CHARACTER.search(text)
            if found:
                raise _no_text(line + text.count("\n", 0, found.start()))
            line += text.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _no_text(line) from error
    return encoding


def _told_by_bytes(pieces: Iterator[bytes]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, latin, accents, line = True, True, False, 1
    for piece in pieces:
        if len(piece.translate(None, _CONTROL)) < len(piece):
            first = min(place for place in (piece.find(c) for c in _CONTROL) if place >= 0)
            raise _no_text(line + piece.count(b"\n", 0, first))
        line += piece.count(b"\n")
        latin = latin and len(piece.translate(None, _UNDEFINED)) == len(piece)
        if utf8:
            try:
                accents = not decoder.decode(piece).isascii() or accents
            except UnicodeDecodeError:
                utf8 = False
    if utf8 and decoder.getstate()[0] and accents:
        raise wrong("the file ends in the middle of a character: it seems to be cut off")
    if utf8 and not decoder.getstate()[0]:
        return "utf-8"
    if not latin:
        raise wrong("its letters are in no encoding that is known here: save it as UTF-8 first")
    return "cp1252"


def _no_text(line: int) -> ExperimentError:
    return wrong("line {row} holds bytes that are no text: this is not a CSV file", row=line)


def _delimiter_of(sample: str) -> str:
    """Return what separates the cells of a sample of a file."""
    lines = sample.splitlines()
    lines = lines[:-1] if len(sample) == SAMPLE and len(lines) > 1 else lines  # the last one is cut
    return max(DELIMITERS, key=lambda mark: _order(lines[:200], mark))


def _order(lines: list[str], mark: str) -> tuple[float, float, int]:
    """Return how well a delimiter explains some lines.

    First the share of rows that have as many cells as most (0 where that is 1), then how few cells hold
    another delimiter that is not the comma of a number, then the number of cells.
    """
    try:
        rows = [row for row in csv.reader(lines, delimiter=mark, skipinitialspace=True) if row]
    except csv.Error:
        return 0.0, 0.0, 0
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count, default=1)
    if usual < 2:
        return 0.0, 0.0, 0
    others = r"[;\t|]" if mark == "," else r"[;\t|]|,(?!\d)"
    cells = [cell for row in rows for cell in row]
    clean = sum(not re.search(others, cell) for cell in cells) / len(cells)
    return widths.count(usual) / len(widths), clean, usual


class RowReader:
    """The rows of a file that are not blank: iterating gives (row number from 1, cells).

    Parameters
    ----------
    text : the file and how it is to be read

    Attributes
    ----------
    characters : how many were read so far

    Spaces around cells stay where quotes do not end them. Raises ExperimentError for quotes, lines and
    files without an end.
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self.characters = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        text, row = self._text, self._text.skipped
        try:
            with open(text.path, encoding=text.encoding, newline="") as stream:
                lines = self._lines(stream)
                for _ in range(text.skipped):
                    next(lines, None)
                reader = csv.reader(lines, delimiter=text.delimiter, skipinitialspace=True, strict=True)
                for row, cells in enumerate(reader, start=1 + text.skipped):
                    if row > MOST_RECORDS:
                        raise wrong("the file has more than {most} rows", most=MOST_RECORDS)
                    if any(map(str.strip, cells)):
                        yield row, cells
        except csv.Error as error:
            raise wrong(
                "row {row}: a quotation mark is not closed, or a cell is longer than {most} characters",
                row=row + 1, most=csv.field_size_limit(),
            ) from error  # fmt: skip
        except UnicodeDecodeError as error:
            raise wrong("the file ends in the middle of a character: it seems to be cut off") from error
        except OSError as error:
            raise _unreadable(text.path, error) from error

    def _lines(self, stream: TextIO) -> Iterator[str]:
        """Yield the lines of a file, none of them without end."""
        number = 0
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise wrong("line {row} is longer than {most} characters", row=number, most=LONGEST_LINE)
            self.characters += len(line)
            yield line
