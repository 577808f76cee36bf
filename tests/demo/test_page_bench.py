"""The main pages of a database of any size take few statements, each asked for as on a server."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.demo import page_bench, seeding
from matchmaker.extensions import db
from tests.contacts.test_queries import MOST

pytestmark = pytest.mark.slow

FIRMS = 120


def test_no_page_takes_more_statements_than_it_may_whatever_the_database_sends_beside(
    app: Flask,
) -> None:
    """Counted as the driver sends them: what a transaction begins with too."""
    seeding.seed_sized(db.session(), FIRMS, 5 * FIRMS, 5, lambda rows: None)
    db.session.commit()
    app.test_cli_runner().invoke(args=["matches", "rebuild"])
    found = {one.name: one.queries for one in page_bench.measure(app, 2)}
    assert len(found) == 18, found
    # It asks for two pages: the one that leads on, and the list.
    assert found.pop("matches, after a redirect") <= 2 * MOST
    assert max(found.values()) <= MOST, found
    assert min(found.values()) > 0, found
