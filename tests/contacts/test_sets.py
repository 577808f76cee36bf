"""Asking for a set: every part or none, and what each side then reads of the others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.contacts import services
from matchmaker.contacts.errors import NotOpenError
from matchmaker.contacts.models import ContactRequest, ContactSet, ContactSetPart, RequestState
from matchmaker.contacts.services import asking_sets
from matchmaker.contacts.services.asking_sets import PartAsk, PartError, SetAsk
from matchmaker.organisations.models import Kind, Offer
from matchmaker.suggestions.models import Feedback, Side
from tests.contacts.scene import Scene
from tests.factories import FunderFactory, MembershipFactory, OfferFactory, ProviderFactory
from tests.page import PageClient

WORDS: dict[str, Any] = {"message": "We ask for both. Call 020 5557 7331.", "on_behalf": "y"}


@pytest.fixture
def grant(scene: Scene) -> Offer:
    """A grant that makes a set with the scene's loan, which reaches up to $15,000 of $20,000."""
    scene.offer.usd_max, scene.offer.amount_max_minor = 15_000.0, 1_500_000
    found = OfferFactory(
        organisation=FunderFactory(name="Green Uplands"),
        code="GRANT",
        title="Grant for drying",
        usd_min=1_000.0,
        usd_max=8_000.0,
        amount_min_minor=100_000,
        amount_max_minor=800_000,
    )
    scene.session.commit()
    return found


def set_url(scene: Scene, *offers: Offer) -> str:
    ids = "+".join(one.public_id for one in offers)
    return f"/requests/new-set/{scene.need.public_id}/{ids}"


def set_ask(scene: Scene, *offers: Offer) -> SetAsk:
    parts = [
        PartAsk(
            scene.ask(offer_id=one.id, of_set=True),
            "service" if one.kind is Kind.SERVICE else "grant" if one.code == "GRANT" else "loan",
            "service:ACCOUNTING" if one.kind is Kind.SERVICE else "",
        )
        for one in offers
    ]
    return SetAsk(parts, scene.need.id, 52.5, 100, 1)


def send_set(scene: Scene, *offers: Offer) -> list[ContactRequest]:
    sent = asking_sets.send_set(scene.session, set_ask(scene, *offers))
    scene.session.commit()
    return [one.request for one in sent]


def set_of(request: ContactRequest) -> int:
    assert request.set_part is not None
    return request.set_part.contact_set_id


def how_many(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_both_are_asked_with_one_message_in_one_step(scene: Scene, grant: Offer) -> None:
    first, second = send_set(scene, grant, scene.offer)
    session = scene.session
    assert {first.offer_id, second.offer_id} == {grant.id, scene.offer.id}
    assert how_many(session, ContactSet) == 1
    parts = session.scalars(select(ContactSetPart).order_by(ContactSetPart.place)).all()
    assert [(one.contact_request_id, one.role) for one in parts] == [
        (first.id, "grant"),
        (second.id, "loan"),
    ]
    assert (grant.used, scene.offer.used) == (1, 1)


def test_with_no_place_left_in_one_nobody_is_asked(scene: Scene, grant: Offer) -> None:
    scene.offer.places = 0
    scene.session.commit()
    with pytest.raises(PartError) as error:
        asking_sets.send_set(scene.session, set_ask(scene, grant, scene.offer))
    assert error.value.offer_id == scene.offer.id
    scene.session.rollback()
    assert how_many(scene.session, ContactRequest) == how_many(scene.session, ContactSet) == 0
    assert grant.used == 0


def test_asking_again_sends_nothing_and_makes_no_second_set(scene: Scene, grant: Offer) -> None:
    once = send_set(scene, grant, scene.offer)
    assert send_set(scene, grant, scene.offer) == once
    assert how_many(scene.session, ContactSet) == 1


@pytest.mark.once
def test_a_part_asked_before_joins_the_set_that_is_asked_now(scene: Scene, grant: Offer) -> None:
    before = scene.send()
    first, second = send_set(scene, grant, scene.offer)
    assert (second.id, how_many(scene.session, ContactRequest)) == (before.id, 2)
    assert [
        part.contact_request_id for part in asking_sets.parts_with(scene.session, set_of(first))
    ] == [
        first.id,
        before.id,
    ]


@pytest.mark.once
def test_help_with_a_need_of_money_is_asked_in_a_set_and_teaches_no_list(scene: Scene) -> None:
    books = OfferFactory(organisation=ProviderFactory(), kind=Kind.SERVICE, code="ACCOUNTING")
    scene.session.commit()
    with pytest.raises(NotOpenError):
        services.send(scene.session, scene.ask(offer_id=books.id))
    scene.session.rollback()
    help_, loan = send_set(scene, books, scene.offer)
    assert help_.state is loan.state is RequestState.SENT
    taught = scene.session.scalars(select(Feedback.offer_id)).all()
    assert taught == [scene.offer.id]


@pytest.mark.once
def test_one_form_asks_both(page: PageClient, scene: Scene, grant: Offer) -> None:
    url = set_url(scene, grant, scene.offer)
    form = page.sign_in(scene.owner).get(url)
    start = form.one("textarea").get_text()
    assert "“Grant for drying” of Green Uplands" in start
    assert "Mekong Upland Fund" in start
    bad = page.submit(form, status=422, message="")
    assert "Write a few words" in bad.text
    page.submit(form, **WORDS)
    assert how_many(scene.session, ContactRequest) == 2


@pytest.mark.once
def test_the_page_says_which_part_has_no_place_left(
    page: PageClient, scene: Scene, grant: Offer
) -> None:
    grant.places = 0
    scene.session.commit()
    form = page.sign_in(scene.owner).get(set_url(scene, grant, scene.offer))
    assert "No place is left this month." in form.all("#ask-set ol li")[0].get_text()
    refused = page.submit(form, status=422, **WORDS)
    assert "Nothing was sent" in refused.text
    assert (
        "All their places for this month are taken" in refused.all("#ask-set ol li")[0].get_text()
    )
    assert refused.one("textarea").get_text().strip() == WORDS["message"]
    assert how_many(scene.session, ContactRequest) == 0


@pytest.mark.once
def test_a_request_about_another_of_their_offers_is_no_part_of_the_set(
    page: PageClient, scene: Scene, grant: Offer
) -> None:
    another = OfferFactory(organisation=scene.funder, title="Their other loan")
    scene.session.commit()
    before = scene.send(offer_id=another.id)
    form = page.sign_in(scene.owner).get(set_url(scene, grant, scene.offer))
    refused = page.submit(form, status=422, **WORDS)
    line = refused.all("#ask-set ol li")[1]
    assert "“Their other loan” is open between you already" in line.get_text()
    assert line.select("a")[-1]["href"] == f"/requests/{before.public_id}"
    assert (how_many(scene.session, ContactRequest), how_many(scene.session, ContactSet)) == (1, 0)


@pytest.mark.once
def test_the_page_says_how_many_were_really_asked(
    page: PageClient, scene: Scene, grant: Offer
) -> None:
    scene.send()
    form = page.sign_in(scene.owner).get(set_url(scene, grant, scene.offer))
    assert "1 new request was sent." in page.follow(page.submit(form, **WORDS)).text
    assert "Nothing new was sent" in page.follow(page.submit(form, **WORDS)).text


@pytest.mark.once
def test_who_is_asked_reads_the_other_offers_names_and_no_more(
    page: PageClient, scene: Scene, grant: Offer
) -> None:
    first, second = send_set(scene, grant, scene.offer)
    green = MembershipFactory(organisation=grant.organisation).account
    scene.session.commit()
    services.decline(
        scene.session, first, services.Actor(green.id, Side.OFFER), "price", "Too dear for us"
    )
    scene.session.commit()
    read = page.sign_in(scene.banker).get(f"/requests/{second.public_id}").one("#set")
    assert "Grant for drying" in read.get_text()
    assert "Green Uplands" in read.get_text()
    assert not read.select("a")
    assert "Declined" not in read.get_text()


@pytest.mark.once
def test_after_a_no_the_others_page_names_the_next_best_for_that_part(
    page: PageClient, scene: Scene, grant: Offer
) -> None:
    another = OfferFactory(
        organisation=FunderFactory(name="Third Fund"), code="GRANT", title="Another grant"
    )
    first, second = send_set(scene, grant, scene.offer)
    green = MembershipFactory(organisation=grant.organisation).account
    scene.session.commit()
    page.sign_in(scene.owner)
    assert "Waiting" in page.get(f"/requests/{second.public_id}").one("#set").get_text()
    services.decline(scene.session, first, services.Actor(green.id, Side.OFFER), "price")
    scene.session.commit()
    found = page.get(f"/requests/{second.public_id}").one("#set")
    assert "Declined" in found.get_text()
    assert "Next best for this part:" in found.get_text()
    assert found.select("a")[-1]["href"].endswith(f"/{another.public_id}")
    page.get(f"/requests/{first.public_id}")


@pytest.mark.once
def test_a_set_is_asked_for_by_the_firm_alone(page: PageClient, scene: Scene, grant: Offer) -> None:
    page.sign_in(scene.banker).get(set_url(scene, grant, scene.offer), status=404)
    page.sign_in(scene.owner).get(set_url(scene, grant), status=404)
