import pytest

from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.facts import FACTS, OPERATORS, fact
from matchmaker.vocabulary.languages import LANGUAGES, UI_LANGUAGES, own_name
from matchmaker.vocabulary.ownership import women_band
from matchmaker.vocabulary.policies import POLICIES
from matchmaker.vocabulary.readiness import DIMENSIONS, level
from matchmaker.vocabulary.reasons import CLOSE_REASONS
from matchmaker.vocabulary.schemes import LISTS


def test_every_fact_says_its_kind_its_operators_and_its_lists() -> None:
    for code in FACTS.codes():
        found = fact(code)
        assert found is not None
        assert found.kind in ("codes", "number", "yes_no")
        assert found.operators
        assert set(found.operators) <= set(OPERATORS)
        assert (found.kind == "codes") == bool(found.schemes)
        assert all(scheme in LISTS for scheme in found.schemes)
        assert (found.kind == "number") == bool(found.unit)
    assert fact("shoe_size") is None


def test_each_evidence_code_is_a_fact_answered_by_yes_or_no() -> None:
    for code in EVIDENCE.codes():
        found = fact(code)
        assert found is not None
        assert found.kind == "yes_no"
        assert found.operators == ("has",)


@pytest.mark.parametrize(
    "code",
    [
        *("country", "province", "sector", "size", "stage", "legal_form", "language"),
        *("age_years", "staff", "amount_usd", "women_share", "export", "accounts_1y"),
    ],
)
def test_the_facts_that_criteria_need_are_there(code: str) -> None:
    assert code in FACTS


@pytest.mark.parametrize(
    ("percent", "band"),
    [(0, "none"), (0.5, "part"), (50, "part"), (51, "half"), (99.5, "half"), (100, "all")],
)
def test_the_share_owned_by_women_falls_into_one_band(percent: float, band: str) -> None:
    assert women_band(percent) == band


@pytest.mark.parametrize("share", [-1, 101, float("nan")])
def test_a_share_outside_of_a_hundred_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        women_band(share)
    with pytest.raises(ValueError, match="between 0 and 100"):
        level(share)


@pytest.mark.parametrize(
    ("score", "name"),
    [(0, "basic"), (25, "basic"), (25.5, "basic"), (26, "average"), (100, "advanced")],
)
def test_a_readiness_score_has_a_level(score: float, name: str) -> None:
    assert level(score) == name


def test_lists_of_fixed_length_have_it() -> None:
    assert len(POLICIES) == 7
    assert len(DIMENSIONS) == 6
    assert CLOSE_REASONS.codes() == ["answered_here", "answered_elsewhere", "given_up"]


def test_the_languages_of_the_pages_name_themselves() -> None:
    assert UI_LANGUAGES == ("en", "lo", "km", "my", "th", "vi", "zh")
    assert all(code in LANGUAGES for code in UI_LANGUAGES)
    assert own_name("lo") == "ລາວ"
    assert own_name("xx") == "xx"
