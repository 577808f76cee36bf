"""What this side hid, with the way to take it back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Hidden, Side
from matchmaker.suggestions.services.match import is_live
from matchmaker.suggestions.services.pairs import hidden_for
from matchmaker.suggestions.words.cards import pair_url, title_of
from matchmaker.vocabulary.reasons import NOT_FOR_ME_REASONS
from matchmaker.web.locale import locale_code


@dataclass(frozen=True, slots=True)
class HiddenView:
    title: str
    lang: str
    reason: str
    url: str
    show_url: str


def hidden_views(session: Session, row: Need | Offer) -> list[HiddenView]:
    hidden = hidden_for(session, [row])
    if isinstance(row, Need):
        offers = select(Offer).where(Offer.id.in_([one.offer_id for one in hidden]))
        found = {offer.id: offer for offer in session.scalars(offers)}
        return [
            _view(one, row, found[one.offer_id], Side.NEED)
            for one in hidden
            if is_live(found[one.offer_id])
        ]
    needs = select(Need).where(Need.id.in_([one.need_id for one in hidden]))
    known = {need.id: need for need in session.scalars(needs)}
    return [
        _view(one, known[one.need_id], row, Side.OFFER)
        for one in hidden
        if is_live(known[one.need_id])
    ]


def _view(one: Hidden, need: Need, offer: Offer, side: Side) -> HiddenView:
    other: Need | Offer = offer if side is Side.NEED else need
    reason = NOT_FOR_ME_REASONS.label(one.reason, locale_code()) if one.reason else ""
    return HiddenView(
        title=title_of(other),
        lang=other.lang,
        reason=reason,
        url=pair_url("suggestions.match_page", need, offer, side),
        show_url=pair_url("suggestions.show_again", need, offer, side),
    )
