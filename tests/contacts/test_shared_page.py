"""What was shared, and who looked: all of it, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.contacts.models import ContactRequest, ContactView, Release
from matchmaker.extensions import clock
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.factories import NeedFactory
from tests.page import PageClient

MANY = 45


@pytest.fixture
def shared(scene: Scene) -> Scene:
    """As many requests, each with a release and a look; the day of each names it."""
    now = clock.now()
    for at in range(MANY):
        need = NeedFactory(organisation=scene.firm)
        scene.session.flush()
        request = ContactRequest(
            need_id=need.id, need_organisation_id=scene.firm.id, offer_id=scene.offer.id,
            offer_organisation_id=scene.funder.id, asked_by=Side.NEED, sent_at=now, expires_at=now,
        )  # fmt: skip
        scene.session.add(request)
        scene.session.flush()
        then = now - timedelta(days=MANY - at)
        scene.session.add_all(
            [
                Release(
                    contact_request_id=request.id, organisation_id=scene.firm.id,
                    to_organisation_id=scene.funder.id, field="name", released_at=then,
                ),
                ContactView(
                    contact_request_id=request.id, organisation_id=scene.firm.id,
                    viewer_organisation_id=scene.funder.id, fields=["name"], fields_key="name",
                    day=then.date(), last_at=then,
                ),
            ]
        )  # fmt: skip
    scene.session.commit()
    return scene


@pytest.mark.parametrize("part", ["releases", "looks"])
def test_each_is_read_once_and_the_other_list_stays_where_it_is(
    shared: Scene, page: PageClient, part: str
) -> None:
    page.sign_in(shared.owner)
    first = shown = page.get(f"/requests/shared/{shared.firm.public_id}")
    other = "looks" if part == "releases" else "releases"
    read: list[str] = []
    for rows in (20, 20, 5):
        here = [one.get_text() for one in shown.all(f"[aria-labelledby=h-{part}] tbody tr")]
        assert len(here) == rows
        read += here
        there = shown.one(f"[aria-labelledby=h-{other}] tbody").get_text()
        assert there == first.one(f"[aria-labelledby=h-{other}] tbody").get_text()
        older = shown.all(f"[aria-labelledby=h-{part}] .more-row a")
        if rows == 20:
            shown = page.get(str(older[0]["href"]))
    assert older == []
    assert len(set(read)) == MANY


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "٣", "1.5", "%00"])
def test_what_no_page_wrote_starts_at_the_top(shared: Scene, page: PageClient, key: str) -> None:
    url = f"/requests/shared/{shared.firm.public_id}"
    top = page.sign_in(shared.owner).get(url).one("main").get_text()
    assert page.get(f"{url}?before={key}&looked={key}").one("main").get_text() == top
