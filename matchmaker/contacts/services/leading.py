"""Who speaks for a group: handed on, nothing of how to reach the next one is let out for them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import releases
from matchmaker.contacts.services.moves import Actor
from matchmaker.organisations.models import Consortium
from matchmaker.organisations.services.consortium_moves import on_hand_over
from matchmaker.organisations.services.organisation import CONTACT
from matchmaker.suggestions.models import Side


def take_back(session: Session, group: Consortium, by: int) -> None:
    """A release stands by name: without this, whatever the next one writes would be out at once.

    The requests are held: a yes of this moment is either seen here, or finds nothing promised.
    """
    query = select(ContactRequest).where(
        ContactRequest.need_organisation_id == group.organisation_id
    )
    held = query.order_by(ContactRequest.id).with_for_update(key_share=True)
    for request in session.scalars(held.execution_options(populate_existing=True)).all():
        request.promised = [name for name in request.promised if name not in CONTACT]
        releases.revoke(session, request, Actor(by, Side.NEED), CONTACT)


def register() -> None:
    on_hand_over(take_back)
