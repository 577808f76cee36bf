"""Numbers are read in local digits and marks, and refused rather than guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language.numbers import NumberError, parse_number

LOCALES = ["en", "lo", "km", "my", "th", "vi", "zh"]
ZEROS = "0໐០၀๐０"


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("1.000.000", "vi", "1000000"),
        ("1.000.000", "lo", "1000000"),
        ("1,000,000", "lo", "1000000"),
        ("1,000,000", "th", "1000000"),
        ("1.000", "lo", "1000"),
        ("1,000", "en", "1000"),
        ("1.000,50", "vi", "1000.50"),
        ("1,000.50", "vi", "1000.50"),
        ("0,125", "vi", "0.125"),
        ("12.5", "en", "12.5"),
        ("໑.໐໐໐.໐໐໐ ກີບ", "lo", "1000000"),
        ("300,000,000 LAK", "en", "300000000"),
        ("₭300.000.000", "lo", "300000000"),
        ("US$ 5,000", "km", "5000"),
        ("1 000 000", "km", "1000000"),
        ("1\u202f000\u00a0000", "vi_VN", "1000000"),
        ("1'500'000", "en", "1500000"),
        ("３００，０００", "zh_Hans_CN", "300000"),
        ("1,5 triệu", "vi", "1500000"),
        ("1,5 trie\u0323\u0302u đồng", "vi", "1500000"),
        ("300 million", "en", "300000000"),
        ("300 ລ້ານກີບ", "lo", "300000000"),
        ("၅၀၀ သိန်း", "my", "50000000"),
        ("300万元", "zh", "3000000"),
        ("-5", "en", "-5"),
        ("−5", "en", "-5"),
        ("+007", "en", "7"),
        (".5", "en", "0.5"),
    ],
)
def test_a_number_is_read_as_its_people_write_it(text: str, locale: str, value: str) -> None:
    assert parse_number(text, locale) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "locale", "code"),
    [
        ("", "en", "empty"),
        (" \u00a0 ", "en", "empty"),
        ("NaN", "en", "not_a_number"),
        ("inf", "en", "not_a_number"),
        ("-Infinity", "en", "not_a_number"),
        ("1e9999", "en", "not_a_number"),
        ("0x10", "en", "not_a_number"),
        ("1_000", "en", "not_a_number"),
        ("five", "en", "not_a_number"),
        ("--5", "en", "not_a_number"),
        ("12 apples", "en", "not_a_number"),
        ("5 million billion", "en", "not_a_number"),
        ("²", "en", "not_a_number"),
        ("1,000", "vi", "ambiguous"),
        ("1.000", "en", "ambiguous"),
        ("1,00,000", "en", "grouping"),
        ("1..0", "en", "grouping"),
        ("1.000,000.5", "en", "grouping"),
        ("1 2", "en", "grouping"),
        ("9" * 31, "en", "too_large"),
        ("9" * 65, "en", "too_long"),
        ("9" * 100_000, "en", "too_long"),
    ],
)
def test_what_is_no_safe_number_is_refused_with_a_code(text: str, locale: str, code: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text, locale)
    assert caught.value.code == code


@given(st.text(), st.sampled_from(LOCALES))
def test_any_text_is_a_finite_number_or_refused(text: str, locale: str) -> None:
    try:
        value = parse_number(text, locale)
    except NumberError:
        return
    assert value.is_finite()


@given(
    st.integers(-(10**14), 10**14),
    st.sampled_from(ZEROS),
    st.sampled_from([("en", ","), ("th", ","), ("vi", "."), ("lo", "."), ("km", " ")]),
)
def test_grouped_local_digits_round_trip(number: int, zero: str, style: tuple[str, str]) -> None:
    locale, group = style
    text = f"{number:,}".replace(",", group)
    local = "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in text)
    assert parse_number(local, locale) == number
