"""One side of the market as columns, and a query record held against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import nan
from typing import NamedTuple

import numpy as np

from matchmaker.matching.codes import key
from matchmaker.matching.encoding import CompiledRule, Row
from matchmaker.matching.postings import Postings, Sparse, sparse

KINDS = ("finance", "service")
RULE_KINDS = ("interval", "one_of", "none_of")
NONE: Sparse = (np.empty(0, np.int64), np.empty(0, np.float32))


class RuleGroup(NamedTuple):
    """Rules about one fact, of one kind, that all gate or are all preferred."""

    fact: str
    kind: str
    gates: bool
    rules: slice


@dataclass(frozen=True)
class RuleColumns:
    """All criteria of a side's offers: one entry a rule, values as postings over rules.

    Rules stand in order of fact, kind, and whether they gate, so that those alike are a slice.
    """

    row: np.ndarray
    fact: np.ndarray
    kind: np.ndarray
    low: np.ndarray
    high: np.ndarray
    gates: np.ndarray
    prefers: np.ndarray
    #: Codes to rules: value 1 where the code is wanted or refused, 2 where it is an ancestor.
    codes: Postings
    names: tuple[str, ...]

    @cached_property
    def groups(self) -> list[RuleGroup]:
        """All that gate or are preferred, a group for each fact, kind and of the two."""
        alike = np.stack([self.fact, self.kind, self.gates, self.prefers])
        changes = np.flatnonzero((alike[:, 1:] != alike[:, :-1]).any(axis=0)) + 1
        bounds = [0, *changes.tolist(), len(self.row)] if len(self.row) else []
        groups = [
            RuleGroup(
                fact=self.names[int(self.fact[start])],
                kind=RULE_KINDS[int(self.kind[start])],
                gates=bool(self.gates[start]),
                rules=slice(start, end),
            )
            for start, end in pairwise(bounds)
        ]
        return [one for one in groups if one.gates or self.prefers[one.rules.start]]

    def preferring(self, n: int) -> np.ndarray:
        """Return how many declared preferences each of n offers has, int32 (n,)."""
        return np.bincount(self.row[self.prefers], minlength=n).astype(np.int32)


@dataclass(frozen=True)
class Side:
    """Columns of n needs or n offers; every array has n entries or is a posting list over them."""

    ids: np.ndarray
    organisations: np.ndarray
    kinds: np.ndarray
    numbers: dict[str, np.ndarray]
    features: dict[str, Postings]
    rules: RuleColumns

    def __len__(self) -> int:
        return len(self.ids)

    def number(self, name: str) -> np.ndarray:
        """Return a column by name, NaN where no row has it, float64 (n,)."""
        return self.numbers[name] if name in self.numbers else np.full(len(self), nan)

    def having(self, family: str, keys: np.ndarray, value: float | None = None) -> np.ndarray:
        """Return which rows have any of the keys (with exactly ``value`` if given), bool (n,)."""
        postings = self.features.get(family)
        return np.zeros(len(self), bool) if postings is None else postings.having(keys, value)

    @classmethod
    def build(cls, rows: Sequence[Row]) -> Side:
        """Return the columns of encoded rows, in their order; no rows give empty columns."""
        names = sorted({name for row in rows for name in row.numbers})
        families = sorted({family for row in rows for family in row.features})
        return cls(
            ids=np.array([row.id for row in rows], np.int64),
            organisations=np.array([row.organisation_id for row in rows], np.int64),
            kinds=np.array([KINDS.index(row.kind) for row in rows], np.int8),
            numbers={
                name: np.array([row.numbers.get(name, nan) for row in rows], np.float64)
                for name in names
            },
            features={
                family: Postings.build([row.features.get(family, NONE) for row in rows])
                for family in families
            },
            rules=_rule_columns(rows),
        )


def _rule_columns(rows: Sequence[Row]) -> RuleColumns:
    listed = sorted(
        ((at, rule) for at, row in enumerate(rows) for rule in row.rules),
        key=lambda item: (
            item[1].fact,
            RULE_KINDS.index(item[1].test.kind),
            item[1].gates,
            item[1].prefers,
        ),
    )
    names = tuple(sorted({rule.fact for _, rule in listed}))
    index = {name: at for at, name in enumerate(names)}
    return RuleColumns(
        row=np.array([at for at, _ in listed], np.int32),
        fact=np.array([index[rule.fact] for _, rule in listed], np.int32),
        kind=np.array([RULE_KINDS.index(rule.test.kind) for _, rule in listed], np.int8),
        low=np.array([rule.test.low for _, rule in listed], np.float64),
        high=np.array([rule.test.high for _, rule in listed], np.float64),
        gates=np.array([rule.gates for _, rule in listed], bool),
        prefers=np.array([rule.prefers for _, rule in listed], bool),
        codes=Postings.build([_rule_codes(rule) for _, rule in listed]),
        names=names,
    )


def _rule_codes(rule: CompiledRule) -> Sparse:
    space = f"fact:{rule.fact}"
    features = {key(space, code): 2.0 for code in rule.test.coarse}
    features.update((key(space, code), 1.0) for code in rule.test.codes)
    return sparse(features)


@dataclass(frozen=True)
class Pairing:
    """A query row held against all rows of the other side: formulas are written once for both ways.

    ``need(name)`` and ``offer(name)`` give a number of that side, a scalar array for the query and
    shape (n,) for the pool, so expressions broadcast to (n,).
    """

    query: Row
    pool: Side
    #: True if the query is the need and the pool holds offers.
    asks: bool
    #: The rows of the pool that are looked at, None for all; ``(n,)`` means as many as these.
    among: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.pool) if self.among is None else len(self.among)

    def of(self, rows: np.ndarray) -> Pairing:
        """Return the pairing with only these rows of the pool, int (n,)."""
        return replace(self, among=rows)

    def _column(self, name: str) -> np.ndarray:
        column = self.pool.number(name)
        return column if self.among is None else column[self.among]

    def _scalar(self, name: str) -> np.ndarray:
        return np.array(self.query.numbers.get(name, nan))

    def need(self, name: str) -> np.ndarray:
        """Return a number of the need's side, shape () or (n,)."""
        return self._scalar(name) if self.asks else self._column(name)

    def offer(self, name: str) -> np.ndarray:
        """Return a number of the offer's side, shape () or (n,)."""
        return self._column(name) if self.asks else self._scalar(name)

    def speak(self, attr: str) -> bool:
        """Return whether both sides say anything about an attribute; False saves the work."""
        query, pool = self.query.features, self.pool.features
        needs, offers = (query, pool) if self.asks else (pool, query)
        own = f"attr:{attr}"
        return own in needs and (own in offers or f"lift:{attr}" in offers)

    def _both(self, need_family: str, offer_family: str) -> tuple[Postings | None, Sparse]:
        mine, theirs = (need_family, offer_family) if self.asks else (offer_family, need_family)
        return self.pool.features.get(theirs), self.query.features.get(mine, NONE)

    def dot(self, need_family: str, offer_family: str) -> np.ndarray:
        """Return sums of products over shared features, shape (n,)."""
        postings, query = self._both(need_family, offer_family)
        return postings.dot(query, self.among) if postings else np.zeros(len(self))

    def greatest(self, need_family: str, offer_family: str) -> np.ndarray:
        """Return the greatest product over shared features, 0 if none is shared, shape (n,)."""
        postings, query = self._both(need_family, offer_family)
        return postings.greatest(query, self.among) if postings else np.zeros(len(self))
