from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabulary.codes import Code
from matchmaker.vocabulary.currencies import to_minor
from matchmaker.vocabulary.sizes import (
    CRITERIA,
    RULES,
    SIZES,
    SizeResult,
    limits,
    rule_for,
    size_class,
)

MILLION = 1_000_000
BILLION = 1_000 * MILLION


def _size(
    country: str,
    sector: str,
    staff: int | None,
    revenue: int | None = None,
    capital: int | None = None,
    currency: str = "USD",
) -> str | None:
    money = [None if x is None else to_minor(Decimal(x), currency) for x in (revenue, capital)]
    return size_class(country, sector, staff, money[0], money[1], currency).code


@pytest.mark.parametrize(
    ("sector", "staff", "revenue", "size"),
    [
        ("C", 5, 1_800_000, "micro"),
        ("C", 50, 100 * MILLION, "small"),
        ("C", 200, 500 * MILLION, "medium"),
        ("C", 201, 500 * MILLION, "large"),
        ("I", 30, 50 * MILLION, "small"),
        ("I", 31, 50 * MILLION, "medium"),
        ("G", 4, 60 * MILLION, "medium"),
        ("1061", 60, MILLION, "medium"),
    ],
)
def test_thailand_takes_the_higher_class(sector: str, staff: int, revenue: int, size: str) -> None:
    assert _size("TH", sector, staff, revenue, currency="THB") == size


@pytest.mark.parametrize(
    ("sector", "staff", "revenue", "size"),
    [
        ("C", 4, 20 * MILLION, "micro"),
        ("C", 80, 1 * MILLION, "small"),
        ("C", 5, 300_000, "small"),
        ("C", 200, 50 * MILLION, "medium"),
        ("C", 201, 51 * MILLION, "large"),
        ("J", 76, 21 * MILLION, "large"),
        ("J", 76, 299_999, "micro"),
    ],
)
def test_malaysia_takes_the_smaller_class(sector: str, staff: int, revenue: int, size: str) -> None:
    assert _size("MY", sector, staff, revenue, currency="MYR") == size


@pytest.mark.parametrize(
    ("sector", "staff", "revenue", "capital", "size"),
    [
        ("A", 10, 90 * BILLION, 3 * BILLION, "micro"),
        ("A", 11, 1 * BILLION, 1 * BILLION, "small"),
        ("C", 90, 50 * BILLION, 500 * BILLION, "small"),
        ("C", 90, 51 * BILLION, 21 * BILLION, "medium"),
        ("G", 8, 10 * BILLION, None, "micro"),
        ("G", 60, 100 * BILLION, None, "medium"),
        ("G", 101, 1 * BILLION, None, "large"),
    ],
)
def test_viet_nam_wants_staff_and_one_of_two_money_limits(
    sector: str, staff: int, revenue: int, capital: int | None, size: str
) -> None:
    assert _size("VN", sector, staff, revenue, capital, "VND") == size


@pytest.mark.parametrize(
    ("country", "sector", "staff", "revenue", "capital", "currency", "size"),
    [
        ("LA", "C", 5, None, None, "LAK", "micro"),
        ("LA", "C", 12, None, None, "LAK", "small"),
        ("LA", "C", 12, None, 99 * MILLION, "LAK", "micro"),
        ("LA", "C", 12, None, 100 * MILLION, "LAK", "small"),
        ("LA", "I", 120, None, None, "LAK", "large"),
        ("KH", "A", 4, 62_499, None, "USD", "micro"),
        ("KH", "A", 20, 250_001, None, "USD", "medium"),
        ("KH", "C", 20, 400_000, None, "USD", "small"),
        ("KH", "G", 60, None, None, "USD", "medium"),
        ("MM", "C", 3, None, None, "MMK", "small"),
        ("MM", "C", 80, None, 400 * MILLION, "MMK", "small"),
        ("MM", "C", 80, None, 900 * MILLION, "MMK", "medium"),
        ("MM", "46", 40, 90 * MILLION, None, "MMK", "small"),
        ("MM", "47", 40, 90 * MILLION, None, "MMK", "medium"),
        ("CN", "C", 12, 4 * MILLION, None, "CNY", "micro"),
        ("CN", "C", 999, 500 * MILLION, None, "CNY", "medium"),
        ("CN", "C", 1000, 400 * MILLION, None, "CNY", "large"),
    ],
)
def test_other_countries_follow_their_own_law(
    country: str,
    sector: str,
    staff: int,
    revenue: int | None,
    capital: int | None,
    currency: str,
    size: str,
) -> None:
    assert _size(country, sector, staff, revenue, capital, currency) == size


def test_a_result_carries_its_rule_its_source_and_what_was_missing() -> None:
    result = size_class("TH", "C", 4, None, None, None)
    assert result.code == "micro"
    assert result.rule == "TH-manufacturing"
    assert "sme.go.th" in result.source
    assert result.checked is not None
    assert result.missing == ("revenue",)
    assert not result.from_memory
    assert "higher class" in result.words("en")
    assert result.words("lo") != result.words("en")


def test_limits_without_a_source_say_so() -> None:
    assert size_class("LA", "C", 12, None, None, None).from_memory
    assert not size_class("LA", "C", 3, None, None, None).from_memory


def test_without_a_rule_or_a_figure_there_is_no_class() -> None:
    assert size_class("SG", "C", 4, None, None, None).missing == ("rule",)
    assert size_class("CN", "A", 4, None, None, None).code is None
    assert size_class("SG", "C", 4, None, None, None).words("en") == ""
    nothing = size_class("LA", "C", None, None, None, None)
    assert nothing.code is None
    assert nothing.missing == CRITERIA


def test_an_unknown_sector_is_said_to_be_missing() -> None:
    assert "sector" in size_class("TH", None, 4, 1, None, "THB").missing


def test_amounts_in_another_currency_are_turned_at_a_rate() -> None:
    kip = to_minor(Decimal(2 * BILLION), "LAK")
    dollars = size_class("KH", "C", 10, kip, None, "LAK")
    assert dollars.code == "small"
    assert size_class("KH", "C", 10, kip, None, "XXX").missing == ("revenue", "capital")


def test_the_nearest_rule_that_names_the_sector_counts() -> None:
    assert rule_for("LA", "4711") is RULES.get("LA-trade")
    assert rule_for("LA", "1061") is RULES.get("LA-production")
    assert rule_for("LA", "5510") is RULES.get("LA-services")
    assert rule_for("MM", "4620") is RULES.get("MM-services")


def test_limits_rise_from_class_to_class() -> None:
    order = SIZES.codes()
    for rule in RULES:
        for criterion in CRITERIA:
            own = [limit for limit in limits(rule.code) if limit.criterion == criterion]
            assert [limit.limit for limit in own] == sorted(limit.limit for limit in own)
            ranks = [order.index(limit.size) for limit in own]
            assert ranks == sorted(ranks)
        assert limits(rule.code)


@given(
    st.sampled_from([rule.code for rule in RULES]),
    st.integers(0, 2000),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
)
def test_a_firm_that_grows_never_falls_a_class(
    rule: str, staff: int, revenue: int, capital: int
) -> None:
    found = RULES.get(rule)
    assert found is not None
    country, currency = found.extra["country"], found.extra["currency"]
    sector = found.extra["isic"].split()[0].replace("*", "S")
    before = size_class(country, sector, staff, revenue, capital, currency).code
    after = size_class(country, sector, staff + 10, revenue * 2, capital * 2, currency).code
    assert before is not None
    assert after is not None
    assert SIZES.codes().index(before) <= SIZES.codes().index(after)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.code))
def test_a_reader_is_told_of_sources_and_not_of_memory(rule: Code) -> None:
    found = SizeResult("small", rule.code, rule.extra["source"])
    assert "memory" not in found.published
    assert found.unchecked == ("memory" in rule.extra["source"])
    assert found.published or found.unchecked
