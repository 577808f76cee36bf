"""Who belongs to an organisation: an owner always stays."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Account
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import (
    JoinRequest,
    JoinState,
    Membership,
    MembershipRole,
    Organisation,
)
from matchmaker.organisations.services import notice
from matchmaker.organisations.services.consortium_standing import is_group
from matchmaker.organisations.services.errors import AlreadyMemberError, LastOwnerError
from matchmaker.tasks import TaskKind


def membership_of(session: Session, account_id: int, organisation_id: int) -> Membership | None:
    return session.scalar(
        select(Membership).where(
            Membership.account_id == account_id, Membership.organisation_id == organisation_id
        )
    )


def members(session: Session, organisation: Organisation) -> list[Membership]:
    """Owners first, then by when they came."""
    query = select(Membership).where(Membership.organisation_id == organisation.id)
    rows = session.scalars(query.order_by(Membership.id)).all()
    return sorted(rows, key=lambda row: row.role is not MembershipRole.OWNER)


def add_member(
    session: Session,
    organisation: Organisation,
    by: int | None,
    account_id: int,
    role: MembershipRole = MembershipRole.MEMBER,
) -> Membership:
    _has_people(session, organisation.id)
    if membership_of(session, account_id, organisation.id) is not None:
        raise AlreadyMemberError
    row = Membership(account_id=account_id, organisation_id=organisation.id, role=role)
    session.add(row)
    session.flush()
    record(session, "membership.added", by, row)
    notice.tell_account(
        session,
        row.account,
        "member.added",
        name=organisation.name,
        path=f"/organisations/{organisation.public_id}",
    )
    return row


def _has_people(session: Session, organisation_id: int) -> None:
    """A group of firms has none: who spoke for it once would keep the power past a hand-over."""
    if is_group(session, organisation_id):
        raise WrongState("the people of the firm that coordinates a group act for it")


def change_role(session: Session, membership: Membership, by: int, role: MembershipRole) -> None:
    if membership.role is role:
        return
    if membership.role is MembershipRole.OWNER:
        lock_all(session, membership.organisation_id)
        if not other_owners(session, membership):
            raise LastOwnerError
    membership.role = role
    record(session, "membership.changed", by, membership)


def ask_to_join(session: Session, organisation: Organisation, account_id: int) -> JoinRequest:
    """Tell the owners that somebody says they belong here; asking twice is asking once."""
    _has_people(session, organisation.id)
    if membership_of(session, account_id, organisation.id) is not None:
        raise AlreadyMemberError
    found = _join_of(session, account_id, organisation.id)
    if found is not None:
        return found
    asked = JoinRequest(account_id=account_id, organisation_id=organisation.id)
    session.add(asked)
    session.flush()
    _tell_of_join(session, organisation)
    return asked


def invite(session: Session, organisation: Organisation, by: int, account: Account) -> None:
    """Ask somebody who has an account; nothing changes for them until they say yes."""
    _has_people(session, organisation.id)
    if membership_of(session, account.id, organisation.id) is not None:
        return
    found = _join_of(session, account.id, organisation.id)
    if found is None:
        found = JoinRequest(account_id=account.id, organisation_id=organisation.id)
        session.add(found)
    found.state, found.answered_by_id = JoinState.INVITED, by
    session.flush()
    path = f"/organisations/{organisation.public_id}/invitation"
    notice.tell_account(session, account, "member.invited", name=organisation.name, path=path)


def invitation(session: Session, account_id: int, organisation_id: int) -> JoinRequest | None:
    found = _join_of(session, account_id, organisation_id)
    return found if found is not None and found.state is JoinState.INVITED else None


def accept_invitation(session: Session, asked: JoinRequest) -> None:
    if asked.state is not JoinState.INVITED:
        raise WrongState
    asked.state, asked.answered_at = JoinState.ACCEPTED, clock.now()
    if membership_of(session, asked.account_id, asked.organisation_id) is None:
        add_member(session, asked.organisation, asked.account_id, asked.account_id)


def _join_of(session: Session, account_id: int, organisation_id: int) -> JoinRequest | None:
    return session.scalar(
        select(JoinRequest).where(
            JoinRequest.account_id == account_id, JoinRequest.organisation_id == organisation_id
        )
    )


def open_join_requests(session: Session, organisation: Organisation) -> list[JoinRequest]:
    query = select(JoinRequest).where(
        JoinRequest.organisation_id == organisation.id, JoinRequest.state == JoinState.ASKED
    )
    return list(session.scalars(query.order_by(JoinRequest.id)))


def answer_join(session: Session, asked: JoinRequest, by: int, accept: bool) -> None:
    if asked.state is not JoinState.ASKED:
        raise WrongState
    asked.state = JoinState.ACCEPTED if accept else JoinState.REFUSED
    asked.answered_at, asked.answered_by_id = clock.now(), by
    if accept and membership_of(session, asked.account_id, asked.organisation_id) is None:
        add_member(session, asked.organisation, by, asked.account_id)


def _tell_of_join(session: Session, organisation: Organisation) -> None:
    """Its owners, or the programme where nobody signs in for it."""
    if notice.owners(session, organisation.id):
        notice.tell_owners(
            session,
            organisation,
            "member.asks",
            path=f"/organisations/{organisation.public_id}/members",
        )
        return
    notice.open_task(session, organisation, TaskKind.NOBODY_HOME)


def lock_all(session: Session, organisation_id: int) -> None:
    """Every row, in id order: of two owners who leave at once not both pass."""
    rows = select(Membership.id).where(Membership.organisation_id == organisation_id)
    session.scalars(rows.order_by(Membership.id).with_for_update()).all()


def other_owners(session: Session, row: Membership) -> bool:
    others = select(Membership.id).where(
        Membership.organisation_id == row.organisation_id,
        Membership.role == MembershipRole.OWNER,
        Membership.id != row.id,
    )
    return session.scalar(others.limit(1)) is not None


def record(session: Session, event: str, by: int | None, row: Membership) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="membership",
        subject_id=row.id,
        organisation_id=row.organisation_id,
        code=row.role,
    )
