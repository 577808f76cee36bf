"""A large file as a job: checked, then taken in, with progress that a page shows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.accounts.models import Account
from matchmaker.errors import NotAllowed, WrongState
from matchmaker.extensions import clock, db
from matchmaker.jobs.services import LOCK
from matchmaker.organisations.importing import uploads
from matchmaker.organisations.importing.checking import Say
from matchmaker.organisations.importing.running import (
    CHECKED,
    IMPORT,
    TAKING,
    NotCleanError,
    check_upload,
    progress_file,
    take_upload,
    way_for,
)
from matchmaker.organisations.importing.uploads import Upload
from matchmaker.organisations.services import notice


def ask(session: Session, upload: Upload, account_id: int, state: str, rows: int) -> None:
    """Ask for the next step of an upload in the caller's transaction."""
    job = jobs.enqueue(
        session,
        IMPORT,
        key=f"import:{upload.token}",
        account_id=account_id,
        token=upload.token,
        account=account_id,
    )
    if job is None:
        raise WrongState
    job.total = rows
    upload.write("progress", {})
    upload.change(state=state, job=job.id)


def run(session: Session, job: jobs.Job) -> None:
    upload = uploads.by_token(Path(current_app.config["DATA"]), job.arguments["token"])
    if upload is None:
        # Thrown away while it waited.
        return
    about = upload.read("about")
    try:
        account = session.get(Account, job.arguments["account"])
        importer = way_for(session, account, about["way"]).importer
    except NotAllowed:
        upload.delete()
        return
    # Nothing is held while the file is read: on SQLite there is one lock for all who write.
    session.commit()
    if about["state"] == TAKING:
        # Clean or not: whoever left the page shall hear that there is a report.
        with suppress(NotCleanError):
            take_upload(session, upload, importer, progress_file(upload))
        if account is not None:
            facts = {"file": about["name"], "path": f"/import/{upload.token}"}
            notice.tell_account(session, account, "import.done", **facts)
    elif about["state"] != CHECKED:
        check_upload(db.engine, upload, importer, _telling(session, job, upload))


def _telling(session: Session, job: jobs.Job, upload: Upload) -> Callable[..., Say]:
    """Also keeps the job's own row alive, so that nobody takes it up a second time."""
    told = progress_file(upload)

    def phase(name: str) -> Say:
        inner = told(name)

        def say(done: int) -> None:
            inner(done)
            job.progress, job.locked_until = done, clock.now() + LOCK
            session.commit()

        return say

    return phase
