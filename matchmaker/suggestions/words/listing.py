"""Codes, amounts and lists of them as a reader sees them inside a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from matchmaker.matching.records import Band
from matchmaker.vocabulary import schemes
from matchmaker.vocabulary.currencies import to_minor
from matchmaker.web.filters import money_band
from matchmaker.web.locale import locale_code

#: More than these are summed up as "and 4 more".
MOST_NAMED = 3


def label(code: str) -> str:
    return schemes.label(code, locale_code()) if schemes.find(code) else _foreign(code)


def _foreign(code: str) -> str:
    """A code of a list that we do not hold: a country by its ISO name, a place capitalised."""
    scheme, _sep, text = code.partition(":")
    if scheme == "country-label":
        return str(get_locale().territories.get(text.upper(), _place(text)))
    return _place(text) if scheme == "city-label" else text or code


def _place(text: str) -> str:
    region, _sep, town = text.rpartition(":")
    return ", ".join(filter(None, (town.title(), region.upper())))


def labels(codes: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Names of codes in one phrase, each name once, the rest counted."""
    names = list(dict.fromkeys(label(code) for code in _narrow(list(codes))))
    named, left = names[:MOST_NAMED], len(names) - MOST_NAMED
    if left > 0:
        named.append(_("%(count)s more", count=left))
    return joined(named, style)


def _narrow(codes: list[str]) -> list[str]:
    """Leave a country out beside a province of it: "in Xaysomboun and Laos" says Laos twice."""
    countries = {code.partition(":")[2][:2] for code in codes if code.startswith("iso3166-2:")}
    return [code for code in codes if code not in {f"iso3166-1:{each}" for each in countries}]


def joined(texts: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    return format_list(list(texts), style=style, locale=get_locale()) if texts else ""


def dollars(band: Band | None) -> str:
    """A band in US dollars; its ends are whole dollars."""
    if band is None:
        return _("not said")
    low = _minor(band.low) if band.low else None
    return money_band(low, None if band.high is None else _minor(band.high), "USD")


def amount(usd: float) -> str:
    return money_band(_minor(usd), _minor(usd), "USD")


def _minor(usd: float) -> int:
    return to_minor(Decimal(round(usd)), "USD")
