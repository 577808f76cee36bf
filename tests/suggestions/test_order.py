"""Lists are ordered by points, gently corrected for capacity and attention, and say so."""

from __future__ import annotations

from matchmaker.extensions import clock
from matchmaker.suggestions.models import Exposure, Side
from tests.factories import OfferFactory
from tests.suggestions.scene import make_scene


def titles(found):
    return [card.h3.get_text() for card in found.all("article.card")]


def test_an_offer_without_places_left_is_shown_lower_and_says_why(page, db_session):
    scene = make_scene(db_session)
    month = f"{clock.today():%Y-%m}"
    full = OfferFactory(title="Full this month", places=5, used=5, used_month=month)
    OfferFactory.create_batch(3, title="Nearly as good", usd_max=15_000.0)
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.need_url)
    card = next(one for one in found.all("article.card") if full.title in one.get_text())
    assert titles(found).index(full.title) > 0
    assert "Shown lower: it has no place left this month." in card.get_text()


def place_of(found, offer):
    ids = [card["id"] for card in found.all("article.card")]
    return next(at for at, card_id in enumerate(ids) if card_id.endswith(offer.public_id))


def test_what_many_have_seen_stands_below_others_nearly_as_good_and_says_so(page, db_session):
    scene = make_scene(db_session)
    seen = OfferFactory(title="Seen by all")
    other = OfferFactory(title="Nearly as good", usd_max=15_000.0)
    db_session.add(Exposure(side=Side.NEED, row_id=seen.id, day=clock.today(), count=500))
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.need_url)
    assert place_of(found, other) < place_of(found, seen)
    assert "Shown lower: many have seen it lately." in found.text


def test_of_two_alike_the_less_seen_stands_first_and_the_points_stay(page, db_session):
    scene = make_scene(db_session)
    seen, twin = OfferFactory.create_batch(2, title="One of two alike")
    db_session.add(Exposure(side=Side.NEED, row_id=seen.id, day=clock.today(), count=500))
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.need_url)
    assert place_of(found, twin) < place_of(found, seen)
    twins = [one for one in found.all("article.card") if "alike" in one.get_text()]
    points = {one.select_one(".fit-num").get_text() for one in twins}
    assert len(points) == 1


def test_nothing_moves_more_than_five_places(page, db_session):
    scene = make_scene(db_session)
    month = f"{clock.today():%Y-%m}"
    scene.offer.used, scene.offer.used_month = scene.offer.places, month
    for n in range(12):
        OfferFactory(title=f"Offer {n}", usd_max=5_100.0)
    db_session.commit()
    found = page.sign_in(scene.owner).get(scene.need_url)
    assert titles(found).index(scene.offer.title) <= 5
