"""Gates in three values: each rule of an offer is met, unmet or unknown for a need.

Numbers are compared as half-open intervals, so a band inside the rule is *met*, one outside is
*unmet* and one that overlaps its edge is *unknown*: nobody learns more than the card says by
probing a rule. Codes are compared along their hierarchy: a class inside a wanted section is met, a
firm that shows only the section when a class is wanted is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from math import inf, nextafter
from typing import Literal

from matchmaker.matching.codes import chain
from matchmaker.matching.records import Band, Criterion, FactValue, NeedRecord, OfferRecord
from matchmaker.vocabulary import sizes, stages

#: Facts that are read from a need's attributes when ``facts`` does not give them.
FACT_ATTRS = {"country": "place", "province": "place"}
_ATTR_FACTS = ("sector", "place", "stage", "size", "legal_form", "language", "ownership", "impact")
#: The facts that a need's own attribute shows, by attribute.
FACTS_OF_ATTRS = {attr: (attr,) for attr in _ATTR_FACTS} | {"place": (*FACT_ATTRS,)}
_ORDERED = {"size": sizes.SIZES, "stage": stages.STAGES}


class State(IntEnum):
    """How a rule stands; greater is better."""

    UNMET = 0
    UNKNOWN = 1
    MET = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A criterion with its state for one need."""

    criterion: Criterion
    state: State

    @property
    def closes(self) -> bool:
        """Whether this rule hides the pair."""
        return self.criterion.gates and self.state is State.UNMET


@dataclass(frozen=True, slots=True)
class Test:
    """A criterion compiled: an interval ``low <= x < high``, or codes wanted or refused."""

    kind: Literal["interval", "one_of", "none_of"]
    low: float = -inf
    high: float = inf
    codes: frozenset[str] = frozenset()
    #: Strict ancestors of ``codes``: a need that shows only one of these is unknown.
    coarse: frozenset[str] = frozenset()


@lru_cache(maxsize=65_536)
def compile_criterion(criterion: Criterion) -> Test:
    """Return the test of a criterion; ValueError if its values do not fit its operator."""
    op, values = criterion.op, criterion.values
    if op == "has":
        return Test("interval", 1.0, inf)
    ordered = _ORDERED.get(criterion.fact)
    if ordered is not None and op in ("at_least", "at_most", "between"):
        return _codes_test("one_of", _stretch(criterion, ordered.codes()))
    if op == "one_of" or op == "none_of":
        return _codes_test(op, tuple(str(value) for value in values))
    numbers = [float(value) for value in values]
    if len(numbers) != (2 if op == "between" else 1):
        raise ValueError(f"{criterion.fact} {op} takes other values than {values!r}")
    low = -inf if op == "at_most" else numbers[0]
    high = inf if op == "at_least" else nextafter(numbers[-1], inf)
    return Test("interval", low, high)


def _stretch(criterion: Criterion, order: list[str]) -> tuple[str, ...]:
    """Return the codes of an ordered list that at_least, at_most or between allow."""
    ranks = sorted(order.index(str(value).partition(":")[2]) for value in criterion.values)
    first = 0 if criterion.op == "at_most" else ranks[0]
    last = len(order) - 1 if criterion.op == "at_least" else ranks[-1]
    return tuple(f"{criterion.fact}:{code}" for code in order[first : last + 1])


def _codes_test(op: Literal["one_of", "none_of"], codes: tuple[str, ...]) -> Test:
    exact = frozenset(chain(code)[0] for code in codes)
    coarse = frozenset(above for code in codes for above in chain(code)[1:])
    return Test(op, codes=exact, coarse=coarse - exact)


def fact_of(need: NeedRecord, fact: str) -> FactValue:
    """Return what a need shows for a fact, None if unknown.

    ``facts`` comes first; then the need's own attributes, amount, purpose and evidence, so that a
    caller states each thing once.
    """
    if fact in need.facts:
        return need.facts[fact]
    if fact == "amount_usd":
        return need.amount
    if fact == "purpose":
        return need.purpose
    attr = FACT_ATTRS.get(fact, fact)
    if attr in _ATTR_FACTS:
        return need.attrs.get(attr) or None
    if need.evidence and f"evidence:{fact.removeprefix('evidence:')}" in need.evidence:
        return True
    return None


def interval(fact: str, value: FactValue) -> tuple[float, float] | None:
    """Return a number, yes/no or band as ``[low, high)``; None if the value is not one.

    A money fact (``..._usd``) must come as a Band: ValueError for an exact number.
    """
    if isinstance(value, Band):
        return value.low, inf if value.high is None else value.high
    if isinstance(value, bool | int | float):
        if fact.endswith("_usd") and not isinstance(value, bool):
            raise ValueError(f"{fact} must be given as a Band")
        return float(value), nextafter(float(value), inf)
    return None


@lru_cache(maxsize=4096)
def own_codes(value: FactValue) -> tuple[str, ...]:
    """Return a code value's codes in force, empty for numbers and unknown."""
    if isinstance(value, str):
        value = (value,)
    return tuple(chain(code)[0] for code in value) if isinstance(value, tuple) else ()


def state_of(test: Test, fact: str, value: FactValue) -> State:
    """Return how one fact stands before one compiled test."""
    if test.kind == "interval":
        shown = interval(fact, value)
        if shown is None:
            return State.UNKNOWN
        if shown[1] <= test.low or shown[0] >= test.high:
            return State.UNMET
        inside = shown[0] >= test.low and shown[1] <= test.high
        return State.MET if inside else State.UNKNOWN
    own = own_codes(value)
    if not own:
        return State.UNKNOWN
    hit = any(above in test.codes for code in own for above in chain(code))
    coarse = any(code in test.coarse for code in own)
    if test.kind == "one_of":
        return State.MET if hit else State.UNKNOWN if coarse else State.UNMET
    return State.UNMET if hit else State.UNKNOWN if coarse else State.MET


def check(need: NeedRecord, offer: OfferRecord) -> tuple[Rule, ...]:
    """Return every criterion of the offer with its state for the need, in the offer's order."""
    return tuple(
        Rule(rule, state_of(compile_criterion(rule), rule.fact, fact_of(need, rule.fact)))
        for rule in offer.criteria
    )


def service_fits(need: NeedRecord, offer: OfferRecord) -> bool:
    """Return whether a pair is worth comparing: same kind, and a service that the offer gives.

    A need without a code, and an offer without codes, fit any of their kind. Finance is never
    refused by instrument: a firm that asks for a loan may be glad of a grant.
    """
    if need.kind != offer.kind:
        return False
    if need.kind == "finance" or need.code is None or not offer.codes:
        return True
    return not set(chain(need.code)).isdisjoint(offer.codes)
