"""How many requests an offer can handle a month, counted where two cannot take the last place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, case, or_, update
from sqlalchemy.orm import Session

from matchmaker.extensions import changes
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Offer
from matchmaker.organisations.services.errors import NoPlaceLeftError


def month_of(at: datetime) -> str:
    return f"{at:%Y-%m}"


def take_place(session: Session, offer_id: int, at: datetime) -> None:
    """Take one of this month's places; raises NoPlaceLeftError.

    The first one of a month begins the count again.
    """
    month = month_of(at)
    same = Offer.used_month == month
    done = session.scalar(
        update(Offer)
        .where(
            Offer.id == offer_id,
            or_(and_(same, Offer.used < Offer.places), and_(~same, Offer.places > 0)),
        )
        .values(
            used=case((same, Offer.used + 1), else_=1),
            used_month=month,
            updated_at=Offer.updated_at,
        )
        .returning(Offer.id)
        .execution_options(synchronize_session="fetch")
    )
    if done is None:
        raise NoPlaceLeftError
    changes.note(session, ChangeKind.OFFER, offer_id)


def give_back(session: Session, offer_id: int, taken_at: datetime) -> None:
    """A request that was withdrawn unread frees its place, if it was of the month now counted."""
    session.execute(
        update(Offer)
        .where(Offer.id == offer_id, Offer.used > 0, Offer.used_month == month_of(taken_at))
        .values(used=Offer.used - 1, updated_at=Offer.updated_at)
        .execution_options(synchronize_session="fetch")
    )
    changes.note(session, ChangeKind.OFFER, offer_id)


def places_left(offer: Offer, at: datetime) -> int:
    used = offer.used if offer.used_month == month_of(at) else 0
    return max(offer.places - used, 0)
