"""Reading a CSV or XLSX file as text cells under known columns, however hostile it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

from matchmaker.organisations.importing import csv_file, xlsx_file
from matchmaker.organisations.importing.columns import BY_NAME
from matchmaker.organisations.importing.neutral import plain
from matchmaker.organisations.importing.problems import WARNING, BadFileError, Problem, quoted

MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_CELL = 10_000
#: Empty rows in between are read over, but not without end.
MAX_LINES = 2 * MAX_ROWS
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as the spreadsheet shows it, and its cells that are not empty."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: list[str]
    lines: list[Line]
    problems: list[Problem] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "columns": self.columns,
            "lines": [[line.number, dict(line.cells)] for line in self.lines],
            "problems": [problem.as_dict() for problem in self.problems],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Sheet:
        return cls(
            kept["columns"],
            [Line(number, cells) for number, cells in kept["lines"]],
            [Problem(**problem) for problem in kept["problems"]],
        )


def read_file(name: str, data: bytes) -> Sheet:
    """Give the rows of a file; raises BadFileError when it is none of ours."""
    if not data:
        raise BadFileError("empty")
    if data.startswith(_OLD_EXCEL):
        raise BadFileError("old_excel")
    is_zip, ending = data.startswith(_ZIP), PurePath(name.lower()).suffix
    if ending not in (".csv", ".tsv", ".txt", ".xlsx"):
        raise BadFileError("ending")
    if is_zip is not (ending == ".xlsx"):
        raise BadFileError("not_what_it_says", ending=ending)
    limits = {"max_lines": MAX_LINES, "max_columns": MAX_COLUMNS, "max_cell": MAX_CELL}
    if is_zip:
        return _sheet(xlsx_file.rows(data, **limits))
    return _sheet(csv_file.rows(data, known=frozenset(BY_NAME), **limits))


def _sheet(rows: Iterator[tuple[int, list[Any]]]) -> Sheet:
    head = next(((number, row) for number, row in rows if any(row)), None)
    if head is None:
        raise BadFileError("empty")
    names, problems = _header(*head)
    lines = []
    for number, row in rows:
        cells, wrong = _cells(number, names, row)
        problems += wrong
        if cells or wrong:
            lines.append(Line(number, cells))
        if len(lines) > MAX_ROWS:
            raise BadFileError("too_many_rows", most=MAX_ROWS)
    if not lines:
        raise BadFileError("only_header")
    return Sheet([name for name in names if name], lines, problems)


def _header(number: int, row: list[Any]) -> tuple[list[str], list[Problem]]:
    """Give the known name above each column, empty where there is none."""
    texts = [plain(cell) if isinstance(cell, str) else "" for cell in row]
    names = ["_".join(text.casefold().replace("-", " ").split()) for text in texts]
    known = [name if name in BY_NAME else "" for name in names]
    if not any(known):
        raise BadFileError("no_known_columns", row=number)
    problems = [
        _unknown(number, text, name)
        for text, name in zip(texts, names, strict=True)
        if name and name not in BY_NAME
    ]
    for name in _doubles(known):
        raise BadFileError("double_column", column=name)
    return known, problems


def _doubles(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            yield name
        seen.add(name)


def _unknown(row: int, text: str, name: str) -> Problem:
    """A slip of the pen would lose a whole column; a column of their own is left aside."""
    near = get_close_matches(name[:60], BY_NAME, n=1, cutoff=0.8)
    if near:
        return Problem(row, quoted(text), "column_slip", {"near": near[0]})
    return Problem(row, quoted(text), "column_unknown", level=WARNING)


def _cells(number: int, names: list[str], row: list[Any]) -> tuple[dict[str, str], list[Problem]]:
    cells: dict[str, str] = {}
    problems = []
    for name, cell in zip(names, row, strict=False):
        if not name or cell in ("", None):
            continue
        if isinstance(cell, str):
            if text := plain(cell):
                cells[name] = text
        else:
            problems.append(Problem(number, name, cell.code))
    return cells, problems
