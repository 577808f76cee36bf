"""How much attention those on a page get already, and the order that follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.exposure import Attention, Placed, arrange, order
from matchmaker.matching.match import Match
from matchmaker.organisations.models import Need, Offer
from matchmaker.organisations.services.capacity import places_left
from matchmaker.suggestions.models import Exposure, Side
from matchmaker.suggestions.services.shown import LATELY


def placed_on_page(
    session: Session,
    side: Side,
    matches: Sequence[Match],
    rows: Mapping[int, Need | Offer],
    *,
    first: bool,
) -> list[Placed]:
    """The matches of one page in the order it shows them; none moves to another page."""
    needs = side is Side.OFFER
    attention = _attention(session, side, rows)
    if first:
        return arrange(matches, attention, needs=needs)
    return order(matches, attention, needs=needs)


def _attention(
    session: Session, side: Side, rows: Mapping[int, Need | Offer]
) -> dict[int, Attention]:
    seen = _seen_lately(session, side, rows)
    mean = sum(seen.values()) / len(rows) if rows else 0.0
    now = clock.now()
    return {
        row_id: Attention(
            places_left=places_left(row, now) if isinstance(row, Offer) else None,
            places=row.places if isinstance(row, Offer) else None,
            seen=seen.get(row_id, 0),
            mean_seen=mean,
        )
        for row_id, row in rows.items()
    }


def _seen_lately(session: Session, side: Side, ids: Collection[int]) -> dict[int, int]:
    if not ids:
        return {}
    query = (
        select(Exposure.row_id, func.sum(Exposure.count))
        .where(
            Exposure.side == side,
            Exposure.row_id.in_(ids),
            Exposure.day >= clock.today() - LATELY,
        )
        .group_by(Exposure.row_id)
    )
    return {row_id: int(count) for row_id, count in session.execute(query)}
