"""Who saw a need, from the rows of `shown` and from what was remembered before they were pruned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer
from matchmaker.programme.models import NeedSight
from matchmaker.suggestions.models import Shown, Side
from matchmaker.suggestions.services.shown import KEEP

#: So long before its rows may go, what a need's rows say is written down at each count.
REMEMBER_AFTER = KEEP - timedelta(days=60)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Sight:
    first_day: date
    #: Offering organisations that had it on one of their own lists.
    seen_by: int


def read(session: Session, published: Collection[ColumnElement[bool]]) -> dict[int, Sight]:
    """By need, of the needs that the conditions let through."""
    shown = (
        select(Shown.need_id, func.min(Shown.day))
        .join(Need, Need.id == Shown.need_id)
        .where(*published)
        .group_by(Shown.need_id)
    )
    seen = (
        select(Shown.need_id, func.count(func.distinct(Offer.organisation_id)))
        .join(Need, Need.id == Shown.need_id)
        .join(Offer, Offer.id == Shown.offer_id)
        .where(*published, Shown.side == Side.OFFER)
        .group_by(Shown.need_id)
    )
    seen_by: dict[int, int] = dict(session.execute(seen).all())  # type: ignore[arg-type]
    found = {
        need_id: Sight(day, seen_by.get(need_id, 0)) for need_id, day in session.execute(shown)
    }
    kept = select(NeedSight).join(Need, Need.id == NeedSight.need_id).where(*published)
    for row in session.scalars(kept):
        now = found.get(row.need_id, Sight(row.first_day, 0))
        found[row.need_id] = Sight(min(now.first_day, row.first_day), max(now.seen_by, row.seen_by))
    return found


def remember(session: Session, month: date, today: date, found: dict[int, Sight]) -> None:
    """Write down what will soon be known nowhere else."""
    if month > today - REMEMBER_AFTER:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"need_id": need_id, "first_day": sight.first_day, "seen_by": sight.seen_by}
        for need_id, sight in sorted(found.items())
    ]
    statement = dialect.insert(NeedSight)
    upsert = statement.on_conflict_do_update(
        index_elements=["need_id"],
        set_={
            "first_day": statement.excluded.first_day,
            "seen_by": statement.excluded.seen_by,
        },
    )
    for at in range(0, len(rows), BATCH):
        session.execute(upsert, rows[at : at + BATCH])
