"""Periodic work of the room: the weekly mail about saved views."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock, db, transactions
from matchmaker.screening.services import digest

DIGEST = "screening.digest"


def register() -> None:
    jobs.handler(DIGEST)(_digest)
    jobs.every(timedelta(hours=1), DIGEST)


def _digest(session: Session, job: jobs.Job) -> None:
    """Each person by themselves; nothing is held while their views are looked through."""
    until = clock.now() - digest.SETTLED
    with transactions.reading_session(db.engine) as reading:
        people = digest.due(reading)
    for one in people:
        with transactions.reading_session(db.engine) as reading:
            new = digest.look(reading, one, until)
        digest.tell(session, one, until, new)
        session.commit()
    digest.forget_unwanted(session)
