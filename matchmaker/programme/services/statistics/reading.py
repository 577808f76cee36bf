"""The numbers of the page, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.access import StaffScope
from matchmaker.organisations.models import Organisation, OrganisationState
from matchmaker.programme.models import CountState, RollupSum
from matchmaker.programme.services.rollups.cells import STEPS
from matchmaker.programme.services.statistics import totals
from matchmaker.programme.services.statistics.selection import Selection
from matchmaker.programme.services.statistics.totals import Amounts, Counts, Totals

INTRODUCERS_LISTED = 200


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    needs: int
    #: Needs at the step before; None for the first.
    before: int | None
    #: Hours that half took at most from the step before.
    median: float | None

    @property
    def lost(self) -> int:
        return (self.before or 0) - self.needs if self.before is not None else 0


@dataclass(frozen=True, slots=True)
class Numbers:
    totals: Totals
    steps: tuple[Step, ...]
    points: dict[int, Counts]
    amounts: Amounts
    counted_at: datetime | None
    gaps_at: datetime | None

    @property
    def largest_loss(self) -> Step | None:
        found = max(self.steps, key=lambda step: step.lost)
        return found if found.lost else None


def numbers(session: Session, chosen: Selection) -> Numbers:
    found = totals.totals(session, chosen)
    medians = totals.median_waits(session, chosen)
    state = session.get(CountState, 1)
    before, steps = found.all["needs"], [Step("needs", found.all["needs"], None, None)]
    for name in STEPS:
        steps.append(Step(name, found.all[name], before, medians[name]))
        before = found.all[name]
    points, amounts = totals.points_and_amounts(session, chosen)
    return Numbers(
        totals=found,
        steps=tuple(steps),
        points=points,
        amounts=amounts,
        counted_at=state.counted_at if state else None,
        gaps_at=state.gaps_at if state else None,
    )


def provinces_counted(session: Session, scope: StaffScope) -> list[str]:
    """Provinces with a need, as far as the scope reaches."""
    if scope.provinces:
        return sorted(scope.provinces)
    query = select(RollupSum.value).where(RollupSum.dimension == "province")
    return [code for code in session.scalars(query.distinct()) if code]


def introducers(session: Session, scope: StaffScope) -> dict[int, Organisation]:
    """Those who vouch for others, by id; for a scope of some introducers only these."""
    query = select(Organisation).where(
        Organisation.is_introducer.is_(True), Organisation.state == OrganisationState.PUBLISHED
    )
    if scope.introducer_ids:
        query = query.where(Organisation.id.in_(scope.introducer_ids))
    query = query.order_by(Organisation.name).limit(INTRODUCERS_LISTED)
    return {row.id: row for row in session.scalars(query)}
