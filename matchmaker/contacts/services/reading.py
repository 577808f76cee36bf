"""Reading requests: lists, history, and who was shown what."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from matchmaker.contacts.models import (
    AskState,
    ContactEvent,
    ContactRequest,
    ContactView,
    EvidenceAsk,
    Meeting,
    MeetingState,
    Release,
    RequestState,
)
from matchmaker.contacts.services import messages
from matchmaker.extensions import clock
from matchmaker.organisations.models import Organisation, OrganisationState
from matchmaker.suggestions.models import Side

Organisations = Collection[int] | CompoundSelect[int]
#: Of each side, as many as a badge tells: a large bank has thousands, and each page counts them.
MOST_COUNTED = 100


class Box(enum.StrEnum):
    RECEIVED = "received"
    SENT = "sent"


def requests(
    session: Session, organisation_ids: Collection[int], box: Box, limit: int, before: int | None
) -> list[ContactRequest]:
    """The newest first, with what a line of the list says, in one query."""
    older = [] if before is None else [ContactRequest.id < before]
    ids = _newest(organisation_ids, box, older, limit)
    query = (
        select(ContactRequest)
        .where(ContactRequest.id.in_(select(ids.c.id)))
        .options(
            joinedload(ContactRequest.need),
            joinedload(ContactRequest.offer),
            joinedload(ContactRequest.need_organisation),
            joinedload(ContactRequest.offer_organisation),
        )
        .order_by(ContactRequest.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def waiting_count(session: Session, organisation_ids: Organisations) -> int:
    """Requests that wait for an answer from these organisations: ids, or a query for them."""
    return session.scalar(_waiting(organisation_ids, clock.now())) or 0


def waiting_or_unread(
    account_id: BindParameter[int],
    organisation_ids: CompoundSelect[int],
    now: BindParameter[datetime],
) -> Select[int]:
    """A query: how many requests wait for an answer, and how many talks hold something unread."""
    unread = messages.unread_ids(account_id, organisation_ids).limit(MOST_COUNTED).subquery()
    counted = select(func.count()).select_from(unread).scalar_subquery()
    waiting = _waiting(organisation_ids, now).scalar_subquery()
    return select(waiting + counted)


def _waiting(organisation_ids: Organisations, now: datetime | BindParameter[datetime]) -> Any:
    return select(func.count()).select_from(_unanswered(organisation_ids, now))


def _unanswered(
    organisation_ids: Organisations, now: datetime | BindParameter[datetime]
) -> Subquery:
    """Ids, a part a side: with OR all that are open anywhere would be read."""
    # Wrapped, or SQLite goes by it: whatever is open anywhere expires later than now.
    last_day = func.coalesce(ContactRequest.expires_at, now)
    askers = ContactRequest.need_organisation_id, ContactRequest.offer_organisation_id
    parts = [
        select(ContactRequest.id)
        .where(side, ContactRequest.state == RequestState.SENT, last_day > now, may_speak(asker))
        .limit(MOST_COUNTED)
        .subquery()
        for side, asker in zip(_sides(organisation_ids, Box.RECEIVED), askers, strict=True)
    ]
    return _all(parts)


def may_speak(organisation_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether it is not suspended: nobody owes such a one an answer."""
    # Not as NOT EXISTS, for which PostgreSQL reads all organisations.
    state = select(Organisation.state).where(Organisation.id == organisation_id)
    return state.scalar_subquery() != OrganisationState.SUSPENDED


def _newest(
    organisation_ids: Collection[int], box: Box, older: Collection[Any], limit: int
) -> Subquery:
    """Ids of each side, each from an index of its own: with OR all are read."""
    parts = [
        select(ContactRequest.id)
        .where(side, *older)
        .order_by(ContactRequest.id.desc())
        .limit(limit)
        .subquery()
        for side in _sides(organisation_ids, box)
    ]
    return _all(parts)


def _all(parts: Collection[Subquery]) -> Subquery:
    return union_all(*(select(part.c.id) for part in parts)).subquery()


def waiting_by_organisation(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Of these organisations those that have requests to answer, with how many."""
    asked = ContactRequest.offer_organisation_id, ContactRequest.need_organisation_id
    askers = asked[1], asked[0]
    waits = (ContactRequest.state == RequestState.SENT, ContactRequest.expires_at > clock.now())
    parts = [
        select(mine.label("asked_id"), func.count().label("waiting"))
        .where(side, *waits, may_speak(asker))
        .group_by(mine)
        for side, mine, asker in zip(_sides(ids, Box.RECEIVED), asked, askers, strict=True)
    ]
    found: Counter[int] = Counter()
    for asked_id, waiting in session.execute(union_all(*parts)):
        found[asked_id] += waiting
    return dict(found)


def _sides(organisation_ids: Organisations, box: Box) -> tuple[ColumnElement[bool], ...]:
    by_need, by_offer = ContactRequest.asked_by == Side.NEED, ContactRequest.asked_by == Side.OFFER
    need = ContactRequest.need_organisation_id.in_(organisation_ids)
    offer = ContactRequest.offer_organisation_id.in_(organisation_ids)
    if box is Box.RECEIVED:
        return by_need & offer, by_offer & need
    return by_need & need, by_offer & offer


def waiting_in(
    session: Session, organisation_ids: Collection[int], request_ids: Collection[int]
) -> tuple[set[int], set[int]]:
    """Of these requests those in which dates to meet, and those in which papers or answers, wait
    for one of these organisations."""
    dates = (Meeting.state == MeetingState.OPEN, Meeting.last_at > clock.now())
    asks = (EvidenceAsk.state == AskState.OPEN,)
    parts = [
        select(row.contact_request_id, literal(row is Meeting)).where(
            row.contact_request_id.in_(request_ids),
            row.asked_organisation_id.in_(organisation_ids),
            *which,
        )
        for row, which in ((Meeting, dates), (EvidenceAsk, asks))
    ]
    found: tuple[set[int], set[int]] = (set(), set())
    for request_id, is_dates in session.execute(union_all(*parts)):
        found[0 if is_dates else 1].add(request_id)
    return found


def names_released(session: Session, request_ids: Collection[int]) -> set[int]:
    """Which of these requests released the need's organisation's name."""
    query = select(Release.contact_request_id).where(
        Release.contact_request_id.in_(request_ids),
        Release.field == "name",
        Release.revoked_at.is_(None),
    )
    return set(session.scalars(query))


def history(session: Session, request: ContactRequest) -> list[ContactEvent]:
    query = select(ContactEvent).where(ContactEvent.contact_request_id == request.id)
    return list(session.scalars(query.order_by(ContactEvent.id)))


def shared_by(
    session: Session, organisation_id: int, limit: int, before: int | None
) -> list[Release]:
    """What an organisation released, the newest first."""
    query = (
        select(Release)
        .where(Release.organisation_id == organisation_id, *_older(Release.id, before))
        .options(joinedload(Release.to_organisation))
        .order_by(Release.id.desc())
    )
    return list(session.scalars(query.limit(limit)))


def looks_at(
    session: Session, organisation_id: int, limit: int, before: int | None
) -> list[ContactView]:
    """Who looked at an organisation's released details: whose first look that day was last."""
    query = (
        select(ContactView)
        .where(ContactView.organisation_id == organisation_id, *_older(ContactView.id, before))
        .options(joinedload(ContactView.viewer_organisation))
        .order_by(ContactView.id.desc())
    )
    return list(session.scalars(query.limit(limit)))


def _older(
    row_id: InstrumentedAttribute[int], before: int | None
) -> tuple[ColumnElement[bool], ...]:
    return () if before is None else (row_id < before,)
