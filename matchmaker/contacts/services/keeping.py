"""Who of a side looks after a request: whoever asked or answered, until it is handed over."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker import notifications
from matchmaker.contacts.models import OPEN_STATES, ContactRequest
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.organisations.models import Membership
from matchmaker.organisations.services.leaving import on_leaving
from matchmaker.suggestions.models import Side

KEEPERS: dict[Side, InstrumentedAttribute[int | None]] = {
    Side.NEED: ContactRequest.need_keeper_id,
    Side.OFFER: ContactRequest.offer_keeper_id,
}
_OF_SIDE: dict[Side, InstrumentedAttribute[int]] = {
    Side.NEED: ContactRequest.need_organisation_id,
    Side.OFFER: ContactRequest.offer_organisation_id,
}


def kept_by(by: Actor) -> dict[str, int | None]:
    """The column and value of whoever acts for a side."""
    return {KEEPERS[by.side].key: by.account_id}


def hand_over(session: Session, organisation_id: int, leaver: int, to: int | None) -> None:
    """All that is open in the hands of who leaves an organisation; and they are told no more."""
    for side in Side:
        _hand_over(session, side, organisation_id, leaver, to)
    _call_off(session, organisation_id, leaver)


def _hand_over(
    session: Session, side: Side, organisation_id: int, leaver: int, to: int | None
) -> None:
    ids = session.scalars(
        update(ContactRequest)
        .where(
            _OF_SIDE[side] == organisation_id,
            KEEPERS[side] == leaver,
            ContactRequest.state.in_(OPEN_STATES),
        )
        .values({KEEPERS[side]: to})
        .returning(ContactRequest.id)
        .execution_options(synchronize_session=False)
    ).all()
    if to is None or not ids:
        return
    open_now = select(ContactRequest).where(ContactRequest.id.in_(ids))
    for request in session.scalars(open_now.execution_options(populate_existing=True)):
        note(session, request, EventKind.HANDED_OVER, Actor(to, side))


def _call_off(session: Session, organisation_id: int, leaver: int) -> None:
    """Unread notices and waiting mails of requests that they no longer may see."""
    paths = notifications.unread_paths(session, leaver)
    named = {path.split("/")[2]: path for path in paths if path.startswith("/requests/")}
    still = select(Membership.organisation_id).where(Membership.account_id == leaver)
    gone = session.scalars(
        select(ContactRequest.public_id).where(
            ContactRequest.public_id.in_(named),
            _either(organisation_id),
            ContactRequest.need_organisation_id.not_in(still),
            ContactRequest.offer_organisation_id.not_in(still),
        )
    )
    notifications.call_off(session, leaver, {named[public_id] for public_id in gone})


def _either(organisation_id: int) -> ColumnElement[bool]:
    return (ContactRequest.need_organisation_id == organisation_id) | (
        ContactRequest.offer_organisation_id == organisation_id
    )


def register() -> None:
    on_leaving(hand_over)
