"""What the timed answers are worth: against all pairs scored to the end, and on real outcomes."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

import numpy as np

from matchmaker.matching.backtest import prepare
from matchmaker.matching.benchmark_csv import BadFolder
from matchmaker.matching.benchmark_folder import BenchmarkFolder, read_folder
from matchmaker.matching.index import Index
from matchmaker.matching.metrics import Estimate, bootstrap
from matchmaker.matching.records import NeedRecord

_FIRST = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """How timed answers compare with all that stand, each scored to the end; 1 is the same."""

    #: Share of the best that is listed.
    recall: float
    #: nDCG@10 of the list with points as gains.
    ndcg: float


@dataclass(frozen=True, slots=True)
class OnOutcomes:
    """The timed function on a benchmark folder."""

    name: str
    questions: int
    offers: int
    #: Median of a list of 20, each question asked once.
    ms: float
    #: nDCG@10 of those very lists on later matches, and of all pairs scored to the end.
    ndcg: Estimate
    exact: Estimate

    def told(self) -> str:
        """Return the figures as one line of text."""
        return (
            f"{self.name}: {self.questions} questions to {self.offers:,} offers, top 20 in "
            f"{self.ms:.2f} ms, nDCG@10 on later matches {self.ndcg}, of all pairs scored "
            f"to the end {self.exact.mean:.3f}"
        )


def agreement(index: Index, needs: Sequence[NeedRecord], n: int) -> Agreement:
    """Compare lists of ``n`` with the order of all that stand, means over the needs."""
    found = [_agreement(index, need, n) for need in needs]
    recall, ndcg = (statistics.mean(values) for values in zip(*found, strict=True))
    return Agreement(recall, ndcg)


def _agreement(index: Index, need: NeedRecord, n: int) -> tuple[float, float]:
    every = index.standing(need)
    points = dict(zip(every.ids.tolist(), every.points.tolist(), strict=True))
    best = every.ids[np.lexsort((every.ids, -every.points))][:n].tolist()
    listed = [id_ for _, id_ in index.top(need, n=n).best]
    if not best:
        return float(not listed), float(not listed)
    # Who is listed without standing gains nothing.
    gains = [points.get(id_, 0.0) for id_ in listed]
    ideal = _discounted([points[id_] for id_ in best])
    return len({*listed} & {*best}) / len(best), _discounted(gains) / ideal if ideal else 1.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains[:_FIRST], start=1))


def on_outcomes(folder: Path, n: int = 20) -> OnOutcomes:
    """Learn from a folder's training matches, ask a snapshot for every test organisation.

    Timed is ``Index.top`` with those closed that the organisation dealt with before. BadFolder if
    the folder cannot be read or holds no later matches.
    """
    data = read_folder(folder)
    if not data.test:
        raise BadFolder(f"{data.name}: matches_test.csv is missing or empty")
    model, offers = prepare(data, no_history=False)
    dealt = _dealt(data)
    asked, wanted = _questions(data, dealt)
    lists: list[list[int]] = []
    exact: list[list[int]] = []
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as parent:
        index = Index.build(asked, offers, model, Path(parent) / "index")
        for need in asked:
            closed = dealt.get(need.organisation_id, set())
            start = time.perf_counter()
            ranking = index.top(need, n=n, closed=closed)
            seconds.append(time.perf_counter() - start)
            lists.append([id_ for _, id_ in ranking.best])
            exact.append(_exact(index, need, closed))
    return OnOutcomes(
        name=data.name,
        questions=len(asked),
        offers=len(offers),
        ms=1e3 * statistics.median(seconds),
        ndcg=bootstrap([_ndcg(*pair) for pair in zip(lists, wanted, strict=True)]),
        exact=bootstrap([_ndcg(*pair) for pair in zip(exact, wanted, strict=True)]),
    )


def _questions(
    data: BenchmarkFolder, dealt: Mapping[int, set[int]]
) -> tuple[list[NeedRecord], list[set[int]]]:
    """Return the test organisations that met somebody new, and whom."""
    met: dict[int, set[int]] = {}
    for one in data.test or ():
        met.setdefault(one.need_id, set()).add(one.offer_id)
    asked = [row.record for row in data.sought if row.period == "test" and row.record.id in met]
    new = [(need, met[need.id] - dealt.get(need.organisation_id, set())) for need in asked]
    return [need for need, who in new if who], [who for _, who in new if who]


def _dealt(data: BenchmarkFolder) -> dict[int, set[int]]:
    """Return whom each organisation dealt with before the cut."""
    firm = {row.record.id: row.record.organisation_id for row in data.sought}
    dealt: dict[int, set[int]] = {}
    for one in data.train:
        dealt.setdefault(firm[one.need_id], set()).add(one.offer_id)
    return dealt


def _exact(index: Index, need: NeedRecord, closed: Collection[int]) -> list[int]:
    every = index.standing(need)
    order = every.ids[np.lexsort((every.ids, -every.points))].tolist()
    return [id_ for id_ in order if id_ not in closed]


def _ndcg(listed: Sequence[int], wanted: Collection[int]) -> float:
    return _discounted([float(id_ in wanted) for id_ in listed]) / _discounted([1.0] * len(wanted))
