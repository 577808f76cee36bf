"""Who is told what about a group: the people of the firms, in their own languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.language.masking import mask_contacts
from matchmaker.notifications import Recipient
from matchmaker.organisations.models import Consortium, ConsortiumFirm, FirmState
from matchmaker.organisations.services.people import people


def tell(session: Session, group: Consortium, kind: str, to: Iterable[int], **facts: Any) -> None:
    """Queue a notice for the people of each of these organisations, who may be strangers yet."""
    title = mask_contacts(group.need.title)
    shared = {"title": title, "path": f"/groups/{group.organisation.public_id}"}
    for organisation_id in to:
        for account in people(session, organisation_id):
            address = account.email if account.confirmed_at else None
            reader = Recipient(account.id, address, account.language)
            notifications.queue(session, reader, kind, shared | facts)


def tell_firms(session: Session, group: Consortium, kind: str, *but: int) -> None:
    """All that joined, but for some."""
    query = select(ConsortiumFirm.organisation_id).where(
        ConsortiumFirm.consortium_id == group.id,
        ConsortiumFirm.state == FirmState.JOINED,
        ConsortiumFirm.organisation_id.not_in(but),
    )
    tell(session, group, kind, session.scalars(query).all())
