"""The criteria of many offers as columns: what many ask alike is one test, held against once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from matchmaker.matching.codes import key
from matchmaker.matching.columns import Kept, Read
from matchmaker.matching.encoding import CompiledRule
from matchmaker.matching.postings import Postings, Sparse, narrow, sparse

RULE_KINDS = ("interval", "one_of", "none_of")
#: States of rows that are kept for who says the same, a group of rules.
_MOST_KEPT = 1 << 19
#: A group of rules is listed by row if one row in so many has one.
_DENSE = 8


@dataclass(frozen=True)
class RuleGroup:
    """Rules about one fact, of one kind, that all gate or are all preferred."""

    fact: str
    kind: str
    gates: bool
    #: Its tests among all tests of the side.
    tests: slice
    #: Where no row has two of its rules: which test each row has, from 1 on, 0 for none (n,).
    of: np.ndarray | None
    #: Else: the row of each rule, and which of the tests it is.
    row: np.ndarray
    test: np.ndarray
    kept: Kept = field(default_factory=Kept, compare=False, repr=False)

    @cached_property
    def read(self) -> Read:
        """What of a need its rules read."""
        return Read.of(f"{told}:{self.fact}" for told in ("low", "high", "known", "fact"))


@dataclass(frozen=True)
class RuleColumns:
    """All criteria of a side's n offers; what many offers ask alike is one test.

    Tests stand in order of fact, kind, and whether they gate, so that those alike are a slice;
    rules in the same order, then by row.
    """

    #: One entry a rule: its row and its test, unsigned (rules,).
    row: np.ndarray
    test: np.ndarray
    #: One entry a test.
    fact: np.ndarray
    kind: np.ndarray
    low: np.ndarray
    high: np.ndarray
    gates: np.ndarray
    prefers: np.ndarray
    #: Codes of tests: value 1 where the code is wanted or refused, 2 where it is an ancestor.
    codes: Postings
    names: tuple[str, ...]
    #: How many offers there are.
    size: int

    @classmethod
    def build(cls, given: Sequence[Sequence[CompiledRule]]) -> RuleColumns:
        """Return the columns of the rules of offers, in the offers' order."""
        listed = [(at, rule) for at, rules in enumerate(given) for rule in rules]
        # Most are kept ones: each is looked at once, for a hash of its codes takes long.
        kept = {id(rule): rule for _, rule in listed}
        tests = sorted(
            dict.fromkeys(kept.values()),
            key=lambda rule: (
                rule.fact,
                RULE_KINDS.index(rule.test.kind),
                rule.gates,
                rule.prefers,
                rule.test.low,
                rule.test.high,
                sorted(rule.test.codes),
            ),
        )
        of_test = {rule: at for at, rule in enumerate(tests)}
        place = {told: of_test[rule] for told, rule in kept.items()}
        names = tuple(sorted({rule.fact for rule in tests}))
        index = {name: at for at, name in enumerate(names)}
        group = np.cumsum(
            [False, *(_group(a) != _group(b) for a, b in pairwise(tests))][: len(tests)]
        )
        row = np.array([at for at, _ in listed], np.int64)
        test = np.array([place[id(rule)] for _, rule in listed], np.int64)
        order = np.lexsort((row, group[test])) if len(listed) else row
        return cls(
            row=narrow(row[order]),
            test=narrow(test[order]),
            fact=np.array([index[rule.fact] for rule in tests], np.int32),
            kind=np.array([RULE_KINDS.index(rule.test.kind) for rule in tests], np.int8),
            low=np.array([rule.test.low for rule in tests], np.float64),
            high=np.array([rule.test.high for rule in tests], np.float64),
            gates=np.array([rule.gates for rule in tests], bool),
            prefers=np.array([rule.prefers for rule in tests], bool),
            codes=Postings.build([_rule_codes(rule) for rule in tests]),
            names=names,
            size=len(given),
        )

    @cached_property
    def groups(self) -> list[RuleGroup]:
        """All that gate or are preferred, a group for each fact, kind and of the two."""
        alike = np.stack([self.fact, self.kind, self.gates, self.prefers]).astype(np.int64)
        changes = np.flatnonzero((alike[:, 1:] != alike[:, :-1]).any(axis=0)) + 1
        bounds = [0, *changes.tolist(), len(self.fact)] if len(self.fact) else []
        group = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds)) if bounds else self.test
        starts = np.searchsorted(group[self.test], np.arange(len(bounds)))
        return [
            self._group(slice(*tests), slice(*rules))
            for tests, rules in zip(pairwise(bounds), pairwise(starts.tolist()), strict=True)
            if self.gates[tests[0]] or self.prefers[tests[0]]
        ]

    def of_rows(self, rows: np.ndarray) -> RuleColumns:
        """Return the rules of some rows, int (m,), which are numbered from 0 on in their order."""
        place = np.full(self.size, -1, np.int64)
        place[rows] = np.arange(len(rows))
        at = place[self.row]
        kept = at >= 0
        row, test = at[kept], self.test[kept]
        same = np.stack([self.fact, self.kind, self.gates, self.prefers]).astype(np.int64)
        group = np.cumsum(np.append(False, (same[:, 1:] != same[:, :-1]).any(axis=0)))
        order = np.lexsort((row, group[test])) if len(row) else row
        return replace(self, row=narrow(row[order]), test=test[order], size=len(rows))

    def layers(self) -> Iterator[np.ndarray]:
        """Give for each group a number a row, (size,): rows with the same ones ask the same.

        A row with two rules of one group has its second one in another layer.
        """
        for group in self.groups:
            if group.of is not None:
                yield group.of
                continue
            # Stable, so that rules of a row stay in the order in which they are listed.
            order = np.argsort(group.row, kind="stable")
            row, test = group.row[order].astype(np.int64), group.test[order].astype(np.int64)
            nth = np.arange(len(row)) - np.searchsorted(row, row)
            for layer in range(int(nth.max(initial=-1)) + 1):
                of = np.zeros(self.size, np.int64)
                of[row[nth == layer]] = test[nth == layer] + 1
                yield of

    def _group(self, tests: slice, rules: slice) -> RuleGroup:
        row, test = self.row[rules], self.test[rules] - tests.start
        of = None
        if len(row) * _DENSE >= self.size and (row[1:] > row[:-1]).all():
            of = np.zeros(self.size, np.min_scalar_type(tests.stop - tests.start))
            of[row] = test.astype(np.int64) + 1
        return RuleGroup(
            fact=self.names[int(self.fact[tests.start])],
            kind=RULE_KINDS[int(self.kind[tests.start])],
            gates=bool(self.gates[tests.start]),
            tests=tests,
            of=of,
            row=row,
            test=test,
            kept=Kept(max(8, _MOST_KEPT // max(self.size, 1))),
        )


def _group(rule: CompiledRule) -> tuple[str, str, bool, bool]:
    return rule.fact, rule.test.kind, rule.gates, rule.prefers


def _rule_codes(rule: CompiledRule) -> Sparse:
    space = f"fact:{rule.fact}"
    features = {key(space, code): 2.0 for code in rule.test.coarse}
    features.update((key(space, code), 1.0) for code in rule.test.codes)
    return sparse(features)
