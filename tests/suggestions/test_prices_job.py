"""The job prices the pool, brings those seen least into lists, and counts who was seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from matchmaker import jobs
from matchmaker.extensions import clock
from matchmaker.jobs.runner import Runner
from matchmaker.matching.exposure import LIST
from matchmaker.matching.index.ties import turns_of
from matchmaker.organisations.models import Need, PublicationState
from matchmaker.suggestions.jobs import PRICES
from matchmaker.suggestions.models import Exposure, Hidden, Price, Reach, Side
from matchmaker.suggestions.services.pricing import reached, recompute
from matchmaker.suggestions.services.shown import Sight, write_shown
from matchmaker.suggestions.versions import REBUILD
from tests.contacts.test_queries import counted
from tests.factories import NeedFactory, OfferFactory
from tests.suggestions.scene import make_scene
from tests.suggestions.test_order import place_of

pytestmark = [pytest.mark.slow, pytest.mark.both]

NEEDS = 30


def market(session, needs=NEEDS):
    scene = make_scene(session)
    # Titles of no word and no number that an article has: all score alike.
    for n in range(needs):
        NeedFactory(title=f"Xq{chr(97 + n // 26)}{chr(97 + n % 26)}q")
    session.commit()
    return scene


def priced(session):
    recompute(session)
    session.commit()


def look(page, url):
    """Fetch a page and close its answer, as a server does: what it shows is counted then."""
    found = page.get(url)
    found.response.close()
    return found


def titles(found):
    return [card.h3.get_text() for card in found.all("article.card")]


def labelled(found):
    return [
        at
        for at, card in enumerate(found.all("article.card"), 1)
        if "Also worth a look: few have seen it lately." in card.get_text()
    ]


def test_a_rebuild_is_followed_by_prices(app, db_session):
    market(db_session, needs=3)
    jobs.enqueue(db_session, REBUILD, key=REBUILD)
    db_session.commit()
    Runner().run_all()
    assert db_session.scalar(select(func.count()).select_from(Price)) > 0
    assert db_session.scalars(select(jobs.Job.name).where(jobs.Job.name == PRICES)).all() == [
        PRICES
    ]


def day_of(first, others):
    """Return a day on which this one stands first of those with equal points."""
    ids = np.array([one.id for one in (first, *others)])
    days = (clock.today() + timedelta(days=n) for n in range(1000))
    return next(day for day in days if not turns_of(ids, day.toordinal()).argmin())


def test_the_contested_offer_costs_more_and_stands_below_its_twin(page, db_session, monkeypatch):
    scene = market(db_session, needs=12)
    others = OfferFactory.create_batch(3, title="Alike", places=40)
    short, twin = OfferFactory(title="Alike", places=2), OfferFactory(title="Alike", places=40)
    db_session.commit()
    day = day_of(short, (*others, twin))
    monkeypatch.setattr(clock, "today", lambda: day)
    priced(db_session)
    cheap, dear = (db_session.get(Price, one.id).points for one in (twin, short))
    assert dear > cheap
    found = page.sign_in(scene.owner).get(scene.need_url)
    assert place_of(found, twin) < place_of(found, short)
    assert "Shown lower: many others fit it too, and its places are few." in found.text


@pytest.mark.once
def test_those_behind_the_page_get_the_ninth_and_tenth_place_in_turn(page, db_session, monkeypatch):
    scene = market(db_session)
    priced(db_session)
    page.sign_in(scene.banker)
    seen, first = set(), clock.today()
    # Two places each time: as often as there are firms, and each was seen (matching/exposure.py).
    for days in range(NEEDS + 1):
        # Who of the many alike is behind the page changes from day to day.
        day = first + timedelta(days=days)
        monkeypatch.setattr(clock, "today", lambda day=day: day)
        found = look(page, scene.offer_url)
        assert set(labelled(found)) <= {9, 10}
        seen |= set(titles(found)[:LIST])
    assert len(seen) == NEEDS + 1


@pytest.mark.once
def test_a_filtered_list_brings_in_nobody_from_behind(page, db_session):
    scene = market(db_session)
    priced(db_session)
    page.sign_in(scene.banker)
    for _ in range(6):
        look(page, scene.offer_url)
    plain = page.get(scene.offer_url)
    filtered = page.get(f"{scene.offer_url}?eligible=y")
    # All of this market are alike: the four seen least stand among those of the page.
    assert len(plain.all("article.card")) == 24
    assert len(filtered.all("article.card")) <= 20


@pytest.mark.once
def test_who_was_hidden_or_closed_since_is_not_called(page, db_session):
    scene = market(db_session)
    priced(db_session)
    queue = db_session.get(Price, scene.offer.id).waiting
    assert len(queue) == NEEDS + 1 - LIST
    for need_id in queue[:-1]:
        db_session.add(Hidden(need_id=need_id, offer_id=scene.offer.id, side=Side.OFFER))
    db_session.get(Need, queue[-1]).state = PublicationState.PAUSED
    db_session.commit()
    look(page.sign_in(scene.banker), scene.offer_url)
    found = page.get(scene.offer_url)
    assert len(found.all("article.card")) == LIST
    assert labelled(found) == []


@pytest.mark.once
def test_a_list_takes_the_same_queries_for_few_and_many(page, db_session):
    def queries(url):
        page.get(url)
        with counted() as found:
            page.get(url)
        return len([one for one in found if one.startswith("SELECT")])

    scene = market(db_session, needs=25)
    priced(db_session)
    page.sign_in(scene.banker)
    few = queries(scene.offer_url)
    for n in range(40):
        NeedFactory(title=f"More {n}")
    db_session.commit()
    priced(db_session)
    assert queries(scene.offer_url) == few


@pytest.mark.parametrize("places", [(4, 4, 15), (15, 4, 4), (15, 4, 15)])
def test_a_pair_counts_once_a_day_and_once_in_top_tens(db_session, places):
    """Who is first seen further down has its turn later that day, and that one counts."""
    scene = make_scene(db_session)
    today = clock.today()
    for place in places:
        top = place <= 10
        sight = Sight(scene.need.id, scene.offer.id, Side.OFFER, today, 1, place, top_ten=top)
        write_shown(db_session, [sight])
    row = db_session.get(Exposure, (Side.OFFER, scene.need.id, today))
    assert (row.count, row.top_tens) == (1, 1)


def test_staff_read_who_was_seen_and_whether_lists_are_opened_enough(db_session):
    assert reached(db_session) is None
    market(db_session, needs=9)
    priced(db_session)
    nobody = reached(db_session)
    assert (nobody.eligible, nobody.seen, nobody.turns_each, nobody.too_thin) == (10, 0, 0, True)


@pytest.mark.parametrize(
    ("as_promised", "too_thin"),
    [(39, True), (40, False)],
    ids=["one was not seen so often", "all were, in short lists"],
)
def test_turns_to_come_are_two_of_ten_places_at_this_month_s_pace(
    db_session, monkeypatch, as_promised, too_thin
):
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    monkeypatch.setattr(clock, "today", lambda: at.date())
    db_session.add(
        Reach(month=date(2026, 11, 1), eligible=40, seen=40, as_promised=as_promised,
              places=200, counted_at=at)
    )  # fmt: skip
    found = reached(db_session)
    # 40 turns in 20 of 30 days, among 40 firms.
    assert (found.turns_each, found.too_thin) == (1.5, too_thin)


def test_what_was_seen_before_this_month_counts_no_more(db_session):
    scene = market(db_session, needs=4)
    today = clock.today()
    before = today.replace(day=1) - timedelta(days=1)
    for day, tens in ((today, 400), (before, 90)):
        db_session.add(
            Exposure(side=Side.OFFER, row_id=scene.need.id, day=day, count=tens, top_tens=tens)
        )
    db_session.commit()
    priced(db_session)
    row = db_session.get(Reach, today.replace(day=1))
    assert (row.places, row.eligible, row.seen, row.as_promised) == (400, 5, 1, 1)
    assert not reached(db_session).too_thin
