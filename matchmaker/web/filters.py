"""Jinja filters: every number, amount, date, period and code on a page goes through one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import get_domain, get_locale, to_user_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from matchmaker.extensions import clock
from matchmaker.vocabulary import schemes
from matchmaker.vocabulary.bands import Band
from matchmaker.vocabulary.currencies import exponent, to_minor
from matchmaker.vocabulary.instruments import is_loan
from matchmaker.vocabulary.languages import LANGUAGES
from matchmaker.web import money as amounts

#: Points from which a band of fit begins, best first; the words are in `fit_word`.
FIT_BANDS = (80, 60, 40, 0)
_FIT_WORDS = dict(
    zip(
        FIT_BANDS,
        (_l("Strong fit"), _l("Good fit"), _l("Partial fit"), _l("Weak fit")),
        strict=True,
    )
)
#: The end of a band is about right at best in another currency: so many figures of it are shown.
ABOUT_FIGURES = 2
#: A badge says no more than that there are so many.
MANY = 100

_WIDGET_KINDS = {
    "HiddenInput": "hidden",
    "CheckboxInput": "tick",
    "ListWidget": "group",
    "TextArea": "area",
    "Area": "area",
    "Select": "select",
    "SubmitInput": "submit",
}


def _locale() -> Locale:
    return get_locale() or Locale("en")


def _date_locale() -> Locale:
    """Day before month for English readers here, as in every other language of the region."""
    return Locale("en", "GB") if _locale().language == "en" else _locale()


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Flask-Babel's, with the count written as the reader's locale writes numbers."""
    text: str = get_domain().get_translations().ungettext(one, many, num)
    return text % {"num": number(num), **values}


def number(value: float | Decimal | None, places: int = 0) -> str:
    """A number with at most so many places; nothing known gives a dash."""
    if value is None:
        return "\N{EN DASH}"
    pattern = "#,##0" + ("." + "#" * places if places else "")
    return format_decimal(value, pattern, locale=_locale())


def round_5(count: int) -> int:
    """To the nearest multiple of 5, as counts leave the programme: parts and totals each."""
    return 5 * ((count + 2) // 5)


def percent(share: float | Decimal) -> str:
    """A share of 1 as whole per cent; for shares of real counts and for weights only."""
    return format_percent(share, "#,##0%", locale=_locale())


def percent_of(part: float, whole: float) -> str:
    return percent(part / whole) if whole else "\N{EN DASH}"


def money(minor: int | None, currency: str) -> str:
    return "\N{EN DASH}" if minor is None else amounts.money(minor, currency, _locale())


def money_band(low: int | None, high: int | None, currency: str = "USD") -> str:
    return _range(low, high, currency, _locale())


# By the reader's locale, and said in the reader's words: a page of a list says few bands, often.
@lru_cache(maxsize=4096)
def _range(low: int | None, high: int | None, currency: str, locale: Locale) -> str:
    return amounts.money_range(low, high, currency, locale)


def usd_band(band: Band | None) -> str:
    """A band of amounts as others see it, in dollars."""
    if band is None:
        return _("not said")
    low, high = (
        None if end is None else to_minor(Decimal(end), "USD") for end in (band.low, band.high)
    )
    return money_band(low or None, high, "USD")


def money_about(band: Band, per_usd: float, currency: str) -> str:
    """About a band in another currency: of its ends so many figures as are about right."""
    low, high = (
        None if not end else _round(end * per_usd * 10 ** exponent(currency))
        for end in (band.low, band.high)
    )
    return money_band(low, high, currency)


def _round(minor: float) -> int:
    return int(round(minor, ABOUT_FIGURES - len(str(int(minor)))))


def on_day(value: date | datetime | None, style: str = "long") -> str:
    """A day with the name of its month, in the reader's time zone when it is a moment."""
    if value is None:
        return ""
    day = to_user_timezone(value) if isinstance(value, datetime) else value
    return format_date(day, style, locale=_date_locale())


def at_time(value: datetime | None) -> str:
    """A day and the minute of it, in the reader's time zone."""
    if value is None:
        return ""
    here, locale = to_user_timezone(value), _date_locale()
    day, time = format_date(here, "medium", locale), format_time(here, "short", locale=locale)
    return locale.datetime_formats["medium"].format(time, day)


def ago(value: date | datetime | None) -> str:
    """How long since, in whole days or more: last activity is never told to the minute."""
    if value is None:
        return _("not yet")
    today = clock.today()
    day = to_user_timezone(value).date() if isinstance(value, datetime) else value
    if isinstance(value, datetime):
        today = to_user_timezone(clock.now()).date()
    days = (today - day).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return format_timedelta(timedelta(days=-days), "day", add_direction=True, locale=_locale())


def duration(value: timedelta | float | None) -> str:
    """A length of time in days, or in hours when it is less than one; a plain number is days."""
    if value is None:
        return "\N{EN DASH}"
    days = value / timedelta(days=1) if isinstance(value, timedelta) else float(value)
    if 0 < days < 1:
        return _counted(timedelta(hours=max(1, round(days * 24))), "hour")
    return _counted(timedelta(days=round(days)), "day")


def _counted(length: timedelta, unit: Literal["hour", "day"]) -> str:
    # Babel's format_unit has no words for a day in Lao, Khmer, Burmese, Thai, Vietnamese, Chinese.
    return format_timedelta(length, unit, threshold=sys.maxsize, locale=_locale())


def code_label(code: str | None, scheme: str = "") -> str:
    """The words for `scheme:code`, or for the bare code of a scheme; unknown: the code itself."""
    full = f"{scheme}:{code}" if scheme else code
    return schemes.label(full, _locale().language) if full and code else ""


def language_name(code: str) -> str:
    """A language in its own words, for language menus."""
    found = LANGUAGES.get(code)
    return found.extra["own"] if found else code


def fit_word(points: float) -> str:
    shown = round(points)
    return str(next(word for least, word in _FIT_WORDS.items() if shown >= least))


def field_kind(field: Field) -> str:
    """Which mark-up a WTForms field needs: hidden, tick, group, area, select, submit or input."""
    return _WIDGET_KINDS.get(type(field.widget).__name__, "input")


def first_control_id(field: Field) -> str:
    """Where a link to the field should lead: its control, or the first one of a group."""
    return f"{field.id}-0" if field_kind(field) == "group" else str(field.id)


def counted(value: int) -> str:
    """A number beside a link; of what is many it is counted only that it is."""
    return number(value) if value < MANY else f"{number(MANY - 1)}+"


def register_filters(app: Flask) -> None:
    found: dict[str, Callable[..., Any]] = {
        "ago": ago,
        "at_time": at_time,
        "code_label": code_label,
        "counted": counted,
        "date": on_day,
        "duration": duration,
        "field_kind": field_kind,
        "first_control_id": first_control_id,
        "fit_word": fit_word,
        "language_name": language_name,
        "keep_whole": amounts.keep_whole,
        "money": money,
        "money_band": money_band,
        "number": number,
        "percent": percent,
        "percent_of": percent_of,
        "usd_band": usd_band,
    }
    app.jinja_env.filters.update(found)
    # Lets a shared template link to a room's page only where that room is wired.
    app.jinja_env.tests["endpoint"] = app.view_functions.__contains__
    app.jinja_env.tests["loan"] = is_loan
