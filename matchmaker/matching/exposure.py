"""Order of a list: by score, gently corrected so that attention does not pile up on a few.

The score stays a fact about the pair; only places in the list move, none by more than five, and
each move says why. Prices from the whole pool may replace :func:`pressure` behind this interface.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Literal

from matchmaker.matching.match import Match

#: Farthest that any pair moves, points that full pressure takes, labelled places per ten.
FARTHEST, MOST_POINTS, ALSO, LIST = 5, 8.0, 2, 10
Why = Literal["full", "busy", "seen_often", "seen_little", "also", ""]


@dataclass(frozen=True, slots=True)
class Attention:
    """What one candidate already gets: places left this month, times shown against its like."""

    #: Requests it can still receive; None = no limit.
    places_left: int | None = None
    #: Requests it can receive a month; None = no limit.
    places: int | None = None
    #: How often it was shown lately, and the mean of all candidates.
    seen: int = 0
    mean_seen: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A match at its place, counted from 1, beside its place by score alone."""

    match: Match
    place: int
    by_score: int
    #: Why it moved; ``also`` marks an "also worth a look", "" what did not move by itself.
    why: Why

    @property
    def moved(self) -> int:
        """Places gained (positive) or lost."""
        return self.by_score - self.place


def pressure(attention: Attention) -> tuple[float, Why]:
    """Return points to take off for ordering, from -4 to 8, and the chief reason.

    A full month costs 8 points, a nearly full one up to 4; each doubling of exposure above the mean
    costs 2 points up to 8, each halving below it gives 2 back, up to 4.
    """
    if attention.places_left is not None and attention.places_left <= 0:
        return MOST_POINTS, "full"
    busy = 0.0
    if attention.places and attention.places_left is not None:
        busy = max(MOST_POINTS * (0.5 - attention.places_left / attention.places), 0.0)
    doublings = log2((attention.seen + 1.0) / (attention.mean_seen + 1.0))
    often = min(max(2.0 * doublings, -4.0), MOST_POINTS)
    total = min(busy + often, MOST_POINTS)
    if total == 0:
        return 0.0, ""
    if busy >= abs(often):
        return total, "busy"
    return total, "seen_often" if often > 0 else "seen_little"


def order(
    matches: Sequence[Match],
    attention: Mapping[int, Attention],
    *,
    needs: bool,
    farthest: int = FARTHEST,
) -> list[Placed]:
    """Return matches (best first) in corrected order; nothing moves by more than ``farthest``.

    ``attention`` is by offer id, by need id if ``needs`` (the list of an offer). Who is missing
    from it stays under no pressure. Among those within reach of a place the greatest corrected
    score gets it, except that whoever has waited ``farthest`` places goes now.
    """
    weighed = [_weighed(match, attention.get(_key(match, needs))) for match in matches]
    waiting: list[int] = []
    chosen: list[int] = []
    for place in range(len(matches)):
        reach = min(place + farthest + 1, len(matches))
        waiting += range(len(chosen) + len(waiting), reach)
        overdue = [at for at in waiting if at <= place - farthest]
        best = overdue[0] if overdue else max(waiting, key=lambda at: (weighed[at][0], -at))
        waiting.remove(best)
        chosen.append(best)
    return [
        Placed(matches[at], place, at + 1, weighed[at][1] if at + 1 != place else "")
        for place, at in enumerate(chosen, start=1)
    ]


def arrange(
    matches: Sequence[Match], attention: Mapping[int, Attention], *, needs: bool
) -> list[Placed]:
    """Return matches in the order of a page: corrected, with up to two "also worth a look".

    Places nine and ten go to pairs from behind the ten that are seen less than the mean, least
    seen first. All others, those they push back included, move by at most five places.
    """
    placed = order(matches, attention, needs=needs, farthest=FARTHEST - ALSO)
    behind = [one for one in placed[LIST:] if _lags(attention.get(_key(one.match, needs)))]
    behind.sort(key=lambda one: (attention[_key(one.match, needs)].seen, one.by_score))
    also = behind[:ALSO]
    picked = {one.by_score for one in also}
    others = [one for one in placed if one.by_score not in picked]
    line = [*others[: LIST - len(also)], *also, *others[LIST - len(also) :]]
    return [
        replace(one, place=place, why="also" if one.by_score in picked else one.why)
        for place, one in enumerate(line, start=1)
    ]


def _key(match: Match, needs: bool) -> int:
    return match.need_id if needs else match.offer_id


def _lags(attention: Attention | None) -> bool:
    return attention is not None and attention.seen < attention.mean_seen


def _weighed(match: Match, attention: Attention | None) -> tuple[float, Why]:
    points, why = pressure(attention) if attention else (0.0, "")
    return match.score - points, why
