"""How many firms one reader may look through in a day: who pages through everything is stopped.

A firm's card shows no name before a yes, but a thousand cards are a picture of a province. People
read some dozens a day; what goes beyond that is a machine. The count is what the lists have shown
(``shown``) and pages that propose firms to ask with (``consortium_sight``), written down once each
answer has gone, so it can lag by the answers under way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    Select,
    SelectBase,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker import tasks
from matchmaker.errors import MatchmakerError
from matchmaker.extensions import clock
from matchmaker.organisations.models import ConsortiumSight, Offer
from matchmaker.organisations.services.acting import acting_for
from matchmaker.suggestions.models import Price, Shown, Side
from matchmaker.tasks import TaskKind

#: Needs of others that one reader's lists may show in a day; 25 whole pages.
NEEDS_A_DAY = 500
DAY_SECONDS = 86_400


class LookedEnoughError(MatchmakerError):
    """The lists of this reader have shown as many firms as a day allows."""


class NotPublishedError(MatchmakerError):
    """Nobody has looked at who wants to see firms yet, or it was suspended."""


def queue_for(session: Session, offer: Offer, reader_id: int | None, page: int) -> Sequence[int]:
    """Who waits for a turn in the list of an offer; LookedEnoughError if no page of it is left.

    The budget is over all offers of this organisation and of the reader's other ones, so that a
    second organisation opens no second budget. ``reader_id`` None: staff, whose looks are logged.
    NotPublishedError before a review: an account is made in a minute, and each has a budget.
    """
    given: dict[str, object] = {"offer": offer.id}
    if reader_id is None:
        return session.scalar(select(_queue()), given) or ()
    if not offer.organisation.is_published:
        raise NotPublishedError("firms are shown to published organisations")
    given |= {"organisation": offer.organisation_id, "reader": reader_id, "today": clock.today()}
    waiting, seen = session.execute(_queue_and_seen(), given).one()
    check(seen, page)
    return waiting or ()


@cache
def _queue_and_seen() -> Select[Sequence[int], int]:
    """One statement, for pages take a fixed number; made once, which takes longer than to ask."""
    whose = bindparam("organisation", type_=Integer), bindparam("reader", type_=Integer)
    today = bindparam("today", type_=Date)
    offers = select(Offer.id).where(_of_reader(Offer.organisation_id, *whose))
    listed = (
        select(func.count(Shown.need_id.distinct()))
        .where(Shown.offer_id.in_(offers), Shown.side == Side.OFFER, Shown.day == today)
        .scalar_subquery()
    )
    grouped = _together(_of_reader(ConsortiumSight.organisation_id, *whose), today)
    return select(_queue(), listed + grouped)


def _queue() -> ScalarSelect[Sequence[int]]:
    return select(Price.waiting).where(Price.offer_id == bindparam("offer")).scalar_subquery()


def ids_seen_today(session: Session, offer: Offer, reader_id: int) -> set[int]:
    """The needs that count against the day's budget, for who adds several at once."""
    whose, today = (offer.organisation_id, reader_id), clock.today()
    offers = select(Offer.id).where(_of_reader(Offer.organisation_id, *whose))
    listed = select(Shown.need_id).where(
        Shown.offer_id.in_(offers), Shown.side == Side.OFFER, Shown.day == today
    )
    grouped = select(ConsortiumSight.need_id).where(
        _of_reader(ConsortiumSight.organisation_id, *whose), ConsortiumSight.day == today
    )
    return set(session.scalars(listed.union(grouped)))


def _of_reader(
    column: InstrumentedAttribute[int],
    organisation_id: int | BindParameter[int],
    reader_id: int | BindParameter[int],
) -> ColumnElement[bool]:
    # Of all that the reader acts for: an adviser of twenty funders has one budget too.
    return or_(column == organisation_id, column.in_(acting_for(reader_id)))


def _together(
    organisations: ColumnElement[bool], today: date | BindParameter[date]
) -> ScalarSelect[int]:
    """Cards of other firms that the pages of groups have shown for these organisations."""
    return (
        select(func.count(ConsortiumSight.need_id.distinct()))
        .where(organisations, ConsortiumSight.day == today)
        .scalar_subquery()
    )


def seen_with_partners(organisation_id: int, acting: SelectBase) -> ColumnElement[int]:
    """What counts against the day of who looks for firms to ask with, to be asked beside them.

    Over the ids of all that the reader acts for, of which the firm is one: an adviser has one
    budget too.
    """
    offers = select(Offer.id).where(Offer.organisation_id.in_(acting))
    listed = (
        select(func.count(Shown.need_id.distinct()))
        .where(Shown.offer_id.in_(offers), Shown.side == Side.OFFER, Shown.day == clock.today())
        .scalar_subquery()
    )
    own = ConsortiumSight.organisation_id == organisation_id
    return listed + _together(own | ConsortiumSight.organisation_id.in_(acting), clock.today())


def check(seen: int, more: int) -> None:
    """LookedEnoughError where so many more are too many for a day."""
    if seen + more > NEEDS_A_DAY:
        raise LookedEnoughError("as many firms as a day allows")


def count_together(session: Session, organisation_id: int, need_ids: Iterable[int]) -> None:
    """These cards were shown to this firm today, each once however often."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    today = clock.today()
    rows = [
        {"organisation_id": organisation_id, "day": today, "need_id": need_id}
        for need_id in sorted(need_ids)
    ]
    if rows:
        session.execute(dialect.insert(ConsortiumSight).on_conflict_do_nothing(), rows)


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
