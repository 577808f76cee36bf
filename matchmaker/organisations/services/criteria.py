"""The answers of an offer's form and the criteria they mean, each way.

What the form cannot show (rules that an import brought) is kept beside it: `unshown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matchmaker.matching.records import Criterion as Rule
from matchmaker.organisations.models import Criterion
from matchmaker.vocabulary.evidence import EVIDENCE

MUST, PREFER = "must", "prefer"

#: Answer with several codes -> (fact, operator, scheme).
LISTS = {
    "sectors": ("sector", "one_of", "isic4"),
    "sectors_out": ("sector", "none_of", "isic4"),
    "stages": ("stage", "one_of", "stage"),
    "sizes": ("size", "one_of", "size"),
    "legal_forms": ("legal_form", "one_of", "legal"),
    "spoken": ("language", "one_of", "language"),
    "ownership": ("ownership", "one_of", "ownership"),
    "certificates": ("certificate", "one_of", "certificate"),
}
#: Places name a country or a province; the rule bears the finest of them.
PLACES = {"places": "one_of", "places_out": "none_of"}
#: Answers `<name>_min` and `<name>_max` -> fact.
RANGES = {
    "age": "age_years",
    "staff": "staff",
    "women_share": "women_share",
    "own_share": "own_share",
    "readiness": "readiness",
}
#: What is excluded is never a mere wish.
ALWAYS_MUST = frozenset({"sectors_out", "places_out"})
#: Answers that say must or prefer for the one they belong to.
WEIGHTS = tuple(f"{name}_weight" for name in (*LISTS, *PLACES, *RANGES) if name not in ALWAYS_MUST)


def rule_of(row: Criterion) -> Rule:
    return Rule(row.fact, row.operator.value, tuple(row.values), row.must, row.source.value)


def to_rules(values: Mapping[str, Any]) -> list[Rule]:
    """Give the criteria that these answers mean; an answer that is missing means nothing."""
    found = [_list_rule(name, values) for name in LISTS]
    found += [_place_rule(name, values) for name in PLACES]
    found += [_range_rule(name, values) for name in RANGES]
    rules = [rule for rule in found if rule is not None]
    if values.get("export"):
        rules.append(Rule("export", "has", (), values["export"] == MUST))
    must = list(values.get("evidence_must") or ())
    rules += [Rule(code, "has", (), True) for code in must]
    prefer = (code for code in values.get("evidence_prefer") or () if code not in must)
    return rules + [Rule(code, "has", (), False) for code in prefer]


def to_values(rules: Iterable[Rule]) -> dict[str, Any]:
    """Give the form's answers for these criteria."""
    values = _nothing()
    for name, rule in _slots(rules)[0].items():
        _answer(values, name, rule)
    return values


def unshown(rules: Iterable[Rule]) -> list[Rule]:
    """Give the criteria that no answer of the form stands for."""
    return _slots(rules)[1]


def amount_criterion(weight: str, kind: str, low: float | None, high: float | None) -> Rule | None:
    """A strict ticket as a criterion: a firm's budget must reach a price, but may exceed it."""
    high = None if kind == "service" else high
    must = weight == MUST
    if not weight or (low is None and high is None):
        return None
    if low is None:
        return Rule("amount_usd", "at_most", (high or 0.0,), must)
    if high is None:
        return Rule("amount_usd", "at_least", (low,), must)
    return Rule("amount_usd", "between", (low, high), must)


def _nothing() -> dict[str, Any]:
    values: dict[str, Any] = {name: [] for name in (*LISTS, *PLACES)}
    values |= {f"{name}_{end}": None for name in RANGES for end in ("min", "max")}
    values |= dict.fromkeys(WEIGHTS, MUST)
    return values | {"export": None, "evidence_must": [], "evidence_prefer": []}


def _must(name: str, values: Mapping[str, Any]) -> bool:
    return name in ALWAYS_MUST or values.get(f"{name}_weight", MUST) != PREFER


def _list_rule(name: str, values: Mapping[str, Any]) -> Rule | None:
    fact, operator, scheme = LISTS[name]
    codes = tuple(f"{scheme}:{code}" for code in values.get(name) or ())
    return Rule(fact, operator, codes, _must(name, values)) if codes else None  # type: ignore[arg-type]


def _place_rule(name: str, values: Mapping[str, Any]) -> Rule | None:
    codes = tuple(values.get(name) or ())
    if not codes:
        return None
    fine = any("-" in code for code in codes)
    full = tuple(f"iso3166-{2 if '-' in code else 1}:{code}" for code in codes)
    fact = "province" if fine else "country"
    return Rule(fact, PLACES[name], full, _must(name, values))  # type: ignore[arg-type]


def _range_rule(name: str, values: Mapping[str, Any]) -> Rule | None:
    low: float | None = values.get(f"{name}_min")
    high: float | None = values.get(f"{name}_max")
    must = _must(name, values)
    if high is not None and low is None:
        return Rule(RANGES[name], "at_most", (high,), must)
    if low is None:
        return None
    if high is None:
        return Rule(RANGES[name], "at_least", (low,), must)
    return Rule(RANGES[name], "between", (low, high), must)


def _slots(rules: Iterable[Rule]) -> tuple[dict[str, Rule], list[Rule]]:
    """Sort rules into the answers they fill; the second for one answer finds no room."""
    filled: dict[str, Rule] = {}
    rest: list[Rule] = []
    for rule in rules:
        name = _slot(rule)
        if name is None or name in filled:
            rest.append(rule)
        else:
            filled[name] = rule
    return filled, rest


def _slot(rule: Rule) -> str | None:
    if rule.source != "declared":
        return None
    if rule.op == "has":
        return rule.fact if rule.fact == "export" or rule.fact in EVIDENCE else None
    if rule.op in ("one_of", "none_of"):
        return _codes_slot(rule)
    return next((name for name, fact in RANGES.items() if fact == rule.fact), None)


def _codes_slot(rule: Rule) -> str | None:
    if rule.fact in ("country", "province"):
        name = next(name for name, operator in PLACES.items() if operator == rule.op)
        schemes: tuple[str, ...] = ("iso3166-1:", "iso3166-2:")
    else:
        found = (n for n, (fact, op, _) in LISTS.items() if (fact, op) == (rule.fact, rule.op))
        name = next(found, "")
        schemes = (f"{LISTS[name][2]}:",) if name else ()
    fits = rule.values and all(str(value).startswith(schemes) for value in rule.values)
    # An answer that cannot be a wish has no room for one.
    return name if fits and (rule.must or name not in ALWAYS_MUST) else None


def _answer(values: dict[str, Any], name: str, rule: Rule) -> None:
    weight = MUST if rule.must else PREFER
    if rule.op == "has":
        if name == "export":
            values["export"] = weight
        else:
            values[f"evidence_{weight}"].append(name)
        return
    if name not in ALWAYS_MUST:
        values[f"{name}_weight"] = weight
    if name in LISTS or name in PLACES:
        values[name] = [str(value).partition(":")[2] for value in rule.values]
        return
    ends = {"at_least": ("min",), "at_most": ("max",), "between": ("min", "max")}[rule.op]
    for end, value in zip(ends, rule.values, strict=True):
        values[f"{name}_{end}"] = value
