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

from matchmaker.matching.learning.calibration import stacked_raw
from matchmaker.matching.learning.choices import OTHERS, Seen, blocks_of, look
from matchmaker.matching.learning.history import Outcome
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord

#: The axis of (needs, offers) over which a query's candidates lie, either way.
BY_NEED, BY_OFFER = 1, 0


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
        facets = np.stack([raw[name] for name in self.names], axis=-1)
        return (
            standardised(facets, BY_NEED) @ self.by_need,
            standardised(facets, BY_OFFER) @ self.by_offer,
        )


def standardised(facets: np.ndarray, axis: int) -> np.ndarray:
    """Return facets (needs, offers, f) with mean 0 and deviation 1 along an axis; unknown is 0."""
    known = ~np.isnan(facets)
    n = np.maximum(known.sum(axis=axis, keepdims=True), 1)
    mean = np.nansum(facets, axis=axis, keepdims=True) / n
    apart = np.where(known, facets - mean, 0.0)
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
    seed: int = 7,
) -> Yardstick | None:
    """Return the yardstick fitted on outcomes of one kind, block by block as weights are fitted.

    Each query's yeses against up to 60 others drawn evenly. None without usable outcomes.
    """
    by_id = {need.id: need for need in needs}
    own = plain(model)
    spans = blocks_of(outcomes)
    seen = [block for span in spans if (block := look(own, by_id, offers, outcomes, span))]
    if not seen:
        return None
    names = tuple(seen[0].raw)
    by_need, by_offer = (_fitted(seen, names, axis, seed) for axis in (BY_NEED, BY_OFFER))
    if by_need is None or by_offer is None:
        return None
    return Yardstick(names, by_need, by_offer)


def raw_of(
    model: Model, needs: Sequence[NeedRecord], offers: Sequence[OfferRecord]
) -> dict[str, np.ndarray]:
    """Return the raw facets of every pair, each (needs, offers)."""
    shape = (len(needs), len(offers))
    return {
        name: values.reshape(shape)
        for name, values in stacked_raw(plain(model), needs, offers).items()
    }


def _fitted(
    seen: Sequence[Seen], names: tuple[str, ...], axis: int, seed: int
) -> np.ndarray | None:
    random = np.random.default_rng(seed)
    rows: list[np.ndarray] = []
    said: list[np.ndarray] = []
    for block in seen:
        facets = standardised(np.stack([block.raw[name] for name in names], axis=-1), axis)
        chosen, new = block.chosen > 0, block.new
        if axis == BY_OFFER:
            facets, chosen, new = facets.transpose(1, 0, 2), chosen.T, new.T
        for at in np.flatnonzero((chosen & new).any(axis=1)).tolist():
            others = np.flatnonzero(new[at] & ~chosen[at])
            if len(others) > OTHERS:
                others = random.choice(others, OTHERS, replace=False)
            drawn = np.concatenate([np.flatnonzero(chosen[at] & new[at]), others])
            rows.append(facets[at, drawn])
            said.append(chosen[at, drawn])
    if not rows or np.concatenate(said).all():
        return None
    found = LogisticRegression(max_iter=1000).fit(np.concatenate(rows), np.concatenate(said))
    coefficients: np.ndarray = found.coef_[0]
    return coefficients
