"""Jobs of the room: a new snapshot, learning, and forgetting what was shown long ago."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock, db
from matchmaker.jobs import Job
from matchmaker.suggestions.services.pricing import recompute
from matchmaker.suggestions.services.rebuilding import rebuild
from matchmaker.suggestions.services.shown import prune
from matchmaker.suggestions.versions import LEARN, REBUILD

PRUNE = "suggestions.prune"
PRICES = "suggestions.prices"

jobs.every(timedelta(hours=6), REBUILD)
jobs.every(timedelta(days=1), PRUNE)
jobs.every(timedelta(days=7), LEARN)


@jobs.handler(REBUILD)
def rebuild_index(session: Session, job: Job) -> None:
    rebuild(session)
    # Prices are those of the pool in the new index, so every six hours too.
    jobs.enqueue(session, PRICES, key=PRICES)


@jobs.handler(PRICES)
def price_places(session: Session, job: Job) -> None:
    recompute(session)


@jobs.handler(PRUNE)
def prune_shown(session: Session, job: Job) -> None:
    prune(session, clock.today())


@jobs.handler(LEARN)
def learn_from_outcomes(session: Session, job: Job) -> None:
    # Its optimisers take a while to load; nothing else in a worker needs them.
    from matchmaker.suggestions.services.learning import learn

    learn(session, db.engine, clock.today())
