"""Facets: how well a pair fits in one respect, as a raw value for a frozen scale to turn to points.

Each function returns raw values of shape (n,), greater is better, NaN where a side says nothing.
What is declared and what history shows are blended by evidence: with n past matches history counts
``n / (n + trust)`` (shrinkage as in empirical Bayes; Efron & Morris 1977). A profile that only sums
up these matches declares nothing: its trust is 0, so history counts alone once there is any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from matchmaker.matching.encoding import AIMS
from matchmaker.matching.model import Pool
from matchmaker.matching.side import Pairing

#: Log-odds that count as a facet value of 0 and 1.
_LIFT_RANGE = (-3.0, 5.0)
#: What a lift of 0 counts: as often taken as the pool has it.
_AS_USUAL = -_LIFT_RANGE[0] / (_LIFT_RANGE[1] - _LIFT_RANGE[0])
#: Half the value is lost per half decade of distance between two amounts.
_GAP = 0.5
#: A ticket range counts whole up to three decades, a wider one in proportion; its open end is taken
#: for log10 of ten USD or of a hundred million.
_WIDEST = 3.0
_OPEN_LOW, _OPEN_HIGH = 1.0, 8.0
_CODE_PART, _PURPOSE_PART = 0.7, 0.3


def raw_facets(
    pairing: Pairing, pool: Pool, preferences: np.ndarray, names: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Return the raw values of the named facets, each float64 (n,) with NaN for unknown.

    ``preferences`` float64 (n,): share of declared preferences met, as :class:`Gates` counts it.
    """
    raw = {name: FORMULAS[name](pairing, pool) for name in names if name in FORMULAS}
    if "preferences" in names:
        raw["preferences"] = preferences
    n = len(pairing)
    return {name: np.broadcast_to(raw[name], (n,)) for name in names}


def _attribute(attr: str, p: Pairing, pool: Pool) -> np.ndarray:
    """Blend nearness to what is declared with the lift of what was taken before.

    Declared: greatest nearness along the hierarchy, in [0, 1]. History: mean log-odds over the
    need's codes (all grains, ancestors included), mapped linearly from -3..5 to [0, 1]. Each code
    counts as far as past matches tell of it: that nobody took a code which is new says nothing.
    """
    if not p.speak(attr):
        return np.array(np.nan)
    grains = p.need(f"k:{attr}")
    declared = np.where(
        np.isnan(grains + p.offer(f"k:{attr}")),
        np.nan,
        _each(attr, p) * p.greatest(f"attr:{attr}", f"attr:{attr}"),
    )
    taken = p.offer(f"taken:{attr}")
    if np.isnan(taken).all():
        return declared
    codes, told = (
        (f"past:{attr}", p.need(f"proven:{attr}")) if pool.proven else (f"attr:{attr}", grains)
    )
    lift = (told * p.offer("lift") + p.dot(codes, f"lift:{attr}")) / grains
    return _blend(p, declared, _unit(lift), taken)


def _each(space: str, p: Pairing) -> np.ndarray:
    """Return what each code counts: 1, less where a side names more than ``MOST_NAMED``."""
    sides = p.need(f"each:{space}"), p.offer(f"each:{space}")
    return _or(sides[0], 1.0) * _or(sides[1], 1.0)


def _or(numbers: np.ndarray, otherwise: float) -> np.ndarray:
    """Put a value where nothing is known."""
    return np.where(np.isnan(numbers), otherwise, numbers)


def _unit(lift: np.ndarray) -> np.ndarray:
    low, high = _LIFT_RANGE
    return np.clip((lift - low) / (high - low), 0.0, 1.0)


def _blend(p: Pairing, declared: np.ndarray, history: np.ndarray, taken: np.ndarray) -> np.ndarray:
    taken = _or(taken, 0.0)
    weight = taken / np.maximum(taken + p.offer("trust"), 1e-9)
    mixed = (1.0 - weight) * declared + weight * history
    alone = np.where(taken > 0, history, np.nan)
    return np.where(np.isnan(declared), alone, np.where(taken > 0, mixed, declared))


def _sector(p: Pairing, pool: Pool) -> np.ndarray:
    return _attribute("sector", p, pool)


def _place(p: Pairing, pool: Pool) -> np.ndarray:
    return _mean_of(("place", "area"), p, pool)


def _stage(p: Pairing, pool: Pool) -> np.ndarray:
    return _mean_of(("stage", "size", "legal_form"), p, pool)


def _mean_of(attrs: tuple[str, ...], p: Pairing, pool: Pool) -> np.ndarray:
    """Average what is known of several attributes."""
    total, known = np.array(0.0), np.array(0.0)
    for attr in attrs:
        if p.speak(attr):
            part = _attribute(attr, p, pool)
            silent = np.isnan(part)
            total, known = total + np.where(silent, 0.0, part), known + ~silent
    return np.where(known > 0, total / np.maximum(known, 1.0), np.nan)


def _service(p: Pairing, pool: Pool) -> np.ndarray:
    """Compare instrument or service and purpose; a neighbour in the list counts half."""
    code, purpose = (
        np.where(
            np.isnan(p.need(space) + p.offer(space)),
            np.nan,
            _each(space, p) * p.greatest(space, space),
        )
        for space in ("code", "purpose")
    )
    both = _CODE_PART * code + _PURPOSE_PART * purpose
    return np.where(np.isnan(both), np.where(np.isnan(code), purpose, code), both)


def _text(p: Pairing, pool: Pool) -> np.ndarray:
    """Cosine of the two texts' tf-idf vectors."""
    return np.where(np.isnan(p.need("text") + p.offer("text")), np.nan, p.dot("text", "text"))


def _ticket(p: Pairing, pool: Pool) -> np.ndarray:
    """Compare the amount's band with the ticket range and with amounts taken before.

    Declared: from .5 to 1 by the share of the band inside the range (on log10 USD), below .5 by
    the distance outside. History: log-density of the band's middle under the offer's log-normal
    against the pool's, both shrunk (see ``encoding``), mapped like a lift; inside the range no less
    than 0, for what an offer says it takes is not held against who asks for it.
    """
    low, high = p.need("amount_low"), p.need("amount_high")
    floor, top = p.offer("range_low"), p.offer("range_high")
    declared = _inside(low, high, floor, top)
    if not np.any(p.offer("taken_amounts") > 0):
        return declared
    middle = (low + high) / 2.0
    mean, sd = pool.amount
    density = _log_normal(middle, p.offer("taken_mean"), p.offer("taken_sd"))
    lift = density - _log_normal(middle, np.array(mean), np.array(sd))
    lift = np.where((floor <= low) & (high <= top), np.maximum(lift, 0.0), lift)
    return _blend(p, declared, _unit(lift), _known_taken(p, middle))


def _known_taken(p: Pairing, middle: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(middle), 0.0, p.offer("taken_amounts"))


def _log_normal(x: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return the log density of a normal at x, without the constant."""
    return -0.5 * ((x - mean) / sd) ** 2 - np.log(sd)


def _inside(low: np.ndarray, high: np.ndarray, floor: np.ndarray, top: np.ndarray) -> np.ndarray:
    width = np.maximum(high - low, 1e-9)
    share = np.clip((np.minimum(high, top) - np.maximum(low, floor)) / width, 0.0, 1.0)
    gap = np.maximum(np.maximum(floor - high, low - top), 0.0)
    fit = np.where(gap > 0, 0.5 * 0.5 ** (gap / _GAP), 0.5 + 0.5 * share)
    return _width(floor, top) * fit


def _width(floor: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Return what a ticket range counts, in (0, 1]: 1 up to three decades."""
    decades = np.minimum(top, _OPEN_HIGH) - np.maximum(floor, _OPEN_LOW)
    return _WIDEST / np.maximum(decades, _WIDEST)


def _price(p: Pairing, pool: Pool) -> np.ndarray:
    """Say how far a budget reaches into the price band; cheaper than the budget is a full fit."""
    budget, low, high = p.need("amount_high"), p.offer("price_low"), p.offer("price_high")
    share = np.clip((budget - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
    gap = np.maximum(low - budget, 0.0)
    return np.where(gap > 0, 0.5 * 0.5 ** (gap / _GAP), 0.5 + 0.5 * share)


def _language(p: Pairing, pool: Pool) -> np.ndarray:
    known = p.need("k:language") + p.offer("k:language")
    near = _each("language", p) * p.greatest("attr:language", "attr:language")
    return np.where(np.isnan(known), np.nan, near)


def _impact(p: Pairing, pool: Pool) -> np.ndarray:
    """Share of the offer's impact and ownership aims that the firm meets."""
    said = _or(p.need("k:impact"), 0.0) + _or(p.need("k:ownership"), 0.0)
    aims = p.offer("aims")
    met = sum(_or(p.need(f"each:{aim}"), 1.0) * p.dot(f"attr:{aim}", "aims") for aim in AIMS)
    return np.where((said > 0) & ~np.isnan(aims), met / aims, np.nan)


def _evidence(p: Pairing, pool: Pool) -> np.ndarray:
    """Share of the evidence asked for that the firm says it has; 1 if none is asked."""
    asked = p.offer("asked")
    share = p.dot("evidence", "evidence") / np.maximum(asked, 1.0)
    return np.where(np.isnan(p.need("evidence")), np.nan, np.where(asked > 0, share, 1.0))


def _past(p: Pairing, pool: Pool) -> np.ndarray:
    """Joint lift of the need's codes, in log-odds (``learning.joint``)."""
    return p.dot("joint", "joint") - p.offer("joint")


def _activity(p: Pairing, pool: Pool) -> np.ndarray:
    return p.offer("activity")


def _freshness(p: Pairing, pool: Pool) -> np.ndarray:
    return p.need("freshness")


FORMULAS: Mapping[str, Callable[[Pairing, Pool], np.ndarray]] = {
    "service": _service,
    "sector": _sector,
    "text": _text,
    "place": _place,
    "ticket": _ticket,
    "price": _price,
    "stage": _stage,
    "language": _language,
    "impact": _impact,
    "evidence": _evidence,
    "past": _past,
    "activity": _activity,
    "freshness": _freshness,
}


def most_met(name: str, p: Pairing) -> np.ndarray | None:
    """Return the raw value of who meets all that the other side says, (n,) or (); None for 1.

    Below 1 where a side names much, so that each of it counts less. What is not known has no more
    points than this: who tells, and fits, never stands behind who tells nothing.
    """
    if name == "ticket":
        declared = _or(_width(p.offer("range_low"), p.offer("range_high")), 1.0)
        # Less than the widest range counts: where a past counts too, it has the last word.
        return np.where(p.offer("taken_amounts") > 0, _AS_USUAL, declared)
    said = {*p.query.numbers, *p.pool.numbers}
    many = [space for space in _NAMED.get(name, ()) if f"each:{space}" in said]
    return np.minimum.reduce([_each(space, p) for space in many]) if many else None


_NAMED = {
    "service": ("code", "purpose"),
    "sector": ("sector",),
    "place": ("place", "area"),
    "stage": ("stage", "size", "legal_form"),
    "language": ("language",),
}
