"""A list with nothing on it: what would give most, and an adviser who is asked once a week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import IntroducerLink, Operator, OrganisationFact
from matchmaker.tasks import Task, TaskKind
from tests.contacts.test_queries import MOST, counted
from tests.factories import CriterionFactory, MembershipFactory, OfferFactory, OrganisationFactory
from tests.page import PageClient
from tests.suggestions.scene import Scene, make_scene


@pytest.fixture
def scene(db_session: Any) -> Scene:
    """A firm without accounts of a year, for which every lender asks; one only for old firms."""
    made = make_scene(db_session)
    has = {"fact": "accounts_1y", "operator": Operator.HAS, "values": []}
    CriterionFactory(offer=made.offer, **has)
    CriterionFactory(offer=OfferFactory(), **has)
    CriterionFactory(offer=OfferFactory(), fact="age_years", operator="at_least", values=[50])
    firm = made.need.organisation
    db_session.add(OrganisationFact(organisation_id=firm.id, fact="accounts_1y", value=False))
    db_session.commit()
    return made


def vouched_by(session: Any, scene: Scene) -> Any:
    chamber = OrganisationFactory(name="Chamber", is_firm=False, is_introducer=True)
    member = MembershipFactory(organisation=chamber)
    session.add(
        IntroducerLink(
            introducer_id=chamber.id, organisation_id=scene.need.organisation_id,
            consent_by="Owner", consent_how="paper", consent_version="1",
        )
    )  # fmt: skip
    session.commit()
    return member


def test_the_one_change_that_would_give_most_is_named(page: PageClient, scene: Scene) -> None:
    found = page.sign_in(scene.owner).get(scene.need_url)
    assert "Nobody fits yet" in found.text
    door = " ".join(found.one(".door-open").get_text(" ").split())
    assert "would open 2 offers." in door
    assert "accounts" in door.lower()


def test_a_funder_reads_which_rule_leaves_out_most(page: PageClient, scene: Scene) -> None:
    found = page.sign_in(scene.banker).get(scene.offer_url)
    assert "alone leaves out 1 need." in found.one(".door-open").text
    assert found.all("#ask-adviser") == []


def test_a_filter_that_empties_the_list_can_be_taken_off(page: PageClient, scene: Scene) -> None:
    found = page.sign_in(scene.owner).get(f"{scene.need_url}?eligible=y")
    [link] = [a for a in found.all(".empty a") if "without your filters" in a.get_text()]
    assert str(link["href"]) == scene.need_url


def test_an_adviser_is_asked_once_a_week(page: PageClient, scene: Scene, db_session: Any) -> None:
    page.sign_in(scene.owner)
    sent = page.submit(page.get(scene.need_url), "#ask-adviser form")
    assert "An adviser was asked to look at your need." in page.follow(sent).text
    task = db_session.scalars(select(Task)).one()
    assert (task.kind, task.subject_id) == (TaskKind.NO_MATCH, scene.need.id)
    assert (task.province, task.assigned_to_id) == ("LA-LP", None)
    shown = page.get(scene.need_url)
    assert "You may ask again a week later." in shown.text
    assert shown.all("#ask-adviser form") == []
    again = page.follow(page.post(f"{scene.need_url}/ask-adviser"))
    assert "asked already this week" in again.text
    assert len(db_session.scalars(select(Task)).all()) == 1
    task.opened_at = clock.now() - timedelta(days=8)
    db_session.commit()
    assert page.get(scene.need_url).one("#ask-adviser form")


def test_it_is_the_task_of_the_introducer_that_vouches(
    page: PageClient, new_page: Callable[[], PageClient], scene: Scene, db_session: Any
) -> None:
    member = vouched_by(db_session, scene)
    page.sign_in(scene.owner).post(f"{scene.need_url}/ask-adviser")
    told = select(Notice.kind).where(Notice.account_id == member.account_id)
    assert db_session.scalars(told).all() == ["task.assigned"]
    adviser = new_page().sign_in(member.account)
    found = adviser.get("/start")
    assert "Help a firm for which nothing fits" in found.text
    assert adviser.get(str(found.all("#next-lines a.btn")[0]["href"])).one("#ask-adviser")


def test_where_something_fits_nothing_is_asked(page: PageClient, db_session: Any) -> None:
    made = make_scene(db_session)
    found = page.sign_in(made.owner).get(made.need_url)
    assert found.all("#ask-adviser, .door-open") == []


@pytest.mark.both
def test_an_empty_list_takes_few_queries(page: PageClient, scene: Scene) -> None:
    page.sign_in(scene.owner).get(scene.need_url)
    with counted() as seen:
        page.get(scene.need_url)
    assert len(seen) <= MOST, "\n".join(seen)


@pytest.mark.both
def test_an_empty_catalogue_says_which_answer_to_leave_out(
    page: PageClient, db_session: Any
) -> None:
    for _ in range(2):
        OfferFactory(title="A loan", languages=["en"])
    OfferFactory(title="A grant", code="GRANT", languages=["lo"])
    db_session.commit()
    found = page.get("/catalogue?code=TERM_LOAN&language=lo&deploying=y")
    lines = [
        " ".join(li.get_text(" ").split()) for li in found.all("#catalogue-results ul.plain li")
    ]
    assert lines == ["Without “Language” 2 offers", "Without “Kind” 1 offer"]
    wider = page.get(str(found.all("#catalogue-results ul.plain a")[0]["href"]))
    assert len(wider.all("article.card")) == 2
