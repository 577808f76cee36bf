"""Every address, method, actor and relation answers as `matchmaker/permissions.yaml` expects.

The file is written by hand: it is the oracle, the decorators and loaders are what it judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from werkzeug.routing import Rule

from matchmaker import create_app
from matchmaker.accounts.models import Account
from matchmaker.extensions import db
from matchmaker.web import error_pages, pdf
from matchmaker.web.access import access_of
from tests.databases import TestDatabase
from tests.kept import kept
from tests.page import PageClient
from tests.permissions import addresses
from tests.permissions.world import World, build

ROOT = Path(__file__).parents[2]
Expected = dict[str, dict[str, dict[str, dict[str, int]]]]


def expected() -> Expected:
    """Read the oracle; keys that start with `x-` hold the rows that several addresses share."""
    text = (ROOT / "matchmaker" / "permissions.yaml").read_text(encoding="utf-8")
    # Read by every worker that collects: with libyaml in a tenth of the time.
    loaded: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return {name: methods for name, methods in loaded.items() if not name.startswith("x-")}


def cells() -> Iterator[Any]:
    for endpoint, methods in expected().items():
        for method, actors in methods.items():
            # Who may post is decided before any statement that databases might take differently.
            marks = [pytest.mark.once] if method == "POST" else []
            yield pytest.param(endpoint, method, actors, id=f"{endpoint}-{method}", marks=marks)


def rules(app: Flask) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, []).append(rule)
    return found


@dataclass
class Walk:
    """A world, and a browser for each actor in which nothing happened since signing in."""

    world: World
    browsers: dict[str, PageClient]


def begin(app: Flask) -> Walk:
    world = build(db.session())
    browsers = {name: PageClient(app) for name in (*world.actors, "anonymous")}
    for name, account_id in world.actors.items():
        browsers[name].sign_in(db.session.get(Account, account_id))
    for page in browsers.values():
        page.token()
    return Walk(world, browsers)


def again(app: Flask, database: TestDatabase) -> Walk:
    """What was posted may have changed the world: the next cell gets a new one."""
    first = kept(app, database, "permissions", lambda: begin(app))
    return Walk(first.world, {name: page.same() for name, page in first.browsers.items()})


@pytest.fixture
def walk(app: Flask, database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Walk:
    # Two answers of three are a no; its page is drawn in other tests, as are sheets of paper.
    monkeypatch.setattr(pdf, "as_pdf", lambda *texts, **values: b"%PDF-")
    monkeypatch.setattr(error_pages, "render_template", lambda *names, **values: "")
    return again(app, database)


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method", "actors"), list(cells()))
def test_the_matrix(
    app: Flask, database: TestDatabase, walk: Walk, endpoint: str, method: str, actors: Any
) -> None:
    rule = max(rules(app)[endpoint], key=lambda one: len(one.arguments))
    wrong = []
    for actor, relations in actors.items():
        for relation, status in relations.items():
            got = ask(walk, rule, method, actor, relation)
            if got != status:
                wrong.append(f"{actor}.{relation}: {got}, expected {status}")
            if method == "POST" and got < 400:
                walk = again(app, database)
    assert not wrong, f"{method} {endpoint}: " + "; ".join(wrong)


def ask(walk: Walk, rule: Rule, method: str, actor: str, relation: str) -> int:
    """One request of one actor; the status alone counts."""
    page, names = walk.browsers[actor], walk.world.things[actor]
    things = names.get(relation) or next(iter(names.values()))
    with page.app.test_request_context():
        built = page.app.url_map.bind("localhost").build(
            rule.endpoint, addresses.values(rule, things, walk.world), method=method
        )
    data = {"csrf_token": page.token()} if method == "POST" else None
    response = page.client.open(built, method=method, data=data)
    db.session.rollback()
    return response.status_code


def test_every_address_and_method_is_listed() -> None:
    app = create_app({"TESTING": True})
    listed = {(e, m) for e, methods in expected().items() for m in methods}
    there = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there - listed == set(), "add these to matchmaker/permissions.yaml"
    assert listed - there == set(), "these are gone: take them out of matchmaker/permissions.yaml"


def test_every_actor_and_relation_of_an_object_is_listed(app: Flask, walk: Walk) -> None:
    world = walk.world
    by_endpoint = rules(app)
    for endpoint, methods in expected().items():
        with_object = addresses.has_object(by_endpoint[endpoint][0])
        for method, actors in methods.items():
            where = f"{method} {endpoint}"
            assert set(actors) == {*world.actors, "anonymous"}, where
            for actor, relations in actors.items():
                wanted = set(world.things[actor]) if with_object else {"any"}
                assert set(relations) == wanted, f"{where}, {actor}"


def test_each_view_says_who_may_and_few_are_public() -> None:
    app = create_app({"TESTING": True})
    marks = {endpoint: access_of(app, endpoint) for endpoint in app.view_functions}
    unmarked = [name for name, mark in marks.items() if mark is None and name != "static"]
    assert unmarked == [], "put @public, @signed_in or @staff on these"
    public = sorted(name for name, mark in marks.items() if mark == "public")
    assert len(public) <= 17, public


def test_addresses_are_kebab_case() -> None:
    app = create_app({"TESTING": True})
    for rule in app.url_map.iter_rules():
        fixed = [part for part in rule.rule.split("/") if part and "<" not in part]
        assert all(part == part.lower() and "_" not in part for part in fixed), rule.rule
