"""What was shown is counted after the answer, bounded, and never in the reader's way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select, text

from matchmaker.extensions import clock, db, transactions
from matchmaker.jobs import services as job_services
from matchmaker.organisations.models import OrganisationState, PublicationState
from matchmaker.suggestions.models import Exposure, Shown, Side
from matchmaker.suggestions.services.shown import KEEP, Sight, count_shown, write_shown
from tests.factories import StaffFactory
from tests.suggestions.scene import make_scene

pytestmark = pytest.mark.both

DAY = date(2026, 11, 21)


def look(page, url):
    """Fetch a page and close its answer, as a server does."""
    page.get(url).response.close()


def rows(session):
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Shown)))


def test_a_page_counts_each_pair_it_shows(page, db_session):
    scene = make_scene(db_session)
    look(page.sign_in(scene.owner), scene.need_url)
    (row,) = rows(db_session)
    assert (row.need_id, row.offer_id, row.side) == (scene.need.id, scene.offer.id, Side.NEED)
    assert (row.day, row.position, row.model_version, row.count) == (clock.today(), 1, 1, 1)


def test_what_staff_look_at_is_not_shown_to_anybody(page, db_session):
    scene = make_scene(db_session)
    staff = StaffFactory()
    db_session.commit()
    look(page.sign_in(staff), scene.need_url)
    assert rows(db_session) == []


def test_seen_again_the_same_day_is_one_row(page, db_session):
    scene = make_scene(db_session)
    for _ in range(3):
        look(page.sign_in(scene.owner), scene.need_url)
    assert [row.count for row in rows(db_session)] == [3]


def test_each_side_is_counted_by_itself(page, new_page, db_session):
    scene = make_scene(db_session)
    look(page.sign_in(scene.owner), scene.need_url)
    look(new_page().sign_in(scene.banker), scene.offer_url)
    assert sorted(row.side for row in rows(db_session)) == [Side.NEED, Side.OFFER]


def test_the_highest_place_of_the_day_is_kept(db_session):
    scene = make_scene(db_session)
    for position in (4, 2, 9):
        sight = Sight(scene.need.id, scene.offer.id, Side.NEED, DAY, 1, position)
        write_shown(db_session, [sight])
    db_session.commit()
    assert [(row.position, row.count) for row in rows(db_session)] == [(2, 3)]


def test_what_is_left_out_is_not_counted(page, db_session):
    scene = make_scene(db_session)
    look(page.sign_in(scene.owner), f"{scene.need_url}?tab=out")
    assert rows(db_session) == []


def test_it_gives_up_when_another_holds_the_lock(page, db_session):
    scene = make_scene(db_session)
    sight = Sight(scene.need.id, scene.offer.id, Side.NEED, DAY, 1, 1)
    with transactions.writing_session(db.engine) as other:
        if db.engine.dialect.name == "postgresql":
            other.execute(text("LOCK TABLE shown IN ACCESS EXCLUSIVE MODE"))
        began = clock.now()
        assert count_shown(db.engine, [sight]) is False
        assert clock.now() - began < timedelta(seconds=2)
    assert rows(db_session) == []


def test_old_rows_are_forgotten(app, db_session):
    scene = make_scene(db_session)
    for day in (clock.today(), clock.today() - KEEP - timedelta(days=1)):
        write_shown(db_session, [Sight(scene.need.id, scene.offer.id, Side.NEED, day, 1, 1)])
    db_session.commit()
    job = job_services.enqueue(db_session, "suggestions.prune")
    job_services.handlers["suggestions.prune"](db_session, job)
    db_session.commit()
    assert [row.day for row in rows(db_session)] == [clock.today()]


def exposure(session):
    session.rollback()
    query = select(func.sum(Exposure.count)).where(Exposure.side == Side.NEED)
    return session.scalar(query) or 0


def test_who_opens_one_list_all_day_presses_no_more_than_who_opens_it_once(
    page, db_session, monkeypatch
):
    """The order of everybody's lists is corrected by these counts: one account reloading a page
    took a rival eight points and five places down, for strangers."""
    scene = make_scene(db_session)
    page.sign_in(scene.owner)
    for query in ("", "?tab=fit", "?language=lo", "", ""):
        look(page, scene.need_url + query)
    assert exposure(db_session) == 1
    monkeypatch.setitem(current_app.config, "CLOCK_SHIFT", timedelta(days=1))
    look(page, scene.need_url)
    assert exposure(db_session) == 2


@pytest.mark.parametrize("unseen", ["draft", "in review", "second look"])
def test_what_nobody_has_looked_at_presses_not_at_all(page, db_session, unseen):
    scene = make_scene(db_session)
    if unseen == "draft":
        scene.need.state = PublicationState.DRAFT
    elif unseen == "in review":
        scene.need.organisation.state = OrganisationState.IN_REVIEW
    else:
        scene.need.organisation.second_look_at = clock.now()
    db_session.commit()
    look(page.sign_in(scene.owner), scene.need_url)
    assert len(rows(db_session)) == 1
    assert exposure(db_session) == 0
