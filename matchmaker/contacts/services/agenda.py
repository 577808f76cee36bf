"""What of one's requests asks for a step now, in one query: an answer, a yes to a date, a word."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    CompoundSelect,
    Integer,
    Select,
    Subquery,
    bindparam,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from matchmaker.contacts.models import (
    AskState,
    ContactRequest,
    EvidenceAsk,
    Meeting,
    MeetingState,
    Outcome,
    RequestState,
)
from matchmaker.contacts.services.reading import MOST_COUNTED, may_speak
from matchmaker.extensions import clock
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services.acting import acting_for
from matchmaker.suggestions.models import Side

Request = type[ContactRequest]
#: What of an organisation's requests in a state counts, and in what order.
Part = Callable[[Request, Select[int]], Select[int]]

_OTHER = {Side.NEED: Side.OFFER, Side.OFFER: Side.NEED}
#: A no is news for so long; a yes is given so long before we ask what came of it.
NEWS = timedelta(days=14)
ASK_AFTER = timedelta(days=14)


class Due(enum.StrEnum):
    ANSWER = "answer"
    #: Dates that the other side proposes.
    MEET = "meet"
    #: A paper or an answer that the other side asks for.
    TELL = "tell"
    GO_ON = "go_on"
    SAY = "say"


@dataclass(frozen=True, slots=True)
class Step:
    """The request to begin with; of those to answer, also how many there are."""

    due: Due
    request: ContactRequest
    count: int


def agenda(session: Session, account_id: int) -> dict[Due, Step]:
    """One step of each kind for the organisations that a person acts for, in one query."""
    now = clock.now()
    given = {"acting": account_id, "now": now, "news": now - NEWS, "asked": now - ASK_AFTER}
    steps: dict[Due, list[Step]] = {}
    for request, due, total in session.execute(_query(), given).unique():
        steps.setdefault(Due(due), []).append(Step(Due(due), request, total))
    return {due: _first_of(due, both) for due, both in steps.items()}


@cache
def _query() -> Select[ContactRequest, str, int]:
    """Made once: putting it together takes longer than its answer.

    Each organisation, side and state is asked for its first request alone, which an index names: a
    bank has hundreds of thousands.
    """
    mine = acting_for(bindparam("acting", type_=Integer)).cte()
    parts = [part(mine, side) for part in (_to_answer, _ended, _unsaid) for side in Side]
    waits = [_to_meet(mine), _to_tell(mine)]
    found = union_all(*(select(part) for part in [*parts, *waits])).subquery()
    return (
        select(ContactRequest, found.c.due, found.c.total)
        .join(found, found.c.id == ContactRequest.id)
        .options(
            joinedload(ContactRequest.need),
            joinedload(ContactRequest.offer),
            # With its facts: what came to nothing is ranked again, for the next best.
            joinedload(ContactRequest.need_organisation).joinedload(Organisation.facts),
            joinedload(ContactRequest.offer_organisation),
        )
    )


def _at(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=ContactRequest.sent_at.type)


def _first_of(due: Due, both: list[Step]) -> Step:
    """Of the steps of the two sides the one to begin with; their counts together."""
    first = min(both, key=lambda step: _urgency(due, step.request))
    return Step(due, first.request, sum(step.count for step in both))


def _urgency(due: Due, request: ContactRequest) -> Any:
    if due is Due.GO_ON:
        return -request.id
    return (request.expires_at if due is Due.ANSWER else request.answered_at, request.id)


def _own(one: Request, side: Side) -> Any:
    return one.need_organisation_id if side is Side.NEED else one.offer_organisation_id


def _firsts(mine: CTE, side: Side, state: RequestState, part: Part) -> Select[int]:
    """The first request in a state of each organisation, by the order of the part."""
    one = aliased(ContactRequest)
    own = select(one.id).where(_own(one, side) == mine.c.organisation_id, one.state == state)
    return select(part(one, own).limit(1).correlate(mine).scalar_subquery()).select_from(mine)


def _first(
    due: Due, firsts: CompoundSelect[int] | Select[int], total: Any, *order: Any
) -> Subquery:
    """Of the first of each organisation the one to begin with."""
    query = select(ContactRequest.id, total.label("total"), literal(due.value).label("due"))
    return query.where(ContactRequest.id.in_(firsts)).order_by(*order).limit(1).subquery()


def _to_answer(mine: CTE, side: Side) -> Subquery:
    """The one that runs out first, and how many there are, counted as in the bar of every page."""

    def waiting(one: Request, query: Select[int]) -> Select[int]:
        asker = _own(one, _OTHER[side])
        return query.where(
            one.asked_by == _OTHER[side], one.expires_at > _at("now"), may_speak(asker)
        )

    def by_day(one: Request, query: Select[int]) -> Select[int]:
        return waiting(one, query).order_by(one.expires_at, one.id)

    one = aliased(ContactRequest)
    theirs = _own(one, side).in_(select(mine.c.organisation_id))
    counted = waiting(one, select(one.id).where(theirs, one.state == RequestState.SENT))
    total = select(func.count()).select_from(counted.limit(MOST_COUNTED).subquery())
    return _first(
        Due.ANSWER,
        _firsts(mine, side, RequestState.SENT, by_day),
        total.scalar_subquery(),
        ContactRequest.expires_at,
        ContactRequest.id,
    )


def _to_meet(mine: CTE) -> Subquery:
    """Proposed dates of which one still lies ahead: of each organisation those that end first."""
    ahead = (Meeting.state == MeetingState.OPEN, Meeting.last_at > _at("now"))
    return _waiting(mine, Due.MEET, Meeting, ahead, Meeting.last_at)


def _to_tell(mine: CTE) -> Subquery:
    """What was asked for last: asks of talks that ended stay open and lie behind it."""
    is_open = (EvidenceAsk.state == AskState.OPEN,)
    return _waiting(mine, Due.TELL, EvidenceAsk, is_open, EvidenceAsk.id.desc())


def _waiting(
    mine: CTE, due: Due, row: type[EvidenceAsk | Meeting], which: tuple[Any, ...], order: Any
) -> Subquery:
    """The request whose talk goes on and in which this waits for one of these organisations."""
    talk = aliased(ContactRequest)
    first = (
        select(row.contact_request_id)
        .join(talk, talk.id == row.contact_request_id)
        .where(row.asked_organisation_id == mine.c.organisation_id, *which)
        .where(talk.state == RequestState.ACCEPTED, talk.blocked_by.is_(None))
        .where(*(may_speak(_own(talk, side)) for side in Side))
        .order_by(order)
        .limit(1)
        .correlate(mine)
        .scalar_subquery()
    )
    return _first(due, select(first).select_from(mine), literal(1), ContactRequest.id.desc())


def _ended(mine: CTE, side: Side) -> Subquery:
    """The newest no or silence that nothing was asked after, for the same need or offer."""

    def newest(one: Request, query: Select[int]) -> Select[int]:
        later = aliased(ContactRequest)
        # The organisation is named too: its index finds the few rows, need_id alone has none.
        same = (
            (later.need_organisation_id == one.need_organisation_id)
            & (later.need_id == one.need_id)
            if side is Side.NEED
            else later.offer_id == one.offer_id
        )
        return query.where(
            one.asked_by == side,
            func.coalesce(one.answered_at, one.closed_at) >= _at("news"),
            ~exists().where(later.id > one.id, same),
        ).order_by(one.id.desc())

    firsts = union_all(
        *(
            _firsts(mine, side, state, newest)
            for state in (RequestState.DECLINED, RequestState.EXPIRED)
        )
    )
    return _first(Due.GO_ON, firsts, literal(1), ContactRequest.id.desc())


def _unsaid(mine: CTE, side: Side) -> Subquery:
    """The oldest yes of which this side has not said what came of it."""

    def oldest(one: Request, query: Select[int]) -> Select[int]:
        said = exists().where(Outcome.contact_request_id == one.id, Outcome.side == side)
        return query.where(one.answered_at <= _at("asked"), ~said).order_by(one.answered_at, one.id)

    firsts = _firsts(mine, side, RequestState.ACCEPTED, oldest)
    return _first(Due.SAY, firsts, literal(1), ContactRequest.answered_at, ContactRequest.id)
