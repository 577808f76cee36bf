"""A funder asks for a paper, the firm sends and shares it, the funder opens it: in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.contacts import services
from matchmaker.suggestions.models import Side
from tests.browser.conftest import Arrive, Visitor
from tests.contacts.scene import Scene, make_scene
from tests.organisations.papers import picture

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db_session: Session) -> Scene:
    return make_scene(db_session)


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, False)])
def test_a_paper_is_asked_for_sent_shared_and_opened(
    app: Flask, arrive: Arrive, scene: Scene, width: int, script: bool
) -> None:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    path, firm = f"/requests/{request.public_id}", scene.firm.public_id
    banker, owner = (arrive(width, script, one) for one in (scene.banker, scene.owner))
    _ask(banker, path)
    page = owner.go(path)
    owner.check()
    assert "We read it before we meet." in page.locator("#evidence").inner_text()
    owner.send(page.get_by_role("link", name="Add a file"))
    _send_file(owner)
    assert page.url.endswith(f"/organisations/{firm}/evidence")
    page = owner.go(path)
    owner.send(page.get_by_role("button", name="Share the file"))
    page = banker.go(path)
    banker.check()
    link = page.locator("#evidence .rows a.btn").get_attribute("href")
    opened: Any = page.goto(banker.address + str(link))
    assert opened.headers["content-type"] == "image/jpeg"
    assert "They last opened it on" in owner.go(path).locator("#evidence").inner_text()


def _ask(banker: Visitor, path: str) -> None:
    page = banker.go(f"{path}/evidence")
    banker.check()
    page.locator("[name=fact]").select_option("business_plan")
    page.locator("[name=why]").fill("We read it before we meet.")
    banker.send(page.locator("#ask button[type=submit]").last)


def _send_file(owner: Visitor) -> None:
    """The piece that was asked for is chosen already; a wrong file is said beside the field."""
    page = owner.page
    owner.check()
    assert page.locator("[name=fact]").input_value() == "business_plan"
    wrong = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"no paper"}
    page.locator("input[type=file]").set_input_files(files=[wrong])  # type: ignore[list-item]
    owner.send(page.locator("#send button[type=submit]"))
    assert "no PDF, JPEG or PNG" in page.locator("#file-e").inner_text()
    right = {"name": "plan.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(600, 400))}
    page.locator("input[type=file]").set_input_files(files=[right])  # type: ignore[list-item]
    owner.send(page.locator("#send button[type=submit]"))
