"""Facts of a notice are plain values; codes and days become words only in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import current_app
from flask_babel import gettext as _

from matchmaker.vocabulary.codes import CodeList
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.places import PROVINCES
from matchmaker.vocabulary.reasons import CLOSE_REASONS, DECLINE_REASONS, OUTCOMES
from matchmaker.vocabulary.ways import DECLINE_WAYS

LISTS: dict[str, CodeList] = {
    "decline": DECLINE_REASONS,
    "decline_way": DECLINE_WAYS,
    "close": CLOSE_REASONS,
    "outcome": OUTCOMES,
    "evidence": EVIDENCE,
}
#: Longer facts are cut: a subject line of a whole letter helps nobody.
WORDS_MAX = 300


def label(list_name: str, code: str) -> dict[str, str]:
    """A fact that reads as the label of a code of `LISTS`."""
    return {"list": list_name, "code": code}


def day(value: date) -> dict[str, str]:
    """A fact that reads as a day with the name of its month."""
    return {"day": value.isoformat()[:10]}


def firm_in(province: str, *, group: bool = False) -> dict[str, str]:
    """A fact that reads as "A firm in Luang Prabang", or a group of them: for who shows no name."""
    return {"firm_in": province} | ({"group": "yes"} if group else {})


def path_to(endpoint: str, **values: Any) -> str:
    """The `path` of a notice; works in jobs too, where there is no request to build it from."""
    path: str = current_app.url_map.bind("localhost").build(endpoint, values)
    return path


class Words(dict[str, str]):
    """The facts as words; one that is missing leaves a gap rather than losing the mail."""

    def __missing__(self, key: str) -> str:
        return "\N{HORIZONTAL ELLIPSIS}"


def words(facts: Mapping[str, Any], locale: str) -> Words:
    return Words({name: _word(value, locale) for name, value in facts.items()})


def _word(value: Any, locale: str) -> str:
    if isinstance(value, Mapping) and "day" in value:
        babel_locale = "en_GB" if locale == "en" else locale
        return format_date(date.fromisoformat(value["day"]), "long", locale=babel_locale)
    if isinstance(value, Mapping) and "list" in value:
        found = LISTS.get(value["list"])
        return found.label(value["code"], locale) if found else str(value["code"])
    if isinstance(value, Mapping) and "firm_in" in value:
        place = PROVINCES.label(value["firm_in"], locale)
        if "group" in value:
            return _group(place)
        return _("A firm in %(place)s", place=place) if place else _("A firm")
    return str(value)


def _group(place: str) -> str:
    return _("A group of firms in %(place)s", place=place) if place else _("A group of firms")
