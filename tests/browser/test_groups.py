"""A firm finds others with whom it reaches a ticket, they join, and one request goes out."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Consortium
from tests.browser.conftest import Arrive
from tests.contacts.grouping import PLAN, Crowd, make_crowd

pytestmark = pytest.mark.browser


@pytest.fixture
def crowd(db_session: Session) -> Crowd:
    return make_crowd(db_session, firms=3)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_three_firms_ask_together(
    app: Flask, arrive: Arrive, crowd: Crowd, width: int, script: bool
) -> None:
    first = arrive(width, script, crowd.owners[0])
    page = first.go(f"/matches/needs/{crowd.needs[0].public_id}?tab=near")
    first.send(page.get_by_role("link", name="Together with others"))
    first.check()
    page.locator("#start [name=name]").fill(PLAN.name)
    first.send(page.get_by_role("button", name="Start the group and invite"))
    assert "2 firms are invited." in page.locator("#live").inner_text()
    group = crowd.session.scalars(select(Consortium)).one()
    crowd.session.commit()
    crowd.join(group, 2)
    second = arrive(width, script, crowd.owners[1])
    second.go(f"/groups/{group.organisation.public_id}")
    second.send(second.page.get_by_role("button", name="Join the group"))
    assert "Together you reach it" in second.page.locator("main").inner_text()
    page.reload()
    first.check()
    first.send(page.get_by_role("button", name="Send one request for all"))
    assert "Your request to Mekong Processing Fund" in page.locator("main").inner_text()
