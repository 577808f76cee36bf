"""The catalogue of offers that anyone may browse: filters, search by name, pages by key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from matchmaker.language.keys import search_key
from matchmaker.organisations.models import (
    Criterion,
    CriterionSource,
    Kind,
    Offer,
    Operator,
    Organisation,
    OrganisationState,
    PublicationState,
)

PAGE = 20
#: Offers counted for a list that nothing is on.
MOST_COUNTED = 100
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """What a visitor narrowed the catalogue to; None or "" = not at all."""

    kind: str | None = None
    code: str | None = None
    #: A country or a province the offer must be open to.
    place: str | None = None
    language: str | None = None
    text: str = ""
    deploying: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: offers in this language come first, then those given in this country."""

    language: str
    country: str


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: how near its last offer is to the reader, and its id."""

    near: int
    id: int


@dataclass(frozen=True, slots=True)
class CataloguePage:
    offers: list[Offer]
    #: Key of the last offer, when there are more.
    after: Key | None


def public_offers() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What makes an offer public: it and its organisation are published."""
    return (
        Offer.state == PublicationState.PUBLISHED,
        Organisation.state == OrganisationState.PUBLISHED,
    )


def browse(
    session: Session, wanted: CatalogueFilter, reader: Reader, after: Key | None = None
) -> CataloguePage:
    """Nearest to the reader first, then the newest; a page at a time, always in two queries."""
    near = _near(reader)
    order = (near.desc(), Offer.id.desc())
    keys = select(Offer.id).join(Offer.organisation).where(*public_offers(), *_narrowed(wanted))
    if after is not None:
        keys = keys.where(or_(near < after.near, and_(near == after.near, Offer.id < after.id)))
    # Ordered by keys alone: whole rows, with their texts, are read for one page only.
    query = (
        select(Offer, near)
        .join(Offer.organisation)
        .options(contains_eager(Offer.organisation), selectinload(Offer.criteria))
        .where(Offer.id.in_(keys.order_by(*order).limit(PAGE + 1)))
        .order_by(*order)
    )
    rows = session.execute(query).all()
    offers = [offer for offer, _ in rows[:PAGE]]
    return CataloguePage(offers, Key(rows[PAGE - 1][1], offers[-1].id) if rows[PAGE:] else None)


def _near(reader: Reader) -> ColumnElement[int]:
    """3 for the reader's language and country, 2 for the language, 1 for the country, else 0."""
    return case((Offer.lang == reader.language, 2), else_=0) + case(
        (Organisation.country == reader.country, 1), else_=0
    )


def without_one(session: Session, wanted: CatalogueFilter) -> dict[str, int]:
    """How many offers there were without each single answer, in one query; none left out.

    Counted up to `MOST_COUNTED`: a page never counts a table that grows.
    """
    unset = CatalogueFilter()
    names = [one.name for one in fields(wanted) if _given(wanted, one.name)]
    if not names:
        return {}
    columns = []
    for name in names:
        rest = replace(wanted, **{name: getattr(unset, name)})
        some = select(Offer.id).join(Offer.organisation).where(*public_offers(), *_narrowed(rest))
        counted = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
        columns.append(counted.scalar_subquery().label(name))
    found = session.execute(select(*columns)).one()
    return {name: count for name, count in zip(names, found, strict=True) if count}


def _given(wanted: CatalogueFilter, name: str) -> bool:
    return bool(getattr(wanted, name))


def some_of_each(
    session: Session, codes: Collection[str], place: str, most: int, but: int
) -> list[Offer]:
    """The newest offers of each code that take requests and serve the place, in one query.

    Offers of the organisation `but` are left out; without a place, only the code counts.
    """
    at = func.row_number().over(partition_by=Offer.code, order_by=Offer.id.desc())
    wanted = CatalogueFilter(place=place or None, deploying=True)
    ranked = (
        select(Offer.id, at.label("at"))
        .join(Offer.organisation)
        .where(*public_offers(), *_narrowed(wanted))
        .where(Offer.code.in_(codes), Offer.organisation_id != but)
        .subquery()
    )
    query = (
        select(Offer)
        .join(Offer.organisation)
        .options(contains_eager(Offer.organisation))
        .where(Offer.id.in_(select(ranked.c.id).where(ranked.c.at <= most)))
        .order_by(Offer.id.desc())
    )
    return list(session.scalars(query))


def asked_by_newest(
    session: Session, facts: Collection[str], place: str, most: int, but: int
) -> list[tuple[int, str | None, tuple[Any, ...]]]:
    """What the newest offers that take requests and serve the place insist on, in one query.

    (offer, fact, values) for each of these facts that it asks for as a must; an offer that asks
    for none of them comes once, with None. Offers of the organisation `but` are left out.
    """
    wanted = CatalogueFilter(place=place or None, deploying=True)
    newest = (
        select(Offer.id)
        .join(Offer.organisation)
        .where(*public_offers(), *_narrowed(wanted), Offer.organisation_id != but)
        .order_by(Offer.id.desc())
        .limit(most)
        .subquery()
    )
    asks = and_(
        Criterion.offer_id == newest.c.id,
        Criterion.fact.in_(facts),
        Criterion.must.is_(True),
        Criterion.source == CriterionSource.DECLARED,
    )
    query = select(newest.c.id, Criterion.fact, Criterion.values).outerjoin(Criterion, asks)
    return [(row.id, row.fact, tuple(row.values or ())) for row in session.execute(query)]


def public_offer(session: Session, public_id: str) -> Offer | None:
    query = (
        select(Offer)
        .join(Offer.organisation)
        .options(contains_eager(Offer.organisation), selectinload(Offer.criteria))
        .where(Offer.public_id == public_id, *public_offers())
    )
    return session.scalar(query)


def offers_of(session: Session, organisation: Organisation) -> list[Offer]:
    """The published offers of one organisation, the newest first."""
    query = (
        select(Offer)
        .join(Offer.organisation)
        .where(Offer.organisation_id == organisation.id, *public_offers())
        .order_by(Offer.id.desc())
        .limit(PAGE)
    )
    return list(session.scalars(query))


def _narrowed(wanted: CatalogueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind:
        found.append(Offer.kind == Kind(wanted.kind))
    if wanted.code:
        found.append(Offer.code == wanted.code)
    if wanted.deploying:
        found.append(Offer.deploying.is_(True))
    if wanted.place:
        found.append(_open_to(wanted.place))
    if wanted.language:
        found.append(_names(Offer.languages, f'"{wanted.language}"'))
    key = search_key(wanted.text[:_LONGEST_SEARCH])
    found += [Offer.search_key.contains(word, autoescape=True) for word in key.split()]
    return found


def _open_to(place: str) -> ColumnElement[bool]:
    """No rule shuts the place out: none that names other places only, none that excludes it."""
    country = place.partition("-")[0]
    whole = _names(Criterion.values, f'"iso3166-1:{country}"')
    part = f'"iso3166-2:{place}"' if "-" in place else f'"iso3166-2:{country}-'
    of_place = and_(
        Criterion.offer_id == Offer.id,
        Criterion.fact.in_(("country", "province")),
        Criterion.must.is_(True),
    )
    elsewhere = and_(Criterion.operator == Operator.ONE_OF, ~whole, ~_names(Criterion.values, part))
    named = or_(whole, _names(Criterion.values, part)) if "-" in place else whole
    excluded = and_(Criterion.operator == Operator.NONE_OF, named)
    return ~exists().where(of_place, or_(elsewhere, excluded))


def _names(column: Any, part: str) -> ColumnElement[bool]:
    """Whether a JSON list of strings holds this text, on both databases."""
    return cast(column, String).contains(part, autoescape=True)
