"""The market that is played: how many there are, how well they fit, what a month brought."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Setting:
    """A market: how many, how long, how much each wants; ``rounds`` fill 30 days."""

    funders: int = 3
    firms: int = 300
    rounds: int = 200
    #: Requests a funder can receive a month, answers a firm wants.
    places: int = 40
    wanted: int = 3
    #: Chance that a firm opens its list in a round (1.2 times a month); funders always do.
    firm_looks: float = 0.006
    #: Chance that a firm passes a funder's gates.
    open: float = 0.8
    #: Points that each doubling of a firm's requests adds to its score.
    learned: float = 1.5
    #: Whether users ask and answer, or only look.
    asks: bool = True
    #: Firms 2 i and 2 i + 1 are alike in all that counts.
    twins: bool = False
    seed: int = 7


@dataclass(frozen=True, eq=False)
class World:
    """Scores in points and gates, float and bool (firms, funders)."""

    scores: np.ndarray
    eligible: np.ndarray


@dataclass(eq=False)
class Played:
    """What a month brought. Counts are of top tens of funders' lists, int (firms,)."""

    seen: np.ndarray
    seen_early: np.ndarray
    eligible: np.ndarray
    lists: np.ndarray
    matches: int = 0
    #: Requests that found no place left.
    in_vain: int = 0
    #: Points lost in a top ten against the order by score, discounted by place; one entry a list.
    regret: list[float] = field(default_factory=list)

    @property
    def reached(self) -> float:
        """Share of eligible firms that stood in some top ten."""
        return float((self.seen[self.eligible] > 0).mean())


def gini(counts: np.ndarray) -> float:
    """Return the Gini coefficient of counts (n,), 0 where all are alike; 0 without any."""
    ordered = np.sort(counts.astype(float))
    n, total = len(ordered), ordered.sum()
    if total == 0:
        return 0.0
    return float((2.0 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))


def make_world(setting: Setting) -> World:
    """Draw scores: a firm's general appeal, a funder's, and what only this pair shares."""
    draw = np.random.default_rng(setting.seed)
    firms = (setting.firms + 1) // 2 if setting.twins else setting.firms
    appeal, theirs = draw.normal(size=(firms, 1)), draw.normal(size=(1, setting.funders))
    shared = draw.normal(size=(firms, setting.funders))
    scores = np.clip(55.0 + 7.0 * appeal + 3.0 * theirs + 8.0 * shared, 0.0, 100.0)
    eligible = draw.random(scores.shape) < setting.open
    if setting.twins:
        return World(*(np.repeat(of, 2, axis=0)[: setting.firms] for of in (scores, eligible)))
    return World(scores, eligible)
