"""Rank times beside a yardstick in the same run: interleaved rounds, medians, table and JSON.

The yardstick is what a careful team would write with scikit-learn: a tf-idf matrix fitted before,
one sparse product, a mask of what is eligible, a structured fit, argpartition. Timed against it is
``Index.top``, the function that pages call: gates, all facets both ways, reasons.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.matching.index import Change, Index
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Activity, Band, Criterion, NeedRecord, OfferRecord
from matchmaker.vocabulary.bands import BANDS

TOP, QUERIES = 20, 12
_WORDS = 4000
_SECTORS = ("isic4:1061", "isic4:1311", "isic4:0112", "isic4:4711", "isic4:6201", "isic4:5510")
_PLACES = ("LA-VT", "LA-LP", "LA-SV", "LA-CH", "KH-12", "TH-10", "VN-SG", "MM-06")


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians in milliseconds for one pool size; memory in megabytes, sizes in bytes."""

    offers: int
    rounds: int
    engine_ms: float
    yardstick_ms: float
    build_s: float
    open_s: float
    apply_ms: float
    snapshot_bytes_per_record: float
    peak_mb: float

    @property
    def times_faster(self) -> float:
        """Yardstick over engine; greater is better."""
        return self.yardstick_ms / self.engine_ms


def bench(sizes: Sequence[int] = (10_000, 100_000), rounds: int = 3) -> list[Timing]:
    """Time both for pools of several sizes; takes minutes and about 1 KB of memory a record."""
    return [_time(size, rounds) for size in sizes]


def table(timings: Sequence[Timing]) -> str:
    """Return timings as text, a line a pool size."""
    lines = [
        f"{'offers':>9} {'top 20 ms':>10} {'yardstick ms':>13} {'times':>6} {'build s':>8} "
        f"{'open s':>7} {'save ms':>8} {'bytes/record':>13} {'peak MB':>8}"
    ]
    lines += [
        f"{one.offers:>9,} {one.engine_ms:>10.1f} {one.yardstick_ms:>13.1f} "
        f"{one.times_faster:>6.2f} {one.build_s:>8.1f} {one.open_s:>7.2f} {one.apply_ms:>8.1f} "
        f"{one.snapshot_bytes_per_record:>13.0f} {one.peak_mb:>8.0f}"
        for one in timings
    ]
    return "\n".join(lines)


def as_json(timings: Sequence[Timing]) -> str:
    """Return timings as JSON, a list of objects."""
    return json.dumps([asdict(one) | {"times": one.times_faster} for one in timings], indent=1)


def _time(size: int, rounds: int) -> Timing:
    chance = random.Random(size)
    words = _vocabulary(chance)
    offers = [_offer(at, chance, words) for at in range(size)]
    needs = [_need(at, chance, words) for at in range(QUERIES)]
    model = calibrate(programme_model(), needs, offers[:2000], "bench")
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "index"
        build_s, _ = _seconds(lambda: Index.build(needs, offers, model, folder))
        open_s, index = _seconds(lambda: Index.open(folder))
        on_disk = sum(file.stat().st_size for file in folder.iterdir())
        yardstick = _yardstick(offers)
        ours, theirs = _interleaved(index, yardstick, needs, rounds)
        return Timing(
            offers=size,
            rounds=rounds * QUERIES,
            engine_ms=1e3 * statistics.median(ours),
            yardstick_ms=1e3 * statistics.median(theirs),
            build_s=build_s,
            open_s=open_s,
            apply_ms=1e3 * _apply(index, offers),
            snapshot_bytes_per_record=on_disk / (size + len(needs)),
            peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )


def _seconds(call: Callable[[], Index]) -> tuple[float, Index]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def _interleaved(
    index: Index,
    yardstick: Callable[[NeedRecord], np.ndarray],
    needs: Sequence[NeedRecord],
    rounds: int,
) -> tuple[list[float], list[float]]:
    """Time both on each query in turn, so that a slow moment of the machine hits both."""
    ours: list[float] = []
    theirs: list[float] = []
    index.top(needs[0], n=TOP)
    yardstick(needs[0])
    for _ in range(rounds):
        for need in needs:
            start = time.perf_counter()
            index.top(need, n=TOP)
            middle = time.perf_counter()
            yardstick(need)
            theirs.append(time.perf_counter() - middle)
            ours.append(middle - start)
    return ours, theirs


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


def _vocabulary(chance: random.Random) -> list[str]:
    letters = "abcdefghijklmnoprstuvwy"
    return ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(_WORDS)]


def _text(chance: random.Random, words: Sequence[str], length: int) -> str:
    """Draw words with the skew of real text: rank r about as often as 1 / r."""
    return " ".join(words[int(len(words) ** chance.random()) - 1] for _ in range(length))


def _need(at: int, chance: random.Random, words: Sequence[str]) -> NeedRecord:
    band = chance.choice(BANDS[6:14])
    return NeedRecord(
        id=at,
        organisation_id=at,
        kind="finance",
        code="instrument:TERM_LOAN",
        amount=Band(band.low, band.high),
        attrs={
            "sector": (chance.choice(_SECTORS),),
            "place": (f"iso3166-2:{chance.choice(_PLACES)}",),
        },
        facts={"age_years": chance.randint(0, 20)},
        text=_text(chance, words, 30),
    )


def _offer(at: int, chance: random.Random, words: Sequence[str]) -> OfferRecord:
    low = 10.0 ** chance.uniform(2.5, 5)
    return OfferRecord(
        id=at,
        organisation_id=QUERIES + at,
        kind="finance",
        codes=("instrument:TERM_LOAN",),
        range=Band(low, low * 20),
        attrs={
            "sector": (chance.choice(_SECTORS),),
            "place": (f"iso3166-2:{chance.choice(_PLACES)}",),
        },
        criteria=(
            Criterion("age_years", "at_least", (chance.randint(0, 8),), must=True),
            Criterion("province", "one_of", (f"iso3166-2:{chance.choice(_PLACES)}",), must=True),
            Criterion("sector", "one_of", tuple(chance.sample(_SECTORS, 2)), must=True),
        ),
        text=_text(chance, words, 30),
        activity=Activity.of_ages([chance.randint(1, 700) for _ in range(chance.randint(0, 5))]),
    )
