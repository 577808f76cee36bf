"""Eligibility of a query against a whole pool: the same three values as ``eligibility.check``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from matchmaker.matching.codes import key
from matchmaker.matching.columns import spread
from matchmaker.matching.eligibility import State
from matchmaker.matching.encoding import CompiledRule, Row
from matchmaker.matching.gate_kinds import GateKinds
from matchmaker.matching.rules import RULE_KINDS, RuleColumns, RuleGroup
from matchmaker.matching.side import NONE, Pairing, Side

#: Plain numbers: an enum's members take their time to be looked up, and rules are many.
_UNMET, _UNKNOWN, _MET = int(State.UNMET), int(State.UNKNOWN), int(State.MET)
_NO_RULE = -1
_BYTE = 256
#: What an unknown preference counts, between unmet (0) and met (1).
UNKNOWN_SHARE = 0.35


@dataclass(frozen=True)
class _Judged:
    """Rules about one fact with their states: a few different ones, and who has which."""

    fact: str
    gates: bool
    #: State of each different rule, int8 (different,).
    states: np.ndarray
    #: Which of them each row has, (n,), or where ``row`` is given, each of the rules (rules,).
    of: np.ndarray
    row: np.ndarray | None
    n: int

    @cached_property
    def among(self) -> frozenset[int]:
        """The states that some rule is in."""
        return frozenset(self.states.tolist())

    @cached_property
    def unmet(self) -> np.ndarray:
        """Rows with an unmet rule, bool (n,); kept with the rest for who says the same."""
        return self.mask(_UNMET)

    def mask(self, state: int) -> np.ndarray:
        """Return which rows have a rule in a state, bool (n,)."""
        hits = spread(self.states == state, self.of)
        if self.row is None:
            return hits
        mask = np.zeros(self.n, bool)
        mask[self.row[hits]] = True
        return mask

    def count(self, state: int) -> np.ndarray:
        """Return how many rules in a state each row has, (n,)."""
        if self.row is None:
            return spread(self.states == state, self.of)
        rows = self.row[spread(self.states == state, self.of)]
        return np.bincount(rows, minlength=self.n).astype(np.int32)


class Gates:
    """How the declared rules stand for each of n pairs, worked out once for rows alike."""

    def __init__(self, judged: list[_Judged], kinds: GateKinds) -> None:
        self._judged, self.kinds, self._n = judged, kinds, len(kinds)
        #: Unmet gating rules of each kind of row, whole numbers (kinds,).
        self.unmet_kinds: np.ndarray = np.zeros(self._n, np.uint8 if self._one_each() else np.int32)
        #: Which kinds a fact closes, bool (kinds,), by fact.
        self.closed_kinds: dict[str, np.ndarray] = {}
        for one in judged:
            if one.gates and _UNMET in one.among:
                self._close(one)

    def _one_each(self) -> bool:
        """Whether no row can have more unmet rules than a byte holds."""
        gating = [one for one in self._judged if one.gates]
        return len(gating) < _BYTE and all(one.row is None for one in gating)

    def _close(self, one: _Judged) -> None:
        closed = one.unmet
        count = closed if one.row is None else one.count(_UNMET)
        count = count.view(np.uint8) if count.dtype == bool else count
        np.add(self.unmet_kinds, count, out=self.unmet_kinds)
        before = self.closed_kinds.get(one.fact)
        self.closed_kinds[one.fact] = closed if before is None else before | closed

    @cached_property
    def unmet(self) -> np.ndarray:
        """Unmet gating rules of each row, whole numbers (n,)."""
        return self.kinds.spread(self.unmet_kinds)

    @cached_property
    def closed_by(self) -> dict[str, np.ndarray]:
        """Mask of pairs that a fact closes, bool (n,), by fact."""
        return {fact: self.kinds.spread(closed) for fact, closed in self.closed_kinds.items()}

    @cached_property
    def unsure_kinds(self) -> np.ndarray:
        """Gating rules not known to be met of each kind of row, int32 (kinds,)."""
        return self._count(_UNKNOWN, gates=True)

    @cached_property
    def unsure(self) -> np.ndarray:
        """Gating rules not known to be met, int32 (n,)."""
        return self.kinds.spread(self.unsure_kinds)

    def unknown_by(self) -> dict[str, np.ndarray]:
        """Return masks of the pairs with a gating rule not known to be met, bool (n,), by fact."""
        found: dict[str, np.ndarray] = {}
        for one in self._judged:
            if one.gates and _UNKNOWN in one.among:
                mask = self.kinds.spread(one.mask(_UNKNOWN))
                found[one.fact] = found[one.fact] | mask if one.fact in found else mask
        return found

    @cached_property
    def preferences(self) -> np.ndarray:
        """Share of declared preferences met, NaN where there are none or none is known, (n,)."""
        return np.broadcast_to(self.preferences_of(None), (self.kinds.rows,))

    def preferences_of(self, among: np.ndarray | None) -> np.ndarray:
        """Return ``preferences`` of the rows ``among``, None for all; () where nobody has any."""
        share = self._shares
        return share if not share.ndim else self.kinds.spread(share, among)

    @cached_property
    def _shares(self) -> np.ndarray:
        if all(one.gates for one in self._judged):
            return np.array(np.nan)
        unmet, unknown, met = (
            self._count(state, gates=False) for state in (_UNMET, _UNKNOWN, _MET)
        )
        return _share(met, unknown, unmet + unknown + met)

    def _count(self, state: int, gates: bool) -> np.ndarray:
        total = np.zeros(self._n, np.int32)
        for one in self._judged:
            if one.gates == gates and state in one.among:
                total += one.count(state)
        return total


def gates_of(pairing: Pairing) -> Gates:
    """Return the gates of a query against every row of its pool."""
    kinds = pairing.pool.gate_kinds
    return Gates(_asking(pairing) if pairing.asks else _offering(pairing), kinds)


def _asking(pairing: Pairing) -> list[_Judged]:
    """Hold a need against the different rules of the pool's offers; many ask alike."""
    rules, query = pairing.pool.gate_kinds.rules, pairing.query
    return [
        group.kept.get(None, pairing.said(group.read), partial(_judged, query, group, rules))
        for group in rules.groups
    ]


def _judged(query: Row, group: RuleGroup, rules: RuleColumns) -> _Judged:
    states = _states_of(query, group, rules)
    if group.of is None:
        return _Judged(group.fact, group.gates, states, group.test, group.row, rules.size)
    states = np.concatenate([_NO_RULES, states])
    return _Judged(group.fact, group.gates, states, group.of, None, rules.size)


_NO_RULES = np.array([_NO_RULE], np.int8)


def _states_of(query: Row, group: RuleGroup, rules: RuleColumns) -> np.ndarray:
    """Return the state of each test of a group for a need, int8 (tests,)."""
    numbers = query.numbers
    space = "low" if group.kind == "interval" else "known"
    if f"{space}:{group.fact}" not in numbers:
        return np.full(group.tests.stop - group.tests.start, _UNKNOWN, np.int8)
    if group.kind == "interval":
        low, high = (np.array(numbers[f"{end}:{group.fact}"]) for end in ("low", "high"))
        return _interval_states(low, high, rules.low[group.tests], rules.high[group.tests])
    keys, grades = query.features.get(f"fact:{group.fact}", NONE)
    masks = rules.codes.having(keys, 1.0), rules.codes.having(keys[grades == 1.0], 2.0)
    exact, coarse = (mask[group.tests] for mask in masks)
    return _code_states(np.int8(RULE_KINDS.index(group.kind)), np.array(True), exact, coarse)


def _offering(pairing: Pairing) -> list[_Judged]:
    """Hold the rules of an offer against the different needs of the pool."""
    kinds, found = pairing.pool.gate_kinds, []
    n = len(kinds)
    for rule in pairing.query.rules:
        if rule.gates or rule.prefers:
            states, of = _states_by_kind(pairing.pool, rule)
            of = kinds.of_fact(rule.fact, of)
            found.append(_Judged(rule.fact, rule.gates, states, of, None, n))
    return found


def states_of_needs(pool: Side, rule: CompiledRule) -> np.ndarray:
    """Return the state of one rule for every need of the pool, int8 (n,)."""
    states, of = _states_by_kind(pool, rule)
    return states[of]


def _states_by_kind(pool: Side, rule: CompiledRule) -> tuple[np.ndarray, np.ndarray]:
    """Return the state of a rule for each kind of need, and the kind of each need."""
    alike = pool.alike.get(f"fact:{rule.fact}")
    if alike is None:
        return _states_among(pool, rule, None), np.arange(len(pool))
    return _states_among(pool, rule, alike.first), alike.of


def _states_among(pool: Side, rule: CompiledRule, among: np.ndarray | None) -> np.ndarray:
    test, space = rule.test, f"fact:{rule.fact}"
    n = len(pool) if among is None else len(among)
    low, high, known = (_told(pool, f"{end}:{rule.fact}", among) for end in _ENDS)
    if test.kind == "interval":
        states = _interval_states(low, high, np.array(test.low), np.array(test.high))
        return np.broadcast_to(states, (n,))
    wanted = np.array([key(space, code) for code in sorted(test.codes)], np.int64)
    above = np.array([key(space, code) for code in sorted(test.coarse)], np.int64)
    exact, coarse = pool.having(space, wanted, among=among), pool.having(space, above, 1.0, among)
    told = np.broadcast_to(~np.isnan(known), (n,))
    return _code_states(np.int8(RULE_KINDS.index(test.kind)), told, exact, coarse)


_ENDS = ("low", "high", "known")


def _told(pool: Side, name: str, among: np.ndarray | None) -> np.ndarray:
    column = pool.numbers.get(name)
    return np.array(np.nan) if column is None else column.take(among)


def _interval_states(
    low: np.ndarray, high: np.ndarray, rule_low: np.ndarray, rule_high: np.ndarray
) -> np.ndarray:
    """Compare ``[low, high)`` with the rule's interval; NaN compares false, hence unknown."""
    states = np.full(np.broadcast(low, rule_low).shape, _UNKNOWN, np.int8)
    states[(low >= rule_low) & (high <= rule_high)] = _MET
    states[(high <= rule_low) | (low >= rule_high)] = _UNMET
    return states


def _code_states(
    kind: np.ndarray | np.int8, known: np.ndarray, exact: np.ndarray, coarse: np.ndarray
) -> np.ndarray:
    wanted = kind == RULE_KINDS.index("one_of")
    otherwise = np.where(wanted, _UNMET, _MET)
    hit = np.where(wanted, _MET, _UNMET)
    states = np.where(exact, hit, np.where(coarse, _UNKNOWN, otherwise))
    return np.where(known, states, _UNKNOWN).astype(np.int8)


def _share(met: np.ndarray, unknown: np.ndarray, total: np.ndarray) -> np.ndarray:
    known = (total > 0) & (unknown < total)
    share = (met + UNKNOWN_SHARE * unknown) / np.maximum(total, 1)
    return np.where(known, share, np.nan)
