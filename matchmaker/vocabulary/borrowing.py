"""Limits from which a loan is advised against: dated, sourced rows, never constants in code."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from matchmaker.vocabulary.codes import rows


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force on a day, and since when the newest of them is."""

    #: Share of a month's sales that the loan's payment may take.
    burden_share: float
    #: A yearly cost is far above the middle when it is so many times it, and this much above it.
    cost_times_median: float
    cost_over_median: float
    #: Fewer offers than these have no middle.
    comparable_offers: int
    since: date


@cache
def limits_on(day: date) -> Limits:
    """Give the newest row of each limit that is in force on a day; before the first, the first."""
    newest: dict[str, tuple[date, float]] = {}
    for row in rows("borrowing_limits"):
        since, value = date.fromisoformat(row["valid_from"]), float(row["value"])
        known = newest.get(row["limit"])
        if known is None or known[0] < since <= day:
            newest[row["limit"]] = since, value
    return Limits(
        burden_share=newest["burden_share"][1],
        cost_times_median=newest["cost_times_median"][1],
        cost_over_median=newest["cost_over_median"][1],
        comparable_offers=int(newest["comparable_offers"][1]),
        since=max(since for since, _value in newest.values()),
    )
