"""When somebody of an organisation was last here, taken from its people's sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import SignIn
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Membership, Organisation

#: The job looks at sessions seen since then: several of its runs overlap.
LOOK_BACK = timedelta(hours=2)


def follow_sessions(session: Session) -> int:
    """Carry `last_seen_at` over to organisations; gives how many moved.

    Pages write nothing for it, and a ranking takes a change number only when the day is another.
    """
    moved = 0
    for organisation_id, before, seen in _newer(session):
        done = session.scalar(
            update(Organisation)
            .where(Organisation.id == organisation_id, _older(seen))
            .values(last_active_at=seen, updated_at=Organisation.updated_at)
            .returning(Organisation.id)
            .execution_options(synchronize_session=False)
        )
        if done is None:
            continue
        moved += 1
        if before is None or before.date() != seen.date():
            changes.note(session, ChangeKind.ORGANISATION, organisation_id)
    return moved


def _newer(session: Session) -> list[tuple[int, datetime | None, datetime]]:
    seen = func.max(SignIn.last_seen_at, type_=SignIn.last_seen_at.type)
    query = (
        select(Organisation.id, Organisation.last_active_at, seen)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(SignIn, SignIn.account_id == Membership.account_id)
        .where(SignIn.last_seen_at >= clock.now() - LOOK_BACK)
        .group_by(Organisation.id, Organisation.last_active_at)
        .order_by(Organisation.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _older(seen: datetime) -> ColumnElement[bool]:
    return or_(Organisation.last_active_at.is_(None), Organisation.last_active_at < seen)
