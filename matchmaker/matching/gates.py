"""Eligibility of a query against a whole pool: the same three values as ``eligibility.check``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchmaker.matching.codes import key
from matchmaker.matching.eligibility import State
from matchmaker.matching.encoding import CompiledRule
from matchmaker.matching.side import RULE_KINDS, Pairing, RuleGroup, Side

#: Plain numbers: an enum's members take their time to be looked up, and rules are many.
_UNMET, _UNKNOWN, _MET = int(State.UNMET), int(State.UNKNOWN), int(State.MET)
#: What an unknown preference counts, between unmet (0) and met (1).
UNKNOWN_SHARE = 0.35


@dataclass(frozen=True)
class Gates:
    """How the declared rules stand for each of n pairs."""

    #: Unmet gating rules, int32 (n,).
    unmet: np.ndarray
    #: Gating rules not known to be met, int32 (n,).
    unsure: np.ndarray
    #: Share of declared preferences met, NaN where there are none or none is known, (n,).
    preferences: np.ndarray
    #: Mask of pairs that a fact closes, by fact.
    closed_by: dict[str, np.ndarray]


def gates_of(pairing: Pairing) -> Gates:
    """Return the gates of a query against every row of its pool."""
    return _asking(pairing) if pairing.asks else _offering(pairing)


def _asking(pairing: Pairing) -> Gates:
    """Go through the rules of the pool's offers group by group; most ask what nobody has told."""
    rules, n = pairing.pool.rules, len(pairing.pool)
    counted: dict[str, list[np.ndarray]] = {"unmet": [], "unsure": [], "met": [], "unknown": []}
    closed_by: dict[str, np.ndarray] = {}
    keys, grades = pairing.query.features["fact"]
    codes = rules.codes.having(keys, 1.0), rules.codes.having(keys[grades == 1.0], 2.0)
    for group in rules.groups:
        row = rules.row[group.rules]
        unknown_too = counted["unsure" if group.gates else "unknown"]
        if not _told(pairing.query.numbers, group):
            unknown_too.append(row)
            continue
        states = _states_of(pairing, group, codes)
        unknown_too.append(row[states == _UNKNOWN])
        if not group.gates:
            counted["met"].append(row[states == _MET])
            continue
        closing = row[states == _UNMET]
        counted["unmet"].append(closing)
        if len(closing):
            closed_by.setdefault(group.fact, np.zeros(n, bool))[closing] = True
    unmet, unsure, met, unknown = (_counts(rows, n) for rows in counted.values())
    return Gates(unmet, unsure, _share(met, unknown, rules.preferring(n)), closed_by)


def _counts(rows: list[np.ndarray], n: int) -> np.ndarray:
    """Return how often each row is named, int32 (n,)."""
    named = [some for some in rows if len(some)]
    if not named:
        return np.zeros(n, np.int32)
    return np.bincount(np.concatenate(named), minlength=n).astype(np.int32)


def _told(numbers: Mapping[str, float], group: RuleGroup) -> bool:
    return f"{'low' if group.kind == 'interval' else 'known'}:{group.fact}" in numbers


def _states_of(
    pairing: Pairing, group: RuleGroup, codes: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return the state of each rule of a group for a need that tells its fact, int8 (rules,)."""
    rules, numbers = pairing.pool.rules, pairing.query.numbers
    if group.kind == "interval":
        low, high = (np.array(numbers[f"{end}:{group.fact}"]) for end in ("low", "high"))
        return _interval_states(low, high, rules.low[group.rules], rules.high[group.rules])
    exact, coarse = (mask[group.rules] for mask in codes)
    return _code_states(np.int8(RULE_KINDS.index(group.kind)), np.array(True), exact, coarse)


def _offering(pairing: Pairing) -> Gates:
    n = len(pairing.pool)
    unmet, unsure, met, unknown = (np.zeros(n, np.int32) for _ in range(4))
    closed_by: dict[str, np.ndarray] = {}
    for rule in pairing.query.rules:
        states = states_of_needs(pairing.pool, rule)
        if rule.gates:
            closed = states == _UNMET
            unmet += closed
            unsure += states == _UNKNOWN
            if closed.any():
                closed_by[rule.fact] = closed_by.get(rule.fact, False) | closed
        elif rule.prefers:
            met += states == _MET
            unknown += states == _UNKNOWN
    total = np.full(n, sum(rule.prefers for rule in pairing.query.rules), np.int32)
    return Gates(unmet, unsure, _share(met, unknown, total), closed_by)


def states_of_needs(pool: Side, rule: CompiledRule) -> np.ndarray:
    """Return the state of one rule for every need of the pool, int8 (n,)."""
    test = rule.test
    if test.kind == "interval":
        low, high = pool.number(f"low:{rule.fact}"), pool.number(f"high:{rule.fact}")
        return _interval_states(low, high, np.array(test.low), np.array(test.high))
    space = f"fact:{rule.fact}"
    wanted = np.array([key(space, code) for code in sorted(test.codes)], np.int64)
    above = np.array([key(space, code) for code in sorted(test.coarse)], np.int64)
    exact, coarse = pool.having("fact", wanted), pool.having("fact", above, 1.0)
    known = ~np.isnan(pool.number(f"known:{rule.fact}"))
    return _code_states(np.int8(RULE_KINDS.index(test.kind)), known, exact, coarse)


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
