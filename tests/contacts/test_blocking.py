"""A report reaches the staff in scope, an end holds for both, and quiet is asked about once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker import jobs
from matchmaker.accounts.models import Scope, StaffRole
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import errors, services
from matchmaker.contacts.models import ContactEvent, ContactRequest, Report, ReportReason
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import blocking, quiet
from matchmaker.contacts.services.messages import QUIET
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import OrganisationState
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import pairs
from matchmaker.tasks import Task, TaskKind
from tests.background import run_jobs
from tests.contacts.scene import CANARIES, Scene
from tests.contacts.talking import accepted, propose, say
from tests.factories import NeedFactory, OfferFactory, StaffFactory
from tests.page import PageClient

Browser = Callable[[], PageClient]


def test_a_report_opens_a_task_and_the_other_side_learns_nothing(scene: Scene) -> None:
    request = accepted(scene)
    before = scene.session.scalars(select(ContactEvent.id)).all()
    told = scene.session.scalars(select(Notice.id)).all()
    by = scene.actor(Side.NEED)
    blocking.report(scene.session, request, by, ReportReason.FEE, "canary words", "en")
    scene.session.commit()
    task = scene.session.scalars(select(Task).where(Task.kind == TaskKind.REPORT)).one()
    assert (task.subject, task.subject_id) == ("contact_request", request.id)
    assert (task.province, task.facts) == ("LA-LP", {"reason": "fee"})
    row = scene.session.scalars(select(AuditEvent).where(AuditEvent.code == "fee")).one()
    assert row.event == "request.reported"
    assert scene.session.scalars(select(ContactEvent.id)).all() == before
    assert scene.session.scalars(select(Notice.id)).all() == told


def test_staff_in_scope_see_who_and_why_and_each_look_is_written_down(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = accepted(scene)
    say(scene, request, Side.OFFER, "First pay us a fee of canary dollars")
    url, staff_url = f"/requests/{request.public_id}", f"/programme/requests/{request.public_id}"
    page.sign_in(scene.owner)
    form = page.get(str(page.get(url).one(".talk a")["href"]))
    assert "canary dollars" in form.one("#report").text
    assert "Choose what is wrong" in page.submit(form, "#report form", status=422).text
    page.submit(form, "#report form", reason="fee", note="Is this allowed?")
    officer = new_page().sign_in(StaffFactory())
    shown = officer.get(staff_url)
    assert "They ask for money" in shown.one("#reports").text
    assert "Owner Person" in shown.one("#reports").text
    assert "Is this allowed?" in shown.one("#reports").text
    assert "canary dollars" not in shown.text
    looks = select(AuditEvent).where(AuditEvent.event == "programme.conversation_read")
    assert scene.session.scalars(looks).all() == []
    read = officer.submit(shown, "#reports form", status=200)
    assert "canary dollars" in read.text
    assert len(scene.session.scalars(looks).all()) == 1
    far = StaffFactory(staff_role=StaffRole.OFFICER, scope=Scope.PROVINCE, scope_values=["TH-10"])
    new_page().sign_in(far).post(f"{staff_url}/conversation", status=404)


@pytest.mark.once
def test_nobody_reads_a_conversation_that_nobody_reported(scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    say(scene, request, Side.OFFER)
    page.sign_in(StaffFactory())
    page.post(f"/programme/requests/{request.public_id}/conversation", status=404)
    assert page.get(f"/programme/requests/{request.public_id}").all("#reports") == []


def test_a_person_reports_so_often_a_day(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "REPORTS_A_DAY", 2)
    request, by = accepted(scene), scene.actor(Side.NEED)
    for _ in range(2):
        blocking.report(scene.session, request, by, ReportReason.RUDE)
    with pytest.raises(errors.ReportLimitError):
        blocking.report(scene.session, request, by, ReportReason.RUDE)
    assert scene.session.query(Report).count() == 2


def test_an_end_holds_for_both_and_closes_the_pair_both_ways(scene: Scene) -> None:
    request = accepted(scene)
    meeting = propose(scene, request, Side.NEED)
    blocking.block(scene.session, request, scene.actor(Side.NEED))
    scene.session.commit()
    for side in Side:
        with pytest.raises(errors.ClosedConversationError):
            say(scene, request, side)
        scene.session.rollback()
        assert services.visible(scene.session, request, side) == []
    scene.session.refresh(meeting)
    assert meeting.state == "off"
    theirs = NeedFactory(organisation=scene.funder), OfferFactory(organisation=scene.firm)
    for need, offer in ((scene.need, scene.offer), theirs):
        closed = pairs.pair_closed(scene.session, need, offer)
        assert closed is not None
        assert closed.until is None


def test_only_who_ended_it_opens_it_again(scene: Scene) -> None:
    request = accepted(scene)
    firm, bank = scene.actor(Side.NEED), scene.actor(Side.OFFER)
    with pytest.raises(WrongState):
        blocking.unblock(scene.session, request, firm)
    blocking.block(scene.session, request, firm)
    for step, by in ((blocking.unblock, bank), (blocking.block, bank), (blocking.block, firm)):
        with pytest.raises(WrongState):
            step(scene.session, request, by)
    blocking.unblock(scene.session, request, firm)
    scene.session.commit()
    say(scene, request, Side.OFFER)
    assert pairs.pair_closed(scene.session, scene.need, scene.offer) is None
    kinds = scene.session.scalars(select(ContactEvent.kind).order_by(ContactEvent.id)).all()
    assert kinds[-2:] == [EventKind.BLOCKED, EventKind.UNBLOCKED]


def test_the_pair_stays_closed_while_another_talk_of_theirs_is_ended(scene: Scene) -> None:
    first, firm = accepted(scene), scene.actor(Side.NEED)
    scene.need = NeedFactory(organisation=scene.firm)
    scene.session.commit()
    second = accepted(scene)
    for request in (first, second):
        blocking.block(scene.session, request, firm)
    blocking.unblock(scene.session, first, firm)
    assert pairs.pair_closed(scene.session, scene.need, scene.offer) is not None
    blocking.unblock(scene.session, second, firm)
    assert pairs.pair_closed(scene.session, scene.need, scene.offer) is None


def test_the_pages_of_an_ended_conversation(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = accepted(scene)
    say(scene, request, Side.NEED, "still readable")
    url = f"/requests/{request.public_id}"
    page.sign_in(scene.owner)
    page.submit(page.get(url), "#conversation details form")
    banker = new_page().sign_in(scene.banker)
    theirs = banker.get(url)
    assert "They ended this conversation" in theirs.text
    assert "still readable" in theirs.text
    assert theirs.all("#conversation form") == theirs.all("#dates") == []
    assert CANARIES["contact_telephone"] not in theirs.text
    mine = page.get(url)
    assert "You can take that back" in mine.one("#conversation").text
    page.submit(mine, "#conversation details form")
    assert banker.get(url).one("#conversation textarea")


# --- quiet


def later(scene: Scene, request: ContactRequest) -> None:
    request.quiet_at = clock.now() - timedelta(minutes=1)
    scene.session.commit()


def asked(scene: Scene) -> list[int | None]:
    query = select(Notice.account_id).where(Notice.kind == "request.still_on")
    return sorted(scene.session.scalars(query.order_by(Notice.id)))


def test_two_quiet_weeks_ask_both_sides_once_and_a_word_starts_anew(
    app: Flask, scene: Scene
) -> None:
    request = accepted(scene)
    assert request.quiet_at is not None
    assert request.answered_at is not None
    assert request.quiet_at >= request.answered_at + QUIET
    assert quiet.due(scene.session) == []
    later(scene, request)
    both = sorted([scene.owner.id, scene.banker.id])
    assert quiet.ask_still_on(scene.session, request)
    assert not quiet.ask_still_on(scene.session, request)
    scene.session.commit()
    assert asked(scene) == both
    say(scene, request, Side.NEED)
    later(scene, request)
    scene.session.commit()
    for request_id in quiet.due(scene.session):
        quiet.ask_still_on(scene.session, scene.session.get_one(ContactRequest, request_id))
    scene.session.commit()
    assert asked(scene) == sorted(both * 2)


def test_who_said_what_came_of_it_is_not_asked(scene: Scene) -> None:
    request = accepted(scene)
    later(scene, request)
    services.say_outcome(scene.session, request, scene.actor(Side.OFFER), "talking")
    scene.session.commit()
    assert quiet.due(scene.session) == []
    assert not quiet.ask_still_on(scene.session, request)
    # Two weeks after that word it is quiet again.
    later(scene, request)
    assert quiet.ask_still_on(scene.session, request)


def test_an_end_that_was_taken_back_and_a_suspension_that_is_over_are_asked_about_again(
    scene: Scene,
) -> None:
    request = accepted(scene)
    blocking.block(scene.session, request, scene.actor(Side.NEED))
    blocking.unblock(scene.session, request, scene.actor(Side.NEED))
    scene.session.commit()
    assert request.quiet_at is not None
    assert request.quiet_at > clock.now()
    scene.funder.state = OrganisationState.SUSPENDED
    later(scene, request)
    assert not quiet.ask_still_on(scene.session, request)
    assert asked(scene) == []
    scene.funder.state = OrganisationState.PUBLISHED
    later(scene, request)
    assert quiet.ask_still_on(scene.session, request)


def test_what_was_answered_before_an_end_is_not_asked_once_it_is_taken_back(
    scene: Scene, page: PageClient
) -> None:
    request = accepted(scene)
    later(scene, request)
    quiet.ask_still_on(scene.session, request)
    say(scene, request, Side.OFFER)
    blocking.block(scene.session, request, scene.actor(Side.NEED))
    blocking.unblock(scene.session, request, scene.actor(Side.NEED))
    scene.session.commit()
    page.sign_in(scene.owner)
    assert page.get(f"/requests/{request.public_id}").all("#still-on") == []


def test_an_ended_conversation_is_not_asked_about(scene: Scene) -> None:
    request = accepted(scene)
    blocking.block(scene.session, request, scene.actor(Side.NEED))
    later(scene, request)
    assert not quiet.ask_still_on(scene.session, request)
    assert asked(scene) == []


def test_the_page_asks_until_somebody_says(app: Flask, scene: Scene, page: PageClient) -> None:
    request = accepted(scene)
    later(scene, request)
    jobs.enqueue(scene.session, "contacts.still_on")
    run_jobs(app)
    url = f"/requests/{request.public_id}"
    page.sign_in(scene.owner)
    shown = page.get(url)
    assert "Are you still talking?" in shown.one("#still-on").text
    page.submit(shown, "#still-on form")
    assert page.get(url).all("#still-on") == []
