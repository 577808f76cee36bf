"""Sums of the roll-ups: all, and by each dimension, in one query whatever is asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from matchmaker.organisations.services.reply_time import median_hours
from matchmaker.programme.models import (
    COUNTS,
    REPLY_COLUMNS,
    Rollup,
    RollupAmount,
    RollupPoints,
    RollupSum,
    RollupWait,
)
from matchmaker.programme.services.rollups.cells import ALL, STEPS, code_value
from matchmaker.programme.services.rollups.facts import introducer_ids
from matchmaker.programme.services.statistics.selection import Selection

_NAMES = (*COUNTS, *REPLY_COLUMNS)
_OF_REQUESTS = ("requests", "replies", "yes", "meetings", "agreements")
_PLAIN = ("country", "province", "section", "size", "women", "lang")


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one row of a table."""

    of: Counter[str]

    def __getitem__(self, name: str) -> int:
        return self.of[name]

    @property
    def median_reply(self) -> float | None:
        """Hours, from the bins."""
        return median_hours([self.of[name] for name in REPLY_COLUMNS])


@dataclass(frozen=True, slots=True)
class Totals:
    all: Counts
    #: By dimension and value.
    by: dict[str, dict[str, Counts]]


def totals(session: Session, chosen: Selection) -> Totals:
    query = _sums(chosen) if chosen.everywhere else _fine(chosen)
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for dimension, value, more, *numbers in session.execute(query):
        counts = dict(zip(_NAMES, map(int, numbers), strict=True))
        for each in _values(dimension, value, more):
            found[dimension][each].update(counts)
    by = {
        dimension: {value: Counts(counts) for value, counts in rows.items()}
        for dimension, rows in found.items()
    }
    whole = by.pop(ALL, {}).get("", Counts(Counter()))
    return Totals(whole, by)


def whole(session: Session, chosen: Selection) -> Counts:
    """The totals of the whole programme alone."""
    conditions = (*chosen.months(RollupSum), *chosen.kinds(RollupSum), RollupSum.dimension == ALL)
    numbers = session.execute(select(*_added(RollupSum)).where(*conditions)).one()
    return Counts(Counter(dict(zip(_NAMES, map(int, numbers), strict=True))))


def _values(dimension: str, value: str, more: str) -> Iterable[str]:
    if dimension == "code" and more:
        return (code_value(more, value),)
    if dimension == "introducer":
        return map(str, introducer_ids(value))
    return (value,)


def _sums(chosen: Selection) -> Select[Any]:
    return (
        select(RollupSum.dimension, RollupSum.value, literal(""), *_added(RollupSum))
        .where(*chosen.months(RollupSum), *chosen.kinds(RollupSum))
        .group_by(RollupSum.dimension, RollupSum.value)
    )


def _fine(chosen: Selection) -> Any:
    """The chosen cells, read once, then summed by each dimension; "all" is there without rows."""
    where = (*chosen.months(Rollup), *chosen.kinds(Rollup), *chosen.places(Rollup))
    cells = select(Rollup).where(*where).cte("cells").c
    none = literal("")
    parts = [select(literal(ALL), none, none, *_added(cells))]
    for name in (*_PLAIN, "introducers"):
        dimension = "introducer" if name == "introducers" else name
        part = select(literal(dimension), cells[name], none, *_added(cells))
        parts.append(part.group_by(cells[name]))
    codes = select(literal("code"), cells.code, cells.kind, *_added(cells))
    parts.append(codes.group_by(cells.code, cells.kind))
    return union_all(*parts)


def _added(model: Any) -> list[Any]:
    return [func.coalesce(func.sum(getattr(model, name)), 0) for name in _NAMES]


def median_waits(session: Session, chosen: Selection) -> dict[str, float | None]:
    """Hours that half of the needs took at most from the step before, by step."""
    query = (
        select(RollupWait.step, RollupWait.bin, func.sum(RollupWait.needs))
        .where(
            *chosen.months(RollupWait),
            *chosen.kinds(RollupWait),
            *chosen.places_or_sum(RollupWait),
        )
        .group_by(RollupWait.step, RollupWait.bin)
    )
    bins: dict[str, list[int]] = {step: [0] * len(REPLY_COLUMNS) for step in STEPS}
    for step, at, needs in session.execute(query):
        bins[step][at] = int(needs)
    return {step: median_hours(counts) for step, counts in bins.items()}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Agreements by band of their amount, and by currency what both sides name exactly alike."""

    #: Key of the band, "" or DIFFER.
    by_band: dict[str, int]
    #: Currency -> (agreements, sum in minor units).
    exact: dict[str, tuple[int, int]]


def points(session: Session, chosen: Selection) -> dict[int, Counts]:
    """By the points from which a band begins."""
    return points_and_amounts(session, chosen)[0]


def amounts(session: Session, chosen: Selection) -> Amounts:
    return points_and_amounts(session, chosen)[1]


def points_and_amounts(session: Session, chosen: Selection) -> tuple[dict[int, Counts], Amounts]:
    """What came of requests by their points, and agreements by their amount; one query."""
    by_points: dict[int, Counts] = {}
    by_band, agreements, sums = Counter[str](), Counter[str](), Counter[str]()
    both = union_all(_point_rows(chosen), _amount_rows(chosen))
    for points_from, band, currency, *numbers in session.execute(both):
        added = list(map(int, numbers))
        if points_from is not None:
            counts = dict(zip(_OF_REQUESTS, added, strict=True))
            by_points[points_from] = Counts(Counter(counts))
            continue
        by_band[band] += added[0]
        if currency:
            agreements[currency] += added[0]
            sums[currency] += added[1]
    exact = {one: (agreements[one], sums[one]) for one in agreements}
    return by_points, Amounts(dict(by_band), exact)


def _point_rows(chosen: Selection) -> Any:
    none = literal("")
    counts = (func.sum(getattr(RollupPoints, name)) for name in _OF_REQUESTS)
    return (
        select(RollupPoints.band.label("points_from"), none, none, *counts)
        .where(
            *chosen.months(RollupPoints),
            *chosen.kinds(RollupPoints),
            *chosen.places_or_sum(RollupPoints),
        )
        .group_by(RollupPoints.band)
    )


def _amount_rows(chosen: Selection) -> Any:
    """In the shape of the rows of points: (no points, band, currency, agreements, sum, 0, 0, 0)."""
    rows, zero = RollupAmount, literal(0)
    numbers = (func.sum(rows.agreements), func.sum(rows.minor), zero, zero, zero)
    return (
        select(cast(null(), Integer), rows.band, rows.currency, *numbers)
        .where(*chosen.months(rows), *chosen.kinds(rows), *chosen.places_or_sum(rows))
        .group_by(rows.band, rows.currency)
    )
