"""Papers, answers and dates that wait for somebody: on the first page and in the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.contacts.models import ContactRequest, Meeting, RequestState
from matchmaker.contacts.services import evidence_asks, meetings
from matchmaker.contacts.services.agenda import Due, agenda
from matchmaker.contacts.services.evidence_asks import Wanted
from matchmaker.extensions import clock
from matchmaker.organisations.models import OrganisationState
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, propose
from tests.contacts.test_queries import MOST, counted
from tests.page import PageClient

pytestmark = pytest.mark.both

QUESTION = Wanted("", "Who keeps your books?", "Our committee asks it.")
PLAN = Wanted("business_plan", "", "We read the plan before we meet.")
DATES, MORE = "Dates to meet", "They ask you for more"


def wait_for(scene: Scene, side: Side) -> tuple[ContactRequest, Meeting]:
    """The other side asked a question and proposed times."""
    request = accepted(scene)
    asker = Side.OFFER if side is Side.NEED else Side.NEED
    evidence_asks.ask(scene.session, request, scene.actor(asker), QUESTION)
    return request, propose(scene, request, asker)


def due(scene: Scene, side: Side) -> set[Due]:
    return agenda(scene.session, scene.actor(side).account_id or 0).keys() & {Due.MEET, Due.TELL}


@pytest.mark.parametrize("side", list(Side))
def test_what_waits_stands_on_the_first_page_of_who_is_asked_alone(
    scene: Scene, side: Side
) -> None:
    request, _meeting = wait_for(scene, side)
    asker = Side.OFFER if side is Side.NEED else Side.NEED
    assert (due(scene, side), due(scene, asker)) == ({Due.MEET, Due.TELL}, set())
    steps = agenda(scene.session, scene.actor(side).account_id or 0)
    assert {steps[one].request.id for one in (Due.MEET, Due.TELL)} == {request.id}


def test_it_is_gone_once_answered_past_or_ended(scene: Scene) -> None:
    request, meeting = wait_for(scene, Side.NEED)
    firm = scene.actor(Side.NEED)
    [ask] = evidence_asks.asks(scene.session, request)
    evidence_asks.answer(scene.session, request, firm, ask.id, "My sister.")
    scene.session.commit()
    assert due(scene, Side.NEED) == {Due.MEET}
    meeting.last_at = clock.now() - timedelta(minutes=1)
    scene.session.commit()
    assert due(scene, Side.NEED) == set()
    meeting.last_at = clock.now() + timedelta(days=1)
    evidence_asks.ask(scene.session, request, scene.actor(Side.OFFER), PLAN)
    scene.session.commit()
    assert due(scene, Side.NEED) == {Due.MEET, Due.TELL}
    request.state = RequestState.CLOSED
    scene.session.commit()
    assert due(scene, Side.NEED) == set()


def test_times_that_were_taken_wait_for_nobody(scene: Scene) -> None:
    request, meeting = wait_for(scene, Side.NEED)
    firm = scene.actor(Side.NEED)
    meetings.take(scene.session, request, firm, meeting.public_id, meeting.times[0])
    scene.session.commit()
    assert due(scene, Side.NEED) == {Due.TELL}


def test_both_are_lines_that_lead_to_their_place_and_tags_in_the_list(
    scene: Scene, page: PageClient, new_page: Callable[[], PageClient]
) -> None:
    request, _meeting = wait_for(scene, Side.NEED)
    page.sign_in(scene.owner).get("/start")
    with counted() as seen:
        start = page.get("/start")
    assert len(seen) <= MOST, "\n".join(seen)
    path = f"/requests/{request.public_id}"
    urls = [str(one["href"]) for one in start.all("#next-lines a.btn")]
    assert urls[:2] == [f"{path}#dates", f"{path}#evidence"]
    opened = page.get(path)
    assert opened.all("#dates")
    assert opened.all("#evidence")
    tags = [one.text for one in page.get("/requests?box=sent").all("article .tag")]
    assert tags[-2:] == [DATES, MORE]
    banker = new_page().sign_in(scene.banker)
    theirs = banker.get("/requests").one("article").get_text()
    assert DATES not in theirs
    assert MORE not in theirs


def test_where_nobody_can_answer_nothing_is_asked(scene: Scene, page: PageClient) -> None:
    wait_for(scene, Side.NEED)
    scene.funder.state = OrganisationState.SUSPENDED
    scene.session.commit()
    page.sign_in(scene.owner)
    assert DATES not in page.get("/start").one("main").get_text()
    assert not {DATES, MORE} & {one.text for one in page.get("/requests?box=sent").all(".tag")}
    opened = page.get(f"/requests/{scene.session.scalars(select(ContactRequest.public_id)).one()}")
    assert opened.all("#dates") == []
