"""What a person leaves behind in the saved views: what is theirs goes, the organisation's stays."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Membership
from matchmaker.screening.models import SavedView, ViewDigest, ViewMail


def export_views(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(SavedView).where(SavedView.created_by_id == account_id))
    return [{"name": row.name, "created_at": row.created_at} for row in rows]


def erase_views(session: Session, account_id: int) -> int:
    """With whoever alone works for the organisation; else they stay, without who made them."""
    others = select(Membership.organisation_id).where(Membership.account_id != account_id)
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id)
    alone = SavedView.organisation_id.in_(mine), SavedView.organisation_id.not_in(others)
    gone = session.execute(delete(SavedView).where(*alone))
    kept = 0
    for column in (SavedView.created_by_id, SavedView.updated_by_id):
        own = update(SavedView).where(column == account_id).values({column: None})
        kept += int(session.execute(own).rowcount)  # type: ignore[attr-defined]
    return int(gone.rowcount) + kept  # type: ignore[attr-defined]


def export_mails(session: Session, account_id: int) -> list[dict[str, Any]]:
    query = (
        select(SavedView.name, ViewMail.least, ViewMail.since)
        .join(ViewMail, ViewMail.view_id == SavedView.id)
        .where(ViewMail.account_id == account_id)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def erase_mails(session: Session, account_id: int) -> int:
    gone = session.execute(delete(ViewMail).where(ViewMail.account_id == account_id))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def export_digests(session: Session, account_id: int) -> list[dict[str, Any]]:
    row = session.get(ViewDigest, account_id)
    return [] if row is None else [{"due_at": row.due_at, "through": row.through}]


def erase_digests(session: Session, account_id: int) -> int:
    gone = session.execute(delete(ViewDigest).where(ViewDigest.account_id == account_id))
    return int(gone.rowcount)  # type: ignore[attr-defined]
