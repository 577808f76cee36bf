"""The answer for one pair: its facets, both directions, the score, reasons and levers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from matchmaker.matching.eligibility import Rule, State
from matchmaker.matching.records import Value


@dataclass(frozen=True, slots=True)
class Facet:
    """One respect of a pair: whole points 0..100 and its weight, in per cent, each way."""

    name: str
    points: int
    forward_weight: int
    backward_weight: int
    #: False where a side says nothing; the points are then the frozen lower quartile.
    known: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair fits or does not: a code of ``reasons.REASONS`` with facts for its words."""

    code: str
    side: Literal["for", "against"]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of the firm and the values that would meet a rule; ``low``/``high`` for numbers."""

    fact: str
    op: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Lever:
    """The smallest change that opens a door, and the points one then has.

    One or two facts, each of which a firm can do something about: a paper, an amount, a course,
    unlike its province or its age.
    """

    changes: tuple[Change, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Match:
    """A need and an offer held against each other under one model version.

    ``forward`` and ``backward`` are points with one decimal, ``score`` is their harmonic mean,
    unrounded; pages show ``points``. All follow from ``facets`` by :func:`arithmetic`.
    """

    need_id: int
    offer_id: int
    eligibility: tuple[Rule, ...]
    facets: tuple[Facet, ...]
    forward: float
    backward: float
    score: float
    reasons: tuple[Reason, ...] = ()
    levers: tuple[Lever, ...] = ()

    @property
    def points(self) -> int:
        """The score as shown, whole points 0..100."""
        return shown(self.score)

    @property
    def unmet(self) -> int:
        """How many rules hide the pair; 0 = eligible as far as known."""
        return sum(rule.closes for rule in self.eligibility)

    @property
    def unsure(self) -> int:
        """How many gating rules are not known to be met or unmet."""
        return sum(
            rule.criterion.gates and rule.state is State.UNKNOWN for rule in self.eligibility
        )


def shown(score: float) -> int:
    """Round points for show, halves up."""
    return int(score + 0.5)


def arithmetic(facets: Iterable[Facet]) -> tuple[float, float, float]:
    """Work out (forward, backward, score) from printed points and weights, as a reader would.

    Each direction is the weighted mean of points rounded to one decimal, halves up; the score is
    ``2 f b / (f + b)`` of the rounded directions, 0 if both are 0.
    """
    listed = list(facets)
    forward = (sum(facet.points * facet.forward_weight for facet in listed) + 5) // 10
    backward = (sum(facet.points * facet.backward_weight for facet in listed) + 5) // 10
    both = forward + backward
    return forward / 10.0, backward / 10.0, 2.0 * forward * backward / both / 10.0 if both else 0.0
