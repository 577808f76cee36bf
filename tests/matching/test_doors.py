"""Doors counted offer by offer are those that a ranking counts need by need."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from matchmaker.matching.doors import DoorPool, Doors
from matchmaker.matching.index import Index
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from tests.matching.markets import lender, markets, mill

Market = tuple[list[NeedRecord], list[OfferRecord]]


def ranked(need: NeedRecord, index: Index) -> Doors:
    found = index.top(need, n=0, near=0)
    return Doors(found.total, found.pool, found.left_out, found.by_one)


@given(markets(12))
def test_doors_equal_those_of_a_ranking(market: Market) -> None:
    needs, offers = market
    pool, index = DoorPool(offers), Index.of(needs, offers, programme_model())
    apart = [need for need in needs if not pool.offers(need.organisation_id)]
    assert pool.doors(apart) == [ranked(need, index) for need in apart]


def test_an_organisation_with_offers_is_told() -> None:
    pool = DoorPool([lender(organisation_id=7)])
    assert [pool.offers(one) for one in (7, mill().organisation_id)] == [True, False]


def test_offers_that_ask_alike_all_count() -> None:
    offers = [replace(lender(), id=at) for at in (1, 2, 3)]
    [doors] = DoorPool(offers).doors([mill()])
    assert doors.pool == 3 == doors.total + max([0, *doors.left_out.values()])
