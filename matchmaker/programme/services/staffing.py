"""Who works for the programme, made and changed by administrators; nobody changes themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.access import StaffScope, scope_of
from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.accounts.services import codes, identities, sign_up, staff
from matchmaker.accounts.services.identities import EMAIL, Identity
from matchmaker.errors import MatchmakerError, NotAllowed
from matchmaker.extensions import clock
from matchmaker.vocabulary.places import current


class OwnRoleError(MatchmakerError):
    """Nobody gives themselves a role, takes one away or widens their own scope."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role and what it reaches."""

    role: StaffRole | None
    scope: Scope = Scope.ALL
    values: tuple[Any, ...] = ()

    @property
    def reach(self) -> StaffScope:
        if self.scope is Scope.ALL:
            return StaffScope(everything=True)
        if self.scope is Scope.PROVINCE:
            return StaffScope(False, frozenset(current(str(code)) for code in self.values))
        return StaffScope(False, introducer_ids=frozenset(int(value) for value in self.values))


@dataclass(frozen=True, slots=True)
class Appointed:
    account: Account
    #: Opens a new account for the first time; shown once.
    code: str | None


def staff_accounts(session: Session, by: Account) -> Sequence[Account]:
    """Those an administrator may change, and the administrator."""
    query = select(Account).where(Account.staff_role.is_not(None))
    rows = session.scalars(query.order_by(Account.name, Account.id))
    return [row for row in rows if row.id == by.id or within(scope_of(by), _scope(row))]


def appoint(session: Session, by: Account, identity: Identity, name: str, post: Post) -> Appointed:
    """Give a post to whoever signs in with this; makes the account when there is none."""
    account = identities.find_account(session, identity)
    code = None
    if account is None:
        account = sign_up.make_account(
            session, identity, name=name, hashed_password=None, language=by.language
        )
        # The administrator vouches for the address, as at the keyboard.
        account.confirmed_at = clock.now() if identity.kind == EMAIL else None
        code = codes.make_printed(session, account, made_by_id=by.id)
    change(session, by, account, post)
    return Appointed(account, code)


def change(session: Session, by: Account, account: Account, post: Post) -> None:
    """Within the administrator's own scope, before and after."""
    _may_change(by, account)
    if post.role is not None and not within(scope_of(by), post.reach):
        raise NotAllowed("the scope reaches further than the administrator's own")
    staff.set_role(
        session, account, post.role, scope=post.scope, scope_values=post.values, by_id=by.id
    )


def stop(session: Session, by: Account, account: Account) -> None:
    _may_change(by, account)
    staff.suspend(session, account, by_id=by.id)


def resume(session: Session, by: Account, account: Account) -> None:
    _may_change(by, account)
    staff.resume(session, account, by_id=by.id)


def within(outer: StaffScope, inner: StaffScope) -> bool:
    """Whether all that `inner` reaches is reached by `outer`."""
    if outer.everything:
        return True
    return (
        not inner.everything
        and inner.provinces <= outer.provinces
        and inner.introducer_ids <= outer.introducer_ids
    )


def _may_change(by: Account, account: Account) -> None:
    if by.id == account.id:
        raise OwnRoleError
    if by.staff_role is not StaffRole.ADMIN:
        raise NotAllowed("only an administrator")
    if account.staff_role is not None and not within(scope_of(by), _scope(account)):
        raise NotAllowed("the other's scope reaches further")


def _scope(account: Account) -> StaffScope:
    """Also of somebody who is stopped."""
    return Post(account.staff_role, account.scope, tuple(account.scope_values)).reach
