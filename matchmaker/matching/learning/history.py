"""What offerers took before a date: the history half of their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from matchmaker.matching.amounts import log_band
from matchmaker.matching.codes import chain
from matchmaker.matching.learning.joint import NOTHING, Joint, joint_lifts
from matchmaker.matching.records import Activity, Band, NeedRecord, OfferRecord, Taken
from matchmaker.matching.said import LONGEST

#: How much of its past a profile made from history shows.
_CODES, _TEXTS = 8, 50
#: Share of a history's length in which a sign of life loses half.
_HALF = 0.2
#: Share of outcomes on one day beyond which days tell no order, and the days they are spread over.
_ONE_DAY, _YEAR = 0.7, 365


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a need and an offer on a day; ``weight`` says how much that shows.

    In (0, 1]: they came together. In [-1, 0): one of the two was asked and said no.
    """

    need_id: int
    offer_id: int
    on: date
    weight: float = 1.0


def as_of(
    offers: Sequence[OfferRecord],
    needs: Mapping[int, NeedRecord],
    outcomes: Iterable[Outcome],
    day: date,
    *,
    profiles: bool,
) -> list[OfferRecord]:
    """Return the offers as history showed them before ``day``; later outcomes leave no trace.

    Nor does a no: what an offerer turned down is not what it takes.

    ``taken`` and ``activity`` are counted from outcomes before ``day``. With ``profiles``, offers
    whose profile sums up past matches (``profile_source`` history) have it summed up anew as of
    that day; what an offerer declares stays.
    """
    past: dict[int, list[tuple[Outcome, NeedRecord]]] = {offer.id: [] for offer in offers}
    for outcome in sorted(outcomes, key=lambda one: one.on):
        if outcome.weight <= 0 or outcome.on >= day:
            continue
        if outcome.offer_id in past and outcome.need_id in needs:
            past[outcome.offer_id].append((outcome, needs[outcome.need_id]))
    joint = joint_lifts(
        {at: [(outcome.weight, need) for outcome, need in own] for at, own in past.items()}
    )
    dated = (one.on for own in past.values() for one, _ in own if one.on != date.min)
    then = _Then(day, min(dated, default=None))
    return [
        _with_history(offer, past[offer.id], joint.get(offer.id, NOTHING), then, profiles)
        for offer in offers
    ]


def half_life(first: date | None, day: date) -> float | None:
    """Return in how many days a sign of life loses half: a fifth of the history since ``first``.

    Markets live at paces of their own: days in a crisis, years among investors. None without dates.
    """
    return None if first is None else max(_HALF * (day - first).days, 1.0)


def in_order(outcomes: Sequence[Outcome], until: date, seed: int = 7) -> tuple[Outcome, ...] | None:
    """Return outcomes on days that tell an order; None where theirs do.

    A fit needs to know what came before what, for a pair must not vote for itself. Where one day
    (or none at all, ``date.min``) stands beside most outcomes, they come need by need in an order
    that is drawn, after the little that dates tell, spread over the year before ``until``.
    """
    days = Counter(outcome.on for outcome in outcomes)
    needs = sorted({outcome.need_id for outcome in outcomes})
    if len(needs) < 2 or max(days.values()) <= _ONE_DAY * len(outcomes):
        return None
    turn = dict(zip(needs, np.random.default_rng(seed).permutation(len(needs)), strict=True))
    order = sorted(outcomes, key=lambda one: (one.on, turn[one.need_id], one.offer_id))
    first, n = until - timedelta(days=_YEAR), len(order)
    return tuple(
        replace(one, on=first + timedelta(days=at * _YEAR // n)) for at, one in enumerate(order)
    )


@dataclass(frozen=True, slots=True)
class _Then:
    day: date
    #: The first day on which anything came of anything; outcomes without a date are as old.
    first: date | None

    def activity(self, past: Sequence[tuple[Outcome, NeedRecord]]) -> Activity:
        oldest = self.first or date.min
        ages = [(self.day - max(outcome.on, oldest)).days for outcome, _ in past]
        return Activity.of_ages(ages, half_life(self.first, self.day))


def _with_history(
    offer: OfferRecord,
    past: Sequence[tuple[Outcome, NeedRecord]],
    joint: Joint,
    then: _Then,
    profiles: bool,
) -> OfferRecord:
    taken = replace(_taken(past), joint=joint[0], joint_base=joint[1])
    offer = replace(offer, taken=taken, activity=then.activity(past))
    if profiles and offer.profile_source == "history":
        offer = _summed_up(offer, [need for _, need in past])
    return offer


def _taken(past: Sequence[tuple[Outcome, NeedRecord]]) -> Taken:
    codes: dict[str, Counter[str]] = {}
    amounts: list[float] = []
    for outcome, need in past:
        for attr, own in need.attrs.items():
            counter = codes.setdefault(attr, Counter())
            for code in {above for one in own for above in chain(one)}:
                counter[code] += outcome.weight  # type: ignore[assignment]
        if need.amount is not None:
            amounts.append(sum(log_band(need.amount)) / 2.0)
    spread = None
    if amounts:
        spread = (float(len(amounts)), float(np.mean(amounts)), float(np.std(amounts)))
    total = float(sum(outcome.weight for outcome, _ in past))
    return Taken({attr: dict(counter) for attr, counter in codes.items()}, total, spread)


def _summed_up(offer: OfferRecord, past: Sequence[NeedRecord]) -> OfferRecord:
    """Sum up past needs as a profile: most frequent codes first, latest texts, amounts' spread."""
    attrs: dict[str, Counter[str]] = {}
    for need in past:
        for attr, own in need.attrs.items():
            attrs.setdefault(attr, Counter()).update(own)
    amounts = [sum(log_band(need.amount)) / 2.0 for need in past if need.amount is not None]
    band = None
    if amounts:
        low, high = np.percentile(amounts, [10, 90])
        band = Band(float(10.0**low), float(10.0**high))
    return replace(
        offer,
        attrs={
            attr: tuple(code for code, _ in counter.most_common(_CODES))
            for attr, counter in attrs.items()
        },
        # More is not read; kept whole, long texts would fill the memory.
        text=" . ".join(need.text for need in past[-_TEXTS:] if need.text)[:LONGEST],
        range=band,
    )
