"""What an offer asks, and what a firm shows for it, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from matchmaker.matching.codes import chain
from matchmaker.matching.consortia import AMOUNT
from matchmaker.matching.eligibility import own_codes
from matchmaker.matching.records import Band, Criterion, FactValue, Value
from matchmaker.suggestions.words.listing import amount, dollars, label, labels
from matchmaker.suggestions.words.own_money import OwnMoney
from matchmaker.vocabulary.facts import FACTS, fact
from matchmaker.web.filters import ngettext, number
from matchmaker.web.locale import locale_code

#: Facts whose values have an order of their own, and how to word its two directions.
_ORDERED = ("size", "stage")


def fact_label(code: str) -> str:
    return FACTS.label(code, locale_code())


def rule_words(rule: Criterion, own: OwnMoney | None = None) -> str:
    """What the rule asks for, short enough for a chip: "Laos or Thailand", "at least 5 workers"."""
    values = rule.values
    if own and rule.fact == AMOUNT:
        # The rule about the amount says what the offer's range says.
        return own.rule
    if rule.op == "has":
        return fact_label(rule.fact)
    if rule.op == "one_of":
        return labels(map(str, values), "or")
    if rule.op == "none_of":
        return _("not %(what)s", what=labels(map(str, values), "or"))
    if rule.fact in _ORDERED:
        return _ordered(rule)
    return _quantity(rule.fact, _range(rule.op, values, _written(rule.fact)), values[-1])


def met_words(rule: Criterion, value: FactValue, own: OwnMoney | None = None) -> str:
    """Of a long list only what the firm meets it with: "Luang Prabang", not all provinces."""
    if rule.op != "one_of":
        return rule_words(rule, own)
    held = {above for code in own_codes(value) for above in chain(code)}
    return labels([str(code) for code in rule.values if chain(str(code))[0] in held][:1]) or (
        rule_words(rule)
    )


def inside(rule: Criterion) -> str:
    """The rule in the middle of a sentence: English writes what is asked for small there."""
    return in_sentence(rule_words(rule)) if rule.op == "has" else rule_words(rule)


def in_sentence(label: str) -> str:
    small = locale_code() == "en" and label[1:2].islower()
    return label[:1].lower() + label[1:] if small else label


def have_words(code: str, value: FactValue, own: OwnMoney | None = None) -> str | None:
    """What the firm shows of a fact; None where it has said nothing."""
    if value is None:
        return None
    if own and code == AMOUNT:
        return own.have
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str):
        return label(value)
    if isinstance(value, tuple):
        return labels(one for one in value if one != "ownership:asked") or _("None of them")
    if isinstance(value, Band):
        last = (value.high or value.low + 1) - 1
        return _quantity(code, _band(code, value), last)
    return _quantity(code, number(value), value)


def _ordered(rule: Criterion) -> str:
    words = {
        ("size", "at_least"): lambda what: _("%(what)s or larger", what=what),
        ("size", "at_most"): lambda what: _("%(what)s or smaller", what=what),
        ("stage", "at_least"): lambda what: _("%(what)s or later", what=what),
        ("stage", "at_most"): lambda what: _("%(what)s or earlier", what=what),
    }
    found = words.get((rule.fact, rule.op))
    what = labels(map(str, rule.values), "or")
    return found(what) if found else what


def _written(code: str) -> Callable[[Value], str]:
    return lambda value: amount(float(value)) if code.endswith("_usd") else number(float(value), 1)


def _range(op: str, values: Sequence[Value], written: Callable[[Value], str]) -> str:
    if op == "at_least":
        return _("at least %(low)s", low=written(values[0]))
    if op == "at_most":
        return _("up to %(high)s", high=written(values[-1]))
    return _("%(low)s to %(high)s", low=written(values[0]), high=written(values[-1]))


def _band(code: str, band: Band) -> str:
    if code.endswith("_usd"):
        return dollars(band)
    if band.high is None:
        return _("at least %(low)s", low=number(band.low))
    last = band.high - 1
    if last <= band.low:
        return number(band.low)
    return _("%(low)s to %(high)s", low=number(band.low), high=number(last))


def _quantity(code: str, range_words: str, last: Value) -> str:
    """A range with what it counts; `_range` and `_band` give the range, `last` its plural."""
    known = fact(code)
    unit = known.unit if known else ""
    num = 1 if last == 1 else 2
    if code == "amount_usd":
        return _("an amount of %(range)s", range=range_words)
    if code == "revenue_usd":
        return _("sales of %(range)s a year", range=range_words)
    if code == "women_share":
        return _("%(range)s%% owned by women", range=range_words)
    if unit == "years":
        return ngettext(
            "%(range)s year in business", "%(range)s years in business", num, range=range_words
        )
    if unit == "people":
        return ngettext("%(range)s worker", "%(range)s workers", num, range=range_words)
    return _("%(fact)s: %(range)s", fact=fact_label(code), range=range_words)
