"""How many requests an offer takes, changed in the answer: the next list shows it; and silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.contacts import errors, services
from matchmaker.extensions import clock
from matchmaker.organisations.services import capacity
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.services.pairs import pair_closed
from tests.contacts.scene import Scene
from tests.contacts.test_silence import missed
from tests.factories import MembershipFactory, NeedFactory, OfferFactory, OrganisationFactory
from tests.page import Page, PageClient


def another_firm(scene: Scene, page: PageClient) -> str:
    """A firm that fits as well, and its list of matches."""
    member = MembershipFactory(organisation=OrganisationFactory())
    need = NeedFactory(organisation=member.organisation)
    OfferFactory.create_batch(2, title="Nearly as good", usd_max=15_000.0)
    scene.session.commit()
    page.sign_in(member.account)
    return f"/matches/needs/{need.public_id}"


def card(found: Page, scene: Scene) -> str:
    cards = found.all("article.card")
    return next((one.get_text() for one in cards if scene.offer.title in one.get_text()), "")


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_no_more_this_month_is_in_the_next_list_and_comes_back_from_the_same_page(
    scene: Scene, page: PageClient, new_page, answer: str
) -> None:
    request = scene.send()
    matches = another_firm(scene, page)
    assert "no place left" not in card(page.get(matches), scene)
    funder = new_page().sign_in(scene.banker)
    detail = funder.get(f"/requests/{request.public_id}")
    prefix = "yes" if answer == "accept" else "no"
    more = {"reason": "full"} if answer == "decline" else {"fields": ["contact_email"]}
    after = funder.follow(
        funder.submit(detail, f"#{answer} form", **{f"{prefix}-takes": "none"}, **more)
    )
    assert "Now: no more this month." in after.text
    scene.session.refresh(scene.offer)
    assert scene.offer.deploying
    assert "no place left this month" in card(page.get(matches), scene)
    back = funder.follow(funder.submit(after, "#capacity form.one"))
    assert "19 places left this month" in back.text
    assert "no place left" not in card(page.get(matches), scene)


def test_a_number_of_places_is_asked_for_beside_its_field(scene: Scene, page: PageClient) -> None:
    detail = page.sign_in(scene.banker).get(f"/offers/{scene.offer.public_id}")
    refused = page.submit(detail, "#capacity form:not(.one)", status=422, takes="some")
    assert "Say how many more you take this month." in refused.one("#left-e").text
    after = page.follow(page.submit(refused, "#capacity form:not(.one)", left="3"))
    assert "Now: 3 places left this month." in after.text
    stopped = page.follow(page.submit(after, "#capacity form:not(.one)", takes="stop"))
    assert "Now: not deploying now." in stopped.text
    some = page.follow(page.submit(stopped, "#capacity form:not(.one)", takes="some", left="3"))
    assert "Now: 3 places left this month." in some.text
    again = page.follow(page.submit(some, "#capacity form.one"))
    assert "Now: 20 places left this month." in again.text


@pytest.mark.both
def test_places_of_one_month_count_what_was_taken_and_end_with_it(scene: Scene) -> None:
    now, offer, version = clock.now(), scene.offer, scene.offer.version
    capacity.take_place(scene.session, offer.id, now)
    capacity.leave_places(scene.session, offer, scene.banker.id, 1, now)
    assert capacity.places_left(offer, now) == 1
    capacity.take_place(scene.session, offer.id, now)
    with pytest.raises(errors.NoPlacesError):
        services.send(scene.session, scene.ask())
    capacity.leave_places(scene.session, offer, scene.banker.id, 40, now)
    assert capacity.places_left(offer, now) == 40
    next_month = now + timedelta(days=365)
    assert capacity.places_left(offer, next_month) == offer.places
    capacity.take_place(scene.session, offer.id, next_month)
    scene.session.refresh(offer)
    assert (capacity.places_left(offer, next_month), offer.version) == (offer.places - 1, version)
    assert pair_closed(scene.session, scene.need, offer) is None


def points(found: Page, scene: Scene) -> int:
    one = next(c for c in found.all("article.card") if scene.offer.title in c.get_text())
    number = one.select_one(".fit-num b")
    assert number is not None
    return int(number.get_text())


def test_silence_costs_points_that_an_answer_brings_back(
    scene: Scene, page: PageClient, new_page
) -> None:
    matches = another_firm(scene, page)
    scene.offer.activity, scene.offer.activity_on = [[5, 60]], clock.now()
    scene.session.commit()
    waiting = scene.send()
    scene.banker_seen(waiting)
    before = points(page.get(matches), scene)
    missed(scene, 2)
    assert points(page.get(matches), scene) < before
    funder = new_page().sign_in(scene.banker)
    desk = funder.get(f"/organisations/{scene.funder.public_id}")
    assert "2 requests unanswered: your place in lists is lower" in desk.text
    services.decline(scene.session, waiting, scene.actor(Side.OFFER), "full")
    scene.session.commit()
    assert points(page.get(matches), scene) == before
    assert "unanswered" not in funder.get(f"/organisations/{scene.funder.public_id}").text
