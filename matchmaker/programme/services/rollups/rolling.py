"""The job: count what was touched since the last time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock
from matchmaker.jobs.services import LOCK
from matchmaker.programme.models import CountState
from matchmaker.programme.services.rollups import writing
from matchmaker.programme.services.rollups.touched import Touched, touched

ROLL_UP = "programme.roll_up"
ROLL_UP_ALL = "programme.roll_up_all"


def request_count(session: Session) -> None:
    """Have everything counted again soon: for seeds and imports that bring a past with them."""
    jobs.enqueue(session, ROLL_UP_ALL, key=ROLL_UP_ALL)


def roll_up(
    session: Session, engine: Engine, job: jobs.Job | None = None, everything: bool = False
) -> int:
    """Count the touched months, each in a transaction of its own; gives how many."""
    began = clock.now()
    with writing.snapshot(engine) as reading:
        found = touched(reading, everything)
    for done, month in enumerate(sorted(found.months), 1):
        writing.recount(session, engine, month)
        if job is not None:
            job.progress, job.total = done, len(found.months)
            job.locked_until = clock.now() + LOCK
            session.commit()
    _keep(session, found, began)
    session.commit()
    return len(found.months)


def count_state(session: Session) -> CountState:
    """The one row, locked: two counts that end at once write one after the other."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(CountState).values(id=1, change_n=0, event_id=0).on_conflict_do_nothing()
    )
    return session.get_one(CountState, 1, with_for_update=True, populate_existing=True)


def _keep(session: Session, found: Touched, began: datetime) -> None:
    """Remember how far it was counted; a count that began earlier does not set it back."""
    state = count_state(session)
    state.change_n = max(state.change_n, found.change_n)
    state.event_id = max(state.event_id, found.event_id)
    state.counted_at = max(state.counted_at or began, began)
