"""Notices and mails: queued with the change, sent once, worded for the reader."""

from __future__ import annotations

import email
import email.policy
import smtplib
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_mailman import EmailMessage as Outgoing
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import jobs, notifications
from matchmaker.accounts.models import Account
from matchmaker.extensions import clock
from matchmaker.notifications import Recipient, rendering, sending, services
from matchmaker.notifications.backend import smtp_settings
from matchmaker.notifications.kinds import KINDS
from matchmaker.notifications.models import MailState, Notice, OutboxMail
from tests.background import run_jobs
from tests.factories import AccountFactory
from tests.notifications.mail_server import mail_server

FACTS = {"title": "A dryer", "party": "Nam Khan", "until": {"day": "2026-12-12"}, "path": "/x"}


def reader(session: Session, **more: Any) -> Account:
    account: Account = AccountFactory(**more)
    session.commit()
    return account


def to(account: Account, locale: str = "en") -> Recipient:
    return Recipient(account.id, account.email, locale)


def queue(session: Session, account: Account, kind: str = "request.received", **facts: Any) -> None:
    notifications.queue(session, to(account, account.language), kind, FACTS | facts)
    session.commit()


def outbox(app: Flask) -> list[EmailMessage]:
    """What was sent, read back as a mail program reads it."""
    sent = getattr(app.extensions["mailman"], "outbox", [])
    return [parsed(message) for message in sent]


def parsed(message: Outgoing) -> EmailMessage:
    raw = message.message().as_bytes()
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.fixture(autouse=True)
def _empty_outbox(app: Flask) -> None:
    app.extensions["mailman"].outbox = []


def body(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    text: str = part.get_content()
    return text


def test_a_notice_and_a_mail_come_of_one_call(app: Flask, db_session: Session) -> None:
    account = reader(db_session)
    queue(db_session, account)
    assert db_session.scalars(select(Notice)).one().account_id == account.id
    run_jobs(app)
    [mail] = outbox(app)
    assert mail["To"] == account.email
    assert mail["Subject"] == "A new request: A dryer"
    assert "Please answer by 12 December 2026." in body(mail)
    assert "http://localhost:8000/x" in body(mail)


def test_nothing_is_queued_when_the_change_is_rolled_back(app: Flask, db_session: Session) -> None:
    account = reader(db_session)
    notifications.queue(db_session, to(account), "request.received", FACTS)
    db_session.rollback()
    assert run_jobs(app) == 0
    assert db_session.scalars(select(OutboxMail)).all() == []
    assert outbox(app) == []


def test_without_an_address_there_is_a_notice_only(app: Flask, db_session: Session) -> None:
    account = reader(db_session, email=None, username="noy")
    queue(db_session, account)
    assert db_session.scalars(select(Notice)).one()
    assert db_session.scalars(select(OutboxMail)).all() == []


@pytest.mark.parametrize(
    "address",
    [
        "a@b.org\r\nBcc: x@evil.org",
        "a@b.org,c@d.org",
        "a b@c.org",
        "<a@b.org>",
        "no-at-sign",
        "a@b@c",
        "x" * 250 + "@example.org",
    ],
)
def test_what_is_not_one_plain_address_gets_no_mail(
    app: Flask, db_session: Session, address: str
) -> None:
    account = reader(db_session)
    notifications.queue(db_session, Recipient(account.id, address, "en"), "request.received", FACTS)
    assert db_session.scalars(select(OutboxMail)).all() == []


def test_running_the_job_twice_sends_one_mail(app: Flask, db_session: Session) -> None:
    queue(db_session, reader(db_session))
    run_jobs(app)
    mail = db_session.scalars(select(OutboxMail)).one()
    sending.send(db_session, mail.id)
    db_session.commit()
    assert len(outbox(app)) == 1
    assert mail.state is MailState.SENT
    assert mail.facts == {}


def test_after_a_crash_the_repeat_carries_the_same_message_id(
    app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(db_session, reader(db_session))
    original = Outgoing.send

    def send_then_die(self: Outgoing, fail_silently: bool = False) -> int:
        original(self, fail_silently)
        raise KeyboardInterrupt

    monkeypatch.setattr(Outgoing, "send", send_then_die)
    with pytest.raises(KeyboardInterrupt):
        run_jobs(app)
    db_session.rollback()
    mail = db_session.scalars(select(OutboxMail)).one()
    assert mail.state is MailState.SENDING
    monkeypatch.setattr(Outgoing, "send", original)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        run_jobs(app)
    first, second = outbox(app)
    assert first["Message-ID"] == second["Message-ID"] == mail.message_id


def test_a_mail_server_that_is_away_is_tried_again_later(
    app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(db_session, reader(db_session))
    original = Outgoing.send

    def refuse(self: Outgoing, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(Outgoing, "send", refuse)
    run_jobs(app)
    job = db_session.scalars(select(jobs.Job).where(jobs.Job.name == services.SEND_JOB)).one()
    assert job.state is jobs.JobState.QUEUED
    assert job.run_after > clock.now()
    monkeypatch.setattr(Outgoing, "send", original)
    with time_machine.travel(job.run_after + timedelta(seconds=1)):
        run_jobs(app)
    assert len(outbox(app)) == 1


def test_a_refused_address_is_not_tried_again(
    app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(db_session, reader(db_session))

    def refuse(self: Outgoing, fail_silently: bool = False) -> int:
        raise smtplib.SMTPRecipientsRefused({"a@b.org": (550, b"no such box")})

    monkeypatch.setattr(Outgoing, "send", refuse)
    run_jobs(app)
    assert db_session.scalars(select(OutboxMail)).one().state is MailState.FAILED
    assert db_session.scalars(select(jobs.Job)).one().state is jobs.JobState.DONE


HOSTILE = "x\r\nBcc: spy@evil.org\r\n\r\nbody\u2028\u202e\x00\x85"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_fact_of_any_kind_can_add_a_header(app: Flask, db_session: Session, kind: str) -> None:
    facts = dict.fromkeys(
        ("title", "party", "name", "reason", "outcome", "until", "subject", "file", "count"),
        HOSTILE,
    )
    mail = OutboxMail(
        message_id="<1@localhost>", address="a@b.org", locale="en", kind=kind, facts=facts
    )
    message = parsed(rendering.message(mail, "reader"))
    assert message["Bcc"] is None
    assert message["To"] == "a@b.org"
    assert "\n" not in str(message["Subject"])
    assert "\u202e" not in str(message["Subject"])


@pytest.mark.once
@given(text=st.text(max_size=400))
def test_any_text_becomes_one_short_line_of_a_header(text: str) -> None:
    line = rendering.header_text(text)
    assert len(line) <= rendering.SUBJECT_MAX
    assert line.splitlines() in ([line], [])


@pytest.mark.parametrize(
    "name", ["ທ່ານ ນາງ ຄໍາ", "សួស្តី", "မြန်မာ", "ไทย", "Nguyễn Thị Hồng", "中文公司", "Société"]
)
def test_names_of_any_script_survive_in_subject_and_body(
    app: Flask, db_session: Session, name: str
) -> None:
    queue(db_session, reader(db_session), title=name, party=name)
    run_jobs(app)
    [mail] = outbox(app)
    assert name in str(mail["Subject"])
    assert name in body(mail)


def test_codes_and_days_are_worded_in_the_readers_language(app: Flask, db_session: Session) -> None:
    account = reader(db_session, language="vi")
    reason = notifications.label("decline", "too_small")
    queue(db_session, account, "request.declined", reason=reason)
    notifications.queue(db_session, to(account, "vi"), "request.received", FACTS)
    db_session.commit()
    run_jobs(app)
    _declined, received = outbox(app)
    assert "12 tháng 12, 2026" in body(received)


def test_an_anonymous_firm_is_told_by_its_place(app: Flask, db_session: Session) -> None:
    queue(db_session, reader(db_session), party=notifications.firm_in("LA-LP"))
    run_jobs(app)
    assert "A firm in Luang Prabang asks" in body(outbox(app)[0])


def test_more_mails_than_a_day_may_bring_wait_for_one_digest(
    app: Flask, db_session: Session
) -> None:
    account = reader(db_session)
    app.config["MAILS_PER_DAY"], kept = 3, app.config["MAILS_PER_DAY"]
    try:
        for number in range(5):
            queue(db_session, account, title=f"Thing {number}")
        run_jobs(app)
        assert len(outbox(app)) == 3
        assert len(db_session.scalars(select(Notice)).all()) == 5
        with time_machine.travel(clock.now() + timedelta(days=1)):
            assert sending.digest(db_session) == 1
            db_session.commit()
            run_jobs(app)
            assert sending.digest(db_session) == 0
    finally:
        app.config["MAILS_PER_DAY"] = kept
    digest = outbox(app)[-1]
    assert len(outbox(app)) == 4
    assert "Thing 3" in body(digest)
    assert "Thing 4" in body(digest)
    assert "Thing 2" not in body(digest)


def test_mails_about_signing_in_are_never_held(app: Flask, db_session: Session) -> None:
    account = reader(db_session)
    app.config["MAILS_PER_DAY"], kept = 0, app.config["MAILS_PER_DAY"]
    try:
        queue(db_session, account, "account.security", subject="Reset", what="password")
        run_jobs(app)
    finally:
        app.config["MAILS_PER_DAY"] = kept
    assert len(outbox(app)) == 1


def test_links_within_notices_stay_on_this_site() -> None:
    assert rendering.link({"path": "/requests/x"}) == "/requests/x"
    for path in ("https://evil.org", "//evil.org", "/\\evil.org", "javascript:x", None, 3):
        assert rendering.link({"path": path}) is None


def test_what_is_unsubscribed_after_queueing_is_not_sent(app: Flask, db_session: Session) -> None:
    account = reader(db_session)
    queue(db_session, account)
    services.unsubscribe(db_session, account.id, "request.received")
    db_session.commit()
    run_jobs(app)
    assert outbox(app) == []
    assert db_session.scalars(select(OutboxMail)).one().state is MailState.DROPPED


def test_smtp_addresses_are_read() -> None:
    found = smtp_settings("smtp://me:p%40ss@mail.example.org:587?starttls=1")
    assert found["MAIL_SERVER"] == "mail.example.org"
    assert found["MAIL_PASSWORD"] == "p@ss"
    assert found["MAIL_USE_TLS"] is True
    assert smtp_settings("smtps://mail.example.org")["MAIL_PORT"] == 465
    assert smtp_settings("smtp://mail.example.org:587")["MAIL_USE_TLS"] is True
    assert smtp_settings("smtp://mail.example.org:587?starttls=0")["MAIL_USE_TLS"] is False
    assert smtp_settings("smtp://localhost:2525")["MAIL_USE_TLS"] is False


def test_demo_mails_are_files(make_app: Callable[..., Flask]) -> None:
    app = make_app(TESTING=False, MAIL_BACKEND="")
    with app.app_context():
        from matchmaker.extensions import db

        account = Account(email="noy@example.org", fs_uniquifier="u1", language="en")
        db.session.add(account)
        db.session.commit()
        queue(db.session(), account)
        run_jobs(app)
        [file] = (app.config["DATA"] / "mails").iterdir()
        assert b"To: noy@example.org" in file.read_bytes()


def test_over_smtp_one_letter_reaches_one_box(app: Flask, db_session: Session) -> None:
    account = reader(db_session)
    queue(db_session, account, title="ກາເຟ", party="x\r\nRCPT TO:<spy@evil.org>")
    with mail_server() as (port, letters):
        state = app.extensions["mailman"]
        kept = state.backend, state.server, state.port
        state.backend, state.server, state.port = "smtp", "127.0.0.1", port
        try:
            run_jobs(app)
        finally:
            state.backend, state.server, state.port = kept
    [(recipients, raw)] = letters
    assert recipients == [account.email]
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert letter["Subject"] == "A new request: ກາເຟ"
    assert letter["Message-ID"] == db_session.scalars(select(OutboxMail.message_id)).one()
    assert letter["From"] == "SME matchmaking programme <matchmaker@localhost>"
