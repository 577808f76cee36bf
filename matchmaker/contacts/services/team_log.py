"""Who of an organisation did what: read from the audit log, which holds no content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts.models import ContactRequest
from matchmaker.organisations.models import FormerMember, Membership, Need, Offer

#: What colleagues see of each other; what was merely looked at is nobody's business.
EVENTS = frozenset(
    {
        *(f"request.{step}" for step in (
            "sent", "accepted", "declined", "withdrawn", "released", "revoked", "outcome",
            "dates_proposed", "date_taken", "dates_refused", "date_off", "blocked", "unblocked",
            "asked_for_more", "answered_more", "handed_over",
        )),
        "message.sent",
        "offer.capacity",
        *(f"{what}.{step}" for what in ("need", "offer") for step in (
            "created", "changed", "published", "paused", "closed",
        )),
        *(f"membership.{step}" for step in ("added", "changed", "removed")),
        "evidence.uploaded", "evidence.removed",
        "organisation.changed", "organisation.came_back",
        *(f"self_check.{step}" for step in ("finished", "shared", "unshared")),
        "showroom.opened", "showroom.closed",
        "introducer_link.made", "introducer_link.ended",
        "consortium.joined", "consortium.left",
    }
)  # fmt: skip
PAGE_SIZE = 20
#: Steps of one transaction may bear the same moment: they stay on one page.
_SAME_MOMENT = 20

_PAGES: tuple[tuple[str, Any, str], ...] = (
    ("contact_request", ContactRequest, "contacts.request_page"),
    ("need", Need, "organisations.need_page"),
    ("offer", Offer, "organisations.offer_page"),
)


@dataclass(frozen=True, slots=True)
class Done:
    event: AuditEvent
    #: None for whoever is not, and never was, of the team: an adviser, staff, an erased account.
    by: str | None
    #: The page it is about: endpoint and public id; None where there is none.
    about: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class LogPage:
    rows: Sequence[Done]
    #: What the link to earlier ones names; None on the last page.
    before: datetime | None


def page(session: Session, organisation_id: int, before: datetime | None = None) -> LogPage:
    """The newest first, from before a moment on; two queries and one a kind of subject."""
    query = (
        select(AuditEvent, Account)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .where(
            AuditEvent.organisation_id == organisation_id,
            AuditEvent.event.in_(EVENTS),
            AuditEvent.account_id.is_not(None),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(PAGE_SIZE + _SAME_MOMENT)
    )
    if before is not None:
        query = query.where(AuditEvent.at < before)
    found = session.execute(query).all()
    shown = found[:PAGE_SIZE]
    for row in found[PAGE_SIZE:]:
        if row[0].at != shown[-1][0].at:
            break
        shown = [*shown, row]
    team = _team(session, organisation_id)
    about = _about(session, [row[0] for row in shown])
    return LogPage(
        [
            Done(event, _name(person, team), about.get((event.subject, event.subject_id or 0)))
            for event, person in shown
        ],
        shown[-1][0].at if len(found) > len(shown) else None,
    )


def _team(session: Session, organisation_id: int) -> set[int]:
    now = select(Membership.account_id).where(Membership.organisation_id == organisation_id)
    once = select(FormerMember.account_id).where(
        FormerMember.organisation_id == organisation_id, FormerMember.account_id.is_not(None)
    )
    return {one for one in session.scalars(now.union(once)) if one is not None}


def _name(person: Account | None, team: set[int]) -> str | None:
    if person is None or person.id not in team:
        return None
    return person.name or person.username or person.telephone or person.email


def _about(
    session: Session, events: Sequence[AuditEvent]
) -> dict[tuple[str, int], tuple[str, str]]:
    """The pages that these lines lead to."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for subject, model, endpoint in _PAGES:
        ids = {event.subject_id for event in events if event.subject == subject}
        query = select(model.id, model.public_id).where(model.id.in_(ids))
        for id, public_id in session.execute(query):
            found[subject, id] = endpoint, public_id
    return found
