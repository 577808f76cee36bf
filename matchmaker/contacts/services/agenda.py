"""What of one's requests asks for a step now, in one query: to answer, to go on from, to say."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    Subquery,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from matchmaker.contacts.models import ContactRequest, Outcome, RequestState
from matchmaker.contacts.services.reading import Box, in_box
from matchmaker.extensions import clock
from matchmaker.suggestions.models import Side

Acting = CompoundSelect[int]

#: A no is news for so long; a yes is given so long before we ask what came of it.
NEWS = timedelta(days=14)
ASK_AFTER = timedelta(days=14)


class Due(enum.StrEnum):
    ANSWER = "answer"
    GO_ON = "go_on"
    SAY = "say"


@dataclass(frozen=True, slots=True)
class Step:
    """The request to begin with, and how many there are of its kind."""

    due: Due
    request: ContactRequest
    count: int


def agenda(session: Session, acting: Acting) -> dict[Due, Step]:
    """One step of each kind for these organisations; `acting` is a query for their ids."""
    parts = {Due.ANSWER: _to_answer(acting), Due.GO_ON: _ended(acting), Due.SAY: _unsaid(acting)}
    found = union_all(*(select(part) for part in parts.values())).subquery()
    query = (
        select(ContactRequest, found.c.due, found.c.total)
        .join(found, found.c.id == ContactRequest.id)
        .options(
            joinedload(ContactRequest.need),
            joinedload(ContactRequest.offer),
            joinedload(ContactRequest.need_organisation),
            joinedload(ContactRequest.offer_organisation),
        )
    )
    rows = session.execute(query)
    return {Due(due): Step(Due(due), request, total) for request, due, total in rows}


def _first(due: Due, query: Select[int, int], *order: Any) -> Subquery:
    return query.add_columns(literal(due.value).label("due")).order_by(*order).limit(1).subquery()


def _counted() -> Select[int, int]:
    return select(ContactRequest.id, func.count().over().label("total"))


def _to_answer(acting: Acting) -> Subquery:
    """The one that runs out first."""
    query = _counted().where(
        in_box(acting, Box.RECEIVED),
        ContactRequest.state == RequestState.SENT,
        ContactRequest.expires_at > clock.now(),
    )
    return _first(Due.ANSWER, query, ContactRequest.expires_at, ContactRequest.id)


def _ended(acting: Acting) -> Subquery:
    """The newest no or silence that nothing was asked after, for the same need or offer."""
    later = aliased(ContactRequest)
    same = or_(
        (ContactRequest.asked_by == Side.NEED) & (later.need_id == ContactRequest.need_id),
        (ContactRequest.asked_by == Side.OFFER) & (later.offer_id == ContactRequest.offer_id),
    )
    went_on = exists().where(later.id > ContactRequest.id, same)
    ended = func.coalesce(ContactRequest.answered_at, ContactRequest.closed_at)
    query = _counted().where(
        in_box(acting, Box.SENT),
        ContactRequest.state.in_((RequestState.DECLINED, RequestState.EXPIRED)),
        ended >= clock.now() - NEWS,
        ~went_on,
    )
    return _first(Due.GO_ON, query, ContactRequest.id.desc())


def _unsaid(acting: Acting) -> Subquery:
    """The oldest yes of which this side has not said what came of it."""
    query = _counted().where(
        or_(
            ContactRequest.need_organisation_id.in_(acting) & ~_said(Side.NEED),
            ContactRequest.offer_organisation_id.in_(acting) & ~_said(Side.OFFER),
        ),
        ContactRequest.state == RequestState.ACCEPTED,
        ContactRequest.answered_at <= clock.now() - ASK_AFTER,
    )
    return _first(Due.SAY, query, ContactRequest.answered_at, ContactRequest.id)


def _said(side: Side) -> Any:
    return exists().where(Outcome.contact_request_id == ContactRequest.id, Outcome.side == side)
