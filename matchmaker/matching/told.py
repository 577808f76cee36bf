"""One pair's whole arithmetic as text: from raw values through frozen scales to the score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from matchmaker.matching.eligibility import Rule, fact_of
from matchmaker.matching.encoding import encode
from matchmaker.matching.facets import raw_facets
from matchmaker.matching.gates import gates_of
from matchmaker.matching.match import Facet, Match
from matchmaker.matching.model import Model, Scale
from matchmaker.matching.records import Band, NeedRecord, OfferRecord
from matchmaker.matching.scoring import score_pair
from matchmaker.matching.side import Pairing, Side


def arithmetic_of(need: NeedRecord, offer: OfferRecord, model: Model) -> str:
    """Return every number of a pair's score, a line a facet, then rules, reasons and levers.

    Raw values are those of :mod:`~matchmaker.matching.facets`, in its units; points are theirs
    through the version's scale, rounded to whole ones; forward and backward are their weighted
    means in tenths, halves up; the score is the harmonic mean of the two. ValueError as in
    :func:`~matchmaker.matching.scoring.score_pair`.
    """
    match = score_pair(need, offer, model)
    raw = raw_values(need, offer, model)
    scales = model.scales[need.kind]
    lines = [f"{'facet':12}{'raw':>10}  {'scale':27}{'points':>6}{'forward':>18}{'backward':>18}"]
    lines += [_facet_line(one, raw[one.name], scales[one.name]) for one in match.facets]
    lines += [*_sums(match), *(_rule_line(rule, need) for rule in match.eligibility)]
    lines += [f"{one.side:8}{one.code}{_facts(one.facts)}" for one in match.reasons]
    lines += _levers(match)
    return "\n".join(lines)


def raw_values(need: NeedRecord, offer: OfferRecord, model: Model) -> dict[str, float]:
    """Return the raw value of every facet of a pair's kind, NaN where it is not known."""
    pool = Side.build([encode(offer, model)])
    pairing = Pairing(encode(need, model), pool, asks=True)
    names = model.facets(need.kind)
    found = raw_facets(pairing, model.pool, gates_of(pairing).preferences, names)
    return {name: float(found[name][0]) for name in names}


def _facet_line(facet: Facet, raw: float, scale: Scale) -> str:
    said = f"{raw:.6g}" if facet.known else "not known"
    return (
        f"{facet.name:12}{said:>10}  {_step(raw, scale, facet.points):27}{facet.points:>6}"
        f"{_product(facet.forward_weight, facet.points):>18}"
        f"{_product(facet.backward_weight, facet.points):>18}"
    )


def _product(weight: int, points: int) -> str:
    return f"{weight}% x {points} = {weight * points / 100:.2f}"


def _step(raw: float, scale: Scale, points: int) -> str:
    """The two knots between which the points lie, or what stands for a value not known."""
    if np.isnan(raw):
        quartile = f"lower quartile {scale.unknown}"
        return f"{quartile}, what fits" if points < scale.unknown else quartile
    at = int(np.clip(np.searchsorted(scale.raw, raw), 1, len(scale.raw) - 1))
    ends = (f"{scale.raw[end]:.4g}={scale.points[end]:.4g}" for end in (at - 1, at))
    return " to ".join(ends)


def _sums(match: Match) -> Iterator[str]:
    for name, total in (("forward", match.forward), ("backward", match.backward)):
        parts = [
            (one.forward_weight if name == "forward" else one.backward_weight) * one.points
            for one in match.facets
        ]
        added = " + ".join(f"{part / 100:.2f}" for part in parts if part) or "0"
        yield f"{name} = {added} = {total:.1f}"
    one, other = f"{match.forward:.1f}", f"{match.backward:.1f}"
    yield (
        f"score = 2 x {one} x {other} / ({one} + {other}) = {match.score:.2f},"
        f" shown as {match.points}"
    )


def _rule_line(rule: Rule, need: NeedRecord) -> str:
    criterion = rule.criterion
    kind = "must" if criterion.gates else "prefer"
    words = " ".join([criterion.fact, criterion.op, *map(str, criterion.values)])
    return f"{rule.state.name.lower():8}{kind:7}{words}; shown: {_value(need, criterion.fact)}"


def _value(need: NeedRecord, fact: str) -> str:
    value = fact_of(need, fact)
    return "nothing" if value is None else _plain(value)


def _facts(facts: Mapping[str, Any]) -> str:
    told = [f"{name} {_plain(value)}" for name, value in facts.items() if value not in (None, ())]
    return f" ({'; '.join(told)})" if told else ""


def _plain(value: object) -> str:
    if isinstance(value, Band):
        return f"{value.low:,.0f} to " + ("more" if value.high is None else f"{value.high:,.0f}")
    if isinstance(value, tuple | list | frozenset | set):
        return " ".join(map(str, value))
    return str(value)


def _levers(match: Match) -> Iterator[str]:
    for lever in match.levers:
        changes = " and ".join(
            " ".join([one.fact, one.op, *map(str, one.values)]) for one in lever.changes
        )
        yield f"lever   {changes}: then {lever.points} points"
