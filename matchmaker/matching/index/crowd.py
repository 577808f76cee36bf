"""Who of a part is in: rows counted by what gates tell apart, without a look at each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import numpy as np

from matchmaker.matching.fast import loops_for
from matchmaker.matching.index.filters import mask_of
from matchmaker.matching.index.part import Part
from matchmaker.matching.index.question import Question
from matchmaker.matching.listed import same_service
from matchmaker.matching.side import Pairing


class Crowd:
    """The rows of a part that are still in, as counts of each kind (``Side.gate_kinds``)."""

    def __init__(self, pairing: Pairing, part: Part) -> None:
        side, query = part.side, pairing.query
        self._side, self.kinds = side, side.gate_kinds
        #: How many rows of each kind are in, int64 (kinds,).
        self.counts: np.ndarray = part.in_kinds[query.kind]
        #: Rows that are out whatever their kind, bool (n,); None where there are none.
        self._out: np.ndarray | None = None if part.whole else ~part.alive
        self.take_out(side.by_organisation.rows(query.organisation_id))
        #: How many are comparable at all: standing, of the same kind, of other organisations.
        self.pool = len(self)

    def __len__(self) -> int:
        return int(self.counts.sum())

    def take_out(self, rows: np.ndarray) -> None:
        """Take rows out, int (m,), none of them named twice."""
        if not len(rows):
            return
        if self._out is None:
            self._out = np.zeros(len(self._side), bool)
        rows = rows[~self._out[rows]]
        self._out[rows] = True
        self.counts = np.where(self.counts > 0, self.counts - self.kinds.count(rows), 0)

    def question(self, pairing: Pairing, question: Question, left_out: Counter[str]) -> None:
        """Take out whom a question leaves out, counting them by why, one after the other."""
        for name, rows in _steps(pairing, question):
            before = len(self)
            self.take_out(rows)
            left_out[name] += before - len(self)
        idle = self._side.idle_of_gates if pairing.asks else None
        if idle is not None:
            left_out["not_deploying"] += self.of(idle)
            self.counts = np.where(idle, 0, self.counts)
        if not question.filters.plain:
            before = len(self)
            passes = mask_of(question.filters, self._side, needs=not pairing.asks)
            self.take_out(np.flatnonzero(~passes))
            left_out["filters"] += before - len(self)

    def of(self, chosen: np.ndarray) -> int:
        """Count the rows of chosen kinds, bool (kinds,)."""
        loops = loops_for(len(self._side))
        if loops is None:
            return int(self.counts[chosen].sum())
        return loops.count_of(self.counts, chosen)

    def rows(self, chosen: np.ndarray) -> np.ndarray:
        """Return the rows of chosen kinds, in no order, int (m,)."""
        rows = self.kinds.rows_of(chosen & (self.counts > 0))
        return rows if self._out is None else rows[~self._out[rows]]

    def mask(self, chosen: np.ndarray) -> np.ndarray:
        """Return which rows are in and of chosen kinds, bool (n,)."""
        mask = self.kinds.spread(chosen & (self.counts > 0))
        return mask if self._out is None else mask & ~self._out


def _steps(pairing: Pairing, question: Question) -> Iterator[tuple[str, np.ndarray]]:
    """Give why rows are taken out, and the rows."""
    side = pairing.pool
    if len(question.closed):
        yield "closed", np.flatnonzero(np.isin(side.ids, _numbers(question.closed)))
    if len(question.closed_organisations):
        shut = _numbers(question.closed_organisations)
        yield "closed", np.flatnonzero(np.isin(side.organisations, shut))
    if pairing.query.kind != "finance":
        yield "service", np.flatnonzero(~same_service(pairing))


def _numbers(ids: Collection[int]) -> np.ndarray:
    return ids if isinstance(ids, np.ndarray) else np.fromiter(ids, np.int64, len(ids))
