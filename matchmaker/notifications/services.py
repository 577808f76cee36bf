"""Queueing what people are told, reading it, and switching kinds of mail off and on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import BindParameter, Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.extensions import clock
from matchmaker.extensions.database import Base, new_public_id
from matchmaker.notifications.kinds import KINDS
from matchmaker.notifications.models import (
    MailReader,
    MailState,
    Notice,
    OutboxMail,
    Unsubscribed,
)

SEND_JOB = "notifications.send"
#: One plain address: nothing that could start another header or name a second person.
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+@[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Recipient:
    account_id: int | None
    #: Empty for those who have a telephone or user name only.
    address: str | None
    locale: str


def queue(session: Session, to: Recipient, kind: str, facts: Mapping[str, Any]) -> None:
    """Write the notice and the mail in the caller's transaction; a job sends the mail later."""
    told = KINDS[kind]
    if told.in_app and to.account_id is not None:
        session.add(Notice(account_id=to.account_id, kind=kind, facts=dict(facts)))
    if is_address(to.address) and not (
        to.account_id is not None and is_unsubscribed(session, to.account_id, kind)
    ):
        queue_mail(session, to, kind, facts)


def queue_mail(session: Session, to: Recipient, kind: str, facts: Mapping[str, Any]) -> OutboxMail:
    if to.account_id is not None:
        _insert_once(
            session, MailReader, account_id=to.account_id, public_id=new_public_id(), sent=0
        )
    mail = OutboxMail(
        message_id=f"<{secrets.token_hex(16)}@{_domain()}>",
        account_id=to.account_id,
        address=to.address,
        locale=to.locale,
        kind=kind,
        facts=dict(facts),
        state=MailState.HELD if KINDS[kind].in_digest else MailState.QUEUED,
    )
    session.add(mail)
    session.flush()
    if mail.state is MailState.QUEUED:
        jobs.enqueue(session, SEND_JOB, mail_id=mail.id)
    return mail


def settle(session: Session, account_id: int, kind: str, path: str) -> None:
    """The reader has seen it on its page: no longer a new notice, nor a line of the digest."""
    query = select(Notice).where(
        Notice.account_id == account_id, Notice.kind == kind, Notice.read_at.is_(None)
    )
    for notice in session.scalars(query):
        if notice.facts.get("path") == path:
            notice.read_at = clock.now()
    held = select(OutboxMail).where(
        OutboxMail.account_id == account_id,
        OutboxMail.kind == kind,
        OutboxMail.state == MailState.HELD,
    )
    for mail in session.scalars(held):
        if mail.facts.get("path") == path:
            mail.state, mail.facts = MailState.DROPPED, {}


def call_off(session: Session, account_id: int, paths: Collection[str]) -> None:
    """What one person has not read of these pages, and mails about them that have not gone out:
    they may no longer see them."""
    unread = Notice.account_id == account_id, Notice.read_at.is_(None)
    for notice in session.scalars(select(Notice).where(*unread)):
        if notice.facts.get("path") in paths:
            session.delete(notice)
    waiting = OutboxMail.state.in_((MailState.QUEUED, MailState.HELD))
    mails = select(OutboxMail).where(OutboxMail.account_id == account_id, waiting)
    for mail in session.scalars(mails):
        if mail.facts.get("path") in paths:
            mail.state, mail.facts = MailState.DROPPED, {}


def amend(
    session: Session,
    account_id: int,
    kind: str,
    left: Callable[[Mapping[str, Any]], dict[str, Any] | None],
) -> None:
    """What one person has not read of a kind, and mails of it that have not gone out, say only
    what is left of their facts; those of which nothing is left are called off."""
    mine = Notice.account_id == account_id, Notice.kind == kind, Notice.read_at.is_(None)
    for notice in session.scalars(select(Notice).where(*mine)):
        facts = left(notice.facts)
        if facts is None:
            session.delete(notice)
        else:
            notice.facts = facts
    waiting = OutboxMail.state.in_((MailState.QUEUED, MailState.HELD))
    mails = select(OutboxMail).where(
        OutboxMail.account_id == account_id, OutboxMail.kind == kind, waiting
    )
    for mail in session.scalars(mails):
        facts = left(mail.facts)
        if facts is None:
            mail.state, mail.facts = MailState.DROPPED, {}
        else:
            mail.facts = facts


def unread_paths(session: Session, account_id: int) -> set[str]:
    """The pages that this person's unread notices and waiting mails lead to."""
    notice = select(Notice.facts).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    waiting = OutboxMail.state.in_((MailState.QUEUED, MailState.HELD))
    mail = select(OutboxMail.facts).where(OutboxMail.account_id == account_id, waiting)
    facts = [*session.scalars(notice), *session.scalars(mail)]
    return {str(one["path"]) for one in facts if "path" in one}


def is_address(text: str | None) -> bool:
    return (
        bool(text)
        and len(text or "") <= OutboxMail.ADDRESS_MAX
        and bool(_ADDRESS.fullmatch(text or ""))
    )


def is_unsubscribed(session: Session, account_id: int, kind: str) -> bool:
    if not KINDS[kind].optional:
        return False
    return session.get(Unsubscribed, (account_id, kind)) is not None


def unsubscribe(session: Session, account_id: int, kind: str) -> None:
    """Stop mails of one kind; asking again changes nothing. Notices in the app go on."""
    if KINDS[kind].optional:
        _insert_once(session, Unsubscribed, account_id=account_id, kind=kind, since=clock.now())


def subscribe(session: Session, account_id: int, kind: str) -> None:
    session.execute(
        delete(Unsubscribed).where(Unsubscribed.account_id == account_id, Unsubscribed.kind == kind)
    )


def switched_off(session: Session, account_id: int) -> set[str]:
    query = select(Unsubscribed.kind).where(Unsubscribed.account_id == account_id)
    return set(session.scalars(query))


def notices(
    session: Session, account_id: int, limit: int, before_id: int | None = None
) -> list[Notice]:
    """The newest first; `before_id` continues a page further back."""
    query = select(Notice).where(Notice.account_id == account_id).order_by(Notice.id.desc())
    if before_id is not None:
        query = query.where(Notice.id < before_id)
    return list(session.scalars(query.limit(limit)))


def own_notice(session: Session, account_id: int, public_id: str) -> Notice | None:
    query = select(Notice).where(Notice.public_id == public_id, Notice.account_id == account_id)
    return session.scalar(query)


def unread_count(account_id: int | BindParameter[int], most: int = 100) -> Select[int]:
    """A query for the number of them, counted no further than a badge tells."""
    mine = select(Notice.id).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    return select(func.count()).select_from(mine.limit(most).subquery())


def mark_read(session: Session, account_id: int, notice_id: int | None = None) -> None:
    """One notice, or all of them."""
    statement = update(Notice).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    if notice_id is not None:
        statement = statement.where(Notice.id == notice_id)
    session.execute(statement.values(read_at=clock.now()))


def reader_by_public_id(session: Session, public_id: str) -> MailReader | None:
    return session.scalar(select(MailReader).where(MailReader.public_id == public_id))


def _insert_once(session: Session, model: type[Base], **values: Any) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(model).values(**values).on_conflict_do_nothing())


def _domain() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
