"""Opening, giving out and finishing tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.database import new_public_id
from matchmaker.tasks.models import Task, TaskKind, TaskState


def open(
    session: Session,
    kind: TaskKind | str,
    subject: str,
    subject_id: int,
    *,
    province: str | None = None,
    organisation_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    assigned_to_id: int | None = None,
) -> None:
    """Write the task in the caller's transaction, unless the same one is open already."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(Task)
        .values(
            public_id=new_public_id(),
            kind=TaskKind(kind),
            subject=subject,
            subject_id=subject_id,
            province=province or None,
            organisation_id=organisation_id,
            facts=dict(facts or {}),
            state=TaskState.OPEN,
            assigned_to_id=assigned_to_id,
            opened_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def assign(session: Session, task: Task, account_id: int | None, by: int) -> None:
    """Give an open task to somebody, or to nobody; WrongState when it is done meanwhile, or in
    other hands than when it was read: of two who take it at once one has it."""
    held = Task.assigned_to_id.is_not_distinct_from(task.assigned_to_id)
    _change(session, task, held, assigned_to_id=account_id)
    event = "given_back" if account_id is None else "taken" if account_id == by else "given"
    _record(session, task, by, event)


def done(session: Session, task: Task, account_id: int) -> None:
    """Finish it; WrongState when somebody else was first."""
    _change(session, task, state=TaskState.DONE, done_at=clock.now(), done_by_id=account_id)
    _record(session, task, account_id, "done")


def hand_over(
    session: Session, account_id: int, to: int | None, which: ColumnElement[bool]
) -> None:
    """Give the open tasks of one person to another, or to nobody, as far as `which` holds."""
    session.execute(
        update(Task)
        .where(Task.assigned_to_id == account_id, Task.state == TaskState.OPEN, which)
        .values(assigned_to_id=to)
        .execution_options(synchronize_session=False)
    )


def settle(session: Session, kind: TaskKind | str, subject: str, subject_id: int) -> None:
    """What the task asked for has happened by itself: nobody needs to tick it off."""
    session.execute(
        update(Task)
        .where(
            Task.kind == TaskKind(kind),
            Task.subject == subject,
            Task.subject_id == subject_id,
            Task.state == TaskState.OPEN,
        )
        .values(state=TaskState.DONE, done_at=clock.now())
    )


def waiting(
    session: Session,
    *,
    provinces: Collection[str] | None = None,
    organisation_ids: Collection[int] | None = None,
    kinds: Collection[TaskKind] | None = None,
    limit: int = 50,
) -> list[Task]:
    """Open tasks, the oldest first; None means no limit of scope."""
    query = select(Task).where(Task.state == TaskState.OPEN).order_by(Task.opened_at, Task.id)
    if provinces is not None:
        query = query.where(Task.province.in_(provinces))
    if organisation_ids is not None:
        query = query.where(Task.organisation_id.in_(organisation_ids))
    if kinds is not None:
        query = query.where(Task.kind.in_(kinds))
    return list(session.scalars(query.limit(limit)))


def given_to(session: Session, account_ids: Select[int], limit: int = 50) -> list[Task]:
    """Open tasks in the hands of the people of a query, the oldest first."""
    query = select(Task).where(Task.state == TaskState.OPEN, Task.assigned_to_id.in_(account_ids))
    return list(session.scalars(query.order_by(Task.opened_at, Task.id).limit(limit)))


def find_given(session: Session, account_ids: Select[int], public_id: str) -> Task | None:
    """A task, open or done, in the hands of one of the people of a query."""
    query = select(Task).where(Task.public_id == public_id)
    return session.scalar(query.where(Task.assigned_to_id.in_(account_ids)))


def last_opened(session: Session, kind: TaskKind, subject: str, subject_id: int) -> datetime | None:
    """When a task about this was opened last, done or not; None for never."""
    query = select(func.max(Task.opened_at)).where(
        Task.kind == kind, Task.subject == subject, Task.subject_id == subject_id
    )
    return session.scalar(query)


def _change(session: Session, task: Task, *conditions: ColumnElement[bool], **values: Any) -> None:
    changed = session.scalar(
        update(Task)
        .where(Task.id == task.id, Task.state == TaskState.OPEN, *conditions)
        .values(**values)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(task)
    if changed is None:
        raise WrongState("somebody else was first")


def _record(session: Session, task: Task, by: int, step: str) -> None:
    """Without its organisation: what the programme does is not told to the firm's team."""
    audit.record(
        session, f"task.{step}", account_id=by, subject="task", subject_id=task.id, code=task.kind
    )
