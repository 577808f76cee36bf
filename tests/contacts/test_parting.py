"""An introducer that acts no longer: its people hold and hear nothing more of the firm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import notifications, tasks
from matchmaker.accounts.models import Account
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.notifications.models import MailState, OutboxMail
from matchmaker.organisations.models import IntroducerLink, Organisation
from matchmaker.organisations.services import introducer_link as links
from matchmaker.organisations.services import people, review
from matchmaker.suggestions.models import Side
from matchmaker.tasks import Task, TaskKind
from tests.contacts.scene import Scene
from tests.contacts.test_team import queue_for
from tests.factories import (
    AccountFactory,
    MembershipFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)


@dataclass
class Introduced:
    """A firm's request in the hands of an adviser, who has a task and two unread notices."""

    scene: Scene
    chamber: Organisation
    adviser: Account
    request: ContactRequest

    @property
    def session(self) -> Session:
        return self.scene.session

    def end(self) -> None:
        links.end(self.session, self.session.scalars(select(IntroducerLink)).one(), self.adviser.id)

    def suspend(self) -> None:
        review.suspend(self.session, self.chamber, StaffFactory().id)

    def task_of(self) -> int | None:
        return self.session.scalars(select(Task.assigned_to_id)).one()


@pytest.fixture
def introduced(scene: Scene) -> Introduced:
    chamber = OrganisationFactory(name="Chamber of LP", is_firm=False, is_introducer=True)
    adviser = AccountFactory(name="Adviser Person")
    MembershipFactory(account=adviser, organisation=chamber)
    link_to(scene, chamber, scene.firm)
    by = services.Actor(adviser.id, Side.NEED)
    request = scene.send(by=by)
    tasks.open(
        scene.session, TaskKind.OTHER, "contact_request", request.id,
        organisation_id=scene.firm.id, assigned_to_id=adviser.id,
    )  # fmt: skip
    queue_for(scene.session, adviser, f"/requests/{request.public_id}")
    queue_for(scene.session, adviser, f"/needs/{scene.need.public_id}")
    scene.session.commit()
    assert request.need_keeper_id == adviser.id
    return Introduced(scene, chamber, adviser, request)


def link_to(scene: Scene, introducer: Organisation, firm: Organisation) -> None:
    proof = {"consent_by": "Owner", "consent_how": "on_paper", "consent_version": "1"}
    link = IntroducerLink(introducer_id=introducer.id, organisation_id=firm.id, **proof)
    scene.session.add(link)
    scene.session.commit()


WAYS = pytest.mark.parametrize("over", [Introduced.end, Introduced.suspend])


@WAYS
def test_what_they_held_is_in_nobodys_hands_and_notices_are_called_off(
    introduced: Introduced, over: Callable[[Introduced], None]
) -> None:
    session, adviser = introduced.session, introduced.adviser
    other = f"/organisations/{introduced.chamber.public_id}/members"
    queue_for(session, adviser, other)
    over(introduced)
    session.commit()
    session.refresh(introduced.request)
    assert introduced.request.need_keeper_id is None
    assert introduced.task_of() is None
    left = notifications.unread_paths(session, adviser.id)
    assert other in left
    assert not [path for path in left if path.startswith(("/requests/", "/needs/"))]
    mails = select(OutboxMail).where(OutboxMail.account_id == adviser.id)
    told = [mail.facts["path"] for mail in session.scalars(mails) if mail.facts]
    assert not [path for path in told if path.startswith(("/requests/", "/needs/"))]
    assert session.scalars(mails.where(OutboxMail.state == MailState.DROPPED)).all()


@WAYS
@pytest.mark.once
def test_who_acts_for_the_firm_in_another_way_goes_on(
    introduced: Introduced, over: Callable[[Introduced], None]
) -> None:
    session, adviser = introduced.session, introduced.adviser
    MembershipFactory(account=adviser, organisation=introduced.scene.firm)
    over(introduced)
    session.commit()
    session.refresh(introduced.request)
    assert introduced.request.need_keeper_id == introduced.task_of() == adviser.id
    path = f"/requests/{introduced.request.public_id}"
    assert path in notifications.unread_paths(session, adviser.id)


@pytest.mark.once
def test_what_is_the_introducers_own_stays_with_its_people(introduced: Introduced) -> None:
    session, adviser, chamber = introduced.session, introduced.adviser, introduced.chamber
    own = OfferFactory(organisation=chamber)
    by = services.Actor(adviser.id, Side.OFFER)
    need = introduced.scene.need
    request = introduced.scene.send(Side.OFFER, offer_id=own.id, need_id=need.id, by=by)
    introduced.suspend()
    session.commit()
    session.refresh(request)
    assert request.offer_keeper_id == adviser.id


@pytest.mark.once
def test_news_of_a_firm_that_nobody_signs_in_for_does_not_reach_a_suspended_introducer(
    introduced: Introduced,
) -> None:
    session = introduced.session
    silent = OrganisationFactory(name="Nobody signs in")
    link_to(introduced.scene, introduced.chamber, silent)
    assert people.people(session, silent.id) == [introduced.adviser]
    introduced.suspend()
    assert people.people(session, silent.id) == []
