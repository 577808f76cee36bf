"""What holds when many press at once: threads with connections of their own, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.contacts import errors, services
from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.errors import WrongState
from matchmaker.extensions import db
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

pytestmark = pytest.mark.slow

THREADS = 8
#: Rounds of accept against withdraw against decline; each is three transactions at once.
ROUNDS = 40
Outcome = str


def at_once(app: Flask, steps: Sequence[Callable[[], Any]]) -> list[Outcome]:
    """Run the steps together, each in a context, session and connection of its own."""
    db.session.commit()
    gate = threading.Barrier(min(len(steps), THREADS))

    def run(step: Callable[[], Any]) -> Outcome:
        gate.wait(20)
        with app.app_context():
            try:
                step()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda step: Context().run(run, step), steps))
    db.session.expire_all()
    return found


def count(model: type[Any]) -> int:
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.commit()
    return found


def test_many_posts_of_one_click_make_one_request_and_one_mail(app: Flask, scene: Scene) -> None:
    url, data = scene.url(), {"message": "May we talk?", "on_behalf": "y"}
    browsers = [PageClient(app).sign_in(scene.owner) for _ in range(48)]
    tokens = [browser.token() for browser in browsers]
    db.session.commit()
    gate = threading.Barrier(THREADS)

    def press(browser: PageClient, token: str) -> int:
        gate.wait(20)
        return browser.client.post(url, data=data | {"csrf_token": token}).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        codes = list(
            pool.map(lambda pair: Context().run(press, *pair), zip(browsers, tokens, strict=True))
        )
    assert Counter(codes) == {303: 48}
    assert count(ContactRequest) == 1
    assert count(OutboxMail) == 1
    scene.session.refresh(scene.offer)
    assert scene.offer.used == 1


def test_both_sides_asking_at_once_share_one_request(app: Flask, scene: Scene) -> None:
    asks = [scene.ask(Side.NEED), scene.ask(Side.OFFER)] * 4
    found = at_once(app, [lambda ask=ask: services.send(db.session(), ask) for ask in asks])
    assert Counter(found) == {"done": 8}
    assert count(ContactRequest) == 1


def test_of_yes_no_and_back_exactly_one_wins(app: Flask, scene: Scene) -> None:
    firm, bank = scene.actor(Side.NEED), scene.actor(Side.OFFER)

    def steps(request_id: int) -> list[Callable[[], None]]:
        def row() -> ContactRequest:
            return db.session.get_one(ContactRequest, request_id)

        return [
            lambda: services.accept(db.session(), row(), bank, ["contact_email"]),
            lambda: services.decline(db.session(), row(), bank, "other"),
            lambda: services.withdraw(db.session(), row(), firm),
        ]

    winners: Counter[str] = Counter()
    for number in range(ROUNDS):
        scene.need = NeedFactory(organisation=scene.firm)
        scene.session.commit()
        if number % 9 == 8:
            scene.offer = OfferFactory(organisation=scene.funder)
            scene.session.commit()
        request = scene.send()
        scene.banker_seen(request)
        turn = number % 3
        todo = steps(request.id)
        found = at_once(app, todo[turn:] + todo[:turn])
        assert Counter(found) == {"done": 1, "WrongState": 2}, found
        scene.session.refresh(request)
        winners[request.state] += 1
        kinds = scene.session.scalars(
            select(ContactEvent.kind)
            .where(ContactEvent.contact_request_id == request.id)
            .order_by(ContactEvent.id)
        ).all()
        scene.session.commit()
        assert [kind.value for kind in kinds if kind.value != "seen"] == ["sent", request.state]
    assert sum(winners.values()) == ROUNDS


def test_a_yes_and_a_no_for_good_do_not_wait_for_each_other(app: Flask, scene: Scene) -> None:
    bank = scene.actor(Side.OFFER)
    for _ in range(ROUNDS // 4):
        scene.need = NeedFactory(organisation=scene.firm)
        funder = FunderFactory(contact_email="desk@example.org")
        MembershipFactory(account=scene.banker, organisation=funder)
        scene.offer = OfferFactory(organisation=funder)
        scene.session.commit()
        request_id = scene.send().id
        scene.session.commit()

        def row(request_id: int = request_id) -> ContactRequest:
            return db.session.get_one(ContactRequest, request_id)

        steps = [
            lambda row=row: services.accept(db.session(), row(), bank, ["contact_email"]),
            lambda row=row: services.decline(db.session(), row(), bank, "other", block=True),
        ]
        assert Counter(at_once(app, steps)) == {"done": 1, "WrongState": 1}


def test_the_last_place_goes_to_one(app: Flask, scene: Scene) -> None:
    scene.offer.places = 1
    asks = [scene.ask()]
    for _ in range(7):
        member = MembershipFactory(organisation=OrganisationFactory())
        need = NeedFactory(organisation=member.organisation)
        by = services.Actor(member.account.id, Side.NEED)
        asks.append(scene.ask(need_id=need.id, by=by))
    scene.session.commit()
    found = at_once(app, [lambda ask=ask: services.send(db.session(), ask) for ask in asks])
    assert Counter(found) == {"done": 1, "NoPlacesError": 7}
    assert count(ContactRequest) == 1


def test_one_person_sends_twenty_a_day_however_fast(app: Flask, scene: Scene) -> None:
    asks = []
    for _ in range(24):
        offer = OfferFactory()
        asks.append(scene.ask(offer_id=offer.id))
    scene.session.commit()
    found = at_once(app, [lambda ask=ask: services.send(db.session(), ask) for ask in asks])
    assert Counter(found) == {"done": 20, "SenderLimitError": 4}


def test_nobody_has_more_than_ten_unread_a_day(app: Flask, scene: Scene) -> None:
    asks = []
    for _ in range(16):
        member = MembershipFactory(organisation=OrganisationFactory())
        need = NeedFactory(organisation=member.organisation)
        asks.append(scene.ask(need_id=need.id, by=services.Actor(member.account.id, Side.NEED)))
    scene.session.commit()
    found = at_once(app, [lambda ask=ask: services.send(db.session(), ask) for ask in asks])
    assert Counter(found) == {"done": 10, "ReceiverLimitError": 6}


def test_nobody_slips_through_between_a_no_and_its_freeze(app: Flask, scene: Scene) -> None:
    """Whoever asks while the no is being written gets the old request or the freeze."""
    bank = scene.actor(Side.OFFER)
    for _ in range(10):
        scene.need = NeedFactory(organisation=scene.firm)
        scene.session.commit()
        request = scene.send()
        scene.banker_seen(request)
        request_id, ask = request.id, scene.ask()

        def refuse(request_id: int = request_id) -> None:
            row = db.session.get_one(ContactRequest, request_id)
            services.decline(db.session(), row, bank, "other")

        again = [lambda ask=ask: services.send(db.session(), ask)] * 7
        found = at_once(app, [refuse, *again])
        assert found[0] == "done"
        assert set(found[1:]) <= {"done", errors.FrozenError.__name__}
        scene.session.refresh(request)
        assert request.state is RequestState.DECLINED
        scene.session.commit()
    assert count(ContactRequest) == count(ClosedPair) == 10


def test_a_reminder_and_the_end_are_each_sent_once(app: Flask, scene: Scene) -> None:
    request = scene.send()
    request.sent_at -= timedelta(days=8)
    scene.session.commit()
    request_id = request.id

    def row() -> ContactRequest:
        return db.session.get_one(ContactRequest, request_id)

    reminded = at_once(app, [lambda: services.remind(db.session(), row())] * 6)
    assert Counter(reminded) == {"done": 6}
    scene.session.refresh(request)
    assert request.reminders == 1
    request.expires_at = request.sent_at
    ended = at_once(app, [lambda: services.expire(db.session(), row())] * 6)
    assert Counter(ended) == {"done": 1, WrongState.__name__: 5}
    kinds = Counter(db.session.scalars(select(ContactEvent.kind)))
    assert kinds["reminded"] == kinds["expired"] == 1
