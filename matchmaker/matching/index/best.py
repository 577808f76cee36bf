"""The best rows of a pool, exactly, without scoring those that cannot be among them.

Facets are added one by one, the heaviest first and the text, which costs most, last. Points are
whole and weights not negative, so what a row could still reach is known at every step; rows that
cannot reach the n-th best score go no further (as in the threshold algorithm, Fagin et al. 2003).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchmaker.matching.model import Model, Scale
from matchmaker.matching.scoring import harmonic, points_of, score_rows
from matchmaker.matching.side import Pairing

#: Rows from which bounds are worth their while; scored exactly to know the n-th best score.
_FEW, _TRIAL = 1024, 96
#: A bound worked out in another order of steps may lie a last digit below the score it bounds.
_SLACK = 1e-9


@dataclass(frozen=True)
class Wanted:
    """How many rows are wanted, and behind which (score, id) they follow."""

    n: int
    after: tuple[float, int] | None = None

    def follow(self, score: np.ndarray, ids: np.ndarray) -> np.ndarray:
        """Return which rows come behind ``after``, bool (rows,)."""
        if self.after is None:
            return np.ones(len(score), bool)
        last, last_id = self.after
        return (score < last) | ((score == last) & (ids > last_id))


def best_rows(
    pairing: Pairing, model: Model, preferences: np.ndarray, rows: np.ndarray, wanted: Wanted
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best of ``rows`` and their scores, by falling score, then rising id.

    ``preferences`` float64 (len(pool),) are those of the whole pool, ``rows`` int64. At most
    ``wanted.n`` come back; the same rows and scores as if every row had been scored.
    """
    search = _Search(pairing, model, preferences, rows, wanted)
    for at, name in enumerate(search.names):
        if at > 1 and len(search.rows) > _FEW:
            search.cut(again=at in (2, len(search.names) // 2, len(search.names) - 1))
        search.add(name)
    score = search.score()
    ids = pairing.pool.ids[search.rows]
    kept = np.flatnonzero(wanted.follow(score, ids))
    if 0 < wanted.n < len(kept):
        worst = np.partition(score[kept], len(kept) - wanted.n)[len(kept) - wanted.n]
        kept = kept[score[kept] >= worst]
    kept = kept[np.lexsort((ids[kept], -score[kept]))][: wanted.n]
    return search.rows[kept], score[kept]


class _Search:
    """Rows that may still be among the best, with what they have and what they could reach."""

    def __init__(
        self,
        pairing: Pairing,
        model: Model,
        preferences: np.ndarray,
        rows: np.ndarray,
        wanted: Wanted,
    ) -> None:
        kind = pairing.query.kind
        self.pairing, self.model, self.preferences = pairing, model, preferences
        self.rows, self.wanted = rows, wanted
        self.scales = model.scales[kind]
        self.weights = (model.weights[kind]["forward"], model.weights[kind]["backward"])
        #: A score that at least n rows have.
        self.least = -1.0
        self.names = sorted(model.facets(kind), key=lambda name: (name == "text", -self._of(name)))
        self.sums = [np.zeros(len(rows), np.int64) for _ in self.weights]
        self.rest = [
            sum(weights.get(name, 0) * _most(self.scales[name]) for name in self.names)
            for weights in self.weights
        ]

    def _of(self, name: str) -> int:
        return sum(weights.get(name, 0) for weights in self.weights)

    def add(self, name: str) -> None:
        points = points_of(
            name, self.pairing.of(self.rows), self.model, self.preferences[self.rows]
        )
        for at, weights in enumerate(self.weights):
            weight = weights.get(name, 0)
            self.rest[at] -= weight * _most(self.scales[name])
            if weight:
                self.sums[at] += weight * points

    def score(self) -> np.ndarray:
        """Return the score of each row, once every facet is added."""
        forward, backward = ((total + 5) // 10 for total in self.sums)
        return harmonic(forward, backward)

    def cut(self, again: bool) -> None:
        """Let go of rows that cannot reach the n-th best of a few that are scored to the end.

        ``again``: score another few first, now that more is known of which may be the best.
        """
        # What each would have if all that is not added yet were at its most, not rounded down.
        forward, backward = (
            total + (rest + 5.0) for total, rest in zip(self.sums, self.rest, strict=True)
        )
        bound = forward * backward / (forward + backward) / 50.0
        if again:
            self.least = max(self.least, self._least(bound))
        kept = np.flatnonzero(bound >= self.least - _SLACK)
        if len(kept) < len(bound):
            self.rows = self.rows[kept]
            self.sums = [total[kept] for total in self.sums]

    def _least(self, bound: np.ndarray) -> float:
        """Return a score that at least n rows behind ``after`` have, or -1."""
        n = max(self.wanted.n, 1)
        likely = bound
        if self.wanted.after is not None:
            likely = np.where(bound <= self.wanted.after[0], bound, -1.0)
        few = min(len(bound), max(_TRIAL, 3 * n))
        trial = self.rows[np.argpartition(-likely, few - 1)[:few]]
        scores = score_rows(self.pairing.of(trial), self.model, self.preferences[trial]).score
        scores = scores[self.wanted.follow(scores, self.pairing.pool.ids[trial])]
        return float(np.partition(scores, -n)[-n]) if len(scores) >= n else -1.0


def _most(scale: Scale) -> int:
    return max(round(scale.points[-1]), scale.unknown)
