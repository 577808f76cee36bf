"""What follows: a quiet talk, a silent offerer that comes back, a story that visitors read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import StaffRole
from matchmaker.contacts.models import Story
from matchmaker.contacts.services import quiet
from matchmaker.extensions import clock, db
from tests.browser.conftest import WIDTHS, Arrive
from tests.contacts.scene import make_scene
from tests.contacts.talking import accepted
from tests.contacts.test_silence import missed
from tests.contacts.test_stories import WORDS, agreed
from tests.factories import StaffFactory

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize(("width", "script"), [(WIDTHS[0], True), (WIDTHS[1], False)])


@BOTH
def test_a_quiet_talk_asks_and_a_silent_offerer_comes_back_with_one_click(
    app: Flask, arrive: Arrive, width: int, script: bool
) -> None:
    scene = make_scene(db.session())
    request = accepted(scene)
    request.quiet_at = clock.now() - timedelta(minutes=1)
    quiet.ask_still_on(db.session(), request)
    missed(scene, 3)

    firm = arrive(width, script, scene.owner)
    page = firm.go(f"/requests/{request.public_id}")
    firm.check()
    firm.send(page.locator("#still-on").get_by_role("button", name="Still talking"))
    assert page.locator("#still-on").count() == 0

    bank = arrive(width, script, scene.banker)
    page = bank.go("/start")
    assert "We suggest you to nobody for now" in page.inner_text("main")
    bank.check()
    bank.send(page.get_by_role("button", name="Suggest us again"))
    bank.go("/start")
    assert "We suggest you to nobody" not in page.inner_text("main")


@BOTH
def test_what_both_confirmed_becomes_a_story_that_visitors_read(
    app: Flask, arrive: Arrive, width: int, script: bool
) -> None:
    scene = make_scene(db.session())
    request = agreed(scene)
    officer = StaffFactory(staff_role=StaffRole.OFFICER)
    db.session.commit()
    for account, words in ((scene.owner, WORDS), (scene.banker, "")):
        visitor = arrive(width, script, account)
        page = visitor.go(f"/requests/{request.public_id}")
        panel = page.locator("#story")
        panel.get_by_role("textbox").fill(words)
        panel.get_by_role("checkbox").check()
        visitor.send(panel.get_by_role("button", name="Send it in"))
        visitor.check()
    story = db.session.scalars(select(Story)).one()

    staff = arrive(width, script, officer)
    page = staff.go(f"/programme/stories/{story.public_id}")
    staff.check()
    staff.send(page.get_by_role("button", name="Show it"))

    anyone = arrive(width, script)
    page = anyone.go("/")
    anyone.check()
    assert WORDS in page.inner_text("main")
    assert scene.firm.name not in page.inner_text("main")

    firm = arrive(width, script, scene.owner)
    page = firm.go(f"/requests/{request.public_id}")
    firm.send(page.locator("#story").get_by_role("button", name="Take it back"))
    assert WORDS not in anyone.go("/").inner_text("main")
