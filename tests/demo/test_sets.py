"""The set that the demo's Noy asked for: two sorts of money, one yes."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, ContactSet, RequestState
from matchmaker.demo.sets import ask_for_set
from matchmaker.organisations.models import Membership, Offer
from tests.contacts.scene import Scene, make_scene
from tests.factories import FunderFactory, MembershipFactory, OfferFactory

pytestmark = pytest.mark.once


def add_grant(scene: Scene) -> Offer:
    """It goes with the scene's loan, which then reaches up to $15,000 of $20,000."""
    scene.offer.usd_max, scene.offer.amount_max_minor = 15_000.0, 1_500_000
    funder = FunderFactory(name="Green Uplands", contact_telephone="+856 20 5551 0002")
    MembershipFactory(organisation=funder)
    made: Offer = OfferFactory(
        organisation=funder, code="GRANT", title="Grant for drying", usd_min=1_000.0,
        usd_max=8_000.0, amount_min_minor=100_000, amount_max_minor=800_000,
    )  # fmt: skip
    return made


def asked(session: Session, scene: Scene) -> dict[int, RequestState]:
    mine = Membership.account_id == scene.owner.id
    ask_for_set(session, session.scalars(select(Membership).where(mine)).one())
    session.commit()
    return {one.offer_id: one.state for one in session.scalars(select(ContactRequest))}


def test_a_grant_and_a_loan_are_asked_and_the_grant_says_yes(db_session: Session) -> None:
    scene = make_scene(db_session)
    grant = add_grant(scene)
    db_session.commit()
    assert asked(db_session, scene) == {
        grant.id: RequestState.ACCEPTED,
        scene.offer.id: RequestState.SENT,
    }
    assert db_session.scalars(select(ContactSet)).one().coverage == 100


def test_whom_she_asked_before_is_not_asked_again(db_session: Session) -> None:
    scene = make_scene(db_session)
    add_grant(scene)
    before = scene.send()
    assert asked(db_session, scene) == {scene.offer.id: before.state}
    assert db_session.scalars(select(ContactSet)).all() == []
