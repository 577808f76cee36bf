"""A session that is gone: nothing typed is lost, and no fragment holds a sign-in form."""

from __future__ import annotations

import pytest

from matchmaker.accounts.kept import safe_next
from matchmaker.accounts.services import sessions
from matchmaker.extensions import db
from tests.accounts.people import PASSWORD, person
from tests.page import HTMX

SAFE = ["/", "/matches", "/matches?x=1&y=2", "/a/b#c", "/sign-in?next=/x"]
UNSAFE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "evil.example",
    "",
    None,
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("target", SAFE)
def test_paths_of_ours_are_safe(target):
    assert safe_next(target) == target


@pytest.mark.parametrize("target", UNSAFE)
def test_what_could_lead_away_is_not(target):
    assert safe_next(target) is None


def ended(app, page, account):
    """A browser whose session ended while its page was open."""
    page.sign_in(account)
    page.get("/settings")
    token = page.token()
    sessions.end_all(db.session(), account.id)
    db.session.commit()
    return token


def test_a_page_leads_to_signing_in_and_back(app, page):
    ended(app, page, person(email="noy@example.la"))
    answer = page.get("/settings/sign-ins?x=1", status=303)
    assert answer.location == "/sign-in?next=/settings/sign-ins?x%3D1"
    page._token = ""
    form = page.follow(answer)
    back = page.submit(form, identity="noy@example.la", password=PASSWORD)
    assert back.location == "/settings/sign-ins?x=1"


def test_a_fragment_sends_the_whole_page_to_signing_in(app, page):
    ended(app, page, person())
    headers = {**HTMX, "HX-Current-URL": "http://localhost/settings?tab=2"}
    answer = page.client.get("/settings/sign-ins", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/settings?tab%3D2"
    assert answer.get_data() == b""


def test_a_fragment_of_a_foreign_page_leads_nowhere_else(app, page):
    ended(app, page, person())
    headers = {**HTMX, "HX-Current-URL": "https://evil.example/settings"}
    answer = page.client.get("/settings/sign-ins", headers=headers)
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_a_form_sent_too_late_is_kept_and_sent_after_signing_in(app, page):
    account = person(email="noy@example.la", name="Noy")
    token = ended(app, page, account)
    typed = {
        "csrf_token": token,
        "name": "Noy Keo",
        "language": "en",
        "time_zone": "Asia/Bangkok",
        "old_password": "never kept",
    }
    answer = page.post("/settings", typed, status=401)
    assert "What you typed is kept" in answer.text
    assert "never kept" not in answer.soup.decode()
    page._token = ""
    go_on = page.submit(answer, status=200, identity="noy@example.la", password=PASSWORD)
    assert "Noy Keo" in go_on.text
    assert page.submit(go_on).location == "/settings"
    assert page.get("/settings").one("#name")["value"] == "Noy Keo"


def test_a_wrong_password_in_between_loses_nothing(app, page):
    token = ended(app, page, person(email="noy@example.la"))
    typed = {"csrf_token": token, "name": "Noy Keo", "language": "en", "time_zone": "UTC"}
    answer = page.post("/settings", typed, status=401)
    again = page.submit(answer, status=422, identity="noy@example.la", password="not it")
    go_on = page.submit(again, status=200, identity="noy@example.la", password=PASSWORD)
    assert "Noy Keo" in go_on.text


def test_a_form_sent_by_htmx_too_late_is_kept_too(app, page):
    token = ended(app, page, person(email="noy@example.la"))
    typed = {"csrf_token": token, "name": "Noy Keo", "language": "en", "time_zone": "UTC"}
    answer = page.client.post("/settings", data=typed, headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
    page._token = ""
    form = page.get(answer.headers["HX-Redirect"])
    go_on = page.submit(form, status=200, identity="noy@example.la", password=PASSWORD)
    assert "Noy Keo" in go_on.text


def test_a_form_without_its_cookie_is_kept_when_it_came_from_our_own_page(app, page, new_page):
    person(email="noy@example.la")
    typed = {"name": "Noy Keo", "language": "en", "time_zone": "UTC"}
    own = {"Sec-Fetch-Site": "same-origin"}
    answer = page.post("/settings", typed, status=401, token=False, headers=own)
    assert "What you typed is kept" in answer.text


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}]
)
def test_a_strangers_form_is_never_kept(app, page, headers):
    typed = {"name": "Planted", "language": "en", "time_zone": "UTC"}
    answer = page.post("/settings", typed, status=403, token=False, headers=headers)
    assert "Planted" not in answer.soup.decode()


def test_what_was_not_made_by_us_is_not_kept(app, page):
    person(email="noy@example.la")
    form = page.get("/sign-in")
    answer = page.submit(
        form, identity="noy@example.la", password=PASSWORD, kept="WyIvc2V0dGluZ3MiXQ.x"
    )
    assert answer.location == "/"


def test_going_in_and_out_needs_the_token(app, page):
    page.post("/sign-in", {"identity": "a", "password": "b"}, status=403, token=False)
    page.sign_in(person())
    page.post("/sign-out", status=403, token=False)
    page.get("/settings")


def test_what_a_browser_says_came_from_elsewhere_is_refused_with_its_token_too(app, page):
    page.sign_in(person())
    page.post("/sign-out", status=403, headers={"Sec-Fetch-Site": "cross-site"})
    page.get("/settings")
    page.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
    page.get("/settings", status=303)


def test_a_token_of_somebody_else_is_refused(app, page, new_page):
    other = new_page().sign_in(person())
    other.get("/settings")
    page.sign_in(person())
    page.post("/sign-out", {"csrf_token": other.token()}, status=403)
    page.get("/settings")


def test_opening_pages_changes_nothing(app, page):
    page.sign_in(person())
    before = dump()
    for url in ("/settings", "/settings/consents", "/settings/sign-ins", "/settings/erase",
                "/settings/second-factor", "/settings/second-factor/on", "/settings/password",
                "/settings/email"):  # fmt: skip
        page.get(url)
    for url in ("/sign-up", "/reset-password", "/link"):
        page.get(url)
    assert dump() == before


def dump():
    db.session.rollback()
    return [
        tuple(row)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(table.select())
    ]
