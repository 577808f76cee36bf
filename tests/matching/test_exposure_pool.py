"""Going through a whole pool finds just those that a list would, with the same points."""

from __future__ import annotations

from hypothesis import given, settings

from matchmaker.matching.index import Change, Index
from matchmaker.matching.pool import price_pool
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from tests.matching.markets import lender, markets, mill

MODEL = programme_model()


@settings(max_examples=4)
@given(markets(most=4))
def test_standing_are_all_of_a_ranking(market: tuple[list[NeedRecord], list[OfferRecord]]) -> None:
    needs, offers = market
    index = Index.of(needs, offers, MODEL)
    for record in (*needs, *offers):
        found = index.standing(record)
        ranked = index.top(record, n=100).matches
        asks = isinstance(record, NeedRecord)
        listed = {one.offer_id if asks else one.need_id: one.score for one in ranked}
        assert dict(zip(found.ids.tolist(), found.points.tolist(), strict=True)) == listed


def test_what_changed_is_gone_through_once_and_as_it_is_now() -> None:
    index = Index.of([mill(id=1), mill(id=2)], [lender()], MODEL)
    index.apply([Change(1, "need", 1, mill(id=1, organisation_id=9)), Change(2, "need", 2, None)])
    assert [(one.id, one.organisation_id) for one in index.records("need")] == [(1, 9)]
    assert index.standing(lender()).organisations.tolist() == [9]


def test_prices_are_told_against_the_median_and_a_full_offer_has_none() -> None:
    needs = [mill(id=at, organisation_id=100 + at) for at in range(1, 31)]
    offers = [lender(id=at, places_left=left) for at, left in enumerate((1, 5, 50, 0))]
    found = price_pool(Index.of(needs, offers, MODEL), {}).offers
    assert set(found) == {0, 1, 2}
    assert found[0] > found[1] == 0 > found[2]
