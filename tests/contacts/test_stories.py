"""Success stories: of what both confirmed, with the consent of both, read by staff, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import Scope, StaffRole
from matchmaker.accounts.services import privacy
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest, Story, StoryPart, StoryState
from matchmaker.contacts.services import stories
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import OrganisationState
from matchmaker.suggestions.models import Side
from matchmaker.tasks import Task, TaskKind, TaskState
from tests.contacts.scene import Scene
from tests.contacts.test_races import at_once
from tests.factories import StaffFactory
from tests.page import PageClient

Browser = Callable[[], PageClient]
WORDS = "We bought two drying machines and now sell all year."


def agreed(scene: Scene) -> ContactRequest:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    for side in Side:
        services.say_outcome(scene.session, request, scene.actor(side), "agreed")
    scene.session.commit()
    return request


def given(scene: Scene, request: ContactRequest) -> Story:
    for side, text in ((Side.NEED, WORDS), (Side.OFFER, "A pleasure. Call 020 5551 2345.")):
        stories.give(scene.session, request, scene.actor(side), text, "en")
    scene.session.commit()
    return scene.session.scalars(select(Story)).one()


def published(scene: Scene) -> tuple[ContactRequest, Story]:
    request = agreed(scene)
    story = given(scene, request)
    staff = StaffFactory(staff_role=StaffRole.OFFICER)
    stories.review(scene.session, story, story.version, staff.id, publish=True)
    scene.session.commit()
    return request, story


def open_tasks(scene: Scene) -> int:
    query = select(Task.id).where(Task.kind == TaskKind.STORY, Task.state == TaskState.OPEN)
    return len(scene.session.scalars(query).all())


def test_both_agree_staff_read_it_and_visitors_see_it(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = agreed(scene)
    url = f"/requests/{request.public_id}"
    firm, bank = page.sign_in(scene.owner), new_page().sign_in(scene.banker)
    firm.submit(firm.get(url), "#story form", text=WORDS, consent="y")
    assert "It waits for the other side" in firm.get(url).one("#story").text
    assert open_tasks(scene) == 0
    bank.submit(bank.get(url), "#story form", text="", consent="y")
    assert "reads it first" in bank.get(url).one("#story").text
    visitor = new_page()
    assert WORDS not in visitor.get("/").text
    staff = new_page().sign_in(StaffFactory(staff_role=StaffRole.OFFICER))
    tasks = staff.get("/programme/tasks")
    link = next(a["href"] for a in tasks.all("a") if "/programme/stories/" in str(a.get("href")))
    read = staff.get(str(link))
    assert WORDS in read.text
    staff.submit(read, "form[action$=publish]")
    shown = visitor.get("/")
    assert WORDS in shown.text
    assert scene.firm.name not in shown.text
    assert "A firm in" in shown.one("section[aria-labelledby=stories]").text
    assert open_tasks(scene) == 0
    told = scene.session.scalars(select(Notice.account_id).where(Notice.kind == "story.published"))
    assert set(told) == {scene.owner.id, scene.banker.id}


@pytest.mark.parametrize("side", list(Side))
def test_either_takes_it_back_at_any_time(scene: Scene, page: PageClient, side: Side) -> None:
    request, story = published(scene)
    assert [row.id for row in stories.shown(scene.session)] == [story.id]
    page.sign_in(scene.owner if side is Side.NEED else scene.banker)
    url = f"/requests/{request.public_id}"
    page.submit(page.get(url), "#story form[action$=take-back]")
    assert stories.shown(scene.session) == []
    page.post(f"{url}/story/take-back", status=409)


@pytest.mark.parametrize("code", ["talking", "not_agreed", "no_contact", "met"])
def test_a_word_changed_later_takes_the_story_away(scene: Scene, code: str) -> None:
    request, _story = published(scene)
    services.say_outcome(scene.session, request, scene.actor(Side.OFFER), code)
    scene.session.commit()
    assert stories.shown(scene.session) == []


def test_a_suspended_side_and_an_erased_person_take_it_away(scene: Scene) -> None:
    published(scene)
    scene.funder.state = OrganisationState.SUSPENDED
    scene.session.commit()
    assert stories.shown(scene.session) == []
    scene.funder.state = OrganisationState.PUBLISHED
    scene.session.commit()
    assert len(stories.shown(scene.session)) == 1
    held = privacy.export(scene.session, scene.owner)
    assert WORDS in held
    privacy.erase(scene.session, scene.owner, by_id=None)
    scene.session.commit()
    assert stories.shown(scene.session) == []
    assert WORDS not in scene.session.scalars(select(StoryPart.text)).all()


def test_nothing_is_told_of_what_one_side_sees_differently(scene: Scene, page: PageClient) -> None:
    request = agreed(scene)
    services.say_outcome(scene.session, request, scene.actor(Side.OFFER), "talking")
    scene.session.commit()
    page.sign_in(scene.owner)
    url = f"/requests/{request.public_id}"
    assert page.get(url).all("#story") == []
    page.post(f"{url}/story", {"text": WORDS, "consent": "y"}, status=409)
    assert scene.session.scalars(select(StoryPart)).all() == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [({"text": WORDS}, "Tick this"), ({"text": "", "consent": "y"}, "Write a few words")],
)
def test_a_tick_and_words_are_needed(
    scene: Scene, page: PageClient, typed: dict[str, str], message: str
) -> None:
    request = agreed(scene)
    page.sign_in(scene.owner)
    shown = page.submit(
        page.get(f"/requests/{request.public_id}"), "#story form", status=422, **typed
    )
    assert message in shown.one("#story").text
    assert shown.one("#story textarea").text.strip() == typed["text"]


def test_staff_publish_only_what_they_read_and_only_in_their_scope(
    scene: Scene, page: PageClient, new_page: Browser
) -> None:
    request = agreed(scene)
    story = given(scene, request)
    url = f"/programme/stories/{story.public_id}"
    staff = page.sign_in(StaffFactory(staff_role=StaffRole.OFFICER))
    read = staff.get(url)
    assert "020 5551 2345" not in read.text
    stories.give(scene.session, request, scene.actor(Side.NEED), "Quite other words.", "en")
    scene.session.commit()
    late = staff.submit(read, "form[action$=publish]")
    assert "has changed meanwhile" in staff.follow(late).text
    assert stories.shown(scene.session) == []
    elsewhere = StaffFactory(
        staff_role=StaffRole.OFFICER, scope=Scope.PROVINCE, scope_values=["TH-10"]
    )
    far = new_page().sign_in(elsewhere)
    far.get(url, status=404)
    far.post(f"{url}/publish", {"version": str(story.version)}, status=404)
    staff.submit(staff.get(url), "form[action$=send_back]")
    scene.session.expire_all()
    assert story.state is StoryState.SENT_BACK


@pytest.mark.slow
def test_publishing_against_taking_back_never_leaves_it_shown(app: Flask, scene: Scene) -> None:
    request = agreed(scene)
    story = given(scene, request)
    staff_id = StaffFactory().id
    scene.session.commit()
    story_id, version, request_id = story.id, story.version, request.id
    firm = scene.actor(Side.NEED)

    def publish() -> None:
        row = db.session.get_one(Story, story_id)
        stories.review(db.session(), row, version, staff_id, publish=True)

    def back() -> None:
        row = db.session.get_one(ContactRequest, request_id)
        stories.take_back(db.session(), row, firm)

    found = at_once(app, [publish, back, publish, back])
    counts = Counter(found[1::2])
    assert counts == {"done": 1, WrongState.__name__: 1}
    assert Counter(found[0::2])["done"] <= 1
    assert stories.shown(db.session()) == []
