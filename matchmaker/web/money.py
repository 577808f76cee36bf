"""Amounts and their ranges as people read them: "300 million kip", "$10,000-20,000" kept whole."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal
from flask_babel import gettext as _

from matchmaker.vocabulary.currencies import exponent, from_minor

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
WORD_JOINER = "\N{WORD JOINER}"

_MILLION = Decimal(1_000_000)
_ENOUGH_DIGITS = 3
_RANGE_DASH = re.compile("(?<=\\w)\\s*[-\N{EN DASH}]\\s*(?=\\W?\\d)")
_NUMBER_AND_WORD = re.compile(r"(?P<number>[\d.,\s]*\d)(?P<word>\D*)")


def keep_whole(text: str) -> str:
    """Bind an amount so that no line ends inside: no-break spaces, word joiners round the dash."""
    dashed = _RANGE_DASH.sub(f"{WORD_JOINER}\N{EN DASH}{WORD_JOINER}", text)
    return re.sub(r"[ \t]+", NO_BREAK_SPACE, dashed)


def money(minor: int, currency: str, locale: Locale) -> str:
    """An exact amount: round millions in words, all else in full figures."""
    return keep_whole(_with_unit(_figures(from_minor(minor, currency), currency, locale), currency))


def money_range(low: int | None, high: int | None, currency: str, locale: Locale) -> str:
    """A range in minor units; an open end says "up to" or "and more"."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        amount = money(low if high is None else high, currency, locale)  # type: ignore[arg-type]
        return (
            _("%(amount)s and more", amount=amount)
            if high is None
            else _("up to %(amount)s", amount=amount)
        )
    if low == high:
        return money(low, currency, locale)
    ends = [from_minor(end, currency) for end in (low, high)]
    # Both in words or neither: "58.1 million-450,900,000" is hard to read.
    words = all(_is_round(end) for end in ends if end >= _MILLION)
    first, last = (_figures(end, currency, locale, words) for end in ends)
    return keep_whole(_with_unit(f"{_without_shared_word(first, last)}\N{EN DASH}{last}", currency))


# Lists hold the same bands over and over: a page of matches writes 130 amounts, most of them twice.
@lru_cache(maxsize=4096)
def _figures(amount: Decimal, currency: str, locale: Locale, words: bool = True) -> str:
    if words and abs(amount) >= _MILLION and _is_round(amount):
        # Chinese has only the short form, which is the usual one there.
        long = "long" in locale.compact_decimal_formats
        form: Literal["long", "short"] = "long" if long else "short"
        return format_compact_decimal(amount, format_type=form, locale=locale, fraction_digits=2)
    places = exponent(currency) if amount % 1 else 0
    return format_decimal(amount, f"#,##0.{'0' * places}" if places else "#,##0", locale=locale)


def _is_round(amount: Decimal) -> bool:
    return len(amount.normalize().as_tuple().digits) <= _ENOUGH_DIGITS


def _without_shared_word(first: str, last: str) -> str:
    """ "50 million" before "200 million" needs its number only."""
    a, b = _NUMBER_AND_WORD.fullmatch(first), _NUMBER_AND_WORD.fullmatch(last)
    if a and b and a["word"] == b["word"]:
        return a["number"]
    return first


def _with_unit(amount: str, currency: str) -> str:
    """The unit in the reader's words; a whole phrase each: some languages put it first."""
    match currency:
        case "LAK":
            return _("%(amount)s kip", amount=amount)
        case "KHR":
            return _("%(amount)s riel", amount=amount)
        case "THB":
            return _("%(amount)s baht", amount=amount)
        case "VND":
            return _("%(amount)s dong", amount=amount)
        case "MMK":
            return _("%(amount)s kyat", amount=amount)
        case "CNY":
            return _("%(amount)s yuan", amount=amount)
        case "USD":
            return _("$%(amount)s", amount=amount)
    return f"{amount} {currency}"
