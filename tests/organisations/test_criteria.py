"""The offer form's answers and its criteria say the same thing, each way."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.matching.records import Criterion as Rule
from matchmaker.organisations.services import criteria
from matchmaker.vocabulary.certificates import CERTIFICATES
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.vocabulary.legal_forms import LEGAL_FORMS
from matchmaker.vocabulary.ownership import OWNERSHIP
from matchmaker.vocabulary.places import COUNTRIES, PROVINCES
from matchmaker.vocabulary.sectors import ISIC4
from matchmaker.vocabulary.sizes import SIZES
from matchmaker.vocabulary.stages import STAGES

WEIGHT = st.sampled_from([criteria.MUST, criteria.PREFER])


def _codes(codes: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(codes), unique=True, max_size=4)


CODES = {
    "sectors": ISIC4.codes(),
    "sectors_out": ISIC4.codes(),
    "stages": STAGES.codes(),
    "sizes": SIZES.codes(),
    "legal_forms": LEGAL_FORMS.codes(),
    "spoken": LANGUAGES.codes(),
    "ownership": OWNERSHIP.codes(),
    "certificates": CERTIFICATES.codes(),
    "places": COUNTRIES.codes() + PROVINCES.codes(),
    "places_out": COUNTRIES.codes() + PROVINCES.codes(),
}


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """What the form may hold; a weight without its answer says nothing, so it is the default."""
    values: dict[str, Any] = {name: draw(_codes(codes)) for name, codes in CODES.items()}
    number = st.none() | st.integers(0, 100)
    for name in criteria.RANGES:
        values[f"{name}_min"], values[f"{name}_max"] = draw(number), draw(number)
    for weight in criteria.WEIGHTS:
        name = weight.removesuffix("_weight")
        said = values.get(name) or any(
            values.get(f"{name}_{end}") is not None for end in ("min", "max")
        )
        values[weight] = draw(WEIGHT) if said else criteria.MUST
    must = draw(_codes(EVIDENCE.codes()))
    values["evidence_must"] = must
    values["evidence_prefer"] = [c for c in draw(_codes(EVIDENCE.codes())) if c not in must]
    return values | {"export": draw(st.none() | WEIGHT)}


RULES = st.lists(
    st.one_of(
        st.builds(
            Rule,
            st.sampled_from(["sector", "size", "country", "impact", "language"]),
            st.sampled_from(["one_of", "none_of"]),
            st.sampled_from([("isic4:C",), ("size:small", "size:micro"), ("iso3166-1:LA",), ()]),
            st.booleans(),
            st.sampled_from(["declared", "history"]),
        ),
        st.builds(
            Rule,
            st.sampled_from(["age_years", "staff", "revenue_usd", "amount_usd", "women_share"]),
            st.sampled_from(["at_least", "at_most"]),
            st.tuples(st.integers(0, 1000)),
            st.booleans(),
        ),
        st.builds(
            Rule,
            st.sampled_from([*EVIDENCE.codes(), "export", "something_new"]),
            st.just("has"),
            st.just(()),
            st.booleans(),
        ),
    ),
    max_size=12,
)


@given(answers())
def test_answers_come_back_from_their_criteria(values: dict[str, Any]) -> None:
    assert criteria.to_values(criteria.to_rules(values)) == values


@given(RULES)
def test_no_criterion_is_lost_or_made_up_by_the_form(rules: list[Rule]) -> None:
    again = criteria.to_rules(criteria.to_values(rules)) + criteria.unshown(rules)
    assert sorted(map(repr, again)) == sorted(map(repr, rules))


@given(st.sampled_from(["finance", "service"]), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_strict_range_asks_for_an_amount_inside_it(kind: str, low: float, high: float) -> None:
    rule = criteria.amount_criterion(criteria.MUST, kind, low, high)
    assert rule is not None
    assert rule.must
    assert rule.op == ("at_least" if kind == "service" else "between")


def test_a_range_that_is_a_guide_asks_for_nothing() -> None:
    assert criteria.amount_criterion("", "finance", 1, 2) is None


def test_a_province_rule_that_names_whole_countries_is_a_country_rule() -> None:
    rule = Rule("province", "one_of", ("iso3166-1:LA",), True)
    assert criteria.to_rules(criteria.to_values([rule])) == [
        Rule("country", "one_of", ("iso3166-1:LA",), True)
    ]
