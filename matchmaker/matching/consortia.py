"""Groups of firms whose needs reach an offer's least amount together, where one alone does not.

All of it reads bands: the sum of bands is the band from the sum of the lows to the sum of the
highs, and a group is proposed only if that whole band lies inside the ticket, so it reaches the
ticket whatever the exact amounts are. Nobody's amount can be worked out of it.

Formula, ours: a group of n firms has ``100 (.8 mean nearness + .2 (6 - n) / 4)`` points, fewer
firms being easier to bring together; see ``nearness`` for the first part. It is a fact of the
members and the offer: who else is in the pool changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf, isinf, nextafter

from matchmaker.matching.eligibility import State, check, compile_criterion, state_of
from matchmaker.matching.match import shown
from matchmaker.matching.nearness import Near, nearness
from matchmaker.matching.records import Band, Criterion, NeedRecord, OfferRecord

#: A group with its asking firm; more are hard to bring to one table.
MOST_FIRMS = 6
MOST_GROUPS = 3
#: Of the offer's own list, the best first.
MOST_CANDIDATES = 200
#: What a group is by its legal form; a group is no part of another.
GROUP_FORM = "legal:consortium"
AMOUNT = "amount_usd"
_NEAR, _FEW = 0.8, 0.2


@dataclass(frozen=True, slots=True)
class Group:
    """Others that reach the ticket with the asking need, the nearest first; points 0..100."""

    others: tuple[Near, ...]
    band: Band
    points: int
    score: float

    @property
    def ids(self) -> tuple[int, ...]:
        """The needs beside the asking one."""
        return tuple(one.need_id for one in self.others)


def ticket_of(criteria: Iterable[Criterion]) -> Band | None:
    """Return the range of USD that gates an offer, None where no rule asks a least amount.

    Both ends of a rule belong to it, while a band ends before its ``high``.
    """
    tests = [compile_criterion(rule) for rule in criteria if rule.fact == AMOUNT and rule.gates]
    low = max((test.low for test in tests), default=-inf)
    high = min((test.high for test in tests), default=inf)
    return None if low <= 0 else Band(low, None if isinf(high) else high)


def band_sum(bands: Iterable[Band]) -> Band:
    """Return the band that a sum of amounts lies in; ValueError for no bands."""
    listed = list(bands)
    if not listed:
        raise ValueError("nothing to add up")
    highs = [band.high for band in listed]
    known = [high for high in highs if high is not None]
    return Band(sum(band.low for band in listed), sum(known) if len(known) == len(highs) else None)


def reaches(band: Band, ticket: Band) -> bool:
    """Return whether every amount of a band lies inside a ticket."""
    if band.low < ticket.low:
        return False
    return ticket.high is None or (band.high is not None and band.high <= ticket.high)


def falls_short(need: NeedRecord, offer: OfferRecord) -> bool:
    """Return whether a pair is closed by the ticket's least amount and by nothing else."""
    ticket = ticket_of(offer.criteria)
    return ticket is not None and _below(need.amount, ticket) and _passes(need, offer)


def wanted(offer: OfferRecord) -> OfferRecord:
    """Return the offer as it would be for needs below its ticket only: whom to ask an index for.

    ValueError for an offer without a least amount.
    """
    ticket = ticket_of(offer.criteria)
    if ticket is None:
        raise ValueError("the offer asks no least amount")
    others = tuple(rule for rule in offer.criteria if rule.fact != AMOUNT or not rule.gates)
    below = Criterion(AMOUNT, "at_most", (nextafter(ticket.low, -inf),), must=True)
    return replace(offer, criteria=(*others, below))


def consortia(
    need: NeedRecord,
    offer: OfferRecord,
    candidates: Iterable[NeedRecord],
    *,
    have: Band | None = None,
    places: int = MOST_FIRMS - 1,
) -> tuple[Group, ...]:
    """Return up to three groups of 2 to 6 firms that reach the offer's ticket, the best first.

    ``candidates`` may hold anybody: needs that another gate of the offer closes, that do not say
    an amount below the ticket, of the asking firm or that are groups themselves are left out, and
    of several needs of a firm the nearest counts. ``have`` (USD) is what the asking firm comes to
    already with others, its own amount without it; ``places`` (0 to 5) is how many may still come.

    No firm stands in two of the groups. Each is the best there is, exactly: amounts exist in few
    bands, and of each band only the nearest needs can be in the best group, so at most
    ``C(k + 5, 5)`` choices are looked at for k bands. Equal points: fewer firms, then lesser ids.
    """
    ticket = ticket_of(offer.criteria)
    if ticket is None or not falls_short(need, offer) or not _takes_groups(offer):
        return ()
    if have is not None and reaches(have, ticket):
        return ()
    near = _nearest(need, offer, _fitting(need, offer, candidates, ticket))
    asking = need if have is None else replace(need, amount=have)
    found: list[Group] = []
    while len(found) < MOST_GROUPS:
        best = _Search(asking, near, ticket, places).best()
        if best is None:
            break
        found.append(best)
        near = [one for one in near if one.need_id not in best.ids]
    return tuple(found)


def group_of(need: NeedRecord, offer: OfferRecord, others: Sequence[NeedRecord]) -> Group:
    """Return the group of a need with given others, whether or not it reaches the ticket.

    ValueError where somebody says no amount, or for no others.
    """
    if not others:
        raise ValueError("a group is of two at least")
    return _group(need, [nearness(need, offer, one) for one in others])


def _below(band: Band | None, ticket: Band) -> bool:
    return band is not None and band.high is not None and band.low > 0 and band.high <= ticket.low


def _passes(need: NeedRecord, offer: OfferRecord) -> bool:
    """Whether no gate but the amount's is unmet."""
    rules = check(need, offer)
    return not any(rule.closes and rule.criterion.fact != AMOUNT for rule in rules)


def _takes_groups(offer: OfferRecord) -> bool:
    """A group is asked as such: where its legal form is refused, none is proposed."""
    rules = [rule for rule in offer.criteria if rule.fact == "legal_form" and rule.gates]
    form = (GROUP_FORM,)
    return all(
        state_of(compile_criterion(rule), "legal_form", form) is not State.UNMET for rule in rules
    )


def _fitting(
    need: NeedRecord, offer: OfferRecord, candidates: Iterable[NeedRecord], ticket: Band
) -> list[NeedRecord]:
    return [
        one
        for one in candidates
        if one.organisation_id != need.organisation_id
        and one.kind == need.kind
        and _below(one.amount, ticket)
        and GROUP_FORM not in one.attrs.get("legal_form", ())
        and _passes(one, offer)
    ]


def _nearest(need: NeedRecord, offer: OfferRecord, others: Iterable[NeedRecord]) -> list[Near]:
    """Return one need a firm, the nearest first."""
    firms = {one.id: one.organisation_id for one in others}
    near = [nearness(need, offer, one) for one in others]
    near.sort(key=lambda one: (-one.value, one.need_id))
    first: dict[int, Near] = {}
    for one in near:
        first.setdefault(firms[one.need_id], one)
    return list(first.values())


def _group(need: NeedRecord, others: Sequence[Near]) -> Group:
    if need.amount is None:
        raise ValueError("the asking need says no amount")
    ordered = tuple(sorted(others, key=lambda one: (-one.value, one.need_id)))
    score = _score([one.value for one in ordered])
    band = band_sum([need.amount, *(one.band for one in ordered)])
    return Group(ordered, band, shown(score), score)


def _score(values: Sequence[float]) -> float:
    few = (MOST_FIRMS - 1 - len(values)) / (MOST_FIRMS - 2)
    # Rounded so that who is added up first decides no tie.
    return round(100.0 * (_NEAR * sum(values) / len(values) + _FEW * few), 9)


class _Search:
    """The best group by counting how many come from each band, the greatest bands first."""

    def __init__(self, need: NeedRecord, near: Sequence[Near], ticket: Band, places: int) -> None:
        self.need, self.ticket, self.places = need, ticket, places
        kinds: dict[Band, list[Near]] = {}
        for one in near:
            kinds.setdefault(one.band, []).append(one)
        self.kinds = sorted(kinds.items(), key=lambda kind: -kind[0].low)
        self.sums = [[0.0, *accumulate(one.value for one in some)] for _, some in self.kinds]
        self.found: Group | None = None

    def best(self) -> Group | None:
        if self.need.amount is not None:
            self._look(0, [], self.need.amount)
        return self.found

    def _look(self, at: int, counts: list[int], band: Band) -> None:
        left = self.places - sum(counts)
        if self.ticket.high is not None and (band.high or 0.0) > self.ticket.high:
            return
        if counts and counts[-1] and reaches(band, self.ticket):
            self._keep(counts)
        if at == len(self.kinds) or not left:
            return
        own, some = self.kinds[at]
        if band.low + left * own.low < self.ticket.low:
            return
        for n in range(min(left, len(some)) + 1):
            self._look(at + 1, [*counts, n], band_sum([band, *[own] * n]))

    def _keep(self, counts: Sequence[int]) -> None:
        n = sum(counts)
        near = sum(self.sums[at][count] for at, count in enumerate(counts))
        few = (MOST_FIRMS - 1 - n) / (MOST_FIRMS - 2)
        score = 100.0 * (_NEAR * near / n + _FEW * few)
        if self.found is not None and score < self.found.score - 1e-6:
            return
        group = _group(
            self.need, [one for at, k in enumerate(counts) for one in self.kinds[at][1][:k]]
        )
        if self.found is None or _rank(group) < _rank(self.found):
            self.found = group


def _rank(group: Group) -> tuple[float, int, list[int]]:
    return -group.score, len(group.others), sorted(group.ids)
