"""The development set of texts and the blind one, and how well needs find offers in them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER, BLIND = (Path(__file__).parent / name for name in ("texts", "blind"))
LANGUAGES = ("en", "km", "lo", "my", "th", "vi", "zh")
SAME, NEAR = 3.0, 1.0
TOP = 10


@dataclass(frozen=True)
class Figures:
    """nDCG@10 and the share of needs whose first offer is of their own topic."""

    ndcg: float
    hit: float


def rows(name: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def neighbours(folder: Path) -> dict[str, set[str]]:
    near: dict[str, set[str]] = {}
    for row in rows("topics", folder):
        for other in row["near"].split():
            near.setdefault(row["topic"], set()).add(other)
            near.setdefault(other, set()).add(row["topic"])
    return near


def figures(
    needs: list[dict[str, str]],
    offers: list[dict[str, str]],
    scores: np.ndarray,
    folder: Path = FOLDER,
) -> Figures:
    """Measure a matrix of scores (needs x offers); ties are broken by chance, always the same."""
    near, chance = neighbours(folder), np.random.default_rng(7)
    discount = 1.0 / np.log2(np.arange(2, TOP + 2))
    found, hits = [], []
    for need, row in zip(needs, scores, strict=True):
        gains = np.array([_gain(need["topic"], offer["topic"], near) for offer in offers])
        order = np.lexsort((chance.random(len(row)), -row))[:TOP]
        found.append(gains[order] @ discount / (np.sort(gains)[::-1][:TOP] @ discount))
        hits.append(gains[order[0]] == SAME)
    return Figures(float(np.mean(found)), float(np.mean(hits)))


def _gain(one: str, other: str, near: dict[str, set[str]]) -> float:
    return SAME if one == other else NEAR if other in near.get(one, ()) else 0.0
