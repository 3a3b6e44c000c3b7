"""A table of text, read from a CSV file, whatever program wrote it.

Whatever is wrong with a file is said in one sentence, a ValueError, that names the row. Rows are
counted as a spreadsheet counts them: the header is row 1. Cells are never run: one that begins
with = + or @ is text (or a number, as +5).
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dlviz.dataset import MAX_POINTS

MAX_NAME = 60  # characters of the name of a column or a class

# Only cells of up to 40 characters are tried: the pattern takes quadratic time on long digits.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST = 40

Record = tuple[int, list[str]]  # row of the file, from 1; its cells


@dataclass(frozen=True)
class Limits:
    """How large a file may be; rows are those of data, ``least`` of them at least."""

    megabytes: int = 1
    columns: int = 100
    rows: int = MAX_POINTS
    least: int = 2


@dataclass(frozen=True)
class Table:
    """Cells of a file as text.

    Parameters
    ----------
    columns : names, all different; x1, x2, ... if the file's first row is all numbers
    rows : cells without the blanks around them, as many in each row as there are columns
    lines : the row of the file, from 1, of each of ``rows``; empty rows are skipped
    decimal_comma : whether 1,5 means 1.5, as in files that are cut at ; or tab
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    decimal_comma: bool = False

    @cached_property
    def numeric(self) -> tuple[str, ...]:
        """Names of the columns most of whose cells are numbers."""
        hits = [0] * len(self.columns)
        for row in self.rows:
            for i, cell in enumerate(row):
                hits[i] += number_of(cell, self.decimal_comma) is not None
        return tuple(c for c, n in zip(self.columns, hits, strict=True) if 2 * n > len(self.rows))

    def cells(self, column: str) -> Iterator[tuple[str, str]]:
        """Yield (where it is, in words; text) of each cell of a column."""
        i = self.columns.index(column)
        for line, row in zip(self.lines, self.rows, strict=True):
            yield f"row {line}, column {column}", row[i]


USUAL = Limits()


def read_table(data: bytes, limits: Limits = USUAL) -> Table:
    """Read a CSV file.

    Parameters
    ----------
    data : in UTF-8, UTF-16 with its mark, or Latin-1; cut at comma, semicolon or tab; quotes as
        in RFC 4180. At least 3 columns, two of numbers, and 2 rows
    limits : at most 1 MB, 100 columns and 5000 rows if not said otherwise

    Raises
    ------
    ValueError
        One sentence on the first defect found.
    """
    if len(data) > limits.megabytes * 1_000_000:
        most = f"at most {limits.megabytes} MB"
        raise ValueError(f"expected a file of {most}, got {len(data) / 1e6:.2f} MB")
    text = _decode(data)
    delimiter = _delimiter(text)
    records = list(_records(text, delimiter))
    if not records:
        raise ValueError("expected a table, got an empty file")
    comma = delimiter != ","
    headless = all(number_of(cell, comma) is not None for cell in records[0][1])
    columns = _column_names(records[0], headless, limits.columns)
    body = records if headless else records[1:]
    _check_shape(columns, body, limits)
    rows = tuple(tuple(row) for _, row in body)
    table = Table(columns, rows, tuple(i for i, _ in body), comma)
    if len(table.numeric) < 2:
        got = ", ".join(table.numeric) or "none"
        raise ValueError(f"expected at least two columns of numbers, got {got}{_culprit(table)}")
    return table


def _culprit(table: Table) -> str:
    """Name the first cell that keeps the first column that is not of numbers from being so."""
    column = next(name for name in table.columns if name not in table.numeric)
    for where, cell in table.cells(column):
        if number_of(cell, table.decimal_comma) is None:
            return f"; {where}: {shown(cell)} is none"
    return ""


def number_of(cell: str, decimal_comma: bool) -> float | None:
    """Return the number that a cell holds, if it does: no inf, no nan, no thousands."""
    if len(cell) > _LONGEST:
        return None
    text = cell.replace(",", ".") if decimal_comma else cell
    return float(text) if _NUMBER.fullmatch(text) else None


def one_line(cell: str) -> str:
    """Return the text with one blank for each run of blanks, breaks and unprintable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())


def shown(cell: str) -> str:
    """Quote a cell in a sentence: on one line and not at length."""
    if not cell:
        return "an empty cell"
    return repr(cell if len(cell) <= _LONGEST else cell[:_LONGEST] + "…")


def _decode(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        if marked:
            raise ValueError(
                "expected text in UTF-16, as its mark says, got broken characters"
            ) from None
        text = data.decode("latin-1")
    if "\0" in text:
        raise ValueError(
            "expected text in UTF-8, UTF-16 with its mark, or Latin-1, got a binary file"
        )
    return text


def _delimiter(text: str) -> str:
    """Return the first of tab, semicolon and comma that cuts the first row into three or more.

    The comma comes last: beside the others, it may be the mark of decimals.
    """
    cuts = {mark: _width(text, mark) for mark in "\t;,"}
    fitting = [mark for mark, cells in cuts.items() if cells >= 3]
    return fitting[0] if fitting else max(",;\t", key=cuts.__getitem__)


def _width(text: str, delimiter: str) -> int:
    """Return the number of cells in the first row that is not empty; 0 if it cannot be read."""
    try:
        return next((len(row) for _, row in _records(text, delimiter)), 0)
    except ValueError:
        return 0


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield the rows that are not empty, without the blanks around cells."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 0
    try:
        for line, row in enumerate(reader, start=1):
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
    except csv.Error:
        most = csv.field_size_limit()
        wanted = f"closed quotes around whole cells of at most {most} characters"
        raise ValueError(f"row {line + 1}: expected {wanted}") from None


def _column_names(first: Record, headless: bool, most: int) -> tuple[str, ...]:
    """Return one name per column, or raise ValueError if they are too many, long or equal."""
    line, cells = first
    if not 3 <= len(cells) <= most:
        raise ValueError(f"row {line}: expected 3 to {most} columns, got {len(cells)}")
    if headless:
        return tuple(f"x{i}" for i in range(1, len(cells) + 1))
    names = tuple(one_line(cell) or f"column {i}" for i, cell in enumerate(cells, start=1))
    for i, name in enumerate(names, start=1):
        if len(name) > MAX_NAME:
            wanted = f"a name of at most {MAX_NAME} characters"
            raise ValueError(f"row {line}, column {i}: expected {wanted}, got {shown(name)}")
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise ValueError(f"row {line}: expected different names, got {name} {times} times")
    return names


def _check_shape(columns: tuple[str, ...], body: list[Record], limits: Limits) -> None:
    """Raise ValueError unless rows are enough, not too many, and of one length."""
    if not limits.least <= len(body) <= limits.rows:
        wanted = f"{limits.least} to {limits.rows} rows of data"
        raise ValueError(f"expected {wanted}, got {len(body)}")
    for line, row in body:
        if len(row) != len(columns):
            raise ValueError(f"row {line}: expected {len(columns)} cells, got {len(row)}")
