"""Asking again what came of a yes: at 3, 6 and 12 months, once each, both sides."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker import audit, notifications
from matchmaker.contacts.models import ContactRequest, Outcome, OutcomeQuestion
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import outcomes, telling
from matchmaker.contacts.services.moves import Actor
from matchmaker.extensions import clock
from matchmaker.suggestions.models import Side

#: Months after the yes, and how long that is.
ASKED_AFTER = {3: timedelta(days=91), 6: timedelta(days=182), 12: timedelta(days=365)}
#: A question that could not be asked for so long is left out: the next one comes anyway.
LATE = timedelta(days=30)
#: How long the link in the mail opens the page of the question.
LINK_LIVES = timedelta(days=60)
KIND = "request.outcome_question"


def due(session: Session, limit: int = 500) -> list[tuple[int, int]]:
    """Requests, by id, whose yes is so many months old and that were not asked about then."""
    now, found = clock.now(), list[tuple[int, int]]()
    for months, after in ASKED_AFTER.items():
        asked = exists().where(
            OutcomeQuestion.contact_request_id == ContactRequest.id,
            OutcomeQuestion.months == months,
        )
        query = (
            select(ContactRequest.id)
            .where(
                ContactRequest.state.in_(outcomes.IN_TOUCH),
                ContactRequest.answered_at <= now - after,
                ContactRequest.answered_at > now - after - LATE,
                ~asked,
            )
            .order_by(ContactRequest.answered_at)
            .limit(limit)
        )
        found += [(request_id, months) for request_id in session.scalars(query)]
    return found


def ask(session: Session, request: ContactRequest, months: int) -> int:
    """Ask each side that has something left to say; gives how many sides were asked just now."""
    now = outcomes.present(outcomes.sayings(session, request))
    asked = 0
    for side in Side:
        wanted = is_open(now.get(side), now.get(other(side)))
        if _note(session, request, side, months, wanted) and wanted:
            _tell(session, request, side, months)
            asked += 1
    return asked


def is_open(mine: Outcome | None, theirs: Outcome | None) -> bool:
    """Whether the last word is not final, or the amount may have changed since."""
    if mine is None or mine.code not in outcomes.FINAL:
        return True
    if mine.code not in outcomes.AGREED:
        return False
    settled = mine.code == "agreed" and bool(mine.amount_band)
    return not settled or (theirs is not None and outcomes.amounts_differ(mine, theirs))


def find(
    session: Session, request: ContactRequest, side: Side, months: int
) -> OutcomeQuestion | None:
    return session.scalar(
        select(OutcomeQuestion).where(
            OutcomeQuestion.contact_request_id == request.id,
            OutcomeQuestion.side == side,
            OutcomeQuestion.months == months,
            OutcomeQuestion.asked_at.is_not(None),
        )
    )


def answer(
    session: Session, request: ContactRequest, by: Actor, question: OutcomeQuestion, code: str
) -> bool:
    """Say it from the mail, once a question; False when the side has spoken since it was asked."""
    first = session.scalar(
        update(OutcomeQuestion)
        .where(OutcomeQuestion.id == question.id, OutcomeQuestion.answered_at.is_(None))
        .values(answered_at=clock.now())
        .returning(OutcomeQuestion.id)
        .execution_options(synchronize_session="fetch")
    )
    if first is None:
        return False
    outcomes.say_outcome(session, request, by, code)
    return True


def _note(session: Session, request: ContactRequest, side: Side, months: int, wanted: bool) -> bool:
    """Write the question down; False when another job was first."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    asked_at = clock.now() if wanted else None
    new = session.scalar(
        dialect.insert(OutcomeQuestion)
        .values(contact_request_id=request.id, side=side, months=months, asked_at=asked_at)
        .on_conflict_do_nothing()
        .returning(OutcomeQuestion.id)
    )
    if new is not None and wanted:
        audit.record(
            session,
            "request.outcome_asked",
            account_id=None,
            subject="contact_request",
            subject_id=request.id,
            organisation_id=request.organisation_id(side),
            code=str(months),
        )
    return new is not None


def _tell(session: Session, request: ContactRequest, side: Side, months: int) -> None:
    """Each reader's mail holds a link of their own; it is signed only when the mail is sent."""
    facts = {
        "title": telling.title(request),
        "party": telling.party(session, request, other(side)),
        "path": notifications.path_to("contacts.request_page", public_id=request.public_id),
        "request": request.public_id,
        "side": side.value,
        "months": months,
        "until": (clock.now() + LINK_LIVES).date().isoformat(),
    }
    for account in telling.people(session, request.organisation_id(side)):
        notifications.queue(
            session, telling.recipient(account), KIND, facts | {"reader": account.public_id}
        )
