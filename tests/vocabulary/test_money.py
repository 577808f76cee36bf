import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabulary import rates
from matchmaker.vocabulary.bands import BANDS, band_label, band_of, usd_band
from matchmaker.vocabulary.currencies import CURRENCIES, exponent, from_minor, to_minor
from matchmaker.vocabulary.places import COUNTRIES


def test_currencies_have_the_decimals_people_write() -> None:
    assert {code for code in CURRENCIES.codes() if exponent(code) == 0} == {
        *("LAK", "VND", "KHR", "MMK", "IDR")
    }
    assert {code for code in CURRENCIES.codes() if exponent(code) == 2} == {
        *("THB", "CNY", "USD", "MYR", "PHP", "SGD", "BND")
    }
    assert exponent("XXX") == 2


@given(st.sampled_from(CURRENCIES.codes()), st.integers(-(10**15), 10**15))
def test_stored_units_come_back_as_they_went(currency: str, minor: int) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


def test_amounts_are_rounded_to_the_smallest_part_in_use() -> None:
    assert to_minor(Decimal("1234.5"), "LAK") == 1235
    assert to_minor(Decimal("10.005"), "USD") == 1001
    assert from_minor(1001, "USD") == Decimal("10.01")


def test_a_rate_is_the_newest_one_not_after_the_day() -> None:
    known = rates.history("LAK")
    assert rates.rate_on("LAK", known[1].on) == known[1]
    assert rates.rate_on("LAK", date(2000, 1, 1)) == known[0]
    assert rates.rate_on("LAK", date(2100, 1, 1)) == rates.latest("LAK")


def test_every_currency_of_the_list_has_a_rate_that_says_where_it_is_from() -> None:
    for currency in CURRENCIES.codes():
        for rate in rates.history(currency):
            assert rate.per_usd > 0
            assert rate.checked is not None or "check before use" in rate.source
        assert rates.latest(currency)
    assert all(country.extra["currency"] in CURRENCIES for country in COUNTRIES)


def test_dollars_come_from_stored_units_at_a_rate_of_that_currency() -> None:
    assert rates.usd(21_550_000, "LAK", rates.Rate("LAK", 21_550, date(2025, 6, 30), "x")) == 1000
    assert rates.usd(100_00, "USD", rates.latest("USD")) == 100
    with pytest.raises(ValueError, match="rate of USD"):
        rates.usd(1, "LAK", rates.latest("USD"))


def test_an_unknown_currency_has_no_rate() -> None:
    with pytest.raises(rates.UnknownCurrencyError):
        rates.latest("XXX")
    with pytest.raises(rates.UnknownCurrencyError):
        rates.rate_on("XXX", date(2026, 1, 1))


def test_bands_touch_and_do_not_overlap() -> None:
    assert BANDS[0].low == 0
    assert BANDS[-1].high is None
    for band, after in itertools.pairwise(BANDS):
        assert band.high == after.low
    assert [band.low for band in BANDS[1:5]] == [100, 200, 500, 1000]


@given(st.floats(min_value=0, max_value=1e12))
def test_each_amount_has_one_band(amount: float) -> None:
    assert [band for band in BANDS if amount in band] == [usd_band(amount)]


@pytest.mark.parametrize("amount", [-1.0, float("nan")])
def test_what_is_no_amount_has_no_band(amount: float) -> None:
    with pytest.raises(ValueError, match="not negative"):
        usd_band(amount)


def test_a_band_comes_back_from_its_key() -> None:
    assert all(band_of(band.key) == band for band in BANDS)
    assert band_of("7-9") is None
    assert usd_band(1500).key == "1000-2000"


def test_a_band_says_how_to_word_it() -> None:
    assert band_label(usd_band(50)) == ("under", 0, 100)
    assert band_label(usd_band(3000)) == ("between", 2000, 5000)
    assert band_label(usd_band(1e9)) == ("from", 100_000_000, None)
