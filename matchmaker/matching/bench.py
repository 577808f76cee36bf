"""Rank times beside a yardstick in the same run: interleaved rounds, medians, table and JSON.

A round asks each in turn a dozen questions, as a server is asked list after list. Each question by
each in turn is told beside it: there every answer begins with the other's data in the caches.

The yardstick is what a careful team would write with scikit-learn: a tf-idf matrix fitted before,
one sparse product, a mask of what is eligible, a structured fit, argpartition. Timed against it is
``Index.top``, the function that pages call: gates, all facets both ways, order; with reasons is
what a page shows of it. Each question is another need that the index holds, asked once.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.matching import bench_market as market
from matchmaker.matching.bench_peers import peers
from matchmaker.matching.bench_quality import Agreement, agreement
from matchmaker.matching.bench_worker import Worker, worker
from matchmaker.matching.index import Change, Index
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord

TOP, QUERIES = 20, 12
RANKED, EXPLAINED, YARDSTICK = "top 20", "with reasons", "yardstick"


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians in milliseconds for one pool size by what was timed; sizes in bytes."""

    offers: int
    questions: int
    #: Median share of the pool that no gate closes.
    eligible: float
    #: Round by round, and question by question.
    ms: Mapping[str, float]
    cold_ms: Mapping[str, float]
    #: The timed answers against all that stand.
    agreement: Agreement
    build_s: float
    rebuild_s: float
    open_s: float
    apply_ms: float
    snapshot_bytes_per_record: float
    worker: Worker

    def times_faster(self, name: str) -> float:
        """Yardstick over what is named; greater is better."""
        return self.ms[YARDSTICK] / self.ms[name]

    def times_faster_cold(self, name: str) -> float:
        """The same, question by question."""
        return self.cold_ms[YARDSTICK] / self.cold_ms[name]


def bench(sizes: Sequence[int] = (10_000, 100_000), rounds: int = 3) -> list[Timing]:
    """Time all for pools of several sizes; building takes minutes for 100,000 records."""
    return [_time(size, rounds) for size in sizes]


def table(timings: Sequence[Timing]) -> str:
    """Return timings as text: a block a pool size, a line for each that was timed, the growth."""
    return "\n\n".join([*map(_block, timings), *(_growth(*two) for two in pairwise(timings))])


def _growth(small: Timing, large: Timing) -> str:
    """Say how much longer the larger pool takes."""
    told = ", ".join(
        f"{name} {large.ms[name] / small.ms[name]:.1f}"
        for name in (RANKED, EXPLAINED, YARDSTICK)
        if name in small.ms and name in large.ms
    )
    times = large.offers / small.offers
    return f"{large.offers:,} offers, {times:.1f} times as many as {small.offers:,}: times {told}"


def _block(one: Timing) -> str:
    lines = [
        f"{one.offers:,} offers, {one.questions} questions, {one.eligible:.1%} eligible, "
        f"recall@{TOP} {one.agreement.recall:.3f}, nDCG@10 {one.agreement.ndcg:.3f} "
        "of all that stand"
    ]
    lines += [
        f"{name:>24} {ms:>9.2f} ms {one.times_faster(name):>8.2f} times the yardstick's speed; "
        f"in turn {one.cold_ms[name]:.2f} ms, {one.times_faster_cold(name):.2f} times"
        for name, ms in one.ms.items()
    ]
    lines += [
        f"{'build from texts':>24} {one.build_s:>9.1f} s",
        f"{'build, texts known':>24} {one.rebuild_s:>9.1f} s",
        f"{'open':>24} {one.open_s:>9.2f} s",
        f"{'a saved offer':>24} {one.apply_ms:>9.1f} ms",
        f"{'snapshot':>24} {one.snapshot_bytes_per_record:>9.0f} bytes a record",
        f"{'worker, its own':>24} {one.worker.own_mb:>9.1f} MB beside the model's code",
        f"{'shared by workers':>24} {one.worker.shared_mb:>9.1f} MB",
    ]
    return "\n".join(lines)


def as_json(timings: Sequence[Timing]) -> str:
    """Return timings as JSON, a list of objects."""
    return json.dumps(
        [
            asdict(one)
            | {"times_faster": {name: one.times_faster(name) for name in one.ms}}
            | {"times_faster_cold": {name: one.times_faster_cold(name) for name in one.ms}}
            for one in timings
        ],
        indent=1,
    )


def _time(size: int, rounds: int) -> Timing:
    chance = random.Random(size)
    words = market.vocabulary(chance)
    offers = [market.offer(at, chance, words) for at in range(size)]
    needs = [market.need(at, chance, words) for at in range(QUERIES * (2 * rounds + 1))]
    model = calibrate(programme_model(), needs, offers[:2000], "bench")
    with tempfile.TemporaryDirectory() as parent:
        first, folder = Path(parent) / "first", Path(parent) / "index"
        build_s, before = _seconds(lambda: Index.build(needs, offers, model, first, 0, "bench"))
        rebuild_s, _ = _seconds(
            lambda: Index.build(needs, offers, model, folder, 1, "bench", before)
        )
        open_s, index = _seconds(lambda: Index.open(folder))
        on_disk = sum(file.stat().st_size for file in folder.iterdir())
        seen = worker(folder, needs[0])
        asked, warm = needs[QUERIES:], needs[:QUERIES]
        with peers(offers, TOP) as others:
            timed: dict[str, Callable[[NeedRecord], object]] = {
                RANKED: lambda need: index.top(need, n=TOP),
                EXPLAINED: lambda need: index.top(need, n=TOP).matches,
                YARDSTICK: _yardstick(offers),
                **others,
            }
            half = QUERIES * rounds
            _interleaved(timed, warm, QUERIES)
            ms = _interleaved(timed, asked[:half], QUERIES)
            cold_ms = _interleaved(timed, asked[half:], 1)
        return Timing(
            offers=size,
            questions=half,
            eligible=statistics.median(index.top(need, n=0).total for need in asked) / size,
            ms=ms,
            cold_ms=cold_ms,
            agreement=agreement(index, asked, TOP),
            build_s=build_s,
            rebuild_s=rebuild_s,
            open_s=open_s,
            apply_ms=1e3 * _apply(index, offers),
            snapshot_bytes_per_record=on_disk / (size + len(needs)),
            worker=seen,
        )


def _seconds(call: Callable[[], Index]) -> tuple[float, Index]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def _interleaved(
    timed: Mapping[str, Callable[[NeedRecord], object]], asked: Sequence[NeedRecord], many: int
) -> dict[str, float]:
    """Time each on ``many`` questions in turn, so that a slow moment of the machine hits all.

    Which comes first changes from round to round. Medians in milliseconds.
    """
    taken: dict[str, list[float]] = {name: [] for name in timed}
    names = list(timed)
    for at, start in enumerate(range(0, len(asked), many)):
        for name in names[at % len(names) :] + names[: at % len(names)]:
            for need in asked[start : start + many]:
                begun = time.perf_counter()
                timed[name](need)
                taken[name].append(time.perf_counter() - begun)
    return {name: 1e3 * statistics.median(seconds) for name, seconds in taken.items()}


def _apply(index: Index, offers: Sequence[OfferRecord]) -> float:
    """Return the seconds one saved offer takes to be in the index."""
    start = time.perf_counter()
    index.apply([Change(index.number + 1, "offer", offers[0].id, offers[0])])
    return time.perf_counter() - start


def _yardstick(offers: Sequence[OfferRecord]) -> Callable[[NeedRecord], np.ndarray]:
    vectorizer = TfidfVectorizer()
    matrix = vectorizer.fit_transform([offer.text for offer in offers])
    low = np.array([offer.range.low if offer.range else 0.0 for offer in offers])
    high = np.array([(offer.range.high if offer.range else None) or np.inf for offer in offers])
    sectors = np.array([offer.attrs["sector"][0] for offer in offers])
    places = np.array([offer.attrs["place"][0] for offer in offers])
    oldest = np.array([float(str(offer.criteria[0].values[0])) for offer in offers])
    served = np.array([str(offer.criteria[1].values[0]) for offer in offers])
    fields = np.array([offer.criteria[2].values for offer in offers])

    def rank(need: NeedRecord) -> np.ndarray:
        scores = (matrix @ vectorizer.transform([need.text]).T).toarray().ravel()
        amount = need.amount.low if need.amount else 0.0
        age = float(str(need.facts["age_years"]))
        fit = 0.2 * (sectors == need.attrs["sector"][0]) + 0.2 * (places == need.attrs["place"][0])
        scores = scores + fit + 0.2 * ((low <= amount) & (amount <= high))
        sector, place = need.attrs["sector"][0], need.attrs["place"][0]
        scores[(age < oldest) | (served != place) | (fields != sector).all(axis=1)] = -np.inf
        best = np.argpartition(-scores, TOP)[:TOP]
        return best[np.argsort(-scores[best])]

    return rank
