"""Programme staff, and accounts that staff make or stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from matchmaker import audit, tasks
from matchmaker.accounts.models import ACTING, Account, Scope, StaffRole
from matchmaker.accounts.services import codes, sessions


def has_demo_accounts(session: Session) -> bool:
    """True when an account with a password that everybody knows could sign in."""
    query = select(Account.id).where(Account.is_demo.is_(True), Account.active.is_(True)).limit(1)
    return session.scalar(query) is not None


def set_role(
    session: Session,
    account: Account,
    role: StaffRole | None,
    *,
    scope: Scope = Scope.ALL,
    scope_values: Sequence[Any] = (),
    by_id: int | None = None,
) -> None:
    """Make, change or end a staff role; the account's sessions end, so that it binds at once.

    Open tasks that the role does not reach are nobody's again.
    """
    account.staff_role, account.scope = role, scope
    account.scope_values = list(scope_values)
    tasks.hand_over(session, account.id, None, _out_of_reach(account))
    sessions.end_all(session, account.id)
    audit.record(
        session,
        "accounts.role_changed",
        account_id=by_id,
        subject="account",
        subject_id=account.id,
        code=role or "none",
    )


def _out_of_reach(account: Account) -> ColumnElement[bool]:
    if account.staff_role not in ACTING:
        return true()
    if account.scope is Scope.PROVINCE:
        return tasks.Task.province.is_(None) | tasks.Task.province.not_in(account.scope_values)
    return false() if account.scope is Scope.ALL else true()


def suspend(session: Session, account: Account, *, by_id: int | None) -> None:
    account.active = False
    tasks.hand_over(session, account.id, None, true())
    sessions.end_all(session, account.id)
    codes.void(session, account.id)
    _record(session, account, "accounts.suspended", by_id)


def resume(session: Session, account: Account, *, by_id: int | None) -> None:
    """Let a suspended account sign in again; an erased one stays closed."""
    if account.erased_at is None:
        account.active = True
        _record(session, account, "accounts.resumed", by_id)


def _record(session: Session, account: Account, event: str, by_id: int | None) -> None:
    audit.record(session, event, account_id=by_id, subject="account", subject_id=account.id)
