"""Levers: the smallest change that would open a door, and the points one would then have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf, isinf, nextafter

from matchmaker.matching.eligibility import (
    FACT_ATTRS,
    Rule,
    Test,
    compile_criterion,
    fact_of,
    state_of,
)
from matchmaker.matching.match import Change, Lever
from matchmaker.matching.records import FACETS_OF_ATTRS, Band, FactValue, NeedRecord
from matchmaker.vocabulary.bands import BANDS
from matchmaker.vocabulary.evidence import EVIDENCE

#: More closed doors than this are another need, not a near miss.
MOST_CHANGES = 2
#: Facts that a firm can do something about, beside every kind of evidence.
IN_REACH = frozenset({
    "amount_usd", "purpose", "export", "certificate", "own_share", "readiness", "language",
    "legal_form",
})  # fmt: skip
#: Where a firm is and what its trade is: neither its own doing nor time opens what these close.
FOR_GOOD, FARTHEST = frozenset({"country", "province", "sector"}), 2


def levers_of(
    need: NeedRecord, rules: Sequence[Rule], points_of: Callable[[NeedRecord], int]
) -> tuple[Lever, ...]:
    """Return the lever of a near miss: what must change in one or two facts to meet all rules.

    Empty for an open pair, for more than two closing facts, where one of them is out of a firm's
    reach (the others would open nothing), and where what meets one rule breaks another.
    ``points_of`` scores the changed need.
    """
    closing = [rule for rule in rules if rule.closes]
    facts = {rule.criterion.fact for rule in closing}
    if not 1 <= len(facts) <= MOST_CHANGES or len(facts) != len(closing):
        return ()
    if not all(map(in_reach, facts)):
        return ()
    changed = need
    for rule in closing:
        changed = with_fact(changed, rule.criterion.fact, meeting_value(need, rule))
    if any(_closes(rule, changed) for rule in rules):
        return ()
    return (Lever(tuple(_change(rule) for rule in closing), points_of(changed)),)


def _closes(rule: Rule, need: NeedRecord) -> bool:
    criterion = rule.criterion
    state = state_of(compile_criterion(criterion), criterion.fact, fact_of(need, criterion.fact))
    return Rule(criterion, state).closes


def _change(rule: Rule) -> Change:
    criterion = rule.criterion
    return Change(criterion.fact, criterion.op, criterion.values)


def in_reach(fact: str) -> bool:
    """Return whether a firm can do something about a fact, unlike its province or its age."""
    bare = fact.removeprefix("evidence:")
    return bare in IN_REACH or bare in EVIDENCE


def distance_of(fact: str) -> int:
    """Return 0 for a fact in a firm's reach, 1 for one that time may change, else ``FARTHEST``."""
    return 0 if in_reach(fact) else FARTHEST if fact in FOR_GOOD else 1


def closed_for_good(rules: Sequence[Rule]) -> bool:
    """Return whether what a firm is keeps it away, so that nothing it does opens the door."""
    return any(rule.closes and distance_of(rule.criterion.fact) == FARTHEST for rule in rules)


def meeting_value(need: NeedRecord, rule: Rule) -> FactValue:
    """Return the value nearest to the present one that meets a rule; None for a refused code."""
    criterion = rule.criterion
    test = compile_criterion(criterion)
    if criterion.op == "has":
        return True
    if test.kind == "none_of":
        return None
    if test.kind == "one_of":
        return (min(test.codes),) if test.codes else None
    if criterion.fact.endswith("_usd"):
        return _band_within(need.amount, test)
    return test.low if not isinf(test.low) else nextafter(test.high, -inf)


def _band_within(amount: Band | None, test: Test) -> Band:
    """Return the standard band inside the rule that is nearest to the amount's."""
    inside = [
        Band(band.low, band.high)
        for band in BANDS
        if band.low >= test.low and (inf if band.high is None else band.high) <= test.high
    ]
    if not inside:
        low = 0.0 if isinf(test.low) else test.low
        return Band(low, None if isinf(test.high) else test.high)
    at = amount.low if amount else inside[0].low
    return min(inside, key=lambda band: (abs(band.low - at), band.low))


def with_fact(need: NeedRecord, fact: str, value: FactValue) -> NeedRecord:
    """Return the need as it would be with one fact changed, wherever the engine reads it."""
    facts = {**need.facts, fact: value}
    attr = FACT_ATTRS.get(fact, fact)
    if attr in FACETS_OF_ATTRS and isinstance(value, tuple):
        need = replace(need, attrs={**need.attrs, attr: value})
    if fact == "amount_usd" and isinstance(value, Band):
        need = replace(need, amount=value)
    if value is True:
        code = f"evidence:{fact.removeprefix('evidence:')}"
        need = replace(need, evidence=(need.evidence or frozenset()) | {code})
    return replace(need, facts=facts)
