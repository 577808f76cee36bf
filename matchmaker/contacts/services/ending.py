"""How a request ends without an answer, what becomes of a yes, and the reminders in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.contacts.errors import BadAnswerError
from matchmaker.contacts.models import ANSWERABLE, ContactRequest, Outcome, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.moves import Actor, feed_back, move, must_be, note
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.services import capacity
from matchmaker.suggestions.models import FeedbackKind, Side
from matchmaker.tasks import TaskKind
from matchmaker.vocabulary.reasons import NO_CONTACT, OUTCOMES

REMIND_AFTER = (timedelta(days=7), timedelta(days=14))
#: Outcomes that end a conversation; "still talking" and "we met" do not.
FINAL = {
    "agreed": FeedbackKind.AGREED,
    "part_agreed": FeedbackKind.AGREED,
    "not_agreed": FeedbackKind.NOT_AGREED,
    NO_CONTACT: FeedbackKind.NOT_AGREED,
}
#: Words that say that the two met: nobody agrees who never did.
MET = frozenset({"met", "agreed", "part_agreed"})


def withdraw(session: Session, request: ContactRequest, by: Actor) -> None:
    """The asker takes it back before an answer; unread, it costs the other side no place."""
    must_be(request, by, request.asked_by)
    move(session, request, ANSWERABLE, RequestState.WITHDRAWN, by, closed_at=clock.now())
    if request.seen_at is None and request.asked_by is Side.NEED:
        capacity.give_back(session, request.offer_id, request.sent_at)
    feed_back(session, request, FeedbackKind.WITHDRAWN, by.side, by)
    telling.tell(session, request, "request.withdrawn", request.asked)


def expire(session: Session, request: ContactRequest) -> None:
    """Nobody answered in time: both sides learn it, and an adviser looks for a way on."""
    now = clock.now()
    due = ContactRequest.expires_at <= now
    move(session, request, ANSWERABLE, RequestState.EXPIRED, None, due, closed_at=now)
    feed_back(session, request, FeedbackKind.EXPIRED, request.asked, None)
    telling.open_task(session, request, TaskKind.AFTER_SILENCE, request.asked_by)
    telling.tell(session, request, "request.expired", request.asked_by)
    telling.tell(session, request, "request.missed", request.asked)


def remind(session: Session, request: ContactRequest) -> bool:
    """Remind the silent side once for each of the days; False when another job was first."""
    now = clock.now()
    due = sum(now - request.sent_at >= after for after in REMIND_AFTER)
    if not request.is_answerable(now) or request.reminders >= due:
        return False
    done = session.scalar(
        update(ContactRequest)
        .where(
            ContactRequest.id == request.id,
            ContactRequest.state.in_(ANSWERABLE),
            ContactRequest.reminders == request.reminders,
        )
        .values(reminders=due)
        .returning(ContactRequest.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(request)
    if done is None:
        return False
    note(session, request, EventKind.REMINDED, None)
    until = notifications.day(request.expires_at.date())
    telling.tell(session, request, "request.reminder", request.asked, until=until)
    return True


def say_outcome(session: Session, request: ContactRequest, by: Actor, code: str) -> None:
    """What came of a yes, said by each side; the first final word closes the request."""
    if code not in OUTCOMES:
        raise BadAnswerError("outcome")
    if request.state not in (RequestState.ACCEPTED, RequestState.CLOSED):
        raise WrongState(f"the request is {request.state}")
    _write_outcome(session, request, by, code)
    note(session, request, EventKind.OUTCOME, by, code)
    if code == "met":
        feed_back(session, request, FeedbackKind.MET, by.side, by, code)
    if code in FINAL:
        feed_back(session, request, FINAL[code], by.side, by, code)
        if request.state is RequestState.ACCEPTED:
            accepted = (RequestState.ACCEPTED,)
            move(session, request, accepted, RequestState.CLOSED, by, closed_at=clock.now())
    told = notifications.label("outcome", code)
    telling.tell(session, request, "request.closed", other(by.side), outcome=told)


def _write_outcome(session: Session, request: ContactRequest, by: Actor, code: str) -> None:
    now = clock.now()
    values: dict[str, Any] = {"code": code, "account_id": by.account_id, "at": now}
    met = {"met_at": now} if code in MET else {}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(Outcome)
        .values(contact_request_id=request.id, side=by.side, **values, **met)
        .on_conflict_do_update(
            index_elements=["contact_request_id", "side"], set_=values | _met_since(code, now)
        )
    )


def _met_since(code: str, now: datetime) -> dict[str, Any]:
    """The first day stands; who says that they never got in touch takes it back."""
    if code == NO_CONTACT:
        return {"met_at": None}
    return {"met_at": func.coalesce(Outcome.met_at, now)} if code in MET else {}


def due_to_expire(session: Session, limit: int = 500) -> list[int]:
    query = select(ContactRequest.id).where(
        ContactRequest.state.in_(ANSWERABLE), ContactRequest.expires_at <= clock.now()
    )
    return list(session.scalars(query.order_by(ContactRequest.expires_at).limit(limit)))


def due_to_remind(session: Session, limit: int = 500) -> list[int]:
    now, (first, second) = clock.now(), REMIND_AFTER
    sent, told = ContactRequest.sent_at, ContactRequest.reminders
    late = ((told == 0) & (sent <= now - first)) | ((told == 1) & (sent <= now - second))
    query = select(ContactRequest.id).where(
        ContactRequest.state.in_(ANSWERABLE), ContactRequest.expires_at > now, late
    )
    return list(session.scalars(query.order_by(sent).limit(limit)))
