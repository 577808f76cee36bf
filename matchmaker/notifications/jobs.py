"""Background work of the room."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.jobs.services import MAX_ATTEMPTS
from matchmaker.notifications import sending
from matchmaker.notifications.services import SEND_JOB


def register() -> None:
    jobs.handler(SEND_JOB)(_send)
    jobs.handler("notifications.digest")(_digest)
    jobs.handler("notifications.prune")(_prune)
    jobs.every(timedelta(hours=1), "notifications.digest")
    jobs.every(timedelta(days=1), "notifications.prune")


def _send(session: Session, job: jobs.Job) -> None:
    sending.send(session, job.arguments["mail_id"], last_attempt=job.attempts >= MAX_ATTEMPTS)


def _digest(session: Session, job: jobs.Job) -> None:
    sending.digest(session)


def _prune(session: Session, job: jobs.Job) -> None:
    sending.prune(session)
