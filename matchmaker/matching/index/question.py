"""What is asked of an index for one record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from matchmaker.matching.index.filters import Filters

Order = Literal["score", "newest", "active"]


@dataclass(frozen=True)
class Question:
    """What is asked of an index for one record."""

    filters: Filters = field(default_factory=Filters)
    n: int = 20
    #: Last (score, id) of the page before; the answer continues behind it.
    after: tuple[float, int] | None = None
    #: Ids of the other side that are closed to this record (declined, "not for me").
    closed: Collection[int] = ()
    #: Organisations of the other side that are closed to this record.
    closed_organisations: Collection[int] = ()
    #: How many near misses to explain, each with its lever.
    near: int = 0
    #: Attributes whose codes are counted among the matches.
    count: tuple[str, ...] = ()
    #: Who comes first of equal points changes from day to day; None for the order of ids.
    day: int | None = None
    #: Of the best; the score of a pair is the same in every order.
    order: Order = "score"
