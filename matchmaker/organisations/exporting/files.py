"""Rows as a CSV or XLSX file that no spreadsheet takes for anything but text and numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from matchmaker.organisations.importing.neutral import figures, safe

Cell = str | int | float | Decimal | None
WIDTH = 18


def to_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Begins with a byte order mark, which spreadsheets need to see that it is UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> bytes:
    """A sheet a list of rows; numbers stay numbers, all else is written as text."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            # Text columns: a spreadsheet otherwise eats the 0 before a number that is typed in.
            sheet.set_column(0, 199, WIDTH, text)
            sheet.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write(sheet, at, column, cell, bold if at == 0 else text)
    return out.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe(cell) if isinstance(cell, str) else figures(cell)


def _write(sheet: Any, at: int, column: int, cell: Cell, format: Any) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(at, column, safe(cell), format)
    elif cell is not None:
        sheet.write_number(at, column, float(cell) if isinstance(cell, Decimal) else cell)
