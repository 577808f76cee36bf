"""Background jobs as staff look at them: what failed, what runs, what waits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.jobs import Job, JobState

LISTED = 50


def failed(session: Session) -> Sequence[Job]:
    query = select(Job).where(Job.state == JobState.FAILED)
    return list(session.scalars(query.order_by(Job.id.desc()).limit(LISTED)))


def under_way(session: Session) -> Sequence[Job]:
    """Those that run, then those that wait, the first due first."""
    query = (
        select(Job)
        .where(Job.state.in_((JobState.RUNNING, JobState.QUEUED)))
        .order_by((Job.state == JobState.RUNNING).desc(), Job.run_after, Job.id)
    )
    return list(session.scalars(query.limit(LISTED)))


def find(session: Session, public_id: str) -> Job | None:
    return session.scalar(select(Job).where(Job.public_id == public_id))


def again(session: Session, job: Job, by_id: int) -> None:
    """Let a failed job run once more; WrongState when it is no longer failed or waits already."""
    waiting = select(Job.id).where(Job.unique_key == job.unique_key, Job.state == JobState.QUEUED)
    if job.unique_key is not None and session.scalar(waiting) is not None:
        raise WrongState("one with its key waits already")
    done = session.scalar(
        update(Job)
        .where(Job.id == job.id, Job.state == JobState.FAILED)
        .values(state=JobState.QUEUED, attempts=0, run_after=clock.now(), finished_at=None)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(job)
    if done is None:
        raise WrongState("the job is not failed")
    audit.record(session, "jobs.again", account_id=by_id, subject="job", subject_id=done)
