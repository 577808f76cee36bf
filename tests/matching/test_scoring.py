"""One pair, one score: properties of the score over drawn pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.amounts import liveliness
from matchmaker.matching.encoding import encode
from matchmaker.matching.match import Facet, arithmetic, shown
from matchmaker.matching.model import DIGITS, Model, Scale, whole_per_cents
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Activity, Band, NeedRecord, OfferRecord, Taken
from matchmaker.matching.scoring import score_pair, score_rows
from matchmaker.matching.side import Pairing, Side
from tests.matching.markets import lender, markets, mill, needs, offers

MODEL = programme_model()
pairs = st.sampled_from(["finance", "service"]).flatmap(
    lambda kind: st.tuples(needs(kind=kind), offers(kind=kind))
)


@given(pairs)
def test_printed_numbers_add_up_to_the_printed_score(pair: tuple[NeedRecord, OfferRecord]) -> None:
    match = score_pair(*pair, MODEL)
    forward = sum(facet.points * facet.forward_weight for facet in match.facets) / 100
    backward = sum(facet.points * facet.backward_weight for facet in match.facets) / 100
    assert match.forward == pytest.approx(forward, abs=0.05 + 1e-9)
    assert match.backward == pytest.approx(backward, abs=0.05 + 1e-9)
    assert arithmetic(match.facets) == (match.forward, match.backward, match.score)
    mean = 2 * match.forward * match.backward / max(match.forward + match.backward, 1e-9)
    assert match.points == shown(round(mean, 9))
    assert sum(facet.forward_weight for facet in match.facets) == 100
    assert sum(facet.backward_weight for facet in match.facets) == 100


@given(pairs)
def test_scores_and_points_stay_between_0_and_100(pair: tuple[NeedRecord, OfferRecord]) -> None:
    match = score_pair(*pair, MODEL)
    assert 0 <= match.score <= 100
    assert all(0 <= facet.points <= 100 for facet in match.facets)
    low, high = sorted((match.forward, match.backward))
    assert low - 1e-9 <= match.score <= high + 1e-9


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    raw = draw(st.lists(st.floats(-6.0, 6.0), min_size=2, max_size=21, unique=True))
    least, most = (min(raw), max(raw)) if min(raw) < max(raw) - 1e-6 else (0.0, 1.0)
    knots = sorted({least, most, *(x for x in raw if least + 1e-6 < x < most - 1e-6)})
    points = draw(
        st.lists(st.floats(0.0, 100.0), min_size=len(knots), max_size=len(knots)).map(sorted)
    )
    return Scale(tuple(knots), tuple(points), draw(st.integers(0, 100)))


@given(scales(), st.lists(st.floats(-8.0, 8.0)))
def test_points_are_read_off_the_line_between_two_knots(scale: Scale, raw: list[float]) -> None:
    steps = scale.steps / DIGITS
    asked = np.array([*raw, *scale.raw, *steps, *(steps - 0.6 / DIGITS), *(steps - 1 / DIGITS)])
    line = np.rint(np.interp(np.round(asked, 9), scale.raw, scale.points))
    assert scale.apply(asked).tolist() == line.tolist()
    assert scale.apply(np.array([np.nan])).tolist() == [scale.unknown]
    assert scale.apply(np.array(np.nan)) == scale.unknown


@given(pairs, st.integers(0, 11), st.integers(0, 100))
def test_raising_a_facet_never_lowers_the_score(
    pair: tuple[NeedRecord, OfferRecord], which: int, points: int
) -> None:
    facets = list(score_pair(*pair, MODEL).facets)
    at = which % len(facets)
    before = arithmetic(facets)
    facets[at] = replace(facets[at], points=max(points, facets[at].points))
    after = arithmetic(facets)
    assert all(new >= old for new, old in zip(after, before, strict=True))


@given(markets())
def test_a_score_does_not_depend_on_the_pool(
    market: tuple[list[NeedRecord], list[OfferRecord]],
) -> None:
    all_needs, all_offers = market
    pool = Side.build([encode(offer, MODEL) for offer in all_offers])
    for need in all_needs:
        scores = score_rows(Pairing(encode(need, MODEL), pool, asks=True), MODEL)
        for at, offer in enumerate(all_offers):
            if offer.kind == need.kind:
                assert score_pair(need, offer, MODEL).score == scores.score[at]


@pytest.mark.slow
@given(markets())
def test_whoever_asks_the_score_is_the_same(
    market: tuple[list[NeedRecord], list[OfferRecord]],
) -> None:
    all_needs, all_offers = market
    pool = Side.build([encode(need, MODEL) for need in all_needs])
    for offer in all_offers:
        scores = score_rows(Pairing(encode(offer, MODEL), pool, asks=False), MODEL)
        for at, need in enumerate(all_needs):
            if offer.kind == need.kind:
                match = score_pair(need, offer, MODEL)
                assert match.score == scores.score[at]
                assert {f.name: f.points for f in match.facets} == {
                    name: points[at] for name, points in scores.points.items()
                }


def test_swapping_a_symmetric_pairs_directions_changes_nothing() -> None:
    facets = [Facet("text", 70, 60, 40), Facet("place", 30, 40, 60)]
    swapped = [
        replace(facet, forward_weight=facet.backward_weight, backward_weight=facet.forward_weight)
        for facet in facets
    ]
    forward, backward, score = arithmetic(facets)
    assert arithmetic(swapped) == (backward, forward, score)


@pytest.mark.parametrize(
    "unsaid",
    [
        {"amount": None},
        {"code": None},
        {"evidence": None},
        {"activity": Activity()},
        {"attrs": {}},
        {"text": ""},
    ],
)
def test_unknown_never_beats_met(unsaid: dict[str, object]) -> None:
    known = score_pair(mill(), lender(), MODEL)
    unknown = score_pair(mill(**unsaid), lender(), MODEL)
    assert unknown.score <= known.score
    assert {facet.name for facet in unknown.facets if not facet.known}


def test_every_scale_puts_unknown_below_its_top() -> None:
    for scales in MODEL.scales.values():
        assert all(scale.unknown <= scale.points[-1] for scale in scales.values())


def test_the_score_reads_bands_only() -> None:
    with pytest.raises(ValueError, match="revenue_usd must be given as a Band"):
        score_pair(mill(facts={"revenue_usd": 31_250.0}), lender(), MODEL)


def test_pairs_of_two_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="not compared"):
        score_pair(mill(), lender(kind="service"), MODEL)


def test_a_fitting_pair_scores_far_above_a_strange_one() -> None:
    strange = lender(
        attrs={"sector": ("isic4:6201",), "place": ("iso3166-2:KH-12",)},
        range=Band(1_000_000, 5_000_000),
        codes=("instrument:EQUITY",),
        text="Venture capital for software",
    )
    assert score_pair(mill(), lender(), MODEL).points >= 75
    assert score_pair(mill(), strange, MODEL).points <= 40


def test_a_scale_must_rise_and_stay_within_its_steps() -> None:
    with pytest.raises(ValueError, match="rises"):
        Scale((0.0, 1.0), (50.0, 20.0), 0)
    with pytest.raises(ValueError, match="rises"):
        Scale(tuple(np.linspace(0, 1, 30)), tuple(np.linspace(0, 100, 30)), 0)


@given(st.dictionaries(st.text(min_size=1), st.floats(0.001, 10), min_size=1, max_size=12))
def test_whole_per_cents_always_sum_to_100(shares: dict[str, float]) -> None:
    whole = whole_per_cents(shares)
    assert sum(whole.values()) == 100
    assert all(0 < value <= 100 for value in whole.values())


def test_weights_that_do_not_sum_to_100_are_refused() -> None:
    weights = {"finance": {"forward": {"text": 90}, "backward": {"text": 100}}}
    with pytest.raises(ValueError, match="sum 100"):
        Model("wrong", MODEL.scales, weights)  # type: ignore[arg-type]


def test_history_about_one_attribute_says_nothing_about_another() -> None:
    sectors_only = lender(
        attrs={}, taken=Taken({"sector": {"isic4:10": 9.0, "isic4:C": 9.0}}, 9.0, None)
    )
    known = {facet.name: facet.known for facet in score_pair(mill(), sectors_only, MODEL).facets}
    assert known["sector"]
    assert not known["place"]


def test_each_request_left_unanswered_halves_the_sign_of_life() -> None:
    lively = Activity.of_ages([3, 40, 200])
    before = liveliness(lively)
    for silent in (1, 2, 3):
        assert liveliness(replace(lively, unanswered=silent)) == pytest.approx(before / 2**silent)
    assert np.isnan(liveliness(Activity()))
    assert liveliness(Activity(unanswered=1)) == 0.0


@given(pairs)
def test_silence_of_either_side_never_gains_points(pair: tuple[NeedRecord, OfferRecord]) -> None:
    quiet = tuple(replace(one, activity=replace(one.activity, unanswered=2)) for one in pair)
    assert score_pair(*quiet, MODEL).score <= score_pair(*pair, MODEL).score  # type: ignore[arg-type]
