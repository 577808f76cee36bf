"""From the facts of a month to the cells of its roll-ups: plain values in, plain values out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from matchmaker.contacts.models import RequestState
from matchmaker.organisations.services.reply_time import bin_of
from matchmaker.programme.models import EVERYWHERE, REPLY_COLUMNS
from matchmaker.programme.services.rollups.facts import (
    MonthFacts,
    NeedFact,
    RequestFact,
    introducer_ids,
)
from matchmaker.web.filters import FIT_BANDS

#: What the page breaks the counts down by; all but the introducer are columns of the finest cell.
DIMENSIONS = ("country", "province", "section", "size", "women", "code", "lang", "introducer")
ALL = "all"
STEPS = ("shown", "asked", "answered", "accepted", "met", "agreed")
NO_POINTS = -1

CellKey = tuple[str, str, str, str, str, str, str, str, str]
SumKey = tuple[str, str, str, str]
Place = tuple[str, str, str, str]


@dataclass
class Cells:
    """Counts by key; what is not in a Counter is zero."""

    #: (country, province, section, size, women, kind, code, lang, introducers)
    rollup: dict[CellKey, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    #: (kind, women, dimension, value)
    sums: dict[SumKey, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    #: ((province, introducers, kind, women), step, bin)
    waits: Counter[tuple[Place, str, int]] = field(default_factory=Counter)
    #: ((province, introducers, kind, women), band)
    points: dict[tuple[Place, int], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    #: ((province, introducers, kind, women), band, currency)
    amounts: dict[tuple[Place, str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What one need adds to the cells of its month."""

    key: CellKey
    counts: Counter[str]
    #: (step, bin)
    waits: list[tuple[str, int]]
    #: By the points from which the band begins.
    points: dict[int, Counter[str]]
    #: By (band, currency).
    amounts: dict[tuple[str, str], Counter[str]]


def cells_of(parts: Iterable[Part]) -> Cells:
    cells = Cells()
    for part in parts:
        add(cells, part)
    return cells


def add(cells: Cells, part: Part, sign: int = 1) -> None:
    """Count a need in, or with a sign of -1 out again."""
    women, kind = part.key[4:6]
    _add(cells.rollup[part.key], part.counts, sign)
    for dimension, value in _values(part.key):
        _add(cells.sums[(kind, women, dimension, value)], part.counts, sign)
    for place in _places(part.key):
        for step, bin_ in part.waits:
            cells.waits[place, step, bin_] += sign
        for points, counts in part.points.items():
            _add(cells.points[place, points], counts, sign)
        for (band, currency), counts in part.amounts.items():
            _add(cells.amounts[place, band, currency], counts, sign)


def _add(to: Counter[str], counts: Counter[str], sign: int) -> None:
    for name, count in counts.items():
        to[name] += sign * count


def parts_of(facts: MonthFacts) -> dict[int, Part]:
    """By need, what it adds."""
    return {need.id: _part(facts, need) for need in facts.needs}


def _part(facts: MonthFacts, need: NeedFact) -> Part:
    requests = facts.requests.get(need.id, [])
    part = Part(
        _key(need),
        +_counts(facts, need, requests),
        [(step, bin_of(hours)) for step, hours in _waits(facts, need, requests)],
        defaultdict(Counter),
        defaultdict(Counter),
    )
    for request in requests:
        part.points[band_of(request.score)].update(+_of_request(request))
        if request.amount is not None:
            band, currency, minor = request.amount
            part.amounts[band, currency].update(agreements=1, minor=minor)
    return part


def code_value(kind: str, code: str) -> str:
    """An instrument or a service as `scheme:code`; the scheme alone where none was said."""
    return f"{'instrument' if kind == 'finance' else 'service'}:{code}"


def band_of(score: float | None) -> int:
    """The points from which the band begins that the page showed."""
    if score is None:
        return NO_POINTS
    return next((least for least in FIT_BANDS if round(score) >= least), FIT_BANDS[-1])


def _key(need: NeedFact) -> CellKey:
    return (
        *(need.country, need.province, need.section, need.size, need.women),
        *(need.kind, need.code, need.lang, need.introducers),
    )


def _values(key: CellKey) -> Iterator[tuple[str, str]]:
    country, province, section, size, women, kind, code, lang, introducers = key
    yield ALL, ""
    yield "country", country
    yield "province", province
    yield "section", section
    yield "size", size
    yield "women", women
    yield "lang", lang
    yield "code", code_value(kind, code)
    for introducer_id in introducer_ids(introducers):
        yield "introducer", str(introducer_id)


def _places(key: CellKey) -> Iterable[Place]:
    province, women, kind, introducers = key[1], key[4], key[5], key[8]
    yield province, introducers, kind, women
    yield EVERYWHERE, EVERYWHERE, kind, women


def _counts(facts: MonthFacts, need: NeedFact, requests: list[RequestFact]) -> Counter[str]:
    """A need that was asked about was shown, even where the page's count of it was lost."""
    sight = facts.sights.get(need.id)
    counts: Counter[str] = Counter(needs=1, seen_by=sight.seen_by if sight else 0)
    for request in requests:
        counts.update(_of_request(request))
        if request.answered_at is not None:
            hours = _hours(request.answered_at - request.sent_at)
            counts[REPLY_COLUMNS[bin_of(hours)]] += 1
    reached = {
        "shown": bool(requests) or sight is not None,
        "asked": bool(requests),
        "answered": any(request.answered_at for request in requests),
        "accepted": any(request.is_yes for request in requests),
        "met": any(request.met_at for request in requests),
        "agreed": any(request.agreed_at for request in requests),
    }
    counts.update({step: 1 for step, is_so in reached.items() if is_so})
    return counts


def _of_request(request: RequestFact) -> Counter[str]:
    states = {
        RequestState.DECLINED: "declined",
        RequestState.EXPIRED: "expired",
        RequestState.WITHDRAWN: "withdrawn",
    }
    counts: Counter[str] = Counter(requests=1)
    if request.state in states:
        counts[states[request.state]] += 1
    counts["replies"] += request.answered_at is not None
    counts["yes"] += request.is_yes
    counts["meetings"] += request.met_at is not None
    counts["agreements"] += request.agreed_at is not None
    return counts


def _waits(
    facts: MonthFacts, need: NeedFact, requests: list[RequestFact]
) -> list[tuple[str, float]]:
    """Hours from each step to the next that the need reached, from the first time of each."""
    sent = min((request.sent_at for request in requests), default=None)
    sight = facts.sights.get(need.id)
    on_day = None if sight is None else datetime.combine(sight.first_day, time(), UTC)
    moments = (
        min((moment for moment in (on_day, sent) if moment is not None), default=None),
        sent,
        _first(request.answered_at for request in requests),
        _first(request.answered_at for request in requests if request.is_yes),
        _first(request.met_at for request in requests),
        _first(request.agreed_at for request in requests),
    )
    found, before = [], need.published_at
    for step, moment in zip(STEPS, moments, strict=True):
        if moment is None:
            break
        found.append((step, _hours(moment - before)))
        before = max(moment, before)
    return found


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _hours(wait: timedelta) -> float:
    return max(wait.total_seconds(), 0) / 3600
