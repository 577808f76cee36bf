"""How much attention those on a page get already, and the order that follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, case, func, or_, select
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
    """What is known of those on a page, in two queries; prices are None before the first job."""

    on_page: Collection[int]
    prices: Mapping[int, float] | None = None
    seen: Mapping[int, int] = field(default_factory=dict)
    turns: Mapping[int, int] = field(default_factory=dict)
    #: Who is next for a turn in this list, from behind the page.
    next: Sequence[int] = ()

    @property
    def mean_seen(self) -> float:
        seen = [self.seen.get(row_id, 0) for row_id in self.on_page]
        return sum(seen) / len(seen) if seen else 0.0


def watch(
    session: Session,
    row: Need | Offer,
    on_page: Collection[int],
    *,
    turns: bool,
    not_these: Collection[int],
) -> Watch:
    """Read prices and exposure of those on a page; ``turns`` asks who waits behind it too."""
    if not on_page:
        return Watch(on_page)
    side = Side.OFFER if isinstance(row, Offer) else Side.NEED
    prices, waiting = _prices(session, side, on_page, row if turns else None)
    waiting = [one for one in waiting if one not in on_page and one not in not_these]
    seen, tens = _seen_lately(session, side, {*on_page, *waiting})
    waiting.sort(key=lambda one: tens.get(one, 0))
    return Watch(on_page, prices, seen, tens, waiting[:CANDIDATES])


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
    return {
        row_id: Attention(
            places_left=places_left(row, now) if isinstance(row, Offer) else None,
            places=row.places if isinstance(row, Offer) else None,
            seen=watched.seen.get(row_id, 0),
            mean_seen=mean,
            price=None if watched.prices is None else watched.prices.get(row_id, 0.0),
            turns=watched.turns.get(row_id, 0),
        )
        for row_id, row in rows.items()
    }


def _prices(
    session: Session, side: Side, ids: Collection[int], own: Need | Offer | None
) -> tuple[dict[int, float] | None, list[int]]:
    """Prices by id, None where the job has written none for this page; and the own list's queue."""
    of_page = and_(Price.side == side, Price.row_id.in_(ids))
    of_own = and_(Price.side == Side.NEED, Price.row_id == own.id) if own else None
    rows = session.scalars(select(Price).where(of_page if of_own is None else or_(of_page, of_own)))
    prices: dict[int, float] = {}
    waiting: list[int] = []
    for price in rows:
        if own is not None and (price.side, price.row_id) == (Side.NEED, own.id):
            waiting = list(price.waiting)
        else:
            prices[price.row_id] = price.points
    return prices or None, waiting


def _seen_lately(
    session: Session, side: Side, ids: Collection[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """How often each was shown lately, and in how many top tens this month."""
    today = clock.today()
    this_month = case((Exposure.day >= today.replace(day=1), Exposure.top_tens), else_=0)
    query = (
        select(Exposure.row_id, func.sum(Exposure.count), func.sum(this_month))
        .where(
            Exposure.side == side,
            Exposure.row_id.in_(ids),
            Exposure.day >= today - LATELY,
        )
        .group_by(Exposure.row_id)
    )
    seen: dict[int, int] = {}
    turns: dict[int, int] = {}
    for row_id, count, tens in session.execute(query):
        seen[row_id], turns[row_id] = int(count), int(tens)
    return seen, turns
