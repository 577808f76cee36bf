"""Offers that may be parts of a set for one need: the best of a ranking, read once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import cast

import numpy as np

from matchmaker.matching.codes import key
from matchmaker.matching.index.account import Found, Group
from matchmaker.matching.index.best import Wanted, best_rows
from matchmaker.matching.index.ties import turns_of
from matchmaker.matching.model import Model
from matchmaker.matching.records import OfferRecord
from matchmaker.matching.stacks import AMOUNT, Part, Role, codes_by_role

#: So many that are open, or nearly, are looked at: the best.
MOST = 120


@dataclass(frozen=True, slots=True)
class One:
    """An offer that may be a part, by its row."""

    found: Found
    role: Role
    #: Facts that keep it away and that a helper supplies.
    lacks: tuple[str, ...] = ()

    @property
    def organisation_id(self) -> int:
        return int(self.found.group.part.side.organisations[self.found.at])

    @property
    def record(self) -> OfferRecord:
        return cast(OfferRecord, self.found.group.part.records[self.found.at])

    @property
    def part(self) -> Part:
        return Part(self.found.id, self.organisation_id, self.role, self.found.score)


@dataclass(frozen=True)
class Pool:
    """A group of a ranking with what sets read of it."""

    group: Group
    #: Which rows are of a role and of no other, bool (n,).
    roles: Mapping[Role, np.ndarray]
    #: Rows with a gating rule that is not known to be met, bool (n,), by its fact.
    unknown: Mapping[str, np.ndarray]
    #: The best rows that are open, or that only what others supply keeps away, best first.
    best: Sequence[Found]

    @property
    def closed(self) -> Mapping[str, np.ndarray]:
        """Rows that a fact closes, bool (n,), by the fact."""
        return self.group.gates.closed_by

    @property
    def facts(self) -> set[str]:
        """All that some row of the pool waits for."""
        return {*self.closed, *self.unknown}

    def open_but(self, excused: Collection[str]) -> np.ndarray:
        """Return the rows that nothing closes, these facts aside, bool (n,)."""
        return open_but(self.group, excused)

    def any(self, masks: Mapping[str, np.ndarray], facts: Collection[str]) -> np.ndarray:
        """Return which rows any of the facts concerns, bool (n,)."""
        return any_of(masks, facts, len(self.group.open))

    def pick(self, mask: np.ndarray, n: int) -> list[Found]:
        """Return the best ``n`` rows of a mask, best first."""
        return [one for one in self.best if mask[one.at]][:n]

    def lacking(self, at: int, facts: Collection[str]) -> tuple[str, ...]:
        """Return which of the facts keep a row away: those that close it, or else the unknown."""
        closing = [fact for fact in facts if fact in self.closed and self.closed[fact][at]]
        unknown = [fact for fact in facts if fact in self.unknown and self.unknown[fact][at]]
        return tuple(sorted(closing or unknown))


def pool_of(
    group: Group, model: Model, kind: str, day: int | None, supplies: Callable[[str], bool]
) -> Pool:
    """Return what sets read of a group; ``supplies`` says whether something supplies a fact."""
    side = group.part.side
    having = {
        role: side.having("code", np.array([key("code", one) for one in listed], np.int64), 1.0)
        for role, listed in codes_by_role().items()
    }
    several = sum(mask.astype(np.int8) for mask in having.values()) > 1
    roles = {role: mask & ~several for role, mask in having.items()}
    some = np.logical_or.reduce(list(roles.values()))
    helped = {fact for fact in group.gates.closed_by if supplies(fact)}
    rows = np.flatnonzero(some & open_but(group, {*helped, AMOUNT}))
    best = _best(group, model, kind, rows, Wanted(MOST, day=day))
    return Pool(group, roles, group.gates.unknown_by(), best)


def open_but(group: Group, excused: Collection[str]) -> np.ndarray:
    """Return the rows of a group that nothing closes, some facts aside, bool (n,)."""
    closed = group.gates.closed_by
    others = any_of(closed, closed.keys() - set(excused), len(group.open))
    return group.open | (group.near & ~others)


def any_of(masks: Mapping[str, np.ndarray], facts: Iterable[str], n: int) -> np.ndarray:
    """Return which of ``n`` rows any of the facts concerns, bool (n,)."""
    found = [masks[fact] for fact in facts if fact in masks]
    return np.logical_or.reduce(found) if found else np.zeros(n, bool)


def by_score(one: Found) -> tuple[float, int]:
    """Order rows of several groups: by falling score, then by turns."""
    return -one.score, one.turn


def _best(group: Group, model: Model, kind: str, rows: np.ndarray, wanted: Wanted) -> list[Found]:
    if not len(rows):
        return []
    ids = group.part.side.ids
    best, scores = best_rows(group.points, model, kind, rows, ids, wanted)
    columns = (scores, turns_of(ids[best], wanted.day), ids[best], best)
    listed = zip(*(column.tolist() for column in columns), strict=True)
    return [Found(0, 0, score, turn, id_, group, at) for score, turn, id_, at in listed]


@dataclass(frozen=True)
class Columns:
    """Scores and amounts of a few offers, float (n,); NaN where an offer does not say how much."""

    ones: Sequence[One]
    scores: np.ndarray
    low: np.ndarray
    high: np.ndarray
    organisations: np.ndarray

    @property
    def best(self) -> float:
        """The most points among them."""
        return float(self.scores.max())

    @classmethod
    def of(cls, ones: Sequence[One]) -> Columns:
        """Return the columns of offers, in their order."""
        low, high = (
            np.array([_number(one, name) for one in ones]) for name in ("range_low", "range_high")
        )
        organisations = np.array([one.organisation_id for one in ones], np.int64)
        scores = np.array([one.found.score for one in ones])
        return cls(ones, scores, 10.0**low, 10.0**high, organisations)


def _number(one: One, name: str) -> float:
    column = one.found.group.part.side.numbers.get(name)
    return nan if column is None else float(column.take(np.array([one.found.at]))[0])
