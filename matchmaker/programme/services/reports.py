"""Reports of one side of a conversation about the other, and the logged look at its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Account
from matchmaker.contacts.models import ContactRequest, Message, Report
from matchmaker.organisations.models import Organisation

#: The newest; a report is about what was just said.
LISTED = 100


@dataclass(frozen=True, slots=True)
class Told:
    report: Report
    organisation: Organisation
    #: Empty once the account was erased.
    person: str


def told(session: Session, request: ContactRequest) -> Sequence[Told]:
    """Who reported, for which side, the oldest first."""
    query = (
        select(Report, Account.name)
        .outerjoin(Account, Account.id == Report.account_id)
        .where(Report.contact_request_id == request.id)
        .order_by(Report.id)
    )
    return [
        Told(row, request.organisation(row.side), name or "")
        for row, name in session.execute(query)
    ]


def look(session: Session, request: ContactRequest, by_id: int) -> Sequence[Message] | None:
    """The newest messages, the oldest first, and the look written down; None without a report."""
    reported = select(Report.id).where(Report.contact_request_id == request.id)
    if session.scalar(reported.limit(1)) is None:
        return None
    audit.record(
        session,
        "programme.conversation_read",
        account_id=by_id,
        subject="contact_request",
        subject_id=request.id,
        organisation_id=request.need_organisation_id,
    )
    query = select(Message).where(Message.contact_request_id == request.id)
    return list(session.scalars(query.order_by(Message.id.desc()).limit(LISTED)))[::-1]
