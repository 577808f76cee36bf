"""Gates in three values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.eligibility import (
    State,
    check,
    compile_criterion,
    fact_of,
    service_fits,
)
from matchmaker.matching.encoding import encode
from matchmaker.matching.gates import gates_of
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Band, Criterion, NeedRecord, OfferRecord
from matchmaker.matching.side import Pairing, Side
from tests.matching.markets import lender, markets, mill, needs, offers

MODEL = programme_model()
UP_TO_50K = Criterion("amount_usd", "at_most", (50_000,), must=True)


def state(criterion: Criterion, need: NeedRecord) -> State:
    return check(need, lender(criteria=(criterion,)))[0].state


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        (Band(20_000, 50_000), State.MET),
        (Band(50_000, 100_000), State.UNKNOWN),
        (Band(100_000, 200_000), State.UNMET),
        (Band(100_000_000, None), State.UNMET),
        (None, State.UNKNOWN),
    ],
)
def test_a_band_inside_is_met_outside_unmet_across_unknown(
    band: Band | None, expected: State
) -> None:
    assert state(UP_TO_50K, mill(amount=band)) is expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("isic4:1061",), State.MET),
        (("isic4:10",), State.MET),
        (("isic4:C",), State.UNKNOWN),
        (("isic4:6201",), State.UNMET),
        ((), State.UNKNOWN),
    ],
)
def test_a_class_inside_a_wanted_division_is_met_its_section_alone_unknown(
    codes: tuple[str, ...], expected: State
) -> None:
    wanted = Criterion("sector", "one_of", ("isic4:10",), must=True)
    assert state(wanted, mill(attrs={"sector": codes})) is expected


def test_an_excluded_sector_closes_what_lies_inside_it() -> None:
    refused = Criterion("sector", "none_of", ("isic4:10",), must=True)
    assert state(refused, mill()) is State.UNMET
    assert state(refused, mill(attrs={"sector": ("isic4:C",)})) is State.UNKNOWN
    assert state(refused, mill(attrs={"sector": ("isic4:6201",)})) is State.MET


def test_a_province_answers_for_its_country() -> None:
    assert state(Criterion("country", "one_of", ("iso3166-1:LA",)), mill()) is State.MET
    assert state(Criterion("country", "one_of", ("iso3166-1:KH",)), mill()) is State.UNMET


def test_size_classes_are_compared_in_their_order() -> None:
    at_least = Criterion("size", "at_least", ("size:medium",))
    assert state(at_least, mill()) is State.UNMET
    assert state(at_least, mill(attrs={"size": ("size:large",)})) is State.MET


def test_evidence_not_mentioned_is_unknown_and_denied_is_unmet() -> None:
    asked = Criterion("business_plan", "has", must=True)
    assert state(asked, mill()) is State.UNKNOWN
    assert state(asked, mill(facts={"business_plan": False})) is State.UNMET
    assert state(asked, mill(evidence=frozenset({"evidence:business_plan"}))) is State.MET


def test_what_comes_from_history_never_closes() -> None:
    past = Criterion("sector", "one_of", ("isic4:6201",), must=True, source="history")
    rule = check(mill(), lender(criteria=(past,)))[0]
    assert rule.state is State.UNMET
    assert not rule.closes


def test_a_rule_with_the_wrong_number_of_values_is_refused() -> None:
    with pytest.raises(ValueError, match="other values"):
        compile_criterion(Criterion("age_years", "between", (3,)))


def test_a_fact_given_outright_comes_before_an_attribute() -> None:
    assert fact_of(mill(facts={"sector": None}), "sector") is None


def test_services_are_compared_by_code_and_finance_never_refused() -> None:
    need = mill(kind="service", code="service:ERP")
    assert service_fits(need, lender(kind="service", codes=("service:ERP",)))
    assert not service_fits(need, lender(kind="service", codes=("service:CRM",)))
    assert service_fits(need, lender(kind="service", codes=()))
    assert service_fits(mill(), lender(codes=("instrument:GRANT",)))


@given(markets())
def test_gates_of_a_pool_are_those_of_each_pair(
    market: tuple[list[NeedRecord], list[OfferRecord]],
) -> None:
    all_needs, all_offers = market
    asked = Side.build([encode(offer, MODEL) for offer in all_offers])
    offered = Side.build([encode(need, MODEL) for need in all_needs])
    for i, need in enumerate(all_needs):
        asking = gates_of(Pairing(encode(need, MODEL), asked, asks=True))
        for j, offer in enumerate(all_offers):
            offering = gates_of(Pairing(encode(offer, MODEL), offered, asks=False))
            rules = check(need, offer)
            unmet = sum(rule.closes for rule in rules)
            unsure = sum(r.criterion.gates and r.state is State.UNKNOWN for r in rules)
            assert asking.unmet[j] == offering.unmet[i] == unmet
            assert asking.unsure[j] == offering.unsure[i] == unsure
            facts = {rule.criterion.fact for rule in rules if rule.closes}
            assert {fact for fact, mask in asking.closed_by.items() if mask[j]} == facts
            assert {fact for fact, mask in offering.closed_by.items() if mask[i]} == facts


@given(needs(kind="finance"), offers(kind="finance"), st.sampled_from(["age_years", "export"]))
def test_forgetting_a_fact_never_closes_a_door(
    need: NeedRecord, offer: OfferRecord, fact: str
) -> None:
    from dataclasses import replace

    forgotten = replace(need, facts={**need.facts, fact: None})
    before = {rule.criterion for rule in check(need, offer) if rule.closes}
    after = {rule.criterion for rule in check(forgotten, offer) if rule.closes}
    assert after <= before
