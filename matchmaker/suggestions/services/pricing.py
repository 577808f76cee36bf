"""Prices of all places, who waits for a turn, and how many firms were seen: counted by a job."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from matchmaker.extensions import clock, db
from matchmaker.matching.exposure import ALSO, LIST, PROMISED
from matchmaker.suggestions.models import Exposure, Price, Reach, Side
from matchmaker.suggestions.resident import building
from matchmaker.suggestions.resident.holder import resident

if TYPE_CHECKING:
    from matchmaker.matching.pool import PricedPool

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Reached:
    """How many firms were seen in top tens this month, and whether lists are opened enough."""

    month: date
    eligible: int
    seen: int
    as_promised: int
    promised: int
    #: Turns there will be for each firm by the end of the month, at this month's pace.
    turns_each: float

    @property
    def too_thin(self) -> bool:
        """Lists are opened too rarely to show everybody as often as was promised.

        Where lists are short, all were seen so often though few turns were needed.
        """
        return self.as_promised < self.eligible and self.turns_each < self.promised


def reached(session: Session) -> Reached | None:
    """This month's figures as last counted; None before that. One query."""
    today = clock.today()
    row = session.get(Reach, today.replace(day=1))
    if row is None or not row.eligible:
        return None
    whole_month = monthrange(row.month.year, row.month.month)[1] / row.counted_at.day
    turns = row.places * ALSO / LIST * whole_month
    return Reached(
        row.month, row.eligible, row.seen, row.as_promised, PROMISED, turns / row.eligible
    )


def recompute(session: Session) -> None:
    """Go through the whole pool and put its prices in the place of those before."""
    # SciPy's sparse matrices take a while to load, and no page needs them.
    from matchmaker.matching.pool import price_pool

    # Going through takes long: on SQLite a transaction of the job's own would hold its lock.
    with building.own_reading_session(db.engine) as reading:
        turns = _turns_this_month(reading)
        index = resident(reading).index
    # Another sample each time, where the pool is too large to be looked at whole.
    found = price_pool(index, turns, seed=int(clock.now().timestamp()))
    _write(session, found)
    _count(session, found, sum(turns.values()))


def _turns_this_month(session: Session) -> dict[int, int]:
    query = (
        select(Exposure.row_id, func.sum(Exposure.top_tens))
        .where(Exposure.side == Side.OFFER, Exposure.day >= clock.today().replace(day=1))
        .group_by(Exposure.row_id)
    )
    return {row_id: int(tens) for row_id, tens in session.execute(query)}


def _write(session: Session, found: PricedPool) -> None:
    rows = [
        {"offer_id": offer, "points": round(found.offers.get(offer, 0.0), 2), "waiting": waiting}
        for offer, waiting in found.waiting.items()
    ]
    session.execute(delete(Price))
    for start in range(0, len(rows), BATCH):
        session.execute(insert(Price), rows[start : start + BATCH])


def _count(session: Session, found: PricedPool, places: int) -> None:
    seen = list(found.eligible.values())
    session.merge(
        Reach(
            month=clock.today().replace(day=1),
            eligible=round(len(seen) / found.share),
            seen=round(sum(turns > 0 for turns in seen) / found.share),
            as_promised=round(sum(turns >= PROMISED for turns in seen) / found.share),
            places=places,
            counted_at=clock.now(),
        )
    )
