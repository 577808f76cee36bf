"""Measures of a ranking with bootstrap intervals; relevance is yes or no, ties fall at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt

import numpy as np

MEASURES = ("nDCG@10", "recall@10", "recall@50", "MRR", "MAP", "AUC")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def ranks_of(scores: np.ndarray, relevant: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the sorted 1-based ranks of the relevant entries; -inf scores are not ranked.

    ``scores`` float (n,), ``relevant`` bool (n,). Ties are broken at random (Raff et al. 1978 use
    the expectation; a draw per query is unbiased too).
    """
    order = np.lexsort((random.random(len(scores)), -scores))
    order = order[np.isfinite(scores[order])]
    return np.flatnonzero(relevant[order]) + 1


def measures_of(ranks: np.ndarray, n: int) -> dict[str, float]:
    """Return all measures of one query from the ranks of its relevant entries among ``n``.

    nDCG with gain 1 and discount ``1 / log2(rank + 1)`` (Järvelin & Kekäläinen 2002).
    """
    k = len(ranks)
    gain = sum(1.0 / log2(rank + 1) for rank in ranks.tolist() if rank <= 10)
    ideal = sum(1.0 / log2(rank + 1) for rank in range(1, min(k, 10) + 1))
    above = float(np.sum(ranks) - k * (k + 1) / 2)
    return {
        "nDCG@10": gain / ideal,
        "recall@10": float((ranks <= 10).sum()) / k,
        "recall@50": float((ranks <= 50).sum()) / k,
        "MRR": 1.0 / float(ranks[0]),
        "MAP": float(np.mean(np.arange(1, k + 1) / ranks)),
        "AUC": 1.0 - above / (k * (n - k)) if n > k else 1.0,
    }


def bootstrap(values: Sequence[float], rounds: int = 1000, seed: int = 20) -> Estimate:
    """Return the mean and the percentile interval over resampled queries; NaN without any."""
    sample = np.asarray(values, float)
    if not len(sample):
        return Estimate(float("nan"), float("nan"), float("nan"))
    random = np.random.default_rng(seed)
    means = sample[random.integers(0, len(sample), (rounds, len(sample)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(sample.mean()), float(low), float(high))


def paired(ours: Sequence[float], theirs: Sequence[float], seed: int = 20) -> Estimate:
    """Return the mean difference over the same queries with its bootstrap interval."""
    return bootstrap((np.asarray(ours, float) - np.asarray(theirs, float)).tolist(), seed=seed)


def wilson(successes: int, trials: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % score interval of a share, both ends in [0, 1]; (0, 1) without trials.

    Wilson (1927); it holds near 0 and 1 and for few trials, where p plus or minus 2 se does not.
    """
    if trials == 0:
        return 0.0, 1.0
    share, z2 = successes / trials, z * z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    reach = z * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def coverage(top: Sequence[Sequence[int]], n: int) -> float:
    """Return the share of ``n`` candidates that reach some list; the lists hold their numbers."""
    return len({at for listed in top for at in listed}) / n if n else 0.0


def summary(queries: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    """Return every measure's estimate over queries."""
    return {name: bootstrap([query[name] for query in queries]) for name in MEASURES}
