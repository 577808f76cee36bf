"""Scores of a query against a pool, and of one pair: the same code, so the same number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchmaker.matching.eligibility import check
from matchmaker.matching.encoding import encode
from matchmaker.matching.facets import raw_facets
from matchmaker.matching.gates import gates_of
from matchmaker.matching.levers import levers_of
from matchmaker.matching.match import Facet, Match, shown
from matchmaker.matching.model import Model
from matchmaker.matching.reasons import facts_of, reasons_of
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.side import Pairing, Side


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
    kind = pairing.query.kind
    names = model.facets(kind)
    if preferences is None:
        all_rows = gates_of(pairing).preferences
        preferences = all_rows if pairing.among is None else all_rows[pairing.among]
    raw = raw_facets(pairing, model.pool, preferences, names)
    points = {name: model.scales[kind][name].apply(raw[name]) for name in names}
    known = {name: ~np.isnan(raw[name]) for name in names}
    forward, backward = (
        _tenths(points, model.weights[kind][direction], len(pairing))
        for direction in ("forward", "backward")
    )
    return Scores(points, known, forward, backward, harmonic(forward, backward))


def points_of(name: str, pairing: Pairing, model: Model, preferences: np.ndarray) -> np.ndarray:
    """Return the points of one facet for the rows of a pairing, int64 (n,) in 0..100."""
    raw = raw_facets(pairing, model.pool, preferences, (name,))[name]
    return model.scales[pairing.query.kind][name].apply(raw)


def _tenths(points: Mapping[str, np.ndarray], weights: Mapping[str, int], n: int) -> np.ndarray:
    """Return the weighted mean of points in tenths, halves up: whole numbers all the way."""
    total = np.zeros(n, np.int64)
    for name, weight in weights.items():
        total += weight * points[name]
    return (total + 5) // 10


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
