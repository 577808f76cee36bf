"""What the reader looks for and gives, with how many fit each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.organisations.access import my_organisations
from matchmaker.organisations.models import (
    Need,
    Offer,
    Organisation,
    PublicationState,
)
from matchmaker.suggestions.services.ranking import counts_for

#: An organisation with more than these sees the newest.
MOST = 30
_CLOSED = (PublicationState.CLOSED,)


@dataclass(frozen=True, slots=True)
class Mine:
    row: Need | Offer
    #: None while it is not published: nothing is compared yet.
    fit: int | None


def mine(session: Session, rows: Sequence[Need | Offer]) -> list[Mine]:
    published = [row for row in rows if row.state is PublicationState.PUBLISHED]
    counts = dict(zip(published, counts_for(session, published), strict=True))
    return [Mine(row, counts.get(row)) for row in rows]


def my_rows(session: Session) -> list[Need | Offer]:
    """The reader's needs and offers that are not closed, the newest first."""
    ids = [organisation.id for organisation in my_organisations()]
    if not ids:
        return []
    needs = select(Need).where(Need.organisation_id.in_(ids), Need.state.not_in(_CLOSED))
    needs = needs.options(joinedload(Need.organisation).selectinload(Organisation.facts))
    offers = select(Offer).where(Offer.organisation_id.in_(ids), Offer.state.not_in(_CLOSED))
    offers = offers.options(joinedload(Offer.organisation), selectinload(Offer.criteria))
    return [
        *session.scalars(needs.order_by(Need.id.desc()).limit(MOST)),
        *session.scalars(offers.order_by(Offer.id.desc()).limit(MOST)),
    ]
