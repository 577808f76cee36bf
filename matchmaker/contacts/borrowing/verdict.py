"""Whether a loan should rather be left alone, and what to look at twice: codes with their facts."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from matchmaker.vocabulary.bands import Band
from matchmaker.vocabulary.borrowing import Limits

_MONTHS_A_YEAR = 12


class Against(enum.StrEnum):
    """Why not this loan."""

    FEE_BEFORE = "fee_before"
    NO_LICENCE = "no_licence"
    LICENCE_ENDED = "licence_ended"
    BURDEN = "burden"
    COST = "cost"


class Look(enum.StrEnum):
    """What to look at twice before signing."""

    LAND = "land"
    UNCHECKED = "unchecked"
    BURDEN = "burden"
    COST = "cost"
    CURRENCY = "currency"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Burden:
    """Share of a month's sales that the payment takes, as far as the band of sales tells."""

    low: float
    #: None: the band begins at nothing.
    high: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the verdict reads: from the cheapest to the dearest reading of the offer."""

    yearly_low: float | None
    yearly_high: float | None
    burden: Burden | None
    #: The cheapest reading of each comparable offer.
    others: Sequence[float]


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in the offer and its funder's profile, whatever the amount."""

    fee_before: bool = False
    licence_said: bool = True
    licence_ended: bool = False
    licence_checked: bool = True
    land: bool = False
    other_currency: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    against: Sequence[Against]
    looks: Sequence[Look]
    #: Middle of the comparable offers; None with too few of them.
    middle: float | None


def burden(low_usd: float, high_usd: float, sales: Band) -> Burden:
    """Payments a month in US dollars against a band of yearly sales in US dollars."""
    top = None if sales.high is None else sales.high / _MONTHS_A_YEAR
    bottom = sales.low / _MONTHS_A_YEAR
    return Burden(low_usd / top if top else 0.0, high_usd / bottom if bottom else None)


def judge(facts: Facts, figures: Figures | None, limits: Limits) -> Verdict:
    """Against the loan is only what holds at the cheapest reading; the dear end asks for a look."""
    against = [
        reason
        for reason, holds in (
            (Against.FEE_BEFORE, facts.fee_before),
            (Against.NO_LICENCE, not facts.licence_said),
            (Against.LICENCE_ENDED, facts.licence_ended),
        )
        if holds
    ]
    looks = [
        look
        for look, holds in (
            (Look.LAND, facts.land),
            (Look.UNCHECKED, facts.licence_said and not facts.licence_checked),
            (Look.CURRENCY, facts.other_currency),
            (Look.OUTSIDE, facts.outside),
        )
        if holds
    ]
    if figures is None:
        return Verdict(against, looks, None)
    middle = _middle(figures.others, limits)
    _weigh(_too_heavy(figures.burden, limits), Against.BURDEN, Look.BURDEN, against, looks)
    _weigh(_too_dear(figures, middle, limits), Against.COST, Look.COST, against, looks)
    return Verdict(against, looks, middle)


def _weigh(
    ends: tuple[bool, bool], sure: Against, maybe: Look, against: list[Against], looks: list[Look]
) -> None:
    if ends[0]:
        against.append(sure)
    elif ends[1]:
        looks.append(maybe)


def _too_heavy(found: Burden | None, limits: Limits) -> tuple[bool, bool]:
    if found is None:
        return False, False
    high = found.high is None or found.high > limits.burden_share
    return found.low > limits.burden_share, high


def _too_dear(figures: Figures, middle: float | None, limits: Limits) -> tuple[bool, bool]:
    """Fees that leave nothing of the loan are too dear whatever others ask."""
    ends = [one is None for one in (figures.yearly_low, figures.yearly_high)]
    if middle is not None:
        limit = max(middle * limits.cost_times_median, middle + limits.cost_over_median)
        yearly = (figures.yearly_low, figures.yearly_high)
        ends = [one is None or one > limit for one in yearly]
    return ends[0], ends[1]


def _middle(others: Sequence[float], limits: Limits) -> float | None:
    return median(others) if len(others) >= limits.comparable_offers else None
