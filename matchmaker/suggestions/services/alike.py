"""Offers that fit a need and are of the same sort: what an offer is compared with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session, contains_eager

from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.resident import loading
from matchmaker.suggestions.services.ranking import rankings_for

#: So far down a need's list others count as an alternative.
AMONG = 60


def offers_alike(session: Session, need: Need, codes: Collection[str], but: int) -> Sequence[Offer]:
    """Those of the need's list whose rules it meets, of these codes, in the order of the list.

    Offers of the organisation `but` are left out.
    """
    _here, [ranking] = rankings_for(session, [need], AMONG)
    places = {offer_id: place for place, (_score, offer_id) in enumerate(ranking.best)}
    query = (
        loading.live_offers()
        .options(contains_eager(Offer.organisation))
        .where(Offer.id.in_(places), Offer.code.in_(codes), Offer.organisation_id != but)
    )
    return sorted(session.scalars(query), key=lambda offer: places[offer.id])
