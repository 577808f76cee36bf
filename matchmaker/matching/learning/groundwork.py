"""What a fit starts from: a model that has room for history, facets that tell, choices to fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matchmaker.matching.learning.calibration import proven
from matchmaker.matching.learning.choices import Choices, Seen, choices_of
from matchmaker.matching.model import DIRECTIONS, Direction, Model, Scale, Weights, whole_per_cents
from matchmaker.matching.records import Kind, NeedRecord

#: The scale of joint lifts, in log-odds, before outcomes say more.
_PAST_SCALE = Scale((-3.0, 0.0, 5.0), (0.0, 25.0, 100.0), 20)


def with_proof(model: Model, matched: Sequence[NeedRecord]) -> Model:
    """Return the model with how far past matches, those of ``matched``, tell of each code."""
    return replace(model, pool=replace(model.pool, proven=proven(matched)))


def with_past(model: Model, kind: Kind) -> Model:
    """Return the model with joint lifts among its facets: only outcomes can give them weight."""
    weights: dict[Direction, Weights] = {
        direction: whole_per_cents({**model.weights[kind][direction], "past": 3})
        for direction in DIRECTIONS
    }
    scales = {**model.scales[kind], "past": _PAST_SCALE}
    return replace(
        model,
        weights={**model.weights, kind: weights},
        scales={**model.scales, kind: scales},
    )


def both_choices(
    seen: Sequence[Seen], names: tuple[str, ...], seed: int
) -> tuple[Choices, Choices]:
    """Return the choices of needs and of offers, with the facets that are known in both."""
    by_need = choices_of(seen, names, by_offer=False, seed=seed)
    by_offer = choices_of(seen, names, by_offer=True, seed=seed + 1)
    known = ~np.isnan(by_need.raw).all(axis=0) & ~np.isnan(by_offer.raw).all(axis=0)
    told = tuple(name for name, some in zip(names, known.tolist(), strict=True) if some)
    by_need, by_offer = (
        replace(one, names=told, raw=one.raw[:, known]) for one in (by_need, by_offer)
    )
    return by_need, by_offer


def informative(seen: Sequence[Seen], facets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the facets that are known for some pairs and differ between them."""
    return tuple(
        name
        for name in facets
        if seen
        and len(np.unique(np.concatenate([block.raw[name][:50].ravel() for block in seen]))) > 2
    )
