"""Tables of numbers in one shape for the page and for what leaves the programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

#: "count": a whole number; "share": (part, whole); "mean": (sum, number); "wait": (hours or None,
#: of how many); "sum": (minor units, currency, of how many); "text".
Kind = str
#: With fewer exact amounts behind it a sum tells about single agreements.
LEAST_FOR_SUM = 5


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    kind: Kind = "count"
    #: The bar beside it: "v" counts, "w" what is missing; empty = none.
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Any, ...]
    #: Anchor of the row, for the map.
    id: str = ""
    #: Language of a label that people wrote.
    lang: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    head: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None = None
    note: str = ""
    #: What to say when there are no rows.
    none: str = ""
    tiles: Sequence[dict[str, Any]] = field(default=())
    limits: tuple[int, int] = (1, 2)
    #: The place among the cells of the count that a row is about: rounded to 0, it does not leave.
    about: int | None = None

    def largest(self, at: int) -> int:
        return max((row.cells[at] for row in self.rows), default=0)
