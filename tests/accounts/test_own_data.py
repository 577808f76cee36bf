"""Settings, consents, a copy of one's data, and being forgotten."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Account, Consent, Purpose
from matchmaker.accounts.services import consents, sign_up
from matchmaker.accounts.services.identities import Identity
from matchmaker.extensions import db
from matchmaker.web.filters import on_day
from tests.accounts.people import PASSWORD, link_in, mails, person

pytestmark = pytest.mark.both

CANARY = "Zaphodia"


def test_settings_are_kept(app, page):
    account = person(name="Noy")
    page.sign_in(account)
    form = page.get("/settings")
    page.submit(form, name="ນ້ອຍ", language="lo", time_zone="Asia/Bangkok")
    held = db.session.get(Account, account.id)
    assert (held.name, held.language, held.time_zone) == ("ນ້ອຍ", "lo", "Asia/Bangkok")
    assert page.get("/settings").one("html")["lang"] == "lo"


def test_no_column_can_be_set_that_the_form_does_not_show(app, page):
    account = person()
    page.sign_in(account)
    form = page.get("/settings").form()
    extra = {"staff_role": "ADMIN", "is_demo": "1", "active": "0", "email": "x@example.la"}
    page.post("/settings", form | extra, token=False)
    held = db.session.get(Account, account.id)
    assert held.staff_role is None
    assert held.active
    assert held.email == account.email


def test_a_new_address_counts_once_its_link_was_opened(app, page):
    account = person(email="noy@example.la")
    account_id = account.id
    page.sign_in(account)
    page.submit(page.get("/settings/email"), identity="new@example.la", old_password=PASSWORD)
    assert db.session.get(Account, account.id).email == "noy@example.la"
    (message,) = mails(app)
    assert message.to == ["new@example.la"]
    page.submit(page.get(link_in(message)), status=200, old_password=PASSWORD)
    assert db.session.get(Account, account_id).email == "new@example.la"
    assert mails(app)[0].to == ["noy@example.la"]


def test_a_taken_address_is_told_in_its_mail_only(app, page):
    person(email="keo@example.la")
    page.sign_in(person())
    form = page.get("/settings/email")
    page.submit(form, identity="keo@example.la", old_password=PASSWORD)
    (message,) = mails(app)
    assert "/link/" not in message.body


def test_a_consent_is_given_and_taken_back_with_its_history(app, page):
    account = person()
    page.sign_in(account)
    heard = []
    consents.on_change[Purpose.MATCHING].append(lambda _s, who, given: heard.append((who, given)))
    try:
        page.post("/settings/consents/matching/give")
        page.post("/settings/consents/matching/withdraw")
    finally:
        consents.on_change[Purpose.MATCHING].pop()
    assert heard == [(account.id, True), (account.id, False)]
    (row,) = db.session.scalars(select(Consent))
    assert row.given_at <= row.withdrawn_at
    assert not consents.has(db.session(), account.id, Purpose.MATCHING)


def test_versions_of_words_are_told_as_days(app, page):
    account = person()
    consents.give(db.session(), account.id, [Purpose.TERMS], language="en")
    db.session.commit()
    page.sign_in(account)
    told = on_day(date.fromisoformat(consents.VERSIONS[Purpose.TERMS]))
    for url in ("/terms", "/settings/consents"):
        shown = page.get(url)
        assert told in shown.text
        assert consents.VERSIONS[Purpose.TERMS] not in shown.text


def test_taking_back_what_an_account_needs_leads_to_erasing_it(app, page):
    account = person()
    consents.give(db.session(), account.id, [Purpose.TERMS], language="en")
    db.session.commit()
    page.sign_in(account)
    assert page.post("/settings/consents/terms/withdraw").location == "/settings/erase"
    assert consents.has(db.session(), account.id, Purpose.TERMS)


def test_a_newer_version_is_asked_for_anew(app, monkeypatch):
    account = person()
    consents.give(db.session(), account.id, consents.NEEDED, language="en")
    assert consents.missing(db.session(), account.id) == []
    monkeypatch.setitem(consents.VERSIONS, Purpose.TERMS, "2027-01-01")
    assert consents.missing(db.session(), account.id) == [Purpose.TERMS]


def test_unknown_purposes_are_not_there(app, page):
    page.sign_in(person())
    page.post("/settings/consents/everything/give", status=404)


def test_a_copy_of_the_data_holds_the_person_and_no_secret(app, page):
    account = person(name=CANARY, email="noy@example.la")
    page.sign_in(account)
    answer = page.post("/settings/export", status=200)
    assert answer.response.headers["Content-Disposition"].startswith("attachment")
    held = json.loads(answer.response.get_data(as_text=True))
    assert held["account"][0]["name"] == CANARY
    assert account.password not in answer.response.get_data(as_text=True)
    assert "token_hash" not in answer.response.get_data(as_text=True)


def test_erasing_leaves_no_trace_and_ends_the_session(app, page):
    identity = Identity("email", "zaphodia@example.la")
    claim = sign_up.claim(
        db.session(), identity, name=CANARY, hashed_password="x", language="en", purposes=()
    )
    account = person(name=CANARY, email="zaphodia@example.la")
    account_id = account.id
    consents.give(db.session(), account.id, [Purpose.NEWS], language="en")
    db.session.commit()
    assert claim.id
    mails(app)
    page.sign_in(account)
    form = page.get("/settings/erase")
    page.submit(form, status=422, old_password=PASSWORD)
    page.submit(form, status=422, old_password="not it", sure="y")
    gone = page.submit(form, old_password=PASSWORD, sure="y")
    # A browser that forgets its cookies forgets what it was to show next.
    assert "cookies" not in gone.response.headers["Clear-Site-Data"]
    assert "Your account and all we held about you are gone." in page.follow(gone).text
    page.get("/settings", status=303)
    db.session.rollback()
    dump = "\n".join(
        f"{table.name} {tuple(row)}"
        for table in db.metadata.sorted_tables
        for row in db.session.execute(table.select())
        if table.name not in ("job",)
    )
    assert CANARY.lower() not in dump.lower()
    assert db.session.get(Account, account_id).erased_at is not None
    consent = db.session.scalar(select(Consent))
    assert consent.withdrawn_at is not None
