"""An offer that takes fewer, rests or closes while firms ask for it: whoever is told yes counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import Offer, PublicationState
from matchmaker.organisations.services import capacity, offer, publication
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.test_races import at_once, count
from tests.factories import MembershipFactory, NeedFactory, OrganisationFactory

pytestmark = pytest.mark.slow

ASKING = 7
Step = Callable[[], object]


def asks(scene: Scene) -> list[Step]:
    found: list[Step] = []
    for _ in range(ASKING):
        member = MembershipFactory(organisation=OrganisationFactory())
        need = NeedFactory(organisation=member.organisation)
        by = services.Actor(member.account.id, Side.NEED)
        ask = scene.ask(need_id=need.id, by=by)
        found.append(lambda ask=ask: services.send(db.session(), ask))
    scene.session.commit()
    return found


def row(offer_id: int) -> Offer:
    return db.session.get_one(Offer, offer_id)


def events(event: str) -> int:
    return len(db.session.scalars(select(AuditEvent.id).where(AuditEvent.event == event)).all())


@pytest.mark.parametrize("place", [0, 4, 7])
@pytest.mark.parametrize("how", ["left", "stop", "edit"])
def test_places_taken_while_they_are_lowered_are_all_counted_and_none_after(
    app: Flask, scene: Scene, how: str, place: int
) -> None:
    offer_id, by, version = scene.offer.id, scene.banker.id, scene.offer.version

    def lower() -> None:
        if how == "left":
            capacity.leave_places(db.session(), row(offer_id), by, 1, clock.now())
        elif how == "stop":
            capacity.stop(db.session(), row(offer_id), by)
        else:
            offer.update_offer(db.session(), row(offer_id), by, version=version, places=2)

    steps = asks(scene)
    steps.insert(place, lower)
    found = at_once(app, steps)
    assert found.pop(place) == "done"
    told = Counter(found)
    refused = {"left": "NoPlacesError", "edit": "NoPlacesError", "stop": "NotDeployingError"}[how]
    assert set(told) <= {"done", refused}
    scene.session.refresh(scene.offer)
    assert count(ContactRequest) == told["done"] == scene.offer.used
    left = capacity.places_left(scene.offer, clock.now())
    if how == "left":
        # One more than were taken when it was said, and that one went where many asked.
        assert scene.offer.month_places is not None
        assert told["done"] == min(scene.offer.month_places, ASKING)
    elif how == "edit":
        assert (scene.offer.places, left) == (2, max(2 - told["done"], 0))
    else:
        assert scene.offer.deploying is False
    assert events("offer.changed" if how == "edit" else "offer.capacity") == 1


@pytest.mark.parametrize("place", [0, 4, 7])
@pytest.mark.parametrize("to", [PublicationState.PAUSED, PublicationState.CLOSED])
def test_nobody_asks_for_an_offer_once_it_rests_and_who_asked_before_has_a_place(
    app: Flask, scene: Scene, to: PublicationState, place: int
) -> None:
    offer_id, by = scene.offer.id, scene.banker.id

    def end() -> None:
        if to is PublicationState.PAUSED:
            publication.pause(db.session(), row(offer_id), by)
        else:
            publication.close(db.session(), row(offer_id), by, "given_up")

    steps = asks(scene)
    steps.insert(place, end)
    found = at_once(app, steps)
    assert found.pop(place) == "done"
    assert set(found) <= {"done", "NotOpenError"}
    scene.session.refresh(scene.offer)
    assert scene.offer.state is to
    assert count(ContactRequest) == found.count("done") == scene.offer.used
    assert events(f"offer.{to}") == 1
    assert events("request.sent") == found.count("done")


def test_of_all_who_pause_renew_and_close_the_log_tells_what_stands(
    app: Flask, scene: Scene
) -> None:
    offer_id, by = scene.offer.id, scene.banker.id
    steps: list[Step] = [
        lambda: publication.pause(db.session(), row(offer_id), by),
        lambda: publication.renew(db.session(), row(offer_id), by),
        lambda: publication.close(db.session(), row(offer_id), by, "given_up"),
    ]
    found = at_once(app, [*steps, *steps])
    assert set(found) <= {"done", "WrongState"}
    assert found[2::3].count("done") == 1
    scene.session.refresh(scene.offer)
    assert scene.offer.state is PublicationState.CLOSED
    names = ["paused", "published", "closed"] * 2
    done = Counter(name for name, said in zip(names, found, strict=True) if said == "done")
    assert {name: events(f"offer.{name}") for name in done} == dict(done)
