"""The corrected order is bounded, says why, and gives the least seen a place."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.matching.exposure import LIST, Attention, Placed, arrange, order, pressure
from matchmaker.matching.match import Match

attentions = st.builds(
    Attention,
    places_left=st.none() | st.integers(0, 5),
    places=st.none() | st.just(5),
    seen=st.integers(0, 500),
    mean_seen=st.none() | st.floats(0, 100),
    price=st.none() | st.floats(-20, 200),
    turns=st.integers(0, 5),
)
#: Points with many ties.
points = st.integers(0, 12).map(float)


def ranked(n: int, gap: float = 1.0) -> list[Match]:
    return [Match(1, at, (), (), 0, 0, score=90 - at * gap) for at in range(n)]


def matches_of(given_: list[tuple[float, Attention]]) -> list[Match]:
    best_first = sorted((score for score, _ in given_), reverse=True)
    return [Match(1, at, (), (), 0, 0, score) for at, score in enumerate(best_first)]


def attention_of(given_: list[tuple[float, Attention]]) -> dict[int, Attention]:
    return dict(enumerate(attention for _, attention in given_))


@given(st.lists(st.tuples(points, attentions), max_size=30))
def test_nothing_moves_more_than_five_places_and_all_stay(
    given_: list[tuple[float, Attention]],
) -> None:
    placed = order(matches_of(given_), attention_of(given_), needs=False)
    assert [one.place for one in placed] == list(range(1, len(given_) + 1))
    assert sorted(one.by_score for one in placed) == list(range(1, len(given_) + 1))
    assert all(abs(one.moved) <= 5 for one in placed)


@given(st.lists(st.tuples(points, attentions), max_size=30), st.integers(0, 4))
def test_a_page_holds_everybody_and_moves_by_five_but_for_the_labelled(
    given_: list[tuple[float, Attention]], behind: int
) -> None:
    """Whatever turns, prices and ties there are; only a turn brings one from behind the page."""
    matches, attention = matches_of(given_), attention_of(given_)
    # Behind a page that is not full there is nobody.
    page = len(matches) - behind if len(matches) - behind >= LIST else len(matches)
    placed = arrange(matches[:page], attention, needs=False, waiting=matches[page:])
    shown = {one.match.offer_id for one in placed}
    assert shown >= set(range(page))
    assert [one.place for one in placed] == list(range(1, len(placed) + 1))
    also = [one for one in placed if one.why == "also"]
    assert len(also) <= 2
    assert all(one.place in (9, 10) for one in also)
    assert all(abs(one.moved) <= 5 for one in placed if one.why != "also")
    # Places by points alone, as a reader would count them: of equal points any may be first.
    scores = [match.score for match in matches]
    for one in placed:
        first, last = (
            scores.index(one.match.score) + 1,
            len(scores) - scores[::-1].index(one.match.score),
        )
        if one.why != "also":
            assert first - 5 <= one.place <= last + 5


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
    attention = {at: Attention(turns=10) for at in range(20)}
    attention |= {15: Attention(turns=2), 17: Attention(turns=0)}
    placed = arrange(ranked(20, gap=3), attention, needs=False)
    labelled: list[Placed] = [one for one in placed[:10] if one.why == "also"]
    assert [one.match.offer_id for one in labelled] == [17, 15]


def test_of_those_seen_alike_the_better_keep_their_places() -> None:
    attention = {at: Attention(turns=3) for at in range(20)}
    waiting = [Match(1, at, (), (), 0, 0, score=2) for at in (98, 99)]
    placed = arrange(ranked(20, gap=3), attention, needs=False, waiting=waiting)
    assert [one.by_score for one in placed] == list(range(1, 21))
    assert {one.why for one in placed} == {""}


def test_who_waits_behind_the_page_is_called_onto_it() -> None:
    matches, waiting = ranked(20), [Match(1, 99, (), (), 0, 0, score=12)]
    attention = {at: Attention(turns=1) for at in range(20)} | {99: Attention()}
    placed = arrange(matches, attention, needs=False, waiting=waiting)
    called = next(one for one in placed if one.match.offer_id == 99)
    assert (called.place, called.why, called.match.score) == (9, "also", 12)
    assert len(placed) == 21
    assert all(abs(one.moved) <= 5 for one in placed if one is not called)


def test_who_waits_with_the_points_of_the_last_on_the_page_stands_among_those() -> None:
    """The page ends between equals by their ids alone: the one seen less is not behind for it."""
    alike = [Match(1, at, (), (), 0, 0, score=50) for at in range(24)]
    attention = {at: Attention(seen=9, turns=9) for at in range(20)}
    attention |= {at: Attention(seen=1, turns=1) for at in range(20, 24)}
    placed = arrange(alike[:20], attention, needs=False, waiting=alike[20:])
    assert [one.match.offer_id for one in placed[:4]] == [20, 21, 22, 23]
    assert (len(placed), {one.why for one in placed}) == (24, {""})


@settings(max_examples=20)
@given(
    firms=st.integers(1, 40),
    views=st.integers(1, 30),
    chance=st.randoms(use_true_random=False),
)
def test_turns_reach_everybody_as_often_as_there_are_turns(
    firms: int, views: int, chance: random.Random
) -> None:
    """The guarantee of the module's docstring, whatever prices and other lists do to the order."""
    seen = Counter(dict.fromkeys(range(firms), 0))
    matches = ranked(firms)
    for _ in range(views):
        attention = {
            at: Attention(turns=seen[at], price=chance.uniform(-9, 9)) for at in range(firms)
        }
        page, behind = matches[:20], matches[20:]
        waiting = sorted(behind, key=lambda one: seen[one.offer_id])[:2]
        listed = arrange(page, attention, needs=False, waiting=waiting)
        seen.update(one.match.offer_id for one in listed[:10])
        elsewhere = chance.choices(range(firms), k=3)
        seen.update(elsewhere)
    assert min(seen.values()) >= 2 * views // firms


def test_pressure_is_greatest_when_full_and_relieves_who_is_seen_little() -> None:
    assert pressure(Attention(places_left=0)) == (8.0, "full")
    assert pressure(Attention(places_left=1, places=4)) == (2.0, "busy")
    assert pressure(Attention(seen=31, mean_seen=7)) == (4.0, "seen_often")
    assert pressure(Attention(seen=0, mean_seen=15)) == (-4.0, "seen_little")
    assert pressure(Attention(seen=3, mean_seen=3)) == (0.0, "")


def test_a_known_price_stands_for_how_many_want_the_places() -> None:
    assert pressure(Attention(price=3.0, places_left=1, places=40)) == (3.0, "wanted")
    assert pressure(Attention(price=-2.5)) == (-2.5, "free")
    assert pressure(Attention(price=70.0, seen=9)) == (8.0, "wanted")
    assert pressure(Attention(price=-70.0)) == (-4.0, "free")
    assert pressure(Attention(price=-70.0, places_left=0)) == (8.0, "full")
