"""What of one's requests asks for a step now, in one query: to answer, to go on from, to say."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
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
    """The request to begin with; of those to answer, also how many there are."""

    due: Due
    request: ContactRequest
    count: int


def agenda(session: Session, acting: Acting) -> dict[Due, Step]:
    """One step of each kind for these organisations; `acting` is a query for their ids.

    Each side is a part of its own: an index on its organisation finds the few rows of either, and
    none on both.
    """
    parts = [part(acting, side) for part in (_to_answer, _ended, _unsaid) for side in Side]
    found = union_all(*(select(part) for part in parts)).subquery()
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
    steps: dict[Due, list[Step]] = {}
    for request, due, total in session.execute(query):
        steps.setdefault(Due(due), []).append(Step(Due(due), request, total))
    return {due: _first_of(due, both) for due, both in steps.items()}


def _first_of(due: Due, both: list[Step]) -> Step:
    """Of the steps of the two sides the one to begin with; their counts together."""
    first = min(both, key=lambda step: _urgency(due, step.request))
    return Step(due, first.request, sum(step.count for step in both))


def _urgency(due: Due, request: ContactRequest) -> Any:
    if due is Due.GO_ON:
        return -request.id
    return (request.expires_at if due is Due.ANSWER else request.answered_at, request.id)


def _mine(acting: Acting, side: Side, state: RequestState) -> ColumnElement[bool]:
    own = (
        ContactRequest.need_organisation_id
        if side is Side.NEED
        else ContactRequest.offer_organisation_id
    )
    return own.in_(acting) & (ContactRequest.state == state)


def _day(column: Any) -> Any:
    """As an expression: the rows of an organisation are few, those of a day in all are many."""
    return func.coalesce(column, ContactRequest.sent_at)


def _first(due: Due, query: Select[int, int], *order: Any) -> Subquery:
    return query.add_columns(literal(due.value).label("due")).order_by(*order).limit(1).subquery()


def _one() -> Select[int, int]:
    return select(ContactRequest.id, literal(1).label("total"))


def _to_answer(acting: Acting, side: Side) -> Subquery:
    """The one that runs out first, and how many there are."""
    query = select(ContactRequest.id, func.count().over().label("total")).where(
        _mine(acting, side, RequestState.SENT),
        ContactRequest.asked_by != side,
        _day(ContactRequest.expires_at) > clock.now(),
    )
    return _first(Due.ANSWER, query, _day(ContactRequest.expires_at), ContactRequest.id)


def _ended(acting: Acting, side: Side) -> Subquery:
    """The newest no or silence that nothing was asked after, for the same need or offer."""
    later = aliased(ContactRequest)
    # The organisation is named too: its index finds the few rows, need_id alone has none.
    same = (
        (later.need_organisation_id == ContactRequest.need_organisation_id)
        & (later.need_id == ContactRequest.need_id)
        if side is Side.NEED
        else later.offer_id == ContactRequest.offer_id
    )
    ended = func.coalesce(ContactRequest.answered_at, ContactRequest.closed_at)
    query = _one().where(
        or_(_mine(acting, side, RequestState.DECLINED), _mine(acting, side, RequestState.EXPIRED)),
        ContactRequest.asked_by == side,
        ended >= clock.now() - NEWS,
        ~exists().where(later.id > ContactRequest.id, same),
    )
    return _first(Due.GO_ON, query, ContactRequest.id.desc())


def _unsaid(acting: Acting, side: Side) -> Subquery:
    """The oldest yes of which this side has not said what came of it."""
    said = exists().where(Outcome.contact_request_id == ContactRequest.id, Outcome.side == side)
    query = _one().where(
        _mine(acting, side, RequestState.ACCEPTED),
        _day(ContactRequest.answered_at) <= clock.now() - ASK_AFTER,
        ~said,
    )
    return _first(Due.SAY, query, _day(ContactRequest.answered_at), ContactRequest.id)
