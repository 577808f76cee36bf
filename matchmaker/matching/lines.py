"""Lines of a table: what a ranking is worth by every measure, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchmaker.matching.metrics import (
    MEASURES,
    Estimate,
    coverage,
    measures_of,
    paired,
    ranks_of,
    summary,
)

#: Scores of every pair, (rows, columns); two matrices where each way has its own.
Ranks = np.ndarray | tuple[np.ndarray, np.ndarray]
_TOP = 10


@dataclass(frozen=True)
class Line:
    """One method's figures in one direction."""

    method: str
    direction: str
    queries: int
    measures: Mapping[str, Estimate]
    coverage: float
    #: nDCG@10 of the engine minus this method's, query by query; None on the engine's own line.
    ahead: Estimate | None = None
    #: nDCG@10 query by query, for comparing what was measured on the same queries.
    gains: tuple[float, ...] = ()

    def told(self) -> str:
        """Return the figures as one line of text."""
        figures = "  ".join(f"{name} {self.measures[name].mean:.3f}" for name in MEASURES[1:])
        ahead = f"  ahead by {self.ahead}" if self.ahead else ""
        return (
            f"{self.direction:<23} {self.method:<9} nDCG@10 {self.measures['nDCG@10']}  "
            f"{figures}  coverage@10 {self.coverage:.3f}  n={self.queries}{ahead}"
        )


def lines_of(
    scores: Mapping[str, Ranks],
    relevant: np.ndarray,
    directions: tuple[str, str],
    *,
    seed: int = 7,
) -> tuple[Line, ...]:
    """Return every method's line, row by row and then column by column; the first leads.

    ``scores[method]`` float (rows, columns) with -inf where a pair is not ranked, two of them where
    a method scores a pair anew for each way; ``relevant`` bool of the same shape. Each line but the
    first method's says how far the first is ahead of it.
    """
    lines: list[Line] = []
    for direction, turned in zip(directions, (False, True), strict=True):
        ours: list[float] = []
        for method, ranks in scores.items():
            matrix = both_ways(ranks)[int(turned)]
            queries, top = _measure(
                matrix.T if turned else matrix, relevant.T if turned else relevant, seed
            )
            gains = [query["nDCG@10"] for query in queries]
            ahead = paired(ours, gains) if ours else None
            ours = ours or gains
            covered = coverage(top, relevant.shape[0 if turned else 1])
            figures = summary(queries)
            lines.append(
                Line(method, direction, len(queries), figures, covered, ahead, tuple(gains))
            )
    return tuple(lines)


def both_ways(ranks: Ranks) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores as rows ask and as columns ask, one shape."""
    return (ranks, ranks) if isinstance(ranks, np.ndarray) else ranks


def _measure(
    scores: np.ndarray, relevant: np.ndarray, seed: int
) -> tuple[list[dict[str, float]], list[list[int]]]:
    """Return measures and top tens of every row that has something relevant to find."""
    random = np.random.default_rng(seed)
    queries: list[dict[str, float]] = []
    top: list[list[int]] = []
    for row, wanted in zip(scores, relevant, strict=True):
        ranks = ranks_of(row, wanted, random) if wanted.any() else np.empty(0)
        if len(ranks):
            queries.append(measures_of(ranks, int(np.isfinite(row).sum())))
            order = np.argsort(-row, kind="stable")[:_TOP]
            top.append(order[np.isfinite(row[order])].tolist())
    return queries, top
