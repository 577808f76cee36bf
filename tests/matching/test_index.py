"""The index answers exactly, follows every change, and forgets what is gone."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from unittest.mock import MagicMock, patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.matching.eligibility import service_fits
from matchmaker.matching.index import Change, Filters, Index, Ranking, best
from matchmaker.matching.index.ties import turns_of
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Band, Criterion, NeedRecord, OfferRecord, Record
from matchmaker.matching.scoring import score_pair
from matchmaker.matching.text import vectors
from tests.matching.markets import lender, markets, mill, needs, offers

MODEL = programme_model()
Market = tuple[list[NeedRecord], list[OfferRecord]]


def brute_force(need: NeedRecord, offer: OfferRecord) -> float | None:
    """Return the score of a pair that may be shown, by the pair alone."""
    if not service_fits(need, offer) or need.organisation_id == offer.organisation_id:
        return None
    match = score_pair(need, offer, MODEL)
    return None if match.unmet else match.score


def listed(ranking: Ranking, asks: bool) -> list[tuple[float, int]]:
    return [(-m.score, m.offer_id if asks else m.need_id) for m in ranking.matches]


@given(markets())
def test_top_is_brute_force_for_needs(market: Market) -> None:
    all_needs, all_offers = market
    index = Index.of(all_needs, all_offers, MODEL)
    for need in all_needs:
        expected = sorted(
            (-score, offer.id)
            for offer in all_offers
            if offer.deploying and (score := brute_force(need, offer)) is not None
        )
        assert listed(index.top(need, n=100), asks=True) == expected
        assert listed(index.top(need, n=3), asks=True) == expected[:3]
        assert index.top(need, n=3).total == len(expected)


@given(markets())
def test_top_is_brute_force_for_offers(market: Market) -> None:
    all_needs, all_offers = market
    index = Index.of(all_needs, all_offers, MODEL)
    for offer in all_offers:
        expected = sorted(
            (-score, need.id)
            for need in all_needs
            if (score := brute_force(need, offer)) is not None
        )
        assert listed(index.top(offer, n=100), asks=False) == expected


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(markets(most=12), st.integers(0, 10**6), st.integers(2, 7))
def test_of_equal_points_another_is_first_each_day(market: Market, day: int, n: int) -> None:
    all_needs, all_offers = market
    alike = [replace(offer, id=offer.id + at * 1000) for at in range(3) for offer in all_offers]
    index = Index.of(all_needs, alike, MODEL)
    turns = dict(zip([one.id for one in alike], turns_of(ids_of(alike), day), strict=True))
    for need in all_needs:
        found = listed(index.top(need, n=100), asks=True)
        expected = sorted(found, key=lambda one: (one[0], turns[one[1]]))
        after, paged = None, []
        while (page := index.top(need, n=n, after=after, day=day)).best:
            paged += listed(page, asks=True)
            after = page.next_after
        assert paged == expected


def ids_of(offers: list[OfferRecord]) -> np.ndarray:
    return np.array([offer.id for offer in offers], np.int64)


@given(st.sets(st.integers(0, 2**53), max_size=50), st.integers(0, 2**53))
def test_no_two_have_the_same_turn(ids: set[int], day: int) -> None:
    assert len(set(turns_of(np.array(sorted(ids), np.int64), day).tolist())) == len(ids)


def test_a_turn_is_the_same_on_every_machine() -> None:
    """Workers of several hosts answer the pages of one list; the first is splitmix64's own."""
    turns = turns_of(np.array([0, 1, 2], np.int64), 1).tolist()
    assert turns[0] == 0xE220A8397B1DCDAF
    assert sorted(range(3), key=turns.__getitem__) != sorted(
        range(3), key=turns_of(np.array([0, 1, 2], np.int64), 2).tolist().__getitem__
    )


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(markets(most=12), st.integers(1, 3))
def test_bounds_let_go_of_nobody_that_belongs_on_a_page(market: Market, n: int) -> None:
    all_needs, all_offers = market
    index = Index.of(all_needs, all_offers, MODEL)
    for record in (*all_needs, *all_offers):
        asks = isinstance(record, NeedRecord)
        whole = listed(index.top(record, n=100), asks)
        with patch.multiple(best, _TRIAL=1, _MORE=1):
            after, paged = None, []
            while (page := index.top(record, n=n, after=after)).matches:
                paged += listed(page, asks)
                after = page.next_after
        assert paged == whole


@given(markets())
def test_every_match_of_a_list_is_the_match_of_its_pair(market: Market) -> None:
    all_needs, all_offers = market
    index = Index.of(all_needs, all_offers, MODEL)
    for need in all_needs:
        ranking = index.top(need, near=9)
        for match in (*ranking.matches, *ranking.near):
            assert match == score_pair(need, all_offers[match.offer_id], MODEL)


@pytest.mark.slow
@given(markets(), st.data())
def test_changes_give_what_a_rebuild_gives(market: Market, data: st.DataObject) -> None:
    all_needs, all_offers = market
    index = Index.of(all_needs, all_offers, MODEL, number=10)
    now_needs = {need.id: need for need in all_needs}
    now_offers = {offer.id: offer for offer in all_offers}
    changes = []
    for number in range(11, 11 + data.draw(st.integers(0, 6))):
        if data.draw(st.booleans()):
            at = data.draw(st.integers(0, 10))
            offer = data.draw(st.none() | offers(number=at))
            now_offers.pop(at, None)
            if offer:
                now_offers[at] = offer
            changes.append(Change(number, "offer", at, offer))
        else:
            at = data.draw(st.integers(0, 10))
            need = data.draw(st.none() | needs(number=at))
            now_needs.pop(at, None)
            if need:
                now_needs[at] = need
            changes.append(Change(number, "need", at, need))
    index.apply(changes)
    anew = Index.of(list(now_needs.values()), list(now_offers.values()), MODEL)
    assert len(index) == len(anew)
    for record in (*now_needs.values(), *now_offers.values()):
        one, other = index.top(record, near=5), anew.top(record, near=5)
        assert (one.matches, one.near, one.total) == (other.matches, other.near, other.total)
        assert one.left_out == other.left_out


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(markets())
def test_a_snapshot_answers_like_the_index_in_memory(market: Market) -> None:
    all_needs, all_offers = market
    with tempfile.TemporaryDirectory() as folder:
        index = Index.of(all_needs, all_offers, MODEL)
        mapped = Index.build(all_needs, all_offers, MODEL, Path(folder) / "index", 7)
        assert mapped.number == 7
        record: Record
        for record in (*all_needs, *all_offers):
            one = mapped.top(record, near=5, count=("place",))
            other = index.top(record, near=5, count=("place",))
            assert one == other
            assert (one.matches, one.near) == (other.matches, other.near)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(markets(), st.data())
def test_texts_taken_over_are_those_encoded_anew(market: Market, data: st.DataObject) -> None:
    all_needs, all_offers = market
    now = [data.draw(offers(number=offer.id)) for offer in all_offers] + all_offers
    now_offers = [replace(offer, id=at) for at, offer in enumerate(now)]
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        before = Index.build(all_needs, all_offers, MODEL, first, encoder="this")
        taken = Index.build(all_needs, now_offers, MODEL, second, encoder="this", before=before)
        anew = Index.of(all_needs, now_offers, MODEL)
        for need in all_needs:
            assert taken.top(need).matches == anew.top(need).matches


@pytest.mark.parametrize(("encoder", "read"), [("this", 0), ("other", 2), ("", 2)])
def test_texts_are_taken_over_from_the_same_code_only(
    tmp_path: Path, encoder: str, read: int
) -> None:
    before = Index.build([mill()], [lender()], MODEL, tmp_path / "before", encoder="this")
    with patch("matchmaker.matching.encoding.vectors", wraps=vectors) as reading:
        Index.build([mill()], [lender()], MODEL, tmp_path / "now", 1, encoder, before)
    assert _texts_of(reading) == read
    other = calibrate(MODEL, [mill(text="dryer, shed")], [lender()], "other")
    with patch("matchmaker.matching.encoding.vectors", wraps=vectors) as reading:
        Index.build([mill()], [lender()], other, tmp_path / "now", 2, "this", before)
    assert _texts_of(reading) == 2


def _texts_of(reading: MagicMock) -> int:
    return sum(len(call.args[0]) for call in reading.call_args_list)


def test_a_text_is_encoded_once_for_all_who_say_it() -> None:
    index = Index.of([mill()], [lender()], MODEL)
    with patch("matchmaker.matching.encoding.vector", side_effect=AssertionError):
        assert index.top(mill(amount=None)).total == 1
        index.apply([Change(1, "offer", 1, lender(deploying=False))])
        assert index.top(mill()).total == 0
    assert index.top(mill(text="anew")).total == 0


def market_of(n: int) -> list[OfferRecord]:
    return [
        lender(id=at, organisation_id=50 + at, range=Band(100 * 2**at, 400 * 2**at), criteria=())
        for at in range(n)
    ]


def test_pages_continue_without_gap_or_repeat() -> None:
    index = Index.of([], market_of(12), MODEL)
    whole = [match.offer_id for match in index.top(mill(), n=100).matches]
    paged: list[int] = []
    after = None
    while (page := index.top(mill(), n=5, after=after)).matches:
        paged += [match.offer_id for match in page.matches]
        after = page.next_after
    assert paged == whole
    assert len(whole) == 12


def test_closed_pairs_and_ones_own_organisation_do_not_appear() -> None:
    index = Index.of([], market_of(4), MODEL)
    found = index.top(mill(organisation_id=50), closed=[1], closed_organisations=[52])
    assert [match.offer_id for match in found.matches] == [3]
    assert found.left_out == {"closed": 2}


def test_offers_that_take_nobody_now_are_left_out_and_counted() -> None:
    index = Index.of([], [lender(deploying=False)], MODEL)
    assert index.top(mill()).left_out == {"not_deploying": 1}


def test_what_a_gate_hides_is_counted_and_reachable_as_a_near_miss() -> None:
    young = mill(facts={"age_years": 1})
    ranking = Index.of([], [lender()], MODEL).top(young, near=5)
    assert ranking.total == 0
    assert ranking.left_out == {"age_years": 1}
    assert [match.offer_id for match in ranking.near] == [1]
    # No firm grows older by its own doing: it is near, and there is no lever.
    assert ranking.near[0].levers == ()


def test_near_misses_begin_with_what_a_firm_can_change() -> None:
    old_enough = Criterion("age_years", "at_least", (30,), must=True)
    accounts = Criterion("accounts_1y", "has", must=True)
    asking = [
        lender(id=1, criteria=(old_enough,)),
        lender(id=2, criteria=(accounts,)),
        lender(id=3, criteria=(accounts, Criterion("export", "has", must=True))),
    ]
    need = mill(facts={"age_years": 4, "accounts_1y": False, "export": False})
    near = Index.of([], asking, MODEL).top(need, near=5).near
    assert [match.offer_id for match in near] == [2, 3, 1]


def test_what_a_firm_is_stands_last_of_the_near_misses_and_is_not_counted_as_near() -> None:
    thai = Criterion("country", "one_of", ("iso3166-1:TH",), must=True)
    old_enough = Criterion("age_years", "at_least", (30,), must=True)
    asking = [lender(id=1, criteria=(thai,)), lender(id=2, criteria=(old_enough, thai))]
    asking += [lender(id=3, criteria=(old_enough,))]
    index = Index.of([mill(facts={"age_years": 4})], asking, MODEL)
    ranking = index.top(mill(facts={"age_years": 4}), near=5)
    assert [match.offer_id for match in ranking.near] == [3, 1, 2]
    assert (ranking.near_total, ranking.left_out) == (1, {"age_years": 2, "country": 2})
    # Who made the rule may change it: whom it alone keeps away is near.
    assert index.top(asking[0], near=5).near_total == 1


def test_an_edit_counts_before_it_is_in_the_index() -> None:
    index = Index.of([mill()], [lender()], MODEL)
    assert index.top(mill(), n=1).matches[0].points > index.top(mill(attrs={})).matches[0].points


def test_changes_already_held_are_passed_over() -> None:
    index = Index.of([], [lender()], MODEL, number=5)
    index.apply([Change(5, "offer", 1, None)])
    assert index.top(mill()).total == 1
    index.apply([Change(6, "offer", 1, None)], number=9)
    assert (index.top(mill()).total, index.number, index.changed) == (0, 9, 1)
    assert index.record("offer", 1) is None


def test_what_is_gone_leaves_no_trace_in_any_score() -> None:
    others = [lender(id=2, organisation_id=3), lender(id=3, organisation_id=4, attrs={})]
    index = Index.of([], [lender(), *others], MODEL)
    index.apply([Change(1, "offer", 1, None)])
    without = Index.of([], others, MODEL)
    assert index.top(mill()).matches == without.top(mill()).matches


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(codes=("instrument:LEASE",)), {2}),
        (Filters(attrs={"place": ("iso3166-2:LA-LP",)}), {1, 3}),
        (Filters(attrs={"place": ("iso3166-2:KH-12",)}), {2, 3}),
        (Filters(attrs={"place": ("iso3166-1:KH", "iso3166-1:LA")}), {1, 2, 3}),
        (Filters(amount=Band(1_000_000, 2_000_000)), {3}),
        (Filters(only_met=True), {1, 2}),
    ],
)
def test_filters_among_offers_keep_what_is_not_said(filters: Filters, expected: set[int]) -> None:
    pool = [
        lender(),
        lender(id=2, codes=("instrument:LEASE",), attrs={"place": ("iso3166-2:KH-12",)}),
        lender(
            id=3,
            attrs={},
            range=None,
            criteria=(Criterion("business_plan", "has", must=True),),
        ),
    ]
    found = Index.of([], pool, MODEL).top(mill(), filters)
    assert {match.offer_id for match in found.matches} == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(attrs={"place": ("iso3166-1:LA",)}), {1}),
        (Filters(attrs={"sector": ("isic4:C",)}), {1}),
        (Filters(evidence=("evidence:accounts_1y",)), {1}),
        (Filters(facts=(Criterion("age_years", "at_least", (3,)),)), {1}),
        (Filters(amount=Band(10_000, 100_000)), {1}),
        (Filters(codes=("instrument:TERM_LOAN",)), {1}),
        (Filters(), {1, 2}),
    ],
)
def test_filters_among_needs_ask_for_what_is_said(filters: Filters, expected: set[int]) -> None:
    silent = mill(id=2, code=None, amount=None, attrs={}, facts={}, evidence=None)
    found = Index.of([mill(), silent], [], MODEL).top(lender(), filters)
    assert {match.need_id for match in found.matches} == expected
    assert found.left_out.get("filters", 0) == 2 - len(expected)


def test_matches_are_counted_by_code_and_by_its_ancestors() -> None:
    pool = [mill(), mill(id=2, attrs={"place": ("iso3166-2:LA-VT",)})]
    counts = Index.of(pool, [], MODEL).top(lender(), count=("place",)).counts
    assert counts["place"] == {"iso3166-2:LA-LP": 1, "iso3166-2:LA-VT": 1, "iso3166-1:LA": 2}


def test_empty_one_record_and_emoji_pools_answer() -> None:
    assert Index.of([], [], MODEL).top(mill()).matches == ()
    emoji = [lender(text="🌾🌾"), lender(id=2, organisation_id=9, text="")]
    model = calibrate(MODEL, [mill(text="🚜")], emoji, "emoji")
    found = Index.of([mill(text="🚜")], emoji, model).top(mill(text="🚜"))
    assert found.total == 2
    assert not next(f for f in found.matches[0].facets if f.name == "text").known


def test_facets_used_are_named_by_kind() -> None:
    assert "price" in Index.of([], [], MODEL).top(mill(kind="service")).used
    assert "ticket" in Index.of([], [], MODEL).top(mill()).used


def test_a_record_changes_kind_and_is_still_found_once() -> None:
    index = Index.of([], [lender()], MODEL)
    index.apply([Change(1, "offer", 1, replace(lender(), text="anew"))])
    assert index.top(mill()).total == 1
