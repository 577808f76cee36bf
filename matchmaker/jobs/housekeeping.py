"""Periodic work of the lowest rooms: finished jobs, the audit log, how rows of SQLite spread."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from matchmaker.audit import services as audit
from matchmaker.jobs import services
from matchmaker.jobs.models import Job

services.every(timedelta(days=1), "jobs.prune")
services.every(timedelta(minutes=1), "audit.seal")
services.every(timedelta(hours=6), "jobs.analyse")
#: Rows that are looked at of each index: some hundredths of a second for a million requests.
ANALYSIS_LIMIT = 1000


@services.handler("jobs.prune")
def prune(session: Session, job: Job) -> None:
    services.prune(session)


@services.handler("jobs.analyse")
def analyse(session: Session, job: Job) -> None:
    """Count how rows spread, by which SQLite chooses among indexes; PostgreSQL does so itself."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA analysis_limit = {ANALYSIS_LIMIT}"))
        session.execute(text("ANALYZE"))


@services.handler("audit.seal")
def seal(session: Session, job: Job) -> None:
    newest = audit.seal(session)
    if newest is None:
        return
    folder = Path(current_app.config["DATA"])

    # After the commit: a head kept outside must never name a seal that was rolled back.
    @event.listens_for(session, "after_commit", once=True)
    def keep(session: Session) -> None:
        audit.keep_head(folder, newest)
