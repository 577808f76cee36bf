"""Which needs, offers and requests the account of this request may act on; 404 for all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import abort
from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.access import current_account
from matchmaker.accounts.models import Account
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import Actor, reading
from matchmaker.extensions import db
from matchmaker.organisations.access import my_organisations
from matchmaker.organisations.models import (
    Membership,
    Need,
    Offer,
    Organisation,
    PublicationState,
)
from matchmaker.organisations.services.acting import acting_for
from matchmaker.suggestions.models import Side

Row = TypeVar("Row", Need, Offer)

#: Rooms above put in what else is read of a request, in the same statement: its page has none left.
beside: list[ColumnElement[Any]] = []


@dataclass(frozen=True, slots=True)
class Pair:
    need: Need
    offer: Offer
    #: The side this account acts for.
    actor: Actor


@dataclass(frozen=True, slots=True)
class OwnRequest:
    request: ContactRequest
    #: The side whose view is shown.
    actor: Actor
    #: An adviser may act for both.
    sides: frozenset[Side]
    #: Of the offering organisation itself, not only acting for it.
    of_offering_team: bool = False
    #: The values of `beside`, in its order.
    beside: tuple[Any, ...] = ()
    #: Whose it is, where that is not the reader's one own organisation.
    for_whom: Organisation | None = None

    def as_side(self, side: Side) -> Actor:
        """Act for this side, or 404: to the other side that door does not exist."""
        if side not in self.sides:
            abort(404)
        return Actor(self.actor.account_id, side)


def acting_ids(session: Session, account: Account) -> frozenset[int]:
    """Organisations it belongs to, those its published introducers act for, groups they lead."""
    return frozenset(session.scalars(acting_for(account.id)))


def waiting_for(account_id: BindParameter[int]) -> Select[int]:
    """A query for the number in the bar: requests to answer and talks with something unread. It
    takes `now` too."""
    now = bindparam("now", type_=ContactRequest.expires_at.type)
    return reading.waiting_or_unread(account_id, acting_for(account_id), now)


def pair(need_public_id: str, offer_public_id: str, *, whole: bool = False) -> Pair:
    """A need and an offer, for those who act for one of them and may see the other.

    ``whole``: with the facts of both organisations, in the same queries.
    """
    account = current_account()
    need = _with_organisation(Need, need_public_id, whole)
    offer = _with_organisation(Offer, offer_public_id, whole)
    if need is None or offer is None:
        abort(404)
    mine = acting_ids(db.session(), account)
    if need.organisation_id in mine and _may_be_seen(offer):
        return Pair(need, offer, Actor(account.id, Side.NEED))
    # Firms are shown to who was looked at.
    sees_firms = offer.organisation_id in mine and offer.organisation.is_published
    if not sees_firms or not _may_be_seen(need):
        abort(404)
    return Pair(need, offer, Actor(account.id, Side.OFFER))


def _with_organisation(model: type[Row], public_id: str, whole: bool) -> Row | None:
    organisation = joinedload(model.organisation)
    if whole:
        organisation = organisation.joinedload(Organisation.facts)
    query = select(model).where(model.public_id == public_id).options(organisation)
    return db.session.scalars(query).unique().one_or_none()


def own_request(public_id: str) -> OwnRequest:
    """The request, for those who act for one of its two sides."""
    account = current_account()
    of_offering = exists().where(
        Membership.account_id == account.id,
        Membership.organisation_id == ContactRequest.offer_organisation_id,
    )
    found = db.session.execute(
        select(ContactRequest, of_offering, *beside)
        .where(ContactRequest.public_id == public_id)
        .options(
            joinedload(ContactRequest.need),
            joinedload(ContactRequest.offer),
            joinedload(ContactRequest.need_organisation),
            joinedload(ContactRequest.offer_organisation),
            joinedload(ContactRequest.meeting),
            joinedload(ContactRequest.set_part),
            joinedload(ContactRequest.need_keeper),
            joinedload(ContactRequest.offer_keeper),
        )
    ).first()
    if found is None:
        abort(404)
    request, offering, *more = found
    mine = acting_ids(db.session(), account)
    sides = frozenset(side for side in Side if request.organisation_id(side) in mine)
    if not sides:
        abort(404)
    side = request.asked if request.asked in sides else request.asked_by
    whom = for_whom(request.organisation(side), my_organisations()) if len(mine) > 1 else None
    return OwnRequest(request, Actor(account.id, side), sides, offering, tuple(more), whom)


def for_whom(organisation: Organisation, own: Sequence[Organisation]) -> Organisation | None:
    """Told to an adviser, to who speaks for a group, and to who has several."""
    return None if [one.id for one in own] == [organisation.id] else organisation


def _may_be_seen(row: Need | Offer) -> bool:
    return row.organisation.is_published and row.state is not PublicationState.DRAFT
