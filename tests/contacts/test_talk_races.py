"""What holds in a conversation when many press at once, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.contacts.models import ContactEvent, ContactRequest, Meeting, Message, MessageMark
from matchmaker.contacts.services import blocking, meetings, messages, quiet
from matchmaker.extensions import clock, db
from matchmaker.notifications.models import OutboxMail
from matchmaker.suggestions.models import ClosedPair, Side
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, in_days, propose
from tests.contacts.test_races import THREADS, at_once, count
from tests.page import PageClient

pytestmark = pytest.mark.slow


def row(request_id: int) -> ContactRequest:
    return db.session.get_one(ContactRequest, request_id)


def test_many_posts_of_one_form_make_one_message_and_one_mail(app: Flask, scene: Scene) -> None:
    request = accepted(scene)
    url = f"/requests/{request.public_id}/messages"
    browsers = [PageClient(app).sign_in(scene.owner) for _ in range(24)]
    tokens = [browser.token() for browser in browsers]
    before = count(OutboxMail)
    gate = threading.Barrier(THREADS)

    def press(browser: PageClient, token: str) -> int:
        gate.wait(20)
        data = {"message": "May we meet?", "once": "bcdfghjkmnpq", "csrf_token": token}
        return browser.client.post(url, data=data).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        codes = list(
            pool.map(lambda pair: Context().run(press, *pair), zip(browsers, tokens, strict=True))
        )
    assert Counter(codes) == {303: 24}
    assert count(Message) == count(MessageMark) == 1
    assert count(OutboxMail) == before + 1


def test_one_person_writes_as_many_a_day_as_one_may_however_fast(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "MESSAGES_A_DAY", 5)
    request_id, by = accepted(scene).id, scene.actor(Side.NEED)

    def step(number: int) -> Callable[[], object]:
        return lambda: messages.write(
            db.session(), row(request_id), by, f"number {number}", "en", "x"
        )

    found = at_once(app, [step(number) for number in range(16)])
    assert Counter(found) == {"done": 5, "MessageLimitError": 11}
    assert count(Message) == 5


def test_nothing_is_written_after_an_end(app: Flask, scene: Scene) -> None:
    """What was written before the end stays; whoever comes later is told."""
    request_id = accepted(scene).id
    firm, bank = scene.actor(Side.NEED), scene.actor(Side.OFFER)

    def step(number: int) -> Callable[[], object]:
        return lambda: messages.write(db.session(), row(request_id), bank, f"{number}", "en", "x")

    found = at_once(
        app,
        [
            *(step(number) for number in range(4)),
            lambda: blocking.block(db.session(), row(request_id), firm),
            *(step(number) for number in range(4, 7)),
        ],
    )
    assert found[4] == "done"
    assert set(found) <= {"done", "ClosedConversationError"}
    assert count(Message) == found.count("done") - 1


def test_of_all_who_take_a_date_or_refuse_it_one_wins(app: Flask, scene: Scene) -> None:
    request = accepted(scene)
    request_id, bank = request.id, scene.actor(Side.OFFER)
    for _ in range(6):
        meeting = propose(scene, request, Side.NEED, 2, 3)
        key, (first, second) = meeting.public_id, meeting.times

        def take(at: str, key: str = key) -> Callable[[], object]:
            return lambda: meetings.take(db.session(), row(request_id), bank, key, at)

        def refuse(key: str = key) -> None:
            meetings.refuse(db.session(), row(request_id), bank, key)

        found = at_once(app, [take(first), take(second), take(first), refuse])
        assert Counter(found) == {"done": 1, "WrongState": 3}, found
        scene.session.refresh(meeting)
        assert (meeting.starts_at is None) is (found[3] == "done")
        if meeting.starts_at is not None:
            meetings.call_off(scene.session, request, scene.actor(Side.NEED), key)
        scene.session.commit()
    kinds = Counter(db.session.scalars(select(ContactEvent.kind)))
    assert kinds["date_taken"] + kinds["dates_refused"] == 6


def test_of_two_sides_who_propose_at_once_one_is_first(app: Flask, scene: Scene) -> None:
    request_id = accepted(scene).id
    made = meetings.Proposal(in_days(2), "Asia/Vientiane", by_telephone=True)
    sides = [scene.actor(side) for side in Side] * 3
    found = at_once(
        app,
        [lambda by=by: meetings.propose(db.session(), row(request_id), by, made) for by in sides],
    )
    assert Counter(found) == {"done": 1, "MeetingOpenError": 5}
    assert count(Meeting) == 1


def test_two_who_end_it_at_once_end_it_once(app: Flask, scene: Scene) -> None:
    request_id = accepted(scene).id
    sides = [scene.actor(side) for side in Side] * 3
    found = at_once(
        app, [lambda by=by: blocking.block(db.session(), row(request_id), by) for by in sides]
    )
    assert Counter(found) == {"done": 1, "WrongState": 5}
    assert count(ClosedPair) == 2


def test_jobs_that_run_at_once_ask_both_sides_once(app: Flask, scene: Scene) -> None:
    request = accepted(scene)
    request.quiet_at = clock.now()
    request_id = request.id
    scene.session.commit()
    found = at_once(app, [lambda: quiet.ask_still_on(db.session(), row(request_id))] * 6)
    assert Counter(found) == {"done": 6}
    kinds = Counter(db.session.scalars(select(ContactEvent.kind)))
    assert kinds["still_on"] == 1
