"""Papers that go with a message: shared with it, opened on record, taken back at once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchmaker.audit import privacy
from matchmaker.contacts.models import EvidenceShare, Message
from matchmaker.contacts.services import evidence, messages
from matchmaker.organisations.models import EvidenceFile, EvidenceOpening
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, say
from tests.contacts.test_queries import MOST, counted
from tests.organisations.papers import keep
from tests.page import PageClient


@pytest.fixture
def file(scene: Scene) -> EvidenceFile:
    return keep(scene.firm, scene.owner.id, "business_plan")


@pytest.mark.slow
def test_a_ticked_paper_goes_with_the_words_and_can_be_taken_back(
    scene: Scene, file: EvidenceFile, page: PageClient, new_page
) -> None:
    request = accepted(scene)
    say(scene, request, Side.OFFER)
    url = f"/requests/{request.public_id}"
    detail = page.sign_in(scene.owner).get(url)
    sent = page.submit(
        detail, "#conversation form:has(textarea)", message="Our plan", files=[file.public_id]
    )
    assert sent.location
    funder = new_page().sign_in(scene.banker)
    link = funder.get(url).one(f"#messages a[href$='{file.public_id}']")
    assert "Business plan" in link.get_text()
    assert funder.client.get(str(link["href"])).status_code == 200
    assert scene.session.scalar(select(func.count()).select_from(EvidenceOpening)) == 1
    back = page.get(url)
    page.submit(back, "#evidence form[action$=take-back]")
    after = funder.get(url)
    assert not after.all(f"#messages a[href$='{file.public_id}']")
    assert "no longer shared" in after.one("#messages").get_text()
    assert funder.client.get(str(link["href"])).status_code == 404
    with counted() as seen:
        funder.get(url)
    assert len(seen) <= MOST, "\n".join(seen)


def test_after_a_paper_was_sent_the_whole_page_says_that_they_may_open_it(
    scene: Scene, file: EvidenceFile, page: PageClient
) -> None:
    url = f"/requests/{accepted(scene).public_id}"
    detail = page.sign_in(scene.owner).get(url)
    values = detail.form("#conversation form:has(textarea)") | {"message": "Our plan"}
    alone = page.post(f"{url}/messages", values, status=200, htmx=True)
    assert alone.one("#conversation")
    values = alone.form("#conversation form:has(textarea)")
    sent = page.post(
        f"{url}/messages", values | {"message": "x", "files": [file.public_id]}, 204, htmx=True
    )
    assert sent.response.headers["HX-Redirect"] == url
    after = page.get(url)
    assert "Sent, with the papers you ticked." in after.text
    assert after.all("#evidence form[action$=take-back]")


def test_only_ones_own_papers_go_and_a_form_sent_twice_is_one_message(
    scene: Scene, file: EvidenceFile
) -> None:
    request = accepted(scene)
    bank, firm = scene.actor(Side.OFFER), scene.actor(Side.NEED)
    stolen = messages.write(scene.session, request, bank, "x", "en", "1", [file.public_id])
    assert stolen.files == {}
    for _ in range(2):
        messages.write(scene.session, request, firm, "Our plan", "en", "2", [file.public_id])
    scene.session.commit()
    rows = scene.session.scalars(select(Message).order_by(Message.id)).all()
    assert [row.files for row in rows] == [{}, {file.public_id: "business_plan"}]
    assert scene.session.scalars(select(EvidenceShare.evidence_file_id)).all() == [file.id]
    assert evidence.file_for(scene.session, request, Side.OFFER, file.public_id) is not None


def test_a_paper_that_is_not_ones_own_cannot_be_ticked(
    scene: Scene, file: EvidenceFile, page: PageClient
) -> None:
    request = accepted(scene)
    detail = page.sign_in(scene.banker).get(f"/requests/{request.public_id}")
    assert "Send papers with it" not in detail.text
    values = detail.form("#conversation form:has(textarea)") | {
        "message": "Hello", "files": [file.public_id]
    }  # fmt: skip
    refused = page.post(f"/requests/{request.public_id}/messages", values, status=422)
    assert "Hello" in refused.text
    assert scene.session.scalar(select(func.count()).select_from(Message)) == 0


def test_how_fast_they_answer_is_always_in_sight(scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    shown = page.sign_in(scene.owner).get(f"/requests/{request.public_id}")
    assert "They usually answer within" in shown.one("#conversation").get_text()
    request.blocked_by = Side.OFFER
    scene.session.commit()
    closed = page.get(f"/requests/{request.public_id}")
    assert "They usually answer within" in closed.one("main .head").get_text()


@pytest.mark.once
def test_papers_named_in_a_message_are_exported_and_go_with_the_person(
    scene: Scene, file: EvidenceFile
) -> None:
    request, firm = accepted(scene), scene.actor(Side.NEED)
    row = messages.write(scene.session, request, firm, "Our plan", "en", "1", [file.public_id])
    (own,) = privacy.exports["message"](scene.session, scene.owner.id)
    assert own["files"] == {file.public_id: "business_plan"}
    privacy.erasures["message"](scene.session, scene.owner.id)
    scene.session.refresh(row)
    assert (row.text, row.files, row.account_id) == ("", {}, None)
