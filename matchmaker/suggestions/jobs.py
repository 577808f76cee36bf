"""Jobs of the room: a new snapshot, and forgetting what was shown long ago."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock
from matchmaker.jobs import Job
from matchmaker.suggestions.services.rebuilding import rebuild
from matchmaker.suggestions.services.shown import prune
from matchmaker.suggestions.versions import REBUILD

PRUNE = "suggestions.prune"

jobs.every(timedelta(hours=6), REBUILD)
jobs.every(timedelta(days=1), PRUNE)


@jobs.handler(REBUILD)
def rebuild_index(session: Session, job: Job) -> None:
    rebuild(session)


@jobs.handler(PRUNE)
def prune_shown(session: Session, job: Job) -> None:
    prune(session, clock.today())
