"""Rows and cells of benchmark files: what can be read is read, what cannot is told in one line."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from math import nan
from pathlib import Path
from typing import IO

from matchmaker.errors import MatchmakerError

#: Letters of a cell at most: a partner's text may join fifty long ones.
_LONGEST_CELL = 1 << 26
#: A year outside is a slip or a filler, and one such day would make a history of millennia.
_YEARS = range(1900, 2200)
_MOST = 1e15

#: A file is taken as it stands where both forms of it are there.
_ENDS = (".csv", ".csv.gz")

Row = dict[str, str]


class BadFolder(MatchmakerError):
    """A benchmark folder cannot be read; the message names file and line."""


def has_file(folder: Path, name: str) -> bool:
    """Return whether a folder has ``name.csv`` or ``name.csv.gz``."""
    return any((folder / f"{name}{end}").exists() for end in _ENDS)


def rows_of(
    folder: Path, name: str, needed: tuple[str, ...], unique: str | None = None
) -> list[Row]:
    """Return the rows of ``name.csv`` or ``name.csv.gz``, see :func:`read_rows`.

    BadFolder too if there is neither, or if rows that have a ``unique`` id are missing altogether.
    """
    found = [path for end in _ENDS if (path := folder / f"{name}{end}").exists()]
    if not found:
        raise BadFolder(f"{folder.name}: {name}.csv is missing; put it there, plain or as .gz")
    rows = read_rows(found[0], needed, unique)
    if unique and not rows:
        raise BadFolder(f"{folder.name}: {name}.csv has no rows")
    return rows


def read_rows(path: Path, needed: tuple[str, ...], unique: str | None = None) -> list[Row]:
    """Return the rows of a CSV file, plain or gzip; columns by name, whatever case and order.

    Values are stripped, those of ``needed`` columns stay as they are written. A row said twice
    counts once, an empty line not at all. Raises BadFolder, naming file and line, if the file
    cannot be read, a needed column is missing or empty, or one ``unique`` id stands for two rows.
    """
    where = ": ".join(filter(None, (path.parent.name, path.name.removesuffix(".gz"))))
    try:
        with _opened(path) as stream, _long_cells():
            return list(_rows(csv.reader(stream), where, needed, unique))
    except UnicodeDecodeError as error:
        raise BadFolder(f"{where} cannot be read: not in UTF-8; save it as CSV UTF-8") from error
    except (OSError, csv.Error, EOFError, zlib.error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise BadFolder(f"{where} cannot be read: {why}") from error


def _opened(path: Path) -> IO[str]:
    if path.suffix != ".gz":
        return path.open(encoding="utf-8-sig", newline="")
    return gzip.open(path, "rt", encoding="utf-8-sig", newline="")


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(
    lines: Iterator[list[str]], where: str, needed: tuple[str, ...], unique: str | None
) -> Iterator[Row]:
    head = [name.strip().casefold() for name in next(lines, [])]
    for column in needed:
        if column not in head:
            raise BadFolder(
                f"{where} has no column {column} in its first line (columns are parted by commas)"
            )
    seen: dict[object, Row] = {}
    for cells in lines:
        written = dict(zip(head, cells, strict=False))
        row = {name: cell.replace("\0", "").strip() for name, cell in written.items()}
        if not any(row.values()):
            continue
        line = lines.line_num  # type: ignore[attr-defined]
        for column in needed:
            if not row.get(column):
                raise BadFolder(f"{where} line {line} has no {column}; give it one or take it out")
        own = row[unique] if unique else tuple(sorted(row.items()))
        if own in seen:
            if unique and seen[own] != row:
                raise BadFolder(
                    f"{where} line {line} gives {own} again, with other values; "
                    "one id stands for one row"
                )
            continue
        seen[own] = row
        yield row | {column: written[column] for column in needed}


class Cells:
    """Reads cells as numbers and days, and counts what it could not read, by file and column."""

    def __init__(self) -> None:
        #: By file and column the rows, each once however often it is asked for, with their cells.
        self._unread: dict[tuple[str, str], dict[int, str]] = {}

    def number(self, file: str, row: Row, column: str) -> float | None:
        """Return a number from 0 up to 1e15, None for an empty cell and any other."""
        text = row.get(column)
        if not text:
            return None
        number = _number(text)
        if 0 <= number < _MOST:
            return number
        self._pass_over(file, row, column)
        return None

    def day(self, file: str, row: Row, column: str) -> date | None:
        """Return an ISO day (a time after it is passed over), None for an empty cell and others."""
        text = row.get(column)
        if not text:
            return None
        day = _day(text)
        if day is None or day.year not in _YEARS:
            self._pass_over(file, row, column)
            return None
        return day

    def _pass_over(self, file: str, row: Row, column: str) -> None:
        self._unread.setdefault((file, column), {})[id(row)] = row[column]

    def notes(self) -> Iterator[str]:
        """Give a line for each column with cells that could not be read."""
        for (file, column), cells in self._unread.items():
            first = next(iter(cells.values()))[:30]
            yield f"{file}.csv: {len(cells)} x {column} passed over, the first is {first!r}"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
