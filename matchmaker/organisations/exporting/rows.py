"""An organisation as rows of the bulk format: one for each need or offer, or one for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.accounts.access import StaffScope
from matchmaker.organisations.exporting.files import Cell
from matchmaker.organisations.importing.columns import COLUMNS, Column
from matchmaker.organisations.importing.importer import vouched_for
from matchmaker.organisations.importing.offer_columns import ASKED, WISHES
from matchmaker.organisations.models import (
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services import criteria
from matchmaker.organisations.services.evidence import stated
from matchmaker.organisations.services.offer import amount_rule_of, declared
from matchmaker.vocabulary import sectors
from matchmaker.vocabulary.currencies import from_minor
from matchmaker.vocabulary.places import PROVINCES, current

CHUNK = 300
Listing = Need | Offer


def table(
    session: Session, scope: StaffScope, *, private: bool, drafts: bool = False
) -> Iterator[Sequence[Cell]]:
    """The names of the columns, then a row for each need or offer that is not closed."""
    columns = [column for column in COLUMNS if private or not column.private]
    yield [column.name for column in columns]
    for organisation in organisations(session, scope, drafts):
        for cells in rows_of(organisation):
            yield [cells.get(column.name) for column in columns]


def organisations(session: Session, scope: StaffScope, drafts: bool) -> Iterator[Organisation]:
    """Those in scope by age; a draft is its owner's alone."""
    query = select(Organisation.id).order_by(Organisation.id)
    if not drafts:
        query = query.where(Organisation.state != OrganisationState.DRAFT)
    if not scope.everything:
        provinces = [code for code in PROVINCES.codes() if current(code) in scope.provinces]
        vouched = vouched_for(session, scope.introducer_ids)
        query = query.where(
            Organisation.province.in_(provinces) | Organisation.id.in_(sorted(vouched))
        )
    ids = session.scalars(query).all()
    whole = (
        selectinload(Organisation.business_ids),
        selectinload(Organisation.facts),
        selectinload(Organisation.needs),
        selectinload(Organisation.offers).selectinload(Offer.criteria),
    )
    for at in range(0, len(ids), CHUNK):
        chunk = select(Organisation).where(Organisation.id.in_(ids[at : at + CHUNK]))
        yield from session.scalars(chunk.order_by(Organisation.id).options(*whole))


def rows_of(organisation: Organisation) -> Iterator[dict[str, Cell]]:
    """The first row tells all of the organisation, further ones only whose they are."""
    own = {
        column.name: _organisation_cell(organisation, column)
        for column in COLUMNS
        if column.about == "organisation"
    }
    listings: list[Listing] = [*organisation.needs, *organisation.offers]
    listings = [row for row in listings if row.state is not PublicationState.CLOSED]
    if not listings:
        yield own
    for number, row in enumerate(sorted(listings, key=lambda one: (type(one).__name__, one.id))):
        mine = own if number == 0 else {"id": own["id"], "key": own["key"], "name": own["name"]}
        yield mine | _listing_cells(row)


def _organisation_cell(row: Organisation, column: Column) -> Cell:
    own: dict[str, Callable[[], Cell]] = {
        "id": lambda: row.public_id,
        "key": lambda: _key(row),
        "roles": lambda: _joined(row.roles),
        "sector": lambda: _sector(row),
        "currency": lambda: row.currency if _priced(row) else None,
        "evidence_yes": lambda: _joined(f for f, said in stated(row).items() if said),
        "evidence_no": lambda: _joined(f for f, said in stated(row).items() if not said),
        "business_ids": lambda: _joined(f"{one.scheme}:{one.number}" for one in row.business_ids),
    }
    if column.name in own:
        return own[column.name]()
    value = getattr(row, column.target)
    return _cell(column, value, row.currency)


def _key(row: Organisation) -> str:
    """A key that was worked out is worked out again; the number here finds the row anyway."""
    key = row.source_key or ""
    return "" if key.startswith("auto:") or len(key) > 60 else key


def _sector(row: Organisation) -> str:
    if row.plain_sector and sectors.isic_of(row.plain_sector) == row.sector:
        return row.plain_sector
    return f"isic4:{row.sector}" if row.sector else row.plain_sector


def _priced(row: Organisation) -> bool:
    return row.turnover_minor is not None or row.capital_minor is not None


def _listing_cells(row: Listing) -> dict[str, Cell]:
    about = "need" if isinstance(row, Need) else "offer"
    asked = _asked(row) if isinstance(row, Offer) else {}
    cells: dict[str, Cell] = {f"{about}_id": row.public_id}
    for column in COLUMNS:
        if column.about != about or column.name in (f"{about}_id", f"{about}_key"):
            continue
        if column.target.startswith(ASKED):
            value = asked.get(column.target.removeprefix(ASKED))
        elif column.target == "amount_rule":
            value = amount_rule_of(row) if isinstance(row, Offer) else ""
        else:
            value = getattr(row, column.target)
        cells[column.name] = _cell(column, value, row.currency)
    amounts = [column for column in COLUMNS if column.currency == f"{about}_currency"]
    if all(getattr(row, column.target) is None for column in amounts):
        cells[f"{about}_currency"] = None
    return cells


def _asked(offer: Offer) -> Mapping[str, Any]:
    """The answers that its criteria stand for, and which of them are wishes."""
    answers = criteria.to_values(declared(offer))
    wishes = [n for n, answer in WISHES.items() if answers[f"{answer}_weight"] == criteria.PREFER]
    return answers | {"wishes": wishes}


def _cell(column: Column, value: Any, currency: str) -> Cell:
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "money":
        return from_minor(value, currency)
    if column.kind == "sectors":
        return _joined(f"isic4:{code}" for code in value)
    if isinstance(value, list):
        return _joined(value)
    if column.kind == "day":
        return str(value.isoformat())
    return value if isinstance(value, int | float) else str(value)


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)
