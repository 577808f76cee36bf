"""What one side does about the other: tell the programme, end the conversation for both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from matchmaker import audit, tasks
from matchmaker.contacts.errors import ReportLimitError
from matchmaker.contacts.models import ContactRequest, Message, Report, ReportReason
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import meetings
from matchmaker.contacts.services.messages import QUIET
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.contacts.services.releases import IN_TOUCH
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held
from matchmaker.organisations.models import Organisation
from matchmaker.suggestions.services import pairs
from matchmaker.tasks import TaskKind

REPORTS_A_DAY = 10
#: Of closed pairs: why the two are not suggested to each other.
BLOCKED = "blocked"


def report(
    session: Session,
    request: ContactRequest,
    by: Actor,
    reason: ReportReason,
    words: str = "",
    lang: str = "en",
    message: Message | None = None,
) -> Report:
    """Tell the staff in scope about a message or the whole; the other side does not learn of it."""
    if request.state not in IN_TOUCH:
        raise WrongState(f"the request is {request.state}")
    if _reported_today(session, by.account_id) >= REPORTS_A_DAY:
        raise ReportLimitError("report limit")
    row = Report(
        contact_request_id=request.id,
        message_id=message.id if message else None,
        side=by.side,
        account_id=by.account_id,
        reason=reason,
        note=words,
        lang=lang,
    )
    session.add(row)
    # A request belongs to the staff of the firm's place, as its page does.
    firm = request.need_organisation
    tasks.open(
        session,
        TaskKind.REPORT,
        "contact_request",
        request.id,
        province=firm.province,
        organisation_id=firm.id,
        facts={"reason": reason.value},
    )
    audit.record(
        session,
        "request.reported",
        account_id=by.account_id,
        subject="contact_request",
        subject_id=request.id,
        organisation_id=request.organisation_id(by.side),
        code=reason.value,
    )
    return row


def _reported_today(session: Session, account_id: int | None) -> int:
    since = clock.now() - timedelta(days=1)
    mine = (Report.account_id == account_id, Report.at > since)
    return session.scalar(select(func.count()).select_from(Report).where(*mine)) or 0


def block(session: Session, request: ContactRequest, by: Actor) -> None:
    """End the conversation for both; the two organisations are never suggested to each other."""
    _lock_organisations(session, request)
    now = clock.now()
    _set(
        session,
        request,
        ContactRequest.blocked_by.is_(None),
        ContactRequest.state.in_(IN_TOUCH),
        blocked_by=by.side,
        blocked_at=now,
        quiet_at=None,
    )
    meetings.drop(session, request)
    one, two = request.need_organisation_id, request.offer_organisation_id
    for first, second in ((one, two), (two, one)):
        pairs.close_organisations(session, first, second, reason=BLOCKED)
    note(session, request, EventKind.BLOCKED, by)


def unblock(session: Session, request: ContactRequest, by: Actor) -> None:
    """Who ended it takes that back; the pair stays closed while another talk of theirs is ended."""
    _lock_organisations(session, request)
    # The days of the end are nobody's silence.
    again = {"blocked_by": None, "blocked_at": None, "quiet_at": clock.now() + QUIET}
    _set(session, request, ContactRequest.blocked_by == by.side, **again)
    one, two = request.need_organisation_id, request.offer_organisation_id
    if not _ended_elsewhere(session, one, two):
        for first, second in ((one, two), (two, one)):
            pairs.open_organisations(session, first, second, reason=BLOCKED)
    note(session, request, EventKind.UNBLOCKED, by)


def _lock_organisations(session: Session, request: ContactRequest) -> None:
    """Asking holds the same locks: whoever asks next finds the pair closed."""
    for one in sorted({request.need_organisation_id, request.offer_organisation_id}):
        held(session, Organisation, one)


def _set(session: Session, request: ContactRequest, *conditions: Any, **values: Any) -> None:
    done = session.scalar(
        update(ContactRequest)
        .where(ContactRequest.id == request.id, *conditions)
        .values(version=ContactRequest.version + 1, **values)
        .returning(ContactRequest.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(request)
    if done is None:
        raise WrongState("somebody was first")


def _ended_elsewhere(session: Session, one: int, two: int) -> bool:
    asked, given = ContactRequest.need_organisation_id, ContactRequest.offer_organisation_id
    query = select(ContactRequest.id).where(
        or_((asked == one) & (given == two), (asked == two) & (given == one)),
        ContactRequest.blocked_by.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None


def reports(session: Session, request: ContactRequest) -> list[Report]:
    query = select(Report).where(Report.contact_request_id == request.id)
    return list(session.scalars(query.order_by(Report.id)))
