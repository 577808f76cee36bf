"""Rows that no gate tells apart: rules are held against one of each kind, and rows are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchmaker.matching.columns import Alike, joined
from matchmaker.matching.fast import loops_for
from matchmaker.matching.postings import narrow
from matchmaker.matching.rules import RuleColumns

#: Where more than this share of the rows are of a kind of their own, every row is.
_MOST_KINDS = 0.5
#: Rows of up to so many kinds are put together from lists, else all rows are looked through.
_FEW_LISTS = 256


@dataclass(frozen=True)
class GateKinds:
    """Kinds of rows by all that gates read: their kind, whether they deploy, rules or facts."""

    #: How many rows there are.
    rows: int
    #: Kind of each row, unsigned (rows,), and a row of each kind; None where each has its own.
    of: np.ndarray | None
    first: np.ndarray | None
    #: Rules of a row of each kind.
    rules: RuleColumns
    #: Kind of each row in what is told of a fact, by fact: taken for a row of each kind here.
    facts: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return self.rows if self.first is None else len(self.first)

    @classmethod
    def build(
        cls, rules: RuleColumns, told: Iterable[np.ndarray], facts: Mapping[str, Alike], own: bool
    ) -> GateKinds:
        """Return the kinds of rows by what is told of them, each (rows,), rules and facts.

        ``own``: every row is a kind of its own, for some fact is told of each in other words.
        """
        rows = rules.size
        of = None if own else joined([*told, *rules.layers(), *(one.of for one in facts.values())])
        if of is None or not rows or int(of.max()) + 1 > rows * _MOST_KINDS:
            return cls(rows, None, None, rules, {})
        first = np.unique(of, return_index=True)[1]
        taken = {fact: one.of.take(first) for fact, one in facts.items()}
        return cls(rows, narrow(of), first, rules.of_rows(first), taken)

    def spread(self, of_kinds: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
        """Return what rows have by what their kinds have, (rows,), or of the rows ``among``."""
        if self.of is None:
            return of_kinds if among is None else of_kinds[among]
        return of_kinds.take(self.of if among is None else self.of.take(among))

    def gather(self, of_rows: np.ndarray) -> np.ndarray:
        """Return what one row of each kind has, (kinds,)."""
        return of_rows if self.first is None else of_rows.take(self.first)

    def of_fact(self, fact: str, of: np.ndarray) -> np.ndarray:
        """Return the places of a row of each kind in what is told of a fact, (kinds,)."""
        return self.facts[fact] if fact in self.facts else self.gather(of)

    def count(self, rows: np.ndarray) -> np.ndarray:
        """Return how many of some rows, int (m,), are of each kind, int64 (kinds,)."""
        return np.bincount(rows if self.of is None else self.of.take(rows), minlength=len(self))

    @cached_property
    def _lists(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows in order of their kinds, int32 (rows,), and where each kind's begin, int64."""
        of = np.arange(self.rows) if self.of is None else self.of
        order = np.argsort(of, kind="stable").astype(np.int32)
        counts = np.bincount(of, minlength=len(self))
        return order, np.concatenate([[0], np.cumsum(counts)])

    def rows_of(self, chosen: np.ndarray) -> np.ndarray:
        """Return the rows of chosen kinds, bool (kinds,), in no order."""
        if self.of is None:
            return np.flatnonzero(chosen)
        loops = loops_for(self.rows)
        if loops is not None:
            return loops.rows_of(*self._lists, chosen)
        kinds = np.flatnonzero(chosen)
        if len(kinds) > _FEW_LISTS:
            return np.flatnonzero(self.spread(chosen))
        order, starts = self._lists
        spans = zip(starts[kinds].tolist(), starts[kinds + 1].tolist(), strict=True)
        return np.concatenate([_NONE, *(order[start:end] for start, end in spans)])


_NONE = np.empty(0, np.int64)
