"""The step to begin with, beside going through every request."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, EvidenceAsk, Outcome, RequestState
from matchmaker.contacts.services import reading
from matchmaker.contacts.services.agenda import ASK_AFTER, NEWS, Due, agenda
from matchmaker.contacts.services.reading import MOST_COUNTED
from matchmaker.extensions import clock
from matchmaker.home.words.requests import _waiting
from matchmaker.organisations.models import OrganisationState
from matchmaker.organisations.services.acting import acting_for
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, propose
from tests.factories import (
    AccountFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)
from tests.page import PageClient

OTHER = {Side.NEED: Side.OFFER, Side.OFFER: Side.NEED}
ENDED = (RequestState.DECLINED, RequestState.EXPIRED)
Told = dict[Due, tuple[int, int]]


def fill(scene: Scene, seed: int) -> None:
    """Requests of two firms and two funders in any state, some with a word on the outcome."""
    draw, now = random.Random(seed), clock.now()
    state = OrganisationState.SUSPENDED
    firms = [scene.firm, OrganisationFactory(), OrganisationFactory(state=state)]
    funders = [scene.funder, FunderFactory(), FunderFactory(state=state)]
    MembershipFactory(account=scene.owner, organisation=firms[1])
    MembershipFactory(account=scene.banker, organisation=funders[1])
    offers = [OfferFactory(organisation=funders[at % 3]) for at in range(6)]
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
                asker = row.organisation(row.asked_by)
                if row.expires_at > now and asker.state is not OrganisationState.SUSPENDED:
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


def test_start_and_the_bar_count_the_same_and_none_of_who_is_suspended(
    scene: Scene, page: PageClient
) -> None:
    scene.send()
    bar = "nav a[href='/requests'] .count"
    start = page.sign_in(scene.banker).get("/start")
    assert "Waits for your answer" in start.text
    assert start.one(bar).text == "new: 1"
    waiting = reading.waiting_count(scene.session, [scene.funder.id])
    scene.firm.state = OrganisationState.SUSPENDED
    scene.session.commit()
    assert (waiting, reading.waiting_count(scene.session, [scene.funder.id])) == (1, 0)
    start = page.get("/start")
    assert "Waits for your answer" not in start.text
    assert not start.all(bar)


@pytest.mark.parametrize("ask", ["dates", "paper"])
def test_nothing_is_urged_in_a_talk_with_who_is_suspended(scene: Scene, ask: str) -> None:
    request = accepted(scene)
    if ask == "dates":
        propose(scene, request, Side.NEED)
    else:
        row = EvidenceAsk(
            contact_request_id=request.id, asked_by=Side.NEED,
            asked_organisation_id=scene.funder.id, question="Which banks?", why="To compare.",
        )  # fmt: skip
        scene.session.add(row)
        scene.session.commit()
    due = Due.MEET if ask == "dates" else Due.TELL
    assert due in agenda(scene.session, scene.banker.id)
    scene.firm.state = OrganisationState.SUSPENDED
    scene.session.commit()
    assert due not in agenda(scene.session, scene.banker.id)


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
