"""Order of a list: by score, gently corrected so that attention does not pile up on a few.

The score stays a fact about the pair; only places in the list move, none by more than five, and
each move says why. Two places of every ten go in turn to those seen least in a top ten this month.

What the turns guarantee: if a list was opened ``v`` times in a month, on no day more often than its
``e`` firms fill (a pair counts once a day: who reloads a page moves nobody), each of them was seen
in at least ``floor(2 v / e)`` top tens. For say firm f was seen less than ``t <= 2 v / e`` times.
Whenever a turn was given to another, that one had been seen no more often than f, so less than t
times, and now once more: each of the ``e - 1`` others had at most ``t`` turns and f at most
``t - 1``, together less than ``2 v``. (Greedy max-min; it holds list by list, whatever the others
do, as long as counts are fresh and all who stand in a list are candidates.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, log2
from typing import Literal

from matchmaker.matching.match import Match

#: Farthest that any pair moves, points that full pressure takes, labelled places per ten.
FARTHEST, MOST_POINTS, ALSO, LIST = 5, 8.0, 2, 10
#: Points that no pressure at all gives back.
MOST_BACK = 4.0
#: Top tens a month that every eligible firm is promised where there are lists enough.
PROMISED = 3
Why = Literal["full", "busy", "wanted", "free", "seen_often", "seen_little", "also", ""]


@dataclass(frozen=True, slots=True)
class Attention:
    """What one candidate already gets: places left this month, times shown against its like."""

    #: Requests it can still receive; None = no limit.
    places_left: int | None = None
    #: Requests it can receive a month; None = no limit.
    places: int | None = None
    #: How often it was shown lately, and the mean of all candidates; None = it presses nobody.
    seen: int = 0
    mean_seen: float | None = None
    #: Points that one of its places is worth, less those of the pool's median
    #: (:mod:`matchmaker.matching.prices`); None = not known yet.
    price: float | None = None
    #: In how many top tens it was seen this month.
    turns: int = 0


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

    A full month costs 8 points. Otherwise the price of a place is taken off, from -4 to 8 (while it
    is not known, up to 4 for a nearly full month instead); each doubling of exposure above the
    mean costs 2 points up to 8, each halving below it gives 2 back, up to 4. Needs have neither
    price nor mean: what is short in their lists is the reader's time, which turns share out
    (pressing the best of them down cost matches in the bench and evened out nothing).
    """
    if attention.places_left is not None and attention.places_left <= 0:
        return MOST_POINTS, "full"
    contest, why = _contest(attention)
    often = _often(attention)
    total = _within(contest + often)
    if total == 0:
        return 0.0, ""
    if abs(contest) >= abs(often):
        return total, why
    return total, "seen_often" if often > 0 else "seen_little"


def _often(attention: Attention) -> float:
    """Return points for how often it was shown against the mean."""
    if attention.mean_seen is None:
        return 0.0
    return _within(2.0 * log2((attention.seen + 1.0) / (attention.mean_seen + 1.0)))


def _contest(attention: Attention) -> tuple[float, Why]:
    """Return points for how many want the same places."""
    if attention.price is not None:
        return _within(attention.price), "wanted" if attention.price > 0 else "free"
    if attention.places and attention.places_left is not None:
        left = attention.places_left / attention.places
        return max(MOST_POINTS * (0.5 - left), 0.0), "busy"
    return 0.0, ""


def _within(points: float) -> float:
    return min(max(points, -MOST_BACK), MOST_POINTS)


def order(
    matches: Sequence[Match],
    attention: Mapping[int, Attention],
    *,
    needs: bool,
    farthest: int = FARTHEST,
) -> list[Placed]:
    """Return matches (best first) in corrected order; nothing moves by more than ``farthest``.

    Of equal scores the less seen comes first, before anything moves: else one of two that are
    alike would be the nearer to the top ten for ever, by its id alone.

    ``attention`` is by offer id, by need id if ``needs`` (the list of an offer). Who is missing
    from it stays under no pressure. Among those within reach of a place the greatest corrected
    score gets it, except that whoever has waited ``farthest`` places goes now.
    """
    matches = sorted(matches, key=lambda one: (-one.score, _seen(attention, _key(one, needs))))
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
    matches: Sequence[Match],
    attention: Mapping[int, Attention],
    *,
    needs: bool,
    waiting: Sequence[Match] = (),
) -> list[Placed]:
    """Return matches in the order of a page: corrected, with up to two "also worth a look".

    Places nine and ten go to those seen in the fewest top tens this month of all behind the first
    eight, ``waiting`` ones included: pairs from further down the list, the best first, that this
    page would not show. Of those seen alike the better placed comes first. Who stands in
    ``waiting`` and gets no turn is not in the answer; ``by_score`` of one who does is the least it
    can be. All others, those they push back included, move by at most five places.

    Who waits with no fewer points than the last of the page belongs on it: the page ended there by
    ids alone, and one of many that are alike would be behind it for ever.
    """
    least = min((match.score for match in matches), default=inf)
    alike = [match for match in waiting if match.score >= least]
    placed = order([*matches, *alike], attention, needs=needs, farthest=FARTHEST - ALSO)
    after = len(placed) + 1
    behind_it = (match for match in waiting if match.score < least)
    called = [Placed(match, at, at, "also") for at, match in enumerate(behind_it, start=after)]
    head, behind = placed[: LIST - ALSO], [*placed[LIST - ALSO :], *called]
    turns = sorted(behind, key=lambda one: (_turns(attention, _key(one.match, needs)), one.place))
    picked = turns[:ALSO]
    taken = {one.place for one in picked}
    rest = [one for one in placed[len(head) :] if one.place not in taken]
    # Who stood in the ten without a turn keeps its own reason.
    labelled = [replace(one, why="also") if one.place > LIST else one for one in picked]
    return [
        replace(one, place=place) for place, one in enumerate([*head, *labelled, *rest], start=1)
    ]


def _turns(attention: Mapping[int, Attention], key: int) -> float:
    return attention[key].turns if key in attention else inf


def _key(match: Match, needs: bool) -> int:
    return match.need_id if needs else match.offer_id


def _seen(attention: Mapping[int, Attention], key: int) -> float:
    return attention[key].seen if key in attention else inf


def _weighed(match: Match, attention: Attention | None) -> tuple[float, Why]:
    points, why = pressure(attention) if attention else (0.0, "")
    return match.score - points, why
