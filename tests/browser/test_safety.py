"""What a browser itself holds to: the content policy, history, and what stays after signing out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import sessions
from matchmaker.extensions import db
from matchmaker.web import error_pages
from matchmaker.web.error_pages import error_page
from tests.browser.conftest import PHONE, _cookie
from tests.browser.test_every_page import ACTORS, pages_of
from tests.factories import CriterionFactory, OfferFactory
from tests.permissions.world import World, build
from tests.suggestions.scene import make_scene

pytestmark = pytest.mark.browser

#: Counts what the policy stopped, before anything of the page runs.
WATCH = """
window.stopped = [];
document.addEventListener("securitypolicyviolation", event =>
  window.stopped.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
EVIL = (
    '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>'
    '<b hx-get="/notices" hx-trigger="load" data-hx-get="/notices">'
    "[x](javascript:alert(1)) javascript:alert(1)"
)


@pytest.fixture
def strict(app: Flask, browser: Browser, address: str) -> Iterator[Any]:
    """A browser under the policy as it is sent: others pass it by for the sake of axe."""
    opened = []

    def open_one(account: Account | None) -> Page:
        context = browser.new_context(viewport=PHONE, locale="en-GB")
        opened.append(context)
        if account is not None:
            context.add_cookies([_cookie(app, address, account)])
        context.add_init_script(WATCH)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


def account_of(world: World, actor: str) -> Account | None:
    if actor not in world.actors:
        return None
    account = db.session.get_one(Account, world.actors[actor], populate_existing=True)
    db.session.expunge(account)
    return account


@pytest.mark.parametrize("actor", ACTORS)
def test_no_page_does_what_its_policy_forbids(
    app: Flask, strict: Any, address: str, actor: str
) -> None:
    world = build(db.session())
    pages = pages_of(app, world, actor)
    db.session.rollback()
    page = strict(account_of(world, actor))
    db.session.rollback()
    stopped = {}
    for path in pages:
        page.goto(address + path)
        stopped[path] = page.evaluate("window.stopped")
    assert {path: found for path, found in stopped.items() if found} == {}
    # The policy is in force, and what it stops is seen.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=1>')")
    for _ in range(50):
        if page.evaluate("window.stopped.length > 0"):
            return
        page.wait_for_timeout(100)
    pytest.fail("the browser did not say that it stopped a handler")


def test_back_reload_and_forward_bring_whole_pages(strict: Any, app: Flask, address: str) -> None:
    scene = make_scene(db.session())
    for number in range(30):
        CriterionFactory(offer=OfferFactory(title=f"Loan {number}"))
    db.session.commit()
    url, owner = scene.need_url, scene.owner
    db.session.refresh(owner)
    db.session.expunge(owner)
    db.session.rollback()
    page = strict(owner)
    for path in ("/start", "/catalogue", url, f"{url}?tab=near"):
        page.goto(address + path)
    page.goto(address + url)
    page.locator("details.filters > summary, .filters summary").first.click()
    with page.expect_response(lambda answer: "amount=" in answer.url):
        page.locator("form[hx-target='#match-list'] select[name=amount]").select_option(index=1)
    page.wait_for_url("**amount=**")
    for step in (page.go_back, page.go_back, page.go_back, page.reload, page.go_forward):
        step()
        assert page.locator("html[lang] nav.tabs").count() == 1, page.url
        assert page.locator("h1").count() == 1, page.url


def test_after_signing_out_nothing_is_kept_and_back_asks_to_sign_in(
    strict: Any, app: Flask, address: str
) -> None:
    scene = make_scene(db.session())
    owner, title = scene.owner, scene.need.title
    db.session.refresh(owner)
    db.session.expunge(owner)
    url = scene.need_url
    db.session.rollback()
    page = strict(owner)
    page.goto(address + "/start")
    page.goto(address + url)
    assert title in page.content()
    page.goto(address + "/settings")
    page.evaluate("localStorage.setItem('mine', 1); sessionStorage.setItem('mine', 1)")
    page.evaluate("document.querySelector(\"form[action$='/sign-out']\").requestSubmit()")
    page.wait_for_url(lambda now: "/settings" not in now)
    # htmx notes which page it is on: the one after signing out.
    kept = "[{...localStorage}, Object.values({...sessionStorage}), document.cookie]"
    assert page.evaluate(kept) == [{}, ["/"], ""]
    assert page.evaluate("caches.keys().then(k => k.length)") == 0
    page.go_back()
    page.go_back()
    assert title not in page.content()
    assert "/sign-in" in page.url, page.url


def test_markup_that_somebody_typed_does_nothing_to_its_readers(
    strict: Any, app: Flask, address: str
) -> None:
    scene = make_scene(db.session())
    firm = scene.need.organisation
    firm.show_name = True
    for row, columns in (
        (firm, ("name", "about", "district", "website", "contact_name", "contact_address")),
        (scene.need, ("title", "text")),
        (scene.offer, ("title", "text")),
        (scene.offer.organisation, ("name", "about", "website")),
    ):
        for column in columns:
            setattr(row, column, EVIL)
    db.session.commit()
    readers = (
        (scene.owner, (scene.need_url, scene.match_url, "/my-business", "/catalogue")),
        (scene.banker, (scene.offer_url, f"{scene.match_url}?side=offer", "/my-business")),
    )
    for account, _ in readers:
        db.session.refresh(account)
        db.session.expunge(account)
    db.session.rollback()
    for account, paths in readers:
        page, asked = strict(account), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        for path in paths:
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            assert "javascript:alert(1)" in page.locator("main").inner_text(), path
            assert page.locator("img[src=x], [onerror], b[hx-get]").count() == 0, path
            assert page.locator("a[href^='javascript']").count() == 0, path
            assert page.evaluate("window.stopped") == [], path
            assert page.title() != "taken"
        assert not [url for url in asked if url.endswith(("/x", "/notices"))], asked


@pytest.fixture
def listed(strict: Any, app: Flask, address: str) -> Any:
    """The owner of a need before its list, with the filters open."""
    scene = make_scene(db.session())
    owner, url = scene.owner, scene.need_url
    db.session.refresh(owner)
    db.session.expunge(owner)
    db.session.rollback()
    page = strict(owner)
    page.goto(address + url)
    page.locator("details.filters > summary, .filters summary").first.click()
    return owner.id, page, page.locator("form[hx-target='#match-list'] select[name=amount]")


@pytest.mark.parametrize("status", [403, 409, 429, 500, 503])
def test_a_failure_within_a_swap_is_said_where_it_is_read_out(
    app: Flask, listed: Any, status: int
) -> None:
    _, page, box = listed
    with app.test_request_context(headers={"HX-Request": "true"}):
        answer = error_page(status)
        words = str(error_pages.TITLES[status])
    body = answer.get_data(as_text=True)
    page.route("**/matches/needs/**", lambda way: way.fulfill(status=status, body=body))
    before = page.locator("#match-list").inner_html()
    box.select_option(index=1)
    # Asked from outside: the page's own policy forbids the browser to poll by a text.
    expect(page.locator("#live[aria-live=polite] .note")).to_contain_text(words)
    assert page.locator("#match-list").inner_html() == before


def test_a_swap_after_the_session_ended_leads_to_signing_in_and_back(
    listed: Any, address: str
) -> None:
    account_id, page, box = listed
    sessions.end_all(db.session(), account_id)
    db.session.commit()
    at = page.url
    box.select_option(index=1)
    page.wait_for_url("**/sign-in?next=**")
    assert page.locator("h1").count() == 1
    assert page.locator("input[name=password]").count() == 1
    assert at.removeprefix(address) in unquote(page.url)
