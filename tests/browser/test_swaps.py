"""axe after every swap of the real pages, and the firm's main job by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import WIDTHS, Arrive, Visitor
from tests.browser.demo import account, first_need

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("demo"),
    pytest.mark.xdist_group("demo"),
]

PASSWORD = "green mango river"
#: So many Tabs reach everything on the largest page of the way.
MOST_TABS = 120


def swapped(visitor: Visitor, action: Any) -> None:
    """Do what makes htmx swap a region, wait until it has settled, and check the page again."""
    visitor.page.evaluate(
        "window.settled = 0; document.addEventListener('htmx:afterSettle', () => window.settled++)"
    )
    action()
    visitor.page.wait_for_function("window.settled > 0")
    visitor.check()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_of_matches_after_each_swap(arrive: Arrive, width: int) -> None:
    noy = arrive(width, True, account("noy@demo.example"))
    page = noy.go(f"/matches/needs/{first_need('noy@demo.example')}")
    noy.check()
    if width < 700:
        page.locator("details.filters > summary, .filters summary").first.click()
    box = page.locator("form[hx-target='#match-list'] select").first
    swapped(noy, lambda: box.select_option(index=1))
    swapped(noy, lambda: box.select_option(index=0))
    card = page.locator("article.card").first
    swapped(noy, lambda: card.locator("a.btn.bare").first.click())
    form = page.locator("article.card form[hx-post]").first
    form.locator("input[name=reason]").last.check()
    swapped(noy, form.locator("button").first.click)
    assert page.locator("article.card p[role=status]").count() == 1


def test_a_request_that_is_refused_and_sent(arrive: Arrive) -> None:
    noy = arrive(360, True, account("noy@demo.example"))
    page = noy.go(f"/matches/needs/{first_need('noy@demo.example')}")
    page.locator("article.card a.btn:not(.bare)").first.click()
    page.wait_for_selector("#contact-panel textarea")
    noy.check()
    page.fill("#contact-panel textarea", "")
    swapped(noy, page.locator("#contact-panel button[type=submit]").click)
    assert page.locator("#contact-panel [role=alert]").count() == 1


def test_catalogue_place_sector_and_help_after_their_swaps(arrive: Arrive) -> None:
    noy = arrive(360, True, account("noy@demo.example"))
    page = noy.go("/catalogue")
    search = page.locator("form[hx-target='#catalogue-results']")
    page.locator("details.filters summary").click()
    search.locator("input[name=text]").fill("loan")
    swapped(noy, lambda: search.locator("button[type=submit]").first.click())
    page = noy.go("/organisations/new")
    noy.check()
    swapped(noy, lambda: page.locator("select[name=country]").select_option("TH"))
    assert page.locator("select[name=province] option[value='TH-10']").count() == 1
    page = noy.go("/help")
    noy.check()
    page.locator("#help-form textarea").fill("How do I ask a fund?")
    noy.send(page.locator("#help-form button[type=submit]"))
    noy.check()


def test_the_officers_numbers_after_a_swap(arrive: Arrive) -> None:
    officer = arrive(1280, True, account("officer@demo.example"))
    page = officer.go("/programme")
    form = page.locator("form[hx-target='#numbers']")
    swapped(officer, lambda: form.locator("button[type=submit]").first.click())
    heights = page.eval_on_selector_all(
        "#numbers table a", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 24


PAGES = (
    "/requests", "/notices", "/settings", "/settings/sign-ins",
    "/settings/consents", "/notices/mails", "/help",
)  # fmt: skip
INTRODUCERS = ("/import", "/import/columns")


@pytest.mark.parametrize("language", ["en", "lo"])
def test_pages_beside_the_way(arrive: Arrive, language: str) -> None:
    noy = arrive(360, True, account("noy@demo.example"))
    latsamy = arrive(360, True, account("latsamy@demo.example"))
    for visitor, paths in ((noy, PAGES), (latsamy, INTRODUCERS)):
        for path in paths:
            response = visitor.page.goto(f"{visitor.address}{path}?lang={language}")
            assert response is not None
            assert response.status == 200, path
            visitor.check()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what `wanted` selects has the focus; it must be seen to have it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", wanted):
            ring = page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle != 'none' || s.boxShadow != 'none' })()"
            )
            assert ring, f"{wanted} has the focus and does not show it"
            return
    raise AssertionError(f"{wanted} is not reached by Tab on {page.url}")


@pytest.mark.parametrize("script", [True, False])
def test_a_firm_signs_in_and_asks_by_keyboard_alone(arrive: Arrive, script: bool) -> None:
    noy = arrive(1280, script)
    page = noy.go("/sign-in")
    tab_to(page, "input[name=identity]")
    page.keyboard.type("noy@demo.example")
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "nav a[href='/matches']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "main a.btn[href^='/matches/needs/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "article.card a.btn")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if script:
        page.wait_for_selector("#contact-panel textarea")
    else:
        tab_to(page, "a[href*='/requests/new/']")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    tab_to(page, "textarea[name=message]")
    tab_to(page, "input[name=on_behalf]")
    page.keyboard.press("Space")
    tab_to(page, "form[action*='/requests/new/'] button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/requests/" in page.url
    assert "/new/" not in page.url, "the request was refused"
    noy.check()
