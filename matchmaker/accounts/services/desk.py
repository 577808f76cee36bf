"""Staff help people who cannot help themselves by mail: accounts and codes on paper."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.access import has_role, scope_of
from matchmaker.accounts.models import Account, StaffRole
from matchmaker.accounts.services import codes, identities, sign_up
from matchmaker.accounts.services.identities import Identity
from matchmaker.errors import NotAllowed

Rule = Callable[[Session, Account, Account], bool]
#: Upper rooms say whether a person is within the scope of a member of staff.
rules: list[Rule] = []


def may_help(session: Session, helper: Account, person: Account) -> bool:
    """Officers help people in their scope; only administrators of all help other staff."""
    if not has_role(helper, StaffRole.OFFICER) or person.erased_at is not None:
        return False
    if person.id == helper.id:
        return False
    everything = scope_of(helper).everything
    if person.is_staff:
        return everything and has_role(helper, StaffRole.ADMIN)
    return everything or any(rule(session, helper, person) for rule in rules)


def person_by_identity(session: Session, helper: Account, identity: Identity) -> Account | None:
    found = identities.find_account(session, identity)
    return found if found is not None and may_help(session, helper, found) else None


def person(session: Session, helper: Account, public_id: str) -> Account | None:
    found = session.scalar(select(Account).where(Account.public_id == public_id))
    return found if found is not None and may_help(session, helper, found) else None


def make_person(
    session: Session, helper: Account, identity: Identity, *, name: str, language: str
) -> Account | None:
    """An account without a password, for a printed code; None when the identity is taken."""
    if identities.is_taken(session, identity):
        return None
    try:
        return sign_up.make_account(
            session,
            identity,
            name=name,
            hashed_password=None,
            language=language,
            made_by_id=helper.id,
        )
    except sign_up.IdentityTakenError:
        return None


def print_code(session: Session, helper: Account, person: Account) -> str:
    """For somebody who forgot the password and has no mail."""
    if not may_help(session, helper, person) or not person.active:
        raise NotAllowed
    return first_code(session, helper, person)


def first_code(session: Session, helper: Account, person: Account) -> str:
    """For an account that the helper has just made, which no scope names yet."""
    audit.record(
        session,
        "accounts.code_printed",
        account_id=helper.id,
        subject="account",
        subject_id=person.id,
    )
    return codes.make_printed(session, person, made_by_id=helper.id)
