"""What a group of firms holds about a person: who began it, who answered for a firm."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.organisations.models import Consortium, ConsortiumFirm


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
    """The group is the firms'; who began it goes."""
    mine = update(Consortium).where(Consortium.started_by_id == account_id)
    return int(session.execute(mine.values(started_by_id=None)).rowcount)  # type: ignore[attr-defined]


def _leave_answered(session: Session, account_id: int) -> int:
    """What a firm answered is the firm's; who pressed the button goes."""
    mine = update(ConsortiumFirm).where(ConsortiumFirm.answered_by_id == account_id)
    return int(session.execute(mine.values(answered_by_id=None)).rowcount)  # type: ignore[attr-defined]
