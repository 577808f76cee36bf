"""Filling an empty database with the standard demo, or with any number of made firms."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker import audit, jobs
from matchmaker.demo import standard
from matchmaker.demo.sheet import Sheet, is_empty, lift_sequences
from matchmaker.errors import CommandError
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.programme.services.gaps import COUNT_GAPS
from matchmaker.programme.services.rollups.rolling import request_count
from matchmaker.suggestions.versions import FIRST, REBUILD

SEED = 2026


def seed_standard(session: Session, seed: int = SEED) -> Sheet:
    """The demo that `flask demo` shows; the caller commits."""
    must_be_empty(session)
    sheet = standard.build(seed, clock.now())
    sheet.write(session)
    finish(session)
    return sheet


def must_be_empty(session: Session) -> None:
    if not is_empty(session):
        raise CommandError("the database is not empty; seed a new one (MATCHMAKER_DATA=folder).")


def finish(session: Session) -> None:
    """What came in bulk becomes visible in one step: index, statistics and gaps by jobs."""
    lift_sequences(session)
    audit.record(session, "demo.seeded", account_id=None, subject="import", subject_id=None)
    changes.note(session, ChangeKind.MODEL, FIRST)
    jobs.enqueue(session, REBUILD, key=REBUILD)
    request_count(session)
    jobs.enqueue(session, COUNT_GAPS, key=COUNT_GAPS)
