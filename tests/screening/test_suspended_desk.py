"""While an organisation is suspended its desk is closed, and opens again as it was."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import OrganisationState
from matchmaker.screening.models import EntryEvent
from tests.page import PageClient
from tests.screening.lines import Desk, make_desk


@pytest.fixture
def desk(db_session: Session) -> Desk:
    made = make_desk(db_session)
    made.scene.need.title = "Canary need for dryers"
    made.session.commit()
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/pipeline",
        "/pipeline/{entry}",
        "/tasks",
        "/compare?offer={offer}&need={need}",
        "/brief/{offer}/{need}",
        "/firms?offer={offer}",
    ],
)
def test_no_page_of_it_shows_a_firm(page: PageClient, desk: Desk, path: str) -> None:
    scene, entry = desk.scene, desk.put_in()
    url = desk.url + path.format(
        entry=entry.public_id, offer=scene.offer.public_id, need=scene.need.public_id
    )
    client = page.sign_in(scene.banker)
    before = client.get(url).text
    scene.funder.state = OrganisationState.SUSPENDED
    desk.session.commit()
    closed = client.get(url)
    assert "has suspended this organisation" in closed.text
    assert "Canary need" not in closed.text
    scene.funder.state = OrganisationState.PUBLISHED
    desk.session.commit()
    assert client.get(url).text == before


def test_nothing_is_changed_meanwhile(page: PageClient, desk: Desk) -> None:
    entry = desk.put_in()
    client = page.sign_in(desk.scene.banker)
    form = client.get(desk.page(entry))
    steps = ((OrganisationState.SUSPENDED, 403, 0), (OrganisationState.PUBLISHED, 303, 1))
    for state, status, notes in steps:
        desk.scene.funder.state = state
        desk.session.commit()
        client.submit(form, "form[action$=note]", status=status, note="Still here")
        query = select(func.count(EntryEvent.id)).where(EntryEvent.text == "Still here")
        assert desk.session.scalar(query) == notes
