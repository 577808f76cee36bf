"""A funder says yes and takes no more this month, gets a paper with a message, and hands over."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from matchmaker.organisations.models import MembershipRole
from tests.browser.conftest import Arrive
from tests.contacts.scene import Scene, make_scene
from tests.factories import AccountFactory, MembershipFactory
from tests.organisations.papers import keep

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db_session: Session) -> Scene:
    found = make_scene(db_session)
    colleague = AccountFactory(name="Colleague Person")
    MembershipFactory(account=colleague, organisation=found.funder, role=MembershipRole.MEMBER)
    db_session.commit()
    return found


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_an_answer_with_capacity_a_paper_with_words_and_a_hand_over(
    arrive: Arrive, scene: Scene, width: int, script: bool
) -> None:
    keep(scene.firm, scene.owner.id, "business_plan")
    path, desk = f"/requests/{scene.send().public_id}", f"/organisations/{scene.funder.public_id}"
    banker, owner = (arrive(width, script, one) for one in (scene.banker, scene.owner))
    page = banker.go(path)
    page.locator("#accept summary").click()
    page.locator("#accept [name=yes-takes][value=none]").check()
    page.locator("#accept [name=fields]").first.check()
    banker.send(page.locator("#accept button[type=submit]"))
    banker.check()
    assert "no more this month" in page.locator("#capacity").inner_text()
    page = owner.go(path)
    page.locator("#conversation [name=message]").fill("Here is our plan.")
    page.locator("#conversation summary").first.click()
    page.locator("#conversation [name=files]").check()
    owner.press("Send")
    page = banker.go(path)
    assert "Business plan" in page.locator("#messages").inner_text()
    page = banker.go(f"{desk}/members")
    banker.send(page.get_by_role("link", name="Leave"))
    page.locator("[name=successor]").select_option(label="Colleague Person")
    banker.check()
    banker.send(page.get_by_role("button", name="Leave now"))
    assert page.url.endswith("/my-business")
    assert banker.go(path).locator("h1").inner_text() == "There is nothing here"
