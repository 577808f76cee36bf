"""How a request ends without an answer, and the reminders before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.contacts.models import ANSWERABLE, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.moves import Actor, feed_back, is_kept_out, move, must_be, note
from matchmaker.extensions import clock
from matchmaker.organisations.models import Need, Offer
from matchmaker.organisations.services import capacity, publication, silence
from matchmaker.suggestions.models import FeedbackKind, Side
from matchmaker.tasks import TaskKind

REMIND_AFTER = (timedelta(days=7), timedelta(days=14))


def withdraw(session: Session, request: ContactRequest, by: Actor) -> None:
    """The asker takes it back before an answer; unread, it costs the other side no place."""
    must_be(request, by, request.asked_by)
    _take_back(session, request, by)


def _take_back(session: Session, request: ContactRequest, by: Actor | None) -> None:
    move(session, request, ANSWERABLE, RequestState.WITHDRAWN, by, closed_at=clock.now())
    if request.seen_at is None and request.asked_by is Side.NEED:
        capacity.give_back(session, request.offer_id, request.sent_at)
    feed_back(session, request, FeedbackKind.WITHDRAWN, request.asked_by, by)
    telling.tell(session, request, "request.withdrawn", request.asked)


def end_with(session: Session, organisations: Select[int]) -> int:
    """These organisations are being erased: nobody waits 21 days for who is gone, and nobody is
    asked to answer them. Gives how many requests ended."""
    one, two = ContactRequest.need_organisation_id, ContactRequest.offer_organisation_id
    gone = set(session.scalars(organisations))
    query = select(ContactRequest).where(
        ContactRequest.state.in_(ANSWERABLE), one.in_(gone) | two.in_(gone)
    )
    requests = session.scalars(query.order_by(ContactRequest.id).with_for_update()).all()
    for request in requests:
        if request.organisation_id(request.asked_by) in gone:
            _take_back(session, request, None)
        else:
            _run_out(session, request)
    return len(requests)


def end_for_need(session: Session, row: Need | Offer, by: int | None) -> None:
    """A need is closed: nobody is asked for it any more. An offerer still answers who waits."""
    if not isinstance(row, Need):
        return
    query = select(ContactRequest).where(
        ContactRequest.state.in_(ANSWERABLE), ContactRequest.need_id == row.id
    )
    for request in session.scalars(query.order_by(ContactRequest.id).with_for_update()).all():
        if request.asked_by is Side.NEED:
            _take_back(session, request, Actor(by, Side.NEED))
        else:
            _run_out(session, request, news="request.need_closed")


def register() -> None:
    if end_for_need not in publication.closed:
        publication.closed.append(end_for_need)


def expire(session: Session, request: ContactRequest) -> None:
    """Nobody answered in time: both sides learn it, and an adviser looks for a way on."""
    _run_out(session, request, ContactRequest.expires_at <= clock.now())
    feed_back(session, request, FeedbackKind.EXPIRED, request.asked, None)
    if not _owes_answer(session, request):
        return
    telling.tell(session, request, "request.missed", request.asked)
    silent = request.organisation(request.asked)
    if silence.note_missed(session, silent.id):
        telling.tell_of_pause(session, silent)


def _run_out(
    session: Session,
    request: ContactRequest,
    *due: ColumnElement[bool],
    news: str = "request.expired",
) -> None:
    move(session, request, ANSWERABLE, RequestState.EXPIRED, None, *due, closed_at=clock.now())
    telling.open_task(session, request, TaskKind.AFTER_SILENCE, request.asked_by)
    telling.tell(session, request, news, request.asked_by)


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
    if done is None or not _owes_answer(session, request):
        return False
    note(session, request, EventKind.REMINDED, None)
    until = notifications.day(request.expires_at.date())
    telling.tell(session, request, "request.reminder", request.asked, until=until)
    return True


def _owes_answer(session: Session, request: ContactRequest) -> bool:
    """Who may not answer is not silent, nor is who leaves a suspended asker without an answer."""
    return not (request.asker_is_suspended or is_kept_out(session, request, request.asked))


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
