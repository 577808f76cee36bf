"""What learning is held against: a logistic regression over facets standardised in each query.

The strongest simple ranker known for such data, and not one to serve: standardised within the
query, a score depends on who asks and on whoever else is in the pool. It stands beside the engine
in tables and is made from the same raw facets, outcomes and histories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from matchmaker.matching.encoding import encode_all
from matchmaker.matching.learning.calibration import stacked_raw
from matchmaker.matching.learning.choices import OTHERS, Seen, blocks_of, look
from matchmaker.matching.learning.history import Outcome
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.side import Pairing, Side

#: Its name in tables.
LOGISTIC = "logistic"
#: The axis of (needs, offers) over which a query's candidates lie, either way.
BY_NEED, BY_OFFER = 1, 0
#: Needs looked at in one go: bounds the memory that a large set takes.
SOME = 256


@dataclass(frozen=True)
class Yardstick:
    """Coefficients of standardised facets, float64 (facets,), for needs and for offers asking."""

    names: tuple[str, ...]
    by_need: np.ndarray
    by_offer: np.ndarray

    def scores(self, raw: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return scores of every pair as needs ask and as offers ask, each (needs, offers).

        ``raw[name]`` (needs, offers), NaN for unknown. Scores compare within a query only.
        """
        by_need, by_offer = (np.zeros(raw[self.names[0]].shape) for _ in range(2))
        for name, need_asks, offer_asks in zip(
            self.names, self.by_need, self.by_offer, strict=True
        ):
            by_need += need_asks * standardised(raw[name], BY_NEED)
            by_offer += offer_asks * standardised(raw[name], BY_OFFER)
        return by_need, by_offer


def standardised(facet: np.ndarray, axis: int) -> np.ndarray:
    """Return a facet (needs, offers) with mean 0 and deviation 1 along an axis; unknown is 0."""
    known = ~np.isnan(facet)
    n = np.maximum(known.sum(axis=axis, keepdims=True), 1)
    mean = np.nansum(facet, axis=axis, keepdims=True) / n
    apart = np.where(known, facet - mean, 0.0)
    deviation = np.sqrt((apart**2).sum(axis=axis, keepdims=True) / n)
    standard: np.ndarray = apart / np.where(deviation > 0, deviation, 1.0)
    return standard


def plain(model: Model) -> Model:
    """Return a version with all facets of the programme's weights, whatever was learned."""
    base = programme_model(model.version)
    return replace(model, weights=base.weights, scales=base.scales)


def fit_yardstick(
    model: Model,
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    outcomes: Sequence[Outcome],
    *,
    history: bool = True,
    seed: int = 7,
) -> Yardstick | None:
    """Return the yardstick fitted on outcomes of one kind, block by block as weights are fitted.

    Each query's yeses against up to 60 others drawn evenly; ``history`` as in
    :func:`~matchmaker.matching.learning.fitting.fit`. None without usable outcomes.
    """
    by_id = {need.id: need for need in needs}
    own, random = plain(model), np.random.default_rng(seed)
    names = own.facets(needs[0].kind) if needs else ()
    drawn: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {BY_NEED: [], BY_OFFER: []}
    for span in blocks_of(outcomes) if history else blocks_of(outcomes, 0.0):
        block = look(own, by_id, offers, outcomes, span, history=history)
        if block is None:
            continue
        for axis, sets in drawn.items():
            sets.append(_drawn(block, names, axis, random))
    by_need, by_offer = (_fitted(drawn[axis]) for axis in (BY_NEED, BY_OFFER))
    if by_need is None or by_offer is None:
        return None
    return Yardstick(names, by_need, by_offer)


def raw_of(
    model: Model, needs: Sequence[NeedRecord], offers: Sequence[OfferRecord]
) -> dict[str, np.ndarray]:
    """Return the raw facets of every pair, each float32 (needs, offers)."""
    own = plain(model)
    names = own.facets(needs[0].kind) if needs else ()
    raw = {name: np.empty((len(needs), len(offers)), np.float32) for name in names}
    pool = Side.build(encode_all(offers, own))
    for start in range(0, len(needs), SOME):
        some = encode_all(needs[start : start + SOME], own)
        pairings = [Pairing(need, pool, asks=True) for need in some]
        for name, values in stacked_raw(own, pairings).items():
            raw[name][start : start + SOME] = values.reshape(len(some), len(offers))
    return raw


def _drawn(
    block: Seen, names: tuple[str, ...], axis: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return standardised facets (rows, f) of one block's choices, and who was chosen (rows,)."""
    chosen, new = block.chosen > 0, block.new
    if axis == BY_OFFER:
        chosen, new = chosen.T, new.T
    queries: list[np.ndarray] = []
    listed: list[np.ndarray] = []
    for at in np.flatnonzero((chosen & new).any(axis=1)).tolist():
        others = np.flatnonzero(new[at] & ~chosen[at])
        if len(others) > OTHERS:
            others = random.choice(others, OTHERS, replace=False)
        listed.append(np.concatenate([np.flatnonzero(chosen[at] & new[at]), others]))
        queries.append(np.full(len(listed[-1]), at))
    if not listed:
        return np.empty((0, len(names))), np.empty(0, bool)
    rows, columns = np.concatenate(queries), np.concatenate(listed)
    pairs = (rows, columns) if axis == BY_NEED else (columns, rows)
    facets = [standardised(block.raw[name], axis)[pairs] for name in names]
    return np.stack(facets, axis=-1), chosen[rows, columns]


def _fitted(drawn: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray | None:
    """Return the coefficients, float64 (f,); None where nobody was chosen, or everybody."""
    if not drawn:
        return None
    facets, said = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
    if not said.any() or said.all():
        return None
    coefficients: np.ndarray = LogisticRegression(max_iter=1000).fit(facets, said).coef_[0]
    return coefficients
