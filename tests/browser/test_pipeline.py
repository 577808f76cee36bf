"""A firm is put into the pipeline, moved, noted and passed, and comes back: in a browser."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.browser.conftest import Arrive
from tests.screening.lines import Desk, make_desk

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(db_session: Session) -> Desk:
    return make_desk(db_session)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_a_firm_is_moved_noted_passed_and_taken_back(
    arrive: Arrive, desk: Desk, width: int, script: bool
) -> None:
    entry = desk.put_in()
    desk.put_in_many(2)
    banker = arrive(width, script, desk.scene.banker)
    page = banker.go(f"{desk.url}/pipeline")
    banker.check()
    page.locator("form.move:visible select").first.select_option("in_talk")
    banker.send(page.locator("form.move:visible button").first)
    page = banker.go(desk.page(entry))
    banker.check()
    page.locator("[name=note]").fill("They sell through two shops.")
    banker.send(page.get_by_role("button", name="Keep the note"))
    assert "They sell through two shops." in page.locator(".timeline").inner_text()
    page = banker.go(f"{desk.url}/pipeline?view=table")
    banker.check()
    page.locator("input[name=entry]").first.check()
    page.locator("#pass select").select_option("too_early")
    banker.send(page.locator("#pass button").first)
    assert "1 firm passed." in page.locator("#live").inner_text()
    banker.send(page.locator("#undo button"))
    assert "1 firm is back." in page.locator("#live").inner_text()
