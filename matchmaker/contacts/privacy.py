"""What the room holds about a person, for export and erasure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker.audit import privacy
from matchmaker.contacts.models import (
    ContactEvent,
    ContactRequest,
    ContactView,
    Outcome,
    Release,
)

Held = type[ContactRequest] | type[ContactEvent] | type[ContactView] | type[Release] | type[Outcome]
#: Table, the column that names the account, and what of it is the person's own.
HELD: tuple[tuple[Held, InstrumentedAttribute[int | None], tuple[str, ...]], ...] = (
    (ContactRequest, ContactRequest.sender_id, ("public_id", "message", "state", "sent_at")),
    (ContactEvent, ContactEvent.account_id, ("kind", "at")),
    (ContactView, ContactView.account_id, ("fields", "first_at", "last_at")),
    (Release, Release.released_by_id, ("field", "released_at", "revoked_at")),
    (Outcome, Outcome.account_id, ("code", "at", "met_at")),
)


def register() -> None:
    for model, column, names in HELD:
        privacy.holder(
            model.__tablename__, export=_export(model, column, names), erase=_erase(model, column)
        )


def _export(
    model: Held, column: InstrumentedAttribute[int | None], names: tuple[str, ...]
) -> privacy.Export:
    def export(session: Session, account_id: int) -> list[dict[str, Any]]:
        rows = session.scalars(select(model).where(column == account_id))
        return [{name: getattr(row, name) for name in names} for row in rows]

    return export


def _erase(model: Held, column: InstrumentedAttribute[int | None]) -> privacy.Erase:
    """The row is the organisations' business and stays; the person in it goes, words included."""

    def erase(session: Session, account_id: int) -> int:
        values: dict[str, Any] = {column.key: None}
        if model is ContactRequest:
            values["message"] = ""
        changed = session.execute(update(model).where(column == account_id).values(values))
        return int(changed.rowcount)  # type: ignore[attr-defined]

    return erase
