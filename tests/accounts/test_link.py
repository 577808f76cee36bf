"""Resetting a password, and codes on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import codes, sessions
from matchmaker.extensions import clock, db
from tests.accounts.people import PASSWORD, link_in, mails, person, staff_member

NEW = "seven green hills"


def ask(page, identity):
    page._token = ""
    return page.submit(page.get("/reset-password"), status=200, identity=identity)


def later(app, monkeypatch, **delta):
    monkeypatch.setitem(app.config, "CLOCK_SHIFT", timedelta(**delta))


def printed(account):
    code = codes.make_printed(db.session(), account, made_by_id=None)
    db.session.commit()
    return code


def use_printed(page, identity, code, status=303):
    page._token = ""
    form = page.get("/link")
    return page.submit(form, status=status, identity=identity, code=code, password=NEW)


def test_a_link_sets_the_password_once_and_ends_every_session(app, page, new_page):
    account = person(email="noy@example.la")
    elsewhere = new_page().sign_in(account)
    ask(page, "noy@example.la")
    link = link_in(mails(app)[0])
    page._token = ""
    opened = page.get(link)
    assert elsewhere.get("/settings")
    page.submit(opened, password=NEW)
    page.get("/settings")
    assert elsewhere.get("/settings", status=303).location.startswith("/sign-in")
    page.get(link, status=410)


def test_asking_for_a_reset_tells_nobody_whether_there_is_an_account(app, page, new_page):
    person(email="noy@example.la")
    known, unknown = ask(page, "noy@example.la"), ask(new_page(), "keo@example.la")
    assert known.text == unknown.text
    assert [m.to for m in mails(app)] == [["noy@example.la"]]


def test_a_reset_link_ends_after_two_hours(app, page, monkeypatch):
    person(email="noy@example.la")
    ask(page, "noy@example.la")
    link = link_in(mails(app)[0])
    later(app, monkeypatch, hours=2, minutes=1)
    page.get(link, status=410)


def test_a_reset_link_ends_when_the_password_changes(app, page):
    account = person(email="noy@example.la")
    ask(page, "noy@example.la")
    link = link_in(mails(app)[0])
    codes.void(db.session(), account.id)
    db.session.commit()
    page.get(link, status=410)


@pytest.mark.parametrize("token", ["x", "WyJyZXNldCIsImFiYyJd.bad", "a" * 5000])
def test_a_link_that_is_not_ours_opens_nothing(app, page, token):
    page.get(f"/link/{token}", status=410)


def test_the_database_holds_no_link_that_opens(app, page):
    person(email="noy@example.la")
    ask(page, "noy@example.la")
    db.session.rollback()
    link = link_in(mails(app)[0]).removeprefix("/link/")
    dump = "\n".join(
        str(row)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(table.select())
    )
    assert link not in dump


@pytest.mark.parametrize("change", [str, str.upper, lambda c: c.replace("-", " ")])
def test_a_printed_code_lets_somebody_without_mail_in(app, page, change):
    account = person(email=None, telephone="+8562055551234", password=None)
    use_printed(page, "020 5555 1234", change(printed(account)))
    page.get("/settings")


def test_a_printed_code_works_once_and_for_14_days(app, page, new_page, monkeypatch):
    account = person(username="noy.k")
    code = printed(account)
    use_printed(page, "noy.k", code)
    use_printed(new_page(), "noy.k", code, status=422)
    code = printed(db.session.get(Account, account.id))
    later(app, monkeypatch, days=14, minutes=1)
    use_printed(new_page(), "noy.k", code, status=422)


def test_a_newer_printed_code_voids_the_older(app, page):
    account = person(username="noy.k")
    old, new = printed(account), printed(account)
    use_printed(page, "noy.k", old, status=422)
    use_printed(page, "noy.k", new)


def test_a_code_of_somebody_else_opens_nothing(app, page):
    code = printed(person(username="noy.k"))
    person(username="keo.k")
    use_printed(page, "keo.k", code, status=422)
    use_printed(page, "nobody.k", code, status=422)


def test_a_printed_code_does_not_go_round_the_second_factor(app, page):
    account = staff_member(username="boun.k")
    answer = use_printed(page, "boun.k", printed(account), status=200)
    assert "code" in answer.one("h1").text
    page.get("/settings", status=303)


def test_of_two_uses_of_one_code_exactly_one_wins(app):
    account = person(username="noy.k")
    row = codes.find_printed(db.session(), account.id, printed(account))
    assert [codes.use(db.session(), row.id) for _ in range(3)] == [True, False, False]


def test_the_old_password_no_longer_opens(app, page, new_page):
    account = person(username="noy.k")
    use_printed(page, "noy.k", printed(account))
    other = new_page()
    other.submit(other.get("/sign-in"), status=422, identity="noy.k", password=PASSWORD)
    assert len(sessions.live_ones(db.session(), account.id)) == 1
    assert clock.now() - sessions.live_ones(db.session(), account.id)[0].created_at < timedelta(
        minutes=1
    )
