"""A group of firms: begun, joined, left, led, published and asked for, and who acts for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit import privacy
from matchmaker.contacts import services as contacts
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.organisations.access import Relation, relation_to
from matchmaker.organisations.models import FirmState, OrganisationState, PublicationState
from matchmaker.organisations.services import consortium, consortium_lead, consortium_limits, review
from matchmaker.organisations.services.acting import acting_for
from matchmaker.organisations.services.consortium_limits import InvitedEnoughError
from matchmaker.organisations.services.consortium_moves import (
    CoordinatorStaysError,
    GroupFullError,
    InAGroupError,
    NotReachedError,
)
from matchmaker.organisations.services.consortium_standing import standing
from matchmaker.suggestions.models import Side
from tests.contacts.grouping import Crowd, make_crowd


@pytest.fixture
def crowd(db_session: Session) -> Crowd:
    return make_crowd(db_session)


def told(crowd: Crowd, kind: str) -> list[int]:
    query = select(Notice.account_id).where(Notice.kind == kind).order_by(Notice.account_id)
    return list(crowd.session.scalars(query))


@pytest.mark.once
def test_a_group_is_an_unseen_organisation_with_a_need_of_its_own(crowd: Crowd) -> None:
    group = crowd.start(1, 2)
    assert group.organisation.state is OrganisationState.DRAFT
    assert (group.organisation.legal_form, group.organisation.memberships) == ("consortium", [])
    assert group.need.amount_minor is None
    assert (group.need.band_low, group.need.band_high) == (20_000.0, 50_000.0)
    states = [firm.state.value for firm in standing(crowd.session, group).firms]
    assert states == ["joined", "invited", "invited"]
    assert told(crowd, "group.invited") == [one.id for one in crowd.owners[1:3]]
    assert crowd.start(3) is group
    assert len(standing(crowd.session, group).firms) == 3


@pytest.mark.once
def test_the_sum_is_a_band_of_those_that_joined_and_opens_the_way_at_the_ticket(
    crowd: Crowd,
) -> None:
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1)
    review.submit_for_review(crowd.session, group.organisation, by, publish_first=True)
    crowd.session.commit()
    assert group.need.state is PublicationState.DRAFT
    with pytest.raises(NotReachedError):
        consortium.publish(crowd.session, group, by)
    crowd.session.rollback()
    crowd.join(group, 2)
    assert (group.need.band_low, group.need.band_high) == (60_000.0, 150_000.0)
    consortium.publish(crowd.session, group, by)
    crowd.session.commit()
    assert group.organisation.state is OrganisationState.PUBLISHED
    assert group.organisation.second_look_at is not None
    assert group.need.state is PublicationState.PUBLISHED
    consortium.leave(crowd.session, crowd.firm(group, 2), crowd.owners[2].id)
    crowd.session.commit()
    assert group.need.state is PublicationState.PAUSED
    assert told(crowd, "group.left") == [by]


@pytest.mark.once
def test_only_the_coordinators_people_act_for_the_group(crowd: Crowd) -> None:
    group = crowd.start(1)
    crowd.join(group, 1)
    first, second = crowd.owners[:2]
    session, organisation = crowd.session, group.organisation
    assert relation_to(session, first, organisation) is Relation.OWNER
    assert relation_to(session, second, organisation) is None
    consortium_lead.hand_over(session, group, crowd.firm(group, 1), first.id)
    session.commit()
    assert relation_to(session, first, organisation) is None
    assert relation_to(session, second, organisation) is Relation.OWNER
    assert organisation.id in set(session.scalars(acting_for(second.id)))
    assert organisation.id not in set(session.scalars(acting_for(first.id)))
    assert told(crowd, "group.yours") == [second.id]


@pytest.mark.once
def test_one_request_for_all_is_read_by_all(crowd: Crowd) -> None:
    group = crowd.start(1, 2)
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, crowd.owners[0].id)
    ask = contacts.Ask(
        group.need_id, crowd.offer.id, contacts.Actor(crowd.owners[0].id, Side.NEED), "Hello", "en"
    )
    request = contacts.send(crowd.session, ask).request
    crowd.session.commit()
    others = [one.id for one in crowd.owners[1:3]]
    assert told(crowd, "group.news") == others
    by = contacts.Actor(crowd.banker.id, Side.OFFER)
    contacts.decline(crowd.session, request, by, "too_early")
    crowd.session.commit()
    assert told(crowd, "group.news") == sorted(others * 2)
    assert told(crowd, "request.declined") == [crowd.owners[0].id]


@pytest.mark.once
def test_a_no_is_told_to_nobody_and_an_old_invitation_is_over(crowd: Crowd) -> None:
    group = crowd.start(1, 2, 3)
    consortium.decline(crowd.session, crowd.firm(group, 1), crowd.owners[1].id)
    late = crowd.firm(group, 2)
    late.expires_at = clock.now() - timedelta(minutes=1)
    crowd.session.commit()
    with pytest.raises(WrongState):
        consortium.join(crowd.session, late, crowd.owners[2].id)
    crowd.session.rollback()
    consortium.withdraw(crowd.session, crowd.firm(group, 1), crowd.owners[0].id)
    consortium.withdraw(crowd.session, crowd.firm(group, 3), crowd.owners[0].id)
    crowd.session.commit()
    assert [crowd.firm(group, at).state for at in (1, 3)] == [FirmState.WITHDRAWN] * 2
    kinds = set(crowd.session.scalars(select(Notice.kind)))
    assert kinds == {"group.invited"}


def test_a_need_counts_in_one_group_and_the_one_who_speaks_stays(crowd: Crowd) -> None:
    group = crowd.start(1, 2)
    crowd.join(group, 1)
    plan = consortium.Plan("Another", "Another hall", "", "en")
    with pytest.raises(InAGroupError):
        consortium.start(
            crowd.session, crowd.needs[1], crowd.offer, crowd.owners[1].id, plan, crowd.needs[3:]
        )
    crowd.session.rollback()
    with pytest.raises(CoordinatorStaysError):
        consortium.leave(crowd.session, crowd.firm(group, 0), crowd.owners[0].id)
    crowd.session.rollback()
    consortium.end(crowd.session, group, crowd.owners[0].id)
    crowd.session.commit()
    assert group.need.state is PublicationState.CLOSED
    assert told(crowd, "group.ended") == [crowd.owners[1].id]
    with pytest.raises(WrongState):
        consortium.join(crowd.session, crowd.firm(group, 2), crowd.owners[2].id)
    crowd.session.rollback()
    with pytest.raises(InvitedEnoughError):
        crowd.start(1)
    crowd.session.rollback()
    again = crowd.start(3)
    assert again.id != group.id


@pytest.mark.once
def test_inviting_has_its_measure(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    group, by = crowd.start(1), crowd.owners[0].id
    monkeypatch.setattr(consortium_limits, "INVITED_A_DAY", 2)
    assert consortium.invite(crowd.session, group, by, crowd.needs[1:]) == 1
    with pytest.raises(InvitedEnoughError):
        consortium.invite(crowd.session, group, by, crowd.needs[3:])
    monkeypatch.undo()
    monkeypatch.setattr(consortium_limits, "MOST_OPEN", 1)
    crowd.session.commit()
    plan = consortium.Plan("Another", "Another hall, call 020 5555 1234", "", "en")
    three, two = crowd.needs[3], crowd.needs[2]
    with pytest.raises(InvitedEnoughError):
        consortium.start(crowd.session, three, crowd.offer, crowd.owners[3].id, plan, [two])
    crowd.session.rollback()


@pytest.mark.once
def test_no_invitation_carries_a_telephone_number(crowd: Crowd) -> None:
    crowd.start(1, title="A hall, call 020 5555 1234")
    facts = crowd.session.scalars(select(Notice.facts).where(Notice.kind == "group.invited")).one()
    assert facts["title"] == "A hall, call •••"


@pytest.mark.once
def test_who_handed_the_group_on_and_left_may_begin_anew(crowd: Crowd) -> None:
    group, by = crowd.start(1), crowd.owners[0].id
    crowd.join(group, 1)
    consortium_lead.hand_over(crowd.session, group, crowd.firm(group, 1), by)
    consortium.leave(crowd.session, crowd.firm(group, 0), by)
    crowd.session.commit()
    assert crowd.start(3).id != group.id


@pytest.mark.once
def test_a_seventh_firm_finds_no_place(db_session: Session) -> None:
    crowd = make_crowd(db_session, firms=7)
    group = crowd.start(*range(1, 7))
    crowd.join(group, *range(1, 6))
    with pytest.raises(GroupFullError):
        consortium.join(crowd.session, crowd.firm(group, 6), crowd.owners[6].id)


@pytest.mark.once
def test_with_the_person_who_led_it_goes_how_to_reach_the_group(crowd: Crowd) -> None:
    group, owner = crowd.start(1), crowd.owners[0]
    assert group.organisation.contact_telephone
    told_of = privacy.export_account(crowd.session, owner.id)
    assert len(told_of["consortium"]) == len(told_of["consortium_firm"]) == 1
    privacy.erase_account(crowd.session, owner.id)
    crowd.session.commit()
    crowd.session.expire_all()
    assert group.organisation.contact_telephone == ""
    assert group.started_by_id is None
    assert crowd.firm(group, 0).answered_by_id is None
