"""The step to begin with, beside going through every request."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, Outcome, RequestState
from matchmaker.contacts.services.agenda import ASK_AFTER, NEWS, Due, agenda
from matchmaker.contacts.services.reading import MOST_COUNTED
from matchmaker.extensions import clock
from matchmaker.home.words.requests import _waiting
from matchmaker.organisations.services.acting import acting_for
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.factories import (
    AccountFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

OTHER = {Side.NEED: Side.OFFER, Side.OFFER: Side.NEED}
ENDED = (RequestState.DECLINED, RequestState.EXPIRED)
Told = dict[Due, tuple[int, int]]


def fill(scene: Scene, seed: int) -> None:
    """Requests of two firms and two funders in any state, some with a word on the outcome."""
    draw, now = random.Random(seed), clock.now()
    firms = [scene.firm, OrganisationFactory()]
    funders = [scene.funder, FunderFactory()]
    MembershipFactory(account=scene.owner, organisation=firms[1])
    MembershipFactory(account=scene.banker, organisation=funders[1])
    offers = [OfferFactory(organisation=funders[at % 2]) for at in range(4)]
    scene.session.flush()
    for _ in range(12):
        need = NeedFactory(organisation=draw.choice(firms))
        scene.session.flush()
        for offer in {one.organisation_id: one for one in draw.sample(offers, 4)}.values():
            state, past = draw.choice(list(RequestState)), timedelta(days=draw.randrange(30))
            done = now - past if state is not RequestState.SENT else None
            row = ContactRequest(
                need_id=need.id, need_organisation_id=need.organisation_id, state=state,
                offer_id=offer.id, offer_organisation_id=offer.organisation_id,
                asked_by=draw.choice(list(Side)), sent_at=now - past,
                expires_at=now + timedelta(days=draw.randrange(-3, 20)),
                answered_at=None if state is RequestState.EXPIRED else done,
                closed_at=done if state is RequestState.EXPIRED else None,
            )  # fmt: skip
            scene.session.add(row)
            scene.session.flush()
            if state is RequestState.ACCEPTED and draw.random() < 0.4:
                said = Outcome(contact_request_id=row.id, side=draw.choice(list(Side)), code="met")
                scene.session.add(said)
    scene.session.commit()


def expected(session: Session, account_id: int) -> Told:
    mine, now = set(session.scalars(acting_for(account_id))), clock.now()
    rows = list(session.scalars(select(ContactRequest)))
    said = {(one.contact_request_id, one.side) for one in session.scalars(select(Outcome))}
    found: dict[Due, list[tuple[datetime | int, int]]] = {}
    for row in rows:
        for side in (side for side in Side if row.organisation_id(side) in mine):
            key = "need_id" if side is Side.NEED else "offer_id"
            later = any(one.id > row.id and getattr(one, key) == getattr(row, key) for one in rows)
            done = row.answered_at or row.closed_at or now
            if row.state is RequestState.SENT and row.asked_by is OTHER[side]:
                if row.expires_at > now:
                    found.setdefault(Due.ANSWER, []).append((row.expires_at, row.id))
            elif row.state in ENDED and row.asked_by is side and done >= now - NEWS and not later:
                found.setdefault(Due.GO_ON, []).append((-row.id, row.id))
            elif row.state is RequestState.ACCEPTED and done <= now - ASK_AFTER:
                quiet = [] if (row.id, side) in said else [(done, row.id)]
                found.setdefault(Due.SAY, []).extend(quiet)
    return {
        due: (min(listed)[1], len(listed) if due is Due.ANSWER else 1)
        for due, listed in found.items()
        if listed
    }


@pytest.mark.parametrize("seed", [8, 11])
def test_the_step_of_each_kind_is_the_first_of_all_requests(scene: Scene, seed: int) -> None:
    fill(scene, seed)
    kinds: set[Due] = set()
    for account in (scene.owner, scene.banker):
        steps = agenda(scene.session, account.id)
        told = {
            due: (step.request.id, step.count if due is Due.ANSWER else 1)
            for due, step in steps.items()
        }
        assert told == expected(scene.session, account.id)
        kinds |= steps.keys()
    assert kinds == set(Due) - {Due.MEET, Due.TELL}


def test_who_acts_for_nobody_has_no_step(scene: Scene) -> None:
    scene.send()
    stranger = AccountFactory()
    scene.session.commit()
    assert agenda(scene.session, stranger.id) == {}


@pytest.mark.once
def test_what_is_not_counted_further_is_told_as_so_many_or_more(app) -> None:
    with app.test_request_context():
        assert _waiting(MOST_COUNTED - 1) == "99 requests wait for your answer"
        assert _waiting(MOST_COUNTED) == "100 requests or more wait for your answer"
