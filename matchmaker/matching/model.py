"""A model version: scales, weights, idf and pool figures, all frozen, held as JSON."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from matchmaker.language import topics
from matchmaker.matching.terms import Idf

FORMAT = 1
STEPS = 20
Direction = Literal["forward", "backward"]
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")
#: Every facet, in the order in which pages list them.
FACETS = (
    "service",
    "sector",
    "text",
    "place",
    "ticket",
    "price",
    "stage",
    "language",
    "impact",
    "preferences",
    "evidence",
    "past",
    "activity",
    "freshness",
)


#: Sums of points of both directions lie in one number, the forward one below: weights add up to
#: 100, points to no more.
BACKWARD = 1 << 32
#: Raw values are told apart to nine digits.
DIGITS = 1e9


@dataclass(frozen=True)
class Scale:
    """A frozen monotone map from a facet's raw value to whole points 0..100.

    Linear between at most 20 knots, flat beyond its ends. ``unknown`` is what a facet that is not
    known takes: the lower quartile of points among known pairs when the scale was frozen.
    """

    raw: tuple[float, ...]
    points: tuple[float, ...]
    unknown: int

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.raw, self.raw[1:], strict=False))
        monotone = all(a <= b for a, b in zip(self.points, self.points[1:], strict=False))
        sized = len(self.raw) == len(self.points) and 2 <= len(self.raw) <= STEPS + 1
        within = self.points[0] >= 0 and self.points[-1] <= 100
        if not (rising and monotone and sized and within):
            raise ValueError("a scale rises from 0 to 100 in at most 20 steps")

    def apply(self, raw: np.ndarray) -> np.ndarray:
        """Return whole points (int64) of raw values of any shape; NaN takes ``unknown``."""
        if not raw.ndim and np.isnan(raw):
            return np.array(self.unknown)
        points = self.first + self.steps.searchsorted(np.rint(raw * DIGITS), "right")
        return np.where(np.isnan(raw), self.unknown, points)

    @property
    def first(self) -> int:
        """The fewest points that a known value gets."""
        return round(self.points[0])

    @cached_property
    def steps(self) -> np.ndarray:
        """The least raw value, in units of its last digit, of each further point, float64 (k,).

        A search among these is what ``rint(interp(raw))`` gives, in fewer steps.
        """
        wanted = np.arange(self.first + 1, round(self.points[-1]) + 1)
        below = np.full(len(wanted), np.floor(self.raw[0] * DIGITS) - 1.0)
        least = np.full(len(wanted), np.ceil(self.raw[-1] * DIGITS) + 1.0)
        while (least - below > 1.0).any():
            middle = np.floor((below + least) / 2.0)
            enough = np.rint(np.interp(middle / DIGITS, self.raw, self.points)) >= wanted
            least, below = np.where(enough, middle, least), np.where(enough, below, middle)
        return least


@dataclass(frozen=True)
class Pool:
    """How common things are among the needs a version was made from; smoothing for lift."""

    share: Mapping[str, float] = field(default_factory=dict)
    #: Share of a code that was never seen.
    floor: float = 0.02
    #: Mean and standard deviation of log10 USD sought.
    amount: tuple[float, float] = (4.5, 0.8)
    #: Pseudo-matches that pull an offer's history towards the pool.
    smoothing: float = 5.0
    #: Matches at which history counts as much as what is declared.
    trust: float = 5.0
    #: How far past matches tell of a code, in [0, 1) (``calibration.proven``); empty where no
    #: history counts.
    proven: Mapping[str, float] = field(default_factory=dict)

    def of(self, code: str) -> float:
        """Return the share of needs that have a code, in (0, 1]."""
        return self.share.get(code, self.floor)


Weights = Mapping[str, int]


@dataclass(frozen=True)
class Model:
    """One published version: ``scales[kind][facet]`` and ``weights[kind][direction][facet]``.

    Weights are whole per cents that sum to 100.
    """

    version: str
    scales: Mapping[str, Mapping[str, Scale]]
    weights: Mapping[str, Mapping[Direction, Weights]]
    idf: Mapping[str, Idf] = field(default_factory=dict)
    pool: Pool = Pool()

    def __post_init__(self) -> None:
        for by_direction in self.weights.values():
            for weights in by_direction.values():
                if sum(weights.values()) != 100 or min(weights.values()) < 0:
                    raise ValueError("weights are whole per cents with sum 100")

    def facets(self, kind: str) -> tuple[str, ...]:
        """Return the facets that count for a kind in some direction, in page order."""
        return self._facets[kind]

    @cached_property
    def _facets(self) -> Mapping[str, tuple[str, ...]]:
        return {
            kind: tuple(name for name in FACETS if any(both[d].get(name, 0) for d in DIRECTIONS))
            for kind, both in self.weights.items()
        }

    @cached_property
    def both_ways(self) -> Mapping[str, Mapping[str, int]]:
        """What a point of each facet counts, both directions in one number, by kind."""
        return {
            kind: {
                name: sum(
                    both[d].get(name, 0) * times
                    for d, times in zip(DIRECTIONS, (1, BACKWARD), strict=True)
                )
                for name in self.facets(kind)
            }
            for kind, both in self.weights.items()
        }

    @cached_property
    def reach_of_text(self) -> Mapping[str, tuple[float, float]]:
        """What the text can add to the sums of points, forward and backward, by kind."""
        most = {
            kind: max(round(scales["text"].points[-1]), scales["text"].unknown)
            for kind, scales in self.scales.items()
        }
        return {
            kind: (
                float(both["forward"].get("text", 0) * most[kind]),
                float(both["backward"].get("text", 0) * most[kind]),
            )
            for kind, both in self.weights.items()
        }

    def to_json(self) -> str:
        """Return the whole version as one JSON text, for a database row or a snapshot."""
        parts = {
            "format": FORMAT,
            "version": self.version,
            "scales": {
                kind: {name: _scale_parts(scale) for name, scale in scales.items()}
                for kind, scales in self.scales.items()
            },
            "weights": {
                kind: {d: dict(weights) for d, weights in both.items()}
                for kind, both in self.weights.items()
            },
            "idf": {lang: _idf_parts(table) for lang, table in self.idf.items()},
            "pool": {
                "share": dict(self.pool.share),
                "floor": self.pool.floor,
                "amount": list(self.pool.amount),
                "smoothing": self.pool.smoothing,
                "trust": self.pool.trust,
                "proven": dict(self.pool.proven),
            },
        }
        return json.dumps(parts, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Read a version back; ValueError (or KeyError) if it is not one of this format."""
        parts: dict[str, Any] = json.loads(text)
        if parts["format"] != FORMAT:
            raise ValueError(f"model format {parts['format']!r} is not {FORMAT}")
        pool = parts["pool"]
        return cls(
            version=parts["version"],
            scales={
                kind: {
                    name: Scale(tuple(item["raw"]), tuple(item["points"]), item["unknown"])
                    for name, item in scales.items()
                }
                for kind, scales in parts["scales"].items()
            },
            weights=parts["weights"],
            idf={lang: _idf_from(item) for lang, item in parts["idf"].items()},
            pool=Pool(**{**pool, "amount": (pool["amount"][0], pool["amount"][1])}),
        )

    def digest(self) -> str:
        """Return the SHA-256 by which an index knows its own: of the version and the topics."""
        return hashlib.sha256((self.to_json() + topics.digest()).encode()).hexdigest()


def whole_per_cents(shares: Mapping[str, float]) -> dict[str, int]:
    """Round non-negative shares to whole per cents with sum 100 by largest remainder."""
    total = sum(shares.values())
    exact = {name: 100 * share / total for name, share in shares.items()}
    whole = {name: int(value) for name, value in exact.items()}
    by_rest = sorted(exact, key=lambda name: (whole[name] - exact[name], name))
    for name in by_rest[: 100 - sum(whole.values())]:
        whole[name] += 1
    return {name: value for name, value in whole.items() if value}


def _scale_parts(scale: Scale) -> dict[str, Any]:
    return {"raw": list(scale.raw), "points": list(scale.points), "unknown": scale.unknown}


def _idf_parts(table: Idf) -> dict[str, Any]:
    return {
        "ids": base64.b64encode(table.ids.astype("<i8").tobytes()).decode(),
        "values": base64.b64encode(table.values.astype("<f8").tobytes()).decode(),
        "unseen": table.unseen,
    }


def _idf_from(item: Mapping[str, Any]) -> Idf:
    ids = np.frombuffer(base64.b64decode(item["ids"], validate=True), "<i8").astype(np.int64)
    values = np.frombuffer(base64.b64decode(item["values"], validate=True), "<f8")
    if len(ids) != len(values):
        raise ValueError("an idf table has as many ids as values")
    return Idf(ids, values.astype(np.float64), float(item["unseen"]))
