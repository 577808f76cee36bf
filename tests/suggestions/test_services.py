"""What other rooms call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.audit import privacy
from matchmaker.extensions import clock
from matchmaker.matching.index import Filters
from matchmaker.suggestions import services
from matchmaker.suggestions.models import ClosedPair, Feedback, FeedbackKind, Hidden, Side
from matchmaker.suggestions.services.hiding import hide_pair, show_pair
from tests.factories import NeedFactory, OfferFactory
from tests.suggestions.scene import make_scene

pytestmark = pytest.mark.both


def test_the_snapshot_of_a_request_is_what_the_page_shows(page, db_session):
    scene = make_scene(db_session)
    taken = services.snapshot(db_session, scene.need, scene.offer)
    shown = page.sign_in(scene.owner).get(scene.match_url).one(".fit-num b").get_text()
    assert str(int(taken["score"] + 0.5)) == shown
    assert taken["model_version"] == 1
    assert {reason["side"] for reason in taken["reasons"]} <= {"for", "against"}


def test_a_pair_has_one_score_whoever_asks_and_whatever_else_is_there(db_session):
    scene = make_scene(db_session)
    alone = services.explain(db_session, scene.need, scene.offer).match.score
    OfferFactory.create_batch(5, usd_max=9_000.0)
    NeedFactory.create_batch(5)
    db_session.commit()
    (as_need,) = [
        one.match for one in services.page_for(db_session, scene.need, Filters()).fit
        if one.offer.id == scene.offer.id
    ]  # fmt: skip
    (as_offer,) = [
        one.match for one in services.page_for(db_session, scene.offer, Filters()).fit
        if one.need.id == scene.need.id
    ]  # fmt: skip
    assert alone == as_need.score == as_offer.score


def test_the_next_best_leave_out_who_said_no(db_session):
    scene = make_scene(db_session)
    others = OfferFactory.create_batch(4)
    db_session.commit()
    until = clock.now() + timedelta(days=180)
    services.close_pair(db_session, scene.need, scene.offer, reason="wrong_kind", until=until)
    db_session.commit()
    found = [one.offer.id for one in services.page_for(db_session, scene.need, Filters()).fit][:3]
    assert len(found) == 3
    assert set(found) <= {offer.id for offer in others}


def test_a_closed_pair_closes_the_need_for_all_offers_of_that_organisation(db_session):
    scene = make_scene(db_session)
    again = OfferFactory(organisation=scene.offer.organisation)
    other = NeedFactory(organisation=scene.need.organisation)
    db_session.commit()
    services.close_pair(db_session, scene.need, scene.offer, reason="other")
    db_session.commit()
    assert services.pair_closed(db_session, scene.need, again) is not None
    assert services.pair_closed(db_session, other, scene.offer) is None
    assert services.counts_for(db_session, [scene.need]) == [0]
    assert services.counts_for(db_session, [other]) == [2]


def test_organisations_that_know_each_other_never_meet(db_session):
    scene = make_scene(db_session)
    services.close_organisations(
        db_session, scene.need.organisation_id, scene.offer.organisation_id, reason="known"
    )
    db_session.commit()
    assert services.counts_for(db_session, [scene.need]) == [0]
    assert services.counts_for(db_session, [scene.offer]) == [0]


def test_taking_back_what_was_never_hidden_says_nothing(db_session):
    scene = make_scene(db_session)
    show_pair(db_session, scene.need, scene.offer, Side.NEED, account_id=scene.owner.id)
    assert db_session.scalars(select(Feedback)).all() == []


def test_erasing_an_account_leaves_what_happened_without_a_name(db_session):
    scene = make_scene(db_session)
    hide_pair(db_session, scene.need, scene.offer, Side.NEED, reason="other",
              account_id=scene.owner.id)  # fmt: skip
    db_session.commit()
    assert len(privacy.exports["feedback"](db_session, scene.owner.id)) == 1
    assert len(privacy.exports["hidden"](db_session, scene.owner.id)) == 1
    for table in ("feedback", "hidden", "model_version"):
        privacy.erasures[table](db_session, scene.owner.id)
    db_session.commit()
    db_session.expire_all()
    assert [row.account_id for row in db_session.scalars(select(Feedback))] == [None]
    assert [row.account_id for row in db_session.scalars(select(Hidden))] == [None]
    assert privacy.exports["feedback"](db_session, scene.owner.id) == []


def test_what_contacts_tells_is_kept_with_the_version_that_proposed_it(db_session):
    scene = make_scene(db_session)
    services.record_feedback(db_session, scene.need, scene.offer, FeedbackKind.ACCEPTED,
                             Side.OFFER, model_version=7, score=71.5)  # fmt: skip
    db_session.commit()
    row = db_session.scalars(select(Feedback)).one()
    assert (row.kind, row.model_version, row.score) == (FeedbackKind.ACCEPTED, 7, 71.5)
    assert db_session.scalars(select(ClosedPair)).all() == []
