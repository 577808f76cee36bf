"""Times to meet: proposed, taken, refused, called off, and carried into a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from matchmaker.contacts.errors import BadAnswerError, ClosedConversationError, MeetingOpenError
from matchmaker.contacts.models import ContactEvent, Meeting, MeetingState, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import meetings, outcomes
from matchmaker.contacts.services.messages import QUIET
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, in_days, propose, say
from tests.page import PageClient

Browser = Callable[[], PageClient]


def test_a_time_is_taken_and_leaves_a_line_and_a_notice(scene: Scene) -> None:
    request = accepted(scene)
    row = propose(scene, request, Side.NEED, 3, 2)
    assert row.times == sorted(row.times)
    meetings.take(scene.session, request, scene.actor(Side.OFFER), row.public_id, row.times[1])
    scene.session.commit()
    assert (row.state, row.starts_at) == (MeetingState.TAKEN, in_days(3)[0])
    kinds = scene.session.scalars(select(ContactEvent.kind).order_by(ContactEvent.id)).all()
    assert kinds[-2:] == [EventKind.DATES_PROPOSED, EventKind.DATE_TAKEN]
    told = scene.session.scalars(select(Notice).where(Notice.kind == "date.taken")).one()
    assert told.account_id == scene.owner.id


def test_only_the_other_side_answers_and_only_what_was_proposed(scene: Scene) -> None:
    request = accepted(scene)
    row = propose(scene, request, Side.NEED)
    firm, bank = scene.actor(Side.NEED), scene.actor(Side.OFFER)
    key, at = row.public_id, row.times[0]
    with pytest.raises(WrongState):
        meetings.take(scene.session, request, firm, key, at)
    with pytest.raises(WrongState):
        meetings.refuse(scene.session, request, firm, key)
    with pytest.raises(WrongState):
        meetings.call_off(scene.session, request, bank, key)
    with pytest.raises(BadAnswerError):
        meetings.take(scene.session, request, bank, key, "2031-01-01T00:00:00+00:00")
    with pytest.raises(WrongState):
        meetings.take(scene.session, request, bank, "zzzzzzzzzzzz", at)
    meetings.refuse(scene.session, request, bank, key)
    with pytest.raises(WrongState):
        meetings.take(scene.session, request, bank, key, at)
    assert row.state is MeetingState.REFUSED


def test_one_thing_is_agreed_on_at_a_time(scene: Scene) -> None:
    request = accepted(scene)
    row = propose(scene, request, Side.NEED)
    with pytest.raises(MeetingOpenError):
        propose(scene, request, Side.OFFER)
    row.times = [(clock.now() - timedelta(hours=1)).isoformat()]
    scene.session.commit()
    newer = propose(scene, request, Side.OFFER)
    assert (row.state, newer.state) == (MeetingState.PAST, MeetingState.OPEN)
    meetings.call_off(scene.session, request, scene.actor(Side.OFFER), newer.public_id)
    assert propose(scene, request, Side.NEED).state is MeetingState.OPEN


def test_times_behind_us_too_many_or_none_are_refused(scene: Scene) -> None:
    request = accepted(scene)
    for days in ((-1,), (), (1, 2, 3, 4)):
        made = meetings.Proposal(in_days(*days), "Asia/Vientiane", by_telephone=True)
        with pytest.raises(BadAnswerError):
            meetings.propose(scene.session, request, scene.actor(Side.NEED), made)


def test_nobody_agrees_on_a_date_once_it_is_closed(scene: Scene) -> None:
    request = accepted(scene)
    row = propose(scene, request, Side.NEED)
    request.state = RequestState.CLOSED
    scene.session.commit()
    with pytest.raises(ClosedConversationError):
        meetings.take(scene.session, request, scene.actor(Side.OFFER), row.public_id, row.times[0])
    scene.session.rollback()


def test_a_taken_date_is_called_off_after_what_came_of_it_was_said(
    scene: Scene, page: PageClient
) -> None:
    request = accepted(scene)
    row = propose(scene, request, Side.NEED)
    meetings.take(scene.session, request, scene.actor(Side.OFFER), row.public_id, row.times[0])
    outcomes.say_outcome(scene.session, request, scene.actor(Side.OFFER), "agreed")
    scene.session.commit()
    assert request.state is RequestState.CLOSED
    shown = page.sign_in(scene.owner).get(f"/requests/{request.public_id}")
    assert "Propose times" not in shown.one("#dates").text
    page.submit(shown, "#dates .acts form")
    scene.session.expire_all()
    assert row.state is MeetingState.OFF
    told = scene.session.scalars(select(Notice).where(Notice.kind == "date.off")).one()
    assert told.account_id == scene.banker.id


def test_nobody_calls_off_a_date_with_whom_they_blocked(scene: Scene) -> None:
    request = accepted(scene)
    row = propose(scene, request, Side.NEED)
    meetings.take(scene.session, request, scene.actor(Side.OFFER), row.public_id, row.times[0])
    request.blocked_by = Side.NEED
    with pytest.raises(ClosedConversationError):
        meetings.call_off(scene.session, request, scene.actor(Side.OFFER), row.public_id)


def test_a_date_called_off_holds_back_no_question_whether_they_still_talk(scene: Scene) -> None:
    request = accepted(scene)
    row = propose(scene, request, Side.NEED, 60)
    meetings.take(scene.session, request, scene.actor(Side.OFFER), row.public_id, row.times[0])
    assert request.quiet_at == in_days(60)[0] + QUIET
    say(scene, request, Side.NEED, "I shall bring the accounts.")
    assert request.quiet_at == in_days(60)[0] + QUIET
    meetings.call_off(scene.session, request, scene.actor(Side.NEED), row.public_id)
    assert request.quiet_at is not None
    assert request.quiet_at - clock.now() <= QUIET
    other = propose(scene, request, Side.NEED)
    request.quiet_at = None
    meetings.refuse(scene.session, request, scene.actor(Side.OFFER), other.public_id)
    assert request.quiet_at is not None


def test_both_clocks_are_shown_and_the_calendar_has_the_moment(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = accepted(scene)
    scene.owner.time_zone, scene.banker.time_zone = "Asia/Vientiane", "Asia/Tokyo"
    scene.session.commit()
    url = f"/requests/{request.public_id}"
    day = (clock.now() + timedelta(days=5)).date()
    page.sign_in(scene.owner)
    page.submit(
        page.get(url), "#dates form", time_1=f"{day}T14:00", by_telephone="y", time_2="", place=""
    )
    mine = page.get(url)
    assert "14:00 (Vientiane time)" in mine.one("#dates").text
    assert "Tokyo" not in mine.one("#dates").text
    banker = new_page().sign_in(scene.banker)
    shown = banker.get(url)
    assert "16:00 (Tokyo time)" in shown.one("#dates").text
    assert "14:00 (Vientiane time)" in shown.one("#dates").text
    banker.submit(shown, "#dates form")
    file = banker.get(f"{url}/dates.ics").response
    assert file.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(file.get_data()).walk("VEVENT")
    assert event["dtstart"].dt.isoformat() == f"{day}T07:00:00+00:00"
    assert event["location"] == "By telephone"
    late = page.submit(mine, "#dates .acts form")
    assert "Called off" in page.follow(late).text
    banker.get(f"{url}/dates.ics", status=404)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"time_1": "soon"}, "Write a day and a time"),
        ({"time_1": "2001-03-04 14:00"}, "This time has passed"),
        ({"time_1": "2090-03-04 14:00"}, "more than a year ahead"),
        ({"time_1": "2026-03-04 25:00"}, "There is no such time"),
        ({"time_1": ""}, "Choose at least one time"),
        ({"place": ""}, "Say where"),
    ],
)
def test_a_time_that_cannot_be_read_is_kept_beside_its_message(
    scene: Scene, page: PageClient, typed: dict[str, str], words: str
) -> None:
    request = accepted(scene)
    shown = page.sign_in(scene.owner).get(f"/requests/{request.public_id}")
    day = (clock.now() + timedelta(days=5)).date()
    values = {"time_1": f"{day} 14:00", "place": "Ban Xieng Muan"} | typed
    wrong = page.submit(shown, "#dates form", status=422, **values)
    assert words in wrong.one("#dates").text
    assert wrong.one("#dates input[name=time_1]")["value"] == values["time_1"].replace(
        f"{day} 14:00", f"{day}T14:00"
    )
    assert scene.session.query(Meeting).count() == 0


@pytest.mark.once
def test_what_was_taken_meanwhile_is_said(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = accepted(scene)
    propose(scene, request, Side.NEED)
    url = f"/requests/{request.public_id}"
    page.sign_in(scene.banker)
    shown = page.get(url)
    page.submit(shown, "#dates form")
    late = page.post(f"{url}/dates/answer", shown.form("#dates form") | {"time": "none"}, 409)
    assert "This request changed in the meantime" in late.text
    scene.session.expire_all()
    assert scene.session.query(Meeting).one().state is MeetingState.TAKEN


@pytest.mark.parametrize(
    ("zone", "told_in"),
    [
        ("Asia/Vientiane", "Asia/Vientiane"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("Asia/Nowhere", "UTC"),
    ],
)
def test_what_happened_is_dated_by_the_readers_own_clock(
    scene: Scene, page: PageClient, zone: str, told_in: str
) -> None:
    accepted(scene)
    scene.banker.time_zone = zone
    scene.session.commit()
    url = f"/organisations/{scene.funder.public_id}/who-did-what"
    shown = page.sign_in(scene.banker).get(url).one("time")
    here = datetime.fromisoformat(str(shown["datetime"])).astimezone(ZoneInfo(told_in))
    assert shown.get_text() == f"{here.day} {here:%b %Y, %H:%M}".replace("Sep ", "Sept ")
