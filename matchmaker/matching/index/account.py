"""What a ranking came from, kept to explain of it what is asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

import numpy as np

from matchmaker.matching.gates import Gates
from matchmaker.matching.index.crowd import Crowd
from matchmaker.matching.index.part import Part
from matchmaker.matching.levers import FARTHEST, distance_of
from matchmaker.matching.match import Match
from matchmaker.matching.model import Model
from matchmaker.matching.records import NeedRecord, OfferRecord, Record
from matchmaker.matching.scoring import PointsOf, Scores, explain, scores_of
from matchmaker.matching.side import Pairing


@dataclass(frozen=True)
class Group:
    """Who of a part stands, by the gates alone."""

    part: Part
    pairing: Pairing
    gates: Gates
    points: PointsOf
    crowd: Crowd
    #: Kinds of rows (``Side.gate_kinds``) that stand, and that one or two facts close, (kinds,).
    stand: np.ndarray
    close: np.ndarray

    @cached_property
    def open(self) -> np.ndarray:
        """Rows that stand, bool (n,)."""
        return self.crowd.mask(self.stand)

    @cached_property
    def near(self) -> np.ndarray:
        """Rows that one or two facts close, bool (n,)."""
        return self.crowd.mask(self.close)

    @cached_property
    def distance(self) -> np.ndarray:
        """The greatest ``levers.distance_of`` what closes each kind, uint8 (kinds,)."""
        distance = np.zeros(len(self.close), np.uint8)
        for fact, closed in self.gates.closed_kinds.items():
            np.maximum(distance, closed * np.uint8(distance_of(fact)), out=distance)
        return distance

    @property
    def nearly(self) -> np.ndarray:
        """Those of ``close`` that a page counts: of offers, whom the firm or time may open."""
        return self.close & (self.distance < FARTHEST) if self.pairing.asks else self.close


class Found(NamedTuple):
    """A row for the page: in order of what closes it, falling score, turn of the day."""

    #: As ``Group.distance``.
    distance: int
    unmet: int
    score: float
    turn: int
    id: int
    group: Group
    at: int
    #: What another order than that of points goes by.
    key: float | None = None

    @property
    def order(self) -> tuple[int, int, float, int]:
        return self.distance, self.unmet, -self.score, self.turn


@dataclass(frozen=True)
class Account:
    """What a ranking came from, kept to explain of it what is asked for."""

    record: Record
    model: Model
    best: Sequence[Found]
    near: Sequence[Found]
    groups: Sequence[Group]

    def explained(self, found: Sequence[Found]) -> tuple[Match, ...]:
        """Return the matches of rows that were found, in their order."""
        matches: dict[int, Match] = {}
        for group in self.groups:
            own = [one for one in found if one.group is group]
            if own:
                rows = np.array([one.at for one in own], np.int64)
                scores = scores_of(group.points, self.model, self.record.kind, rows)
                records = [group.part.records[one.at] for one in own]
                matches |= {
                    id(one): self._explain(other, scores, at)
                    for at, (one, other) in enumerate(zip(own, records, strict=True))
                }
        return tuple(matches[id(one)] for one in found)

    def standing(self, ids: Collection[int]) -> tuple[Match, ...]:
        """Return the matches of these ids that stand, the best first, also of rows not found."""
        found: list[Match] = []
        for group in self.groups if ids else ():
            own = np.isin(group.part.side.ids, np.array([*ids], np.int64))
            rows = np.flatnonzero(own & group.open)
            if len(rows):
                scores = scores_of(group.points, self.model, self.record.kind, rows)
                others = (group.part.records[at] for at in rows.tolist())
                found += [self._explain(other, scores, at) for at, other in enumerate(others)]
        return tuple(sorted(found, key=lambda one: (-one.score, one.need_id, one.offer_id)))

    def _explain(self, other: Record, scores: Scores, at: int) -> Match:
        asks = isinstance(self.record, NeedRecord)
        pair = (self.record, other) if asks else (other, self.record)
        need, offer = cast(tuple[NeedRecord, OfferRecord], pair)
        return explain(need, offer, self.model, scores, at)

    def closed_by_one(self) -> dict[str, np.ndarray]:
        """Return ids of the pairs that one fact alone closes, int64 (pairs,), by that fact."""
        found: dict[str, list[np.ndarray]] = {}
        for group in self.groups:
            alone = group.near & (group.gates.unmet == 1)
            for fact, closed in group.gates.closed_by.items():
                found.setdefault(fact, []).append(group.part.side.ids[closed & alone])
        return _joined(found)

    def open_unsure(self) -> dict[str, np.ndarray]:
        """Return ids of open pairs with a rule not known to be met, int64 (pairs,), by its fact."""
        found: dict[str, list[np.ndarray]] = {}
        for group in self.groups:
            for fact, unknown in group.gates.unknown_by().items():
                found.setdefault(fact, []).append(group.part.side.ids[unknown & group.open])
        return _joined(found)


def _joined(parts: dict[str, list[np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the ids of all parts together, leaving out facts without any."""
    whole = {fact: np.concatenate(ids) for fact, ids in parts.items()}
    return {fact: ids for fact, ids in whole.items() if len(ids)}
