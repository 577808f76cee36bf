"""From the mail months later to the amount, on a phone, and on a laptop without script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from matchmaker.contacts import outcome_links, services
from matchmaker.contacts.services import questions
from matchmaker.extensions import clock, db
from matchmaker.suggestions.models import Side
from tests.browser.conftest import WIDTHS, Arrive
from tests.contacts.scene import make_scene

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "script"), [(WIDTHS[0], True), (WIDTHS[1], False)])
def test_one_tap_from_the_mail_and_then_the_amount(
    app: Flask, arrive: Arrive, width: int, script: bool
) -> None:
    scene = make_scene(db.session())
    request = scene.send()
    services.accept(db.session(), request, scene.actor(Side.OFFER), ["contact_email"])
    request.answered_at = clock.now() - timedelta(days=92)
    questions.ask(db.session(), request, 3)
    services.say_outcome(db.session(), request, scene.actor(Side.OFFER), "agreed")
    facts = {"request": request.public_id, "side": "need", "reader": scene.owner.public_id}
    until = clock.today() + timedelta(days=60)
    db.session.commit()

    noy = arrive(width, script)
    noy.go(outcome_links.path(facts | {"months": "3", "until": until.isoformat()}))
    noy.check()
    noy.press("Still talking")
    assert "You say: Still talking" in noy.page.inner_text("#how-did-it-go")

    firm = arrive(width, script, scene.owner)
    page = firm.go(f"/requests/{request.public_id}")
    assert "they say “Agreed”" in page.inner_text("#outcome-panel")
    panel = page.locator("#outcome-panel")
    panel.get_by_label("Agreed", exact=True).check()
    panel.get_by_text("How much, or why not").click()
    panel.get_by_label("If you agreed: about how much?").select_option("20000-50000")
    firm.send(panel.get_by_role("button", name="Save"))
    assert "20,000" in page.inner_text("#outcome-panel li >> nth=0")
    assert "Tell others how it went" in page.inner_text("#story")
    firm.check()
