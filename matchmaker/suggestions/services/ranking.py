"""A page of matches for one need or one offer, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.exposure import Placed
from matchmaker.matching.index import Filters, Order, Ranking
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.records import need_record, offer_record
from matchmaker.suggestions.resident.building import Resident
from matchmaker.suggestions.resident.holder import resident
from matchmaker.suggestions.services import attention, budget
from matchmaker.suggestions.services.closed import Closed, closed_for
from matchmaker.suggestions.services.cursor import Cursor
from matchmaker.suggestions.services.listed import (
    Listed,
    as_ranked,
    listed,
    other_id,
    rows_of,
    side_of,
)
from matchmaker.suggestions.services.sets import ListedSet, placed_sets, sets_among

PAGE = 20
NEAR = 12


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, and an account of all that is not on it."""

    side: Side
    version: int
    fit: list[Listed]
    near: list[Listed]
    ranking: Ranking
    #: Where the next page goes on; None on the last.
    next: Cursor | None
    #: The link came from another model version or from nowhere: this is the first page.
    renewed: bool = False
    order: Order = "score"
    #: Offers that answer together; on the first page alone.
    sets: Sequence[ListedSet] = ()

    @property
    def left_out(self) -> int:
        """All that do not fit, those that nearly do among them."""
        return self.ranking.pool - self.ranking.total


def page_for(
    session: Session,
    row: Need | Offer,
    filters: Filters,
    after: Cursor | None = None,
    tab: str = "fit",
    reader_id: int | None = None,
    order: Order = "score",
) -> ListPage:
    """Rank for a need or an offer and load what this tab of the page shows of the others.

    Only the order by score is corrected for attention; another one is what the reader asked for.
    LookedEnoughError when the reader has seen as many firms today as one may.
    """
    queue = _queue(session, row, reader_id)
    side, here = side_of(row), resident(session)
    renewed = after is not None and after.version != here.version
    start = None if renewed else after
    n, near = (PAGE, 0) if tab == "fit" else (0, NEAR if tab == "near" else 0)
    [closed] = closed_for(session, [row])
    ranking = _ask(here, row, filters, n, near, start, closed, order)
    by_score = order == "score"
    # A filter is the reader's own wish: nobody is brought into such a list from behind.
    called = queue if start is None and filters.plain and by_score else ()
    watched = _watched(session, row, [*map(other_id(side), ranking.matches)], closed, called)
    first = tab == "fit" and start is None and by_score
    sets = sets_among(here, row, filters, ranking, closed) if first else []
    parts = (one for stack in sets for one in stack.ids)
    near_ids = map(other_id(side), ranking.near)
    rows, read = rows_of(session, row, {*watched.on_page, *watched.next, *near_ids, *parts})
    seen = start.seen if start else 0
    fit = _placed(side, ranking, watched, rows, order, first=start is None)
    return ListPage(
        side=side,
        version=here.version,
        # Who looks on, and does not speak for the organisation, sees nothing of its desk.
        fit=listed(row, fit, rows, seen, here.as_of, read if reader_id else None),
        near=listed(row, as_ranked(ranking.near), rows, 0, here.as_of, read if reader_id else None),
        ranking=ranking,
        next=_next(ranking, here.version, seen),
        renewed=renewed,
        order=order,
        sets=placed_sets(row, sets, rows, ranking),
    )


def first_of(
    session: Session, offer: Offer, filters: Filters, n: int, order: Order
) -> tuple[int, list[Listed]]:
    """The model version and the first n in one go, as a sheet holds them: in no other order than
    the one asked for. The caller keeps the budget of the day."""
    here = resident(session)
    [closed] = closed_for(session, [offer])
    found = _ask(here, offer, filters, n, 0, None, closed, order).matches
    rows, read = rows_of(session, offer, {one.need_id for one in found})
    return here.version, listed(offer, as_ranked(found), rows, 0, here.as_of, read)


def _next(ranking: Ranking, version: int, seen: int) -> Cursor | None:
    shown = seen + len(ranking.matches)
    more = ranking.next_after if shown < ranking.total else None
    return Cursor(*more, version, shown, ranking.day or 0) if more else None


def _queue(session: Session, row: Need | Offer, reader_id: int | None) -> Sequence[int]:
    """Needs that wait for a turn in the list of an offer, within what its reader may see today."""
    if isinstance(row, Need):
        return ()
    return budget.queue_for(session, row, reader_id, PAGE + attention.CANDIDATES)


def _watched(
    session: Session,
    row: Need | Offer,
    on_page: list[int],
    closed: Closed,
    called: Sequence[int],
) -> attention.Watch:
    if isinstance(row, Offer):
        return attention.watch_needs(session, on_page, closed.ids, called)
    return attention.watch_offers(session, on_page)


def _placed(
    side: Side,
    ranking: Ranking,
    watched: attention.Watch,
    rows: Mapping[int, Need | Offer],
    order: Order,
    *,
    first: bool,
) -> list[Placed]:
    if order != "score":
        return as_ranked(ranking.matches)
    keys = (*map(other_id(side), ranking.matches), *watched.next)
    known = {key: rows[key] for key in keys if key in rows}
    waiting = ranking.standing([one for one in watched.next if one in rows])
    return attention.placed(watched, side, ranking.matches, known, first=first, waiting=waiting)


def counts_for(session: Session, rows: Sequence[Need | Offer]) -> list[int]:
    """How many fit each, without filters; the same few queries for any number of rows."""
    here, closed = resident(session), closed_for(session, rows)
    return [
        _ask(here, row, Filters(), 0, 0, None, shut).total
        for row, shut in zip(rows, closed, strict=True)
    ]


def rankings_for(
    session: Session, rows: Sequence[Need | Offer], n: int
) -> tuple[Resident, list[Ranking]]:
    """The list of each without filters, its best n unexplained; as many queries as for one."""
    here, closed = resident(session), closed_for(session, rows)
    return here, [
        _ask(here, row, Filters(), n, 0, None, shut) for row, shut in zip(rows, closed, strict=True)
    ]


def _ask(
    here: Resident,
    row: Need | Offer,
    filters: Filters,
    n: int,
    near: int,
    after: Cursor | None,
    closed: Closed,
    order: Order = "score",
) -> Ranking:
    record = (
        need_record(row, here.as_of) if isinstance(row, Need) else offer_record(row, here.as_of)
    )
    return here.index.top(
        record,
        filters,
        n,
        after=(after.score, after.last_id) if after else None,
        closed=closed.ids,
        closed_organisations=closed.organisations,
        near=near,
        day=after.day if after else clock.today().toordinal(),
        order=order,
    )
