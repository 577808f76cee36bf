"""A set as a request's page shows it, to the firm that asked and to each of those asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.contacts import words
from matchmaker.contacts.models import ContactRequest, ContactSetPart, RequestState
from matchmaker.contacts.services import asking_sets
from matchmaker.extensions import clock
from matchmaker.matching.stacks import Role
from matchmaker.organisations.models import Kind, Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.sets import next_for_part
from matchmaker.suggestions.words.cards import title_of
from matchmaker.suggestions.words.levers import Helper, helper_of
from matchmaker.suggestions.words.listing import joined
from matchmaker.suggestions.words.sets import role_words

#: A part that came to nothing, of whose place another may be asked.
_LOST = (RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class PartLine:
    role: str
    title: str
    lang: str
    party: str
    party_lang: str
    #: Only the firm that asked reads how the others stand.
    state: str = ""
    url: str = ""
    #: Who could take the place of a part that came to nothing.
    next: Helper | None = None


def starter(need: Need, offers: Sequence[Offer]) -> str:
    """The beginning of one message to all of them: each reads that it is one of a set."""
    named = [
        _("“%(offer)s” of %(party)s", offer=title_of(one), party=one.organisation.name)
        for one in offers
    ]
    return _(
        "We look for help with this: %(need)s. We ask for these together, because together they"
        " answer it: %(offers)s. May we talk?",
        need=need.title,
        offers=joined(named),
    )


def set_lines(session: Session, row: ContactRequest, viewer: Side) -> list[PartLine]:
    """The other parts of the request's set in the order to ask in; none of a single request."""
    if row.set_part is None:
        return []
    parts = asking_sets.parts_with(session, row.set_part.contact_set_id)
    others = [one for one in parts if one.contact_request_id != row.id]
    if viewer is Side.OFFER:
        return [_public(one) for one in others]
    mine = [one.request.offer_organisation_id for one in parts]
    return [_own(session, one, mine, clock.now()) for one in others]


def _public(part: ContactSetPart) -> PartLine:
    offer = part.request.offer
    return PartLine(
        role_words(cast(Role, part.role)),
        title_of(offer),
        offer.lang,
        offer.organisation.name,
        offer.organisation.name_lang,
    )


def _own(
    session: Session, part: ContactSetPart, organisations: Sequence[int], now: datetime
) -> PartLine:
    row, public = part.request, _public(part)
    return PartLine(
        public.role,
        public.title,
        public.lang,
        public.party,
        public.party_lang,
        state=words.state_word(row, now),
        url=url_for("contacts.request_page", public_id=row.public_id),
        next=_next(session, part, organisations, now),
    )


def _next(
    session: Session, part: ContactSetPart, organisations: Sequence[int], now: datetime
) -> Helper | None:
    row = part.request
    lost = row.state in _LOST or (row.state is RequestState.SENT and row.expires_at <= now)
    if not lost:
        return None
    role = cast(Role, part.role)
    offer = next_for_part(session, row.need, role, part.service, organisations)
    if offer is None:
        return None
    found = helper_of(offer)
    if offer.kind is not Kind.FINANCE:
        return found
    url = url_for("suggestions.match_page", need_id=row.need.public_id, offer_id=offer.public_id)
    return Helper(found.title, found.lang, found.party, found.party_lang, url)
