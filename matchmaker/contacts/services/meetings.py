"""Dates to meet: one side proposes up to three times, the other takes one or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.contacts.errors import BadAnswerError, MeetingOpenError
from matchmaker.contacts.models import ContactRequest, Meeting, MeetingState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.models.meeting import LIVE
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.messages import QUIET, hold, in_reach, is_open
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.errors import WrongState
from matchmaker.extensions import clock


@dataclass(frozen=True, slots=True)
class Proposal:
    times: Sequence[datetime]
    #: The proposer's.
    time_zone: str
    place: str = ""
    by_telephone: bool = False


def propose(session: Session, request: ContactRequest, by: Actor, made: Proposal) -> Meeting:
    """Propose times; MeetingOpenError while others wait for an answer or one is agreed on."""
    now = clock.now()
    times = sorted({one.astimezone(UTC) for one in made.times})
    if not 0 < len(times) <= Meeting.TIMES_MAX or times[0] <= now:
        raise BadAnswerError("times")
    hold(session, request)
    _let_pass(session, request, now)
    row = Meeting(
        contact_request_id=request.id,
        side=by.side,
        asked_organisation_id=request.organisation_id(other(by.side)),
        account_id=by.account_id,
        times=[one.isoformat() for one in times],
        last_at=times[-1],
        time_zone=made.time_zone,
        place="" if made.by_telephone else made.place,
        by_telephone=made.by_telephone,
    )
    session.add(row)
    session.flush()
    session.expire(request, ["meeting"])
    request.quiet_at = now + QUIET
    note(session, request, EventKind.DATES_PROPOSED, by)
    telling.tell(session, request, "date.proposed", other(by.side))
    return row


def _let_pass(session: Session, request: ContactRequest, now: datetime) -> None:
    """What lies behind them makes room for new times."""
    session.expire(request, ["meeting"])
    live = request.meeting
    if live is None:
        return
    if not live.is_past(now):
        raise MeetingOpenError("times are on the table")
    _move(session, request, live.public_id, LIVE, MeetingState.PAST)


def take(session: Session, request: ContactRequest, by: Actor, public_id: str, at: str) -> None:
    """Take one of the other side's times, named by its ISO text; of two who take, one wins."""
    hold(session, request)
    live = request.meeting
    if live is None or live.public_id != public_id or live.side is by.side:
        raise WrongState("these times are no longer on the table")
    if at not in live.times or datetime.fromisoformat(at) <= clock.now():
        raise BadAnswerError("time")
    starts = datetime.fromisoformat(at)
    _move(session, request, public_id, (MeetingState.OPEN,), MeetingState.TAKEN, starts_at=starts)
    request.quiet_at = starts + QUIET
    note(session, request, EventKind.DATE_TAKEN, by)
    told = notifications.day(starts.date())
    telling.tell(session, request, "date.taken", other(by.side), day=told)


def refuse(session: Session, request: ContactRequest, by: Actor, public_id: str) -> None:
    """None of the times suits."""
    hold(session, request)
    mine = (Meeting.side == other(by.side),)
    _move(session, request, public_id, (MeetingState.OPEN,), MeetingState.REFUSED, *mine)
    request.quiet_at = clock.now() + QUIET
    note(session, request, EventKind.DATES_REFUSED, by)
    telling.tell(session, request, "date.refused", other(by.side))


def call_off(session: Session, request: ContactRequest, by: Actor, public_id: str) -> None:
    """Either side calls a taken date off, whatever was said of the outcome since; open times only
    who proposed them."""
    hold(session, request, in_reach)
    may = ((Meeting.state == MeetingState.TAKEN) | (Meeting.side == by.side),)
    _move(session, request, public_id, LIVE, MeetingState.OFF, *may)
    if is_open(request):
        # Counted from now, no longer from a day on which nobody meets.
        request.quiet_at = clock.now() + QUIET
    note(session, request, EventKind.DATE_OFF, by)
    telling.tell(session, request, "date.off", other(by.side))


def drop(session: Session, request: ContactRequest) -> None:
    """The conversation ended: nobody meets."""
    live = (Meeting.contact_request_id == request.id, Meeting.state.in_(LIVE))
    session.execute(update(Meeting).where(*live).values(state=MeetingState.OFF))
    session.expire(request, ["meeting"])


def _move(
    session: Session,
    request: ContactRequest,
    public_id: str,
    allowed: Sequence[MeetingState],
    to: MeetingState,
    *conditions: Any,
    **values: Any,
) -> None:
    moved = session.scalar(
        update(Meeting)
        .where(
            Meeting.contact_request_id == request.id,
            Meeting.public_id == public_id,
            Meeting.state.in_(allowed),
            *conditions,
        )
        .values(state=to, answered_at=clock.now(), **values)
        .returning(Meeting.id)
        .execution_options(synchronize_session="fetch")
    )
    session.expire(request, ["meeting"])
    if moved is None:
        raise WrongState("these times are no longer on the table")
