"""How many offers are open to each need and what closes the others, for jobs on whole pools."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matchmaker.matching.eligibility import (
    State,
    compile_criterion,
    fact_of,
    service_fits,
    state_of,
)
from matchmaker.matching.records import Criterion, FactValue, Kind, NeedRecord, OfferRecord


class Doors(NamedTuple):
    """What :class:`ranking.Ranking` counts for a need under the same names."""

    total: int
    pool: int
    left_out: Mapping[str, int]
    by_one: Mapping[str, int]


class Asking(NamedTuple):
    """All of an offer that decides whom it is open to; many offers ask alike."""

    kind: Kind
    codes: tuple[str, ...]
    deploying: bool
    gates: tuple[Criterion, ...]


class DoorPool:
    """Offers by what they ask; who asks alike is looked at once."""

    def __init__(self, offers: Iterable[OfferRecord]) -> None:
        self._asking: Counter[Asking] = Counter()
        self._offerers: set[int] = set()
        for offer in offers:
            self._asking[_asking(offer)] += 1
            self._offerers.add(offer.organisation_id)

    def offers(self, organisation_id: int) -> bool:
        """Whether an organisation has offers here: its own needs are not held against them."""
        return organisation_id in self._offerers

    def doors(self, needs: Sequence[NeedRecord]) -> list[Doors]:
        """Return the doors of needs, in their order, equal to those of ``Index.top``.

        None of the needs may be of an organisation with offers here. Takes memory for some numbers
        a need and fact, so hand over some thousands at a time.
        """
        found: dict[int, Doors] = {}
        for kind in ("finance", "service"):
            rows = [at for at, need in enumerate(needs) if need.kind == kind]
            if rows:
                block = _Block([needs[at] for at in rows])
                for asking, offers in self._asking.items():
                    if asking.kind == kind:
                        block.hold(asking, offers)
                found.update(zip(rows, block.listed(), strict=True))
        return [found[at] for at in range(len(needs))]


@dataclass(frozen=True, slots=True)
class _Said:
    """What needs show for a fact: the different values, and which each need has, int64 (n,)."""

    values: list[FactValue]
    of: np.ndarray


class _Block:
    """Counts, for needs of one kind, over the offers that they are held against."""

    def __init__(self, needs: Sequence[NeedRecord]) -> None:
        self._needs, n = needs, len(needs)
        self._said: dict[str, _Said] = {}
        self._unmet: dict[Criterion, np.ndarray] = {}
        self._codes = _distinct([need.code for need in needs])
        self._total = np.zeros(n, np.int64)
        self._pool = 0
        self._left_out: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(n, np.int64))
        self._by_one: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(n, np.int64))

    def hold(self, asking: Asking, offers: int) -> None:
        """Hold all needs against so many offers that ask alike, in the steps of a ranking."""
        self._pool += offers
        standing = self._fits(asking)
        if not standing.all():
            self._left_out["service"] += offers * ~standing
        if not asking.deploying:
            self._left_out["not_deploying"] += offers * standing
            return
        shut = np.zeros(len(self._needs), np.int64)
        closed: dict[str, np.ndarray] = {}
        for rule in asking.gates:
            unmet = self._unmet_of(rule)
            shut += unmet
            closed[rule.fact] = closed[rule.fact] | unmet if rule.fact in closed else unmet
        for fact, mask in closed.items():
            here = mask & standing
            self._left_out[fact] += offers * here
            self._by_one[fact] += offers * (here & (shut == 1))
        self._total += offers * (standing & (shut == 0))

    def listed(self) -> list[Doors]:
        """Return what was counted, need by need."""
        n = len(self._needs)
        left_out, by_one = _by_need(self._left_out, n), _by_need(self._by_one, n)
        return [
            Doors(total, self._pool, left, one)
            for total, left, one in zip(self._total.tolist(), left_out, by_one, strict=True)
        ]

    def _fits(self, asking: Asking) -> np.ndarray:
        """Which needs the offers are comparable with at all, bool (n,)."""
        if asking.kind == "finance":
            return np.ones(len(self._needs), bool)
        like = OfferRecord(id=0, organisation_id=0, kind=asking.kind, codes=asking.codes)
        fits = [
            service_fits(self._needs[int(np.argmax(self._codes.of == at))], like)
            for at in range(len(self._codes.values))
        ]
        return np.array(fits)[self._codes.of]

    def _unmet_of(self, rule: Criterion) -> np.ndarray:
        if rule not in self._unmet:
            said, test = self._said_of(rule.fact), compile_criterion(rule)
            unmet = [state_of(test, rule.fact, value) is State.UNMET for value in said.values]
            self._unmet[rule] = np.array(unmet)[said.of]
        return self._unmet[rule]

    def _said_of(self, fact: str) -> _Said:
        if fact not in self._said:
            self._said[fact] = _distinct([fact_of(need, fact) for need in self._needs])
        return self._said[fact]


def _asking(offer: OfferRecord) -> Asking:
    gates = sorted((rule for rule in offer.criteria if rule.gates), key=repr)
    codes = () if offer.kind == "finance" else tuple(sorted(offer.codes))
    return Asking(offer.kind, codes, offer.deploying, tuple(gates))


def _distinct(said: Sequence[FactValue]) -> _Said:
    # True and 1 are equal, but not to a rule about codes or money.
    place: dict[tuple[type, FactValue], int] = {}
    of = [place.setdefault((type(value), value), len(place)) for value in said]
    return _Said([value for _, value in place], np.array(of, np.int64))


def _by_need(counts: Mapping[str, np.ndarray], n: int) -> list[dict[str, int]]:
    """Turn counts by name and need round, leaving out zeros."""
    found: list[dict[str, int]] = [{} for _ in range(n)]
    for name, column in counts.items():
        rows = np.flatnonzero(column)
        for at, count in zip(rows.tolist(), column[rows].tolist(), strict=True):
            found[at][name] = count
    return found
