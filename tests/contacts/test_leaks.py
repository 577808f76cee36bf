"""Private values reach nobody before a yes: not in pages, not in mails, not in notices."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts import services
from matchmaker.contacts.models import ContactView
from matchmaker.notifications.models import Notice, OutboxMail
from matchmaker.suggestions.models import Side
from tests.background import run_jobs
from tests.contacts.scene import CANARIES, FUNDER_CONTACT, Scene
from tests.factories import FunderFactory, MembershipFactory, OfferFactory
from tests.page import PageClient

pytestmark = pytest.mark.both

Browser = Callable[[], PageClient]
HIDDEN = (*CANARIES.values(), "Hidden Name Coffee", "canary-text", "301234567", "77123456")
MESSAGE = "Call me on +856 20 5551 0001 or write to canary.firm@example.org, please."


@pytest.fixture
def firm(scene: Scene) -> Scene:
    """A firm whose private fields each hold a value of their own."""
    scene.need.amount_minor = 301_234_567
    scene.need.text = "canary-text about our debts"
    scene.firm.turnover_minor = 77_123_456
    scene.session.commit()
    return scene


def pages_of(browser: PageClient, *urls: str) -> str:
    found = []
    for url in urls:
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.client.get(url, headers=headers)
            found.append(f"{answer.headers}{answer.get_data(as_text=True)}")
    return "".join(found)


def told(session: Session, app: Flask) -> str:
    """Everything queued and everything sent."""
    queued = [row.facts for row in session.scalars(select(OutboxMail))]
    notices = [row.facts for row in session.scalars(select(Notice))]
    run_jobs(app)
    sent = [mail.message().as_bytes().decode() for mail in app.extensions["mailman"].outbox]
    bodies = [mail.body + mail.subject for mail in app.extensions["mailman"].outbox]
    return json.dumps([queued, notices], ensure_ascii=False) + "".join(sent + bodies)


def none_of(values: tuple[str, ...], text: str) -> None:
    for value in values:
        assert value not in text
        assert value.replace(" ", "") not in text


def test_before_a_yes_the_other_side_learns_nothing_private(
    app: Flask, firm: Scene, new_page: Browser
) -> None:
    app.extensions["mailman"].outbox = []
    request = firm.send(message=MESSAGE)
    funder = new_page().sign_in(firm.banker)
    text = pages_of(
        funder,
        "/requests",
        "/requests?box=sent",
        f"/requests/{request.public_id}",
        firm.url(),
        "/notices",
        f"/requests/shared/{firm.funder.public_id}",
        f"/requests/shared/{firm.firm.public_id}",
    )
    assert firm.need.title in text
    none_of(HIDDEN, text)
    none_of(HIDDEN, told(firm.session, app))


def test_after_a_no_nothing_is_shown_either(app: Flask, firm: Scene, new_page: Browser) -> None:
    app.extensions["mailman"].outbox = []
    request = firm.send(message=MESSAGE)
    services.decline(firm.session, request, firm.actor(Side.OFFER), "too_small")
    firm.session.commit()
    funder = new_page().sign_in(firm.banker)
    none_of(HIDDEN, pages_of(funder, "/requests", f"/requests/{request.public_id}"))
    owner = new_page().sign_in(firm.owner)
    text = pages_of(owner, "/requests?box=sent", f"/requests/{request.public_id}", "/notices")
    none_of(tuple(FUNDER_CONTACT.values()), text)
    none_of(HIDDEN, told(firm.session, app))


def test_a_yes_shows_what_was_ticked_and_no_more(
    app: Flask, firm: Scene, new_page: Browser
) -> None:
    app.extensions["mailman"].outbox = []
    request = firm.send(message=MESSAGE, promised=("contact_telephone",))
    services.accept(firm.session, request, firm.actor(Side.OFFER), ["contact_email"])
    firm.session.commit()
    funder = new_page().sign_in(firm.banker)
    text = pages_of(funder, "/requests", f"/requests/{request.public_id}")
    assert CANARIES["contact_telephone"] in text
    none_of((CANARIES["contact_name"], CANARIES["contact_address"], "Hidden Name Coffee"), text)
    owner = new_page().sign_in(firm.owner)
    theirs = pages_of(owner, f"/requests/{request.public_id}")
    assert FUNDER_CONTACT["contact_email"] in theirs
    none_of((FUNDER_CONTACT["contact_telephone"], FUNDER_CONTACT["contact_address"]), theirs)
    none_of((*HIDDEN, *FUNDER_CONTACT.values()), told(firm.session, app))


def test_other_funders_never_see_what_one_was_given(firm: Scene, new_page: Browser) -> None:
    other = MembershipFactory(organisation=FunderFactory())
    offer = OfferFactory(organisation=other.organisation)
    first = firm.send()
    services.accept(firm.session, first, firm.actor(Side.OFFER), ["contact_email"])
    second = firm.send(offer_id=offer.id)
    browser = new_page().sign_in(other.account)
    none_of(HIDDEN, pages_of(browser, "/requests", f"/requests/{second.public_id}"))
    assert browser.client.get(f"/requests/{first.public_id}").status_code == 404


def test_each_look_is_written_down_for_the_owner(firm: Scene, new_page: Browser) -> None:
    request = firm.send()
    services.accept(firm.session, request, firm.actor(Side.OFFER), ["contact_email"])
    firm.session.commit()
    funder = new_page().sign_in(firm.banker)
    for _ in range(3):
        funder.get(f"/requests/{request.public_id}")
    look = firm.session.scalars(select(ContactView)).one()
    assert look.times == 3
    assert look.account_id == firm.banker.id
    assert look.organisation_id == firm.firm.id
    assert look.fields == ["contact_telephone", "name"]
    log = new_page().sign_in(firm.owner).get(f"/requests/shared/{firm.firm.public_id}")
    assert firm.funder.name in log.text
    new_page().sign_in(firm.banker).get(f"/requests/shared/{firm.firm.public_id}", status=404)


def test_leaving_an_organisation_ends_what_one_could_see(firm: Scene, new_page: Browser) -> None:
    request = firm.send()
    services.accept(firm.session, request, firm.actor(Side.OFFER), ["contact_email"])
    firm.session.commit()
    funder = new_page().sign_in(firm.banker)
    assert CANARIES["contact_telephone"] in funder.get(f"/requests/{request.public_id}").text
    firm.session.delete(firm.funder.memberships[0])
    firm.session.commit()
    funder.get(f"/requests/{request.public_id}", status=404)
    assert firm.need.title not in funder.get("/requests").text
