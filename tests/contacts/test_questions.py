"""Asked again months after a yes, and answered by one tap from the mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask_mailman import EmailMessage
from sqlalchemy import select

from matchmaker import jobs
from matchmaker.accounts.models import Account
from matchmaker.accounts.services import privacy
from matchmaker.contacts import outcome_links, services
from matchmaker.contacts.models import ContactRequest, Outcome, OutcomeQuestion
from matchmaker.contacts.services import Details, outcomes, questions
from matchmaker.extensions import clock, db
from matchmaker.notifications import tokens
from matchmaker.notifications.models import Notice
from matchmaker.suggestions.models import Side
from tests.background import run_jobs
from tests.contacts.scene import Scene
from tests.contacts.test_races import at_once
from tests.factories import MembershipFactory
from tests.page import PageClient

Browser = Callable[[], PageClient]
LATER = {months: after + timedelta(hours=1) for months, after in questions.ASKED_AFTER.items()}


def said_yes(scene: Scene, months: int = 3) -> ContactRequest:
    """A yes of so many months ago."""
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    request.answered_at = clock.now() - LATER[months]
    scene.session.commit()
    return request


def ask_all(app: Flask, scene: Scene) -> None:
    jobs.enqueue(scene.session, "contacts.ask_outcomes")
    scene.session.commit()
    run_jobs(app)
    scene.session.expire_all()


def say(scene: Scene, request: ContactRequest, side: Side, code: str, band: str = "") -> None:
    actor = scene.actor(side)
    services.say_outcome(scene.session, request, actor, code, Details(band=band))
    scene.session.commit()


def told(scene: Scene, account: Account) -> list[Notice]:
    query = select(Notice).where(Notice.account_id == account.id, Notice.kind == questions.KIND)
    return list(scene.session.scalars(query))


def link(request: ContactRequest, account: Account, side: Side, months: int = 3) -> str:
    facts = {
        "request": request.public_id,
        "side": side.value,
        "reader": account.public_id,
        "months": str(months),
        "until": (clock.now() + questions.LINK_LIVES).date().isoformat(),
    }
    return outcome_links.path(facts)


def test_both_are_asked_at_3_6_and_12_months_once_each(app: Flask, scene: Scene) -> None:
    request = said_yes(scene)
    for months in questions.ASKED_AFTER:
        for _ in range(2):
            request.answered_at = clock.now() - LATER[months]
            ask_all(app, scene)
    rows = scene.session.scalars(select(OutcomeQuestion)).all()
    assert sorted((row.side, row.months) for row in rows) == [
        (side, months) for side in sorted(Side) for months in (3, 6, 12)
    ]
    assert len(told(scene, scene.owner)) == len(told(scene, scene.banker)) == 3


def test_nobody_is_asked_too_early_or_long_after(app: Flask, scene: Scene) -> None:
    request = said_yes(scene)
    for age in (timedelta(days=90), questions.ASKED_AFTER[3] + questions.LATE + timedelta(hours=1)):
        request.answered_at = clock.now() - age
        ask_all(app, scene)
    assert scene.session.scalars(select(OutcomeQuestion)).all() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mine", "band", "theirs", "their_band", "asked"),
    [
        ("talking", "", "", "", True),
        ("met", "", "", "", True),
        ("not_agreed", "", "agreed", "", False),
        ("no_contact", "", "", "", False),
        ("part_agreed", "1000-2000", "", "", True),
        ("agreed", "", "", "", True),
        ("agreed", "1000-2000", "", "", False),
        ("agreed", "1000-2000", "agreed", "2000-5000", True),
    ],
)
def test_who_has_said_all_is_left_alone(
    app: Flask, scene: Scene, mine: str, band: str, theirs: str, their_band: str, asked: bool
) -> None:
    request = said_yes(scene)
    say(scene, request, Side.NEED, mine, band)
    if theirs:
        say(scene, request, Side.OFFER, theirs, their_band)
    ask_all(app, scene)
    assert bool(told(scene, scene.owner)) is asked


def test_the_mail_holds_a_link_and_the_notice_holds_none(
    app: Flask, scene: Scene, page: PageClient
) -> None:
    said_yes(scene)
    ask_all(app, scene)
    outbox: list[EmailMessage] = app.extensions["mailman"].outbox
    mail = next(one for one in outbox if one.to == [scene.owner.email] and "How did" in one.subject)
    path = next(line for line in mail.body.split() if "/how-did-it-go/" in line)
    token = path.rpartition("/")[2].partition("?")[0]
    assert all(token not in str(row.facts) for row in scene.session.scalars(select(Notice)))
    shown = page.get(f"/how-did-it-go/{token}")
    assert scene.need.title in shown.text
    assert scene.offer.title in shown.text
    assert scene.funder.name not in shown.text
    assert len(shown.all("#how-did-it-go button")) == 6


def test_looking_changes_nothing_and_one_tap_says_it_once(
    app: Flask, scene: Scene, page: PageClient
) -> None:
    request = said_yes(scene)
    ask_all(app, scene)
    url = link(request, scene.owner, Side.NEED)
    for _ in range(3):
        page.get(url)
        page.client.head(url)
    assert outcomes.sayings(scene.session, request) == []
    thanks = page.follow(page.post(url, {"outcome": "agreed"}, token=False))
    assert "You say: Agreed" in thanks.text
    assert not thanks.all("#how-did-it-go button")
    again = page.follow(page.post(url, {"outcome": "no_contact"}, token=False))
    assert "You say: Agreed" in again.text
    assert "Sign in to change it" in again.text
    row = scene.session.scalars(select(Outcome)).one()
    assert (row.code, row.side, row.account_id) == ("agreed", Side.NEED, scene.owner.id)


def test_what_was_said_on_the_page_answers_the_mail_too(
    app: Flask, scene: Scene, page: PageClient
) -> None:
    request = said_yes(scene)
    ask_all(app, scene)
    say(scene, request, Side.NEED, "talking")
    url = link(request, scene.owner, Side.NEED)
    assert "You say: Still talking" in page.get(url).text
    page.post(url, {"outcome": "agreed"}, token=False)
    assert len(outcomes.sayings(scene.session, request)) == 1


@pytest.mark.parametrize("data", [{}, {"outcome": "nonsense"}])
def test_a_tap_on_nothing_says_nothing(
    app: Flask, scene: Scene, page: PageClient, data: dict[str, str]
) -> None:
    request = said_yes(scene)
    ask_all(app, scene)
    url = link(request, scene.owner, Side.NEED)
    shown = page.post(url, data, status=422, token=False)
    assert "Choose what came of it." in shown.text
    assert outcomes.sayings(scene.session, request) == []


def ended(scene: Scene, request: ContactRequest) -> None:
    scene.session.delete(scene.firm.memberships[0])


def erased(scene: Scene, request: ContactRequest) -> None:
    privacy.erase(scene.session, scene.owner, by_id=None)


def suspended(scene: Scene, request: ContactRequest) -> None:
    scene.owner.active = False


@pytest.mark.parametrize("happen", [ended, erased, suspended])
def test_a_link_ends_with_its_reader(
    app: Flask,
    scene: Scene,
    page: PageClient,
    happen: Callable[[Scene, ContactRequest], None],
) -> None:
    request = said_yes(scene)
    ask_all(app, scene)
    url = link(request, scene.owner, Side.NEED)
    page.get(url)
    happen(scene, request)
    scene.session.commit()
    assert "This link has ended" in page.get(url, status=404).text
    page.post(url, {"outcome": "agreed"}, status=404, token=False)
    assert outcomes.sayings(scene.session, request) == []


def test_every_dead_link_shows_the_same_page(app: Flask, scene: Scene, page: PageClient) -> None:
    request = said_yes(scene)
    ask_all(app, scene)
    good = link(request, scene.owner, Side.NEED)
    old = {"request": request.public_id, "side": "need", "reader": scene.owner.public_id}
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    dead = [
        # Not its last letter: two of that one's six bits say nothing.
        good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1],
        "/how-did-it-go/no-such-token",
        outcome_links.path(old | {"months": "3", "until": yesterday}),
        link(request, scene.owner, Side.OFFER),
        link(request, scene.owner, Side.NEED, months=6),
        link(request, MembershipFactory().account, Side.NEED),
    ]
    scene.session.commit()
    pages = {page.get(url, status=404).one("main").text for url in dead}
    assert len(pages) == 1


def test_an_unsubscribe_link_opens_nothing_here(app: Flask) -> None:
    assert outcome_links.read(tokens.make("abc", questions.KIND)) is None


@pytest.mark.slow
def test_two_colleagues_tap_and_two_jobs_ask_at_once(app: Flask, scene: Scene) -> None:
    request = said_yes(scene)
    colleague = MembershipFactory(organisation=scene.firm).account
    scene.session.commit()
    request_id, people = request.id, (scene.owner.id, colleague.id)

    def row() -> ContactRequest:
        return db.session.get_one(ContactRequest, request_id)

    asked = at_once(app, [lambda: questions.ask(db.session(), row(), 3)] * 4)
    assert Counter(asked) == {"done": 4}
    assert len(told(scene, scene.owner)) == 1

    def tap(account_id: int, code: str) -> None:
        question = questions.find(db.session(), row(), Side.NEED, 3)
        assert question is not None
        actor = services.Actor(account_id, Side.NEED)
        questions.answer(db.session(), row(), actor, question, code)

    codes = ("agreed", "not_agreed", "met", "talking")
    steps = [lambda a=a, c=c: tap(a, c) for a in people for c in codes]
    assert Counter(at_once(app, steps)) == {"done": 8}
    assert len(scene.session.scalars(select(Outcome)).all()) == 1
