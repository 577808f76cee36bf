"""'Not for me': with a reason, on one side only, and taken back."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.suggestions.models import Feedback, FeedbackKind, Hidden, Side
from tests.suggestions.scene import make_scene


def test_it_hides_the_card_and_is_written_down(page, new_page, db_session):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    asked = client.get(f"{scene.match_url}/not-for-me")
    client.submit(asked, reason="too_expensive")
    assert client.get(scene.need_url).all("article.card") == []
    assert len(new_page().sign_in(scene.banker).get(scene.offer_url).all("article.card")) == 1
    row = db_session.scalars(select(Feedback)).one()
    assert (row.kind, row.side, row.reason) == (FeedbackKind.NOT_FOR_ME, Side.NEED, "too_expensive")
    assert row.model_version == 1
    assert row.account_id == scene.owner.id


def test_a_reason_is_asked_for(page, db_session):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    asked = client.get(f"{scene.match_url}/not-for-me")
    client.submit(asked, status=422, reason="because")
    assert db_session.scalars(select(Hidden)).all() == []


def test_twice_is_once(page, db_session):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    asked = client.get(f"{scene.match_url}/not-for-me")
    client.submit(asked, reason="too_expensive")
    client.submit(asked, reason="not_now")
    assert [row.reason for row in db_session.scalars(select(Hidden))] == ["not_now"]


def test_it_is_taken_back_from_the_list_of_what_is_left_out(page, db_session):
    scene = make_scene(db_session)
    client = page.sign_in(scene.owner)
    client.submit(client.get(f"{scene.match_url}/not-for-me"), reason="not_now")
    out = client.get(f"{scene.need_url}?tab=out")
    assert "Not now" in out.text
    client.submit(out, "section form.one")
    assert len(client.get(scene.need_url).all("article.card")) == 1
    kinds = [row.kind for row in db_session.scalars(select(Feedback).order_by(Feedback.id))]
    assert kinds == [FeedbackKind.NOT_FOR_ME, FeedbackKind.TAKEN_BACK]


def test_strangers_cannot_hide_a_pair(page, db_session):
    from tests.factories import AccountFactory

    scene = make_scene(db_session)
    stranger = AccountFactory()
    db_session.commit()
    page.sign_in(stranger).post(f"{scene.match_url}/not-for-me", {"reason": "other"}, status=404)
    page.post(f"{scene.match_url}/show-again", status=404)
    assert db_session.scalars(select(Hidden)).all() == []
