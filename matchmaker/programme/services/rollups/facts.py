"""The raw rows of one month as plain values, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, Outcome, RequestState
from matchmaker.contacts.services.outcomes import AGREED, DENIED, amounts_differ
from matchmaker.organisations.models import (
    IntroducerLink,
    Need,
    Organisation,
    OrganisationState,
)
from matchmaker.programme.models import DIFFER
from matchmaker.programme.services.rollups import months, sights
from matchmaker.programme.services.rollups.sights import Sight
from matchmaker.vocabulary import places
from matchmaker.vocabulary.ownership import women_band
from matchmaker.vocabulary.reasons import NO_CONTACT
from matchmaker.vocabulary.sectors import section_of

#: Sides that may name an amount.
BOTH = 2
#: A request is about its firm's need; by the firm alone there is an index of requests.
_ASKED_FOR = (Need.id == ContactRequest.need_id) & (
    Need.organisation_id == ContactRequest.need_organisation_id
)


@dataclass(frozen=True, slots=True)
class NeedFact:
    id: int
    published_at: datetime
    country: str
    province: str
    section: str
    size: str
    women: str
    kind: str
    code: str
    lang: str
    introducers: str


class Word(NamedTuple):
    """What one side says came of a request."""

    code: str
    at: datetime
    met_at: datetime | None
    amount_band: str
    amount_minor: int | None
    currency: str


class Amount(NamedTuple):
    """What the agreeing sides name: a band, "" or DIFFER; and the exact amount both named."""

    band: str
    currency: str = ""
    minor: int = 0


@dataclass(frozen=True, slots=True)
class RequestFact:
    state: RequestState
    sent_at: datetime
    answered_at: datetime | None
    score: float | None
    #: When one side first said that they met, and the other did not say that they never did.
    met_at: datetime | None
    #: When one side said that it was agreed and the other did not say otherwise.
    agreed_at: datetime | None
    amount: Amount | None

    @property
    def is_yes(self) -> bool:
        return self.state in (RequestState.ACCEPTED, RequestState.CLOSED)


@dataclass
class MonthFacts:
    """Of one month, or of some needs that are counted together."""

    needs: list[NeedFact]
    requests: dict[int, list[RequestFact]] = field(default_factory=lambda: defaultdict(list))
    sights: dict[int, Sight] = field(default_factory=dict)


def of_month(session: Session, month: date) -> MonthFacts:
    start, end = months.start(month), months.start(months.later(month))
    return _read(session, (Need.published_at >= start, Need.published_at < end))


def of_needs(session: Session, ids: Collection[int]) -> MonthFacts:
    """The facts of some needs that were ever published, of whatever months."""
    return _read(session, (Need.id.in_(ids), Need.published_at.is_not(None)))


def _read(session: Session, published: Collection[ColumnElement[bool]]) -> MonthFacts:
    facts = MonthFacts(_needs(session, published))
    _requests(session, published, facts)
    facts.sights = sights.read(session, published)
    return facts


def introducer_key(ids: Collection[int]) -> str:
    return "|" + "|".join(map(str, sorted(ids))) + "|" if ids else ""


def introducer_ids(key: str) -> list[int]:
    return [int(part) for part in key.split("|") if part]


def introducer_keys(session: Session) -> dict[int, str]:
    """By organisation, who vouches for it under a consent that stands."""
    found: dict[int, set[int]] = defaultdict(set)
    query = (
        select(IntroducerLink.organisation_id, IntroducerLink.introducer_id)
        .join(Organisation, Organisation.id == IntroducerLink.introducer_id)
        .where(
            IntroducerLink.ended_at.is_(None),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.is_introducer.is_(True),
        )
    )
    for organisation_id, introducer_id in session.execute(query):
        found[organisation_id].add(introducer_id)
    return {organisation_id: introducer_key(ids) for organisation_id, ids in found.items()}


def band_of_women(share: int | None) -> str:
    return women_band(share) if share is not None and 0 <= share <= 100 else ""


def _needs(session: Session, published: Collection[ColumnElement[bool]]) -> list[NeedFact]:
    vouched = introducer_keys(session)
    query = (
        select(
            Need.id,
            Need.published_at,
            Need.kind,
            Need.code,
            Need.lang,
            Organisation.id,
            Organisation.country,
            Organisation.province,
            Organisation.sector,
            Organisation.size_class,
            Organisation.women_share,
        )
        .join(Organisation, Organisation.id == Need.organisation_id)
        .where(*published)
    )
    return [
        NeedFact(
            id=need_id,
            published_at=at,
            country=country,
            province=places.current(province),
            section=section_of(sector) or "",
            size=size,
            women=band_of_women(share),
            kind=kind.value,
            code=code,
            lang=lang,
            introducers=vouched.get(firm, ""),
        )
        for need_id, at, kind, code, lang, firm, country, province, sector, size, share in (
            session.execute(query)
        )
        if at is not None
    ]


def _requests(
    session: Session, published: Collection[ColumnElement[bool]], facts: MonthFacts
) -> None:
    said = _said(session, published)
    query = (
        select(
            ContactRequest.id,
            ContactRequest.need_id,
            ContactRequest.state,
            ContactRequest.sent_at,
            ContactRequest.answered_at,
            ContactRequest.score,
        )
        .join(Need, _ASKED_FOR)
        .where(*published)
    )
    for request_id, need_id, state, sent, answered, score in session.execute(query):
        words = said.get(request_id, [])
        fact = RequestFact(
            *(state, sent, answered, score), _met(words), _agreed(words), _amount(words)
        )
        facts.requests[need_id].append(fact)


def _said(session: Session, published: Collection[ColumnElement[bool]]) -> dict[int, list[Word]]:
    query = (
        select(
            *(Outcome.contact_request_id, Outcome.code, Outcome.at, Outcome.met_at),
            *(Outcome.amount_band, Outcome.amount_minor, Outcome.currency),
        )
        .join(ContactRequest, ContactRequest.id == Outcome.contact_request_id)
        .join(Need, _ASKED_FOR)
        .where(Outcome.current, *published)
    )
    said: dict[int, list[Word]] = defaultdict(list)
    for request_id, code, at, met, band, minor, currency in session.execute(query):
        said[request_id].append(Word(code, at, met, band, minor, currency))
    return said


def _met(words: Collection[Word]) -> datetime | None:
    if any(word.code == NO_CONTACT for word in words):
        return None
    return min((word.met_at for word in words if word.met_at is not None), default=None)


def _amount(words: Collection[Word]) -> Amount | None:
    """Of an agreement, by the words of those who agreed; one side's word stands for both."""
    if _agreed(words) is None:
        return None
    named = [
        word
        for word in words
        if word.code in AGREED and (word.amount_band or word.amount_minor is not None)
    ]
    if not named:
        return Amount("")
    if len(named) < BOTH:
        return Amount(named[0].amount_band)
    one, two = named
    if amounts_differ(one, two):
        return Amount(DIFFER)
    if one.currency and one.currency == two.currency:
        return Amount(one.amount_band, one.currency, one.amount_minor or 0)
    return Amount(one.amount_band or two.amount_band)


def _agreed(words: Collection[Word]) -> datetime | None:
    if any(word.code in DENIED for word in words):
        return None
    return min((word.at for word in words if word.code in AGREED), default=None)
