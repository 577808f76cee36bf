"""Every page as everybody: no private value before a yes, no sign of what is there, all headers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matchmaker.extensions import clock, db
from matchmaker.organisations.models import Need, Organisation
from matchmaker.organisations.profile_steps import STEPS
from tests.databases import TestDatabase
from tests.factories import BusinessIdFactory
from tests.page import HTMX, PageClient
from tests.permissions import addresses
from tests.permissions.test_matrix import Walk, again, expected, rules

pytestmark = [pytest.mark.slow, pytest.mark.once]

#: What each of two firms keeps to itself; the letter makes the value its own.
PRIVATE = {
    "contact_name": "Canaryname {}",
    "contact_email": "canary.{}@firm.example",
    "contact_address": "Canarystreet {}",
    "website": "https://canary-{}.example",
}
SUMS = {"A": (301_234_571, 987_654_321, 876_543_219), "B": (301_234_573, 987_654_323, 876_543_217)}
NUMBERS = {"A": "7788991", "B": "7788993"}
#: The one firm acts for itself or through its introducer; nobody here acts for the other.
HIDDEN = {
    "anonymous": "AB",
    "suspended": "AB",
    "owner": "B",
    "member": "B",
    "introducer": "B",
    "funder": "AB",
    "provider": "AB",
    "elsewhere": "AB",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
DIRECTIVES = ("default-src 'none'", "frame-ancestors 'none'")
OF_PAGES = ("object-src 'none'", "base-uri 'none'", "form-action 'self'")
#: Of the machine that serves: far behind, with half hours, far ahead of what is stored.
ZONES = ("America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland")
UNLIKE = {"Content-Security-Policy", "Set-Cookie", "Content-Length", "Date"}


@pytest.fixture
def walk(app: Flask, database: TestDatabase) -> Walk:
    walk = again(app, database)
    _fill(db.session())
    return walk


def _fill(session: Session) -> None:
    for letter, (amount, turnover, capital) in SUMS.items():
        firm = session.scalars(select(Organisation).filter_by(name=f"Firm {letter}")).one()
        for column, words in PRIVATE.items():
            setattr(firm, column, words.format(letter))
        firm.turnover_minor, firm.capital_minor = turnover, capital
        BusinessIdFactory(organisation=firm, number=NUMBERS[letter], number_key=NUMBERS[letter])
        session.scalars(select(Need).filter_by(organisation_id=firm.id)).one().amount_minor = amount
    session.commit()


def private(letter: str) -> list[str]:
    texts = [words.format(letter) for words in PRIVATE.values()]
    return [*texts, NUMBERS[letter], *map(str, SUMS[letter])]


def addresses_of(walk: Walk, actor: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each endpoint with its address for every relation in which this actor stands."""
    app, names = walk.browsers[actor].app, walk.world.things[actor]
    by_endpoint = rules(app)
    for endpoint, methods in expected().items():
        rule, found = max(by_endpoint[endpoint], key=lambda one: len(one.arguments)), {}
        for relation in methods.get("GET", {}).get(actor, {}):
            things = names.get(relation) or next(iter(names.values()))
            with app.test_request_context():
                found[relation] = app.url_map.bind("localhost").build(
                    endpoint, addresses.values(rule, things, walk.world), method="GET"
                )
        if found:
            yield endpoint, found


def fetch(page: PageClient, url: str, headers: dict[str, str] | None = None) -> TestResponse:
    answer = page.client.get(url, headers=headers)
    db.session.rollback()
    return answer


def visits(walk: Walk, actor: str) -> Iterator[tuple[str, str, TestResponse]]:
    """Endpoint, place and answer of what is there, as a page and as htmx asks for its region."""
    page = walk.browsers[actor]
    for endpoint, found in addresses_of(walk, actor):
        for relation in found.keys() - {"missing"}:
            answer = fetch(page, found[relation])
            yield endpoint, f"{endpoint} {relation}", answer
            if answer.status_code == 200 and "HX-Request" in answer.headers.get("Vary", ""):
                yield endpoint, f"{endpoint} {relation} htmx", fetch(page, found[relation], HTMX)


def joined(answer: TestResponse) -> str:
    """Head and body; the digits of a number stand together as they are stored."""
    text = f"{answer.headers}{answer.get_data().decode(errors='replace')}"
    return re.sub(r"(?<=\d)[.,\u00a0\u202f ](?=\d)", "", text)


@pytest.mark.parametrize("actor", HIDDEN)
def test_no_answer_holds_a_private_value_or_lacks_a_header(walk: Walk, actor: str) -> None:
    wrong = []
    for endpoint, where, answer in visits(walk, actor):
        text = joined(answer)
        for letter in HIDDEN[actor]:
            wrong += [f"{where}: {v}" for v in private(letter) if v in text]
        wrong += [f"{where}: {one}" for one in headless(endpoint, answer)]
    assert not wrong, "\n".join(wrong)


def test_who_may_read_the_values_finds_them_as_they_are_looked_for(walk: Walk) -> None:
    """Else the walk above would look for something that no page writes like that."""
    page, own = walk.browsers["owner"], walk.world.things["owner"]["own"]
    urls = [f"/organisations/{own.organisation}/profile/{step.key}" for step in STEPS.values()]
    shown = "".join(joined(fetch(page, url)) for url in (*urls, f"/needs/{own.need}/edit"))
    assert [one for one in private("A") if one not in shown] == []


@pytest.mark.parametrize("actor", ["owner", "funder", "introducer", "officer", "elsewhere"])
def test_what_is_not_theirs_answers_like_what_is_not_there(walk: Walk, actor: str) -> None:
    page, wrong, compared = walk.browsers[actor], [], 0
    for endpoint, found in addresses_of(walk, actor):
        for relation in found.keys() & {"stranger", "outside"}:
            if "missing" not in found or found[relation] == found["missing"]:
                continue
            theirs, none = fetch(page, found[relation]), fetch(page, found["missing"])
            if theirs.status_code < 400:
                continue
            compared += 1
            if bare(theirs, found[relation]) != bare(none, found["missing"]):
                wrong.append(endpoint)
    assert wrong == []
    assert compared > 20 or actor == "officer"


def bare(answer: TestResponse, url: str) -> tuple[int, dict[str, str], str]:
    """An answer without what every answer has of its own: address, time, nonce and tokens."""
    body = answer.get_data().decode(errors="replace")
    for address in (url, quote(url, safe=""), quote(url)):
        body = body.replace(address, "HERE")
    body = re.sub(r'(nonce|value)="[^"]{20,}"|name="once"[^>]*', "", body)
    headers = {k: v for k, v in answer.headers.items() if k not in UNLIKE}
    return answer.status_code, headers, body


@pytest.mark.parametrize("actor", ["funder", "officer"])
def test_the_zone_of_the_server_changes_nothing(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, actor: str
) -> None:
    """Times come from what is stored and from whom they are told to, never from the machine."""
    moment = clock.now().replace(hour=20, minute=30)  # The next day in Vientiane.
    monkeypatch.setattr(clock, "now", lambda: moment)
    page = walk.browsers[actor]
    urls = {url for _, found in addresses_of(walk, actor) for url in found.values()}
    # What is opened for the first time reads differently afterwards, wherever that is.
    opened = sorted(url for url in urls if fetch(page, url).status_code == 200)
    answers = []
    try:
        for zone in ZONES:
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            answers.append({url: bare(fetch(page, url), url) for url in opened})
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    here, *elsewhere = answers
    assert [url for url in opened if any(there[url] != here[url] for there in elsewhere)] == []
    assert len(opened) > 10


def headless(endpoint: str, answer: TestResponse) -> list[str]:
    missing = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    wanted = DIRECTIVES + (OF_PAGES if answer.mimetype == "text/html" else ())
    missing += [one for one in wanted if one not in policy]
    missing += [one for one in ("unsafe-inline", "unsafe-eval") if one in policy]
    return missing
