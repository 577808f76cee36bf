"""A funder narrows the firms for an offer, keeps the table as a view, and takes a firm off."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.screening.models import SavedView, ViewMail
from tests.browser.conftest import Arrive
from tests.screening.table import Table, make_table

pytestmark = pytest.mark.browser


@pytest.fixture
def table(db_session: Session) -> Table:
    return make_table(db_session)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_firms_are_narrowed_kept_and_taken_off(
    app: Flask, arrive: Arrive, table: Table, width: int, script: bool
) -> None:
    table.firms(2)
    table.firms(1, province="LA-SV")
    banker = arrive(width, script, table.banker)
    page = banker.go(table.url)
    rows = page.locator("table.desk tbody tr")
    assert rows.count() == 3
    # Keys are told of where they work.
    assert page.get_by_text("j goes to the next firm").is_visible() is script
    if script:
        rows.first.locator("th a").focus()
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert rows.nth(1).locator("th a").evaluate("link => link === document.activeElement")
        # The same two keys of a Lao keyboard.
        for key, code in (("່", "KeyJ"), ("າ", "KeyK"), ("າ", "KeyK")):
            event = {"key": key, "code": code, "bubbles": True}
            page.locator(":focus").dispatch_event("keydown", event)
        assert rows.first.locator("th a").evaluate("link => link === document.activeElement")
    if not page.locator("[name=place]").is_visible():
        page.locator("details.filters > summary").click()
    page.locator("[name=place]").select_option("LA-SV")
    if not script:
        # With script the table follows the choice by itself.
        banker.send(page.get_by_role("button", name="Show firms"))
    page.wait_for_url("**place=LA-SV**")
    rows.nth(1).wait_for(state="detached")
    banker.check()
    banker.send(page.get_by_role("link", name="Save this view"))
    assert "1 firm would have been in it" in page.locator("[id=mail]").inner_text()
    banker.check()
    page.locator("[name=name]").fill("Rice of the south")
    page.locator("[name=mail][value='50']").check()
    banker.send(page.get_by_role("button", name="Save"))
    assert page.locator("h1").inner_text() == "Rice of the south"
    banker.send(page.get_by_role("link", name="As a sheet"))
    banker.check()
    page.locator("[name=ending][value=csv]").check()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert [line.count("Dryer 0") for line in lines] == [0, 1]
    banker.send(page.get_by_role("link", name="Cancel"))
    banker.send(page.get_by_role("button", name="Not for us"))
    assert rows.count() == 0
    banker.send(page.get_by_role("button", name="Take it back"))
    assert rows.count() == 1
    [view] = table.session.scalars(select(SavedView)).all()
    assert view.filters == {"place": "LA-SV"}
    assert [mail.least for mail in table.session.scalars(select(ViewMail))] == [50]
