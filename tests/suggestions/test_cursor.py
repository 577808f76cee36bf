"""Links to further pages: read back as written, and anything else starts at the top."""

from __future__ import annotations

import pytest

from matchmaker.matching.index import Filters
from matchmaker.suggestions import services
from matchmaker.suggestions.services.cursor import Cursor
from tests.factories import OfferFactory
from tests.suggestions.scene import make_scene


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(61.53846153846154, 7, 2, 20, 739_577)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text", ["", "50.0_7_2_20", "nan_7_2_20_1", "50.0_7_2_20_-1", "1_1_1_1_1_1"]
)
def test_what_no_page_wrote_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


def test_a_list_begun_on_another_day_goes_on_in_its_order(app, db_session):
    scene = make_scene(db_session)
    OfferFactory.create_batch(5)
    db_session.commit()
    first = services.page_for(db_session, scene.need, Filters()).ranking
    today = {id_ for _, id_ in first.best}
    orders = set()
    for day in (first.day - 1, first.day, first.day + 1):
        start = Cursor(100.0, 0, versions_of(db_session, scene), 0, day)
        page = services.page_for(db_session, scene.need, Filters(), start)
        assert {id_ for _, id_ in page.ranking.best} == today
        assert page.ranking.day == day
        orders.add(tuple(id_ for _, id_ in page.ranking.best))
    assert len(orders) > 1


def versions_of(session, scene):
    return services.page_for(session, scene.need, Filters()).version
