"""Who must not appear in a list: pairs closed or hidden, for one need or for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import ClosedPair, Hidden, Side
from matchmaker.suggestions.services import pairs

_NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Closed:
    """Who must not appear: ids of the other side, and organisations of the other side, int64."""

    ids: np.ndarray
    organisations: np.ndarray


@dataclass(frozen=True, slots=True)
class _Ends:
    """Columns of a closed pair as one side reads them; an empty row means all of them."""

    own: Any
    own_row: Any
    other: Any
    other_row: Any


_ENDS = {
    Side.NEED: _Ends(
        ClosedPair.need_organisation_id, ClosedPair.need_id,
        ClosedPair.offer_organisation_id, ClosedPair.offer_id,
    ),
    Side.OFFER: _Ends(
        ClosedPair.offer_organisation_id, ClosedPair.offer_id,
        ClosedPair.need_organisation_id, ClosedPair.need_id,
    ),
}  # fmt: skip
#: By organisation and its row, None for all its rows.
_Shut = Mapping[tuple[int, int | None], Closed]


def closed_for(session: Session, rows: Sequence[Need | Offer]) -> list[Closed]:
    """Who must not appear in the list of each, in two queries where all are of one side."""
    if not rows:
        return []
    hidden = _hidden(session, rows)
    shut = {
        side: _shut(session, _ENDS[side], {row.organisation_id for row in rows if side is _of(row)})
        for side in {_of(row) for row in rows}
    }
    return [_closed_of(row, hidden.get((_of(row), row.id), ()), shut[_of(row)]) for row in rows]


def _of(row: Need | Offer) -> Side:
    return Side.NEED if isinstance(row, Need) else Side.OFFER


def _hidden(session: Session, rows: Sequence[Need | Offer]) -> dict[tuple[Side, int], list[int]]:
    query = select(Hidden.side, Hidden.need_id, Hidden.offer_id).where(pairs.hidden_by(rows))
    found: dict[tuple[Side, int], list[int]] = {}
    for side, need_id, offer_id in session.execute(query):
        own, other = (need_id, offer_id) if side is Side.NEED else (offer_id, need_id)
        found.setdefault((side, own), []).append(other)
    return found


def _shut(session: Session, at: _Ends, organisation_ids: Collection[int]) -> _Shut:
    """The pairs closed to organisations, put together by the database.

    A bank says no to tens of thousands of firms: row by row that took longer than ranking them.
    """
    everything = _listed(at.other).filter(at.other_row.is_(None))
    query = (
        select(at.own, at.own_row, _listed(at.other_row), everything)
        .where(at.own.in_(organisation_ids), pairs.in_force())
        .group_by(at.own, at.own_row)
    )
    return {
        (organisation_id, row_id): Closed(_ids(ids), _ids(organisations))
        for organisation_id, row_id, ids, organisations in session.execute(query)
    }


def _listed(column: Any) -> Any:
    return func.aggregate_strings(cast(column, String), ",")


def _ids(listed: str | None) -> np.ndarray:
    return np.fromstring(listed, np.int64, sep=",") if listed else _NOBODY


def _closed_of(row: Need | Offer, hidden: Sequence[int], shut: _Shut) -> Closed:
    keys = (row.organisation_id, None), (row.organisation_id, row.id)
    found = [shut[key] for key in keys if key in shut]
    ids = [np.array(hidden, np.int64), *(one.ids for one in found)]
    organisations = [one.organisations for one in found]
    return Closed(np.concatenate(ids), np.concatenate([_NOBODY, *organisations]))
