"""Small made worlds of needs, requests and outcomes, and the naive count to hold roll-ups to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, text

from matchmaker.contacts.models import ContactRequest, Outcome, RequestState
from matchmaker.contacts.services.outcomes import MET
from matchmaker.extensions import db
from matchmaker.extensions.database import new_public_id
from matchmaker.organisations.models import (
    Kind,
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.suggestions.models import Shown, Side

START = datetime(2026, 1, 10, 9, tzinfo=UTC)


def make_request(
    need: Need,
    offer: Offer,
    state: RequestState = RequestState.SENT,
    *,
    sent: datetime | None = None,
    answer_after: timedelta | None = None,
    outcomes: dict[Side, str] | None = None,
    score: float | None = 76.0,
    asked_by: Side = Side.NEED,
    **values: Any,
) -> ContactRequest:
    sent = sent or (need.published_at or START) + timedelta(days=2)
    answered = sent + answer_after if answer_after is not None else None
    row = ContactRequest(
        need_id=need.id,
        offer_id=offer.id,
        need_organisation_id=need.organisation_id,
        offer_organisation_id=offer.organisation_id,
        asked_by=asked_by,
        message="We would like to talk.",
        state=state,
        sent_at=sent,
        expires_at=values.pop("expires_at", sent + timedelta(days=21)),
        answered_at=answered,
        score=score,
        **values,
    )
    db.session.add(row)
    db.session.flush()
    for side, code in (outcomes or {}).items():
        at = (answered or sent) + timedelta(days=10)
        met = at if code in MET else None
        said = Outcome(contact_request_id=row.id, side=side, code=code, at=at, met_at=met)
        db.session.add(said)
    db.session.flush()
    return row


def show(need: Need, offer: Offer, side: Side = Side.NEED, days: int = 1) -> Shown:
    day = ((need.published_at or START) + timedelta(days=days)).date()
    row = Shown(
        need_id=need.id, offer_id=offer.id, side=side, day=day, model_version=1, position=1, count=1
    )
    db.session.add(row)
    db.session.flush()
    return row


PROVINCES = (
    "LA-VT",
    "LA-SV",
    "LA-CH",
    "LA-LP",
    "LA-KH",
    "LA-VI",
    "LA-BL",
    "LA-XS",
    "KH-12",
    "TH-10",
)
SECTORS = ("1079", "4711", "5610", "0111", "1410", "6201", "")
CODES = ("TERM_LOAN", "WORKING_CAPITAL", "GRANT", "LEASE", "")
SERVICES = ("ACCOUNTING", "PAYMENTS", "ECOMMERCE")
ANSWERS = (
    (RequestState.SENT, None),
    (RequestState.ACCEPTED, "talking"),
    (RequestState.ACCEPTED, "met"),
    (RequestState.CLOSED, "agreed"),
    (RequestState.CLOSED, "not_agreed"),
    (RequestState.DECLINED, None),
    (RequestState.EXPIRED, None),
    (RequestState.WITHDRAWN, None),
)


def fill(
    needs: int, *, now: datetime, offerers: int = 20, each: int = 2, seed: int = 7, days: int = 360
) -> None:
    """Many rows at once: firms with a need each, requests and sights, over a year up to now."""
    random = Random(seed)
    session = db.session
    first = (session.scalar(select(func.max(Organisation.id))) or 0) + 1
    firms = [_organisation(first + at, random, now) for at in range(needs)]
    funders = [
        _organisation(first + needs + at, random, now) | {"is_firm": False, "is_funder": True}
        for at in range(offerers)
    ]
    session.execute(insert(Organisation), firms + funders)
    rows = [_need(first + at, random, now, days) for at in range(needs)]
    if rows:
        session.execute(insert(Need), rows)
    offers = [_offer(first + needs + at, random, now) for at in range(offerers)]
    session.execute(insert(Offer), offers)
    _fill_requests(random, rows, offers, each, now)
    _go_on_counting(Organisation, Need, Offer, ContactRequest)
    session.commit()


def _go_on_counting(*models: Any) -> None:
    """PostgreSQL does not look at ids that were given when it makes the next one."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for model in models:
        table = model.__tablename__
        db.session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
            )
        )


def _organisation(id: int, random: Random, now: datetime) -> dict[str, Any]:
    province = random.choice(PROVINCES)
    return {
        "id": id,
        "state": OrganisationState.PUBLISHED,
        "is_firm": True,
        "is_funder": False,
        "name": f"Firm {id}",
        "name_key": f"firm{id}",
        "country": province[:2],
        "province": province,
        "sector": random.choice(SECTORS),
        "size_class": random.choice(("micro", "small", "medium", "")),
        "women_share": random.choice((0, 30, 60, 100, None)),
        "published_at": now - timedelta(days=400),
    }


def _need(id: int, random: Random, now: datetime, days: int) -> dict[str, Any]:
    kind = random.choice((Kind.FINANCE, Kind.FINANCE, Kind.SERVICE))
    return {
        "id": id,
        "organisation_id": id,
        "kind": kind,
        "code": random.choice(CODES if kind is Kind.FINANCE else SERVICES),
        "state": PublicationState.PUBLISHED,
        "title": f"Need {id}",
        "lang": random.choice(("lo", "en", "vi")),
        "published_at": now - timedelta(hours=random.randrange(1, days * 24)),
        "expires_at": now + timedelta(days=30),
    }


def _offer(id: int, random: Random, now: datetime) -> dict[str, Any]:
    kind = random.choice((Kind.FINANCE, Kind.SERVICE))
    return {
        "id": id,
        "organisation_id": id,
        "kind": kind,
        "code": random.choice(CODES if kind is Kind.FINANCE else SERVICES),
        "state": PublicationState.PUBLISHED,
        "title": f"Offer {id}",
        "published_at": now - timedelta(days=380),
        "expires_at": now + timedelta(days=30),
    }


def _fill_requests(
    random: Random,
    needs: list[dict[str, Any]],
    offers: list[dict[str, Any]],
    each: int,
    now: datetime,
) -> None:
    first = (db.session.scalar(select(func.max(ContactRequest.id))) or 0) + 1
    requests: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    sights: list[dict[str, Any]] = []
    for need in needs:
        asked = random.sample(offers, min(len(offers), random.randrange(2 * each + 1)))
        for offer in asked:
            row, said = _request(first + len(requests), need, offer, random, now)
            requests.append(row)
            if said:
                outcomes.append(_outcome(row, said))
        sights += [
            _sight(need, offer, random, now) for offer in random.sample(offers, min(len(offers), 3))
        ]
    for model, rows in ((ContactRequest, requests), (Outcome, outcomes), (Shown, sights)):
        if rows:
            db.session.execute(insert(model), rows)


def _request(
    id: int, need: dict[str, Any], offer: dict[str, Any], random: Random, now: datetime
) -> tuple[dict[str, Any], str | None]:
    state, said = random.choice(ANSWERS)
    sent = min(need["published_at"] + timedelta(hours=random.randrange(1, 400)), now)
    replied = state in (RequestState.ACCEPTED, RequestState.CLOSED, RequestState.DECLINED)
    answered = sent + timedelta(hours=random.expovariate(1 / 60)) if replied else None
    row = {
        "id": id,
        "public_id": new_public_id(),
        "need_id": need["id"],
        "offer_id": offer["id"],
        "need_organisation_id": need["organisation_id"],
        "offer_organisation_id": offer["organisation_id"],
        "asked_by": random.choice(list(Side)),
        "state": state,
        "sent_at": sent,
        "expires_at": sent + timedelta(days=21),
        "answered_at": answered,
        "score": random.choice((None, 12.0, 45.0, 59.6, 66.0, 79.4, 88.0)),
        "message": "",
        "lang": "en",
    }
    return row, said


def _outcome(request: dict[str, Any], code: str) -> dict[str, Any]:
    at = request["answered_at"] + timedelta(days=20)
    met = {"met_at": at if code in MET else None}
    return {"contact_request_id": request["id"], "side": Side.NEED, "code": code, "at": at} | met


def _sight(
    need: dict[str, Any], offer: dict[str, Any], random: Random, now: datetime
) -> dict[str, Any]:
    seen = min(need["published_at"] + timedelta(days=random.randrange(5)), now)
    return {
        "need_id": need["id"],
        "offer_id": offer["id"],
        "side": random.choice(list(Side)),
        "day": seen.date(),
        "model_version": 1,
        "position": 1,
        "count": 1,
    }
