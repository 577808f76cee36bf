"""Pages of firms that ask together: proposed, begun, joined, asked for; and what nobody reads."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.contacts import services as contacts
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import (
    Consortium,
    ConsortiumSight,
    FirmState,
    IntroducerLink,
)
from matchmaker.organisations.services import consortium, consortium_lead
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services import budget
from matchmaker.tasks import Task, TaskKind
from tests.contacts.grouping import EXACT, PLAN, Crowd, make_crowd
from tests.contacts.test_queries import MOST, counted
from tests.factories import (
    CriterionFactory,
    MembershipFactory,
    OrganisationFactory,
    StaffFactory,
)

FORM = {"name": PLAN.name, "title": PLAN.title, "text": PLAN.text}


@pytest.fixture
def crowd(db_session: Session) -> Crowd:
    return make_crowd(db_session)


def url_of(group: Consortium) -> str:
    return f"/groups/{group.organisation.public_id}"


def step_url(crowd: Crowd, group: Consortium, at: int, step: str) -> str:
    return f"{url_of(group)}/firms/{crowd.firm(group, at).public_id}/{step}"


def test_a_near_miss_by_the_least_amount_leads_to_groups(page: Any, crowd: Crowd) -> None:
    page.sign_in(crowd.owners[0])
    near = page.get(f"/matches/needs/{crowd.needs[0].public_id}?tab=near")
    link = next(one for one in near.all("a.btn") if "Together with others" in one.text)
    assert link["href"] == crowd.together_url
    proposed = page.get(crowd.together_url)
    assert "You and 2 firms" in proposed.text
    assert "The same business" in proposed.text
    assert (
        proposed.one("#h-group-1 ~ .sum li:last-child").text == "= $60,000\u2060\u2013\u2060150,000"
    )
    assert "Hidden Roaster" not in proposed.one("main").text.replace("Hidden Roaster 0", "")
    ticked = [one["value"] for one in proposed.all("input[name=firms][checked]")]
    assert len(ticked) == 2


def test_where_more_than_the_amount_stands_between_no_group_is_offered(
    page: Any, crowd: Crowd
) -> None:
    CriterionFactory(offer=crowd.offer, fact="country", values=["iso3166-1:TH"])
    page.sign_in(crowd.owners[0])
    near = page.get(f"/matches/needs/{crowd.needs[0].public_id}?tab=near")
    assert "Together with others" not in near.text
    assert "You need no group here" in page.get(crowd.together_url).text


@pytest.mark.slow
def test_begun_joined_and_asked_for_once(page: Any, new_page: Any, crowd: Crowd) -> None:
    page.sign_in(crowd.owners[0])
    proposed = page.get(crowd.together_url)
    bad = page.submit(proposed, "#start form", status=422, **(FORM | {"name": ""}))
    assert "Give the group a name." in bad.text
    assert bad.one("[name=title]")["value"] == PLAN.title
    begun = page.submit(proposed, "#start form", shows_name="y", **FORM)
    shown = page.follow(begun)
    assert "2 firms are invited." in shown.text
    group = crowd.session.scalars(select(Consortium)).one()
    asked = [
        at for at in (1, 2, 3)
        if crowd.needs[at].organisation_id in {one.organisation_id for one in group.firms}
    ]  # fmt: skip
    for at in asked:
        other = new_page().sign_in(crowd.owners[at])
        invited = other.get(url_of(group))
        assert "Hidden Roaster 0" in invited.text
        other.submit(invited, "main form", status=303)
        assert "In the group" in other.get(url_of(group)).text
    ready = page.get(url_of(group))
    assert "Together you reach it" in ready.text
    sent = page.post(f"{url_of(group)}/ask")
    ask = page.follow(sent)
    form = "#contact-panel form"
    request = page.follow(page.submit(ask, form, on_behalf="y"))
    assert "Waiting for their answer" in request.text
    other = new_page().sign_in(crowd.owners[asked[0]])
    assert "Waiting for their answer" in other.get(url_of(group)).text
    assert PLAN.name in other.get("/groups").text
    # Who decides about it reads that it is not one firm, on lists as in the request.
    bank = new_page().sign_in(crowd.banker)
    assert "A group of firms in Luang Prabang" in bank.get("/requests").text
    listed = bank.get(f"/matches/offers/{crowd.offer.public_id}").one("main").text
    assert listed.count("A group of firms:") == 1
    [told] = crowd.session.scalars(select(Notice).where(Notice.account_id == crowd.banker.id))
    assert told.facts["party"] == {"firm_in": "LA-LP", "group": "yes"}


def test_nobody_reads_an_amount_a_hidden_name_or_a_no(
    page: Any, new_page: Any, crowd: Crowd
) -> None:
    for need in crowd.needs:
        # Agreed for the lists of funders, which other firms are not.
        need.organisation.show_name = True
    page.sign_in(crowd.owners[0])
    proposed = page.get(crowd.together_url).one("main").text
    assert "Hidden Roaster" not in proposed.replace("Hidden Roaster 0", "")
    group = crowd.start(1, 2, 3)
    crowd.join(group, 1)
    consortium.decline(crowd.session, crowd.firm(group, 2), crowd.owners[2].id)
    crowd.session.commit()
    leads = page.get(url_of(group))
    assert leads.text.count("Invited until") == 2
    assert leads.text.count("Take the invitation back") == 2
    inside = new_page().sign_in(crowd.owners[1]).get(url_of(group))
    invited = new_page().sign_in(crowd.owners[3]).get(url_of(group))
    for at, seen in ((0, leads), (1, inside), (3, invited)):
        whole = str(seen.soup).replace(f"Hidden Roaster {at}", "")
        assert "Hidden Roaster" not in whole
        assert str(EXACT)[:6] not in whole.replace(",", "")
    assert "Invited until" not in inside.text + invited.text
    # Nor is a no told apart when the time is over.
    for firm in group.firms:
        firm.expires_at = clock.now()
    crowd.session.commit()
    assert page.get(url_of(group)).text.count("Not joined") == 2
    refused = new_page().sign_in(crowd.owners[2]).get(url_of(group))
    assert "You are not in this group" in refused.text
    assert "US$" not in refused.one("main").text
    new_page().sign_in(crowd.banker).get(url_of(group), status=404)
    staff = new_page().sign_in(StaffFactory()).get(url_of(group))
    assert "Hidden Roaster 1" in staff.text


def test_steps_are_for_those_they_belong_to(page: Any, new_page: Any, crowd: Crowd) -> None:
    group = crowd.start(1, 2)
    second = new_page().sign_in(crowd.owners[1])
    for at, step in ((2, "join"), (2, "withdraw"), (1, "lead")):
        second.post(step_url(crowd, group, at, step), status=404)
    second.post(f"{url_of(group)}/ask", status=404)
    second.post(step_url(crowd, group, 1, "join"), {"shows_name": "y"})
    page.sign_in(crowd.owners[0])
    assert "Hidden Roaster 1" in page.get(url_of(group)).text
    refused = page.follow(page.post(f"{url_of(group)}/ask"))
    assert "do not reach" in refused.text
    handed = page.follow(page.post(step_url(crowd, group, 1, "lead")))
    assert "Another firm speaks for the group now." in handed.text
    second.post(step_url(crowd, group, 2, "withdraw"))
    assert crowd.firm(group, 2).state is FirmState.WITHDRAWN
    page.post(step_url(crowd, group, 0, "leave"))
    assert "given up" in second.follow(second.post(f"{url_of(group)}/end")).text


def test_more_firms_are_found_for_what_the_group_lacks(
    page: Any, new_page: Any, db_session: Session
) -> None:
    crowd = make_crowd(db_session, firms=5)
    group = crowd.start(1, 2, name="Coffee, call 020 5555 1234", text="ask@coffee.la")
    crowd.join(group, 1)
    consortium_lead.hand_over(crowd.session, group, crowd.firm(group, 1), crowd.owners[0].id)
    crowd.session.commit()
    second = page.sign_in(crowd.owners[1])
    shown = second.get(url_of(group))
    assert not any(hidden in shown.text for hidden in ("5555", "ask@"))
    assert "5555" not in second.get("/groups").text
    find = next(one for one in shown.all("a.btn") if "Find more firms" in one.text)
    more = second.get(find["href"])
    assert "Your group and 1 firm" in more.text
    offered = {one["value"] for one in more.all("input[name=firms]")}
    assert offered == {crowd.needs[at].public_id for at in (3, 4)}
    assert "of 100" not in more.text
    invited = second.follow(second.submit(more, "#start form"))
    assert "1 firm is invited." in invited.text
    first = new_page().sign_in(crowd.owners[0]).get(crowd.together_url)
    assert "You are in a group for this offer" in first.text
    assert not first.all("#start")


def _adviser_of(crowd: Crowd) -> Account:
    chamber = OrganisationFactory(name="Chamber of LP", is_firm=False, is_introducer=True)
    crowd.session.add(
        IntroducerLink(
            introducer_id=chamber.id, organisation_id=crowd.needs[0].organisation_id,
            consent_by="Owner", consent_how="paper", consent_version="1",
        )
    )  # fmt: skip
    person: Account = MembershipFactory(organisation=chamber).account
    crowd.session.commit()
    return person


def test_after_a_no_the_way_on_is_shown(page: Any, new_page: Any, crowd: Crowd) -> None:
    group = crowd.start(1, 2, 3)
    crowd.join(group, 1, 2)
    by = crowd.owners[0].id
    adviser = _adviser_of(crowd)
    consortium.publish(crowd.session, group, by)
    ask = contacts.Ask(
        group.need_id, crowd.offer.id, contacts.Actor(by, Side.NEED), "May we talk?", "en"
    )
    request = contacts.send(crowd.session, ask).request
    contacts.decline(
        crowd.session, request, contacts.Actor(crowd.banker.id, Side.OFFER), "too_early", "In May."
    )
    crowd.session.commit()
    leads = page.sign_in(crowd.owners[0]).get(url_of(group))
    assert "Other offers for the group" in leads.text
    # Who acts for the firm that speaks for the group has the task, and opens what it is about.
    told = select(Task.assigned_to_id).where(Task.kind == TaskKind.AFTER_DECLINE)
    assert crowd.session.scalars(told).all() == [adviser.id]
    ways = new_page().sign_in(adviser).get(f"/requests/{request.public_id}").one("#ways-on")
    assert "Chamber of LP acts for you" in ways.text
    member = new_page().sign_in(crowd.owners[2]).get(url_of(group))
    assert "They said no." in member.text
    assert "Your own matches" in member.text
    assert "Open the request" not in member.text
    assert all(words in member.text for words in ("May we talk?", "In May."))
    invited = new_page().sign_in(crowd.owners[3]).get(url_of(group))
    staff = new_page().sign_in(StaffFactory()).get(url_of(group))
    assert "They said no." in invited.text
    assert "They said no." not in staff.text
    for seen in (invited, staff):
        assert not any(words in seen.text for words in ("May we talk?", "In May."))


@pytest.mark.slow
def test_the_pages_take_the_same_few_queries_for_two_firms_and_for_six(
    page: Any, db_session: Session
) -> None:
    crowd = make_crowd(db_session, firms=6)
    group = crowd.start(1)
    page.sign_in(crowd.owners[0])
    for url in (crowd.together_url, url_of(group), "/groups"):
        page.get(url)
        with counted() as few:
            page.get(url)
        crowd.session.commit()
        consortium.invite(crowd.session, group, crowd.owners[0].id, crowd.needs[2:])
        crowd.join(group, *[at for at in (1, 2) if crowd.firm(group, at).state == "invited"])
        page.get(url)
        with counted() as many:
            page.get(url)
        # Where nobody is left to propose, the rows of nobody are asked for.
        assert len(many) <= len(few) <= MOST, "\n".join(few)


def test_cards_of_firms_to_ask_with_count_as_seen(
    page: Any, new_page: Any, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once each a day, in one budget with lists; then it is full, and staff look."""
    first = page.sign_in(crowd.owners[0])
    for _look in range(2):
        first.get(crowd.together_url).response.close()
    crowd.session.commit()
    mine = select(ConsortiumSight.need_id).where(
        ConsortiumSight.organisation_id == crowd.needs[0].organisation_id
    )
    assert set(crowd.session.scalars(mine)) == {one.id for one in crowd.needs[1:3]}
    crowd.session.commit()
    monkeypatch.setattr(budget, "NEEDS_A_DAY", 3)
    full = first.get(crowd.together_url, status=429)
    full.response.close()
    assert "as many firms as a day allows" in full.text
    # Another firm of the same owner opens no second budget; another firm has its own.
    MembershipFactory(account=crowd.owners[0], organisation=crowd.needs[1].organisation)
    crowd.session.commit()
    other = crowd.together_url.replace(crowd.needs[0].public_id, crowd.needs[1].public_id)
    first.get(other, status=429)
    new_page().sign_in(crowd.owners[1]).get(other)
    opened = select(Task.kind).where(Task.kind == TaskKind.MANY_SEEN)
    assert crowd.session.scalars(opened).all()


def test_the_budget_of_lists_counts_cards_of_groups(crowd: Crowd) -> None:
    offer, banker = crowd.offer, crowd.banker
    budget.count_together(crowd.session, offer.organisation_id, [one.id for one in crowd.needs])
    crowd.session.commit()
    left = budget.NEEDS_A_DAY - len(crowd.needs)
    budget.queue_for(crowd.session, offer, banker.id, left)
    with pytest.raises(budget.LookedEnoughError):
        budget.queue_for(crowd.session, offer, banker.id, left + 1)


def test_a_group_that_reaches_the_ticket_looks_for_nobody(page: Any, crowd: Crowd) -> None:
    group = crowd.start(1, 2)
    crowd.join(group, 1, 2)
    seen = page.sign_in(crowd.owners[0]).get(crowd.together_url)
    assert "Your group needs no more firms for this offer." in seen.text
    assert "No group would reach it" not in seen.text
    assert not seen.all("input[name=firms]")
