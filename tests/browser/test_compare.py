"""A funder ticks firms in the list of its offer, sees them side by side, and opens a brief."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.browser.conftest import Arrive
from tests.screening.comparing import Desk, make_desk

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(db_session: Session) -> Desk:
    return make_desk(db_session)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_firms_are_ticked_compared_and_one_is_printed(
    arrive: Arrive, desk: Desk, width: int, script: bool
) -> None:
    banker = arrive(width, script, desk.banker)
    page = banker.go(f"/matches/offers/{desk.offer.public_id}")
    ticks = page.locator("input[form=compare]")
    for at in range(2):
        ticks.nth(at).check()
    banker.send(page.locator("form#compare button"))
    banker.check()
    assert page.locator(".compare-firm").count() == 2
    ask = page.locator("tbody").first
    assert "Accounts for one year" in ask.inner_text()
    # On a phone the firms stand below each other, on a laptop beside each other.
    first, second = (page.locator(".compare-firm").nth(at).bounding_box() for at in range(2))
    assert first
    assert second
    assert (second["y"] > first["y"]) is (width == 360)
    banker.send(page.get_by_role("link", name="Brief to print").first)
    banker.check()
    assert "Printed by Somsy of the bank" in page.locator(".brief-foot").inner_text()
