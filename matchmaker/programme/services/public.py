"""What a visitor sees of the numbers: a few, rounded to 5, from the roll-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matchmaker.accounts.access import StaffScope
from matchmaker.extensions import clock
from matchmaker.programme.models import CountState
from matchmaker.programme.services.rollups.months import later
from matchmaker.programme.services.statistics import missing, totals
from matchmaker.programme.services.statistics.selection import Selection
from matchmaker.vocabulary import places, schemes
from matchmaker.web.filters import round_5
from matchmaker.web.locale import locale_code

#: With fewer replies nothing is said of how long they took.
LEAST_REPLIES = 5


@dataclass(frozen=True, slots=True)
class PublicGap:
    """The largest gap: words for where and what, and about how many needs."""

    province: str
    count: int
    code: str


@dataclass(frozen=True, slots=True)
class PublicFigures:
    needs: int
    offerers: int
    asked: int
    answered: int
    median_reply: timedelta | None
    unmet: PublicGap | None
    counted_at: datetime


def public_figures(session: Session) -> PublicFigures | None:
    """Of the last 12 months; None until there is something to tell."""
    state = session.get(CountState, 1)
    if state is None or state.counted_at is None:
        return None
    first = later(clock.today().replace(day=1), -11)
    chosen = Selection(StaffScope(everything=True), first=first)
    found = totals.whole(session, chosen)
    if not round_5(found["needs"]):
        return None
    hours = found.median_reply if found["replies"] >= LEAST_REPLIES else None
    return PublicFigures(
        needs=round_5(found["needs"]),
        offerers=round_5(state.offerers),
        asked=round_5(found["requests"]),
        answered=round_5(found["replies"]),
        median_reply=None if hours is None else timedelta(hours=hours),
        unmet=_largest_gap(session, chosen),
        counted_at=state.counted_at,
    )


def _largest_gap(session: Session, chosen: Selection) -> PublicGap | None:
    """Only where province and code are known and enough firms are behind it."""
    language = locale_code()
    for gap in missing.gaps(session, chosen):
        if gap.province and not gap.code.endswith(":") and round_5(gap.needs):
            return PublicGap(
                province=places.label(gap.province, language),
                count=round_5(gap.needs),
                code=schemes.label(gap.code, language),
            )
    return None
