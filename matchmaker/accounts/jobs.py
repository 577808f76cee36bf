"""Work of the people room that is not done in a request."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.accounts import limit_storage
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import codes, doors, sessions, sign_up
from matchmaker.accounts.services.doors import Credentials
from matchmaker.jobs.models import Job


def register() -> None:
    jobs.handler("accounts.reset")(_reset)
    jobs.handler("accounts.prune")(_prune)
    jobs.every(timedelta(days=1), "accounts.prune")


def _reset(session: Session, job: Job) -> None:
    account = session.get(Account, job.arguments["whom"])
    if account is not None:
        doors.ask_reset(session, Credentials(None, account.id))


def _prune(session: Session, job: Job) -> None:
    limit_storage.prune(session)
    sessions.prune(session)
    sign_up.prune(session)
    codes.prune(session)
