"""Counting what was shown, after the answer has gone, in a short transaction of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matchmaker.extensions import transactions
from matchmaker.matching.exposure import LIST
from matchmaker.organisations.models import ConsortiumSight
from matchmaker.suggestions.models import Exposure, Shown, Side

log = structlog.get_logger()

LOCK_MS = 200
#: Statistics roll it up each night; the rows themselves are kept for calibration.
KEEP = timedelta(days=400)
#: Lists are ordered by how often somebody was seen in this time.
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sight:
    """One pair on one page; position 1 is the top of the list."""

    need_id: int
    offer_id: int
    side: Side
    day: date
    model_version: int
    position: int
    #: In the first ten of a list of those that fit.
    top_ten: bool = False
    #: Presses in the order of lists: not what somebody saw whom nobody has looked at.
    weighs: bool = True


def count_shown(engine: Engine, sights: Sequence[Sight]) -> bool:
    """Add these to the day's rows; gives up without a trace on the page when it has to wait."""
    if not sights:
        return True
    try:
        with transactions.writing_session(engine, lock_ms=LOCK_MS) as session:
            write_shown(session, sights)
    except DBAPIError as error:
        log.warning("shown_not_counted", pairs=len(sights), reason=type(error.orig).__name__)
        return False
    return True


def write_shown(session: Session, sights: Sequence[Sight]) -> None:
    """Write down sights of one side and day."""
    new, new_tops = _first_today(session, [one for one in sights if one.weighs])
    _count_pairs(session, sights)
    _count_rows(session, new, new_tops)


def _first_today(
    session: Session, sights: Sequence[Sight]
) -> tuple[Iterable[Sight], Iterable[Sight]]:
    """Those whose pair was not seen today, and not in a top ten, each pair once.

    Who opens one list a thousand times must not press on what stands in it, for all others.
    """
    if not sights:
        return (), ()
    query = (
        select(Shown.need_id, Shown.offer_id, func.min(Shown.position))
        .where(
            Shown.need_id.in_({one.need_id for one in sights}),
            # As a sum, or SQLite goes by it: the busiest offer alone was shown 600,000 times.
            (Shown.offer_id + 0).in_({one.offer_id for one in sights}),
            Shown.side == sights[0].side,
            Shown.day == sights[0].day,
        )
        .group_by(Shown.need_id, Shown.offer_id)
    )
    best = {(need, offer): place for need, offer, place in session.execute(query)}
    pairs = {(one.need_id, one.offer_id): one for one in sights if not one.top_ten}
    tops = {(one.need_id, one.offer_id): one for one in sights if one.top_ten}
    new = [one for pair, one in (pairs | tops).items() if pair not in best]
    return new, [one for pair, one in tops.items() if best.get(pair, LIST + 1) > LIST]


def _count_pairs(session: Session, sights: Sequence[Sight]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    least = func.least if session.get_bind().dialect.name == "postgresql" else func.min
    statement = dialect.insert(Shown)
    rows = [
        {
            "need_id": sight.need_id,
            "offer_id": sight.offer_id,
            "side": sight.side,
            "day": sight.day,
            "model_version": sight.model_version,
            "position": sight.position,
            "count": 1,
        }
        # One order for all writers: two pages that share pairs cannot wait for each other.
        for sight in sorted(sights, key=lambda one: (one.need_id, one.offer_id, one.side))
    ]
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["need_id", "offer_id", "side", "day", "model_version"],
            set_={
                "count": Shown.count + 1,
                "position": least(Shown.position, statement.excluded.position),
            },
        ),
        rows,
    )


def _count_rows(session: Session, new: Iterable[Sight], new_tops: Iterable[Sight]) -> None:
    """The same per row of the other side: few rows for the order of lists to read."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    seen, tops = Counter(map(_looked_at, new)), Counter(map(_looked_at, new_tops))
    rows = [
        {"side": side, "row_id": row_id, "day": day, "count": seen[key], "top_tens": tops[key]}
        for key in sorted({*seen, *tops})
        for side, row_id, day in [key]
    ]
    if not rows:
        return
    statement = dialect.insert(Exposure)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["side", "row_id", "day"],
            set_={
                "count": Exposure.count + statement.excluded.count,
                "top_tens": Exposure.top_tens + statement.excluded.top_tens,
            },
        ),
        rows,
    )


def _looked_at(sight: Sight) -> tuple[Side, int, date]:
    return sight.side, sight.offer_id if sight.side is Side.NEED else sight.need_id, sight.day


def prune(session: Session, today: date) -> None:
    session.execute(delete(Shown).where(Shown.day < today - KEEP))
    session.execute(delete(Exposure).where(Exposure.day < today - LATELY))
    # Nothing but the budget of the day reads these.
    session.execute(delete(ConsortiumSight).where(ConsortiumSight.day < today))
