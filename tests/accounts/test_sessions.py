"""Sessions end by the server's clock, by the person, and by what staff do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from matchmaker.accounts.models import Account, SignIn, StaffRole
from matchmaker.accounts.services import staff
from matchmaker.extensions import clock, db
from tests.accounts.people import PASSWORD, person, staff_member

pytestmark = pytest.mark.both


def open_page(page, ok=True):
    answer = page.get("/settings", status=200 if ok else 303)
    if not ok:
        assert answer.location.startswith("/sign-in")


def shift(app, monkeypatch, delta):
    monkeypatch.setitem(app.config, "CLOCK_SHIFT", delta)


@pytest.mark.parametrize(
    ("make", "idle", "absolute"),
    [
        (person, timedelta(days=14), timedelta(days=90)),
        (staff_member, timedelta(minutes=30), timedelta(hours=8)),
    ],
)
def test_sessions_end_when_idle_and_when_old(app, page, monkeypatch, make, idle, absolute):
    page.sign_in(make())
    shift(app, monkeypatch, idle - timedelta(minutes=1))
    open_page(page)
    shift(app, monkeypatch, idle + timedelta(minutes=1))
    open_page(page, ok=False)
    shift(app, monkeypatch, timedelta())
    db.session.execute(update(SignIn).values(created_at=clock.now() - absolute))
    db.session.commit()
    open_page(page, ok=False)


def test_a_clock_set_back_lengthens_no_session(app, page, monkeypatch):
    page.sign_in(person())
    shift(app, monkeypatch, timedelta(hours=-2))
    open_page(page, ok=False)


def test_being_seen_is_written_at_most_every_five_minutes(app, page, monkeypatch):
    page.sign_in(person())
    first = db.session.scalar(select(SignIn.last_seen_at))
    db.session.rollback()
    for minutes, moved in ((4, False), (6, True)):
        shift(app, monkeypatch, timedelta(minutes=minutes))
        page.client.get("/settings").close()
        db.session.rollback()
        assert (db.session.scalar(select(SignIn.last_seen_at)) > first) is moved
        db.session.rollback()


def test_suspension_binds_the_next_request(app, page):
    account = person()
    page.sign_in(account)
    open_page(page)
    staff.suspend(db.session(), account, by_id=None)
    db.session.commit()
    open_page(page, ok=False)


def test_a_change_of_role_ends_sessions(app, page):
    account = staff_member(staff_role=StaffRole.ADMIN)
    page.sign_in(account)
    open_page(page)
    staff.set_role(db.session(), account, StaffRole.VIEWER)
    db.session.commit()
    open_page(page, ok=False)


def test_a_session_of_somebody_who_became_staff_asks_for_the_second_factor(app, page):
    account = person()
    page.sign_in(account)
    db.session.execute(update(Account).values(staff_role=StaffRole.OFFICER))
    db.session.commit()
    open_page(page, ok=False)
    assert "Set up your code" in page.get("/sign-in").text


def test_a_person_ends_single_sessions_and_all_others(app, page, new_page):
    account = person()
    page.sign_in(account)
    others = [new_page().sign_in(account) for _ in range(3)]
    listed = page.get("/settings/sign-ins")
    ending = [str(f["action"]) for f in listed.all("main form") if f["action"].endswith("/end")]
    page.post(ending[0])
    open_ones = [o.client.get("/settings").status_code for o in others]
    assert sorted(open_ones) == [200, 200, 303]
    page.post("/settings/sign-ins/end-others")
    assert [o.client.get("/settings").status_code for o in others] == [303, 303, 303]
    open_page(page)


def test_nobody_ends_sessions_of_others(app, page, new_page):
    stranger = person()
    new_page().sign_in(stranger)
    theirs = db.session.scalar(select(SignIn.public_id))
    page.sign_in(person())
    page.post(f"/settings/sign-ins/{theirs}/end", status=404)


def test_changing_the_password_ends_other_sessions_and_renews_this_one(app, page, new_page):
    account = person()
    page.sign_in(account)
    other = new_page().sign_in(account)
    cookie = page.client.get_cookie("matchmaker").value
    form = page.get("/settings/password")
    page.submit(form, old_password=PASSWORD, password="seven green hills")
    open_page(page)
    open_page(other, ok=False)
    thief = app.test_client(use_cookies=False)
    stolen = thief.get("/settings", headers={"Cookie": f"matchmaker={cookie}"})
    assert stolen.status_code == 303


def test_a_wrong_password_changes_nothing(app, page):
    page.sign_in(person())
    form = page.get("/settings/password")
    page.submit(form, status=422, old_password="not this", password="seven green hills")
    open_page(page)
