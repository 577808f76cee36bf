"""What a person leaves behind in the pipeline: notes stay with the organisation, without a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Membership
from matchmaker.screening.models import (
    EntryEvent,
    EntryTask,
    PipelineEntry,
    PipelinePass,
    PipelineStage,
)


def export_entries(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(PipelineEntry).where(PipelineEntry.assignee_id == account_id))
    return [{"entry": row.public_id, "put_in_at": row.put_in_at} for row in rows]


def erase_entries(session: Session, account_id: int) -> int:
    """The whole pipeline goes with whoever alone worked for the organisation."""
    others = select(Membership.organisation_id).where(Membership.account_id != account_id)
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id)
    gone = 0
    # Firms before the stages they stand in; notes, tags and tasks go with the firms.
    for model in (PipelineEntry, PipelinePass, PipelineStage):
        alone = model.organisation_id.in_(mine), model.organisation_id.not_in(others)
        gone += _count(session.execute(delete(model).where(*alone)))
    return gone + _forget(session, PipelineEntry.assignee_id, account_id)


def export_events(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(EntryEvent).where(EntryEvent.account_id == account_id))
    return [{"kind": row.kind, "text": row.text, "at": row.at} for row in rows]


def erase_events(session: Session, account_id: int) -> int:
    return _forget(session, EntryEvent.account_id, account_id)


def export_tasks(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(EntryTask).where(EntryTask.created_by_id == account_id))
    return [{"text": row.text, "due_on": row.due_on, "done_at": row.done_at} for row in rows]


def erase_tasks(session: Session, account_id: int) -> int:
    columns = (EntryTask.account_id, EntryTask.created_by_id, EntryTask.done_by_id)
    return sum(_forget(session, column, account_id) for column in columns)


def export_passes(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(PipelinePass).where(PipelinePass.account_id == account_id))
    return [{"reason": row.reason, "at": row.at, "undone_at": row.undone_at} for row in rows]


def erase_passes(session: Session, account_id: int) -> int:
    return _forget(session, PipelinePass.account_id, account_id)


def _forget(session: Session, column: Any, account_id: int) -> int:
    own = update(column.class_).where(column == account_id).values({column.key: None})
    return _count(session.execute(own.execution_options(synchronize_session=False)))


def _count(done: Any) -> int:
    return int(done.rowcount)
