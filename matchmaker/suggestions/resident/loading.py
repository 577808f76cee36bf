"""Published needs and offers out of the database as records, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.matching.records import NeedRecord, OfferRecord
from matchmaker.organisations.models import (
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.suggestions.records import need_record, offer_record

BATCH = 1000


def live_needs() -> Select[Need]:
    return (
        select(Need)
        .join(Need.organisation)
        .where(
            Need.state == PublicationState.PUBLISHED,
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.silent_since.is_(None),
        )
    )


def live_offers() -> Select[Offer]:
    return (
        select(Offer)
        .join(Offer.organisation)
        .where(
            Offer.state == PublicationState.PUBLISHED,
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.silent_since.is_(None),
        )
    )


def with_need_parts(query: Select[Need]) -> Select[Need]:
    firm = joinedload(Need.organisation)
    return query.options(firm.selectinload(Organisation.facts))


def with_offer_parts(query: Select[Offer]) -> Select[Offer]:
    return query.options(joinedload(Offer.organisation), selectinload(Offer.criteria))


def needs_by_id(session: Session, ids: Collection[int], today: date) -> list[NeedRecord]:
    """Records of those of these needs that are live; the others are not in the answer."""
    found: list[NeedRecord] = []
    for some in batches(sorted(ids)):
        rows = session.scalars(with_need_parts(live_needs().where(Need.id.in_(some))))
        found += [need_record(row, today) for row in rows]
    return found


def offers_by_id(session: Session, ids: Collection[int], today: date) -> list[OfferRecord]:
    found: list[OfferRecord] = []
    for some in batches(sorted(ids)):
        rows = session.scalars(with_offer_parts(live_offers().where(Offer.id.in_(some))))
        found += [offer_record(row, today) for row in rows]
    return found


def all_needs(session: Session, today: date) -> Iterator[NeedRecord]:
    """Every live need by id; what was read is let go of, so that memory stays flat."""
    last = 0
    while True:
        page = live_needs().where(Need.id > last).order_by(Need.id).limit(BATCH)
        rows = list(session.scalars(with_need_parts(page)))
        if not rows:
            return
        yield from (need_record(row, today) for row in rows)
        last = rows[-1].id
        session.expunge_all()


def all_offers(session: Session, today: date) -> Iterator[OfferRecord]:
    last = 0
    while True:
        page = live_offers().where(Offer.id > last).order_by(Offer.id).limit(BATCH)
        rows = list(session.scalars(with_offer_parts(page)))
        if not rows:
            return
        yield from (offer_record(row, today) for row in rows)
        last = rows[-1].id
        session.expunge_all()


def ids_of_organisations(
    session: Session, organisation_ids: Collection[int]
) -> tuple[set[int], set[int]]:
    """Needs and offers of these organisations, in whatever state: all of them may have moved."""
    needs: set[int] = set()
    offers: set[int] = set()
    for some in batches(sorted(organisation_ids)):
        needs.update(session.scalars(select(Need.id).where(Need.organisation_id.in_(some))))
        offers.update(session.scalars(select(Offer.id).where(Offer.organisation_id.in_(some))))
    return needs, offers


def batches(ids: Iterable[int], size: int = BATCH) -> Iterator[Sequence[int]]:
    waiting = list(ids)
    for start in range(0, len(waiting), size):
        yield waiting[start : start + size]
