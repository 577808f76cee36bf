"""Lists cost the same number of queries however long they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from matchmaker.contacts import services
from matchmaker.contacts.services import reading
from matchmaker.extensions import db
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.factories import MembershipFactory, NeedFactory, OrganisationFactory
from tests.page import PageClient

pytestmark = pytest.mark.both

MOST = 12


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def asked_by_many(scene: Scene, number: int) -> None:
    for _ in range(number):
        member = MembershipFactory(organisation=OrganisationFactory(show_name=False))
        need = NeedFactory(organisation=member.organisation)
        request = scene.send(need_id=need.id, by=services.Actor(member.account.id, Side.NEED))
        scene.banker_seen(request)


@pytest.mark.slow
def test_the_list_takes_the_same_queries_for_2_and_for_18(scene: Scene, page: PageClient) -> None:
    page.sign_in(scene.banker)
    asked_by_many(scene, 2)
    page.get("/requests")
    with counted() as few:
        page.get("/requests")
    asked_by_many(scene, 16)
    with counted() as many:
        shown = page.get("/requests")
    assert len(shown.all("article")) == 18
    assert len(few) == len(many) <= MOST, "\n".join(many)


def test_a_request_page_takes_few_queries(scene: Scene, page: PageClient) -> None:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    path = f"/requests/{request.public_id}"
    page.sign_in(scene.banker).get(path)
    with counted() as seen:
        page.get(path)
    assert len(seen) <= MOST, "\n".join(seen)


def test_the_page_to_ask_takes_few_queries(scene: Scene, page: PageClient) -> None:
    page.sign_in(scene.owner).get(scene.url())
    with counted() as seen:
        page.get(scene.url())
    assert len(seen) <= MOST, "\n".join(seen)


def test_what_waits_is_counted_for_both_sides_up_to_a_limit(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        scene.need = NeedFactory(organisation=scene.firm)
        scene.session.commit()
        scene.send()
    other = NeedFactory(organisation=scene.firm)
    scene.session.commit()
    scene.send(Side.OFFER, need_id=other.id)
    both = [scene.firm.id, scene.funder.id]
    assert reading.waiting_count(scene.session, both) == 4
    assert reading.waiting_by_organisation(scene.session, both) == {
        scene.funder.id: 3,
        scene.firm.id: 1,
    }
    monkeypatch.setattr(reading, "MOST_COUNTED", 2)
    assert reading.waiting_count(scene.session, both) == 3
    # Of the clients of an introducer each is told with all that waits there.
    assert reading.waiting_by_organisation(scene.session, both)[scene.funder.id] == 3
