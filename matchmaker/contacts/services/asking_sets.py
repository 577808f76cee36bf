"""Asking for a set: every part or none, in one transaction; and how the parts of one stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import Account
from matchmaker.contacts.errors import AskedAboutAnotherError, CannotAskError
from matchmaker.contacts.models import ContactRequest, ContactSet, ContactSetPart
from matchmaker.contacts.services.asking import Ask, Sent, hold_asker, send
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held
from matchmaker.matching.stacks import Role
from matchmaker.organisations.models import Need, Offer, Organisation


class PartError(CannotAskError):
    """One part of a set cannot be asked, so none was; ``reason`` is its own error."""

    def __init__(self, offer_id: int, reason: CannotAskError) -> None:
        super().__init__("part of a set")
        self.offer_id, self.reason = offer_id, reason


@dataclass(frozen=True, slots=True)
class PartAsk:
    ask: Ask
    role: Role
    service: str = ""


@dataclass(frozen=True, slots=True)
class SetAsk:
    #: In the order to ask in.
    parts: Sequence[PartAsk]
    need_id: int
    score: float
    coverage: int
    model_version: int


def send_set(session: Session, asked: SetAsk) -> list[Sent]:
    """Send a request for each part, or give the one that is open; PartError names what stops it.

    Whoever catches the error rolls back: a part that was written before it goes too.
    """
    _lock(session, asked)
    sent = [_send(session, part.ask) for part in asked.parts]
    if not any(one.new for one in sent):
        return sent
    made = ContactSet(
        need_id=asked.need_id,
        score=asked.score,
        coverage=asked.coverage,
        model_version=asked.model_version,
        asked_at=clock.now(),
    )
    session.add(made)
    session.flush()
    ids = [one.request.id for one in sent]
    session.execute(delete(ContactSetPart).where(ContactSetPart.contact_request_id.in_(ids)))
    session.add_all(
        ContactSetPart(
            contact_request_id=id_,
            contact_set_id=made.id,
            role=part.role,
            place=place,
            service=part.service,
        )
        for place, (id_, part) in enumerate(zip(ids, asked.parts, strict=True), start=1)
    )
    session.flush()
    return sent


def _send(session: Session, ask: Ask) -> Sent:
    try:
        sent = send(session, ask)
        if sent.request.offer_id != ask.offer_id:
            raise AskedAboutAnotherError(sent.request.public_id, sent.request.offer.title)
    except CannotAskError as reason:
        raise PartError(ask.offer_id, reason) from reason
    return sent


def _lock(session: Session, asked: SetAsk) -> None:
    """All that the parts will lock, in the order in which one request does: two sets cannot cross.

    SQLite holds the one write lock already.
    """
    ids = sorted(part.ask.offer_id for part in asked.parts)
    query = select(Offer.organisation_id).where(Offer.id.in_(ids))
    need = select(Need.organisation_id).where(Need.id == asked.need_id)
    organisations = {*session.scalars(query), *session.scalars(need)}
    first = asked.parts[0].ask
    try:
        hold_asker(session, first)
    except CannotAskError as reason:
        raise PartError(first.offer_id, reason) from reason
    held(session, Account, first.by.account_id)
    held(session, Need, asked.need_id)
    for organisation_id in sorted(organisations):
        held(session, Organisation, organisation_id)
    for offer_id in ids:
        held(session, Offer, offer_id)


def parts_with(session: Session, set_id: int) -> list[ContactSetPart]:
    """The parts of a set in the order to ask in.

    In one query, with their requests, offers and organisations.
    """
    request = joinedload(ContactSetPart.request)
    query = (
        select(ContactSetPart)
        .where(ContactSetPart.contact_set_id == set_id)
        .order_by(ContactSetPart.place)
        .options(
            request.joinedload(ContactRequest.offer),
            request.joinedload(ContactRequest.offer_organisation),
        )
    )
    return list(session.scalars(query))
