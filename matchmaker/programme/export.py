"""Numbers on their way out of the programme: rounded to 5, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from matchmaker.organisations.importing.neutral import safe
from matchmaker.programme.tables import LEAST_FOR_SUM, Row, Table
from matchmaker.vocabulary.currencies import from_minor
from matchmaker.web.filters import round_5

#: With so few behind it a median tells about single firms.
LEAST_FOR_MEDIAN = 5
#: Figures of a sum of amounts.
FIGURES = 2
SHEET_NAME_MAX = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")

Cell = str | int | float | None


def lines(table: Table) -> list[list[Cell]]:
    """Head, rows and total, as they may leave."""
    head: list[Cell] = [safe(table.head), *(safe(column.label) for column in table.columns)]
    kept = [row for row in table.rows if table.about is None or round_5(row.cells[table.about])]
    rows = [*kept, *([table.total] if table.total else [])]
    return [head, *(_line(table, row) for row in rows)]


def to_csv(title: str, tables: Sequence[Table]) -> bytes:
    """One file, a table after another; begins with a byte order mark, which spreadsheets need."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(title)])
    for table in tables:
        writer.writerow([])
        writer.writerow([safe(table.title)])
        writer.writerows(lines(table))
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, tables: Sequence[Table]) -> bytes:
    """A sheet a table."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        share = book.add_format({"num_format": "0%"})
        bold = book.add_format({"bold": True})
        for name, table in zip(sheet_names(tables), tables, strict=True):
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 0, 40)
            sheet.write_string(0, 0, safe(title))
            for at, line in enumerate(lines(table), 2):
                _write(sheet, at, line, table, bold if at == 2 else None, share)
    return out.getvalue()


def sheet_names(tables: Iterable[Table]) -> list[str]:
    """Short, without the signs that are not allowed, and each once."""
    found: list[str] = []
    for table in tables:
        name = _NOT_IN_SHEET_NAMES.sub(" ", table.title).strip()[:SHEET_NAME_MAX] or table.key
        number = 2
        while name.casefold() in {one.casefold() for one in found}:
            name = f"{name[: SHEET_NAME_MAX - 3]} {number}"
            number += 1
        found.append(name)
    return found


def _line(table: Table, row: Row) -> list[Cell]:
    cells = zip(table.columns, row.cells, strict=True)
    return [safe(row.label), *(_cell(column.kind, value) for column, value in cells)]


def _cell(kind: str, value: Any) -> Cell:
    if value is None:
        return None
    if kind == "count":
        return round_5(value)
    if kind == "share":
        return _ratio(value, 2)
    if kind == "mean":
        return _ratio(value, 1)
    if kind == "wait":
        hours, behind = value
        return None if hours is None or behind < LEAST_FOR_MEDIAN else round(hours / 24, 1)
    if kind == "sum":
        return _rounded_sum(*value)
    return safe(str(value))


def _rounded_sum(minor: int, currency: str, behind: int) -> float | None:
    """Two figures of a sum: the exact one less last month's would tell a single amount."""
    if behind < LEAST_FOR_SUM:
        return None
    digits = len(str(minor))
    return float(from_minor(round(minor, FIGURES - digits), currency))


def _ratio(value: tuple[int, int], places: int) -> float | None:
    """From rounded numbers: an exact share would give the exact ones away."""
    part, whole = value
    rounded = round_5(whole)
    return round(round_5(part) / rounded, places) if rounded else None


def _write(sheet: Any, at: int, line: Sequence[Cell], table: Table, bold: Any, share: Any) -> None:
    for column, value in enumerate(line):
        is_share = column > 0 and table.columns[column - 1].kind == "share"
        if isinstance(value, str):
            sheet.write_string(at, column, value, bold)
        elif value is not None:
            sheet.write_number(at, column, value, share if is_share else None)
