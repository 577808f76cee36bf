"""The best sets for a need out of an index: what :mod:`matchmaker.matching.stacks` defines.

Read from the columns that a ranking has gone through already. Of each sort the best few are put
together, so that the work does not grow with the pool; their scores are those of the list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, cast

import numpy as np

from matchmaker.matching.index.account import Found
from matchmaker.matching.index.filters import Filters
from matchmaker.matching.index.ranking import Ranking
from matchmaker.matching.index.stackable import Columns, One, by_score, pool_of
from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.matching.stacks import (
    AMOUNT,
    GUARANTEE,
    MONEY,
    ROLES,
    WHOLE,
    Helps,
    Role,
    Stack,
    adds_up,
    coverage_of,
    score_of,
    service_need,
)

if TYPE_CHECKING:
    from matchmaker.matching.index import Index

#: Of each sort of money, of those behind one door, and of those who may open it: so many are tried.
PER_ROLE, BEHIND, OPENERS = 16, 4, 2
#: Pairs of two sorts that are worked out to the end.
TRIED = 3
#: No provider fits better.
_MOST_POINTS = 100.0


def stacks(
    index: Index,
    need: NeedRecord,
    ranking: Ranking,
    helps: Helps,
    n: int = 3,
    *,
    closed: Collection[int] = (),
    closed_organisations: Collection[int] = (),
) -> list[Stack]:
    """Return the ``n`` best sets for a need of finance, best first, one of a kind at most.

    ``ranking``: the answer to the same need, whose filters hold for every part that brings money or
    security. A set is given only where it answers better: not where one offer alone is known to be
    open, covers as much and has as many points; nor, where the list goes on behind these, with no
    more points than the last of them. ``closed...`` as in ``Question``.
    """
    if need.kind != "finance":
        return []
    search = _Search(index, need, ranking, helps, closed, closed_organisations)
    found = {*search.cover(), *search.secure(), *search.supply()}
    better = [one for one in found if not _beaten(one, search.bars)]
    return _apart(sorted(better, key=lambda one: one.order), n)


def _beaten(one: Stack, bars: Sequence[tuple[int, float]]) -> bool:
    return any(share >= one.coverage and score >= one.score for share, score in bars)


def _apart(found: Iterable[Stack], n: int) -> list[Stack]:
    """Return the first ``n`` that are of another kind and of other offers than those before."""
    chosen: list[Stack] = []
    for one in found:
        other = all(one.kind != each.kind and not {*one.ids} & {*each.ids} for each in chosen)
        if len(chosen) < n and other:
            chosen.append(one)
    return chosen


class _Search:
    def __init__(
        self,
        index: Index,
        need: NeedRecord,
        ranking: Ranking,
        helps: Helps,
        closed: Collection[int],
        closed_organisations: Collection[int],
    ) -> None:
        self.index, self.need, self.helps = index, need, helps
        self.singles, self.day = ranking.account.best, ranking.day
        self.closed, self.closed_organisations = closed, closed_organisations
        self.pools = [
            pool_of(group, index.model, need.kind, self.day, lambda fact: helps(fact) is not None)
            for group in ranking.account.groups
        ]
        #: Coverage and points of the best single offers that are known to be open.
        self.bars = [
            (self._share(one), one.score)
            for one in self.singles
            if one.group.gates.unsure[one.at] == 0
        ]
        #: Points that a set has to pass.
        self.least = max([0.0, *(score for share, score in self.bars if share == WHOLE)])
        if len(self.singles) < ranking.total:
            self.least = max([self.least, *(one.score for one in self.singles[-1:])])

    def _share(self, one: Found) -> int:
        offer = cast(OfferRecord, one.group.part.records[one.at])
        return coverage_of(self.need.amount, [offer.range])

    def _may(self, *scores: float) -> bool:
        """Whether parts of these points may pass what a set has to."""
        return score_of(scores, WHOLE) > self.least

    def cover(self) -> Iterator[Stack]:
        """Give pairs whose amounts add up to more than either."""
        if self.need.amount is None:
            return
        listed = ((role, self._open(role, {AMOUNT})) for role in MONEY)
        sorts = {role: Columns.of(ones) for role, ones in listed if ones}
        for one, other in combinations_with_replacement(sorts, 2):
            if adds_up(one, other) and self._may(sorts[one].best, sorts[other].best):
                yield from self._together(sorts[one], sorts[other])

    def _together(self, ours: Columns, theirs: Columns) -> Iterator[Stack]:
        """Give the best pairs of two sorts, by the columns; the amounts are then read exactly."""
        amount = self.need.amount
        whole = (amount.high or amount.low) if amount else 0.0
        share = np.minimum((ours.high[:, None] + theirs.high) / whole, 1.0)
        fits = share > np.maximum(ours.high[:, None], theirs.high) / whole
        fits &= ours.low[:, None] + theirs.low < whole
        fits &= ours.organisations[:, None] != theirs.organisations
        fits &= np.minimum(ours.scores[:, None], theirs.scores) > 0.0
        least = np.maximum(ours.scores, 1e-9)[:, None], np.maximum(theirs.scores, 1e-9)
        scores = np.where(fits, share / (1.0 / least[0] + 1.0 / least[1]), 0.0).ravel()
        for at in np.argsort(-scores, kind="stable")[:TRIED].tolist():
            if scores[at] > 0.0:
                one, other = divmod(at, len(theirs.ones))
                yield from self._exact((ours.ones[one], theirs.ones[other]))

    def secure(self) -> Iterator[Stack]:
        """Give loans with a guarantee in place of security, alone and with a grant beside them."""
        loans = self._behind(GUARANTEE, ("loan",), set())
        lacking = self._behind(GUARANTEE, ("loan",), {AMOUNT}) if self.need.amount else []
        if not loans and not lacking:
            return
        guarantees = self._open("guarantee", set())[:OPENERS]
        for guarantee in guarantees:
            for loan in loans:
                yield from self._exact((guarantee, loan))
        for grant in self._open("grant", {AMOUNT})[:BEHIND] if guarantees and lacking else ():
            for loan in lacking:
                yield from self._exact((grant, guarantees[0], loan))

    def supply(self) -> Iterator[Stack]:
        """Give offers of money with the service that gets the paper or the course they ask for.

        Of the service whose lack keeps the best of them away, as far as somebody gives it.
        """
        codes = {self.helps(fact) for pool in self.pools for fact in pool.facts}
        services = sorted(code for code in codes if code and code.startswith("service:"))
        waiting = {code: self._behind(code, MONEY, set()) for code in services}
        waiting = {code: ones for code, ones in waiting.items() if ones}
        for code in sorted(waiting, key=lambda one: (-waiting[one][0].found.score, one)):
            if not self._may(waiting[code][0].found.score, _MOST_POINTS):
                return
            providers = self._providers(code)
            for provider in providers:
                for one in waiting[code]:
                    yield from self._exact((provider, one), code)
            if providers:
                return

    def _providers(self, code: str) -> list[One]:
        ranking = self.index.top(
            service_need(self.need, code),
            Filters(codes=(code,), only_met=True),
            OPENERS,
            closed=self.closed,
            closed_organisations=self.closed_organisations,
            day=self.day,
        )
        return [One(found, "service") for found in ranking.account.best]

    def _open(self, role: Role, excused: set[str]) -> list[One]:
        """Return the best of a role that nothing closes, some facts aside."""
        found = [
            one
            for pool in self.pools
            for one in pool.pick(pool.roles[role] & pool.open_but(excused), PER_ROLE)
        ]
        return [One(one, role) for one in sorted(found, key=by_score)[:PER_ROLE]]

    def _behind(self, code: str, roles: Iterable[Role], excused: set[str]) -> list[One]:
        """Return the best that only facts keep away which one helper supplies.

        ``excused``: facts that count for nothing, as the amount where it is not asked whole.
        """
        found: list[One] = []
        for pool in self.pools:
            facts = {fact for fact in pool.facts if self.helps(fact) == code}
            shut = pool.open_but(facts | excused) & pool.any(pool.closed, facts)
            unsure = pool.open_but(excused) & pool.any(pool.unknown, facts)
            unsure &= ~pool.any(pool.unknown, pool.unknown.keys() - facts - excused)
            for role in roles:
                picked = pool.pick(pool.roles[role] & (shut | unsure), BEHIND)
                found += [One(one, role, pool.lacking(one.at, facts)) for one in picked]
        return sorted(found, key=lambda one: by_score(one.found))[:BEHIND]

    def _exact(self, ones: Sequence[One], service: str = "") -> Iterator[Stack]:
        """Give the set that these make, by their records, if its parts add up to more than one."""
        if not self._may(*(one.found.score for one in ones)):
            return
        if len({one.organisation_id for one in ones}) < len(ones):
            return
        ranges = [one.record.range for one in ones if one.role in MONEY]
        coverage = coverage_of(self.need.amount, ranges)
        if len(ranges) > 1:
            alone = max(coverage_of(self.need.amount, [each]) for each in ranges)
            coverage = coverage if None not in ranges and coverage > alone else 0
        ordered = sorted(ones, key=lambda one: (ROLES.index(one.role), one.found.id))
        parts = tuple(one.part for one in ordered)
        if score_of([part.score for part in parts], coverage) > self.least:
            lacks = tuple(sorted({fact for one in ones for fact in one.lacks}))
            yield Stack(parts, coverage, lacks, service)
