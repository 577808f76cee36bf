"""Who of a side looks after a request: whoever asked or answered, until it is handed over."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker import tasks
from matchmaker.contacts.models import OPEN_STATES, ContactRequest
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services.calling_off import call_off
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.errors import NotAllowed
from matchmaker.organisations.models import Membership, Organisation
from matchmaker.organisations.services.acting import acting_for, through
from matchmaker.organisations.services.leaving import on_leaving
from matchmaker.organisations.services.parting import on_parting
from matchmaker.suggestions.models import Side

KEEPERS: dict[Side, InstrumentedAttribute[int | None]] = {
    Side.NEED: ContactRequest.need_keeper_id,
    Side.OFFER: ContactRequest.offer_keeper_id,
}
_OF_SIDE: dict[Side, InstrumentedAttribute[int]] = {
    Side.NEED: ContactRequest.need_organisation_id,
    Side.OFFER: ContactRequest.offer_organisation_id,
}


def hold(session: Session, by: Actor, organisation_id: int) -> None:
    """Keep whoever asks or answers from leaving until it is written: what comes into their hands
    after it was handed over would stay with somebody who is gone. NotAllowed for who has left.

    Before any other row: whoever leaves holds the memberships first as well.
    """
    mine = select(Membership.id).where(Membership.account_id == by.account_id)
    session.scalars(mine.order_by(Membership.id).with_for_update(read=True)).all()
    theirs = select(Organisation.id).where(
        Organisation.id == organisation_id, Organisation.id.in_(acting_for(by.account_id or 0))
    )
    if session.scalar(theirs) is None:
        raise NotAllowed("no longer of the organisation")


def kept_by(by: Actor) -> dict[str, int | None]:
    """The column and value of whoever acts for a side."""
    return {KEEPERS[by.side].key: by.account_id}


def hand_over(session: Session, organisation_id: int, leaver: int, to: int | None) -> None:
    """All that is open in the hands of who leaves an organisation; and they are told no more.

    With it goes what they reached through it alone: the firms it introduced, the groups it leads.
    """
    lost = _lost(organisation_id, leaver)
    for side in Side:
        of = _OF_SIDE[side]
        _hand_over(session, side, (of == organisation_id) | of.in_(lost), leaver, to)
    call_off(session, lost, leaver)


def let_go(session: Session, organisation_id: int, leaver: int) -> None:
    """What somebody reached through an organisation that their introducer may act for no longer,
    or through the introducer itself: nobody's hands take it over, they are told no more."""
    lost = _lost(organisation_id, leaver)
    tasks.hand_over(session, leaver, None, tasks.Task.organisation_id.in_(lost))
    for side in Side:
        _hand_over(session, side, _OF_SIDE[side].in_(lost), leaver, None)
    call_off(session, lost, leaver)


def _lost(organisation_id: int, leaver: int) -> Select[int]:
    """What an organisation opened and nothing else opens to the leaver."""
    return select(Organisation.id).where(
        Organisation.id.in_(through(organisation_id)), Organisation.id.not_in(acting_for(leaver))
    )


def _hand_over(
    session: Session, side: Side, theirs: ColumnElement[bool], leaver: int, to: int | None
) -> None:
    ids = session.scalars(
        update(ContactRequest)
        .where(theirs, KEEPERS[side] == leaver, ContactRequest.state.in_(OPEN_STATES))
        .values({KEEPERS[side]: to})
        .returning(ContactRequest.id)
        .execution_options(synchronize_session=False)
    ).all()
    if to is None or not ids:
        return
    open_now = select(ContactRequest).where(ContactRequest.id.in_(ids))
    for request in session.scalars(open_now.execution_options(populate_existing=True)):
        note(session, request, EventKind.HANDED_OVER, Actor(to, side))


def register() -> None:
    on_leaving(hand_over)
    on_parting(let_go)
