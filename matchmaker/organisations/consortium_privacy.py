"""What a group of firms holds about a person: who began it, who answered for a firm."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.organisations.models import (
    Consortium,
    ConsortiumFirm,
    Membership,
    Organisation,
)
from matchmaker.organisations.services.organisation import CONTACT


def register() -> None:
    privacy.holder(Consortium.__tablename__, export=_begun, erase=_leave_begun)
    privacy.holder(ConsortiumFirm.__tablename__, export=_answered, erase=_leave_answered)


def _begun(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(Consortium).where(Consortium.started_by_id == account_id))
    return [{"started_at": row.started_at, "ended_at": row.ended_at} for row in rows]


def _answered(session: Session, account_id: int) -> list[dict[str, Any]]:
    mine = select(ConsortiumFirm).where(ConsortiumFirm.answered_by_id == account_id)
    names = ("public_id", "state", "shows_name", "answered_at")
    return [{name: getattr(row, name) for name in names} for row in session.scalars(mine)]


def _leave_begun(session: Session, account_id: int) -> int:
    """The group is the firms'; who began it goes, and how to reach whom the person was alone."""
    several = (
        select(Membership.organisation_id)
        .group_by(Membership.organisation_id)
        .having(func.count() > 1)
    )
    alone = select(Membership.organisation_id).where(
        Membership.account_id == account_id, Membership.organisation_id.not_in(several)
    )
    led = select(Consortium.organisation_id).where(Consortium.coordinator_id.in_(alone))
    # By the rows, which know their version.
    for group in session.scalars(select(Organisation).where(Organisation.id.in_(led))):
        for name in CONTACT:
            setattr(group, name, "")
    session.flush()
    mine = update(Consortium).where(Consortium.started_by_id == account_id)
    return int(session.execute(mine.values(started_by_id=None)).rowcount)  # type: ignore[attr-defined]


def _leave_answered(session: Session, account_id: int) -> int:
    """What a firm answered is the firm's; who pressed the button goes."""
    mine = update(ConsortiumFirm).where(ConsortiumFirm.answered_by_id == account_id)
    return int(session.execute(mine.values(answered_by_id=None)).rowcount)  # type: ignore[attr-defined]
