"""Messages between the two sides: written once, told once until read, read page by page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Engine, and_, func, or_, select, update
from sqlalchemy.orm import Session

from matchmaker import audit, notifications
from matchmaker.accounts.models import Account
from matchmaker.contacts.errors import ClosedConversationError, MessageLimitError
from matchmaker.contacts.models import ContactRequest, Message, MessageMark, RequestState
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import attaching, telling
from matchmaker.contacts.services.moves import Actor
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import writing_session
from matchmaker.organisations.models import OrganisationState
from matchmaker.organisations.services.consortium_standing import is_silenced

#: Of one person, in all conversations together.
MESSAGES_A_DAY = 100
#: So long after the last word both sides are asked whether they still talk.
QUIET = timedelta(days=14)
PAGE_SIZE = 20
RECEIVED = "message.received"
LOCK_MS = 200


@dataclass(frozen=True, slots=True)
class Written:
    message: Message
    #: None once the writer's account was erased.
    by: str | None


@dataclass(frozen=True, slots=True)
class MessagePage:
    #: The oldest first.
    rows: Sequence[Written]
    #: What the link to older ones names; None on the oldest page.
    older: str | None
    #: The last one this reader has read before.
    read_id: int

    @property
    def newest_id(self) -> int:
        return self.rows[-1].message.id if self.rows else 0


def is_open(request: ContactRequest) -> bool:
    """Both may write: said yes to, not closed, ended by nobody, nobody suspended."""
    return request.state is RequestState.ACCEPTED and in_reach(request)


def in_reach(request: ContactRequest) -> bool:
    """Nobody ended it and nobody is suspended, whether or not they said what came of it."""
    sides = (request.need_organisation, request.offer_organisation)
    suspended = any(one.state is OrganisationState.SUSPENDED for one in sides)
    return not request.blocked_by and not suspended


def hold(
    session: Session,
    request: ContactRequest,
    still: Callable[[ContactRequest], bool] = is_open,
) -> None:
    """Lock an open conversation, read afresh: whoever ends it waits, or was first."""
    lock: dict[str, Any] = {"with_for_update": {"key_share": True}, "populate_existing": True}
    session.get(ContactRequest, request.id, **lock)
    session.expire(request, ["meeting"])
    if not still(request) or is_silenced(session, request.need_organisation_id):
        raise ClosedConversationError(f"the request is {request.state}")


def write(
    session: Session,
    request: ContactRequest,
    by: Actor,
    text: str,
    lang: str,
    form: str,
    files: Collection[str] = (),
) -> Message:
    """Write one message; the same form with the same text again gives the one there is.

    Papers of one's own that go with it are shared as any other: taken back and logged alike.

    Raises ClosedConversationError, or MessageLimitError when the writer's day is used up.
    """
    lock: dict[str, Any] = {"with_for_update": {"key_share": True}}
    session.get(Account, by.account_id, **lock)
    key = _key(by, text, form, files)
    found = _by_key(session, request, key)
    if found is not None:
        return found
    hold(session, request)
    found = _by_key(session, request, key)
    if found is not None:
        return found
    if _written_today(session, by.account_id) >= MESSAGES_A_DAY:
        raise MessageLimitError("message limit")
    row = Message(
        contact_request_id=request.id,
        side=by.side,
        account_id=by.account_id,
        text=text,
        lang=lang,
        key=key,
        files=attaching.attach(session, request, by, files),
    )
    session.add(row)
    session.flush()
    # A date that both took lies further ahead: until then nobody asks whether they still talk.
    request.quiet_at = max(row.at + QUIET, request.quiet_at or row.at)
    _tell(session, request, by, row)
    return row


def _tell(session: Session, request: ContactRequest, by: Actor, row: Message) -> None:
    audit.record(
        session,
        "message.sent",
        account_id=by.account_id,
        subject="contact_request",
        subject_id=request.id,
        organisation_id=request.organisation_id(by.side),
    )
    side = other(by.side)
    people = [one for one in telling.readers(session, request, side) if one.id != by.account_id]
    fresh = _mark(session, request, people, row.id)
    telling.tell(session, request, RECEIVED, side, to=fresh)


def _mark(
    session: Session, request: ContactRequest, people: Sequence[Account], message_id: int
) -> list[Account]:
    """Unread for all of them from now on; gives those who had nothing unread here before."""
    query = select(MessageMark).where(
        MessageMark.contact_request_id == request.id,
        MessageMark.account_id.in_([one.id for one in people]),
    )
    lock = query.order_by(MessageMark.account_id).with_for_update()
    held = {mark.account_id: mark for mark in session.scalars(lock)}
    fresh = []
    for one in people:
        mark = held.get(one.id)
        if mark is None:
            mark = MessageMark(account_id=one.id, contact_request_id=request.id, read_id=0)
            session.add(mark)
            fresh.append(one)
        elif mark.newest_id <= mark.read_id:
            fresh.append(one)
        mark.newest_id = message_id
    return fresh


def page(
    session: Session, request: ContactRequest, account_id: int | None, before: str = ""
) -> MessagePage:
    """The newest messages, or those before one; with how far this reader had read. One query."""
    query = (
        select(Message, Account.name, MessageMark.read_id)
        .outerjoin(Account, Account.id == Message.account_id)
        .outerjoin(
            MessageMark,
            and_(
                MessageMark.contact_request_id == Message.contact_request_id,
                MessageMark.account_id == account_id,
            ),
        )
        .where(Message.contact_request_id == request.id)
        .order_by(Message.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before:
        start = select(Message.id).where(
            Message.public_id == before, Message.contact_request_id == request.id
        )
        query = query.where(Message.id < start.scalar_subquery())
    found = session.execute(query).all()
    shown = found[:PAGE_SIZE][::-1]
    return MessagePage(
        rows=[Written(row, name if row.account_id else None) for row, name, _read in shown],
        older=shown[0][0].public_id if len(found) > PAGE_SIZE else None,
        read_id=(found[0][2] or 0) if found else 0,
    )


def find(session: Session, request: ContactRequest, public_id: str) -> Message | None:
    query = select(Message).where(
        Message.contact_request_id == request.id, Message.public_id == public_id
    )
    return session.scalar(query)


def note_read(engine: Engine, request_id: int, account_id: int, message_id: int) -> None:
    """Read up to this message. Gives up with OperationalError when writers are busy."""
    with writing_session(engine, LOCK_MS) as session:
        newest = session.scalar(
            update(MessageMark)
            .where(
                MessageMark.account_id == account_id,
                MessageMark.contact_request_id == request_id,
                MessageMark.read_id < message_id,
            )
            .values(read_id=message_id, read_at=clock.now())
            .returning(MessageMark.newest_id)
            .execution_options(synchronize_session=False)
        )
        if newest is not None and newest <= message_id:
            public_id = session.get_one(ContactRequest, request_id).public_id
            path = notifications.path_to("contacts.request_page", public_id=public_id)
            notifications.settle(session, account_id, RECEIVED, path)


def unread(session: Session, account_id: int, organisations: CompoundSelect[int]) -> set[int]:
    """Ids of the conversations in which this person has something unread."""
    return set(session.scalars(unread_ids(account_id, organisations).limit(1000)))


def unread_ids(account_id: int | BindParameter[int], organisations: CompoundSelect[int]) -> Any:
    """A query for them; what one may no longer see is not counted."""
    one_s_own = or_(
        ContactRequest.need_organisation_id.in_(organisations),
        ContactRequest.offer_organisation_id.in_(organisations),
    )
    # A value of each mark, no join: PostgreSQL would read every request there is for it.
    seen = (
        select(one_s_own)
        .where(ContactRequest.id == MessageMark.contact_request_id)
        .correlate(MessageMark)
        .scalar_subquery()
    )
    return select(MessageMark.contact_request_id).where(
        MessageMark.account_id == account_id, MessageMark.newest_id > MessageMark.read_id, seen
    )


def _key(by: Actor, text: str, form: str, files: Collection[str]) -> str:
    """Another text, or other papers, in the same form, sent after going back: another message."""
    said = "\n".join([str(by.account_id), form, text, *sorted(files)])
    return hashlib.sha256(said.encode()).hexdigest()


def _by_key(session: Session, request: ContactRequest, key: str) -> Message | None:
    query = select(Message).where(Message.contact_request_id == request.id, Message.key == key)
    return session.scalar(query)


def _written_today(session: Session, account_id: int | None) -> int:
    since = clock.now() - timedelta(days=1)
    mine = (Message.account_id == account_id, Message.at > since)
    return session.scalar(select(func.count()).select_from(Message).where(*mine)) or 0
