"""How many requests an offer can handle a month, counted where two cannot take the last place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, update
from sqlalchemy.orm import Session

from matchmaker import audit
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
    same, places = Offer.used_month == month, _places_in(month)
    done = session.scalar(
        update(Offer)
        .where(
            Offer.id == offer_id,
            or_(and_(same, Offer.used < places), and_(~same, places > 0)),
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


def places_of(offer: Offer, at: datetime) -> int:
    """Places in the month of a day: those said for this month alone, else those of every month."""
    own = offer.month_places if offer.places_month == month_of(at) else None
    return offer.places if own is None else own


def is_limited(offer: Offer, at: datetime) -> bool:
    """Whether this month has places of its own."""
    return offer.places_month == month_of(at) and offer.month_places is not None


def places_left(offer: Offer, at: datetime) -> int:
    used = offer.used if offer.used_month == month_of(at) else 0
    return max(places_of(offer, at) - used, 0)


def leave_places(session: Session, offer: Offer, by: int | None, left: int, at: datetime) -> None:
    """So many places more in this month, whatever was taken of it; 0: no more this month.

    Next month the places are again those of every month. Who leaves places takes requests again.
    """
    month = month_of(at)
    taken = case((Offer.used_month == month, Offer.used), else_=0)
    code = "places" if left else "none_this_month"
    again = {"deploying": True} if left > 0 else {}
    _set(session, offer, by, code, month_places=taken + max(left, 0), places_month=month, **again)


def take_again(session: Session, offer: Offer, by: int | None) -> None:
    """As it was before: every month's places, and requests are taken."""
    _set(session, offer, by, "again", month_places=None, places_month="", deploying=True)


def stop(session: Session, offer: Offer, by: int | None) -> None:
    """ "Not deploying now": shown in the catalogue, suggested to nobody."""
    _set(session, offer, by, "not_now", deploying=False)


def _places_in(month: str) -> ColumnElement[int]:
    only = and_(Offer.places_month == month, Offer.month_places.is_not(None))
    return case((only, Offer.month_places), else_=Offer.places)


def _set(session: Session, offer: Offer, by: int | None, code: str, **values: Any) -> None:
    """No edit of what the offer says: its version stays, so that an open form still saves."""
    session.execute(
        update(Offer)
        .where(Offer.id == offer.id)
        .values(updated_at=Offer.updated_at, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(offer)
    audit.record(
        session,
        "offer.capacity",
        account_id=by,
        subject="offer",
        subject_id=offer.id,
        organisation_id=offer.organisation_id,
        code=code,
    )
    changes.note(session, ChangeKind.OFFER, offer.id)
