"""Requests that wait for an answer: the longest first, and what staff can do about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker import audit
from matchmaker.accounts.access import StaffScope
from matchmaker.contacts.models import ANSWERABLE, ContactEvent, ContactRequest
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import nudge as contacts_nudge
from matchmaker.errors import MatchmakerError
from matchmaker.extensions import clock
from matchmaker.organisations.models import Kind, Organisation
from matchmaker.programme.services.scopes import organisations_in
from matchmaker.programme.services.statistics.selection import Selection, codes_meaning
from matchmaker.vocabulary.places import current

#: So long after it was sent a request counts as stuck.
STUCK_AFTER = timedelta(days=7)
#: The silent side is asked by the programme at most once in this time.
NUDGE_EVERY = timedelta(days=3)


class NudgedAlreadyError(MatchmakerError):
    """Somebody of the programme asked not long ago."""


@dataclass(frozen=True, slots=True)
class Waiting:
    request: ContactRequest
    #: When the programme last asked for an answer.
    nudged_at: datetime | None

    @property
    def may_be_nudged(self) -> bool:
        return self.nudged_at is None or self.nudged_at <= clock.now() - NUDGE_EVERY


def conditions(chosen: Selection) -> list[ColumnElement[bool]]:
    """What staff narrowed the numbers by, on the raw rows; months do not narrow what waits."""
    found = [organisations_in(chosen.scope)]
    if chosen.province:
        found.append(Organisation.province.in_(codes_meaning({current(chosen.province)})))
    if chosen.women:
        found.append(Organisation.women_share >= 50)
    if chosen.introducer_id is not None:
        own = StaffScope(everything=False, introducer_ids=frozenset({chosen.introducer_id}))
        found.append(organisations_in(own))
    if chosen.kind:
        found.append(ContactRequest.need.has(kind=Kind(chosen.kind)))
    return found


def waiting(
    session: Session, *conditions: ColumnElement[bool], least: timedelta, limit: int
) -> Sequence[Waiting]:
    """Unanswered requests of firms that the conditions let through, the oldest first.

    All have the same time to answer, so that the index on the last day gives the order.
    """
    now = clock.now()
    rows = session.execute(
        _with_parts(select(ContactRequest, _last_nudge()))
        .join(Organisation, Organisation.id == ContactRequest.need_organisation_id)
        .where(
            ContactRequest.state.in_(ANSWERABLE),
            ContactRequest.expires_at > now,
            ContactRequest.sent_at <= now - least,
            *conditions,
        )
        .order_by(ContactRequest.expires_at, ContactRequest.id)
        .limit(limit)
    )
    return [Waiting(request, nudged_at) for request, nudged_at in rows]


def find(session: Session, scope: StaffScope, public_id: str) -> Waiting | None:
    """A request of a firm in scope, in whatever state; None for all others."""
    row = session.execute(
        _with_parts(select(ContactRequest, _last_nudge()))
        .join(Organisation, Organisation.id == ContactRequest.need_organisation_id)
        .where(ContactRequest.public_id == public_id, organisations_in(scope))
    ).one_or_none()
    return None if row is None else Waiting(*row)


def nudge(session: Session, request: ContactRequest, account_id: int) -> None:
    """Ask the silent side for an answer, at most once in a while however many press at once."""
    session.get_one(ContactRequest, request.id, with_for_update=True, populate_existing=True)
    since = clock.now() - NUDGE_EVERY
    lately = exists().where(
        ContactEvent.contact_request_id == request.id,
        ContactEvent.kind == EventKind.NUDGED,
        ContactEvent.at > since,
    )
    if session.scalar(select(lately)):
        raise NudgedAlreadyError
    contacts_nudge(session, request, account_id)
    _record(session, request, "programme.nudged", account_id)


def _record(session: Session, request: ContactRequest, event: str, account_id: int) -> None:
    audit.record(
        session,
        event,
        account_id=account_id,
        subject="contact_request",
        subject_id=request.id,
        organisation_id=request.need_organisation_id,
    )


def _last_nudge() -> Any:
    return (
        select(func.max(ContactEvent.at))
        .where(
            ContactEvent.contact_request_id == ContactRequest.id,
            ContactEvent.kind == EventKind.NUDGED,
        )
        .scalar_subquery()
    )


def _with_parts(query: Any) -> Any:
    return query.options(
        joinedload(ContactRequest.need),
        joinedload(ContactRequest.offer),
        joinedload(ContactRequest.need_organisation),
        joinedload(ContactRequest.offer_organisation),
    )
