"""Who may look at a pair: those who act for its need, or for its offer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from matchmaker.accounts.access import has_role
from matchmaker.accounts.models import StaffRole
from matchmaker.extensions import db
from matchmaker.organisations.access import (
    ACTING,
    Relation,
    relation_here,
    relation_to,
    viewer,
    with_organisation,
)
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.match import is_live


@dataclass(frozen=True, slots=True)
class Pair:
    need: Need
    offer: Offer
    #: The side this reader stands on.
    side: Side
    #: Staff in scope look, but neither ask nor answer in somebody's name.
    speaks: bool

    @property
    def mine(self) -> Need | Offer:
        return self.need if self.side is Side.NEED else self.offer

    @property
    def other(self) -> Need | Offer:
        return self.offer if self.side is Side.NEED else self.need


#: Who says in an organisation's own name what it likes: staff do not.
SPEAKING = ACTING - {Relation.STAFF}


def speaks_for(row: Need | Offer) -> bool:
    """Of somebody who may see the row's own pages; only staff may see them and not speak."""
    account = viewer()
    if account is None or not has_role(account, StaffRole.OFFICER):
        return account is not None
    return relation_to(db.session(), account, row.organisation) in SPEAKING


def own_pair(need_id: str, offer_id: str, allowed: frozenset[Relation] = ACTING) -> Pair:
    """The pair, for somebody who acts for one side and may see the other; else 404."""
    session = db.session()
    need = session.scalar(with_organisation(Need, need_id))
    offer = session.scalar(with_organisation(Offer, offer_id))
    if need is None or offer is None or need.kind is not offer.kind:
        abort(404)
    wanted = Side.OFFER if request.values.get("side") == Side.OFFER else Side.NEED
    for side in (wanted, _other(wanted)):
        mine, theirs = (need, offer) if side is Side.NEED else (offer, need)
        relation = relation_here(mine.organisation)
        acts = relation in allowed
        # Offers are open to everybody; firms to who was looked at, and to staff.
        may_see = side is Side.NEED or relation is Relation.STAFF or mine.organisation.is_published
        apart = mine.organisation_id != theirs.organisation_id
        if acts and may_see and is_live(theirs) and apart:
            return Pair(need, offer, side, speaks=relation in SPEAKING)
    return abort(404)


def _other(side: Side) -> Side:
    return Side.OFFER if side is Side.NEED else Side.NEED
