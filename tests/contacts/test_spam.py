"""Spam (TRUST section 7): one sender with a thousand tries, a hundred senders and one receiver.

Limits: a sender's 20 a day, a receiver's 10 unseen a day, and a block that works at once.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.contacts import errors, services
from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.contacts.services.answering import FREEZE
from matchmaker.notifications.models import OutboxMail
from matchmaker.suggestions.models import ClosedPair, Side
from tests.contacts.scene import Scene
from tests.factories import (
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)
from tests.page import PageClient

pytestmark = pytest.mark.both

TRIES, SENDERS = 1000, 100
#: What is promised, not what the code says.
SENT_A_DAY, UNSEEN_A_DAY = 20, 10


def tries(scene: Scene, asks: list[services.Ask]) -> Counter[str]:
    found: Counter[str] = Counter()
    for ask in asks:
        try:
            new = services.send(scene.session, ask).new
            found["sent" if new else "open already"] += 1
        except errors.CannotAskError as error:
            found[type(error).__name__] += 1
            scene.session.rollback()
        else:
            scene.session.commit()
    return found


def count(scene: Scene) -> int:
    return scene.session.scalar(select(func.count()).select_from(ContactRequest)) or 0


@pytest.mark.slow
@pytest.mark.once
def test_of_a_thousand_tries_of_one_person_twenty_a_day_go_out(scene: Scene) -> None:
    offers = [OfferFactory(organisation=FunderFactory()) for _ in range(60)]
    scene.session.commit()
    ids = [one.id for one in offers]
    asks = [scene.ask(offer_id=ids[at % len(ids)]) for at in range(TRIES)]
    found = tries(scene, asks)
    assert found["sent"] == count(scene) == SENT_A_DAY
    # The same pair again is answered with the request that is open; all else is refused.
    again = sum(at % len(ids) < SENT_A_DAY for at in range(TRIES)) - SENT_A_DAY
    assert found["open already"] == again
    assert found["SenderLimitError"] == TRIES - SENT_A_DAY - again


def test_a_second_organisation_does_not_double_what_a_person_may_send(scene: Scene) -> None:
    second = OrganisationFactory()
    MembershipFactory(organisation=second, account=scene.owner)
    needs = [scene.need.id, NeedFactory(organisation=second).id]
    offers = [OfferFactory(organisation=FunderFactory()).id for _ in range(15)]
    scene.session.commit()
    asks = [scene.ask(need_id=need, offer_id=offer) for need in needs for offer in offers]
    assert tries(scene, asks) == {"sent": SENT_A_DAY, "SenderLimitError": 10}


@pytest.mark.slow
def test_a_hundred_senders_leave_ten_unread_requests_with_one_receiver(scene: Scene) -> None:
    asks = []
    for _ in range(SENDERS):
        member = MembershipFactory(organisation=OrganisationFactory())
        need = NeedFactory(organisation=member.organisation)
        by = services.Actor(member.account.id, Side.NEED)
        asks.append(scene.ask(need_id=need.id, by=by))
    scene.offer.places = SENDERS
    scene.session.commit()
    found = tries(scene, asks)
    assert found == {"sent": UNSEEN_A_DAY, "ReceiverLimitError": SENDERS - UNSEEN_A_DAY}
    to_victim = select(func.count()).where(OutboxMail.account_id == scene.banker.id)
    assert (scene.session.scalar(to_victim) or 0) <= UNSEEN_A_DAY


def declined(scene: Scene, page: PageClient, **more: str) -> ContactRequest:
    request = scene.send()
    shown = page.sign_in(scene.banker).get(f"/requests/{request.public_id}")
    page.submit(shown, "#decline form", reason="other", **more)
    scene.session.expire_all()
    assert request.state is RequestState.DECLINED
    return request


@pytest.mark.parametrize(("tick", "found"), [({"block": "y"}, "FrozenError"), ({}, "sent")])
def test_who_is_blocked_asks_for_nothing_else_from_that_moment_on(
    scene: Scene, page: PageClient, tick: dict[str, str], found: str
) -> None:
    other_need = NeedFactory(organisation=scene.firm)
    other_offer = OfferFactory(organisation=scene.funder)
    scene.session.commit()
    declined(scene, page, **tick)
    ask = scene.ask(need_id=other_need.id, offer_id=other_offer.id)
    assert tries(scene, [ask]) == {found: 1}


def test_who_is_blocked_is_in_no_list_either(scene: Scene, page: PageClient) -> None:
    NeedFactory(organisation=scene.firm, title="Something else of the same firm")
    scene.session.commit()
    url = f"/matches/offers/{scene.offer.public_id}"
    page.sign_in(scene.banker)
    assert "Something else of the same firm" in page.get(url).text
    declined(scene, page, block="y")
    assert "Something else of the same firm" not in page.get(url).text


def test_a_block_ends_with_the_freeze_and_leaves_others_alone(
    scene: Scene, page: PageClient
) -> None:
    declined(scene, page, block="y")
    member = MembershipFactory(organisation=OrganisationFactory())
    need = NeedFactory(organisation=member.organisation)
    scene.session.commit()
    other = scene.ask(need_id=need.id, by=services.Actor(member.account.id, Side.NEED))
    assert tries(scene, [other]) == {"sent": 1}
    row = scene.session.scalars(select(ClosedPair)).one()
    assert (row.need_id, row.offer_id) == (None, None)
    row.until -= FREEZE + timedelta(minutes=1)
    scene.session.commit()
    assert tries(scene, [scene.ask()]) == {"sent": 1}
    assert count(scene) == 3
