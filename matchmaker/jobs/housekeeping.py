"""Periodic work of the lowest rooms: forgetting finished jobs, sealing the audit log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from matchmaker.audit import services as audit
from matchmaker.jobs import services
from matchmaker.jobs.models import Job

services.every(timedelta(days=1), "jobs.prune")
services.every(timedelta(minutes=1), "audit.seal")


@services.handler("jobs.prune")
def prune(session: Session, job: Job) -> None:
    services.prune(session)


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
