"""Telling an organisation's people, and putting a task on the programme's desk."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import notifications, tasks
from matchmaker.accounts.models import Account
from matchmaker.notifications import Recipient
from matchmaker.organisations.models import Membership, MembershipRole, Organisation
from matchmaker.organisations.services.people import speaking
from matchmaker.tasks import TaskKind
from matchmaker.tasks.services import settle


def owners(session: Session, organisation_id: int) -> list[Account]:
    """Of a group of firms those of the firm that coordinates it."""
    query = select(Account).join(Membership, Membership.account_id == Account.id)
    owning = (
        speaking(Membership.organisation_id, organisation_id),
        Membership.role == MembershipRole.OWNER,
    )
    return list(session.scalars(query.where(*owning).order_by(Account.id)))


def recipient(account: Account) -> Recipient:
    return Recipient(account.id, account.email, account.language)


def tell_owners(session: Session, organisation: Organisation, kind: str, **facts: Any) -> None:
    facts = {"name": organisation.name, "path": f"/organisations/{organisation.public_id}"} | facts
    for account in owners(session, organisation.id):
        notifications.queue(session, recipient(account), kind, facts)


def tell_account(session: Session, account: Account, kind: str, **facts: Any) -> None:
    notifications.queue(session, recipient(account), kind, facts)


def open_task(session: Session, organisation: Organisation, kind: TaskKind) -> None:
    tasks.open(
        session,
        kind,
        "organisation",
        organisation.id,
        province=organisation.province,
        organisation_id=organisation.id,
    )


def settle_task(session: Session, organisation: Organisation, kind: TaskKind) -> None:
    settle(session, kind, "organisation", organisation.id)
