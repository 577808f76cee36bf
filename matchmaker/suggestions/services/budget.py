"""How many firms one reader may look through in a day: who pages through everything is stopped.

A firm's card shows no name before a yes, but a thousand cards are a picture of a province. People
read some dozens a day; what goes beyond that is a machine. The count is what the lists have shown
(``shown``), written down once each answer has gone, so it can lag by the answers under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from matchmaker import tasks
from matchmaker.errors import MatchmakerError
from matchmaker.extensions import clock
from matchmaker.organisations.models import Membership, Offer
from matchmaker.suggestions.models import Price, Shown, Side
from matchmaker.tasks import TaskKind

#: Needs of others that one reader's lists may show in a day; 25 whole pages.
NEEDS_A_DAY = 500
DAY_SECONDS = 86_400


class LookedEnoughError(MatchmakerError):
    """The lists of this reader have shown as many firms as a day allows."""


def queue_for(session: Session, offer: Offer, reader_id: int | None, page: int) -> Sequence[int]:
    """Who waits for a turn in the list of an offer; LookedEnoughError if no page of it is left.

    The budget is over all offers of this organisation and of the reader's other ones, so that a
    second organisation opens no second budget. ``reader_id`` None: staff, whose looks are logged.
    """
    queue = select(Price.waiting).where(Price.offer_id == offer.id).scalar_subquery()
    if reader_id is None:
        return session.scalar(select(queue)) or ()
    # One statement: pages of matches take a fixed number of them.
    waiting, seen = session.execute(select(queue, _seen_today(offer, reader_id))).one()
    if seen + page > NEEDS_A_DAY:
        raise LookedEnoughError("as many firms as a day allows")
    return waiting or ()


def ids_seen_today(session: Session, offer: Offer, reader_id: int) -> set[int]:
    """The needs that count against the day's budget, for who adds several at once."""
    seen = select(Shown.need_id).distinct().where(*_of_today(offer, reader_id))
    return set(session.scalars(seen))


def _seen_today(offer: Offer, reader_id: int) -> ScalarSelect[int]:
    return (
        select(func.count(Shown.need_id.distinct()))
        .where(*_of_today(offer, reader_id))
        .scalar_subquery()
    )


def _of_today(offer: Offer, reader_id: int) -> tuple[ColumnElement[bool], ...]:
    own = select(Membership.organisation_id).where(Membership.account_id == reader_id)
    offers = select(Offer.id).where(
        or_(Offer.organisation_id == offer.organisation_id, Offer.organisation_id.in_(own))
    )
    return Shown.offer_id.in_(offers), Shown.side == Side.OFFER, Shown.day == clock.today()


def seconds_left_today() -> int:
    """Until the count begins anew, which days do in UTC."""
    now = clock.now().astimezone(UTC)
    return DAY_SECONDS - (now.hour * 60 + now.minute) * 60 - now.second


def tell_staff(session: Session, organisation_id: int, province: str) -> None:
    """Ask staff to look at who reads so much; once, however often it happens."""
    tasks.open(
        session,
        TaskKind.MANY_SEEN,
        "organisation",
        organisation_id,
        province=province,
        organisation_id=organisation_id,
    )
