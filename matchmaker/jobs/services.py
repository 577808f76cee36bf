"""Writing jobs, the register of handlers, and the claims that let two runners work safely."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.jobs.models import Job, JobState, Periodic

Handler = Callable[[Session, Job], None]

MAX_ATTEMPTS = 6
LOCK = timedelta(minutes=10)
WEEKLY, FIRST_WEEKLY = timedelta(days=7), timedelta(minutes=15)
KEEP_DONE = timedelta(days=7)

handlers: dict[str, Handler] = {}
periodics: dict[str, timedelta] = {}


def handler(name: str) -> Callable[[Handler], Handler]:
    def register(function: Handler) -> Handler:
        handlers[name] = function
        return function

    return register


def every(period: timedelta, name: str) -> None:
    periodics[name] = period


def enqueue(
    session: Session,
    name: str,
    *,
    key: str | None = None,
    run_after: datetime | None = None,
    account_id: int | None = None,
    **arguments: Any,
) -> Job | None:
    """Write a job in the caller's transaction; None when one with this key waits already."""
    values = {
        "name": name,
        "arguments": arguments,
        "unique_key": key,
        "account_id": account_id,
        "run_after": run_after or clock.now(),
    }
    if key is None:
        job = Job(**values)
        session.add(job)
        session.flush()
        return job
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Job).values(**values).on_conflict_do_nothing().returning(Job)
    return session.scalar(statement)


def claim(session: Session) -> Job | None:
    """Take the next due job; of two runners exactly one gets it. The caller commits."""
    now = clock.now()
    candidates = select(Job.id).where(_due(now)).order_by(Job.run_after, Job.id).limit(1)
    if session.get_bind().dialect.name == "postgresql":
        candidates = candidates.with_for_update(skip_locked=True)
    statement = (
        update(Job)
        .where(Job.id == candidates.scalar_subquery(), _due(now))
        .values(state=JobState.RUNNING, locked_until=now + LOCK, attempts=Job.attempts + 1)
        .returning(Job)
    )
    return session.scalar(
        statement.execution_options(synchronize_session=False, populate_existing=True)
    )


def _due(now: datetime) -> ColumnElement[bool]:
    waiting = (Job.state == JobState.QUEUED) & (Job.run_after <= now)
    abandoned = (Job.state == JobState.RUNNING) & (Job.locked_until < now)
    return or_(waiting, abandoned)


def finish(session: Session, job: Job) -> None:
    job.state, job.finished_at, job.locked_until = JobState.DONE, clock.now(), None


def fail(session: Session, job: Job, error: str) -> None:
    """Back off and try again, or give up after MAX_ATTEMPTS."""
    job.last_error, job.locked_until = error[:2000], None
    if job.attempts >= MAX_ATTEMPTS:
        job.state, job.finished_at = JobState.FAILED, clock.now()
        return
    waiting = job.unique_key and session.scalar(
        select(Job.id).where(Job.unique_key == job.unique_key, Job.state == JobState.QUEUED)
    )
    if waiting:
        # A newer one with the same key waits already: it does this one's work.
        job.state, job.finished_at = JobState.DONE, clock.now()
        return
    job.state = JobState.QUEUED
    job.run_after = clock.now() + timedelta(seconds=5 * 4**job.attempts)


def start_periodic(session: Session) -> None:
    """Enqueue each periodic job that is due and set its next time; safe with two runners.

    What runs once a week may take minutes: it does not hold up the mails of a first quarter hour.
    """
    now = clock.now()
    known = {row.name: row for row in session.scalars(select(Periodic))}
    for name, period in periodics.items():
        row = known.get(name)
        if row is None and period >= WEEKLY:
            session.add(Periodic(name=name, due_at=now + FIRST_WEEKLY))
            continue
        if row is None:
            session.add(Periodic(name=name, due_at=now + period))
        elif row.due_at > now:
            continue
        else:
            row.due_at = now + period
        enqueue(session, name, key=f"every:{name}")


def prune(session: Session) -> None:
    """Forget finished jobs after a week; failed ones stay to be looked at."""
    old = clock.now() - KEEP_DONE
    session.execute(delete(Job).where(Job.state == JobState.DONE, Job.finished_at < old))
