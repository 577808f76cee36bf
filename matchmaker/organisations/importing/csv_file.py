"""Rows of a CSV file: UTF-8, and any of the three separators that spreadsheets write."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from matchmaker.organisations.importing.problems import BadFileError

_SEPARATORS = ",;\t"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def rows(
    data: bytes, *, known: frozenset[str], max_lines: int, max_columns: int, max_cell: int
) -> Iterator[tuple[int, list[Any]]]:
    """Give each row with its number as a spreadsheet would show it."""
    text = _decoded(data)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_separator(text, known), strict=True
    )
    try:
        for number, row in enumerate(reader, 1):
            if number > max_lines:
                raise BadFileError("too_many_rows", most=max_lines)
            if len(row) > max_columns and any(row[max_columns:]):
                raise BadFileError("too_many_columns", most=max_columns)
            if any(len(cell) > max_cell for cell in row):
                raise BadFileError("cell_too_long", row=number, most=max_cell)
            yield number, [cell.strip() for cell in row[:max_columns]]
    except csv.Error as error:
        raise BadFileError("broken_csv", row=reader.line_num) from error


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFileError("encoding") from error
    if "\0" in text:
        raise BadFileError("not_text")
    return text


def _separator(text: str, known: frozenset[str]) -> str:
    """The one that parts the first row into most columns that we know."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def found(separator: str) -> int:
        try:
            names = next(csv.reader([first], delimiter=separator), [])
        except csv.Error:
            return 0
        return sum("_".join(name.casefold().split()) in known for name in names)

    return max(_SEPARATORS, key=found)
