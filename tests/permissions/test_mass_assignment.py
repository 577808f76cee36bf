"""Every form as its page shows it, sent plainly and with every column of every table beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import Boolean, Date, DateTime, Integer

from matchmaker.extensions import db
from tests.databases import TestDatabase
from tests.page import PageClient, form_values
from tests.permissions.test_crawl import addresses_of
from tests.permissions.test_matrix import again

pytestmark = [pytest.mark.slow, pytest.mark.once]

#: Drawn anew each time, or counted by a clock.
DRAWN = ("public_id", "token", "hash", "message_id", "key", "nonce", "_on", "_at")
#: Times, and what is written after the answer.
NOT_COMPARED = {"sign_in", "limit_hit", "shown", "contact_view", "change_counter"}
#: Fields of a form that one of its pages leaves out.
LEFT_OUT = {"screening.entry_step": {"why"}}


@dataclass
class Sent:
    status: int
    before: dict[str, list[str]]
    after: dict[str, list[str]]


@pytest.mark.parametrize("actor", ["owner", "funder", "admin"])
def test_a_form_sets_what_it_shows_and_nothing_else(
    app: Flask, database: TestDatabase, actor: str
) -> None:
    wrong, changed, columns = [], 0, extras()
    for url, number, name in list(forms(app, database, actor)):
        passed_by = LEFT_OUT.get(name.split()[0], set())
        beside = {name: value for name, value in columns.items() if name not in passed_by}
        plain = send(again(app, database).browsers[actor], url, number, {})
        full = send(again(app, database).browsers[actor], url, number, beside)
        changed += plain.after != plain.before
        # Refusing what was sent too much is as good as passing over it.
        refused = full.status >= 400 and full.after == full.before
        if (plain.status, plain.after) != (full.status, full.after) and not refused:
            wrong.append(f"{name} on {url}: {difference(plain, full)}")
    assert not wrong, "\n".join(wrong)
    assert changed > 5


def forms(app: Flask, database: TestDatabase, actor: str) -> Iterator[tuple[str, int, str]]:
    """Each form of each page once: the page's address, its place there, and what it is sent to."""
    walk, seen = again(app, database), set()
    for _endpoint, found in addresses_of(walk, actor):
        url = found.get("own") or found.get("scope") or found.get("any") or ""
        answer = walk.browsers[actor].client.get(url)
        db.session.rollback()
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for number, form in enumerate(posted(answer.data)):
            goes_to = app.url_map.bind("localhost").match(
                str(form.get("action") or url).split("?")[0], method="POST"
            )[0]
            name = f"{goes_to} {sorted(form_values(form))}"
            if name not in seen:
                seen.add(name)
                yield url, number, name


def posted(html: bytes) -> list[Any]:
    return BeautifulSoup(html, "html.parser").select("form[method=post]")


def send(page: PageClient, url: str, number: int, more: dict[str, str]) -> Sent:
    answer = page._send(page.client.get, url)
    form = posted(answer.data)[number]
    values = form_values(form)
    shown = {
        str(tag.get("name")) for tag in form.find_all(["input", "select", "textarea", "button"])
    }
    beside = {name: value for name, value in more.items() if name not in shown}
    before = dump()
    got = page._send(page.client.post, str(form.get("action") or url), data=values | beside)
    return Sent(got.status_code, before, dump())


def extras() -> dict[str, str]:
    """Every column of every table by name, with a value that its kind takes."""
    found = {}
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            kind = column.type
            if isinstance(kind, Boolean):
                value = "y"
            elif isinstance(kind, Integer):
                value = "7"
            elif isinstance(kind, Date | DateTime):
                value = "2020-01-01"
            else:
                value = str(next(iter(getattr(kind, "enums", None) or ["LAK"])))
            found.setdefault(column.name, value)
    return found


def dump() -> dict[str, list[str]]:
    db.session.rollback()
    found = {
        table.name: sorted(map(bare, db.session.execute(table.select())))
        for table in db.metadata.sorted_tables
        if table.name not in NOT_COMPARED
    }
    db.session.rollback()
    return found


def bare(row: Any) -> str:
    """A row without what is drawn anew or read off the clock."""
    kept = {k: v for k, v in row._mapping.items() if not any(word in k for word in DRAWN)}
    return re.sub(
        r"datetime\.datetime\([^()]*(?:\([^()]*\))?[^()]*\)|\b[a-z0-9]{12}\b", "", str(kept)
    )


def difference(plain: Sent, full: Sent) -> str:
    if plain.status != full.status:
        return f"{plain.status} became {full.status}"
    tables = [name for name in plain.after if plain.after[name] != full.after[name]]
    return "; ".join(
        f"{name}: {set(full.after[name]) ^ set(plain.after[name])}" for name in tables
    )[:600]
