"""Firms that could reach an offer's ticket together with one whose need is too small for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, SelectBase
from sqlalchemy.orm import Session, contains_eager

from matchmaker.matching import consortia
from matchmaker.matching.consortia import Group
from matchmaker.matching.nearness import Near
from matchmaker.matching.records import Band, NeedRecord, OfferRecord
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.resident import loading
from matchmaker.suggestions.resident.holder import resident
from matchmaker.suggestions.services import budget
from matchmaker.suggestions.services.closed import closed_for


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group with the rows of its other firms, the nearest first."""

    group: Group
    others: Sequence[tuple[Near, Need]]


@dataclass(frozen=True, slots=True)
class Together:
    """What can be proposed to a firm before an offer; no ticket: a group is no way here."""

    ticket: Band | None = None
    own: Band | None = None
    proposals: Sequence[Proposal] = ()


def together(
    session: Session,
    need: Need,
    offer: Offer,
    acting: SelectBase,
    *,
    have: Band | None = None,
    places: int = consortia.MOST_FIRMS - 1,
    but: Collection[int] = (),
) -> Together:
    """The groups for a need that only the offer's least amount shuts out, in four queries.

    ``acting``: ids of the organisations of who looks; LookedEnoughError beyond the day's budget.
    For a group that goes on: what it comes to and how many places it has; never the firms `but`.

    Both are read from the index, which is in step with their rows; who is not in it asks nobody.
    """
    here = resident(session)
    asking, given = here.index.record("need", need.id), here.index.record("offer", offer.id)
    if not (isinstance(asking, NeedRecord) and isinstance(given, OfferRecord)):
        return Together()
    if not consortia.falls_short(asking, given):
        return Together()
    [closed] = closed_for(session, [offer])
    ranking = here.index.top(
        consortia.wanted(given),
        n=consortia.MOST_CANDIDATES,
        closed=closed.ids,
        closed_organisations=[*closed.organisations, need.organisation_id, *but],
    )
    records = [here.index.record("need", need_id) for _, need_id in ranking.best]
    pool = [cast(NeedRecord, record) for record in records if record is not None]
    groups = consortia.consortia(asking, given, pool, have=have, places=places)
    seen = budget.seen_with_partners(need.organisation_id, acting)
    rows = _rows(session, [one for group in groups for one in group.ids], seen)
    return Together(
        consortia.ticket_of(given.criteria),
        have or asking.amount,
        [
            Proposal(group, [(near, rows[near.need_id]) for near in group.others])
            for group in groups
            if rows.keys() >= set(group.ids)
        ],
    )


def _rows(session: Session, ids: Sequence[int], seen: ColumnElement[int]) -> dict[int, Need]:
    """One that closed since the index was asked is left out, and its group with it."""
    if not ids:
        return {}
    query = loading.live_needs().where(Need.id.in_(ids)).options(contains_eager(Need.organisation))
    rows = session.execute(query.add_columns(seen)).all()
    if rows:
        budget.check(rows[0][1], len(rows))
    return {row.id: row for row, _seen in rows}
