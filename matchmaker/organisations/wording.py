"""An offer's rules as lines a person can read: what is asked, and whether it is a must."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from matchmaker.matching.records import Criterion as Rule
from matchmaker.organisations.models import Offer
from matchmaker.organisations.services.criteria import rule_of
from matchmaker.vocabulary import schemes, sectors
from matchmaker.vocabulary.currencies import to_minor
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.facts import FACTS
from matchmaker.web.filters import money_band, number
from matchmaker.web.locale import locale_code


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`what` is asked about, `words` say which; `must` = others do not see the offer."""

    what: str
    words: str
    must: bool


def rule_lines(offer: Offer) -> list[RuleLine]:
    """Musts first, evidence last; what history says is no rule of the offerer."""
    rules = [rule_of(row) for row in offer.criteria]
    declared = [rule for rule in rules if rule.source == "declared"]
    lines = [(rule.fact in EVIDENCE, not rule.must, line_of(rule)) for rule in declared]
    return [line for *_order, line in sorted(lines, key=lambda entry: entry[:2])]


def line_of(rule: Rule) -> RuleLine:
    return RuleLine(FACTS.label(rule.fact, locale_code()), _words(rule), rule.must)


def sector_words(code: str) -> str:
    """An ISIC code as the reader would say it; nothing for no code."""
    return sectors.words(code, locale_code()) if code else ""


def names(codes: Iterable[str]) -> str:
    """Names of `scheme:code` in one phrase."""
    found = list(dict.fromkeys(schemes.label(code, locale_code()) for code in codes))
    return format_list(found, style="or", locale=get_locale()) if found else ""


def _words(rule: Rule) -> str:
    if rule.op == "has":
        return _("asked for")
    if rule.op == "one_of":
        return names(map(str, rule.values))
    if rule.op == "none_of":
        return _("not %(what)s", what=names(map(str, rule.values)))
    ends = [_end(rule.fact, value) for value in rule.values]
    if rule.op == "at_least":
        return _("at least %(low)s", low=ends[0])
    if rule.op == "at_most":
        return _("at most %(high)s", high=ends[-1])
    return _("%(low)s to %(high)s", low=ends[0], high=ends[-1])


def _end(fact: str, value: str | float) -> str:
    if isinstance(value, str):
        return schemes.label(value, locale_code())
    if fact.endswith("_usd"):
        minor = to_minor(Decimal(round(value)), "USD")
        return money_band(minor, minor, "USD")
    return number(value, 1)
