"""Matches with the rows that their cards are made of: only those that are live now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from matchmaker.matching.exposure import Placed
from matchmaker.matching.match import Match
from matchmaker.matching.records import FactValue
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.records import need_facts
from matchmaker.suggestions.resident import loading


@dataclass(frozen=True, slots=True)
class Listed:
    """A match with its rows; position 1 is the top of the whole list."""

    match: Match
    need: Need
    offer: Offer
    position: int
    #: What the firm shows, by fact: chips and levers name it.
    facts: Mapping[str, FactValue]
    #: Where it would stand by points alone, and why it stands elsewhere.
    placed: Placed
    #: The values of ``beside``, in its order; () where nobody reads any.
    beside: tuple[Any, ...] = ()


#: Columns that upper rooms read beside each need in the list of an offer.
beside: list[Callable[[Offer], Sequence[ColumnElement[Any]]]] = []
Rows = dict[int, Need | Offer]


def side_of(row: Need | Offer) -> Side:
    return Side.NEED if isinstance(row, Need) else Side.OFFER


def rows_of(
    session: Session, row: Need | Offer, ids: Collection[int]
) -> tuple[Rows, dict[int, tuple[Any, ...]]]:
    """The rows of the other side by id, and what is read beside them.

    One gone since the index was asked is left out.
    """
    if not ids:
        return {}, {}
    if isinstance(row, Need):
        query = loading.with_offer_parts(loading.live_offers().where(Offer.id.in_(ids)))
        return {offer.id: offer for offer in session.scalars(query)}, {}
    needs = loading.with_need_parts(loading.live_needs().where(Need.id.in_(ids)))
    columns = [column for read in beside for column in read(row)]
    found = [
        (need, tuple(values)) for need, *values in session.execute(needs.add_columns(*columns))
    ]
    return {need.id: need for need, _ in found}, {need.id: values for need, values in found}


def as_ranked(matches: Iterable[Match]) -> list[Placed]:
    """In the order of the ranking, none moved."""
    return [Placed(match, place, place, "") for place, match in enumerate(matches, 1)]


def other_id(side: Side) -> Callable[[Match], int]:
    """What gives the id of the other side's row."""
    return lambda match: match.offer_id if side is Side.NEED else match.need_id


def listed(
    row: Need | Offer,
    placed: Iterable[Placed],
    rows: Rows,
    seen: int,
    as_of: date,
    read: Mapping[int, tuple[Any, ...]] | None = None,
) -> list[Listed]:
    """Each match with its rows as they are now, behind so many that earlier pages showed."""
    found = []
    mine = need_facts(row, as_of) if isinstance(row, Need) else None
    for one in placed:
        match = one.match
        other = rows.get(match.offer_id if isinstance(row, Need) else match.need_id)
        if other is None:
            continue
        need, offer = (row, other) if isinstance(row, Need) else (other, row)
        facts = mine or need_facts(cast(Need, need), as_of)
        found.append(
            Listed(
                match=match,
                need=cast(Need, need),
                offer=cast(Offer, offer),
                position=seen + one.place,
                facts=facts,
                placed=one,
                beside=(read or {}).get(other.id, ()),
            )
        )
    return found
