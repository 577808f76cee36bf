"""Asking the other side for more: a piece of evidence or an answer, one open ask a piece."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.contacts.errors import AskedAlreadyError, TooManyAsksError
from matchmaker.contacts.models import AskState, ContactRequest, EvidenceAsk, StandardQuestion
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.evidence import lock
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.language.words import guess_language
from matchmaker.organisations.models import Organisation
from matchmaker.suggestions.models import Side

#: Of one side in one request: more at a time is a form, not a conversation.
MOST_OPEN = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece of evidence, a question, or a piece with a question about it; and why."""

    fact: str
    question: str
    why: str


def ask(session: Session, request: ContactRequest, by: Actor, wanted: Wanted) -> EvidenceAsk:
    """Ask the other side; raises AskedAlreadyError, TooManyAsksError, or WrongState."""
    lock(session, request)
    waiting = [row for row in asks(session, request) if row.asked_by is by.side and _open(row)]
    if any(_same(row, wanted) for row in waiting):
        raise AskedAlreadyError("this is asked for already")
    if len(waiting) >= MOST_OPEN:
        raise TooManyAsksError("too many wait for an answer")
    row = EvidenceAsk(
        contact_request_id=request.id,
        asked_by=by.side,
        asked_organisation_id=request.organisation_id(other(by.side)),
        fact=wanted.fact,
        question=wanted.question,
        why=wanted.why,
        lang=guess_language(f"{wanted.question} {wanted.why}"),
        account_id=by.account_id,
    )
    session.add(row)
    note(session, request, EventKind.ASKED_FOR_MORE, by, wanted.fact)
    telling.tell(session, request, "evidence.asked", other(by.side), what=_what(wanted))
    return row


def _open(row: EvidenceAsk) -> bool:
    return row.state is AskState.OPEN


def _same(row: EvidenceAsk, wanted: Wanted) -> bool:
    if wanted.fact:
        return row.fact == wanted.fact
    return not row.fact and row.question == wanted.question


def _what(wanted: Wanted) -> str | dict[str, str]:
    return notifications.label("evidence", wanted.fact) if wanted.fact else wanted.question


def answer(session: Session, request: ContactRequest, by: Actor, ask_id: int, text: str) -> None:
    """Answer in words; of two who answer one is first, the other learns it as WrongState."""
    lock(session, request)
    _end(
        session,
        (EvidenceAsk.id == ask_id, EvidenceAsk.asked_by == other(by.side)),
        state=AskState.ANSWERED,
        answer=text,
        answer_lang=guess_language(text),
        answered_by_id=by.account_id,
    )
    note(session, request, EventKind.ANSWERED_MORE, by)
    telling.tell(session, request, "evidence.answered", other(by.side))


def withdraw(session: Session, request: ContactRequest, by: Actor, ask_id: int) -> None:
    """Ask no more for it; nobody is told, it is gone from their page."""
    mine = (
        EvidenceAsk.id == ask_id,
        EvidenceAsk.contact_request_id == request.id,
        EvidenceAsk.asked_by == by.side,
    )
    _end(session, mine, state=AskState.WITHDRAWN)


def _end(session: Session, which: tuple[object, ...], **values: object) -> None:
    done = session.scalar(
        update(EvidenceAsk)
        .where(*which, EvidenceAsk.state == AskState.OPEN)  # type: ignore[arg-type]
        .values(ended_at=clock.now(), **values)
        .returning(EvidenceAsk.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise WrongState("it was answered or taken back already")


def asks(session: Session, request: ContactRequest) -> list[EvidenceAsk]:
    """Of both sides, the oldest first; what was taken back is not shown."""
    query = select(EvidenceAsk).where(
        EvidenceAsk.contact_request_id == request.id, EvidenceAsk.state != AskState.WITHDRAWN
    )
    return list(session.scalars(query.order_by(EvidenceAsk.id).limit(100)))


def find(
    session: Session, request: ContactRequest, public_id: str, asked_by: Side
) -> EvidenceAsk | None:
    return session.scalar(
        select(EvidenceAsk).where(
            EvidenceAsk.public_id == public_id,
            EvidenceAsk.contact_request_id == request.id,
            EvidenceAsk.asked_by == asked_by,
        )
    )


def keep_question(session: Session, organisation_id: int, by: int, wanted: Wanted) -> bool:
    """Keep it for next time; False: there are as many as one may keep. Kept once, however often."""
    # The organisation's row is the lock under which its questions are counted.
    held = select(Organisation.id).where(Organisation.id == organisation_id)
    session.execute(held.with_for_update(key_share=True))
    kept = questions(session, organisation_id)
    if any(row.fact == wanted.fact and row.question == wanted.question for row in kept):
        return True
    if len(kept) >= StandardQuestion.MOST:
        return False
    session.add(
        StandardQuestion(
            organisation_id=organisation_id,
            fact=wanted.fact,
            question=wanted.question,
            why=wanted.why,
            lang=guess_language(f"{wanted.question} {wanted.why}"),
            created_by_id=by,
        )
    )
    session.flush()
    return True


def questions(session: Session, organisation_id: int) -> list[StandardQuestion]:
    query = select(StandardQuestion).where(StandardQuestion.organisation_id == organisation_id)
    return list(session.scalars(query.order_by(StandardQuestion.id)))


def remove_question(session: Session, organisation_id: int, public_id: str) -> None:
    session.execute(
        delete(StandardQuestion).where(
            StandardQuestion.organisation_id == organisation_id,
            StandardQuestion.public_id == public_id,
        )
    )
