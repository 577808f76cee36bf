"""Signing in and out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import SignIn
from matchmaker.accounts.services import identities, passwords, sign_up
from matchmaker.extensions import db
from tests.accounts.people import PASSWORD, person


def sign_in(page, identity, password=PASSWORD, status=303, **more):
    form = page.get("/sign-in")
    page._token = ""
    return page.submit(form, status=status, identity=identity, password=password, **more)


@pytest.mark.parametrize(
    "typed",
    ["noy@example.la", "NOY@Example.LA", "+856 20 5555 1234", "020 5555 1234", "Noy.K", "ນ້ອຍ"],
)
def test_an_account_opens_with_any_of_its_identities(app, page, typed):
    person(
        email="noy@example.la",
        telephone="+8562055551234",
        username="ນ້ອຍ" if typed == "ນ້ອຍ" else "noy.k",
    )
    answer = sign_in(page, typed)
    assert answer.location == "/"
    assert "Sign out" in page.get("/notices").text


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(app, page, new_page):
    person(email="noy@example.la")
    wrong = sign_in(page, "noy@example.la", "another password", status=422)
    unknown = sign_in(new_page(), "keo@example.la", "another password", status=422)
    assert wrong.text == unknown.text
    assert dict(wrong.response.headers).keys() == dict(unknown.response.headers).keys()


def test_a_stolen_cookie_is_worthless_after_sign_out(app, page):
    person(email="noy@example.la")
    sign_in(page, "noy@example.la")
    cookie = page.client.get_cookie("matchmaker").value
    page.post("/sign-out")
    thief = app.test_client(use_cookies=False)
    answer = thief.get("/notices", headers={"Cookie": f"matchmaker={cookie}"})
    assert answer.status_code == 303


def test_signing_in_makes_a_new_session_each_time(app, page):
    person(email="noy@example.la")
    with page.client.session_transaction() as session:
        session["sign_in"] = "planted"
    sign_in(page, "noy@example.la")
    with page.client.session_transaction() as session:
        first = session["sign_in"]
    assert first != "planted"
    assert first not in db.session.scalars(select(SignIn.token_hash)).all()


def test_a_session_cookie_is_kept_from_scripts_and_small(app, page):
    person(email="noy@example.la")
    answer = sign_in(page, "noy@example.la")
    cookies = answer.response.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert len(cookie) < 4096


def test_on_https_cookies_are_bound_to_the_host(make_app):
    app = make_app(BASE_URL="https://matchmaker.example", MODE="demo")
    client, base = app.test_client(), "https://matchmaker.example"
    with app.app_context():
        hashed = passwords.hash(PASSWORD)
        noy = identities.parse("noy.k", "LA")
        sign_up.make_account(db.session(), noy, name="", hashed_password=hashed, language="en")
        db.session.commit()
    text = client.get("/sign-in", base_url=base).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text).group(1)
    data = {"csrf_token": token, "identity": "noy.k", "password": PASSWORD}
    answer = client.post("/sign-in", data=data, base_url=base, headers={"Referer": base})
    cookies = answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 303
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-matchmaker", "__Host-device"}
    for cookie in cookies:
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_next_leads_only_to_pages_of_ours(app, page):
    person(email="noy@example.la")
    for bad in ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"):
        assert sign_in(page, "noy@example.la", next=bad).location == "/"
        page.post("/sign-out")
    form = page.get("/sign-in?next=/notices")
    assert page.submit(form, identity="noy@example.la", password=PASSWORD).location == "/notices"


def test_a_suspended_account_does_not_open(app, page):
    person(email="noy@example.la", active=False)
    sign_in(page, "noy@example.la", status=422)
