"""Filling an empty database with the standard demo, or with any number of made firms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from flask import current_app
from sqlalchemy.orm import Session

from matchmaker import audit, jobs
from matchmaker.demo import pipelines, rooms, sized, standard
from matchmaker.demo.parties import Scene
from matchmaker.demo.sheet import Sheet, is_empty, lift_sequences
from matchmaker.demo.world import FIRMS
from matchmaker.errors import CommandError
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.evidence_files import store
from matchmaker.programme.services.gaps import COUNT_GAPS
from matchmaker.programme.services.rollups.rolling import request_count
from matchmaker.screening.models import PipelineEntry
from matchmaker.suggestions.versions import FIRST, REBUILD

SEED = 2026


def seed_standard(session: Session, seed: int = SEED, firms: int = FIRMS) -> Sheet:
    """The demo that `flask demo` shows; the caller commits."""
    # Made before the first statement: a server ends a transaction that idles for ten seconds.
    sheet = standard.build(seed, clock.now(), firms)
    must_be_empty(session)
    for name, content in sheet.files.items():
        store.put_as(Path(current_app.config["DATA"]), name, content)
    sheet.write(session)
    finish(session)
    rooms.furnish(session)
    return sheet


def seed_sized(
    session: Session, n: int, requests: int, seed: int, say: Callable[[int], None]
) -> Sheet:
    """So many needs, each of a firm of its own; written and committed chunk by chunk."""
    must_be_empty(session)
    session.rollback()
    scene = Scene(Random(seed), clock.now(), Sheet())
    crowd = sized.Crowd(scene, n)
    for _ in crowd.chunks(requests):
        scene.sheet.write(session)
        session.commit()
        say(scene.sheet.written.total())
    sized.settle(session, crowd.market)
    scene.sheet.written[PipelineEntry.__tablename__] += pipelines.fill(session, seed)
    finish(session)
    return scene.sheet


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
