"""Periodic work of the room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.accounts.access import has_role, scope_of
from matchmaker.accounts.models import Account, StaffRole
from matchmaker.extensions import clock, db
from matchmaker.jobs.services import LOCK
from matchmaker.programme.services import gaps, imports, model_history
from matchmaker.programme.services.rollups.rolling import ROLL_UP, ROLL_UP_ALL, roll_up


def register() -> None:
    jobs.handler(ROLL_UP)(_roll_up)
    jobs.handler(ROLL_UP_ALL)(_roll_up_all)
    jobs.handler(gaps.COUNT_GAPS)(_count_gaps)
    jobs.handler(imports.PUBLISH)(_publish_import)
    jobs.every(timedelta(minutes=10), ROLL_UP)
    jobs.every(timedelta(days=1), ROLL_UP_ALL)
    jobs.every(timedelta(hours=1), gaps.COUNT_GAPS)


def _roll_up(session: Session, job: jobs.Job) -> None:
    roll_up(session, db.engine, job)


def _roll_up_all(session: Session, job: jobs.Job) -> None:
    roll_up(session, db.engine, job, everything=True)
    model_history.count(session, db.engine)


def _count_gaps(session: Session, job: jobs.Job) -> None:
    gaps.count(session, db.engine, _saying(session, job))


def _publish_import(session: Session, job: jobs.Job) -> None:
    """As far as who asked for it may still decide, and in today's scope."""
    account = session.get(Account, job.arguments["account"])
    if account is None or not has_role(account, StaffRole.OFFICER):
        return
    imports.publish_all(
        session,
        scope_of(account),
        job.arguments["import_id"],
        account.id,
        _saying(session, job),
    )


def _saying(session: Session, job: jobs.Job) -> Callable[[int], None]:
    def say(done: int) -> None:
        """Show how far it is, and that it lives: nobody shall take it up a second time."""
        job.progress, job.locked_until = done, clock.now() + LOCK
        session.commit()

    return say
