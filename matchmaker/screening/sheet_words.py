"""A saved view as rows of a sheet: its own columns, in the reader's words, and nothing beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask import current_app
from flask_babel import gettext as _

from matchmaker.screening.columns import COLUMNS
from matchmaker.screening.firm_rows import FirmRow
from matchmaker.suggestions.words.cards import Chip


def sheet_rows(rows: Iterable[FirmRow], shown: Sequence[str]) -> Iterator[list[str | int]]:
    """The heads, then a line a firm with the address of its match."""
    heads = [str(COLUMNS[one]) for one in shown]
    yield [_("Firm"), _("Looks for"), _("Fit, of 100"), *heads, _("Address of the page")]
    for row in rows:
        cells = [_cell(row, one) for one in shown]
        yield [row.party, row.title, row.points, *cells, current_app.config["BASE_URL"] + row.url]


def _cell(row: FirmRow, column: str) -> str:
    if column == "rules":
        return "; ".join(_rule(chip) for chip in row.chips)
    # Signs that keep a line from breaking would keep a spreadsheet from finding the text.
    return row.cells.get(column, "").replace("\N{WORD JOINER}", "")


def _rule(chip: Chip) -> str:
    heads = {"met": _("Met:"), "unmet": _("Not met:"), "unknown": _("Not known:")}
    return f"{heads[chip.state]} {chip.text}"
