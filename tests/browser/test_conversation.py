"""Two people talk after a yes and agree on a date, on a phone and on a laptop, script or not."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from matchmaker.accounts.models import SignIn
from matchmaker.extensions import clock, db
from tests.browser.conftest import Arrive, Visitor
from tests.contacts.scene import make_scene
from tests.contacts.talking import accepted

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("MATCHMAKER_SCREENSHOTS", "")


def shoot(visitor: Visitor, name: str, width: int) -> None:
    if SHOTS:
        path = Path(SHOTS) / f"{name}-{width}.png"
        visitor.page.screenshot(path=path, full_page=True)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_two_people_talk_and_agree_on_a_date(
    app: Flask, arrive: Arrive, width: int, script: bool
) -> None:
    scene = make_scene(db.session())
    path = f"/requests/{accepted(scene).public_id}"
    owner_id = scene.owner.id
    noy, banker = (arrive(width, script, one) for one in (scene.owner, scene.banker))
    db.session.rollback()
    page = noy.go(path)
    page.get_by_label("Write to them").fill("ສະບາຍດີ, ພົບກັນໄດ້ບໍ?")
    noy.press("Send")
    page.get_by_text("ສະບາຍດີ").wait_for()
    page.get_by_text("Propose times to meet").click()
    day = (clock.now() + timedelta(days=5)).date()
    page.get_by_label("First time").fill(f"{day}T14:00")
    page.get_by_label("By telephone").check()
    noy.check()
    shoot(noy, f"talk-noy-{script}", width)
    noy.send(page.get_by_role("button", name="Propose these times"))
    theirs = banker.go(path)
    banker.send(theirs.get_by_role("button", name="Take this time"))
    assert "14:00" in theirs.locator("#dates").inner_text()
    theirs.get_by_label("Write to them").fill("See you then.")
    banker.press("Send")
    banker.check()
    shoot(banker, f"talk-banker-{script}", width)
    if script and width == 360:
        _nothing_is_lost_when_the_session_ends(noy, path, owner_id)


def _nothing_is_lost_when_the_session_ends(noy: Visitor, path: str, owner_id: int) -> None:
    page = noy.go(path)
    words = "".join(chr(0x0E81 + random.Random(at).randrange(60)) for at in range(1900)) + "THE END"
    page.get_by_label("Write to them").fill(words)
    ended = update(SignIn).where(SignIn.account_id == owner_id).values(ended_at=clock.now())
    db.session.execute(ended)
    db.session.commit()
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()
    page.wait_for_load_state()
    assert "What you typed is kept" in page.locator("main").inner_text()
