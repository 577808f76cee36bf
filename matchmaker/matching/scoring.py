"""Scores of a query against a pool, and of one pair: the same code, so the same number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matchmaker.matching.columns import Alike, Bundle
from matchmaker.matching.eligibility import check
from matchmaker.matching.encoding import encode
from matchmaker.matching.facets import FORMULAS, most_met
from matchmaker.matching.fast import loops_for
from matchmaker.matching.gates import gates_of
from matchmaker.matching.levers import levers_of
from matchmaker.matching.match import Facet, Match, shown
from matchmaker.matching.model import DIRECTIONS, Model
from matchmaker.matching.reasons import facts_of, reasons_of
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.side import FEW_KINDS, READ_OF, Pairing, Side


@dataclass(frozen=True)
class Scores:
    """Scores of n pairs. ``forward`` and ``backward`` in tenths of a point, int64 (n,)."""

    #: Whole points by facet, int64 (n,), and whether the facet is known, bool (n,).
    points: Mapping[str, np.ndarray]
    known: Mapping[str, np.ndarray]
    forward: np.ndarray
    backward: np.ndarray
    #: Harmonic mean in points, float64 (n,), in [0, 100].
    score: np.ndarray


def score_rows(pairing: Pairing, model: Model, preferences: np.ndarray | None = None) -> Scores:
    """Score the query against the rows of a pairing under the weights of the query's kind.

    ``preferences`` (n,) as :class:`Gates` counts them, if they are known already. Rows of the other
    kind get numbers too, which mean nothing: callers mask them.
    """
    if preferences is None:
        preferences = gates_of(pairing).preferences_of(pairing.among)
    told = PointsOf(pairing, model, lambda _: preferences)
    return scores_of(told, model, pairing.query.kind, pairing.among)


def scores_of(told: PointsOf, model: Model, kind: str, rows: np.ndarray | None) -> Scores:
    """Return the scores of rows under the weights of a kind, ``rows`` None for all."""
    both = {name: told.of(name, rows) for name in told.names}
    points = {name: found for name, (found, _) in both.items()}
    known = {name: found for name, (_, found) in both.items()}
    forward, backward = (_tenths(points, model.weights[kind][d]) for d in DIRECTIONS)
    return Scores(points, known, forward, backward, harmonic(forward, backward))


class PointsOf:
    """Points by facet of a query's pairs; rows that are alike are worked out once.

    ``preferences`` gives the share of declared preferences met of rows, as :class:`Gates` does.
    """

    def __init__(
        self,
        pairing: Pairing,
        model: Model,
        preferences: Callable[[np.ndarray | None], np.ndarray],
    ) -> None:
        self.pairing, self._model, self._preferences = pairing, model, preferences
        #: The facets that count for the query's kind.
        self.names = model.facets(pairing.query.kind)
        self._of_kinds: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def of(self, name: str, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return the points of a facet, int64 (n,) in 0..100, and whether it is known, bool (n,).

        ``rows`` int (n,), None for the whole pool.
        """
        n = (len(self.pairing.pool) if rows is None else len(rows),)
        points, known = self._told(name, rows)
        if points.shape == known.shape == n:
            return points, known
        return np.broadcast_to(points, n), np.broadcast_to(known, n)

    def _told(self, name: str, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return what ``of`` does, of shape () where all rows have the same."""
        alike = self._alike(name, len(self.pairing.pool) if rows is None else len(rows))
        if alike is None:
            return self._work_out(name, rows)
        points, known = self._of_kinds[name]
        if points.size == 1:
            return points.reshape(()), known.reshape(())
        kinds = alike.of if rows is None else alike.of.take(rows)
        return points.take(kinds), known.take(kinds)

    def sums(self, rows: np.ndarray, factors: Mapping[str, int], but: str) -> np.ndarray:
        """Return sums of points times factors by facet, all ``but`` one, int64 (n,), row by row.

        The same as with what ``of`` returns, in fewer steps: kinds are multiplied, not rows.
        """
        pool, left = self.pairing.pool, {**factors}
        left.pop(but, None)
        total = np.full(len(rows), self._same(left), np.int64)
        for bundle in pool.bundles:
            members = [name for name in bundle.members if name in left]
            if members:
                tables = [self._weighed(name, left.pop(name), bundle) for name in members]
                self._look_up(tables, bundle.of, rows, total)
        for name, factor in left.items():
            points = self._of_many(name)
            if points is None:
                total += factor * self._told(name, rows)[0]
            else:
                self._look_up([factor * _POINTS], points, rows, total)
        return total

    def _same(self, left: dict[str, int]) -> int:
        """Take the facets out in which all rows are the same, and return what they add."""
        pool, kept = self.pairing.pool, self.pairing.pool.kept["same"]
        factors = {name: left.pop(name) for name in pool.same if name in left}
        said = self.pairing.said(pool.read_by_same)
        row = np.zeros(1, np.int64)
        found: int = kept.get(
            self._model,
            said,
            lambda: sum(
                factor * int(np.ravel(self._work_out(name, row)[0])[0])
                for name, factor in factors.items()
            ),
        )
        return found

    def _weighed(self, name: str, factor: int, bundle: Bundle) -> np.ndarray:
        """Return a facet's points times a factor by the kinds of a bundle, int64 (kinds,) or ()."""

        def weigh() -> np.ndarray:
            points, _ = self._of_kind(name, self.pairing.pool.alike[name])
            # A formula that no row changes gives one number for all.
            return factor * (points.take(bundle.members[name]) if points.size > 1 else points)

        said = factor, self.pairing.said(READ_OF[name])
        weighed: np.ndarray = bundle.kept[name].get(self._model, said, weigh)
        return weighed

    def _look_up(
        self, tables: Sequence[np.ndarray], of: np.ndarray, rows: np.ndarray, total: np.ndarray
    ) -> None:
        """Add what the tables have together for the kinds ``of`` the rows."""
        loops = loops_for(len(of))
        table = tables[0] if len(tables) == 1 else np.asarray(sum(tables))
        if table.size == 1:
            total += table
        elif loops is None:
            total += table.take(of.take(rows))
        else:
            loops.add_of_rows(total, table, of, rows)

    def _of_many(self, name: str) -> np.ndarray | None:
        """Return the points of all rows in a facet in which most differ, uint8 (pool,).

        Kept for who says the same; None where it is less to work out the rows that are asked for.
        """
        n = len(self.pairing.pool)
        if name not in READ_OF or (n > _FEW_ROWS and name not in _FEW_SAID):
            return None
        points: np.ndarray = self.pairing.pool.kept[name].get(
            self._model,
            self.pairing.said(READ_OF[name]),
            lambda: np.broadcast_to(self._work_out(name, None)[0], n).astype(np.uint8),
        )
        return points

    def _alike(self, name: str, n: int) -> Alike | None:
        """Return who is alike, with their points worked out; None if n rows take less."""
        alike = self.pairing.pool.alike.get(name)
        if alike is None or name in self._of_kinds:
            return alike
        if len(alike.first) > max(n, FEW_KINDS):
            return None
        self._of_kinds[name] = self._of_kind(name, alike)
        return alike

    def _of_kind(self, name: str, alike: Alike) -> tuple[np.ndarray, np.ndarray]:
        """Return points and knowledge for each kind of row, kept for others who say the same."""
        if len(alike.first) > FEW_KINDS:
            return self._work_out(name, alike.first)
        said = self.pairing.said(READ_OF[name])
        found: tuple[np.ndarray, np.ndarray] = alike.kept.get(
            self._model, said, lambda: self._work_out(name, alike.first)
        )
        return found

    def _work_out(self, name: str, rows: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        pairing = Pairing(self.pairing.query, self.pairing.pool, self.pairing.asks, rows)
        scale = self._model.scales[pairing.query.kind][name]
        if name != "preferences":
            raw = FORMULAS[name](pairing, self._model.pool)
        else:
            raw = self._preferences(rows)
            if not raw.ndim:
                return np.array(scale.unknown), np.array(False)
        known = ~np.isnan(raw)
        points = scale.apply(raw)
        if not known.all():
            most = most_met(name, pairing)
            if most is not None:
                points = np.where(known, points, np.minimum(points, scale.apply(most)))
                # What the query does not tell is one for all rows; what it may count is not.
                known = np.broadcast_to(known, points.shape)
        return points, known


#: All that a facet can have.
_POINTS = np.arange(101)
#: Points of so many rows are worked out for all of them at once; of more only of facets of which
#: there are few questions, for needs say bands and offers nothing.
_FEW_ROWS = 16_384
_FEW_SAID = frozenset({"ticket", "price", "activity", "freshness"})


def _tenths(points: Mapping[str, np.ndarray], weights: Mapping[str, int]) -> np.ndarray:
    """Return the weighted mean of points in tenths, halves up: whole numbers all the way."""
    total = sum(weight * points[name] for name, weight in weights.items())
    return (np.asarray(total) + 5) // 10


def harmonic(forward: np.ndarray, backward: np.ndarray) -> np.ndarray:
    """Return the harmonic mean, in points, of two directions in tenths; 0 where both are 0."""
    both = forward + backward
    products = 2.0 * forward * backward
    return np.where(both > 0, products / np.maximum(both, 1), 0.0) / 10.0


def score_pair(need: NeedRecord, offer: OfferRecord, model: Model) -> Match:
    """Return everything about one pair under a model version; both must be of one kind.

    The score depends on the two records and the model alone. ValueError if the kinds differ.
    """
    if need.kind != offer.kind:
        raise ValueError("a finance need is not compared with a service offer, nor the reverse")
    return explain(need, offer, model, one_pair(need, offer, model), 0)


def one_pair(need: NeedRecord, offer: OfferRecord, model: Model) -> Scores:
    """Return the scores of one pair, n = 1, by the same path as a whole pool's."""
    pool = Side.build([encode(offer, model)])
    return score_rows(Pairing(encode(need, model), pool, asks=True), model)


def explain(need: NeedRecord, offer: OfferRecord, model: Model, scores: Scores, at: int) -> Match:
    """Return the match of a pair whose scores are entry ``at`` of a pool's."""
    both = model.weights[need.kind]
    facets = tuple(
        Facet(
            name=name,
            points=int(scores.points[name][at]),
            forward_weight=both["forward"].get(name, 0),
            backward_weight=both["backward"].get(name, 0),
            known=bool(scores.known[name][at]),
            facts=facts_of(name, need, offer),
        )
        for name in scores.points
    )
    rules = check(need, offer)

    def points_of(changed: NeedRecord) -> int:
        return shown(float(one_pair(changed, offer, model).score[0]))

    return Match(
        need_id=need.id,
        offer_id=offer.id,
        eligibility=rules,
        facets=facets,
        forward=int(scores.forward[at]) / 10.0,
        backward=int(scores.backward[at]) / 10.0,
        score=float(scores.score[at]),
        reasons=reasons_of(facets, rules),
        levers=levers_of(need, rules, points_of),
    )
