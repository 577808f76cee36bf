"""Who must not appear in a list: pairs closed or hidden, for one need or for all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import ClosedPair, Hidden, Side
from matchmaker.suggestions.services import pairs


@dataclass(frozen=True, slots=True)
class Closed:
    """Who must not appear: ids of the other side, and organisations of the other side."""

    ids: Collection[int]
    organisations: Collection[int]


def closed_for(session: Session, rows: Sequence[Need | Offer]) -> list[Closed]:
    """Who must not appear in the list of each."""
    if not rows:
        return []
    hidden, shut = pairs.hidden_for(session, rows), pairs.pairs_closed_for(session, rows)
    return [_closed_of(row, hidden, shut) for row in rows]


def _closed_of(row: Need | Offer, hidden: list[Hidden], shut: list[ClosedPair]) -> Closed:
    ids: set[int] = set()
    organisations: set[int] = set()
    if isinstance(row, Need):
        ids = {one.offer_id for one in hidden if (one.need_id, one.side) == (row.id, Side.NEED)}
        for pair in shut:
            own = pair.need_organisation_id == row.organisation_id
            if own and pair.need_id in (None, row.id):
                _close(pair.offer_id, pair.offer_organisation_id, ids, organisations)
        return Closed(ids, organisations)
    ids = {one.need_id for one in hidden if (one.offer_id, one.side) == (row.id, Side.OFFER)}
    for pair in shut:
        own = pair.offer_organisation_id == row.organisation_id
        if own and pair.offer_id in (None, row.id):
            _close(pair.need_id, pair.need_organisation_id, ids, organisations)
    return Closed(ids, organisations)


def _close(
    row_id: int | None, organisation_id: int, ids: set[int], organisations: set[int]
) -> None:
    """One need or offer where the row names it, else everything of the organisation."""
    if row_id is None:
        organisations.add(organisation_id)
    else:
        ids.add(row_id)
