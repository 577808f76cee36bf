"""The whole pool at once: prices of all places, and who waits for a turn in which list."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from matchmaker.matching.exposure import LIST
from matchmaker.matching.index import Index, Standing
from matchmaker.matching.prices import PairKeeper, Prices, prices
from matchmaker.matching.records import OfferRecord

#: Answers a need is looking for, and places of an offer without a limit.
WANTED, UNLIMITED = 3.0, 1000.0
#: Needs kept for the turns of a list until the pool is gone through again: 100 looks at it.
MOST_WAITING = 200
#: Pairs that are looked at in one go: about two minutes of one core.
MOST_PAIRS = 100_000_000


@dataclass(frozen=True, slots=True)
class PricedPool:
    """What the pool tells the lists."""

    #: Price of a place less the median of its kind, in points, by offer; 0 where it is missing.
    offers: Mapping[int, float]
    #: Per offer the ids of needs that stand in its list behind the ten, seen least first.
    waiting: Mapping[int, list[int]]
    #: Organisation -> top tens it was seen in, of all that stand in some list and were looked at.
    eligible: Mapping[int, int]
    market: Prices
    #: Share of the needs that were looked at, in (0, 1].
    share: float = 1.0


def price_pool(
    index: Index, turns: Mapping[int, int], *, most_pairs: int = MOST_PAIRS, seed: int = 0
) -> PricedPool:
    """Score every offer against every need and work out what places are worth.

    ``turns`` counts top tens this month by need id. Takes one ranking an offer and memory that
    grows with the needs. Of a pool with more than ``most_pairs`` pairs an even sample of its needs
    is looked at, drawn by ``seed``; each then stands for as many as it was drawn from.
    """
    walk = _Walk(index, turns, most_pairs, seed)
    for at, offer in enumerate(walk.offers):
        walk.look(at, offer)
    places = np.array([_places(offer) for offer in walk.offers], float)
    wanted = np.full(len(walk.ids), WANTED / walk.share)
    market = prices(walk.keeper.pairs(), wanted, places)
    kinds = np.array([offer.kind for offer in walk.offers], object)
    offer_ids = np.array([offer.id for offer in walk.offers], np.int64)
    return PricedPool(
        offers=_against_median(offer_ids, market.offers, kinds),
        waiting=walk.waiting,
        eligible=walk.eligible(),
        market=market,
        share=walk.share,
    )


class _Walk:
    """Goes through the offers, keeping what prices and turns need."""

    def __init__(self, index: Index, turns: Mapping[int, int], most_pairs: int, seed: int) -> None:
        self.offers = [cast(OfferRecord, offer) for offer in index.records("offer")]
        every = sorted((need.id, need.organisation_id) for need in index.records("need"))
        most = max(most_pairs // max(len(self.offers), 1), 1)
        drawn = random.Random(seed).sample(every, most) if len(every) > most else every
        found = sorted(drawn)
        self.index = index
        self.share = len(found) / len(every) if every else 1.0
        self.ids = np.array([one[0] for one in found], np.int64)
        self.organisations = np.array([one[1] for one in found], np.int64)
        self.turns = np.array([turns.get(one[0], 0) for one in found], np.int64)
        self.stands = np.zeros(len(found), bool)
        self.keeper = PairKeeper(len(found))
        self.waiting: dict[int, list[int]] = {}

    def look(self, at: int, offer: OfferRecord) -> None:
        """Hold the offer, the pool's number ``at``, against all needs, and note who is eligible."""
        found = self.index.standing(offer, self.ids if self.share < 1.0 else None)
        rows = np.searchsorted(self.ids, found.ids)
        self.stands[rows] = True
        self.waiting[offer.id] = self._behind(found, rows)
        if offer.deploying:
            self.keeper.add(at, rows, found.points)

    def _behind(self, found: Standing, rows: np.ndarray) -> list[int]:
        order = np.lexsort((found.ids, -found.points))[LIST:]
        least = order[np.argsort(self.turns[rows[order]], kind="stable")]
        ids: list[int] = found.ids[least[:MOST_WAITING]].tolist()
        return ids

    def eligible(self) -> dict[int, int]:
        """Return by organisation the turns of its needs that some offer is open to."""
        counts: dict[int, int] = {}
        chosen = zip(
            self.organisations[self.stands].tolist(), self.turns[self.stands].tolist(), strict=True
        )
        for organisation, turns in chosen:
            counts[organisation] = counts.get(organisation, 0) + turns
        return counts


def _places(offer: OfferRecord) -> float:
    return UNLIMITED if offer.places_left is None else float(offer.places_left)


def _against_median(ids: np.ndarray, points: np.ndarray, kinds: np.ndarray) -> dict[int, float]:
    """Return prices by id; a full offer is left out, its page says "full"."""
    found: dict[int, float] = {}
    for kind in ("finance", "service"):
        of_kind = np.flatnonzero((kinds == kind) & np.isfinite(points))
        if not len(of_kind):
            continue
        against = points[of_kind] - np.median(points[of_kind])
        found |= dict(zip(ids[of_kind].tolist(), against.tolist(), strict=True))
    return found
