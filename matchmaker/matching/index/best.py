"""The best rows of a pool, exactly, without reading the text of those that cannot be among them.

All facets but the text, which costs most, are added up first. Points are whole and weights not
negative, so what a row could still reach is known; texts are read by falling reach until no other
row can come before the n-th best (as in the threshold algorithm, Fagin et al. 2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.matching.fast import loops_for
from matchmaker.matching.index.ties import turns_of
from matchmaker.matching.model import BACKWARD, Model
from matchmaker.matching.scoring import PointsOf, harmonic

#: How many texts are read at first; each further round reads so many times as many.
_TRIAL, _MORE = 48, 4
#: A bound worked out in another order of steps may lie a last digit below the score it bounds.
_SLACK = 1e-9


@dataclass(frozen=True)
class Wanted:
    """How many rows are wanted, behind which (score, id) they follow, in which day's order."""

    n: int
    after: tuple[float, int] | None = None
    day: int | None = None

    def follow(self, score: np.ndarray, ids: np.ndarray) -> np.ndarray:
        """Return which rows come behind ``after``, bool (rows,)."""
        if self.after is None:
            return np.ones(len(score), bool)
        last, last_id = self.after
        [turn] = turns_of(np.array([last_id], np.int64), self.day)
        return (score < last) | ((score == last) & (turns_of(ids, self.day) > turn))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Rows with the weighted sums of their points so far, both directions in one int64 (n,)."""

    rows: np.ndarray
    both: np.ndarray
    #: The score that each could reach at most, float64 (n,).
    bound: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: np.ndarray) -> _Sums:
        return _Sums(self.rows[chosen], self.both[chosen], self.bound[chosen])


def best_rows(
    points: PointsOf, model: Model, kind: str, rows: np.ndarray, ids: np.ndarray, wanted: Wanted
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best of ``rows`` and their scores, by falling score, then by turns.

    ``rows`` int64 (n,) of a pool with ``ids`` int64 (pool,). At most ``wanted.n`` come back; the
    same rows and scores as if every row had been scored.
    """
    search = _Search(points, model, kind, ids, wanted)
    both = search.sums(rows)
    if not search.loop(rows, both):
        left, read = _Sums(rows, both, search.bound(both)), max(_TRIAL, wanted.n)
        while len(left):
            left = search.read(left, read)
            read *= _MORE
    return search.best()


class _Search:
    """The best rows found so far, and the score that others have to reach."""

    def __init__(
        self, points: PointsOf, model: Model, kind: str, ids: np.ndarray, wanted: Wanted
    ) -> None:
        self.points, self.model, self.kind = points, model, kind
        self.ids, self.wanted = ids, wanted
        #: What a point of each facet counts, both directions in one number.
        self.factors = model.both_ways[kind]
        self.scale = model.scales[kind]["text"]
        #: What the text can add to the sums of points, forward and backward.
        self.reach = model.reach_of_text[kind]
        #: A score that at least n rows have.
        self.least = -1.0
        self.rows, self.scores = np.empty(0, np.int64), np.empty(0)

    def sums(self, rows: np.ndarray) -> np.ndarray:
        """Add up all facets but the text, both directions in one int64 (n,)."""
        return self.points.sums(rows, self.factors, but="text")

    def loop(self, rows: np.ndarray, both: np.ndarray) -> bool:
        """Find the best in one compiled loop; False where there is none for such a question."""
        pairing, n = self.points.pairing, self.wanted.n
        loops, texts = loops_for(len(pairing.pool)), pairing.pool.features.get("text")
        if loops is None or texts is None or n < 1 or self.wanted.after or not any(self.reach):
            return False
        query = pairing.query.features["text"]
        entries = texts.sets.looped(query)
        if entries is None or not len(query[0]):
            return False
        of = rows if texts.of is None else texts.of.take(rows).astype(np.int64)
        scale = self.scale.steps, self.scale.first, self.scale.unknown
        factor = self.factors["text"]
        found = loops.best_texts(of, both, factor, self.reach, n, _SLACK, entries, scale)
        kept, self.scores, self.least = found
        self.rows = rows[kept]
        return True

    def read(self, left: _Sums, n: int) -> _Sums:
        """Score the ``n`` rows that could reach most, and return those that may still matter."""
        if len(left) <= n:
            self._score(left)
            return left.take(_NONE)
        likely = left.bound
        if self.wanted.after is not None:
            likely = np.where(likely <= self.wanted.after[0], likely, -1.0)
        order = np.argpartition(-likely, n)
        self._score(left.take(order[:n]))
        rest = order[n:]
        return left.take(rest[left.bound[rest] >= self.least - _SLACK])

    def bound(self, both: np.ndarray) -> np.ndarray:
        """Return what each row would have with a text of the most points, not rounded down."""
        forward = (both & (BACKWARD - 1)) + (self.reach[0] + 5.0)
        backward = (both >> 32) + (self.reach[1] + 5.0)
        return forward * backward / (forward + backward) / 50.0

    def _score(self, some: _Sums) -> None:
        """Score rows to the end and keep those that may be among the best."""
        rows, both = some.rows, some.both
        if any(self.reach):
            both = both + self.factors["text"] * self.points.of("text", rows)[0]
        score = harmonic(((both & (BACKWARD - 1)) + 5) // 10, ((both >> 32) + 5) // 10)
        if self.wanted.after is not None:
            follow = self.wanted.follow(score, self.ids[rows])
            rows, score = rows[follow], score[follow]
        self.rows = np.concatenate([self.rows, rows])
        self.scores = np.concatenate([self.scores, score])
        n = self.wanted.n
        if 0 < n <= len(self.scores):
            self.least = float(np.partition(self.scores, -n)[-n])
            kept = self.scores >= self.least
            self.rows, self.scores = self.rows[kept], self.scores[kept]

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """Return rows, int (n,), best first, and their scores; those of one score by their turn."""
        turns = turns_of(self.ids[self.rows], self.wanted.day)
        order = np.lexsort((turns, -self.scores))[: max(self.wanted.n, 0)]
        return self.rows[order], self.scores[order]


_NONE = np.empty(0, np.int64)
