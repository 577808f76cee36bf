"""Every order of steps: the machine takes only the allowed ones, and leaves what it should."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.accounts.models import Account
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import errors, services
from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.contacts.services.ending import due_to_expire, due_to_remind
from matchmaker.errors import NotAllowed, WrongState
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import IntroducerLink, OrganisationState, PublicationState
from matchmaker.suggestions.models import ClosedPair, Feedback, Side
from matchmaker.tasks import Task, TaskKind
from tests.background import run_jobs
from tests.contacts.scene import Scene, make_scene
from tests.factories import MembershipFactory, OrganisationFactory

S = RequestState
Step = Callable[[Session, ContactRequest, Scene], None]

STEPS: dict[str, Step] = {
    "accept": lambda s, r, c: services.accept(s, r, c.actor(Side.OFFER), ["contact_email"]),
    "decline": lambda s, r, c: services.decline(s, r, c.actor(Side.OFFER), "too_small"),
    "withdraw": lambda s, r, c: services.withdraw(s, r, c.actor(Side.NEED)),
    "expire": lambda s, r, c: services.expire(s, r),
    "agreed": lambda s, r, c: services.say_outcome(s, r, c.actor(Side.NEED), "agreed"),
    "talking": lambda s, r, c: services.say_outcome(s, r, c.actor(Side.OFFER), "talking"),
    "met": lambda s, r, c: services.say_outcome(s, r, c.actor(Side.NEED), "met"),
    "share": lambda s, r, c: services.share_more(s, r, c.actor(Side.NEED), ["contact_address"]),
}
#: (state, step) -> state; what is not here is refused.
ALLOWED = {
    (S.SENT, "accept"): S.ACCEPTED,
    (S.SENT, "decline"): S.DECLINED,
    (S.SENT, "withdraw"): S.WITHDRAWN,
    (S.ACCEPTED, "agreed"): S.CLOSED,
    (S.ACCEPTED, "talking"): S.ACCEPTED,
    (S.ACCEPTED, "met"): S.ACCEPTED,
    (S.ACCEPTED, "share"): S.ACCEPTED,
    (S.CLOSED, "agreed"): S.CLOSED,
    (S.CLOSED, "talking"): S.CLOSED,
    (S.CLOSED, "met"): S.CLOSED,
    (S.CLOSED, "share"): S.CLOSED,
}
ENDED = {"accept": None, "decline": None, "withdraw": None, "expire": S.EXPIRED}


@pytest.mark.once
@pytest.mark.slow
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=st.lists(st.sampled_from(sorted(STEPS)), max_size=7), late=st.integers(0, 7))
def test_only_allowed_steps_change_the_state_in_any_order(
    app: Flask, db_session: Session, order: list[str], late: int
) -> None:
    """From step `late` on, the last day has passed."""
    scene = make_scene(db_session)
    request = scene.send()
    for number, name in enumerate(order):
        if number == late:
            request.expires_at = clock.now() - timedelta(seconds=1)
            db_session.commit()
        before, over = request.state, number >= late
        expected = ALLOWED.get((before, name))
        if before is S.SENT and over and name in ENDED:
            expected = S.WITHDRAWN if name == "withdraw" else ENDED[name]
        _take(db_session, request, scene, STEPS[name], expected)
    _holds_together(db_session, request, scene)
    db_session.rollback()
    for row in (request, scene.need, scene.offer):
        row.state = S.EXPIRED if row is request else PublicationState.PAUSED
    db_session.commit()


def _take(
    session: Session, request: ContactRequest, scene: Scene, step: Step, expected: S | None
) -> None:
    before = request.state
    events = _events(session, request)
    try:
        step(session, request, scene)
    except WrongState:
        session.rollback()
        assert expected is None
        assert request.state is before
        assert _events(session, request) == events
        return
    session.commit()
    assert request.state is expected


def _events(session: Session, request: ContactRequest) -> int:
    query = select(ContactEvent.id).where(ContactEvent.contact_request_id == request.id)
    return len(session.scalars(query).all())


def _holds_together(session: Session, request: ContactRequest, scene: Scene) -> None:
    """What may be seen follows from the state alone; each step left its audit row."""
    shown = services.visible(session, request, Side.OFFER)
    assert bool(shown) is (request.state in (S.ACCEPTED, S.CLOSED))
    frozen = session.scalars(select(ClosedPair).where(ClosedPair.need_id == request.need_id)).all()
    assert bool(frozen) is (request.state is S.DECLINED)
    audited = session.scalars(
        select(AuditEvent.id).where(
            AuditEvent.subject == "contact_request", AuditEvent.subject_id == request.id
        )
    ).all()
    assert len(audited) == _events(session, request)


def test_a_no_leaves_a_freeze_a_task_a_notice_and_feedback(scene: Scene) -> None:
    request = scene.send()
    services.decline(scene.session, request, scene.actor(Side.OFFER), "too_small", "Sorry")
    scene.session.commit()
    closed = scene.session.scalars(select(ClosedPair)).one()
    assert closed.until is not None
    assert closed.until > clock.now() + timedelta(days=180)
    task = scene.session.scalars(select(Task)).one()
    assert task.kind is TaskKind.AFTER_DECLINE
    assert task.organisation_id == scene.firm.id
    told = scene.session.scalars(select(Notice).where(Notice.account_id == scene.owner.id)).one()
    assert told.kind == "request.declined"
    kinds = scene.session.scalars(select(Feedback.kind).order_by(Feedback.id)).all()
    assert [kind.value for kind in kinds] == ["asked", "declined"]
    with pytest.raises(errors.FrozenError):
        services.send(scene.session, scene.ask())


def test_the_pair_can_ask_again_after_the_freeze(scene: Scene) -> None:
    request = scene.send()
    services.decline(scene.session, request, scene.actor(Side.OFFER), "not_now")
    scene.session.scalars(select(ClosedPair)).one().until = clock.now()
    scene.session.commit()
    again = services.send(scene.session, scene.ask())
    assert again.new
    assert again.request.id != request.id


def test_an_unread_request_that_is_taken_back_frees_its_place(scene: Scene) -> None:
    request = scene.send()
    scene.session.refresh(scene.offer)
    assert scene.offer.used == 1
    services.withdraw(scene.session, request, scene.actor(Side.NEED))
    scene.session.refresh(scene.offer)
    assert scene.offer.used == 0


def test_an_offerer_that_asks_takes_no_place_of_its_own(scene: Scene) -> None:
    scene.send(Side.OFFER)
    scene.session.refresh(scene.offer)
    assert scene.offer.used == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda c: setattr(c.need, "state", PublicationState.PAUSED), errors.NotOpenError),
        (lambda c: setattr(c.offer, "state", PublicationState.CLOSED), errors.NotOpenError),
        (lambda c: setattr(c.firm, "state", OrganisationState.SUSPENDED), errors.NotOpenError),
        (lambda c: setattr(c.funder, "state", OrganisationState.DRAFT), errors.NotOpenError),
        (lambda c: setattr(c.offer, "deploying", False), errors.NotDeployingError),
        (lambda c: setattr(c.offer, "places", 0), errors.NoPlacesError),
        (lambda c: setattr(c.offer, "organisation", c.firm), errors.OwnPairError),
    ],
)
def test_what_cannot_be_asked_says_why(
    scene: Scene, change: Callable[[Scene], None], expected: type[Exception]
) -> None:
    change(scene)
    scene.session.commit()
    with pytest.raises(expected):
        services.send(scene.session, scene.ask())
    scene.session.rollback()
    assert scene.session.scalars(select(ContactRequest)).all() == []


def test_a_suspended_organisation_neither_answers_nor_is_seen(scene: Scene) -> None:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    assert services.visible(scene.session, request, Side.OFFER)
    scene.firm.state = OrganisationState.SUSPENDED
    scene.session.commit()
    assert services.visible(scene.session, request, Side.OFFER) == []
    assert services.visible(scene.session, request, Side.NEED) == []
    scene.funder.state = OrganisationState.SUSPENDED
    other = make_scene(scene.session)
    waiting = other.send()
    other.funder.state = OrganisationState.SUSPENDED
    scene.session.commit()
    with pytest.raises(NotAllowed):
        services.accept(scene.session, waiting, other.actor(Side.OFFER), ["contact_email"])


def test_only_the_side_that_was_asked_answers(scene: Scene) -> None:
    request = scene.send()
    with pytest.raises(NotAllowed):
        services.accept(scene.session, request, scene.actor(Side.NEED), ["name"])
    with pytest.raises(NotAllowed):
        services.withdraw(scene.session, request, scene.actor(Side.OFFER))


def test_a_yes_needs_a_way_to_be_reached_and_only_what_one_has(scene: Scene) -> None:
    request = scene.send(promised=("name",))
    for chosen in ([], ["contact_name"], ["turnover_minor"], ["name"]):
        with pytest.raises(errors.BadAnswerError):
            services.accept(scene.session, request, scene.actor(Side.OFFER), chosen)
    assert request.state is S.SENT


def test_jobs_remind_on_day_7_and_14_and_end_on_day_21(app: Flask, scene: Scene) -> None:
    request = scene.send()
    seen = []
    for days in range(23):
        request.sent_at = clock.now() - timedelta(days=days)
        request.expires_at = request.sent_at + timedelta(days=21)
        scene.session.commit()
        jobs.enqueue(scene.session, "contacts.expire")
        jobs.enqueue(scene.session, "contacts.remind")
        run_jobs(app)
        seen.append((request.reminders, request.state.value))
        scene.session.commit()
    assert seen[6] == (0, "sent")
    assert seen[7] == (1, "sent")
    assert seen[13] == (1, "sent")
    assert seen[14] == (2, "sent")
    assert seen[20] == (2, "sent")
    assert seen[21] == (2, "expired")
    kinds = scene.session.scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert kinds.count("request.reminder") == 2
    assert kinds.count("request.expired") == kinds.count("request.missed") == 1
    assert [t.kind for t in scene.session.scalars(select(Task))] == [TaskKind.AFTER_SILENCE]
    assert due_to_expire(scene.session) == due_to_remind(scene.session) == []


def introduce(session: Session, scene: Scene) -> Account:
    chamber = OrganisationFactory(is_firm=False, is_introducer=True, name="Chamber")
    account: Account = MembershipFactory(organisation=chamber).account
    session.add(
        IntroducerLink(
            introducer=chamber,
            organisation=scene.firm,
            consent_by="Owner",
            consent_how="paper",
            consent_version="1",
        )
    )
    session.commit()
    return account


def test_a_firm_that_nobody_signs_in_for_is_reached_through_its_introducer(
    db_session: Session,
) -> None:
    scene = make_scene(db_session)
    adviser = introduce(db_session, scene)
    db_session.delete(scene.firm.memberships[0])
    db_session.commit()
    scene.send(Side.OFFER)
    told = db_session.scalars(select(Notice)).one()
    assert told.account_id == adviser.id


def test_an_adviser_who_asked_for_a_firm_hears_the_answer_too(db_session: Session) -> None:
    scene = make_scene(db_session)
    adviser = introduce(db_session, scene)
    request = scene.send(by=services.Actor(adviser.id, Side.NEED))
    services.accept(db_session, request, scene.actor(Side.OFFER), ["contact_email"])
    told = select(Notice.account_id).where(Notice.kind == "request.accepted")
    assert set(db_session.scalars(told)) == {scene.owner.id, adviser.id}


def test_a_request_to_nobody_becomes_a_task(scene: Scene) -> None:
    scene.session.delete(scene.funder.memberships[0])
    scene.session.commit()
    scene.send()
    assert scene.session.scalars(select(Task)).one().kind is TaskKind.NOBODY_HOME


def test_a_nudge_tells_the_silent_side_and_is_refused_once_answered(scene: Scene) -> None:
    request = scene.send()
    services.nudge(scene.session, request, scene.owner.id)
    kinds = scene.session.scalars(
        select(Notice.kind).where(Notice.account_id == scene.banker.id).order_by(Notice.id)
    ).all()
    assert kinds == ["request.received", "request.nudged"]
    audited = select(AuditEvent.account_id).where(AuditEvent.event == "request.nudged")
    assert scene.session.scalars(audited).all() == [scene.owner.id]
    services.withdraw(scene.session, request, scene.actor(Side.NEED))
    with pytest.raises(WrongState):
        services.nudge(scene.session, request, scene.owner.id)
