"""Colleagues who say what came of it at once: every word is kept, and one of them is the last."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.contacts import services
from matchmaker.contacts.models import ContactEvent, ContactRequest, Outcome, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.extensions import db
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.test_races import at_once

pytestmark = pytest.mark.slow

SAID = ("agreed", "not_agreed", "talking", "met", "part_agreed", "no_contact")


def test_two_colleagues_and_the_other_side_speak_at_once(app: Flask, scene: Scene) -> None:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    request_id = request.id
    actors = {side: scene.actor(side) for side in Side}

    def say(side: Side, code: str) -> None:
        row = db.session.get_one(ContactRequest, request_id)
        services.say_outcome(db.session(), row, actors[side], code)

    steps = [lambda s=s, c=c: say(s, c) for c in SAID for s in Side]
    assert Counter(at_once(app, steps[:8])) == {"done": 8}
    assert Counter(at_once(app, steps[8:])) == {"done": 4}
    rows = scene.session.scalars(select(Outcome).order_by(Outcome.id)).all()
    assert Counter((row.side, row.code) for row in rows) == {(s, c): 1 for c in SAID for s in Side}
    for side in Side:
        own = [row for row in rows if row.side is side]
        assert [row for row in own if row.current] == own[-1:]
    scene.session.refresh(request)
    assert request.state is RequestState.CLOSED
    closed = select(ContactEvent.id).where(ContactEvent.kind == EventKind.CLOSED)
    assert len(scene.session.scalars(closed).all()) == 1


def test_colleagues_who_share_the_same_at_once_share_it_once(app: Flask, scene: Scene) -> None:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    request_id, by = request.id, scene.actor(Side.OFFER)

    def share() -> None:
        row = db.session.get_one(ContactRequest, request_id)
        services.share_more(db.session(), row, by, ["contact_telephone"])

    assert Counter(at_once(app, [share] * 6)) == {"done": 6}
    shared = select(ContactEvent.id).where(ContactEvent.code == "contact_telephone")
    assert len(scene.session.scalars(shared).all()) == 1
