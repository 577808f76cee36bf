"""Background work of the room."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.jobs import Job
from matchmaker.organisations.evidence_files import store
from matchmaker.organisations.importing import import_jobs, uploads
from matchmaker.organisations.importing.running import IMPORT
from matchmaker.organisations.services import (
    activity,
    consortium_parting,
    evidence_file,
    expiry,
    product_photo,
)

jobs.every(timedelta(hours=1), "organisations.expire")
jobs.every(timedelta(hours=1), "organisations.settle_groups")
jobs.every(timedelta(hours=1), "organisations.sweep_evidence")
jobs.every(timedelta(hours=1), "organisations.sweep_photos")
jobs.every(timedelta(minutes=15), "organisations.follow_sessions")


@jobs.handler("organisations.expire")
def expire(session: Session, job: Job) -> None:
    """A full batch asks for another run; notices come first, so that none is skipped."""
    notified = expiry.notify_expiring(session)
    expired = expiry.expire_due(session)
    if max(notified, expired) >= expiry.BATCH:
        jobs.enqueue(session, "organisations.expire", key="organisations.expire:more")


@jobs.handler("organisations.settle_groups")
def settle_groups(session: Session, job: Job) -> None:
    after = consortium_parting.settle_after(session, job.arguments.get("after", 0))
    if after is not None:
        key = "organisations.settle_groups:more"
        jobs.enqueue(session, "organisations.settle_groups", key=key, after=after)


@jobs.handler("organisations.follow_sessions")
def follow_sessions(session: Session, job: Job) -> None:
    activity.follow_sessions(session)


@jobs.handler(IMPORT)
def import_file(session: Session, job: Job) -> None:
    import_jobs.run(session, job)


@jobs.handler("organisations.forget_uploads")
def forget_uploads(session: Session, job: Job) -> None:
    uploads.forget_old(_data())


@jobs.handler(evidence_file.REMOVE)
def remove_evidence(session: Session, job: Job) -> None:
    evidence_file.delete_unnamed(session, _data(), job.arguments["names"])


@jobs.handler("organisations.sweep_evidence")
def sweep_evidence(session: Session, job: Job) -> None:
    """Files whose row was never written, or that were put back by a restore without one."""
    evidence_file.delete_unnamed(session, _data(), store.old_names(_data()))


@jobs.handler(product_photo.REMOVE)
def remove_photos(session: Session, job: Job) -> None:
    product_photo.delete_unnamed(session, _data(), job.arguments["names"])


@jobs.handler("organisations.sweep_photos")
def sweep_photos(session: Session, job: Job) -> None:
    product_photo.delete_unnamed(session, _data(), store.old_names(_data(), store.PHOTOS))


def _data() -> Path:
    return Path(current_app.config["DATA"])
