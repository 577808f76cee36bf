"""Fitting a model version: scales and weights from outcomes, shrunk towards the programme's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchmaker.matching.learning.calibration import calibrate, unknown_points
from matchmaker.matching.learning.choices import (
    Choices,
    blocks_of,
    look,
)
from matchmaker.matching.learning.groundwork import (
    both_choices,
    informative,
    with_past,
    with_proof,
)
from matchmaker.matching.learning.history import Outcome
from matchmaker.matching.learning.logit import Sets, Shares, fit_harmonic, fit_non_negative
from matchmaker.matching.model import (
    DIRECTIONS,
    Direction,
    Model,
    Scale,
    Weights,
    whole_per_cents,
)
from matchmaker.matching.records import Kind, NeedRecord, OfferRecord

#: Steps of a fitted scale, pull towards the base per coefficient, and the outcomes at which a fit
#: counts as much as the base.
KNOTS, PULL, TRUST = 8, 3.0, 100.0
#: Facets that speak in one direction only.
ONE_WAY: Mapping[str, Direction] = {
    "activity": "forward",
    "evidence": "backward",
    "freshness": "backward",
    "preferences": "backward",
}
_SPREAD = 2.0


@dataclass(frozen=True)
class Fitted:
    """A new version with what it was fitted on; publishing it is somebody else's decision."""

    model: Model
    kind: Kind
    outcomes: int
    #: Facets that outcomes had something to say about; the others keep the base's weights.
    learned: tuple[str, ...]
    #: How far the fit moved from the base, 0..1.
    trust: float


def fit(
    base: Model,
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    outcomes: Sequence[Outcome],
    version: str,
    *,
    kind: Kind = "finance",
    history: bool = True,
    seed: int = 7,
) -> Fitted:
    """Return ``base`` calibrated to the pool and fitted on one kind's outcomes.

    Outcomes are looked at in blocks of days, each with the history of its first day (``choices``).
    Scales: monotone, piecewise linear, from a non-negative conditional logit on hinge features.
    Weights: fitted together through the harmonic mean, then mixed with the base's by
    ``n / (n + 100)``, n being the outcomes' weights summed up, a no counting like a yes. Without
    usable outcomes the calibrated base is returned. Without ``history`` the offers are fitted as
    they are given: they hold nothing that came of these outcomes.
    """
    plain = calibrate(base, needs, offers, version)
    by_id = {need.id: need for need in needs if need.kind == kind}
    kept = [offer for offer in offers if offer.kind == kind]
    known = {offer.id for offer in kept}
    used = [one for one in outcomes if one.need_id in by_id and one.offer_id in known]
    if history:
        plain = with_proof(plain, [by_id[one.need_id] for one in used if one.weight > 0])
    model = with_past(plain, kind) if history else plain
    spans = blocks_of(used) if history else blocks_of(used, 0.0)
    looks = [look(model, by_id, kept, used, span, history=history) for span in spans]
    seen = [block for block in looks if block is not None]
    names = informative(seen, model.facets(kind))
    if not names:
        return Fitted(plain, kind, 0, (), 0.0)
    choices = both_choices(seen, names, seed)
    names = choices[0].names
    if not names:
        return Fitted(plain, kind, 0, (), 0.0)
    if "past" not in names:
        model = plain
    evidence = sum(abs(one.weight) for one in used)
    trust = evidence / (evidence + TRUST)
    fitted = _fitted(model, plain.weights[kind], kind, choices, trust)
    return Fitted(fitted, kind, len(used), names, trust)


def _fitted(
    model: Model,
    own: Mapping[Direction, Weights],
    kind: Kind,
    choices: tuple[Choices, Choices],
    trust: float,
) -> Model:
    """Return the model with scales and weights fitted; ``own`` are the weights it started from."""
    base, (by_need, by_offer) = model.scales[kind], choices
    raw = np.concatenate([by_need.raw, by_offer.raw])
    chosen = np.concatenate([by_need.chosen, by_offer.chosen]) > 0
    knots = [_knots(raw[:, at], chosen) for at in range(len(by_need.names))]
    forward, backward = (_steps(one, knots) for one in choices)
    scales = dict(base)
    for at, name in enumerate(by_need.names):
        shape = np.concatenate([[0.0], np.cumsum(forward[at] + backward[at])])
        scale = _scale(base[name], knots[at], shape, trust)
        scales[name] = replace(scale, unknown=unknown_points(name, scale, raw[:, at]))
    totals = {
        "forward": _totals(by_need.names, forward),
        "backward": _totals(by_need.names, backward),
    }
    weights = _weights(model.facets(kind), own, scales, choices, totals, trust)
    return replace(
        model,
        scales={**model.scales, kind: scales},
        weights={**model.weights, kind: weights},
    )


def _totals(names: tuple[str, ...], steps: Sequence[np.ndarray]) -> dict[str, float]:
    return {name: float(heights.sum()) for name, heights in zip(names, steps, strict=True)}


def _knots(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return rising knots at quantiles of all values and of those chosen."""
    known = ~np.isnan(values)
    share = np.linspace(0.0, 1.0, KNOTS // 2 + 1)
    parts = [np.quantile(values[known], share)]
    if (known & chosen).any():
        parts.append(np.quantile(values[known & chosen], share))
    found = np.unique(np.round(np.concatenate(parts), 4))
    return found if len(found) > 1 else np.array([found[0], found[0] + 1e-4])


def _hinges(values: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Return how far each value has climbed each step, in [0, 1], (rows, knots - 1)."""
    known = values[~np.isnan(values)]
    values = np.where(np.isnan(values), np.quantile(known, 0.25), values)
    return np.clip((values[:, None] - knots[:-1]) / np.diff(knots), 0.0, 1.0)


def _steps(choices: Choices, knots: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return the non-negative height of every step of every facet, in log-odds."""
    hinges = [_hinges(choices.raw[:, at], knot) for at, knot in enumerate(knots)]
    prior = [_SPREAD / len(knots) * np.diff(knot) / (knot[-1] - knot[0]) for knot in knots]
    sets = Sets(
        np.concatenate(hinges, axis=1),
        choices.starts,
        choices.sets,
        choices.chosen,
        choices.offsets,
    )
    heights = fit_non_negative(sets, np.concatenate(prior), PULL)
    return np.split(heights, np.cumsum([len(part) for part in prior])[:-1])


def _scale(base: Scale, knots: np.ndarray, shape: np.ndarray, trust: float) -> Scale:
    """Mix a fitted shape with the base's scale, at the fitted knots."""
    own = 100.0 * shape / shape[-1] if shape[-1] > 0 else np.interp(knots, base.raw, base.points)
    points = trust * own + (1.0 - trust) * np.interp(knots, base.raw, base.points)
    return Scale(
        tuple(float(at) for at in knots), tuple(round(float(at), 3) for at in points), base.unknown
    )


def _weights(
    every: tuple[str, ...],
    base: Mapping[Direction, Weights],
    scales: Mapping[str, Scale],
    choices: tuple[Choices, Choices],
    totals: Mapping[str, Mapping[str, float]],
    trust: float,
) -> dict[Direction, dict[str, int]]:
    """Fit both directions' weights on scaled facets; facets nobody could judge keep the base's."""
    sets = [_scaled(one, every, scales) for one in choices]
    shares = [
        _shares(every, base[direction], totals[direction], direction) for direction in DIRECTIONS
    ]
    fitted = fit_harmonic(sets[0], sets[1], shares[0], shares[1])
    weights: dict[Direction, dict[str, int]] = {}
    for direction, found in zip(DIRECTIONS, fitted, strict=True):
        own = base[direction]
        weights[direction] = whole_per_cents(
            {
                name: trust * float(found[at]) + (1.0 - trust) * own.get(name, 0) / 100.0
                for at, name in enumerate(every)
            }
        )
    return weights


def _scaled(choices: Choices, every: tuple[str, ...], scales: Mapping[str, Scale]) -> Sets:
    """Return the choice sets with facet points over 100; facets not judged stand at unknown."""
    columns = []
    for name in every:
        if name in choices.names:
            points = scales[name].apply(choices.raw[:, choices.names.index(name)])
        else:
            points = np.full(len(choices.raw), scales[name].unknown)
        columns.append(points / 100.0)
    features = np.stack(columns, axis=1)
    return Sets(features, choices.starts, choices.sets, choices.chosen, choices.offsets)


def _shares(
    every: tuple[str, ...],
    base: Mapping[str, int],
    totals: Mapping[str, float],
    direction: Direction,
) -> Shares:
    fixed = np.array([0.0 if name in totals else base.get(name, 0) / 100.0 for name in every])
    allowed = np.array(
        [float(name in totals and ONE_WAY.get(name, direction) == direction) for name in every]
    )
    start = np.log([max(totals.get(name, 0.0), 0.05) for name in every])
    return Shares(start, fixed, allowed)
