"""A firm looks at a loan before it asks: its cost, other numbers, why to leave it alone."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.browser.conftest import Arrive
from tests.contacts.scene import Scene, make_scene
from tests.contacts.test_borrowing_pages import others, path, says

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db_session: Session) -> Scene:
    return make_scene(db_session)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_a_loan_is_looked_at_before_asking(
    app: Flask, arrive: Arrive, scene: Scene, width: int, script: bool
) -> None:
    says(scene, fee_when="before", security=["land"], interest_counted="")
    others(3, interest_min=6.0, interest_max=6.0)
    owner = arrive(width, script, scene.owner)
    page = owner.go(f"/matches/{scene.need.public_id}/{scene.offer.public_id}")
    if script:
        page.locator("#before-you-sign .facts").wait_for()
        assert "Not this loan" in page.locator("#before-you-sign").inner_text()
    owner.send(page.locator("#before-you-sign a.btn").last)
    owner.check()
    assert page.url.endswith(path(scene))
    page.locator("[name=amount]").fill("100000000")
    page.locator("[name=months]").fill("none")
    owner.send(page.get_by_role("button", name="Count again"))
    assert "Write a number" in page.locator("#months-e").inner_text()
    page.locator("[name=months]").fill("12")
    owner.send(page.get_by_role("button", name="Count again"))
    assert "8.88" in page.locator("#before-you-sign").inner_text()
    assert page.locator("[aria-labelledby=h-cheaper] li").count() == 3
