"""Sets asked for at once: nobody waits in a ring, and no part is asked without the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest, ContactSet
from matchmaker.contacts.services import asking_sets
from matchmaker.contacts.services.asking_sets import PartAsk, SetAsk
from matchmaker.extensions import db
from matchmaker.organisations.models import Offer
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.test_races import at_once, count
from tests.factories import MembershipFactory, NeedFactory, OfferFactory

pytestmark = pytest.mark.slow
FIRMS, PLACES = 6, 2


def test_of_six_sets_in_either_order_as_many_are_sent_as_there_are_places(
    app: Flask, scene: Scene
) -> None:
    other = OfferFactory(code="GRANT", places=PLACES)
    asks = [_asking(scene, other, turned=bool(at % 2)) for at in range(FIRMS)]
    found = at_once(app, asks)
    assert sorted(found) == ["PartError"] * (FIRMS - PLACES) + ["done"] * PLACES
    assert (count(ContactSet), count(ContactRequest)) == (PLACES, 2 * PLACES)
    used = {db.session.get_one(Offer, one).used for one in (other.id, scene.offer.id)}
    assert used == {PLACES}


def _asking(scene: Scene, other: Offer, *, turned: bool) -> Callable[[], object]:
    member = MembershipFactory()
    need = NeedFactory(organisation=member.organisation)
    scene.session.flush()
    by = services.Actor(member.account.id, Side.NEED)
    one = scene.ask(need_id=need.id, by=by, of_set=True)
    parts = [PartAsk(replace(one, offer_id=other.id), "grant"), PartAsk(one, "loan")]
    asked = SetAsk(parts[::-1] if turned else parts, need.id, 50.0, 100, 1)
    return lambda: asking_sets.send_set(db.session(), asked)
