"""Properties of scores, reasons and levers over drawn pairs, through the whole engine."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.eligibility import State
from matchmaker.matching.index import Change, Index
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.levers import in_reach
from matchmaker.matching.model import Model, Scale
from matchmaker.matching.programme import programme_model
from matchmaker.matching.reasons import POOR
from matchmaker.matching.records import (
    Band,
    Criterion,
    FactValue,
    NeedRecord,
    OfferRecord,
    Op,
    Record,
    Taken,
    Value,
)
from matchmaker.matching.scoring import score_pair
from tests.matching.markets import bands, lender, markets, mill, needs, offers

MODEL = programme_model()
Pair = tuple[NeedRecord, OfferRecord]
pairs = st.sampled_from(["finance", "service"]).flatmap(
    lambda kind: st.tuples(needs(kind=kind), offers(kind=kind))
)
#: Facts of a firm that feed no facet but through rules about them.
PLAIN: dict[str, tuple[FactValue, Op, tuple[Value, ...]]] = {
    "age_years": (4, "at_least", (3,)),
    "export": (True, "has", ()),
    "readiness": (Band(50, 75), "between", (40, 80)),
}
#: Numbers that no rule and no band of the drawn markets holds.
AGE, SHARE = 7919, 6.283


def scores_of(index: Index, record: Record) -> dict[tuple[int, int], float]:
    ranking = index.top(record, n=100, near=100)
    found = (*ranking.matches, *ranking.near)
    return {(match.need_id, match.offer_id): match.score for match in found}


@pytest.mark.slow
@given(markets(), needs(number=99), offers(number=99), st.data())
def test_who_comes_and_goes_changes_no_other_pairs_score(
    market: tuple[list[NeedRecord], list[OfferRecord]],
    need: NeedRecord,
    offer: OfferRecord,
    data: st.DataObject,
) -> None:
    all_needs, all_offers = market
    index = Index.of(all_needs, all_offers, MODEL)
    asking: list[Record] = [*all_needs, *all_offers]
    before = [scores_of(index, record) for record in asking]
    leaves = data.draw(st.sampled_from(all_offers)).id if all_offers else 7
    index.apply([Change(1, "need", 99, need), Change(2, "offer", 99, offer),
                 Change(3, "offer", leaves, None)])  # fmt: skip
    for record, old in zip(asking, before, strict=True):
        new = scores_of(index, record)
        # "Near" may hold a pair in one and not in the other: it is as long as was asked for.
        assert {pair: new[pair] for pair in old if pair in new} == {
            pair: old[pair] for pair in old if pair in new
        }
        # Who left is in nobody's list; whoever is new is there beside all others.
        gone = {pair for pair in old if pair not in new}
        assert all(offer_id == leaves for _, offer_id in gone)


@given(pairs)
def test_the_sides_may_be_exchanged(pair: Pair) -> None:
    both = MODEL.weights
    turned = Model(
        "turned",
        MODEL.scales,
        {
            kind: {"forward": both[kind]["backward"], "backward": both[kind]["forward"]}
            for kind in both
        },
    )
    one, other = score_pair(*pair, MODEL), score_pair(*pair, turned)
    assert (other.forward, other.backward, other.score) == (one.backward, one.forward, one.score)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    size = draw(st.integers(2, 21))
    knots = draw(st.lists(st.integers(0, 1000), min_size=size, max_size=size, unique=True))
    points = draw(st.lists(st.integers(0, 100), min_size=size, max_size=size))
    return Scale(
        tuple(knot / 1000 for knot in sorted(knots)), tuple(float(p) for p in sorted(points)), 20
    )


@given(scales(), st.lists(st.floats(-1, 2), min_size=2, max_size=20))
def test_a_better_raw_value_never_has_fewer_points(scale: Scale, raw: list[float]) -> None:
    points = scale.apply(np.sort(np.array(raw)))
    assert (np.diff(points) >= 0).all()
    assert points.min() >= 0
    assert points.max() <= 100


@given(pairs, st.sampled_from(sorted(PLAIN)), st.booleans())
def test_what_is_met_never_loses_to_what_is_not_known(pair: Pair, fact: str, must: bool) -> None:
    need, offer = pair
    value, op, values = PLAIN[fact]
    others = tuple(rule for rule in offer.criteria if rule.fact != fact)
    asks = replace(offer, criteria=(*others, Criterion(fact, op, values, must)))
    known = score_pair(replace(need, facts={**need.facts, fact: value}), asks, MODEL)
    unknown = score_pair(replace(need, facts={**need.facts, fact: None}), asks, MODEL)
    assert unknown.score <= known.score
    assert (unknown.unmet, unknown.unsure) >= (known.unmet, known.unsure)


@cache
def easy() -> Model:
    """A version of a market in which nearly every pair meets all that is asked for."""
    aims = ("sdg:8", "sdg:5")
    rule = Criterion("export", "has", must=False)
    needs = [
        mill(id=at, organisation_id=at, attrs={**mill().attrs, "impact": aims},
             facts={"age_years": 4, "export": True})
        for at in range(9)
    ]  # fmt: skip
    lenders = [
        lender(id=at, organisation_id=100 + at, evidence=frozenset(), criteria=(rule,),
               attrs={**lender().attrs, "impact": aims})
        for at in range(9)
    ]  # fmt: skip
    service: dict[str, Any] = {"kind": "service", "evidence": frozenset()}
    buyers = [mill(id=20 + at, organisation_id=20 + at, code="service:ERP", **service)
              for at in range(9)]  # fmt: skip
    sellers = [
        lender(id=20 + at, organisation_id=200 + at, codes=("service:ERP",), criteria=(),
               price=Band(100, 500), **service)
        for at in range(9)
    ]  # fmt: skip
    return calibrate(MODEL, needs + buyers, lenders + sellers, "easy")


#: Facts that feed a facet too, the attribute they stand for, and codes an offer may ask for.
CODED: dict[str, tuple[str, tuple[str, ...]]] = {
    "sector": ("sector", ("isic4:10", "isic4:C", "isic4:6201")),
    "province": ("place", ("iso3166-2:LA-LP", "iso3166-2:LA-VT")),
    "country": ("place", ("iso3166-1:LA",)),
    "stage": ("stage", ("stage:startup", "stage:growth")),
    "size": ("size", ("size:micro", "size:small")),
    "legal_form": ("legal_form", ("legal:sole", "legal:company")),
    "language": ("language", ("language:lo", "language:en")),
    "impact": ("impact", ("sdg:8", "sdg:5")),
}


#: More codes of a scheme than count whole.
MANY = {
    "isic4": tuple(f"isic4:{section}" for section in "ABFGHIJKLMN"),
    "iso3166-2": tuple(f"iso3166-2:KH-{at}" for at in range(1, 25)),
}


@pytest.mark.parametrize("easily", [False, True], ids=["programme", "easy"])
@given(pairs, st.sampled_from(sorted(CODED)), st.booleans(), st.booleans(), st.data())
def test_a_code_that_is_met_never_loses_to_one_not_known(
    easily: bool, pair: Pair, fact: str, must: bool, broad: bool, data: st.DataObject
) -> None:
    """Where an offer says one thing: what its rule asks for is what it serves, as in a programme.

    (An offer may contradict itself, in a file: its rule met, its list of places elsewhere.) Also
    where it names so much that each of it counts little.
    """
    need, offer = pair
    model = easy() if easily else MODEL
    attr, wanted = CODED[fact]
    if broad and wanted[0].partition(":")[0] in MANY:
        wanted = (*wanted, *MANY[wanted[0].partition(":")[0]])
    rules = tuple(rule for rule in offer.criteria if CODED.get(rule.fact, ("",))[0] != attr)
    offer = replace(
        offer,
        criteria=(*rules, Criterion(fact, "one_of", wanted, must)),
        attrs={**offer.attrs, attr: wanted},
        taken=Taken(),
    )
    own = data.draw(st.sampled_from(wanted))
    silent = {name: codes for name, codes in need.attrs.items() if name != attr}
    plain = {name: value for name, value in need.facts.items() if name not in CODED}
    known = replace(need, attrs={**silent, attr: (own,)}, facts=plain)
    met, unknown = (
        score_pair(one, offer, model) for one in (known, replace(need, attrs=silent, facts=plain))
    )
    assert [rule.state for rule in met.eligibility if rule.criterion.fact == fact] == [State.MET]
    assert unknown.score <= met.score
    assert (unknown.unmet, unknown.unsure) >= (met.unmet, met.unsure)


#: A price has a rule of its own from its lower end on.
priced = bands.filter(lambda band: band.low > 0)


@pytest.mark.parametrize("model", [MODEL, easy()], ids=["programme", "easy"])
@given(st.tuples(needs(kind="service"), offers(kind="service")), bands, priced, priced)
def test_a_budget_that_reaches_a_price_never_loses_to_one_not_told(
    model: Model, pair: Pair, budget: Band, least: Band, most: Band
) -> None:
    need, offer = pair
    price = Band(min(least.low, most.low), None if most.high is None else most.high + least.low)
    rule = Criterion("amount_usd", "at_least", (price.low,), must=True)
    offer = replace(offer, price=price, criteria=(rule,))
    told = score_pair(replace(need, amount=budget), offer, model)
    if told.eligibility[0].state is State.MET:
        assert score_pair(replace(need, amount=None), offer, model).score <= told.score


@pytest.mark.parametrize("easily", [False, True], ids=["programme", "easy"])
@given(st.tuples(needs(kind="finance"), offers(kind="finance")), bands, bands, bands)
def test_an_amount_inside_the_widest_range_never_loses_to_one_not_told(
    easily: bool, pair: Pair, amount: Band, least: Band, most: Band
) -> None:
    need, offer = pair
    model = easy() if easily else MODEL
    top = None if most.high is None else most.high * 1e4 + least.low
    rule = Criterion("amount_usd", "at_least", (least.low,), must=True)
    offer = replace(offer, range=Band(least.low, top), criteria=(rule,), taken=Taken())
    told = score_pair(replace(need, amount=amount), offer, model)
    if told.eligibility[0].state is State.MET and (top is None or (amount.high or np.inf) <= top):
        assert score_pair(replace(need, amount=None), offer, model).score <= told.score


@pytest.mark.parametrize("model", [MODEL, easy()], ids=["programme", "easy"])
@given(pairs, st.integers(1, 9), st.integers(1, 9), st.booleans())
def test_who_has_one_thing_of_all_that_is_asked_never_loses_to_who_tells_nothing(
    model: Model, pair: Pair, papers: int, aims: int, must: bool
) -> None:
    need, offer = pair
    need = replace(need, facts={}, evidence=None, attrs={"sector": ("isic4:10",)})
    asked = [f"evidence:paper_{at}" for at in range(papers)]
    rules = [Criterion(code.removeprefix("evidence:"), "has", must=must) for code in asked]
    owned = Criterion("ownership", "one_of", ("ownership:women",), must)
    offer = replace(
        offer,
        criteria=(*rules, owned),
        evidence=frozenset(asked),
        attrs={"impact": tuple(f"sdg:{at}" for at in range(1, aims)), "ownership": owned.values},
        taken=Taken(),
    )
    silent = score_pair(need, offer, model)
    tells = replace(need, evidence=frozenset(asked[:1]))
    assert silent.score <= score_pair(tells, offer, model).score
    tells = replace(need, attrs={**need.attrs, "ownership": owned.values})
    assert silent.score <= score_pair(tells, offer, model).score


def numbers_in(value: Any) -> set[float]:
    if isinstance(value, Band):
        return numbers_in(value.low) | numbers_in(value.high)
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, int | float):
        return {float(value)}
    if isinstance(value, dict):
        return set().union(*map(numbers_in, value.values()))
    if isinstance(value, tuple | list | frozenset):
        return set().union(*map(numbers_in, value))
    return set()


@given(pairs)
def test_reasons_facts_and_levers_name_bands_and_rules_only(pair: Pair) -> None:
    need, offer = pair
    private = {"age_years": AGE, "export_share": SHARE, "staff": 4241}
    need = replace(need, facts={**need.facts, **private})
    match = score_pair(need, offer, MODEL)
    told = [*(reason.facts for reason in match.reasons), *(one.facts for one in match.facets)]
    told += [{"values": change.values} for lever in match.levers for change in lever.changes]
    bands = [need.amount, offer.range, offer.price]
    allowed = numbers_in([*bands, *(rule.values for rule in offer.criteria)])
    assert set().union(*(numbers_in(dict(facts)) for facts in told)) <= allowed


@given(pairs)
def test_what_speaks_against_a_pair_is_said_where_there_is_such_a_thing(pair: Pair) -> None:
    match = score_pair(*pair, MODEL)
    weak = any(
        one.known and one.points <= POOR and one.forward_weight + one.backward_weight
        for one in match.facets
    )
    shut = any(
        (rule.state is State.UNMET and rule.criterion.source == "declared")
        or (rule.state is State.UNKNOWN and rule.criterion.gates)
        for rule in match.eligibility
    )
    against = [reason for reason in match.reasons if reason.side == "against"]
    assert bool(against) == (weak or shut)


@given(pairs)
def test_a_lever_is_the_smallest_set_of_changes_and_leaves_nothing_shut(pair: Pair) -> None:
    match = score_pair(*pair, MODEL)
    closing = {rule.criterion.fact for rule in match.eligibility if rule.closes}
    for lever in match.levers:
        assert {change.fact for change in lever.changes} == closing
        assert len(lever.changes) == len(closing) <= 2
        assert all(in_reach(change.fact) for change in lever.changes)


@pytest.mark.parametrize(
    ("fact", "reach"),
    [("accounts_2y", True), ("guarantor", True), ("registration", True), ("amount_usd", True),
     ("certified_training", True), ("own_contribution", True), ("province", False),
     ("age_years", False), ("sector", False), ("women_share", False)],
)  # fmt: skip
def test_levers_are_what_a_firm_can_do(fact: str, reach: bool) -> None:
    assert in_reach(fact) is reach


def test_a_change_that_shuts_another_rule_about_the_same_fact_is_no_lever() -> None:
    rules = (
        Criterion("amount_usd", "at_most", (10_000,), must=True),
        Criterion("amount_usd", "at_least", (15_000,), must=True),
    )
    assert score_pair(mill(amount=Band(20_000, 50_000)), lender(criteria=rules), MODEL).levers == ()
