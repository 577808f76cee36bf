"""Two offers that add up: from the list to both requests, in a browser."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.browser.conftest import Arrive
from tests.contacts.scene import Scene, make_scene
from tests.factories import FunderFactory, OfferFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db_session: Session) -> Scene:
    """Its loan reaches up to $15,000 of $20,000; a grant brings the rest."""
    made = make_scene(db_session)
    made.offer.usd_max, made.offer.amount_max_minor = 15_000.0, 1_500_000
    OfferFactory(
        organisation=FunderFactory(name="Green Uplands"),
        code="GRANT",
        title="Grant for drying",
        usd_min=1_000.0,
        usd_max=8_000.0,
        amount_min_minor=100_000,
        amount_max_minor=800_000,
    )
    db_session.commit()
    return made


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_a_firm_finds_two_that_add_up_and_asks_both(
    arrive: Arrive, scene: Scene, width: int, script: bool
) -> None:
    owner = arrive(width, script, scene.owner)
    page = owner.go(f"/matches/needs/{scene.need.public_id}")
    owner.send(page.get_by_role("link", name="See how they go together"))
    owner.check()
    assert page.locator("article.card").count() == 2
    owner.send(page.get_by_role("link", name="Ask both"))
    owner.check()
    page.locator("[name=on_behalf]").check()
    owner.send(page.get_by_role("button", name="Send to all"))
    assert "All were asked." in page.locator("body").inner_text()
    assert "Equipment loan for farm processing" in page.locator("#set").inner_text()
