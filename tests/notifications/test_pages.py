"""The page of notices, mail settings, and leaving a kind of mail from the mail itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.notifications import services, tokens
from matchmaker.notifications.models import MailReader, Notice
from tests.background import run_jobs
from tests.notifications.test_queue import queue, reader
from tests.page import PageClient


def test_a_notice_is_read_by_opening_it(db_session: Session, page: PageClient) -> None:
    account = reader(db_session)
    queue(db_session, account, path="/notices/mails")
    page.sign_in(account)
    shown = page.get("/notices")
    assert "Nam Khan asks about “A dryer”." in shown.text
    notice = db_session.scalars(select(Notice)).one()
    opened = page.post(f"/notices/{notice.public_id}/read")
    assert opened.location == "/notices/mails"
    assert db_session.scalar(services.unread_count(account.id)) == 0


def test_all_notices_are_marked_read_at_once(db_session: Session, page: PageClient) -> None:
    account = reader(db_session)
    for number in range(25):
        queue(db_session, account, title=f"Thing {number}")
    page.sign_in(account)
    first = page.get("/notices")
    assert "Thing 24" in first.text
    assert "Thing 4”" not in first.text
    older = page.get(first.one(".more-row a")["href"])
    assert "Thing 4”" in older.text
    page.post("/notices/read")
    assert db_session.scalar(services.unread_count(account.id)) == 0


def test_somebody_elses_notice_looks_like_a_missing_one(
    db_session: Session, page: PageClient, new_page: Callable[[], PageClient]
) -> None:
    account = reader(db_session)
    queue(db_session, account)
    notice = db_session.scalars(select(Notice)).one()
    other = new_page().sign_in(reader(db_session))
    other.post(f"/notices/{notice.public_id}/read", status=404)
    other.post("/notices/222222222222/read", status=404)
    assert "No notices yet" in other.get("/notices").text
    assert db_session.scalar(services.unread_count(account.id)) == 1


def test_kinds_of_mail_are_switched_off_and_on(db_session: Session, page: PageClient) -> None:
    account = reader(db_session)
    page.sign_in(account)
    page.post("/notices/mails", {"kinds": ["request.received"]})
    off = services.switched_off(db_session, account.id)
    assert "request.reminder" in off
    assert "request.received" not in off
    assert "account.security" not in off
    page.submit(page.get("/notices/mails"))
    assert services.switched_off(db_session, account.id) == off


def test_the_link_in_a_mail_stops_that_kind_without_signing_in(
    app: Flask, db_session: Session, page: PageClient
) -> None:
    app.extensions["mailman"].outbox = []
    account = reader(db_session)
    queue(db_session, account)
    run_jobs(app)
    mail = app.extensions["mailman"].outbox[0]
    header = mail.message()["List-Unsubscribe"]
    path = re.sub(r"[<>\s]|http://localhost:8000", "", str(header))
    asked = page.get(path)
    assert services.switched_off(db_session, account.id) == set()
    assert "Do you want no more mails" in asked.text
    done = page.follow(page.submit(asked))
    assert "You get no more mails of this kind" in done.text
    assert services.switched_off(db_session, account.id) == {"request.received"}
    page.submit(done)
    assert services.switched_off(db_session, account.id) == set()


def test_a_mail_program_unsubscribes_with_one_post(
    app: Flask, db_session: Session, page: PageClient
) -> None:
    account = reader(db_session)
    queue(db_session, account)
    name = db_session.get_one(MailReader, account.id).public_id
    token = tokens.make(name, "request.received")
    page.post(f"/unsubscribe/{token}", {"List-Unsubscribe": "One-Click"}, token=False)
    assert services.switched_off(db_session, account.id) == {"request.received"}


def test_a_changed_link_and_a_kind_that_cannot_be_left_are_not_found(
    app: Flask, db_session: Session, page: PageClient
) -> None:
    account = reader(db_session)
    queue(db_session, account)
    name = db_session.get_one(MailReader, account.id).public_id
    token = tokens.make(name, "request.received")
    page.get(f"/unsubscribe/{token}x", status=404)
    page.get("/unsubscribe/%00", status=404)
    page.get(f"/unsubscribe/{tokens.make(name, 'account.security')}", status=404)
    page.get(f"/unsubscribe/{tokens.make('nobody', 'request.received')}", status=404)
