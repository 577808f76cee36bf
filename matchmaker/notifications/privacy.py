"""What the room holds about a person, for export and erasure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.notifications.models import MailReader, Notice, OutboxMail, Unsubscribed

Held = type[Notice] | type[OutboxMail] | type[MailReader] | type[Unsubscribed]
EXPORTED: dict[Held, tuple[str, ...]] = {
    Notice: ("kind", "facts", "created_at", "read_at"),
    OutboxMail: ("address", "kind", "state", "created_at", "sent_at"),
    MailReader: ("day", "sent"),
    Unsubscribed: ("kind", "since"),
}


def register() -> None:
    for model, names in EXPORTED.items():
        privacy.holder(model.__tablename__, export=_export(model, names), erase=_erase(model))


def _export(model: Held, names: tuple[str, ...]) -> privacy.Export:
    def export(session: Session, account_id: int) -> list[dict[str, Any]]:
        rows = session.scalars(select(model).where(model.account_id == account_id))
        return [{name: getattr(row, name) for name in names} for row in rows]

    return export


def _erase(model: Held) -> privacy.Erase:
    def erase(session: Session, account_id: int) -> int:
        gone = session.execute(delete(model).where(model.account_id == account_id))
        return int(gone.rowcount)  # type: ignore[attr-defined]

    return erase
