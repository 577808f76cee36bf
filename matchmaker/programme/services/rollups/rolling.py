"""The job: count what was touched since the last time."""

from __future__ import annotations

from datetime import date, datetime

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
#: Needs that are counted again in one transaction: some tenths of a second.
AT_ONCE = 500


def request_count(session: Session) -> None:
    """Have everything counted again soon: for seeds and imports that bring a past with them."""
    jobs.enqueue(session, ROLL_UP_ALL, key=ROLL_UP_ALL)


def roll_up(
    session: Session, engine: Engine, job: jobs.Job | None = None, everything: bool = False
) -> int:
    """Count what was touched, slice by slice, each in a transaction; gives how many months."""
    began = clock.now()
    with writing.snapshot(engine) as reading:
        found = touched(reading, everything)
    counted: set[date] = set()
    slices: list[date | list[int]] = [*sorted(found.months), *_slices(sorted(found.needs))]
    for done, one in enumerate(slices, 1):
        if isinstance(one, date):
            writing.recount(session, engine, one)
            counted.add(one)
        else:
            counted |= writing.recount_needs(session, engine, one)
        if job is not None:
            job.progress, job.total = done, len(slices)
            job.locked_until = clock.now() + LOCK
            session.commit()
    _keep(session, found, began)
    session.commit()
    return len(counted)


def _slices(needs: list[int]) -> list[list[int]]:
    return [needs[at : at + AT_ONCE] for at in range(0, len(needs), AT_ONCE)]


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
