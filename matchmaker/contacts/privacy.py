"""What the room holds about a person, for export and erasure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker.audit import privacy
from matchmaker.contacts.models import (
    ContactEvent,
    ContactRequest,
    ContactView,
    EvidenceAsk,
    EvidenceShare,
    Meeting,
    Message,
    MessageMark,
    Outcome,
    Release,
    Report,
    StandardQuestion,
    StoryPart,
)
from matchmaker.contacts.services import ending, keeping, stories
from matchmaker.organisations.models import Consortium, Membership, Organisation
from matchmaker.organisations.privacy import alone_ids

#: Table, the column that names the account, what of it is the person's own, and which words of it
#: go with the person.
Held = tuple[Any, InstrumentedAttribute[int | None], tuple[str, ...], tuple[str, ...]]
HELD: tuple[Held, ...] = (
    (
        ContactRequest,
        ContactRequest.sender_id,
        ("public_id", "message", "state", "sent_at"),
        ("message",),
    ),
    (ContactEvent, ContactEvent.account_id, ("kind", "at"), ()),
    (ContactView, ContactView.account_id, ("fields", "first_at", "last_at"), ()),
    (Release, Release.released_by_id, ("field", "released_at", "revoked_at"), ()),
    (Outcome, Outcome.account_id, ("code", "reason", "note", "at", "met_at"), ("note",)),
    (Message, Message.account_id, ("text", "lang", "at", "files"), ("text", "files")),
    (
        Meeting,
        Meeting.account_id,
        ("times", "time_zone", "place", "by_telephone", "state", "proposed_at"),
        ("place",),
    ),
    (EvidenceShare, EvidenceShare.shared_by_id, ("fact", "shared_at", "revoked_at"), ()),
    (
        EvidenceAsk,
        EvidenceAsk.account_id,
        ("fact", "question", "why", "asked_at"),
        ("question", "why"),
    ),
    (Report, Report.account_id, ("reason", "note", "at"), ("note",)),
)


def register() -> None:
    for model, column, names, words in HELD:
        privacy.holder(
            model.__tablename__, export=_export(model, column, names), erase=_erase(column, words)
        )
    questions = _export(
        StandardQuestion, StandardQuestion.created_by_id, ("fact", "question", "why")
    )
    privacy.holder("standard_question", export=questions, erase=_erase_questions)
    privacy.holder("evidence_ask_answer", export=_export_answers, erase=_erase_answers)
    privacy.holder("story_part", export=_export_stories, erase=stories.forget_person)
    privacy.holder("message_mark", export=_export_marks, erase=_erase_marks)
    privacy.holder("request_keeper", export=_export_kept, erase=_erase_kept)
    # The last one registered is erased first: while its words and its people are still known.
    privacy.holder("open_request", export=_export_open, erase=_end_open)


def _export(
    model: Any, column: InstrumentedAttribute[int | None], names: tuple[str, ...]
) -> privacy.Export:
    def export(session: Session, account_id: int) -> list[dict[str, Any]]:
        rows = session.scalars(select(model).where(column == account_id))
        return [{name: getattr(row, name) for name in names} for row in rows]

    return export


def _erase(column: InstrumentedAttribute[int | None], words: tuple[str, ...]) -> privacy.Erase:
    """The row is the organisations' business and stays; the person in it goes, words included."""

    def erase(session: Session, account_id: int) -> int:
        # Papers named in a message are not text: none are named any more.
        empty = {word: {} if word == "files" else "" for word in words}
        values: dict[str, Any] = {column.key: None} | empty
        changed = session.execute(update(column.class_).where(column == account_id).values(values))
        return int(changed.rowcount)  # type: ignore[attr-defined]

    return erase


def _erase_questions(session: Session, account_id: int) -> int:
    """With whoever alone asked for the organisation; else they stay, without who wrote them."""
    others = select(Membership.organisation_id).where(Membership.account_id != account_id)
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id)
    alone = (
        StandardQuestion.organisation_id.in_(mine),
        StandardQuestion.organisation_id.not_in(others),
    )
    gone = session.execute(delete(StandardQuestion).where(*alone))
    own = update(StandardQuestion).where(StandardQuestion.created_by_id == account_id)
    kept = session.execute(own.values(created_by_id=None))
    return int(gone.rowcount) + int(kept.rowcount)  # type: ignore[attr-defined]


def _export_answers(session: Session, account_id: int) -> list[dict[str, Any]]:
    """An ask holds words of two people: who asked, and who answered."""
    rows = session.scalars(select(EvidenceAsk).where(EvidenceAsk.answered_by_id == account_id))
    return [{"fact": row.fact, "answer": row.answer, "at": row.ended_at} for row in rows]


def _erase_answers(session: Session, account_id: int) -> int:
    mine = update(EvidenceAsk).where(EvidenceAsk.answered_by_id == account_id)
    changed = session.execute(mine.values(answer="", answered_by_id=None))
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _export_stories(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(StoryPart).where(StoryPart.account_id == account_id))
    return [{"text": row.text, "lang": row.lang, "at": row.consented_at} for row in rows]


def _export_marks(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(MessageMark).where(MessageMark.account_id == account_id))
    return [{"contact_request_id": row.contact_request_id, "read_at": row.read_at} for row in rows]


def _erase_marks(session: Session, account_id: int) -> int:
    gone = session.execute(delete(MessageMark).where(MessageMark.account_id == account_id))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _export_kept(session: Session, account_id: int) -> list[dict[str, Any]]:
    """The requests that this person looks after."""
    mine = [column == account_id for column in keeping.KEEPERS.values()]
    rows = session.scalars(select(ContactRequest).where(or_(*mine)))
    return [{"public_id": row.public_id, "state": row.state} for row in rows]


def _erase_kept(session: Session, account_id: int) -> int:
    done = 0
    for column in keeping.KEEPERS.values():
        kept = update(ContactRequest).where(column == account_id).values({column: None})
        done += int(session.execute(kept).rowcount)  # type: ignore[attr-defined]
    return done


def _export_open(session: Session, account_id: int) -> list[dict[str, Any]]:
    """They are told with what the person sent and looks after."""
    return []


def _end_open(session: Session, account_id: int) -> int:
    """What goes with the person answers nothing and waits for nothing any more, nor do groups
    that it leads."""
    alone = alone_ids(account_id)
    led = select(Consortium.organisation_id).where(Consortium.coordinator_id.in_(alone))
    return ending.end_with(
        session,
        select(Organisation.id).where(Organisation.id.in_(alone) | Organisation.id.in_(led)),
    )
