"""Tasks name people only as those who do them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.tasks.models import Task


def register() -> None:
    privacy.holder(Task.__tablename__, export=_export, erase=_erase)


def _export(session: Session, account_id: int) -> list[dict[str, Any]]:
    mine = or_(Task.assigned_to_id == account_id, Task.done_by_id == account_id)
    rows = session.scalars(select(Task).where(mine))
    return [{"kind": row.kind, "opened_at": row.opened_at, "done_at": row.done_at} for row in rows]


def _erase(session: Session, account_id: int) -> int:
    changed = 0
    for column in (Task.assigned_to_id, Task.done_by_id):
        result = session.execute(
            update(Task).where(column == account_id).values({column.key: None})
        )
        changed += int(result.rowcount)  # type: ignore[attr-defined]
    return changed
