"""The corrected order is bounded, says why, and gives the least seen a place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.exposure import Attention, Placed, arrange, order, pressure
from matchmaker.matching.match import Match

attentions = st.builds(
    Attention,
    places_left=st.none() | st.integers(0, 5),
    places=st.none() | st.just(5),
    seen=st.integers(0, 500),
    mean_seen=st.floats(0, 100),
)


def ranked(n: int, gap: float = 1.0) -> list[Match]:
    return [Match(1, at, (), (), 0, 0, score=90 - at * gap) for at in range(n)]


@given(st.lists(attentions, max_size=30))
def test_nothing_moves_more_than_five_places_and_all_stay(given_: list[Attention]) -> None:
    matches = ranked(len(given_), gap=0.1)
    placed = order(matches, dict(enumerate(given_)), needs=False)
    assert [one.place for one in placed] == list(range(1, len(matches) + 1))
    assert sorted(one.by_score for one in placed) == list(range(1, len(matches) + 1))
    assert all(abs(one.moved) <= 5 for one in placed)


@given(st.lists(attentions, max_size=30))
def test_a_page_holds_everybody_and_moves_by_five_but_for_the_labelled(
    given_: list[Attention],
) -> None:
    matches = ranked(len(given_), gap=0.1)
    placed = arrange(matches, dict(enumerate(given_)), needs=False)
    assert sorted(one.match.offer_id for one in placed) == list(range(len(matches)))
    also = [one for one in placed if one.why == "also"]
    assert len(also) <= 2
    assert all(one.place in (9, 10) for one in also)
    assert all(abs(one.moved) <= 5 for one in placed if one.why != "also")


def test_without_attention_the_order_is_by_score() -> None:
    placed = arrange(ranked(12), {}, needs=False)
    assert [one.by_score for one in placed] == list(range(1, 13))
    assert {one.why for one in placed} == {""}


def test_a_full_month_moves_back_and_says_so() -> None:
    placed = order(ranked(10), {0: Attention(places_left=0, places=4)}, needs=False)
    full = next(one for one in placed if one.match.offer_id == 0)
    assert (full.place, full.why) == (6, "full")
    assert placed[0].match.score < full.match.score


def test_the_least_seen_behind_the_ten_get_the_last_places_in_turn() -> None:
    attention = {at: Attention(seen=10, mean_seen=10) for at in range(20)}
    attention |= {15: Attention(seen=2, mean_seen=10), 17: Attention(seen=0, mean_seen=10)}
    placed = arrange(ranked(20, gap=3), attention, needs=False)
    labelled: list[Placed] = [one for one in placed[:10] if one.why == "also"]
    assert [one.match.offer_id for one in labelled] == [17, 15]


def test_pressure_is_greatest_when_full_and_relieves_who_is_seen_little() -> None:
    assert pressure(Attention(places_left=0)) == (8.0, "full")
    assert pressure(Attention(places_left=1, places=4)) == (2.0, "busy")
    assert pressure(Attention(seen=31, mean_seen=7)) == (4.0, "seen_often")
    assert pressure(Attention(seen=0, mean_seen=15)) == (-4.0, "seen_little")
    assert pressure(Attention(seen=3, mean_seen=3)) == (0.0, "")
