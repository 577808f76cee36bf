"""Reasons name public facts; levers say what would open a door."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.eligibility import State, check
from matchmaker.matching.levers import meeting_value, with_fact
from matchmaker.matching.programme import programme_model
from matchmaker.matching.reasons import REASONS
from matchmaker.matching.record_json import dumps, loads
from matchmaker.matching.records import Band, Criterion, NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from tests.matching.markets import lender, mill, needs, offers

MODEL = programme_model()
pairs = st.sampled_from(["finance", "service"]).flatmap(
    lambda kind: st.tuples(needs(kind=kind), offers(kind=kind))
)


@given(pairs)
def test_at_most_three_reasons_for_and_two_against_all_with_words(
    pair: tuple[NeedRecord, OfferRecord],
) -> None:
    reasons = score_pair(*pair, MODEL).reasons
    sides = [reason.side for reason in reasons]
    assert sides.count("for") <= 3
    assert sides.count("against") <= 2
    assert all(reason.code in REASONS for reason in reasons)


@given(pairs)
def test_what_is_not_known_is_never_a_reason_for(pair: tuple[NeedRecord, OfferRecord]) -> None:
    match = score_pair(*pair, MODEL)
    unknown = {f"{facet.name}_fits" for facet in match.facets if not facet.known}
    assert not unknown & {reason.code for reason in match.reasons}


def test_a_good_match_says_what_fits_and_what_is_missing() -> None:
    offer = lender(criteria=(Criterion("business_plan", "has", must=True),))
    reasons = score_pair(mill(), offer, MODEL).reasons
    assert "ticket_fits" in {reason.code for reason in reasons}
    unknown = next(reason for reason in reasons if reason.code == "rule_unknown")
    assert unknown.facts["fact"] == "business_plan"


def test_an_unmet_rule_comes_first_among_what_is_against() -> None:
    reasons = score_pair(mill(facts={"age_years": 1}), lender(attrs={}), MODEL).reasons
    against = [reason for reason in reasons if reason.side == "against"]
    assert against[0].code == "rule_unmet"


def test_the_bands_of_a_ticket_are_told_with_their_position() -> None:
    def position(band: Band) -> str:
        match = score_pair(mill(amount=band), lender(), MODEL)
        return str(next(f for f in match.facets if f.name == "ticket").facts["position"])

    assert position(Band(1_000, 2_000)) == "below"
    assert position(Band(20_000, 50_000)) == "within"
    assert position(Band(500_000, 1_000_000)) == "above"


@given(pairs)
def test_a_lever_opens_the_door_it_names(pair: tuple[NeedRecord, OfferRecord]) -> None:
    need, offer = pair
    match = score_pair(need, offer, MODEL)
    assert bool(match.levers) <= (match.unmet > 0)
    for lever in match.levers:
        assert 1 <= len(lever.changes) <= 2
        changed = need
        for rule in match.eligibility:
            if rule.closes:
                fact = rule.criterion.fact
                changed = with_fact(changed, fact, meeting_value(changed, rule))
        named = {change.fact for change in lever.changes}
        still = {rule.criterion.fact for rule in check(changed, offer) if rule.closes}
        assert not still & named
        assert score_pair(changed, offer, MODEL).points == lever.points


def test_a_lever_over_an_amount_moves_to_the_nearest_band_inside() -> None:
    rule = check(
        mill(amount=Band(200_000, 500_000)),
        lender(criteria=(Criterion("amount_usd", "between", (1_000, 60_000), must=True),)),
    )[0]
    assert rule.state is State.UNMET
    assert meeting_value(mill(amount=Band(200_000, 500_000)), rule) == Band(20_000, 50_000)


def test_accounts_are_a_lever_but_not_beside_a_country_that_no_firm_can_change() -> None:
    accounts = Criterion("accounts_2y", "has", must=True)
    country = Criterion("country", "one_of", ("iso3166-1:KH",), must=True)
    need = mill(facts={"accounts_2y": False})
    (lever,) = score_pair(need, lender(criteria=(accounts,)), MODEL).levers
    assert [change.fact for change in lever.changes] == ["accounts_2y"]
    assert score_pair(need, lender(criteria=(accounts, country)), MODEL).levers == ()


def test_more_than_two_closed_doors_have_no_lever() -> None:
    rules = tuple(
        Criterion(fact, "has", must=True) for fact in ("export", "tax_id", "business_plan")
    )
    facts = {"export": False, "tax_id": False, "business_plan": False}
    assert score_pair(mill(facts=facts), lender(criteria=rules), MODEL).levers == ()


@given(pairs)
def test_records_survive_their_json(pair: tuple[NeedRecord, OfferRecord]) -> None:
    for record in pair:
        assert loads(dumps(record)) == record
        assert "\n" not in dumps(record)
        json.loads(dumps(record))
