"""What colleagues want to do about firms, by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from matchmaker import audit
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held
from matchmaker.language.words import guess_language
from matchmaker.organisations.models import Need
from matchmaker.screening.models import EntryTask, PipelineEntry
from matchmaker.screening.services import giving


@dataclass(frozen=True, slots=True)
class Todo:
    text: str
    due_on: date
    #: None: whoever has time.
    account_id: int | None


def add(session: Session, entry: PipelineEntry, by: int, todo: Todo) -> EntryTask:
    """A task about a firm, once while it is open, however often it is sent; StaleVersion when who
    was to do it has left."""
    giving.hold(session, entry.organisation_id, todo.account_id)
    held(session, PipelineEntry, entry.id)
    there = select(EntryTask).where(EntryTask.entry_id == entry.id, EntryTask.done_at.is_(None))
    same = there.filter_by(text=todo.text, due_on=todo.due_on, account_id=todo.account_id)
    found = session.scalar(same.limit(1))
    if found is not None:
        return found
    row = EntryTask(
        entry_id=entry.id,
        organisation_id=entry.organisation_id,
        text=todo.text,
        lang=guess_language(todo.text),
        due_on=todo.due_on,
        account_id=todo.account_id,
        created_by_id=by,
    )
    session.add(row)
    session.flush()
    _log(session, row, by, "pipeline.task_added")
    giving.tell(session, entry, todo.account_id, by)
    return row


def finish(session: Session, row: EntryTask, by: int) -> None:
    """Done; WrongState when a colleague was first."""
    done = session.scalar(
        update(EntryTask)
        .where(EntryTask.id == row.id, EntryTask.done_at.is_(None))
        .values(done_at=clock.now(), done_by_id=by)
        .returning(EntryTask.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise WrongState("done already")
    _log(session, row, by, "pipeline.task_done")


def due(
    session: Session, organisation_id: int, mine: int | None, after: EntryTask | None, limit: int
) -> list[EntryTask]:
    """What is open, the nearest day first; `mine`: of this person only."""
    entry = joinedload(EntryTask.entry)
    query = (
        select(EntryTask)
        .where(EntryTask.organisation_id == organisation_id, EntryTask.done_at.is_(None))
        .options(
            joinedload(EntryTask.account),
            entry.joinedload(PipelineEntry.need).joinedload(Need.organisation),
            entry.joinedload(PipelineEntry.offer),
        )
        .order_by(EntryTask.due_on, EntryTask.id)
        .limit(limit)
    )
    if mine is not None:
        query = query.where(EntryTask.account_id == mine)
    if after is not None:
        same_day = and_(EntryTask.due_on == after.due_on, EntryTask.id > after.id)
        query = query.where(or_(EntryTask.due_on > after.due_on, same_day))
    return list(session.scalars(query))


def tasks_of(session: Session, entry: PipelineEntry, limit: int = 20) -> list[EntryTask]:
    """The open ones of one entry."""
    query = (
        select(EntryTask)
        .where(EntryTask.entry_id == entry.id, EntryTask.done_at.is_(None))
        .options(joinedload(EntryTask.account))
        .order_by(EntryTask.due_on, EntryTask.id)
    )
    return list(session.scalars(query.limit(limit)))


def task_of(session: Session, organisation_id: int, public_id: str) -> EntryTask | None:
    query = select(EntryTask).where(
        EntryTask.public_id == public_id, EntryTask.organisation_id == organisation_id
    )
    return session.scalar(query)


def _log(session: Session, row: EntryTask, by: int, event: str) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="entry_task",
        subject_id=row.id,
        organisation_id=row.organisation_id,
    )
