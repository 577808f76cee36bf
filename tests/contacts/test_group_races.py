"""What holds of a group when many press at once, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.extensions import db
from matchmaker.organisations.models import Consortium, ConsortiumFirm, FirmState, Need, Offer
from matchmaker.organisations.services import consortium, consortium_limits
from matchmaker.organisations.services.consortium import Plan
from matchmaker.organisations.services.consortium_standing import standing
from matchmaker.suggestions.models import Side
from tests.contacts.grouping import PLAN, Crowd, make_crowd
from tests.contacts.test_races import at_once, count

pytestmark = pytest.mark.slow


@pytest.fixture
def crowd(db_session: Session) -> Crowd:
    return make_crowd(db_session, firms=7)


def joining(crowd: Crowd, group: Consortium, at: int) -> Callable[[], None]:
    firm_id, by = crowd.firm(group, at).id, crowd.owners[at].id
    return lambda: consortium.join(db.session(), row(firm_id), by)


def row(firm_id: int) -> ConsortiumFirm:
    return db.session.get_one(ConsortiumFirm, firm_id)


def test_the_last_place_goes_to_one_of_two(app: Flask, crowd: Crowd) -> None:
    group = crowd.start(*range(1, 7))
    crowd.join(group, 1, 2, 3, 4)
    found = at_once(app, [joining(crowd, group, at) for at in (5, 6)])
    assert Counter(found) == {"done": 1, "GroupFullError": 1}
    assert len(standing(crowd.session, group).joined) == 6
    assert group.need.band_low == 120_000.0


def test_of_taking_back_and_joining_exactly_one_wins(app: Flask, crowd: Crowd) -> None:
    group, by = crowd.start(*range(1, 5)), crowd.owners[0].id
    for at in range(1, 5):
        firm_id = crowd.firm(group, at).id

        def take_back(firm_id: int = firm_id) -> None:
            consortium.withdraw(db.session(), row(firm_id), by)

        steps = [joining(crowd, group, at), take_back]
        found = at_once(app, steps if at % 2 else steps[::-1])
        assert Counter(found) == {"done": 1, "WrongState": 1}
        assert crowd.firm(group, at).state in (FirmState.JOINED, FirmState.WITHDRAWN)
    joined = len(standing(crowd.session, group).joined)
    assert group.need.band_low == 20_000.0 * joined


def test_begun_twice_it_is_one_group_and_sent_twice_one_request(app: Flask, crowd: Crowd) -> None:
    need_id, offer_id, by = crowd.needs[0].id, crowd.offer.id, crowd.owners[0].id
    other_ids = [one.id for one in crowd.needs[1:3]]

    def begin() -> None:
        session = db.session()
        need, *others = (
            session.get_one(type(crowd.needs[0]), one) for one in (need_id, *other_ids)
        )
        offer = session.get_one(type(crowd.offer), offer_id)
        consortium.start(session, need, offer, by, PLAN, others)

    assert Counter(at_once(app, [begin] * 4)) == {"done": 4}
    assert count(Consortium) == 1
    group = crowd.start()
    crowd.join(group, 1, 2)
    group_id, common_id = group.id, group.need_id
    ask = services.Ask(common_id, offer_id, services.Actor(by, Side.NEED), "May we talk?", "en")

    def send() -> None:
        consortium.publish(db.session(), db.session.get_one(Consortium, group_id), by)
        db.session.commit()
        services.send(db.session(), ask)

    assert Counter(at_once(app, [send] * 4)) == {"done": 4}
    assert count(ContactRequest) == 1


def test_who_leaves_while_it_is_sent_is_either_in_it_or_it_rests(app: Flask, crowd: Crowd) -> None:
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, by)
    crowd.session.commit()
    firm_id, leaver = crowd.firm(group, 2).id, crowd.owners[2].id
    ask = services.Ask(
        group.need_id, crowd.offer.id, services.Actor(by, Side.NEED), "May we talk?", "en"
    )
    found = at_once(
        app,
        [
            lambda: services.send(db.session(), ask),
            lambda: consortium.leave(db.session(), row(firm_id), leaver),
        ],
    )
    assert found[1] == "done"
    assert found[0] in ("done", "NotOpenError")
    assert count(ContactRequest) == (found[0] == "done")


def test_a_need_that_begins_a_group_and_joins_one_counts_once(app: Flask, crowd: Crowd) -> None:
    group = crowd.start(1)
    need_id, offer_id, by = crowd.needs[1].id, crowd.offer.id, crowd.owners[1].id

    def begin() -> None:
        own, offer = db.session.get_one(Need, need_id), db.session.get_one(Offer, offer_id)
        consortium.start(db.session(), own, offer, by, Plan("Ours", "One more hall", "", "en"), ())

    found = at_once(app, [begin, joining(crowd, group, 1)])
    assert Counter(found) == {"done": 1, "InAGroupError": 1}


def test_two_invitations_at_once_pass_no_limit_of_a_day(
    app: Flask, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person leads two groups, of two firms, and a day has room for one invitation more."""
    here, by = crowd.start(1), crowd.owners[0].id
    begun = consortium.start(crowd.session, crowd.needs[2], crowd.offer, by, PLAN, [crowd.needs[3]])
    crowd.session.commit()
    monkeypatch.setattr(consortium_limits, "INVITED_A_DAY", 3)
    found = at_once(app, [inviting(here.id, crowd, 4), inviting(begun.id, crowd, 5)])
    assert Counter(found) == {"done": 1, "InvitedEnoughError": 1}


def test_one_firm_gets_no_more_invitations_than_it_may_have_open(
    app: Flask, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = crowd.start(1)
    begun = consortium.start(
        crowd.session, crowd.needs[2], crowd.offer, crowd.owners[2].id, PLAN, [crowd.needs[3]]
    )
    crowd.session.commit()
    monkeypatch.setattr(consortium_limits, "MOST_OPEN", 1)
    found = at_once(app, [inviting(here.id, crowd, 4, 0), inviting(begun.id, crowd, 4, 2)])
    assert Counter(found) == {"done": 1, "InvitedEnoughError": 1}


def test_two_that_invite_each_other_do_not_wait_for_ever(app: Flask, crowd: Crowd) -> None:
    def begin(own: int, other: int) -> Callable[[], None]:
        need_id, other_id = crowd.needs[own].id, crowd.needs[other].id
        offer_id, by = crowd.offer.id, crowd.owners[own].id

        def step() -> None:
            session = db.session()
            need, asked = (session.get_one(Need, one) for one in (need_id, other_id))
            consortium.start(session, need, session.get_one(Offer, offer_id), by, PLAN, [asked])

        return step

    found = at_once(app, [begin(0, 1), begin(1, 0), begin(2, 3), begin(3, 2)])
    assert Counter(found) == {"done": 4}


def inviting(group_id: int, crowd: Crowd, firm: int, by: int = 0) -> Callable[[], int]:
    need_id, account_id = crowd.needs[firm].id, crowd.owners[by].id

    def step() -> int:
        session = db.session()
        group, need = session.get_one(Consortium, group_id), session.get_one(Need, need_id)
        return consortium.invite(session, group, account_id, [need])

    return step
