"""No dead ends: a no, silence or a request taken back leads on, for both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker import notifications, tasks
from matchmaker.accounts.models import Scope, StaffRole
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import ending
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.notifications.rendering import sentence
from matchmaker.organisations.models import IntroducerLink, Kind, OrganisationFact
from matchmaker.organisations.services import introducer_link as links
from matchmaker.suggestions.models import Side
from matchmaker.tasks import Task, TaskKind
from matchmaker.vocabulary.reasons import DECLINE_REASONS
from matchmaker.vocabulary.ways import DECLINE_WAYS
from tests.contacts.scene import Scene
from tests.contacts.test_queries import MOST, counted
from tests.factories import (
    CriterionFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.page import Page, PageClient


def declined(scene: Scene, reason: str, asked_by: Side = Side.NEED) -> ContactRequest:
    request = scene.send(asked_by)
    services.decline(scene.session, request, scene.actor(request.asked), reason)
    scene.session.commit()
    return request


def ways(page: PageClient, request: ContactRequest) -> Page:
    return page.get(f"/requests/{request.public_id}")


def text(page: Page) -> str:
    return " ".join(page.one("#ways-on").get_text(" ").split())


def test_every_reason_has_its_way_on() -> None:
    assert DECLINE_WAYS.codes() == DECLINE_REASONS.codes()


def test_a_no_leads_to_the_next_best_and_to_what_helps(scene: Scene, page: PageClient) -> None:
    help_of = {"kind": Kind.SERVICE}
    OfferFactory(title="Books kept", code="ACCOUNTING", **help_of)
    OfferFactory(title="Plans written", code="ADVICE", **help_of)
    OfferFactory(title="A course", code="TRAINING", **help_of)
    for at in range(4):
        OfferFactory(title=f"Loan {at}")
    request = declined(scene, "too_early")
    found = ways(page.sign_in(scene.owner), request)
    told = text(found)
    assert "A plan and a year of simple accounts" in told
    assert len(found.all("#ways-on ol.plain > li")) == 3
    assert "Plans written" in told
    assert "Books kept" in told
    assert "A course" not in told
    own = found.all("#ways-on a[href*='/profile/evidence']")
    assert page.get(str(own[0]["href"])).one("h1")


def test_this_very_door_says_what_would_open_it(scene: Scene, page: PageClient) -> None:
    CriterionFactory(offer=scene.offer, fact="accounts_1y", operator="has", values=[])
    scene.session.add(
        OrganisationFact(organisation_id=scene.firm.id, fact="accounts_1y", value=False)
    )
    request = declined(scene, "other")
    found = ways(page.sign_in(scene.owner), request)
    assert "What would open this door" in text(found)
    assert "code=ACCOUNTING" in str(found.all(".door-open a")[0]["href"])


@pytest.mark.parametrize("asked_by", list(Side))
def test_who_asked_and_got_a_no_finds_ways_on_and_who_said_no_does_not(
    scene: Scene, page: PageClient, new_page: object, asked_by: Side
) -> None:
    OfferFactory(title="Another loan")
    NeedFactory(title="Another firm's need")
    request = declined(scene, "price", asked_by)
    asker, other = scene.owner, scene.banker
    if asked_by is Side.OFFER:
        asker, other = other, asker
    found = ways(page.sign_in(asker), request)
    wanted = "Another loan" if asked_by is Side.NEED else "Another firm's need"
    assert wanted in text(found)
    assert ("budget" in text(found)) == (asked_by is Side.NEED)
    assert page.get(str(found.all("#ways-on ol a")[0]["href"])).one("h1")
    assert ways(new_page().sign_in(other), request).all("#ways-on") == []  # type: ignore[operator]


def test_who_was_asked_finds_others_when_it_is_taken_back(scene: Scene, page: PageClient) -> None:
    NeedFactory(title="Another firm's need")
    request = scene.send()
    services.withdraw(scene.session, request, scene.actor(Side.NEED))
    scene.session.commit()
    found = ways(page.sign_in(scene.banker), request)
    assert "Another firm's need" in text(found)
    assert "An adviser" not in text(found)


def test_silence_leads_on_too(scene: Scene, page: PageClient) -> None:
    OfferFactory(title="Another loan")
    request = scene.send()
    request.expires_at = clock.now() - timedelta(hours=1)
    scene.session.commit()
    assert "Another loan" in text(ways(page.sign_in(scene.owner), request))
    ending.expire(scene.session, request)
    scene.session.commit()
    assert "An adviser of the programme was told." in text(ways(page, request))


def chamber_of(scene: Scene, *, vouches: bool) -> MembershipFactory:
    chamber = OrganisationFactory(name="Chamber of LP", is_firm=False, is_introducer=True)
    member = MembershipFactory(organisation=chamber)
    if vouches:
        link = IntroducerLink(
            introducer_id=chamber.id, organisation_id=scene.firm.id,
            consent_by="Owner", consent_how="paper", consent_version="1",
        )  # fmt: skip
        scene.session.add(link)
    scene.session.commit()
    return member


def test_the_adviser_who_vouches_has_the_task_and_is_told(scene: Scene, page: PageClient) -> None:
    member = chamber_of(scene, vouches=True)
    request = declined(scene, "too_early")
    task = scene.session.scalars(select(Task)).one()
    assert (task.kind, task.assigned_to_id) == (TaskKind.AFTER_DECLINE, member.account_id)
    wanted = {"reason": "too_early", "province": "LA-LP", "public_id": request.public_id}
    assert task.facts == wanted
    notices = select(Notice).where(Notice.account_id == member.account_id)
    notice = scene.session.scalars(notices).one()
    assert notice.facts["path"] == f"/requests/{request.public_id}"
    adviser = page.sign_in(member.account)
    assert "Help a firm to find another way after a no" in adviser.get("/start").text
    assert "Too early for us" in adviser.get("/start").text
    assert "acts for you" in text(ways(page, request))


def test_who_no_longer_acts_for_a_firm_has_its_tasks_no_more(
    scene: Scene, page: PageClient
) -> None:
    member = chamber_of(scene, vouches=True)
    declined(scene, "too_early")
    tasks.open(scene.session, TaskKind.OTHER, "need", 1, assigned_to_id=member.account_id)
    links.end(scene.session, scene.session.scalars(select(IntroducerLink)).one(), scene.owner.id)
    scene.session.commit()
    held = select(Task.kind, Task.assigned_to_id).order_by(Task.id)
    assert scene.session.execute(held).all() == [
        (TaskKind.AFTER_DECLINE, None),
        (TaskKind.OTHER, member.account_id),
    ]
    assert "Too early for us" not in page.sign_in(member.account).get("/start").text


def test_an_adviser_of_the_province_is_named_and_has_no_task(
    scene: Scene, page: PageClient
) -> None:
    member = chamber_of(scene, vouches=False)
    request = declined(scene, "too_early")
    assert "Chamber of LP advises firms in" in text(ways(page.sign_in(scene.owner), request))
    task = scene.session.scalars(select(Task)).one()
    assert (task.assigned_to_id, task.province) == (None, "LA-LP")
    member.organisation.province = "LA-VT"
    scene.session.commit()
    assert "Chamber of LP" not in text(ways(page, request))
    StaffFactory(scope=Scope.PROVINCE, scope_values=["LA-LP"])
    scene.session.commit()
    assert "The programme has an adviser for" in text(ways(page, request))


@pytest.mark.once
def test_the_programmes_adviser_for_the_province_has_the_task_and_is_told(
    scene: Scene, page: PageClient
) -> None:
    """Of two whoever has fewer; nobody of another province, nor who may only look."""
    province = {"scope": Scope.PROVINCE, "scope_values": ["LA-LP"]}
    StaffFactory(staff_role=StaffRole.VIEWER, **province)
    StaffFactory(scope=Scope.PROVINCE, scope_values=["LA-VT"])
    busy, free = StaffFactory(**province), StaffFactory(**province)
    tasks.open(scene.session, TaskKind.OTHER, "need", 1, assigned_to_id=busy.id)
    scene.session.commit()
    request = declined(scene, "too_early")
    query = select(Task).where(Task.kind == TaskKind.AFTER_DECLINE)
    assert scene.session.scalars(query).one().assigned_to_id == free.id
    notice = scene.session.scalars(select(Notice).where(Notice.account_id == free.id)).one()
    assert (notice.kind, notice.facts["path"]) == ("task.assigned", "/programme/tasks")
    assert "The programme has an adviser for" in text(ways(page.sign_in(scene.owner), request))
    desk = page.sign_in(free).get("/programme/tasks?whose=mine")
    assert "Find another way after a no" in desk.text
    assert "Too early for us" in desk.text


@pytest.mark.parametrize("asked_by", list(Side))
def test_the_notice_says_the_way_on_to_a_firm(scene: Scene, asked_by: Side) -> None:
    declined(scene, "papers_missing", asked_by)
    notice = scene.session.scalars(select(Notice).where(Notice.kind == "request.declined")).one()
    way = notifications.label("decline_way", "papers_missing")
    assert notice.facts.get("way") == (way if asked_by is Side.NEED else None)
    assert "Papers we need are missing" in sentence(notice.kind, notice.facts, "en")


@pytest.mark.both
def test_the_page_of_a_no_takes_few_queries(scene: Scene, page: PageClient) -> None:
    CriterionFactory(offer=scene.offer, fact="accounts_1y", operator="has", values=[])
    OfferFactory()
    request = declined(scene, "too_early")
    ways(page.sign_in(scene.owner), request)
    path = f"/requests/{request.public_id}"
    with counted() as few:
        page.get(path)
    assert len(few) <= MOST, "\n".join(few)
