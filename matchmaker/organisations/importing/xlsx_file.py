"""Rows of the first sheet of an XLSX file, opened only after its packing was looked at."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from matchmaker.organisations.importing.neutral import figures
from matchmaker.organisations.importing.problems import BadFileError

#: Unpacked a spreadsheet of as many rows as we take has a tenth of it.
MAX_UNPACKED = 48 * 1024 * 1024
MAX_PARTS = 500
_HEAD = 4096
#: How a spreadsheet writes signs that XML cannot bear.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_BROKEN = (
    *(zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError),
    *(AttributeError, IndexError, OverflowError, EOFError, NotImplementedError, RuntimeError),
    *(OSError, AssertionError, LookupError, UnicodeError, zipfile.LargeZipFile),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that is not taken, whatever column it stands in."""

    code: str


def rows(
    data: bytes, *, max_lines: int, max_columns: int, max_cell: int
) -> Iterator[tuple[int, list[Any]]]:
    """Give each row with its number; formulas are refused, never worked out.

    openpyxl reads the unpacked XML; whatever it stumbles over in a broken file becomes one error.
    """
    try:
        _look_at_packing(data)
        # Not `data_only`: that would hide that a cell holds a formula.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        found = sheet.iter_rows(max_row=max_lines + 1, max_col=max_columns + 1)
        for number, row in enumerate(found, 1):
            if number > max_lines:
                raise BadFileError("too_many_rows", most=max_lines)
            cells = [_text(cell) for cell in row]
            if any(cells[max_columns:]):
                raise BadFileError("too_many_columns", most=max_columns)
            if any(isinstance(cell, str) and len(cell) > max_cell for cell in cells):
                raise BadFileError("cell_too_long", row=number, most=max_cell)
            yield number, cells[:max_columns]
    except BadFileError:
        raise
    except _BROKEN as error:
        raise BadFileError("broken_xlsx") from error


def _look_at_packing(data: bytes) -> None:
    """Sizes as stated bind: zipfile reads no part beyond the size its entry states."""
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        parts = pack.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise BadFileError("unpacked_too_large")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with pack.open(part) as opened:
                    head = opened.read(_HEAD)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise BadFileError("broken_xlsx")


def _text(cell: Any) -> str | Refused:
    value = cell.value
    if value is None:
        return ""
    kind = getattr(cell, "data_type", "s")
    if kind in ("f", "e"):
        return Refused("formula" if kind == "f" else "cell_error")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return figures(value) if math.isfinite(value) else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)).strip()
