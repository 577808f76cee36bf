"""What nobody gets round by the ordinary pages of an organisation that is a group of firms."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.contacts import services as contacts
from matchmaker.contacts.errors import NotOpenError
from matchmaker.errors import NotAllowed, WrongState
from matchmaker.organisations.access import relation_to
from matchmaker.organisations.models import (
    Consortium,
    Membership,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services import consortium, consortium_lead, membership, publication
from matchmaker.organisations.services.consortium_standing import is_silenced
from matchmaker.suggestions.models import Side
from tests.contacts.grouping import Crowd, make_crowd
from tests.factories import AccountFactory

pytestmark = pytest.mark.once


@pytest.fixture
def crowd(db_session: Session) -> Crowd:
    return make_crowd(db_session)


def suspend(crowd: Crowd, at: int) -> None:
    crowd.needs[at].organisation.state = OrganisationState.SUSPENDED
    crowd.session.commit()


def refused(crowd: Crowd, step: Any, *facts: Any) -> None:
    with pytest.raises(WrongState):
        step(crowd.session, *facts)
    crowd.session.rollback()


def test_a_group_takes_in_nobody_who_would_keep_the_power(page: Any, crowd: Crowd) -> None:
    group, friend = crowd.start(1), AccountFactory()
    crowd.session.commit()
    organisation, by = group.organisation, crowd.owners[0].id
    page.sign_in(crowd.owners[0])
    base = f"/organisations/{organisation.public_id}"
    for path in ("members", "introducers"):
        page.get(f"{base}/{path}", status=404)
        page.post(f"{base}/{path}", {"identity": friend.email or "x"}, status=404)
    refused(crowd, membership.invite, organisation, by, friend)
    refused(crowd, membership.add_member, organisation, by, friend.id)
    refused(crowd, membership.ask_to_join, organisation, friend.id)
    count = select(func.count()).where(Membership.organisation_id == organisation.id)
    assert crowd.session.scalar(count) == 0
    assert relation_to(crowd.session, friend, organisation) is None


def test_by_no_way_does_a_group_ask_before_it_reaches(crowd: Crowd) -> None:
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, by)
    crowd.session.commit()
    consortium.leave(crowd.session, crowd.firm(group, 2), crowd.owners[2].id)
    crowd.session.commit()
    assert group.need.state is PublicationState.PAUSED
    refused(crowd, publication.renew, group.need, by)
    group.need.state = PublicationState.DRAFT
    crowd.session.commit()
    assert not publication.publish(crowd.session, group.need, by)
    publication.publish_waiting(crowd.session, group.organisation, by)
    assert group.need.state is PublicationState.DRAFT


def test_what_is_given_up_is_out_of_sight(page: Any, crowd: Crowd) -> None:
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, by)
    crowd.session.commit()
    page.sign_in(crowd.owners[0])
    base = f"/organisations/{group.organisation.public_id}"
    consortium.end(crowd.session, group, by)
    crowd.session.commit()
    assert group.organisation.state is OrganisationState.DRAFT
    assert group.need.state is PublicationState.CLOSED
    for path in ("needs/new/finance", "offers/new/finance"):
        page.get(f"{base}/{path}", status=404)
    page.post(f"{base}/submit", status=404)
    assert group.organisation.state is OrganisationState.DRAFT


def test_who_is_suspended_acts_for_no_group(crowd: Crowd) -> None:
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1)
    suspend(crowd, 2)
    refused(crowd, consortium.join, crowd.firm(group, 2), crowd.owners[2].id)
    suspend(crowd, 1)
    refused(crowd, consortium_lead.hand_over, group, crowd.firm(group, 1), by)
    suspend(crowd, 0)
    refused(crowd, consortium.invite, group, by, crowd.needs[3:])
    refused(crowd, consortium.publish, group, by)
    assert crowd.session.get_one(Consortium, group.id).coordinator_id == (
        crowd.needs[0].organisation_id
    )
    assert is_silenced(crowd.session, group.organisation_id)
    assert not is_silenced(crowd.session, crowd.needs[3].organisation_id)


def test_with_the_role_goes_no_telephone(crowd: Crowd) -> None:
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, by)
    actor = contacts.Actor(by, Side.NEED)
    ways = ("name", "contact_telephone")
    ask = contacts.Ask(group.need_id, crowd.offer.id, actor, "Hello", "en", promised=ways)
    request = contacts.send(crowd.session, ask).request
    crowd.offer.organisation.contact_email = "fund@example.org"
    contacts.accept(
        crowd.session, request, contacts.Actor(crowd.banker.id, Side.OFFER), ["contact_email"]
    )
    crowd.session.commit()
    seen = contacts.visible(crowd.session, request, Side.OFFER)
    assert [one.field.name for one in seen] == list(ways)
    consortium_lead.hand_over(crowd.session, group, crowd.firm(group, 1), by)
    crowd.session.commit()
    assert group.organisation.contact_telephone == ""
    assert "contact" not in group.organisation.steps_done
    group.organisation.contact_telephone = "+85620555111"
    crowd.session.commit()
    seen = contacts.visible(crowd.session, request, Side.OFFER)
    assert [one.field.name for one in seen] == ["name"]
    assert request.promised == ["name"]


def test_a_request_of_a_group_rests_while_who_speaks_for_it_is_suspended(crowd: Crowd) -> None:
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, by)
    crowd.session.commit()
    ask = contacts.Ask(group.need_id, crowd.offer.id, contacts.Actor(by, Side.NEED), "Hello", "en")
    suspend(crowd, 0)
    with pytest.raises(NotOpenError):
        contacts.send(crowd.session, ask)
    crowd.session.rollback()
    crowd.needs[0].organisation.state = OrganisationState.PUBLISHED
    request = contacts.send(crowd.session, ask).request
    suspend(crowd, 0)
    with pytest.raises(NotAllowed):
        contacts.withdraw(crowd.session, request, contacts.Actor(by, Side.NEED))


def test_the_words_of_a_group_are_edited_and_its_sum_is_not(page: Any, crowd: Crowd) -> None:
    group = crowd.start(1, 2)
    page.sign_in(crowd.owners[0])
    need_url = f"/needs/{group.need.public_id}"
    edit = page.get(f"{need_url}/edit")
    assert not edit.all("[name=amount_minor], [name=currency], [name=draft]")
    words = {"title": "Two halls", "purpose": "EQUIPMENT"}
    exact = {"amount_minor": "99,000", "currency": "USD"}
    page.submit(edit, "main form", status=303, **words, **exact)
    assert (group.need.title, group.need.amount_minor) == ("Two halls", None)
    assert (group.need.band_low, group.need.ready) == (20_000.0, False)
    shown = page.get(need_url)
    assert not shown.all("form[action$='/publish'], form[action$='/renew']")
    told = page.follow(page.post(f"{need_url}/publish"))
    assert "from the page of their group" in told.text
    assert group.need.state is PublicationState.DRAFT
    desk = page.get(f"/organisations/{group.organisation.public_id}")
    assert not desk.all("main a[href*='/needs/new/'], main a[href$='/members']")
    assert not desk.all("main form[action$='/submit']")


def test_a_group_stays_one_whatever_its_profile_says(page: Any, crowd: Crowd) -> None:
    organisation = crowd.start(1).organisation
    url = f"/organisations/{organisation.public_id}/profile/people"
    form = page.sign_in(crowd.owners[0]).get(url)
    assert form.all("[name=legal_form]") == []
    page.submit(form, women_share="50", legal_form="household")
    crowd.session.refresh(organisation)
    assert (organisation.women_share, organisation.is_group) == (50, True)
