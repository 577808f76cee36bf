"""Taking down what people ask for help with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker import audit, tasks
from matchmaker.audit import privacy
from matchmaker.home.models import HelpMessage
from matchmaker.tasks import TaskKind


def ask_for_help(
    session: Session, *, account_id: int | None, message: str, lang: str, reply_to: str
) -> HelpMessage:
    """Keep the message and open a task for staff, together."""
    row = HelpMessage(account_id=account_id, message=message, lang=lang, reply_to=reply_to)
    session.add(row)
    session.flush()
    tasks.open(session, TaskKind.OTHER, "help_message", row.id, facts={"public_id": row.public_id})
    audit.record(
        session, "help.asked", account_id=account_id, subject="help_message", subject_id=row.id
    )
    return row


def help_message(session: Session, public_id: str) -> HelpMessage | None:
    return session.scalar(select(HelpMessage).where(HelpMessage.public_id == public_id))


def register_privacy() -> None:
    privacy.holder("help_message", export=_export, erase=_erase)


def _export(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(HelpMessage).where(HelpMessage.account_id == account_id))
    return [
        {"message": row.message, "reply_to": row.reply_to, "written_at": row.written_at}
        for row in rows
    ]


def _erase(session: Session, account_id: int) -> int:
    gone = session.execute(delete(HelpMessage).where(HelpMessage.account_id == account_id))
    return int(gone.rowcount)  # type: ignore[attr-defined]
