"""axe, width and console of every page that the permissions open, on a phone and in Lao."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from matchmaker.accounts.models import Account
from matchmaker.extensions import db
from tests.browser.conftest import Arrive
from tests.page import PageClient
from tests.permissions import addresses
from tests.permissions.test_matrix import expected, rules
from tests.permissions.world import World, build

pytestmark = pytest.mark.browser

#: Each page is walked once, as the first of these who may open it, in a relation that finds things.
ACTORS = ("owner", "introducer", "officer", "admin", "anonymous")
RELATIONS = ("own", "scope", "any")
#: Files, not pages.
NO_PAGES = frozenset({"static"})


def walked_by(actor: str) -> Iterator[tuple[str, str]]:
    """Endpoints that open for this actor and for none before, with the relation that opens it."""
    for endpoint, methods in expected().items():
        who = next(
            (
                (one, relation)
                for one in ACTORS
                for relation in RELATIONS
                if methods.get("GET", {}).get(one, {}).get(relation) == 200
            ),
            None,
        )
        if who is not None and who[0] == actor and endpoint not in NO_PAGES:
            yield endpoint, who[1]


def address_of(app: Flask, world: World, rule: Rule, actor: str, relation: str) -> str:
    names = world.things[actor]
    things = names.get(relation) or next(iter(names.values()))
    built: str = app.url_map.bind("localhost").build(
        rule.endpoint, addresses.values(rule, things, world), method="GET"
    )
    return built


def pages_of(app: Flask, world: World, actor: str) -> list[str]:
    """What answers with a whole page: no file, no region, no text for machines."""
    client, found = PageClient(app), []
    if actor in world.actors:
        client.sign_in(db.session.get(Account, world.actors[actor]))
    by_endpoint = rules(app)
    for endpoint, relation in walked_by(actor):
        rule = max(by_endpoint[endpoint], key=lambda one: len(one.arguments))
        with app.test_request_context():
            address = address_of(app, world, rule, actor, relation)
        answer = client.client.get(address)
        assert answer.status_code == 200, address
        if answer.mimetype == "text/html" and b"<html" in answer.data:
            found.append(address)
    return found


@pytest.mark.parametrize("actor", ACTORS)
def test_every_page_in_lao_on_a_phone(app: Flask, arrive: Arrive, actor: str) -> None:
    world = build(db.session())
    pages = pages_of(app, world, actor)
    assert pages
    account = None
    if actor in world.actors:
        account = db.session.get_one(Account, world.actors[actor], populate_existing=True)
        db.session.expunge(account)
    db.session.rollback()
    visitor = arrive(360, True, account)
    for address in pages:
        visitor.go(f"{address}?lang=lo")
        visitor.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        visitor.check(contrast=True)
