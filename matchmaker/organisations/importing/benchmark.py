"""Takes in a benchmark folder: real firms that sought finance, and the partners they dealt with.

An `org_key` is an organisation, each of its `org_id` a need; a partner is an organisation with one
offer. What a partner's columns say comes from its history, so that it is preferred, never a gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from matchmaker import audit, jobs
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.extensions.database import new_public_id
from matchmaker.language.keys import name_key
from matchmaker.language.words import guess_language
from matchmaker.matching.benchmark_folder import BenchmarkFolder, PartnerRow, SoughtRow
from matchmaker.organisations.models import (
    Criterion,
    CriterionSource,
    Kind,
    Need,
    Offer,
    Operator,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services.organisation import offer_search_key
from matchmaker.organisations.services.publication import LIFETIME
from matchmaker.vocabulary import places

CHUNK = 500
CENTS = 100
#: Attributes whose codes a criterion can test; the others are kept and compared as attributes.
FACTS = {"sector": "sector", "stage": "stage", "area": "country"}
#: A round number for a partner of whom no capacity is known: it shall not be the bottleneck.
PLACES = 100
#: Letters of a key, as columns hold them.
KEY_MAX = 120

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows an import made; none when all were here already."""

    organisations: int
    needs: int
    offers: int


def take_in(session: Session, folder: BenchmarkFolder) -> Taken:
    """Write what is not here yet, published and without accounts; twice adds nothing."""
    source = f"benchmark:{folder.name}"[: Organisation.source.type.length]
    firms = _firms(session, source, folder.sought)
    needs = _needs(session, source, folder.sought)
    partners = _partners(session, source, folder.partners)
    offers = _offers(session, source, folder)
    _criteria(session, source, folder.partners, offers)
    made = Taken(firms + partners, needs, len(offers))
    if made != Taken(0, 0, 0):
        audit.record(
            session, "import.benchmark", account_id=None, subject="import", subject_id=None
        )
        # More than a request applies by itself: it becomes visible in one step with a snapshot.
        jobs.enqueue(session, "suggestions.rebuild", key="suggestions.rebuild")
    return made


def _firms(session: Session, source: str, rows: Iterable[SoughtRow]) -> int:
    """One organisation a company, as its last row tells."""
    by_key = {_key(row.org_key): row for row in rows}
    known = _known(session, Organisation, source)
    new = (_firm(source, row) for key, row in by_key.items() if key not in known)
    return _write(session, Organisation, new, None)


def _firm(source: str, row: SoughtRow) -> Row:
    active = _noon(row.on)
    return _organisation(source, _key(row.org_key), row.name, row.record.attrs) | {
        "is_firm": True,
        "last_active_at": active,
    }


def _noon(day: date | None) -> datetime | None:
    """The history knows days; by then it was that day in every country of the programme."""
    return None if day is None else datetime.combine(day, time(12), UTC)


def _organisation(source: str, key: str, name: str, attrs: Any) -> Row:
    now = clock.now()
    name = name[: Organisation.NAME_MAX]
    return {
        "public_id": new_public_id(),
        "source": source,
        "source_key": key,
        "state": OrganisationState.PUBLISHED,
        "name": name,
        "name_lang": guess_language(name) or "en",
        "name_key": name_key(name)[: Organisation.NAME_MAX],
        "country": _country(attrs),
        "currency": "USD",
        "published_at": now,
    }


def _country(attrs: Any) -> str:
    codes = (code.removeprefix("iso3166-1:") for code in attrs.get("area", ()))
    return next((code for code in codes if code in places.COUNTRIES), "")


def _needs(session: Session, source: str, rows: Iterable[SoughtRow]) -> int:
    known = _known(session, Need, source)
    owners = _known(session, Organisation, source)
    new = (
        _need(source, row, owners[_key(row.org_key)])
        for row in rows
        if _key(row.org_id) not in known
    )
    return _write(session, Need, new, ChangeKind.NEED)


def _need(source: str, row: SoughtRow, owner: int) -> Row:
    record, now = row.record, clock.now()
    band = record.amount
    exact = None if band is None or row.amount is None else round(row.amount * CENTS)
    return _published(source, _key(row.org_id), now) | {
        "organisation_id": owner,
        "title": " ".join((record.text or row.name).split())[: Need.TITLE_MAX],
        "text": record.text[: Need.TEXT_MAX],
        "lang": record.lang or "en",
        "currency": "USD",
        "amount_minor": exact,
        "rate": 1.0,
        "rate_on": now.date(),
        "band_low": band.low if band else None,
        "band_high": band.high if band else None,
        "attributes": {facet: list(codes) for facet, codes in record.attrs.items()},
    }


def _published(source: str, key: str, now: Any) -> Row:
    return {
        "public_id": new_public_id(),
        "source": source,
        "source_key": key,
        "kind": Kind.FINANCE,
        "state": PublicationState.PUBLISHED,
        "ready": True,
        "published_at": now,
        "expires_at": now + LIFETIME,
    }


def partner_key(partner_id: str) -> str:
    """Apart from the firms' keys, which an investor's id might equal."""
    return _key(f"partner:{partner_id}")


def _key(given: str) -> str:
    """Give a key as it stands, one that no column would hold as its beginning and its hash."""
    given = given.replace("\0", "")
    if len(given) <= KEY_MAX:
        return given
    return given[: KEY_MAX - 33] + "#" + blake2b(given.encode(), digest_size=16).hexdigest()


def _partners(session: Session, source: str, rows: Iterable[PartnerRow]) -> int:
    known = _known(session, Organisation, source)
    new = (
        _organisation(source, partner_key(row.partner_id), row.name, row.record.attrs)
        | {"is_funder": True, "last_active_at": _noon(row.record.last_active)}
        for row in rows
        if partner_key(row.partner_id) not in known
    )
    return _write(session, Organisation, new, None)


def _offers(session: Session, source: str, folder: BenchmarkFolder) -> set[str]:
    """Give the keys of the offers that were made."""
    known = _known(session, Offer, source)
    owners = _owners(session, source)
    missing = [row for row in folder.partners if _key(row.partner_id) not in known]
    new = (_offer(source, row, owners[partner_key(row.partner_id)], folder) for row in missing)
    _write(session, Offer, new, ChangeKind.OFFER)
    return {_key(row.partner_id) for row in missing}


def _owners(session: Session, source: str) -> dict[str, Organisation]:
    rows = session.scalars(
        select(Organisation).where(Organisation.source == source, Organisation.is_funder)
    )
    return {str(row.source_key): row for row in rows}


def _offer(source: str, row: PartnerRow, owner: Organisation, folder: BenchmarkFolder) -> Row:
    record, now = row.record, clock.now()
    title = row.name[: Offer.TITLE_MAX]
    span = record.range
    return _published(source, _key(row.partner_id), now) | {
        "organisation_id": owner.id,
        "title": title,
        "search_key": offer_search_key(owner, title),
        "text": record.text[: Offer.TEXT_MAX],
        "lang": record.lang or "en",
        "currency": "USD",
        "amount_min_minor": None if span is None else round(span.low * CENTS),
        "amount_max_minor": None if span is None or span.high is None else round(span.high * CENTS),
        "rate": 1.0,
        "rate_on": now.date(),
        "usd_min": None if span is None else span.low,
        "usd_max": None if span is None else span.high,
        "places": PLACES,
        "attributes": {facet: list(codes) for facet, codes in record.attrs.items()},
        "activity": [[age, 1] for age in row.ages],
        "activity_on": now - timedelta(days=max((now.date() - folder.cut).days, 0)),
    }


def _criteria(
    session: Session, source: str, rows: Iterable[PartnerRow], new_offers: set[str]
) -> None:
    ids = _known(session, Offer, source)
    found = (
        {
            "offer_id": ids[_key(row.partner_id)],
            "fact": fact,
            "operator": Operator.ONE_OF,
            "values": list(row.record.attrs[facet]),
            "must": False,
            "source": CriterionSource.HISTORY,
        }
        for row in rows
        if _key(row.partner_id) in new_offers
        for facet, fact in FACTS.items()
        if row.record.attrs.get(facet)
    )
    _write(session, Criterion, found, None)


def _known(session: Session, table: Any, source: str) -> dict[str, int]:
    rows = session.execute(select(table.source_key, table.id).where(table.source == source))
    return dict(rows.all())


def _write(session: Session, table: Any, rows: Iterable[Row], kind: ChangeKind | None) -> int:
    """Insert in chunks and note each row as changed; they all get the one number of the commit."""
    before = session.scalar(select(func.max(table.id))) or 0
    written = 0
    for chunk in _chunks(rows):
        session.execute(insert(table), chunk)
        written += len(chunk)
    if kind is not None and written:
        for row_id in session.scalars(select(table.id).where(table.id > before)):
            changes.note(session, kind, row_id)
    return written


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
