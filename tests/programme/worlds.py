"""Small made worlds of needs, requests and outcomes, and the naive count to hold roll-ups to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from matchmaker.contacts.models import ContactRequest, Outcome, RequestState
from matchmaker.extensions import db
from matchmaker.organisations.models import Need, Offer
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
        db.session.add(Outcome(contact_request_id=row.id, side=side, code=code, at=at))
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
