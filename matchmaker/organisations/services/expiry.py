"""What nobody looks after ends: a notice a week before, one click keeps it open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.notifications import day
from matchmaker.organisations.models import Need, Offer, PublicationState
from matchmaker.organisations.services import notice
from matchmaker.organisations.services.publication import NOTICE, Listing, kind_of, move

#: Rows a run works through; the job asks to be run again while there are more.
BATCH = 500


def expire_due(session: Session) -> int:
    """Expire what is past its day and tell its owners; gives how many."""
    done = 0
    for row in _published(session, clock.now()):
        try:
            move(session, row, None, (PublicationState.PUBLISHED,), PublicationState.EXPIRED)
        except WrongState:
            continue
        _tell(session, row, "publication.expired")
        done += 1
    return done


def notify_expiring(session: Session) -> int:
    """Tell owners once about what ends within a week; gives how many."""
    done = 0
    for row in _published(session, clock.now() + NOTICE, told=False):
        row.notice_at = clock.now()
        _tell(
            session, row, "publication.expiring", until=day((row.expires_at or clock.now()).date())
        )
        done += 1
    return done


def _published(session: Session, before: datetime, told: bool | None = None) -> list[Listing]:
    return [
        *session.scalars(_due(Need, before, told)),
        *session.scalars(_due(Offer, before, told)),
    ]


def _due(model: Any, before: datetime, told: bool | None) -> Select[Any]:
    query = (
        select(model)
        .where(model.state == PublicationState.PUBLISHED, model.expires_at <= before)
        .options(selectinload(model.organisation))
        .order_by(model.id)
        .limit(BATCH)
    )
    return query.where(model.notice_at.is_(None)) if told is False else query


def _tell(session: Session, row: Listing, kind: str, **facts: object) -> None:
    path = f"/{kind_of(row)}s/{row.public_id}"
    notice.tell_owners(session, row.organisation, kind, title=row.title, path=path, **facts)
