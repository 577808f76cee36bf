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


def cells_of(facts: MonthFacts) -> Cells:
    cells = Cells()
    for need in facts.needs:
        requests = facts.requests.get(need.id, [])
        counts = _counts(facts, need, requests)
        cells.rollup[_key(need)].update(counts)
        for dimension, value in _values(need):
            cells.sums[(need.kind, need.women, dimension, value)].update(counts)
        waits = _waits(facts, need, requests)
        for place in _places(need):
            cells.waits.update((place, step, bin_of(hours)) for step, hours in waits)
            for request in requests:
                cells.points[(place, band_of(request.score))].update(_of_request(request))
                if request.amount is not None:
                    band, currency, minor = request.amount
                    cells.amounts[(place, band, currency)].update(agreements=1, minor=minor)
    return cells


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


def _values(need: NeedFact) -> Iterator[tuple[str, str]]:
    yield ALL, ""
    for name in ("country", "province", "section", "size", "women", "lang"):
        yield name, getattr(need, name)
    yield "code", code_value(need.kind, need.code)
    for introducer_id in introducer_ids(need.introducers):
        yield "introducer", str(introducer_id)


def _places(need: NeedFact) -> Iterable[Place]:
    yield need.province, need.introducers, need.kind, need.women
    yield EVERYWHERE, EVERYWHERE, need.kind, need.women


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
