"""Three requests in a row without an answer: a pause, a kind notice, and one click back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services.ending import REMIND_AFTER, due_to_remind
from matchmaker.extensions import clock, db
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import Organisation, OrganisationState
from matchmaker.organisations.services import silence
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.resident import loading
from tests.contacts.scene import Scene
from tests.contacts.test_races import at_once
from tests.factories import MembershipFactory, NeedFactory, OrganisationFactory, StaffFactory
from tests.page import PageClient


def another(scene: Scene) -> ContactRequest:
    """Another firm asks the funder."""
    member = MembershipFactory(organisation=OrganisationFactory())
    need = NeedFactory(organisation=member.organisation)
    request = scene.send(need_id=need.id, by=services.Actor(member.account.id, Side.NEED))
    scene.banker_seen(request)
    return request


def run_out(scene: Scene, request: ContactRequest) -> None:
    request.expires_at = clock.now() - timedelta(seconds=1)
    scene.session.commit()
    services.expire(scene.session, request)
    scene.session.commit()


def missed(scene: Scene, times: int) -> None:
    for _ in range(times):
        run_out(scene, another(scene))
    scene.session.refresh(scene.funder)


def suggested(scene: Scene) -> bool:
    scene.session.expire_all()
    found = scene.session.scalars(loading.live_offers()).all()
    return scene.offer.id in {offer.id for offer in found}


def events(scene: Scene) -> list[str]:
    query = select(AuditEvent.event).where(
        AuditEvent.subject == "organisation", AuditEvent.subject_id == scene.funder.id
    )
    return list(scene.session.scalars(query.order_by(AuditEvent.id)))


def test_the_third_in_a_row_pauses_it_with_one_kind_notice(scene: Scene) -> None:
    missed(scene, 2)
    assert suggested(scene)
    missed(scene, 1)
    assert not suggested(scene)
    missed(scene, 1)
    query = select(Notice.account_id).where(Notice.kind == "organisation.paused_itself")
    assert scene.session.scalars(query).all() == [scene.banker.id]
    assert events(scene) == ["organisation.paused_itself"]


def test_an_answer_in_between_begins_the_count_again(scene: Scene) -> None:
    missed(scene, 2)
    request = another(scene)
    services.decline(scene.session, request, scene.actor(Side.OFFER), "full")
    scene.session.commit()
    missed(scene, 2)
    assert scene.funder.silent_since is None
    assert suggested(scene)


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_any_answer_brings_it_back_at_once(scene: Scene, answer: str) -> None:
    request = another(scene)
    missed(scene, 3)
    assert not suggested(scene)
    by = scene.actor(Side.OFFER)
    if answer == "accept":
        services.accept(scene.session, request, by, ["contact_email"])
    else:
        services.decline(scene.session, request, by, "not_now")
    scene.session.commit()
    assert suggested(scene)
    assert events(scene) == ["organisation.paused_itself", "organisation.came_back"]


def test_who_asked_and_got_no_answer_is_not_silent(scene: Scene) -> None:
    for _ in range(3):
        run_out(scene, scene.send(Side.NEED))
    scene.session.refresh(scene.firm)
    assert (scene.firm.missed, scene.firm.silent_since) == (0, None)


def test_who_may_not_answer_is_neither_reminded_nor_silent(scene: Scene) -> None:
    request = another(scene)
    scene.funder.state = OrganisationState.SUSPENDED
    request.sent_at = clock.now() - REMIND_AFTER[0]
    scene.session.commit()
    assert not services.remind(scene.session, request)
    assert due_to_remind(scene.session) == []
    run_out(scene, request)
    told = select(Notice.kind).where(Notice.account_id == scene.banker.id)
    assert scene.session.scalars(told).all() == ["request.received"]
    scene.session.refresh(scene.funder)
    assert scene.funder.missed == 0


def test_nobody_owes_a_suspended_asker_an_answer_or_says_yes_to_it(
    scene: Scene, page: PageClient
) -> None:
    request = scene.send(Side.OFFER)
    page.sign_in(scene.owner)
    url = f"/requests/{request.public_id}"
    assert page.get(url).one("#accept")
    scene.funder.state = OrganisationState.SUSPENDED
    request.sent_at = clock.now() - REMIND_AFTER[0]
    scene.session.commit()
    shown = page.get(url)
    assert "You need not answer" in shown.one("#suspended").text
    assert shown.all("#accept") == []
    assert shown.one("#decline")
    page.post(f"{url}/accept", {"fields": "contact_email"}, status=409)
    assert not services.remind(scene.session, request)
    run_out(scene, request)
    scene.session.refresh(scene.firm)
    assert scene.firm.missed == 0


@pytest.mark.slow
def test_one_click_brings_it_back(scene: Scene, page: PageClient) -> None:
    missed(scene, 3)
    version = scene.funder.version
    page.sign_in(scene.banker)
    assert "We suggest you to nobody for now" in page.get("/start").text
    page.get(f"/matches/offers/{scene.offer.public_id}")
    desk = page.get(f"/organisations/{scene.funder.public_id}")
    back = page.follow(page.submit(desk, "form[action$=come-back]"))
    assert "You are suggested to others again" in back.text
    assert "We suggest you to nobody" not in back.text
    assert suggested(scene)
    assert scene.funder.version == version
    page.post(f"/organisations/{scene.funder.public_id}/come-back")
    assert events(scene) == ["organisation.paused_itself", "organisation.came_back"]


def test_staff_see_the_pause_and_others_that_nobody_answered(
    scene: Scene, page: PageClient
) -> None:
    missed(scene, 3)
    page.sign_in(StaffFactory())
    assert "It paused itself" in page.get(f"/programme/reviews/{scene.funder.public_id}").text
    page.sign_in(scene.owner)
    shown = page.get(f"/matches/{scene.need.public_id}/{scene.offer.public_id}")
    assert "Has not answered lately" in shown.text


@pytest.mark.slow
def test_a_pause_against_an_answer_never_leaves_it_paused(app: Flask, scene: Scene) -> None:
    bank = scene.actor(Side.OFFER)
    for _ in range(3):
        missed(scene, 2)
        last, answered = another(scene), another(scene)
        last.expires_at = clock.now() - timedelta(seconds=1)
        scene.session.commit()
        last_id, answered_id = last.id, answered.id

        def end(request_id: int = last_id) -> None:
            services.expire(db.session(), db.session.get_one(ContactRequest, request_id))

        def say(request_id: int = answered_id) -> None:
            row = db.session.get_one(ContactRequest, request_id)
            services.decline(db.session(), row, bank, "other")

        assert Counter(at_once(app, [end, say])) == {"done": 2}
        scene.session.refresh(scene.funder)
        assert scene.funder.silent_since is None
        assert scene.funder.missed in (0, 1)
        silence.come_back(scene.session, scene.funder.id, None)
        scene.session.commit()


@pytest.mark.slow
def test_many_that_run_out_at_once_are_each_counted_and_told_of_once(
    app: Flask, scene: Scene
) -> None:
    funder_id = scene.funder.id
    steps = [lambda: silence.note_missed(db.session(), funder_id)] * 8
    assert Counter(at_once(app, steps)) == {"done": 8}
    funder = db.session.get_one(Organisation, funder_id, populate_existing=True)
    assert funder.missed == 8
    assert funder.silent_since is not None
    assert events(scene) == ["organisation.paused_itself"]
