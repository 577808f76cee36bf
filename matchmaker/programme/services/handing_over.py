"""A stuck request in other hands: a colleague on the silent side, or somebody of the programme."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matchmaker import audit, notifications, tasks
from matchmaker.accounts.access import scope_of
from matchmaker.accounts.models import ACTING, Account
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import telling
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import IntroducerLink, Membership, Organisation
from matchmaker.programme.services import desk
from matchmaker.tasks import Task, TaskKind, TaskState


def colleagues(session: Session, request: ContactRequest) -> Sequence[Account]:
    """Whoever may answer for the silent side: its members, and those of who acts for it."""
    silent = request.organisation_id(request.asked)
    acting = select(IntroducerLink.introducer_id).where(
        IntroducerLink.organisation_id == silent, IntroducerLink.ended_at.is_(None)
    )
    members = select(Membership.account_id).where(
        or_(Membership.organisation_id == silent, Membership.organisation_id.in_(acting))
    )
    query = select(Account).where(Account.active, Account.id.in_(members))
    return list(session.scalars(query.order_by(Account.name, Account.id)))


def staff_for(session: Session, organisation: Organisation, introducers: set[int]) -> list[Account]:
    """Staff who may act and have the organisation in scope."""
    query = select(Account).where(Account.active, Account.staff_role.in_(ACTING))
    return [
        account
        for account in session.scalars(query.order_by(Account.name, Account.id))
        if scope_of(account).covers(organisation.province, frozenset(introducers))
    ]


def ask_colleague(
    session: Session, request: ContactRequest, colleague: Account, by_id: int
) -> None:
    """Tell one person of the silent side that this request is for them to answer."""
    _must_wait(request)
    facts = {
        "title": telling.title(request),
        "party": telling.party(session, request, request.asked_by),
        "until": notifications.day(request.expires_at.date()),
        "path": f"/requests/{request.public_id}",
    }
    notifications.queue(session, telling.recipient(colleague), "request.reminder", facts)
    _record(session, request, by_id, "colleague")


def give_to_staff(session: Session, request: ContactRequest, to: Account, by_id: int) -> None:
    """Make it a task of somebody of the programme, who looks for a way on with both sides."""
    _must_wait(request)
    firm = request.need_organisation
    tasks.open(
        session,
        TaskKind.AFTER_SILENCE,
        "contact_request",
        request.id,
        province=firm.province,
        organisation_id=firm.id,
    )
    task = session.scalars(
        select(Task).where(
            Task.kind == TaskKind.AFTER_SILENCE,
            Task.subject == "contact_request",
            Task.subject_id == request.id,
            Task.state == TaskState.OPEN,
        )
    ).one()
    desk.give(session, task, to, by_id)
    _record(session, request, by_id, "staff")


def _must_wait(request: ContactRequest) -> None:
    if not request.is_answerable(clock.now()):
        raise WrongState(f"the request is {request.state}")


def _record(session: Session, request: ContactRequest, by_id: int, code: str) -> None:
    audit.record(
        session,
        "programme.reassigned",
        account_id=by_id,
        subject="contact_request",
        subject_id=request.id,
        organisation_id=request.need_organisation_id,
        code=code,
    )
