"""Doors that one change would open: how many offers a need misses by a single fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from matchmaker.matching.encoding import encode
from matchmaker.matching.gates import gates_of
from matchmaker.matching.levers import in_reach
from matchmaker.matching.listed import listed_rows
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.side import Pairing, Side


@dataclass(frozen=True)
class Doors:
    """Offers as their rules see a need; words are left out, no score is asked for."""

    side: Side
    model: Model

    @classmethod
    def of(cls, offers: Iterable[OfferRecord], model: Model) -> Doors:
        """Return the doors that these offers are."""
        rows = [encode(replace(offer, text=""), model) for offer in offers]
        return cls(Side.build(rows), model)

    def opened_by(self, need: NeedRecord) -> dict[str, int]:
        """Return how many offers each fact alone closes to a need, of those in a firm's reach.

        Counted are offers of its kind and service by others that take requests now, where just one
        rule that gates is not met; a rule not known to be met closes nothing.
        """
        pairing = Pairing(encode(replace(need, text=""), self.model), self.side, asks=True)
        gates = gates_of(pairing)
        met_but_for_one = replace(gates, unmet=gates.unmet - 1)
        nearly = listed_rows(pairing, met_but_for_one) & (pairing.offer("deploying") != 0.0)
        found = {
            fact: int(np.count_nonzero(closed & nearly))
            for fact, closed in gates.closed_by.items()
            if in_reach(fact)
        }
        return {fact: n for fact, n in found.items() if n}
