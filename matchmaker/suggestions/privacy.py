"""What this room keeps of a person: who gave which feedback, who hid what, who published."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.orm import Session

from matchmaker.audit.privacy import holder
from matchmaker.suggestions.models import Feedback, Hidden, ModelVersion


def export_feedback(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(Feedback).where(Feedback.account_id == account_id))
    return [
        {"kind": row.kind, "reason": row.reason, "side": row.side, "at": row.at} for row in rows
    ]


def erase_feedback(session: Session, account_id: int) -> int:
    """What happened stays, for learning; who did it goes."""
    statement = update(Feedback).where(Feedback.account_id == account_id)
    return _changed(session, statement.values(account_id=None))


def export_hidden(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(Hidden).where(Hidden.account_id == account_id))
    return [{"reason": row.reason, "side": row.side, "at": row.at} for row in rows]


def erase_hidden(session: Session, account_id: int) -> int:
    statement = update(Hidden).where(Hidden.account_id == account_id)
    return _changed(session, statement.values(account_id=None))


def export_versions(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(ModelVersion).where(ModelVersion.published_by_id == account_id))
    return [{"number": row.number, "published_at": row.published_at} for row in rows]


def erase_versions(session: Session, account_id: int) -> int:
    statement = update(ModelVersion).where(ModelVersion.published_by_id == account_id)
    return _changed(session, statement.values(published_by_id=None))


def _changed(session: Session, statement: Update) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def register() -> None:
    holder("feedback", export=export_feedback, erase=erase_feedback)
    holder("hidden", export=export_hidden, erase=erase_hidden)
    holder("model_version", export=export_versions, erase=erase_versions)
