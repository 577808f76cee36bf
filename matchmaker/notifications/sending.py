"""Sending queued mails: at most one each in normal running, none lost, and not too many a day."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import structlog
from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.notifications import rendering
from matchmaker.notifications.kinds import KINDS
from matchmaker.notifications.models import MailReader, MailState, OutboxMail
from matchmaker.notifications.services import Recipient, is_unsubscribed, queue_mail

log = structlog.get_logger()

#: In a digest; what is more is counted.
DIGEST_LINES = 20
KEEP_SENT = timedelta(days=30)
DIGEST = "notices.digest"


def send(session: Session, mail_id: int, last_attempt: bool = False) -> None:
    """Send one mail; an error is for the runner, which tries again later."""
    mail = _claim(session, mail_id)
    if mail is None:
        return
    reader = session.get(MailReader, mail.account_id) if mail.account_id else None
    ready = rendering.message(
        mail, reader.public_id if reader else None, mail.facts.get("lines", ())
    )
    # Committed before talking to the server: no lock is held meanwhile, and after a crash the
    # repeat carries the same Message-ID.
    session.commit()
    try:
        ready.send()
    except smtplib.SMTPRecipientsRefused as error:
        log.warning(
            "mail_refused", mail=mail_id, codes=[code for code, _ in error.recipients.values()]
        )
        _finish(session, mail, MailState.FAILED)
    except Exception:
        if last_attempt:
            _finish(session, mail, MailState.FAILED)
            session.commit()
        raise
    else:
        _finish(session, mail, MailState.SENT)


def _claim(session: Session, mail_id: int) -> OutboxMail | None:
    """Take it for sending, unless it is done, switched off meanwhile, or over the day's limit."""
    mail = session.get(OutboxMail, mail_id, with_for_update=True, populate_existing=True)
    if mail is None or mail.state not in (MailState.QUEUED, MailState.SENDING):
        return None
    if mail.state is MailState.SENDING:
        return mail
    if mail.account_id and is_unsubscribed(session, mail.account_id, mail.kind):
        _finish(session, mail, MailState.DROPPED)
        return None
    if (
        KINDS[mail.kind].optional
        and mail.account_id
        and not _within_limit(session, mail.account_id)
    ):
        mail.state = MailState.HELD
        return None
    mail.state = MailState.SENDING
    return mail


def _within_limit(session: Session, account_id: int) -> bool:
    """Count one more mail today, unless the day's number is used up; one statement, so no race."""
    today, limit = clock.today(), current_app.config["MAILS_PER_DAY"]
    same_day = MailReader.day == today
    fresh = or_(MailReader.day.is_(None), MailReader.day != today)
    row = MailReader.account_id == account_id
    statements = (
        update(MailReader).where(row, fresh).values(day=today, sent=1),
        update(MailReader)
        .where(row, same_day, MailReader.sent < limit)
        .values(sent=MailReader.sent + 1),
    )
    for statement in statements:
        changed = session.execute(statement.returning(MailReader.account_id)).first()
        if changed is not None:
            return True
    return False


def _finish(session: Session, mail: OutboxMail, state: MailState) -> None:
    mail.state, mail.facts = state, {}
    if state is MailState.SENT:
        mail.sent_at = clock.now()


def digest(session: Session) -> int:
    """One mail a reader for what was held until yesterday; returns how many were queued."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    held = session.scalars(
        select(OutboxMail)
        .where(OutboxMail.state == MailState.HELD, OutboxMail.created_at < midnight)
        .order_by(OutboxMail.account_id, OutboxMail.id)
        .limit(5000)
    )
    by_reader: dict[int, list[OutboxMail]] = {}
    for mail in held:
        if mail.account_id is not None:
            by_reader.setdefault(mail.account_id, []).append(mail)
    for account_id, mails in by_reader.items():
        _queue_digest(session, account_id, mails)
    return len(by_reader)


def _queue_digest(session: Session, account_id: int, mails: list[OutboxMail]) -> None:
    newest = mails[-1]
    with rendering.force_locale(newest.locale):
        lines = [
            rendering.header_text(rendering.sentence(mail.kind, mail.facts, newest.locale))
            for mail in mails
        ]
    for mail in mails:
        _finish(session, mail, MailState.DROPPED)
    if is_unsubscribed(session, account_id, DIGEST):
        return
    to = Recipient(account_id, newest.address, newest.locale)
    facts = {"lines": lines[:DIGEST_LINES], "more": max(0, len(lines) - DIGEST_LINES)}
    queue_mail(session, to, DIGEST, {**facts, "path": "/notices"})


def prune(session: Session) -> None:
    """Forget what was sent a month ago: addresses are not kept longer than they are of use."""
    old = clock.now() - KEEP_SENT
    done = (MailState.SENT, MailState.DROPPED, MailState.FAILED)
    session.query(OutboxMail).filter(
        OutboxMail.state.in_(done), OutboxMail.created_at < old
    ).delete(synchronize_session=False)
