"""A served app and a real browser: two widths, with and without script, axe on every page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request
from werkzeug.serving import make_server

from matchmaker.accounts.models import Account
from matchmaker.accounts.services import sessions
from matchmaker.demo import seeding
from matchmaker.extensions import db
from tests.background import run_jobs
from tests.databases import TestDatabase
from tests.kept import kept

WIDTHS = (360, 1280)
PHONE = {"width": 360, "height": 800}
#: Sheets and media are loaded again only for rules about sound that starts by itself.
AXE = {"resultTypes": ["violations"], "preload": False}
#: Contrast is two thirds of the work. Colours are tokens: it is judged once on every page
#: (`test_every_page.py`), and for every component and state in the gallery, in both themes.
NO_CONTRAST = AXE | {"rules": {"color-contrast": {"enabled": False}}}
FIRMS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: at the end one worker would wait for it."""
    items.sort(key=lambda item: "test_every_page" not in item.nodeid)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app of this test, served on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app.config["BASE_URL"] = f"http://127.0.0.1:{server.server_port}"
    yield app.config["BASE_URL"]
    server.shutdown()
    thread.join()


@dataclass
class Visitor:
    """One person at one browser; everything that goes wrong on the way is kept."""

    page: Page
    address: str
    script: bool
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def check(self, *, contrast: bool = False) -> None:
        """What must hold on every page, and after every swap."""
        page = self.page
        assert page.locator("h1").count() == 1, page.url
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{page.url} scrolls {width} px sideways"
        if self.script and page.viewport_size == PHONE:
            # axe is a script itself; without script the same mark-up goes through the page client.
            # On a laptop it is the same mark-up too: there the gallery judges every component.
            found = Axe().run(page, options=AXE if contrast else NO_CONTRAST)
            assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        assert self.errors == [], page.url
        assert self.foreign == [], page.url

    def press(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        if self.script:
            self.page.wait_for_function("!document.querySelector('.htmx-request')")

    def send(self, button: Locator) -> None:
        """Press a button whose form ends on another page, by htmx or without."""
        with self.page.expect_navigation():
            button.click()
        self.page.wait_for_load_state()


@pytest.fixture
def demo(app: Flask, database: TestDatabase) -> None:
    kept(app, database, "demo", lambda: _seed(app))


def _seed(app: Flask) -> None:
    seeding.seed_standard(db.session(), firms=FIRMS)
    run_jobs(app)


Arrive = Callable[..., Visitor]


@pytest.fixture
def arrive(app: Flask, browser: Browser, address: str) -> Iterator[Arrive]:
    """Opens browsers of their own for as many people as a test needs."""
    opened: list[BrowserContext] = []

    def open_one(width: int = 360, script: bool = True, account: Account | None = None) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": PHONE["height"]},
            java_script_enabled=script,
            bypass_csp=script,
            locale="en-GB",
        )
        opened.append(context)
        if account is not None:
            context.add_cookies([_cookie(app, address, account)])
        visitor = Visitor(context.new_page(), address, script)
        _watch(visitor)
        return visitor

    yield open_one
    for context in opened:
        context.close()


def _watch(visitor: Visitor) -> None:
    def note(request: Request) -> None:
        if not request.url.startswith((visitor.address, "data:", "blob:")):
            visitor.foreign.append(request.url)

    visitor.page.on("request", note)
    visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    # A refused form answers 422, which the console calls an error; a page is watched for others.
    visitor.page.on(
        "console",
        lambda message: (
            visitor.errors.append(message.text)
            if message.type == "error" and "status of 422" not in message.text
            else None
        ),
    )


def _cookie(app: Flask, address: str, account: Account) -> Any:
    """Sign in as after the right password: the password's own page has tests of its own."""
    token = sessions.begin(
        db.session(), account, user_agent="tests", second_factor=account.needs_second_factor
    )
    db.session.commit()
    name = app.config["SESSION_COOKIE_NAME"]
    with _signed(app, token) as value:
        return {"name": name, "value": value, "url": address}


@contextmanager
def _signed(app: Flask, token: str) -> Iterator[str]:
    from matchmaker.accounts.loader import TOKEN

    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    yield serializer.dumps({TOKEN: token})
