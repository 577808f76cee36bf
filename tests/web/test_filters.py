"""Numbers, amounts, dates and codes in the words of each reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.extensions import clock
from matchmaker.vocabulary.bands import BANDS, usd_band
from matchmaker.vocabulary.languages import UI_LANGUAGES
from matchmaker.web import filters
from matchmaker.web.money import NO_BREAK_SPACE, WORD_JOINER, keep_whole, money, money_range
from tests.web.conftest import make_web_app

Switch = Callable[[str], None]
APP = make_web_app()


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ").replace(WORD_JOINER, "")


def test_round_millions_are_said_in_words(in_language: Switch) -> None:
    in_language("en")
    assert plain(filters.money(300_000_000, "LAK")) == "300 million kip"
    assert plain(filters.money(9_100_000, "LAK")) == "9.1 million kip"


def test_other_amounts_are_written_in_full(in_language: Switch) -> None:
    in_language("en")
    assert plain(filters.money(327_450_000, "LAK")) == "327,450,000 kip"
    assert plain(filters.money(1_400_000, "USD")) == "$14,000"
    assert plain(filters.money(123_450, "USD")) == "$1,234.50"


@pytest.mark.parametrize("currency", ["LAK", "KHR", "VND", "MMK"])
def test_currencies_without_small_units_show_none(in_language: Switch, currency: str) -> None:
    in_language("en")
    assert "1,234,567" in filters.money(1_234_567, currency)


def test_an_unknown_amount_is_a_dash(in_language: Switch) -> None:
    in_language("en")
    assert filters.money(None, "LAK") == "–"
    assert filters.number(None) == "–"


def test_a_range_says_its_unit_once(in_language: Switch) -> None:
    in_language("en")
    assert plain(filters.money_band(50_000_000, 200_000_000, "LAK")) == "50–200 million kip"
    assert plain(filters.money_band(1_000_000, 2_000_000)) == "$10,000–20,000"
    assert plain(filters.money_band(500_000, 2_000_000, "LAK")) == "500,000–2 million kip"


def test_both_ends_of_a_range_are_in_words_or_neither(in_language: Switch) -> None:
    in_language("en")
    assert plain(filters.money_band(5_810_000_000, 45_090_000_000)) == "$58,100,000–450,900,000"
    assert plain(filters.money_band(0, 300_000_000)) == "$0–3 million"


def test_an_open_range_says_which_end_is_open(in_language: Switch) -> None:
    in_language("en")
    assert plain(filters.money_band(None, 2_000_000)) == "up to $20,000"
    assert plain(filters.money_band(2_000_000, None)) == "$20,000 and more"
    assert filters.money_band(None, None) == ""
    assert plain(filters.money_band(2_000_000, 2_000_000)) == "$20,000"


def test_a_badge_tells_no_more_than_that_there_are_many(in_language: Switch) -> None:
    in_language("en")
    assert [filters.counted(one) for one in (1, 99, 100, 5000)] == ["1", "99", "99+", "99+"]


@pytest.mark.parametrize("language", UI_LANGUAGES)
@pytest.mark.parametrize("band", [BANDS[0], BANDS[4], BANDS[-1]])
def test_bands_are_written_in_every_language(
    in_language: Switch, language: str, band: object
) -> None:
    in_language(language)
    text = filters.usd_band(band)  # type: ignore[arg-type]
    assert any(letter.isdigit() for letter in text)
    assert "\n" not in text


def test_a_band_nobody_gave_says_so(in_language: Switch) -> None:
    in_language("en")
    assert filters.usd_band(None) == "not said"
    assert plain(filters.usd_band(usd_band(14_000))) == "$10,000–20,000"


def test_an_amount_never_breaks_over_two_lines() -> None:
    whole = keep_whole("50-200 million kip")
    assert " " not in whole
    assert whole.startswith(f"50{WORD_JOINER}–{WORD_JOINER}200")


def test_a_minus_sign_is_no_range() -> None:
    assert keep_whole("-5 kip") == f"-5{NO_BREAK_SPACE}kip"


@given(
    minor=st.integers(0, 2**53),
    language=st.sampled_from(UI_LANGUAGES),
    currency=st.sampled_from(["LAK", "KHR", "THB", "VND", "MMK", "CNY", "USD"]),
)
def test_amounts_in_words_lose_nothing(minor: int, language: str, currency: str) -> None:
    with APP.test_request_context(f"/?lang={language}"):
        text = money(minor, currency, Locale(language))
        assert text == money_range(minor, minor, currency, Locale(language))
    assert " " not in text
    significant = str(minor).rstrip("0")
    digits = "".join(letter for letter in text if letter.isdigit())
    assert digits.strip("0") == significant.strip("0")


@pytest.mark.parametrize("language", UI_LANGUAGES)
def test_numbers_follow_the_reader(in_language: Switch, language: str) -> None:
    in_language(language)
    assert filters.number(1_234_567) == format_decimal(1_234_567, locale=language)
    assert filters.number(Decimal("12.34"), 1) == format_decimal(Decimal("12.3"), locale=language)


def test_shares_are_whole_per_cent(in_language: Switch) -> None:
    in_language("en")
    assert filters.percent(0.254) == "25%"
    assert filters.percent_of(131, 214) == "61%"
    assert filters.percent_of(1, 0) == "–"


def test_days_have_the_month_in_words(in_language: Switch) -> None:
    in_language("en")
    assert filters.on_day(datetime(2026, 3, 4, 12, tzinfo=UTC)) == "4 March 2026"
    assert filters.on_day(None) == ""
    in_language("lo")
    assert "ມີນາ" in filters.on_day(datetime(2026, 3, 4, 12, tzinfo=UTC).date())


def test_moments_are_told_to_the_minute(in_language: Switch) -> None:
    moment = datetime(2026, 3, 4, 3, 5, 59, tzinfo=UTC)
    in_language("en")
    assert filters.at_time(None) == ""
    assert filters.at_time(moment).endswith(":05")
    assert filters.at_time(moment).startswith("4 Mar 2026, ")


def test_last_activity_is_told_in_days(in_language: Switch) -> None:
    in_language("en")
    now = clock.now()
    assert filters.ago(now) == "today"
    assert filters.ago(now - timedelta(days=1)) == "yesterday"
    assert filters.ago(now - timedelta(days=3)) == "3 days ago"
    assert filters.ago(clock.today() - timedelta(days=21)) == "3 weeks ago"
    assert filters.ago(None) == "not yet"


def test_lengths_of_time_are_days_or_hours(in_language: Switch) -> None:
    in_language("en")
    assert filters.duration(timedelta(days=5)) == "5 days"
    assert filters.duration(0.25) == "6 hours"
    assert filters.duration(timedelta()) == "0 days"
    assert filters.duration(None) == "–"


@pytest.mark.parametrize("language", ["lo", "km", "my", "th", "vi", "zh"])
def test_a_length_of_time_has_words_in_every_language(in_language: Switch, language: str) -> None:
    in_language(language)
    for days in (0.25, 1, 21):
        told = filters.duration(days)
        assert "duration" not in told
        assert not any(word in told for word in ("day", "hour"))


def test_codes_show_as_words_and_unknown_ones_as_themselves(in_language: Switch) -> None:
    in_language("lo")
    assert filters.code_label("iso3166-2:LA-LP") == "ຫຼວງພະບາງ"
    assert filters.code_label("LA-LP", "iso3166-2") == "ຫຼວງພະບາງ"
    assert filters.code_label("instrument:GONE") == "GONE"
    assert filters.code_label("") == ""
    assert filters.language_name("lo") == "ລາວ"


@pytest.mark.parametrize(
    ("points", "word"),
    [
        (100, "Strong fit"),
        (79.5, "Strong fit"),
        (79.4, "Good fit"),
        (40, "Partial fit"),
        (0, "Weak fit"),
    ],
)
def test_the_word_for_a_fit_goes_with_the_points_shown(
    in_language: Switch, points: float, word: str
) -> None:
    in_language("en")
    assert filters.fit_word(points) == word
