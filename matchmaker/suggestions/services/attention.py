"""How much attention those on a page get already, and the order that follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from sqlalchemy import Date, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.exposure import ALSO, Attention, Placed, arrange, order
from matchmaker.matching.match import Match
from matchmaker.organisations.models import Need, Offer
from matchmaker.organisations.services.capacity import places_left
from matchmaker.suggestions.models import Exposure, Price, Side
from matchmaker.suggestions.services.shown import LATELY

#: Candidates for a turn: some may have closed since the pool was gone through.
CANDIDATES = 2 * ALSO


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of those on a page, in two queries."""

    on_page: Collection[int]
    #: Of offers, as the last job left them; one that is newer has none.
    prices: Mapping[int, float] = field(default_factory=dict)
    seen: Mapping[int, int] = field(default_factory=dict)
    turns: Mapping[int, int] = field(default_factory=dict)
    #: Who is next for a turn in this list, from behind the page.
    next: Sequence[int] = ()

    @property
    def mean_seen(self) -> float:
        seen = [self.seen.get(row_id, 0) for row_id in self.on_page]
        return sum(seen) / len(seen) if seen else 0.0


def watch_offers(session: Session, on_page: Collection[int]) -> Watch:
    """Read prices and exposure of the offers on the page of a need."""
    if not on_page:
        return Watch(on_page)
    query = select(Price.offer_id, Price.points).where(Price.offer_id.in_(on_page))
    prices = {row.offer_id: row.points for row in session.execute(query)}
    seen, turns = _seen_lately(session, Side.NEED, on_page)
    return Watch(on_page, prices, seen, turns)


def watch_needs(
    session: Session, on_page: Collection[int], closed: np.ndarray, queue: Sequence[int]
) -> Watch:
    """Read exposure of the needs on the page of an offer, and call from the queue behind it."""
    if not on_page:
        return Watch(on_page)
    shut = np.isin(queue, closed).tolist()
    waiting = [
        one for one, gone in zip(queue, shut, strict=True) if not gone and one not in on_page
    ]
    seen, turns = _seen_lately(session, Side.OFFER, {*on_page, *waiting})
    waiting.sort(key=lambda one: turns.get(one, 0))
    return Watch(on_page, {}, seen, turns, waiting[:CANDIDATES])


def placed(
    watched: Watch,
    side: Side,
    matches: Sequence[Match],
    rows: Mapping[int, Need | Offer],
    *,
    first: bool,
    waiting: Sequence[Match],
) -> list[Placed]:
    """The matches of one page in the order it shows them; only turns bring one from behind it."""
    needs = side is Side.OFFER
    attention = _attention(watched, rows)
    if first:
        return arrange(matches, attention, needs=needs, waiting=waiting)
    return order(matches, attention, needs=needs)


def _attention(watched: Watch, rows: Mapping[int, Need | Offer]) -> dict[int, Attention]:
    now, mean = clock.now(), watched.mean_seen
    found: dict[int, Attention] = {}
    for row_id, row in rows.items():
        seen, turns = watched.seen.get(row_id, 0), watched.turns.get(row_id, 0)
        if isinstance(row, Need):
            found[row_id] = Attention(seen=seen, turns=turns)
            continue
        left, price = places_left(row, now), watched.prices.get(row_id)
        found[row_id] = Attention(left, row.places, seen, mean, price, turns)
    return found


def _seen_lately(
    session: Session, side: Side, ids: Collection[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """How often each was shown lately, and in how many top tens this month."""
    today = clock.today()
    given = {
        "side": side, "ids": list(ids), "since": today - LATELY, "month": today.replace(day=1)
    }  # fmt: skip
    seen: dict[int, int] = {}
    turns: dict[int, int] = {}
    for row_id, count, tens in session.execute(_lately(), given):
        seen[row_id], turns[row_id] = int(count), int(tens)
    return seen, turns


@cache
def _lately() -> Select[int, int, int]:
    """Made once: putting it together takes longer than its answer."""
    day = Exposure.day
    this_month = case((day >= bindparam("month", type_=Date), Exposure.top_tens), else_=0)
    return (
        select(Exposure.row_id, func.sum(Exposure.count), func.sum(this_month))
        .where(
            Exposure.side == bindparam("side"),
            Exposure.row_id.in_(bindparam("ids", expanding=True)),
            day >= bindparam("since"),
        )
        .group_by(Exposure.row_id)
    )
