"""What is here already of the organisations in a file, in a few queries for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.language.keys import name_key
from matchmaker.organisations.importing.checking import Item
from matchmaker.organisations.models import BusinessId, Offer, Organisation, OrganisationState
from matchmaker.organisations.services.business_id import number_key

CHUNK = 400
T = TypeVar("T")
Number = tuple[str, str]


@dataclass(slots=True)
class Known:
    """Organisations by public id, by key at the source, by business number and by name."""

    by_id: dict[str, Organisation] = field(default_factory=dict)
    by_key: dict[str, Organisation] = field(default_factory=dict)
    by_number: dict[Number, list[int]] = field(default_factory=dict)
    by_name: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: dict[int, Organisation] = field(default_factory=dict)


def chunks(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[at : at + size] for at in range(0, len(values), size))


def numbers_of(item: Item) -> list[Number]:
    return [(scheme, number_key(number)) for scheme, number in item.ids or ()]


def find(session: Session, source: str, items: Sequence[Item]) -> Known:
    known = Known()
    _numbers(session, known, items)
    ids = {row for found in known.by_number.values() for row in found}
    wanted = (
        (Organisation.public_id, [item.id for item in items if item.id]),
        (Organisation.source_key, [item.source_key() for item in items if not item.id]),
        (Organisation.id, sorted(ids)),
    )
    for column, values in wanted:
        for row in _organisations(session, column, values):
            if column is not Organisation.source_key or row.source == source:
                known.rows[row.id] = row
    for row in known.rows.values():
        known.by_id[row.public_id] = row
        if row.source == source and row.source_key:
            known.by_key[row.source_key] = row
    _names(session, known, items)
    return known


def _organisations(session: Session, column: Any, values: Sequence[Any]) -> Iterator[Organisation]:
    whole = (
        selectinload(Organisation.business_ids),
        selectinload(Organisation.facts),
        selectinload(Organisation.needs),
        selectinload(Organisation.offers).selectinload(Offer.criteria),
    )
    for chunk in chunks(values, CHUNK):
        yield from session.scalars(select(Organisation).where(column.in_(chunk)).options(*whole))


def _numbers(session: Session, known: Known, items: Iterable[Item]) -> None:
    wanted = {number for item in items for number in numbers_of(item)}
    for chunk in chunks(sorted({key for _scheme, key in wanted}), CHUNK):
        query = (
            select(BusinessId.scheme, BusinessId.number_key, BusinessId.organisation_id)
            .join(Organisation, Organisation.id == BusinessId.organisation_id)
            .where(
                BusinessId.number_key.in_(chunk),
                Organisation.state != OrganisationState.SUSPENDED,
            )
        )
        for scheme, key, row_id in session.execute(query.order_by(BusinessId.id)):
            if (scheme, key) in wanted:
                known.by_number.setdefault((scheme, key), []).append(row_id)


def _names(session: Session, known: Known, items: Iterable[Item]) -> None:
    keys = {name_key(item.name) for item in items if item.name and item.province} - {""}
    for chunk in chunks(sorted(keys), CHUNK):
        query = select(Organisation.id, Organisation.name_key, Organisation.province).where(
            Organisation.name_key.in_(chunk), Organisation.state != OrganisationState.SUSPENDED
        )
        for row_id, key, province in session.execute(query):
            known.by_name.setdefault((key, province), row_id)
