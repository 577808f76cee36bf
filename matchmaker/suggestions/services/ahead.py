"""What lies ahead for a few rows of one's own: new matches, doors almost open, facts not told.

In a fixed number of queries, whatever the rows and the pool: the first page asks it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select, union
from sqlalchemy.orm import Session, contains_eager

from matchmaker.extensions import clock
from matchmaker.matching.index import Ranking
from matchmaker.matching.levers import in_reach
from matchmaker.matching.match import Match
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Feedback, FeedbackKind, Shown, Side
from matchmaker.suggestions.records import need_facts
from matchmaker.suggestions.resident import loading
from matchmaker.suggestions.services.helpers import Helpers, helpers_of
from matchmaker.suggestions.services.listed import side_of
from matchmaker.suggestions.services.ranking import rankings_for

Rows = Sequence[Need | Offer]
#: Of whom: the row's id, then the other side's.
Pair = tuple[int, int]
#: A need, and ids of offers that ask for what it and its firm have not told, by that fact.
Untold = tuple[Need, Mapping[str, np.ndarray]]

#: Rows that are ranked, and how far down a list something counts as one of its best.
MOST_ROWS, AMONG = 3, 10
NEW, BEST, DOORS = 3, 3, 2


@dataclass(frozen=True, slots=True)
class Seen:
    """A match with its rows; place 1 is the top of the list by points."""

    match: Match
    need: Need
    offer: Offer
    place: int


@dataclass(frozen=True, slots=True)
class Door:
    """How many different offers one fact alone closes, and the need it closes most of them to."""

    fact: str
    offers: int
    need: Need


@dataclass(frozen=True, slots=True)
class Ahead:
    version: int
    side: Side
    #: The best that nobody of this side was shown before today.
    new: Sequence[Seen]
    #: The best of each row by its id, new or not.
    best: Mapping[int, Sequence[Seen]]
    doors: Sequence[Door] = ()
    helpers: Helpers = field(default_factory=dict)
    untold: Sequence[Untold] = ()


def look_ahead(session: Session, rows: Rows, beside: Rows = ()) -> Ahead | None:
    """Rank these rows, all of one side and three at most; None without any.

    ``beside``: others of that side, of which only the best are asked.
    """
    mine = list(rows)[:MOST_ROWS]
    every = [*mine, *(row for row in beside if row not in mine)]
    if not every:
        return None
    here, found_for = rankings_for(session, every, AMONG)
    rankings = found_for[: len(mine)]
    side = side_of(every[0])
    seen = _seen_before(session, side, mine, rankings)
    new = _new(mine, rankings, seen)
    best = [(row.id, one) for row, rank in _each(every, found_for) for _, one in rank.best[:BEST]]
    found = _loaded(session, side, every, found_for, {*new, *best})
    doors = _doors(mine, rankings)
    return Ahead(
        here.version,
        side,
        new=[found[pair] for pair in new if pair in found],
        best={
            row.id: [found[pair] for pair in best if pair[0] == row.id and pair in found]
            for row in every
        },
        doors=doors,
        helpers=helpers_of(session, every[0].organisation, [door.fact for door in doors]),
        untold=_untold(mine, rankings, here.as_of),
    )


def matches_of(session: Session, side: Side, row: Need | Offer, ranking: Ranking) -> Sequence[Seen]:
    """The best of a ranking with their rows, in one query."""
    wanted = [(row.id, one) for _, one in ranking.best]
    found = _loaded(session, side, [row], [ranking], wanted)
    return [found[pair] for pair in wanted if pair in found]


def _each(rows: Rows, rankings: Sequence[Ranking]) -> Iterable[tuple[Any, Ranking]]:
    return zip(rows, rankings, strict=True)


def _asks(row: Need | Offer) -> bool:
    return isinstance(row, Need)


def _seen_before(
    session: Session, side: Side, rows: Rows, rankings: Sequence[Ranking]
) -> set[Pair]:
    """Those of the best that were asked, or shown on an earlier day: what is new stays so today."""
    ids = [row.id for row in rows]
    others = {one for rank in rankings for _, one in rank.best}
    needs, offers = (ids, others) if side is Side.NEED else (others, ids)
    shown = select(Shown.need_id, Shown.offer_id).where(
        # As a sum, or SQLite goes by it: the busiest offer alone was shown 600,000 times.
        Shown.need_id.in_(needs), (Shown.offer_id + 0).in_(offers),
        Shown.side == side, Shown.day < clock.today(),
    )  # fmt: skip
    asked = select(Feedback.need_id, Feedback.offer_id).where(
        Feedback.need_id.in_(needs), Feedback.offer_id.in_(offers),
        Feedback.kind == FeedbackKind.ASKED,
    )  # fmt: skip
    pairs = session.execute(union(shown, asked))
    return {(need, offer) if side is Side.NEED else (offer, need) for need, offer in pairs}


def _new(rows: Rows, rankings: Sequence[Ranking], seen: Collection[Pair]) -> list[Pair]:
    """The best over all rows, each of the other side once."""
    listed = [
        (-score, place, row.id, one)
        for row, rank in _each(rows, rankings)
        for place, (score, one) in enumerate(rank.best)
        if (row.id, one) not in seen
    ]
    found: dict[int, Pair] = {}
    for _score, _place, own, one in sorted(listed):
        found.setdefault(one, (own, one))
    return list(found.values())[:NEW]


def _loaded(
    session: Session,
    side: Side,
    rows: Rows,
    rankings: Sequence[Ranking],
    wanted: Collection[Pair],
) -> dict[Pair, Seen]:
    """Matches with their rows, in one query; who has gone since the index was asked is left out."""
    others = _others(session, side, {one for _, one in wanted})
    found: dict[Pair, Seen] = {}
    for row, rank in _each(rows, rankings):
        places = {one: place for place, (_, one) in enumerate(rank.best, 1)}
        for match in rank.explained({one for own, one in wanted if own == row.id}):
            one = match.offer_id if side is Side.NEED else match.need_id
            if one in others:
                need, offer = (row, others[one]) if side is Side.NEED else (others[one], row)
                found[row.id, one] = Seen(match, need, offer, places[one])
    return found


def _others(session: Session, side: Side, ids: Collection[int]) -> dict[int, Any]:
    if side is Side.NEED:
        offers = loading.live_offers().options(contains_eager(Offer.organisation))
        return {row.id: row for row in session.scalars(offers.where(Offer.id.in_(ids)))}
    needs = loading.live_needs().options(contains_eager(Need.organisation))
    return {row.id: row for row in session.scalars(needs.where(Need.id.in_(ids)))}


def _doors(rows: Rows, rankings: Sequence[Ranking]) -> list[Door]:
    """Facts in a firm's reach by how many different offers each alone closes to any need."""
    closed: dict[str, list[tuple[int, int, np.ndarray, Need]]] = {}
    for at, (row, rank) in enumerate(_each(rows, rankings)):
        for fact, ids in rank.closed_by_one.items() if _asks(row) else ():
            if in_reach(fact):
                closed.setdefault(fact, []).append((len(ids), -at, ids, row))
    doors = [
        Door(fact, distinct(ids for _, _, ids, _ in parts), max(parts, key=lambda p: p[:2])[3])
        for fact, parts in closed.items()
    ]
    return sorted(doors, key=lambda door: (-door.offers, door.fact))[:DOORS]


def _untold(rows: Rows, rankings: Sequence[Ranking], as_of: date) -> list[Untold]:
    """Only what was never told: a band that lies across the edge of a rule has been."""
    found: list[Untold] = []
    for row, rank in _each(rows, rankings):
        if _asks(row):
            told = need_facts(row, as_of)
            found.append(
                (row, {fact: ids for fact, ids in rank.unsure_by.items() if told.get(fact) is None})
            )
    return found


def distinct(ids: Iterable[np.ndarray]) -> int:
    """How many different ids several arrays hold."""
    return len(np.unique(np.concatenate([np.empty(0, np.int64), *ids])))
