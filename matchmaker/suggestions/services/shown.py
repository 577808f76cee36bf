"""Counting what was shown, after the answer has gone, in a short transaction of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy import Engine, delete, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from matchmaker.extensions import transactions
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
    _count_pairs(session, sights)
    _count_rows(session, sights)


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


def _count_rows(session: Session, sights: Sequence[Sight]) -> None:
    """The same per row of the other side: few rows for the order of lists to read."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    seen, tops = (
        Counter(map(_looked_at, sights)),
        Counter(_looked_at(sight) for sight in sights if sight.top_ten),
    )
    rows = [
        {"side": side, "row_id": row_id, "day": day, "count": count, "top_tens": tops[looked_at]}
        for looked_at, count in sorted(seen.items())
        for side, row_id, day in [looked_at]
    ]
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
