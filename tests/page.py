"""The client that page tests use: a browser without script that lints every page it fetches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask import session as flask_session
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from matchmaker.extensions import db

HTMX = {"HX-Request": "true"}
#: Regions that the layout itself gives, which a partial may aim at.
LAYOUT_IDS = frozenset({"main", "live"})


@dataclass
class Page:
    """One answer: its status, its text, and its mark-up to ask questions of."""

    response: TestResponse
    soup: BeautifulSoup

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    def one(self, selector: str) -> Tag:
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} of {selector!r} on the page, expected one"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        return list(self.soup.select(selector))

    def form(self, selector: str = "main form") -> dict[str, Any]:
        """The values a browser would send with this form untouched."""
        return form_values(self.soup.select(selector)[0])


class PageClient:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._token = ""

    def sign_in(self, account: Any) -> PageClient:
        """Sign this browser in without typing a password."""
        from tests.sessions import start_session

        start_session(self.client, account)
        self._token = ""
        return self

    def same(self) -> PageClient:
        """Another browser in which the same person is signed in by the same session."""
        again, name = PageClient(self.app), self.app.config["SESSION_COOKIE_NAME"]
        again.client.set_cookie(name, self.client.get_cookie(name).value)  # type: ignore[union-attr]
        again._token = self._token
        return again

    def get(self, url: str, status: int = 200, htmx: bool = False, **headers: str) -> Page:
        sent = {**(HTMX if htmx else {}), **{k.replace("_", "-"): v for k, v in headers.items()}}
        response = self._send(self.client.get, url, headers=sent)
        return self._page(response, status, whole=not htmx)

    def post(
        self,
        url: str,
        data: dict[str, Any] | None = None,
        status: int = 303,
        htmx: bool = False,
        token: bool = True,
        **kwargs: Any,
    ) -> Page:
        values = dict(data or {})
        if token:
            values.setdefault("csrf_token", self.token())
        headers = {**(HTMX if htmx else {}), **kwargs.pop("headers", {})}
        response = self._send(self.client.post, url, data=values, headers=headers, **kwargs)
        return self._page(response, status, whole=not htmx)

    def _send(self, call: Callable[..., TestResponse], *args: Any, **kwargs: Any) -> TestResponse:
        """Each request in a context of its own, as on a server.

        Inside the test's app context Flask would reuse it, and with it one session, one
        transaction and one signed-in person for all requests of the test.
        """
        db.session.commit()
        response: TestResponse = Context().run(call, *args, **kwargs)
        db.session.expire_all()
        return response

    def follow(self, page: Page) -> Page:
        return self.get(page.location)

    def submit(
        self, page: Page, selector: str = "main form", status: int = 303, **changes: Any
    ) -> Page:
        """Fill the form of a fetched page in and send it where it goes."""
        form = page.soup.select(selector)[0]
        action = str(form.get("action") or urlsplit(page.response.request.url).path)
        return self.post(action, form_values(form) | changes, status=status, token=False)

    def token(self) -> str:
        """A valid token of this session, as any page with a form holds it."""
        if not self._token:
            self._token = Context().run(self._new_token)
        return self._token

    def _new_token(self) -> str:
        with self.client.session_transaction() as session:
            raw = session.get("csrf_token")
        with self.app.test_request_context():
            if raw:
                flask_session["csrf_token"] = raw
            token: str = generate_csrf()
            raw = flask_session["csrf_token"]
        with self.client.session_transaction() as session:
            session["csrf_token"] = raw
        return token

    def _page(self, response: TestResponse, status: int, whole: bool) -> Page:
        page = Page(response, BeautifulSoup(response.get_data(as_text=True), "html.parser"))
        assert response.status_code == status, (
            f"{response.request.method} {response.request.path}: {response.status_code}, "
            f"expected {status}\n{response.location or page.text[:1500]}"
        )
        if response.mimetype == "text/html" and response.status_code not in (204, 301, 302, 303):
            lint(page, whole)
        return page


def form_values(form: Tag) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        if not field.has_attr("name"):
            continue
        name = str(field["name"])
        if field.name == "select":
            options = field.find_all("option")
            chosen = [o.get("value", o.text) for o in options if o.has_attr("selected")]
            if not chosen and not field.has_attr("multiple"):
                chosen = [o.get("value", o.text) for o in options[:1]]
            values[name] = chosen if field.has_attr("multiple") else (chosen or [""])[0]
        elif field.name == "textarea":
            values[name] = field.text.removeprefix("\n")
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                kept = values.get(name)
                value = field.get("value", "on")
                values[name] = value if kept is None else [*_list(kept), value]
        elif field.get("type") not in ("submit", "button", "file"):
            values[name] = field.get("value", "")
    return values


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def lint(page: Page, whole: bool) -> None:
    """Rules that hold on every page; each failure says what to mend."""
    tags = Tags(page.soup)
    problems = [
        *_ids(tags),
        *_labels(tags),
        *_forms(tags),
        *_scripts(tags, page),
        *_targets(tags, whole),
    ]
    if whole:
        problems += _document(tags)
    elif tags.named("html"):
        problems.append("a region was asked for, a whole page came")
    for leftover in re.findall(r"\{\{|\{%|%\(\w+\)s", page.soup.get_text()):
        problems.append(f"template text {leftover!r} reached the reader")
    assert not problems, f"{page.response.request.path}: " + "; ".join(problems)


class Tags:
    """The tags of a page, walked once: a selector walks them all, and there are many rules."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.all: list[Tag] = list(soup.find_all(True))
        self.ids = [str(tag["id"]) for tag in self.all if tag.has_attr("id")]

    def named(self, *names: str) -> list[Tag]:
        return [tag for tag in self.all if tag.name in names]

    def having(self, *attributes: str) -> list[Tag]:
        return [tag for tag in self.all if any(map(tag.has_attr, attributes))]


def _document(tags: Tags) -> list[str]:
    problems = []
    headings = tags.named("h1")
    if len(headings) != 1:
        problems.append(f"{len(headings)} h1 on the page, expected one")
    title = " ".join(" ".join(tag.get_text() for tag in tags.named("title")[:1]).split())
    heading = " ".join(headings[0].get_text().split()) if headings else ""
    if heading and not title.startswith(heading):
        problems.append(f"the title {title!r} does not start with the h1 {heading!r}")
    if not any(tag.get("lang") for tag in tags.named("html")):
        problems.append("<html> has no lang")
    if not any(tag.get("id") == "main" for tag in tags.named("main")):
        problems.append("no <main id=main> for the skip link")
    return problems


def _ids(tags: Tags) -> list[str]:
    return [f"id {each!r} stands twice" for each, n in Counter(tags.ids).items() if n > 1]


def _labels(tags: Tags) -> list[str]:
    problems = []
    labelled = {str(label.get("for")) for label in tags.named("label")}
    for field in tags.named("input", "select", "textarea"):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        named = field.get("id") in labelled or field.find_parent("label") is not None
        if not named and not field.get("aria-label") and not field.get("aria-labelledby"):
            problems.append(f"field {field.get('name')!r} has no label")
    for tag in tags.having("aria-describedby"):
        for each in str(tag["aria-describedby"]).split():
            if each not in tags.ids:
                problems.append(f"aria-describedby names {each!r}, which is not there")
    for link in tags.named("a", "button"):
        if not link.get_text(strip=True) and not link.get("aria-label"):
            problems.append(f"a link or button without words: {str(link)[:80]}")
    return problems


def _forms(tags: Tags) -> list[str]:
    problems = []
    for form in tags.named("form"):
        if str(form.get("method", "get")).lower() != "post":
            continue
        inside = form.find_all(["input", "button"])
        if not any(tag.get("name") == "csrf_token" for tag in inside):
            problems.append(f"the form to {form.get('action')!r} carries no token")
        if not any(tag.name == "button" or tag.get("type") == "submit" for tag in inside):
            problems.append(f"the form to {form.get('action')!r} has no button")
    return problems


def _scripts(tags: Tags, page: Page) -> list[str]:
    problems = []
    policy = page.response.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([^']+)'", policy)
    if nonce is None:
        problems.append("no nonce in the content security policy")
    for script in tags.named("script"):
        if nonce and script.get("nonce") != nonce.group(1):
            problems.append("a script without this answer's nonce")
    if tags.named("style") or tags.having("style"):
        problems.append("an inline style, which the policy blocks")
    for tag in tags.all:
        for name in tag.attrs:
            if name.startswith("on"):
                problems.append(f"an inline handler {name}")
    return problems


def _targets(tags: Tags, whole: bool) -> list[str]:
    problems = []
    for tag in tags.having("hx-target"):
        target = str(tag["hx-target"])
        if not whole or not target.startswith("#") or target[1:] in LAYOUT_IDS:
            continue
        if target[1:] not in tags.ids:
            problems.append(f"hx-target {target} is not on the page")
    for tag in tags.having("hx-get", "hx-post"):
        works = tag.get("href") or tag.get("action") or tag.find_parent("form")
        if not works and "load" not in str(tag.get("hx-trigger", "")):
            problems.append(f"{str(tag)[:80]} does nothing without script")
    return problems
