"""Size classes of firms by the law of each country, read from dated and sourced rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from matchmaker.vocabulary import rates
from matchmaker.vocabulary.codes import Code, CodeList, rows
from matchmaker.vocabulary.currencies import from_minor
from matchmaker.vocabulary.sectors import ISIC4

SIZES = CodeList("size", "sizes", ordered=True)
RULES = CodeList("size-rule", "size_rules")

#: What the data says of a limit whose law nobody here has read yet.
FROM_MEMORY = "from memory"
CRITERIA = ("staff", "revenue", "capital")


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a class may have of one criterion, in people or in the rule's currency."""

    criterion: str
    size: str
    limit: Decimal
    included: bool
    source: str

    @property
    def from_memory(self) -> bool:
        return self.source == FROM_MEMORY

    def holds(self, value: Decimal) -> bool:
        return value <= self.limit if self.included else value < self.limit


@dataclass(frozen=True, slots=True)
class SizeResult:
    """A size class, the rule that gave it, and the criteria of that rule nobody told us.

    Without a rule for the country and sector, or without any figure, `code` is None. When
    `missing` is not empty the class is what the known figures give; `from_memory` warns that
    a limit which decided has no source yet.
    """

    code: str | None
    rule: str | None = None
    source: str = ""
    checked: date | None = None
    missing: tuple[str, ...] = ()
    from_memory: bool = False

    @property
    def published(self) -> str:
        """What of the source a reader can look up: without what was put down from memory."""
        return "; ".join(part for part in self.source.split("; ") if FROM_MEMORY not in part)

    @property
    def unchecked(self) -> bool:
        """Whether some of the rule has not yet been held against the law's own text."""
        return self.from_memory or FROM_MEMORY in self.source

    def words(self, locale: str) -> str:
        """Give the rule in words, as a page prints it under the class."""
        return RULES.label(self.rule, locale) if self.rule else ""


def rule_for(country: str, sector: str | None) -> Code | None:
    """Give the rule of a country for an ISIC code of any level: the nearest that names it."""
    own = [rule for rule in RULES if rule.extra["country"] == country]
    wanted = [sector, *ISIC4.ancestors(sector)] if sector else []
    for code in [*wanted, "*"]:
        for rule in own:
            if code in rule.extra["isic"].split():
                return rule
    return None


@cache
def limits(rule: str) -> tuple[Limit, ...]:
    """Give the limits of a rule, the smallest class first within each criterion."""
    return tuple(
        Limit(
            row["criterion"],
            row["size"],
            Decimal(row["limit"]),
            row["included"] == "yes",
            row["source"],
        )
        for row in rows("size_limits")
        if row["rule"] == rule
    )


def size_class(
    country: str,
    section: str | None,
    staff: int | None,
    revenue_minor: int | None,
    capital_minor: int | None,
    currency: str | None,
) -> SizeResult:
    """Work out the size class of a firm by its country's law.

    Amounts are stored units of `currency`; where the law counts in another currency they are
    turned at the newest rates known. `section` may be an ISIC code of any level.
    """
    rule = rule_for(country, section)
    if rule is None:
        return SizeResult(None, missing=("rule",))
    asked = {limit.criterion for limit in limits(rule.code)}
    target = rule.extra["currency"]
    figures = {
        "staff": None if staff is None else Decimal(staff),
        "revenue": _amount(revenue_minor, currency, target),
        "capital": _amount(capital_minor, currency, target),
    }
    missing = tuple(name for name in CRITERIA if name in asked and figures[name] is None)
    known = {
        name: _class_of(rule.code, name, value)
        for name, value in figures.items()
        if name in asked and value is not None
    }
    if section is None:
        missing = ("sector", *missing)
    return _result(rule, known, missing)


def _result(rule: Code, known: Mapping[str, str], missing: tuple[str, ...]) -> SizeResult:
    code = _TIE_BREAKS[rule.extra["tie_break"]](known) if known else None
    doubtful = any(
        limit.from_memory and limit.criterion in known and limit.size in (code, _below(code))
        for limit in limits(rule.code)
    )
    return SizeResult(
        code,
        rule.code,
        rule.extra["source"],
        date.fromisoformat(rule.extra["checked"]),
        missing,
        doubtful,
    )


def _below(code: str | None) -> str | None:
    order = SIZES.codes()
    rank = order.index(code) if code else 0
    return order[rank - 1] if rank else None


def _amount(minor: int | None, currency: str | None, target: str) -> Decimal | None:
    if minor is None or currency is None:
        return None
    amount = from_minor(minor, currency)
    if currency == target:
        return amount
    try:
        per_usd, wanted = rates.latest(currency), rates.latest(target)
    except rates.UnknownCurrencyError:
        return None
    return amount / Decimal(str(per_usd.per_usd)) * Decimal(str(wanted.per_usd))


def _class_of(rule: str, criterion: str, value: Decimal) -> str:
    for limit in limits(rule):
        if limit.criterion == criterion and limit.holds(value):
            return limit.size
    return "large"


def _higher(known: Mapping[str, str]) -> str:
    return max(known.values(), key=SIZES.codes().index)


def _smaller(known: Mapping[str, str]) -> str:
    return min(known.values(), key=SIZES.codes().index)


def _staff_and_either(known: Mapping[str, str]) -> str:
    money = {name: size for name, size in known.items() if name != "staff"}
    both = {"money": _smaller(money)} if money else {}
    if "staff" in known:
        both["staff"] = known["staff"]
    return _higher(both)


# How a law settles criteria that disagree. Thailand and Malaysia do the opposite of each other;
# Viet Nam wants the staff limit and one of two money limits; "or" in a law means the smaller.
_TIE_BREAKS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "higher": _higher,
    "smaller": _smaller,
    "staff_and_either": _staff_and_either,
}
