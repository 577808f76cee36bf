"""What a group let out ends with those who let it out, or stood behind it.

A release stands by name: how to reach the next firm that speaks is let out by nobody yet. A paper
stands on the word of every firm that was in the group when it was shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, EvidenceShare
from matchmaker.contacts.services import evidence, releases
from matchmaker.contacts.services.moves import Actor
from matchmaker.organisations.models import Consortium
from matchmaker.organisations.services.consortium_moves import on_hand_over, on_papers_back
from matchmaker.organisations.services.organisation import CONTACT
from matchmaker.suggestions.models import Side


def take_back(session: Session, group: Consortium, by: int) -> None:
    """Without this, whatever the next one writes would be out at once."""
    for request in _held(session, group):
        request.promised = [name for name in request.promised if name not in CONTACT]
        releases.revoke(session, request, Actor(by, Side.NEED), CONTACT)


def take_papers_back(
    session: Session, group: Consortium, by: int | None, since: datetime | None
) -> int:
    """The other side is told, and opens none of them from its next request on."""
    taken = 0
    for request in _held(session, group):
        shares = EvidenceShare.organisation_id == group.organisation_id
        if since is not None:
            shares = and_(shares, EvidenceShare.shared_at >= since)
        taken += evidence.revoke(session, request, Actor(by, Side.NEED), shares)
    return taken


def _held(session: Session, group: Consortium) -> Sequence[ContactRequest]:
    """The requests are held: a yes, or a paper, of this moment is either seen here or finds
    nothing promised."""
    query = select(ContactRequest).where(
        ContactRequest.need_organisation_id == group.organisation_id
    )
    held = query.order_by(ContactRequest.id).with_for_update(key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def register() -> None:
    on_hand_over(take_back)
    on_papers_back(take_papers_back)
