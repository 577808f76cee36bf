"""Getting in: what a typed identity stands for, and the steps after a right password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.accounts.models import Account, CodeKind
from matchmaker.accounts.services import codes, identities, mails, passwords, sessions, sign_up
from matchmaker.accounts.services.identities import BadIdentityError, Identity


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whom a password would prove; to check nobody's takes as long."""

    identity: Identity | None
    account_id: int | None = None
    public_id: str = ""
    claim_id: int | None = None
    hashed: str | None = None


def credentials(session: Session, typed: str, country: str) -> Credentials:
    try:
        identity = identities.parse(typed, country)
    except BadIdentityError:
        return Credentials(None)
    account = identities.find_account(session, identity)
    claim = sign_up.open_claim(session, identity)
    if account is not None:
        hashed = account.password if account.active else None
        return Credentials(identity, account.id, account.public_id, None, hashed)
    if claim is not None:
        return Credentials(identity, None, "", claim.id, claim.password)
    return Credentials(identity)


def let_in(session: Session, found: Credentials, *, user_agent: str) -> tuple[Account, str] | None:
    """After the right password: the account and the token of a new session, whole or half open."""
    if found.claim_id is not None:
        account = sign_up.prove(session, found.claim_id)
    else:
        account = session.get(Account, found.account_id)
    # Between the check and now the password may have changed or the account been suspended.
    if account is None or not account.active or account.password != found.hashed:
        return None
    token = sessions.begin(session, account, user_agent=user_agent)
    note(session, account, "accounts.password_given" if account.needs_second_factor else "")
    return account, token


def note(session: Session, account: Account, event: str = "") -> None:
    audit.record(
        session,
        event or "accounts.signed_in",
        account_id=account.id,
        subject="account",
        subject_id=account.id,
    )


def ask_reset(session: Session, found: Credentials) -> None:
    """Queue a link for an account with an address; everybody else gets the same answer."""
    account = session.get(Account, found.account_id) if found.account_id else None
    if account is None or not account.active or not account.email:
        return
    code = codes.make_link(session, account, CodeKind.RESET)
    mails.queue_link(session, account, code, "reset")


def set_password(session: Session, account: Account, hashed: str) -> None:
    """A new password ends every session and every way in that stood open."""
    account.password = hashed
    sessions.end_all(session, account.id)
    codes.void(session, account.id)
    note(session, account, "accounts.password_changed")
    mails.queue_told(session, account, "password")


def right_password(hashed: str | None, typed: str) -> bool:
    return passwords.verify(typed, hashed)
