"""A colleague is told of what somebody else gave them: a firm of the pipeline, or a task about it.

The notice names neither firm nor stage: it leads to the entry, which only the desk can open.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.accounts.models import Account
from matchmaker.contacts.services.telling import recipient
from matchmaker.errors import StaleVersion
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.screening.models import PipelineEntry

KIND = "pipeline.given"


def hold(session: Session, organisation_id: int, to: int | None) -> None:
    """Keep the colleague from leaving until this is written; StaleVersion for one who has left.

    Before any row of the pipeline: whoever leaves holds the memberships first as well.
    """
    if to is None:
        return
    member = select(Membership.id).where(
        Membership.organisation_id == organisation_id, Membership.account_id == to
    )
    if session.scalar(member.with_for_update(read=True)) is None:
        raise StaleVersion


def tell(session: Session, entry: PipelineEntry, to: int | None, by: int) -> None:
    """Nobody is told of what they took themselves."""
    if to is None or to == by:
        return
    account = session.get(Account, to)
    if account is None or not account.active:
        return
    desk = select(Organisation.public_id).where(Organisation.id == entry.organisation_id)
    path = notifications.path_to(
        "screening.entry", public_id=session.scalars(desk).one(), entry_id=entry.public_id
    )
    notifications.queue(session, recipient(account), KIND, {"path": path})
