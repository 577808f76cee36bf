"""Asking an adviser when nothing fits a need: one task, once a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matchmaker import audit, tasks
from matchmaker.accounts.models import Account
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held
from matchmaker.organisations.models import Need
from matchmaker.organisations.services import notice
from matchmaker.organisations.services.adviser import person_for
from matchmaker.tasks import TaskKind

AGAIN_AFTER = timedelta(days=7)


def asked_on(session: Session, need: Need) -> datetime | None:
    """When an adviser was asked within the week; None: it may be asked now."""
    last = tasks.last_opened(session, TaskKind.NO_MATCH, "need", need.id)
    return last if last is not None and last > clock.now() - AGAIN_AFTER else None


def ask_adviser(session: Session, need: Need, by: int) -> bool:
    """Open the task, for the adviser where there is one; False within the week."""
    # Of two who press at once the second one waits here and finds the task of the first.
    held(session, Need, need.id)
    if asked_on(session, need) is not None:
        return False
    firm = need.organisation
    person = person_for(session, firm)
    tasks.open(
        session,
        TaskKind.NO_MATCH,
        "need",
        need.id,
        province=firm.province,
        organisation_id=firm.id,
        facts={"province": firm.province, "public_id": need.public_id},
        assigned_to_id=person,
    )
    if person not in (None, by):
        adviser = session.get_one(Account, person)
        path = "/programme/tasks" if adviser.is_staff else f"/needs/{need.public_id}"
        notice.tell_account(session, adviser, "task.assigned", path=path)
    audit.record(
        session,
        "need.adviser_asked",
        account_id=by,
        subject="need",
        subject_id=need.id,
        organisation_id=firm.id,
    )
    return True
