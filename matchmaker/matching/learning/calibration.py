"""Freezing a model version to a pool without outcomes: idf, how common codes are, quartiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from matchmaker.matching.amounts import log_band
from matchmaker.matching.codes import chain
from matchmaker.matching.encoding import encode_all
from matchmaker.matching.facets import raw_facets
from matchmaker.matching.gates import gates_of
from matchmaker.matching.model import Model, Pool, Scale
from matchmaker.matching.programme import LEAST_MET
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.side import Pairing, Side
from matchmaker.matching.terms import fit_idf

#: Needs drawn to look at a pool's pairs, and the share of text cosines below the scale's top.
_SAMPLE, _TOP = 400, 0.999
#: Widest share of facets' values that an unknown one is held to beat: the lower quartile.
_QUARTILE = 25.0
#: Past matches with a code at which half of what they tell of it is believed.
_PROOF = 5.0


def calibrate(
    base: Model, needs: Sequence[NeedRecord], offers: Sequence[OfferRecord], version: str
) -> Model:
    """Return ``base`` with idf, pool figures, text scale and unknown points of this pool.

    Weights stay. With fewer than two needs or no offer the base's scales stay too.
    """
    texts = [*((need.text, need.lang) for need in needs), *((o.text, o.lang) for o in offers)]
    model = replace(base, version=version, idf=fit_idf(texts), pool=_pool(base.pool, needs))
    scales = dict(base.scales)
    for kind in base.weights:
        kept_needs = [need for need in needs if need.kind == kind]
        kept_offers = [offer for offer in offers if offer.kind == kind]
        if len(kept_needs) > 1 and kept_offers:
            raw = sample_raw(model, kept_needs, kept_offers)
            scales[kind] = _scales(base.scales[kind], raw)
    return replace(model, scales=scales)


def sample_raw(
    model: Model, needs: Sequence[NeedRecord], offers: Sequence[OfferRecord], seed: int = 7
) -> dict[str, np.ndarray]:
    """Return raw facet values of up to 400 needs against all offers, each (pairs,)."""
    random = np.random.default_rng(seed)
    drawn = random.permutation(len(needs))[:_SAMPLE]
    pool = Side.build(encode_all(offers, model))
    asked = encode_all([needs[at] for at in drawn.tolist()], model)
    return stacked_raw(model, [Pairing(need, pool, asks=True) for need in asked])


def stacked_raw(model: Model, pairings: Sequence[Pairing]) -> dict[str, np.ndarray]:
    """Return raw facet values of pairings of one kind, one after the other, each (pairs,)."""
    names = model.facets(pairings[0].query.kind)
    found: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for pairing in pairings:
        preferences = gates_of(pairing).preferences
        for name, raw in raw_facets(pairing, model.pool, preferences, names).items():
            found[name].append(raw)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def unknown_points(name: str, scale: Scale, raw: np.ndarray) -> int:
    """Return the lower quartile of points among known values, the scale's own if none is known.

    No more than what is met in the least part has: where most offers ask for no papers, the
    quartile alone would put who is silent before who has one of three.
    """
    known = raw[~np.isnan(raw)]
    if not len(known):
        return scale.unknown
    most = scale.apply(np.array(LEAST_MET.get(name, np.inf)))
    return min(int(np.percentile(scale.apply(known), _QUARTILE)), int(most))


def _scales(base: Mapping[str, Scale], raw: Mapping[str, np.ndarray]) -> dict[str, Scale]:
    scales = dict(base)
    for name, values in raw.items():
        scale = base[name]
        if name == "text":
            scale = _text_scale(scale, values)
        scales[name] = replace(scale, unknown=unknown_points(name, scale, values))
    return scales


def _text_scale(base: Scale, values: np.ndarray) -> Scale:
    """Stretch the text scale so that its top is a cosine that one pair in a thousand reaches."""
    known = values[~np.isnan(values)]
    top = float(np.quantile(known, _TOP)) if len(known) else 0.0
    if top <= 0:
        return base
    ratio = top / base.raw[-1]
    return replace(base, raw=tuple(round(at * ratio, 6) for at in base.raw))


def _pool(base: Pool, needs: Sequence[NeedRecord]) -> Pool:
    counts: Counter[str] = Counter()
    for need in needs:
        counts.update(_codes(need))
    n = len(needs)
    if n == 0:
        return base
    share = {code: (count + 0.5) / (n + 1.0) for code, count in counts.items()}
    middles = [sum(log_band(need.amount)) / 2.0 for need in needs if need.amount is not None]
    amount = base.amount
    if len(middles) > 1:
        amount = (float(np.mean(middles)), max(float(np.std(middles)), 0.1))
    return replace(base, share=share, floor=0.5 / (n + 1.0), amount=amount)


def proven(matched: Iterable[NeedRecord]) -> dict[str, float]:
    """Return by code how far past matches tell of it, ``C / (C + 5)``, for needs of C matches.

    Codes change: a list gets new entries, others fall out of use. That an offerer never took what
    nobody could take says nothing of it, and without this it would tell most against the busiest.
    """
    counts: Counter[str] = Counter()
    for need in matched:
        counts.update(_codes(need))
    return {code: count / (count + _PROOF) for code, count in counts.items()}


def _codes(need: NeedRecord) -> Iterable[str]:
    return {above for codes in need.attrs.values() for one in codes for above in chain(one)}
