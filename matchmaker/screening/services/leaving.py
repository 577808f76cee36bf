"""What a colleague who leaves had in hand at the desk goes to whoever takes over."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services.leaving import on_leaving
from matchmaker.screening.models import EntryTask, PipelineEntry, SavedView, ViewMail
from matchmaker.screening.services import digest


def hand_over(session: Session, organisation_id: int, leaver: int, to: int | None) -> None:
    """Firms and tasks of the desk; the leaver's own mails and notices of the desk end."""
    session.execute(
        update(PipelineEntry)
        .where(
            PipelineEntry.assignee_id == leaver, PipelineEntry.organisation_id == organisation_id
        )
        .values(assignee_id=to, version=PipelineEntry.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(EntryTask)
        .where(
            EntryTask.account_id == leaver,
            EntryTask.organisation_id == organisation_id,
            EntryTask.done_at.is_(None),
        )
        .values(account_id=to)
        .execution_options(synchronize_session=False)
    )
    views = select(SavedView.id).where(SavedView.organisation_id == organisation_id)
    session.execute(
        delete(ViewMail)
        .where(ViewMail.account_id == leaver, ViewMail.view_id.in_(views))
        .execution_options(synchronize_session=False)
    )
    organisation = session.get_one(Organisation, organisation_id)
    digest.call_off(session, leaver, organisation.public_id)


def register() -> None:
    on_leaving(hand_over)
