"""The second factor: made obligatory for staff, free for others, each code once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import second_factor
from matchmaker.extensions import db
from tests.accounts.people import PASSWORD, mails, person, staff_member


def give_password(page, identity, status=200):
    page._token = ""
    return page.submit(page.get("/sign-in"), status=status, identity=identity, password=PASSWORD)


def code_of(account):
    db.session.rollback()
    return second_factor.code_now(db.session.get(Account, account.id))


def test_staff_are_in_only_after_the_code(app, page):
    account = staff_member(email="boun@example.la")
    step = give_password(page, "boun@example.la")
    assert page.get("/settings", status=303).location.startswith("/sign-in")
    page._token = ""
    assert page.submit(step, code=code_of(account)).location == "/"
    page.get("/settings")


def test_a_wrong_code_does_not_open(app, page):
    account = staff_member(email="boun@example.la")
    step = give_password(page, "boun@example.la")
    wrong = f"{(int(code_of(account)) + 1) % 1_000_000:06}"
    page.submit(step, status=422, code=wrong)
    page.get("/settings", status=303)


def test_no_code_is_taken_twice(app, page, new_page):
    account = staff_member(email="boun@example.la")
    code = code_of(account)
    page.submit(give_password(page, "boun@example.la"), code=code)
    other = new_page()
    other.submit(give_password(other, "boun@example.la"), status=422, code=code)


def test_the_password_alone_waits_for_ten_minutes_only(app, page, monkeypatch):
    staff_member(email="boun@example.la")
    give_password(page, "boun@example.la")
    assert page.get("/sign-in").one("h1").text == "Your code"
    monkeypatch.setitem(app.config, "CLOCK_SHIFT", timedelta(minutes=11))
    assert page.get("/sign-in").one("h1").text == "Sign in"


@pytest.mark.slow
def test_somebody_else_can_sign_in_instead(app, page):
    staff_member(email="boun@example.la")
    step = give_password(page, "boun@example.la")
    assert page.submit(step, "#start-over", start_over="1").location == "/sign-in"
    assert page.get("/sign-in").one("h1").text == "Sign in"


def test_new_staff_set_it_up_before_anything_opens(app, page):
    account = staff_member(email="boun@example.la", tf_totp_secret=None, tf_primary_method=None)
    step = give_password(page, "boun@example.la")
    assert step.one("h1").text == "Set up your code"
    key = step.one("code.typed-key").text.replace("-", "")
    code = second_factor._security().totp_factory._totp(key=key).generate().token
    codes = page.submit(step, status=200, code=code)
    assert len(codes.all("main li code")) == 8
    page.get("/settings")
    held = db.session.get(Account, account.id)
    assert key not in held.tf_totp_secret
    assert codes.all("main li code")[0].text not in str(held.mf_recovery_codes)


def test_a_recovery_code_opens_once(app, page, new_page):
    account = staff_member(email="boun@example.la")
    first, *_rest = second_factor.new_recovery_codes(db.session(), account)
    db.session.commit()
    page.submit(give_password(page, "boun@example.la"), code=first)
    page.get("/settings")
    other = new_page()
    other.submit(give_password(other, "boun@example.la"), status=422, code=first)


def test_others_may_switch_it_on_and_off_and_are_told(app, page, new_page):
    account = person(email="noy@example.la")
    page.sign_in(account)
    step = page.get("/settings/second-factor/on")
    key = step.one("code.typed-key").text.replace("-", "")
    code = second_factor._security().totp_factory._totp(key=key).generate().token
    page.submit(step, status=200, code=code)
    assert give_password(new_page(), "noy@example.la").one("h1").text == "Your code"
    page._token = ""
    form = page.get("/settings/second-factor")
    off = "/settings/second-factor/off"
    page.post(off, page_values(form) | {"old_password": PASSWORD}, token=False)
    give_password(new_page(), "noy@example.la", status=303)
    assert [m.subject for m in mails(app)] == [
        "Signing in now asks for a code",
        "Signing in no longer asks for a code",
    ]


def page_values(page):
    return page.form()


def test_staff_cannot_switch_it_off(app, page):
    page.sign_in(staff_member())
    page.post("/settings/second-factor/off", {"old_password": PASSWORD}, status=403)


def test_new_recovery_codes_need_the_password(app, page):
    page.sign_in(staff_member())
    url = "/settings/second-factor/recovery-codes"
    page.post(url, {"old_password": "not this"}, status=422)
    codes = page.post(url, {"old_password": PASSWORD}, status=200)
    assert len(codes.all("main li code")) == 8
