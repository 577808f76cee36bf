"""Every component in Chromium: axe, both themes, sizes, focus, and errors inside swaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import AXE, NO_CONTRAST
from tests.web.conftest import make_web_app

pytestmark = pytest.mark.browser

ORIGIN = "http://localhost:1"
# Real text zoom also moves the page to its phone layout, hence 360 px. A machine's own fonts may be
# wider than those of the next one: a tenth more than the double is room for them.
TWICE = "document.documentElement.style.fontSize = '220%'"
# A reader may space letters out (WCAG 1.4.12).
SPACED = "document.querySelectorAll('body *').forEach(e => e.style.letterSpacing = '.12em')"


def serve(page: Page, app: Flask) -> list[str]:
    """Answer the browser from the app without a server; gives what the console complains about."""
    client, complaints = app.test_client(), []

    def answer(route: Route) -> None:
        request = route.request
        sent = client.open(
            request.url.removeprefix(ORIGIN),
            method=request.method,
            headers=dict(request.headers),
            data=request.post_data_buffer,
        )
        headers = {k: v for k, v in sent.headers if k.lower() != "content-length"}
        route.fulfill(status=sent.status_code, headers=headers, body=sent.get_data())

    page.route(f"{ORIGIN}/**", answer)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def browse(browser: Browser) -> Iterator[Any]:
    """Open a page of the tool box's app: browse(path, width, **settings of the browser)."""
    opened = []

    def open_page(path: str, width: int = 360, **settings: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **settings)
        opened.append(context)
        page = context.new_page()
        complaints = serve(page, make_web_app())
        page.goto(ORIGIN + path)
        page.complaints = complaints
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize(
    ("language", "width", "theme"),
    [("en", 360, "light"), ("lo", 360, "dark"), ("lo", 1280, "light"), ("en", 1280, "dark")],
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browse: Any, language: str, width: int, theme: str
) -> None:
    page = browse(f"/gallery?lang={language}&theme={theme}", width)
    options = AXE if width == 360 else NO_CONTRAST
    found = Axe().run(page, options=options).response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not page.complaints


def test_dark_follows_the_device_when_nobody_chose(browse: Any) -> None:
    chosen = browse("/gallery?theme=dark").evaluate(
        "getComputedStyle(document.body).backgroundColor"
    )
    device = browse("/gallery", color_scheme="dark")
    assert device.evaluate("getComputedStyle(document.body).backgroundColor") == chosen


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("language", ["en", "lo"])
def test_text_of_double_size_does_not_scroll_sideways_on_a_phone(
    browse: Any, language: str, spaced: bool
) -> None:
    page = browse(f"/gallery?lang={language}")
    page.evaluate(TWICE)
    if spaced:
        page.evaluate(SPACED)
    wide = page.evaluate(
        "[...document.querySelectorAll('*')]"
        ".filter(e => e.getBoundingClientRect().right > 360 && !e.closest('.scroll'))"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, wide


def test_what_one_taps_is_large_enough(browse: Any) -> None:
    page = browse("/gallery")
    small = page.eval_on_selector_all(
        ".btn, .tabs a, .seg a, select, input:not([type=hidden]), summary, label.tick",
        """all => all.filter(e => e.offsetParent && e.type != 'checkbox' && e.type != 'radio'
           && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))""",
    )
    assert not small


@pytest.mark.parametrize("script", [True, False])
def test_the_error_summary_has_the_focus_when_a_form_came_back(browse: Any, script: bool) -> None:
    page = browse("/gallery", java_script_enabled=script)
    assert page.evaluate("document.activeElement.id") == "error-summary"


def test_escape_closes_a_menu_and_gives_the_focus_back(browse: Any) -> None:
    page = browse("/gallery")
    page.click("details.menu summary")
    page.click("details.menu a >> nth=1", trial=True)
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('details.menu').open") is False
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize(
    ("status", "words"),
    [(409, "Somebody changed this"), (429, "too often"), (503, "cannot answer")],
)
def test_an_error_inside_a_swap_is_said_in_the_live_region(
    browse: Any, status: int, words: str
) -> None:
    page = browse("/gallery")
    page.evaluate(f"htmx.ajax('GET', '/fails/{status}', '#list')")
    page.wait_for_selector("#live .note h2")
    assert words in page.inner_text("#live")
    assert page.query_selector("#list #card-1"), "the region was lost"


def test_a_lost_connection_is_said_in_the_live_region(browse: Any) -> None:
    page = browse("/gallery")
    page.route("**/lost", lambda route: route.abort())
    page.evaluate("htmx.ajax('GET', '/lost', '#list').catch(() => 0)")
    page.wait_for_selector("#live .note.bad")
    assert "No connection" in page.inner_text("#live")


def test_focus_is_not_lost_when_its_place_is_swapped_away(browse: Any) -> None:
    page = browse("/gallery")
    page.focus("#card-1 .btn")
    asked = "{target: '#card-1', swap: 'outerHTML', event: new Event('click')}"
    page.evaluate(f"htmx.ajax('GET', '/part', {asked})")
    page.wait_for_selector("#part")
    expect(page.locator("#part-head")).to_be_focused()
    assert page.inner_text("#said") == "1 left"


def test_a_page_works_without_script(browse: Any) -> None:
    page = browse("/gallery", java_script_enabled=False)
    page.click("details.menu summary")
    assert page.is_visible(".menu .langs a[lang=lo]")
    page.click(".menu .langs a[lang=lo]")
    assert page.get_attribute("html", "lang") == "lo"


def test_leaving_through_a_menu_closes_it(browse: Any) -> None:
    page = browse("/gallery", 1280)
    page.click("details.menu summary")
    page.click("h1")
    assert page.evaluate("document.querySelector('details.menu').open") is False
